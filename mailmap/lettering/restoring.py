"""Text in an old alphabet, recognised by its syllables and read as Unicode, line by line.

Promises:  text that reads as Vietnamese only in an old alphabet comes back in Unicode (NFC), with the alphabet's name;
           lines that are good as they are stay as they are, letter for letter. ASCII and good UTF-8 cost one search.
Never:     changes Vietnamese, English, French or German that is right; never takes more than linear time.
Fails:     never: what no alphabet explains is returned unchanged.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice

from mailmap.lettering.alphabets import ALPHABETS, TCVN3, Alphabet
from mailmap.lettering.capitals import capitalised, with_openings
from mailmap.lettering.evidence import BEYOND, PLAIN, Word, evidence, judged, spans

MAX_TEXT = 262_144  # characters that are read; what lies beyond stays
MAX_SAMPLE = 100  # suspect lines that are looked at to find the alphabet of a text
MORE = 60  # ten times what must speak for a second alphabet: what the first left is little and odd
MAX_SHORT = 1_000  # characters of a text that is looked at even when nothing in it is suspect
ROUNDS = 3  # a mail may quote answers in several alphabets

# The octets of Windows-1252 that Unicode has elsewhere, as the octets they are.
UNDEFINED = b"\x81\x8d\x8f\x90\x9d"
OCTETS = {ord(bytes([octet]).decode("cp1252")): octet for octet in range(0x80, 0xA0) if octet not in UNDEFINED}
HIGH = "".join(map(chr, OCTETS))
LETTERS = "ˆ‰Š‹ŒŽ˜š›œžŸƒ†‡"  # of those, the ones that are no ordinary punctuation
SIGNS = f"\x80-\x9f¡-¿ÄÅÆÇËÎÏÐÑÖ×ØÛÜÞßäåæçëîïðñö÷øûüþÿ{LETTERS}"
# Good Vietnamese never has one of these beside a letter without marks, nor behind the first octet of a UTF-8 letter.
SUSPECT = re.compile(f"[A-Za-z][{SIGNS}]|[{SIGNS}][A-Za-z]|[ÃÂÄÅÆ][\x80-\xbf{HIGH}]|á[º»]|â€")
# Without one of these a text is not suspect; asking for that first takes a tenth of the time.
TELLING = re.compile(f"[{SIGNS}]")
IN_TEXT, IN_MARKUP = re.compile(r"(\n)"), re.compile(r"(\n|<[^<>\n]{1,1000}>)")
# A letter alone is read when it is a word: ở, ô, à, ý. A sign alone (©, ®, «) mostly is what it is.
ALONE = frozenset("ởôàáýổạảúđ")
SIGNS_ALONE = frozenset("©®§°")
DIGITS = tuple("0123456789")


@dataclass(frozen=True, slots=True)
class Restored:
    """The text and the names of the alphabets it was read in, () when it is unchanged."""

    text: str
    alphabets: tuple[str, ...]


def restored(text: str, octets: str | None = None) -> Restored:
    """The text in Unicode. ``octets`` is the same text with each octet as U+0000 to U+00FF, where that is known."""
    if text.isascii() or (octets is None and not _suspect(text)):
        return Restored(text, ())
    stored = text.translate(OCTETS) if octets is None or len(octets) != len(text) else octets
    text, beyond = text[:MAX_TEXT], text[MAX_TEXT:]
    names: list[str] = []
    stored = stored[:MAX_TEXT]
    for turn in range(ROUNDS):
        lines = list(zip(_pieces(text), _pieces(stored), strict=True))
        alphabet = _alphabet(lines, MORE if turn else 0)
        if alphabet is None:
            break
        names.append(alphabet.name)
        read = "".join(_line(shown, held, alphabet) for shown, held in lines)
        text = with_openings(read, text) if alphabet.caseless else read
        stored = text.translate(OCTETS)
    return Restored(text + beyond, tuple(dict.fromkeys(names)))


def _suspect(text: str) -> bool:
    if TELLING.search(text) and SUSPECT.search(text):
        return True
    return len(text) <= MAX_SHORT and BEYOND.search(text) is None


def _pieces(text: str) -> list[str]:
    """The lines of a text; of markup, what stands between two tags, so that style sheets do not outweigh words."""
    return (IN_MARKUP if "</" in text else IN_TEXT).split(text)


def _alphabet(lines: list[tuple[str, str]], least: int) -> Alphabet | None:
    """The alphabet that most speaks for in the lines that are surely in it; None when that is too little."""
    told: Counter[int] = Counter()
    looked = list(islice(((shown, held) for shown, held in lines if _looks(shown, held)), MAX_SAMPLE))
    for shown, held in looked:
        for place, alphabet in enumerate(ALPHABETS):
            found = evidence(shown, held, alphabet)
            if found.sure:
                told[place] += round(10 * (found.speaking - found.against))
    best = max(told.values(), default=0)
    likely = [ALPHABETS[place] for place in sorted(told) if told[place] == best]
    if [alphabet.name for alphabet in likely] == ["TCVN3", "TCVN 5712"]:  # alike but for capitals: a line that may be
        looked = [line for line in looked if evidence(*line, TCVN3).sure]  # good as it is cannot tell them apart
    return likely[0] if best > least and _agree(likely, looked) else None


def _looks(shown: str, held: str) -> bool:
    """Whether a line is worth a look: it is suspect, or it is known which octets it was."""
    return not shown.isascii() and (_suspect(shown) or _suspect(held))


def _agree(alphabets: list[Alphabet], lines: list[tuple[str, str]]) -> bool:
    """Whether alphabets that are equally likely read the same: what two read differently, nobody can tell."""
    readings = ([_line(shown, held, one) for shown, held in lines] for one in alphabets)
    first = next(readings)
    return all(other == first for other in readings)


def _line(shown: str, stored: str, alphabet: Alphabet) -> str:
    """The line in Unicode when it is in the alphabet, else as it stands."""
    if not _looks(shown, stored):
        return shown
    found = evidence(shown, stored, alphabet)
    if not (found.sure or found.fits):
        return shown
    mixed = BEYOND.search(stored) is not None
    parts: list[str] = []
    read: list[tuple[int, int]] = []
    behind = length = 0
    for start, end in spans(stored, alphabet):
        word = stored[start:end]
        price = word == "®" and stored[:start].rstrip().endswith(DIGITS)
        short = stored[end : end + 1] == "/" and alphabet.read(word).lower() == "đ"  # đ/c, đ/k
        if not (price or short or _in_it(shown[start:end], word, alphabet, mixed=mixed)):
            continue
        parts += [shown[behind:start], alphabet.read(word)]
        length += start - behind
        read.append((length, length + len(parts[-1])))
        length += len(parts[-1])
        behind = end
    line = "".join([*parts, shown[behind:]])
    return capitalised(line, read) if alphabet.caseless else line


def _in_it(shown: str, stored: str, alphabet: Alphabet, *, mixed: bool) -> bool:
    """Whether a word of a line that is in the alphabet is to be read; in a line with Unicode, only the surest."""
    if PLAIN.fullmatch(stored) and PLAIN.fullmatch(shown):
        return False
    if len(stored) == 1:
        return stored not in SIGNS_ALONE and alphabet.read(stored).lower() in ALONE
    if mixed:
        return judged(shown, stored, alphabet) in {Word.FREQUENT, Word.GAINED}
    return True
