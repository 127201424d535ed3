"""Vietnamese syllables: whether a word can be one, by onset, rime, tone and spelling.

Promises:  every syllable of the language as it is spelled today is one, with its tone mark in the old or the new place
           (hoà, hòa), in lower case, with a capital, or in capitals; so are the names with k (Kạn, Lắk).
Never:     asks a dictionary: a syllable that no word has may pass, a foreign word seldom does. A word whose marks were
           left out ("bac" for bắc) is none.
Fails:     never.

Source: Quyết định 240/QĐ of 5 March 1984 of the Ministry of Education (spelling); rimes as dictionaries list them.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import chain

TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
STOPPED = ("\u0301", "\u0323")  # a rime that ends in c, ch, k, p or t bears acute or dot, nothing else
STOPS = ("c", "h", "k", "p", "t")

# Each rime once, without its tone.
RIMES = re.findall(
    r"[^|]+",
    "a|ac|ach|ai|am|an|ang|anh|ao|ap|at|au|ay|ăc|ăk|ăm|ăn|ăng|ăp|ăt|âc|âm|ân|âng|âp|ât|âu|ây|e|ec|em|en|eng|eo|"
    "ep|et|ê|êch|êm|ên|ênh|êp|êt|êu|i|ia|ich|iêc|iêm|iên|iêng|iêp|iêt|iêu|im|in|inh|ip|it|iu|o|oa|oac|oach|oai|"
    "oam|oan|oang|oanh|oao|oap|oat|oay|oăc|oăm|oăn|oăng|oăt|oc|oe|oen|oeo|oet|oi|om|on|ong|ooc|oong|op|ot|ô|ôc|"
    "ôi|ôm|ôn|ông|ôp|ôt|ơ|ơi|ơm|ơn|ơp|ơt|u|ua|uân|uâng|uât|uây|uc|ue|uê|uêch|uên|uênh|ui|um|un|ung|uơ|uôc|uôi|"
    "uôm|uôn|uông|uôt|up|ut|uy|uya|uych|uyên|uyêt|uynh|uyt|uyu|ư|ưa|ưc|ưi|ưm|ưn|ưng|ươc|ươi|ươm|ươn|ương|ươp|ươt|"
    "ươu|ưt|ưu|y|yêm|yên|yêng|yêt|yêu|ynh|yt|ych|yp",
)

ONSET = re.compile(r"(ngh|ng|nh|gh|gi|g|kh|k|ph|qu|th|tr|t|ch|c|b|d|đ|h|l|m|n|r|s|v|x|)(.+)")
BEFORE_FRONT = frozenset({"k", "gh", "ngh"})  # before e, ê, i and y
BEFORE_BACK = frozenset({"c", "g", "ng"})  # before all others
FRONT = frozenset("eêiy")
AFTER_QU = frozenset("aăâeêiyơô")
Y_ALONE = frozenset({"", "h", "k", "l", "m", "s", "t", "v"})


def _stressed(rime: str) -> tuple[int, ...]:
    """Where the tone mark may stand in a rime."""
    marked = [place for place, letter in enumerate(rime) if letter in "ăâêôơư"]
    if marked:
        return (marked[-1] if "ươ" in rime or "uơ" in rime else marked[0],)
    vowels = [place for place, letter in enumerate(rime) if letter in "aeiouy"]
    if rime in {"oa", "oe", "uy", "ue"}:
        return (0, 1)
    if len(vowels) > 2 or (len(vowels) == 2 and vowels[-1] != len(rime) - 1):  # noqa: PLR2004  a glide on each side
        return (1,)
    return (0,)


def _toned(rime: str) -> dict[str, str]:
    """Every toned form of a rime, with the rime."""
    stopped = rime.endswith(STOPS) and not rime.endswith("nh")
    tones = STOPPED if stopped else TONES
    forms = (f"{rime[: at + 1]}{tone}{rime[at + 1 :]}" for tone in tones for at in _stressed(rime))
    return {unicodedata.normalize("NFC", form): rime for form in forms}


TONED: dict[str, str] = dict(chain.from_iterable(_toned(rime).items() for rime in RIMES))


@lru_cache(maxsize=16_384)
def is_syllable(word: str) -> bool:
    """Whether this word (NFC) can be a Vietnamese syllable; its case must be one that people write."""
    return (word.islower() or word.istitle() or word.isupper()) and spells(word.lower())


@lru_cache(maxsize=16_384)
def spells(word: str) -> bool:
    """The same for a word in lower case."""
    found = ONSET.fullmatch(word)
    if found is None:
        return False
    onset, rest = found[1], found[2]
    if _fits(onset, TONED.get(rest)):
        return True
    rime = TONED.get(word[1:], "")
    return word[0] == "g" and rime.startswith("i")  # gì, gìn, giêng: one i for both


def _fits(onset: str, rime: str | None) -> bool:
    """Whether that rime (without its tone) is written behind that onset."""
    if rime is None:
        return False
    if onset == "qu":
        return rime[0] in AFTER_QU
    if rime[0] == "y":
        return onset == "" or (rime == "y" and onset in Y_ALONE)
    if onset in BEFORE_BACK:
        return rime[0] not in FRONT
    if onset in BEFORE_FRONT:
        return rime[0] in FRONT or (onset == "k" and rime[0] in "aăô")
    return True
