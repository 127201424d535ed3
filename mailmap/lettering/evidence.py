"""What the words of one line say about one alphabet.

Promises:  counts, never an opinion of the whole text; a word counts when it has letters beyond ASCII, plain words only
           as company. Tags, entities, addresses, links and endings of file names say nothing.
Never:     looks beyond ``MAX_LINE`` characters of a line.
Fails:     never.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum, auto
from functools import lru_cache

from mailmap.lettering.alphabets import Alphabet
from mailmap.lettering.frequent import FREQUENT
from mailmap.lettering.syllable import is_syllable, spells

MAX_LINE = 4_000
LONGEST = 24  # characters of a word that can be a syllable in any alphabet

PLAIN = re.compile(r"[ -~]*")
BEYOND = re.compile("[^\x00-\xff]")
SILENT = re.compile(
    r"<[^<>\n]{1,1000}>|&#?\w{1,8};|[\w.+-]{1,64}@[\w.-]+|https?://[!-~]+|www\.[!-~]+"
    r"|(?<=[^\s.])\.(?:[A-Za-z]{2,4}|docx|xlsx|html)\b"
)
# Foreign words that stand in Vietnamese letters every day.
LOANS = frozenset("web website email mail file fax scan internet online word excel zalo google link logo video".split())  # noqa: SIM905  reads better
ABBREVIATIONS = frozenset({"QĐ", "NĐ", "HĐND", "HĐ", "CĐ", "TĐ", "GĐ", "BCĐ", "LĐ", "ĐT"})
MARKS = re.compile(r"[<&@/.]")


class Word(StrEnum):
    """What one word says: a syllable only in the alphabet (often met, or not), only as it stands, both, neither."""

    FREQUENT = auto()
    GAINED = auto()
    LOST = auto()
    KEPT = auto()
    STRANGE = auto()
    NATIVE = auto()  # a plain word that is a syllable
    FOREIGN = auto()  # a plain word that is none
    SILENT = auto()


@dataclass(frozen=True, slots=True)
class Evidence:
    """How many words say what; ``distinct`` counts different words that are syllables only in the alphabet."""

    counts: Counter[Word]
    distinct: int
    long: bool  # whether one of them has three letters or more

    @property
    def speaking(self) -> float:
        """How much speaks for the alphabet."""
        return self.gained + self.counts[Word.FREQUENT] + self.counts[Word.KEPT] / 2

    @property
    def gained(self) -> int:
        """How many words are syllables only in the alphabet."""
        return self.counts[Word.FREQUENT] + self.counts[Word.GAINED]

    @property
    def against(self) -> float:
        """How much speaks for the text as it stands."""
        return 2 * self.counts[Word.LOST] + 2 * self.counts[Word.STRANGE] + self.counts[Word.FOREIGN] / 2

    @property
    def sure(self) -> bool:
        """Whether the line by itself is in the alphabet."""
        if self.distinct > 1:
            return self.speaking > self.against
        company = self.counts[Word.KEPT] + self.counts[Word.NATIVE]
        if not self.gained or self.against:
            return False
        if self.counts[Word.FREQUENT]:
            return self.long or company > 0
        return self.long and company > 1

    @property
    def fits(self) -> bool:
        """Whether the line may be, when others of the text surely are."""
        return self.gained + self.counts[Word.KEPT] > 0 and self.speaking >= self.against


def evidence(shown: str, stored: str, alphabet: Alphabet) -> Evidence:
    """What a line says: as it is shown, and as its octets are held (U+0000 to U+00FF each)."""
    counts: Counter[Word] = Counter()
    gained: set[str] = set()
    for start, end in spans(stored[:MAX_LINE], alphabet):
        short = end - start <= LONGEST
        verdict = judged(shown[start:end], stored[start:end], alphabet) if short else Word.STRANGE
        counts[verdict] += 1
        if verdict in {Word.FREQUENT, Word.GAINED}:
            gained.add(stored[start:end])
    return Evidence(counts, len(gained), any(len(word) > 2 for word in gained))  # noqa: PLR2004  see ``Evidence.long``


def spans(stored: str, alphabet: Alphabet) -> list[tuple[int, int]]:
    """Where the words of a line stand."""
    if MARKS.search(stored):
        stored = SILENT.sub(lambda found: " " * len(found[0]), stored)
    return [found.span() for found in alphabet.word.finditer(stored)]


@lru_cache(maxsize=16_384)
def judged(shown: str, stored: str, alphabet: Alphabet) -> Word:
    """What one word says."""
    if PLAIN.fullmatch(shown) and PLAIN.fullmatch(stored):
        return _plain(stored)
    if len(stored) == 1 or BEYOND.search(stored):
        return Word.SILENT
    read = _read(stored, alphabet)
    if is_syllable(unicodedata.normalize("NFC", shown)):
        return Word.KEPT if read else Word.LOST
    return read or (Word.SILENT if _abbreviates(stored, alphabet) else Word.STRANGE)


def _abbreviates(stored: str, alphabet: Alphabet) -> bool:
    """Whether a word is capitals and Đ in the alphabet: BGD§T, L§TBXH."""
    read = alphabet.read(stored)
    return "Đ" in read and read.replace("Đ", "D").isascii() and read.isupper()


def _plain(word: str) -> Word:
    if len(word) == 1 or word.isupper() or word.lower() in LOANS:  # capitals are an abbreviation
        return Word.SILENT
    return Word.NATIVE if spells(word.lower()) else Word.FOREIGN


def _read(stored: str, alphabet: Alphabet) -> Word | None:
    """Whether a word is a syllable in the alphabet, and one that is often met, or an abbreviation."""
    word = alphabet.read(stored)
    if word in ABBREVIATIONS:  # Ð also stands for Đ in texts that are no VISCII
        return Word.KEPT if "Ð" in stored else Word.FREQUENT
    if not (spells(word.lower()) if alphabet.caseless else is_syllable(word)):
        return None
    return Word.FREQUENT if word.lower() in FREQUENT else Word.GAINED
