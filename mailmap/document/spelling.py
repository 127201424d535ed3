"""Vietnamese spellings: one text however it was typed, and words that can be compared.

Promises:  ``tidy`` gives NFC with one Đ, one kind of dash, slash and space, and Latin letters for the Cyrillic and
           Greek ones that look like them; ``words`` keeps each word's place in the text. Two words sound the same
           whatever the place of their tone mark (hoà, hòa), and look the same when typed without marks (hoa).
Never:     takes "nhắn" for "nhận": a word typed with marks is compared with its marks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_FOREIGN = "АВЕКМНОРСТУХаеорсухІіΑΒΕΖΗΙΚΜΝΟΡΤΥΧ"  # Cyrillic and Greek, as these look:
_LATIN = "ABEKMHOPCTYXaeopcyxIiABEZHIKMNOPTYX"
_ODD = str.maketrans(
    dict(zip(_FOREIGN, _LATIN, strict=True))
    | {
        "Ð": "Đ", "Ɖ": "Đ", "ð": "đ", "ɖ": "đ",  # look-alikes that code pages and fonts brought
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-",
        "⁄": "/", "∕": "/", "／": "/", "：": ":",
        "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\t": " ", "\r": "\n",
        "\u200b": None, "\u200c": None, "\u200d": None, "\ufeff": None, "\u00ad": None,
    },
)  # fmt: skip
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_BEFORE_Y = frozenset("hklmst")
_WORD = re.compile(r"[^\W_]+")


def tidy(text: str) -> str:
    """NFC, with one spelling of Đ, dashes, slashes and spaces; line breaks stay."""
    one = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).translate(_ODD))
    return re.sub(r" {2,}", " ", one)


class _Bare(dict[int, str]):
    """The bare letter of each character, worked out once."""

    def __missing__(self, point: int) -> str:
        lower = chr(point).lower()[:1]
        bare = "d" if lower == "đ" else unicodedata.normalize("NFD", lower)[:1]
        return self.setdefault(point, bare)


_BARE = _Bare()


def plain(text: str) -> str:
    """Lower case without marks, one character for each: places in it are places in the (NFC) text."""
    return text.translate(_BARE)


def sound(word: str) -> str:
    """The word with its tone named at the end, so that 'hoà' and 'hòa', 'lý' and 'lí' are one."""
    parts = unicodedata.normalize("NFD", word.lower())
    tones = "".join(mark for mark in parts if mark in _TONES)
    body = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in _TONES))
    return _ending(body) + tones


def _ending(word: str) -> str:
    """A syllable is written with i or y at its end as one likes: lý, lí; kỹ, kĩ (but not "thuy" for "thui")."""
    return f"{word[:-1]}i" if word.endswith("y") and word[-2:-1] in _BEFORE_Y else word


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text and its place there; ``marked`` says that it was typed with Vietnamese letters.

    ``plain`` is without marks, and ends in i where i and y are the same.
    """

    text: str
    start: int
    end: int
    plain: str
    marked: bool


def words(text: str) -> tuple[Word, ...]:
    """The words (letters and digits) of a tidy text, in order."""
    folded = plain(text)
    places = (found.span() for found in _WORD.finditer(text))
    return tuple(Word(text[a:z], a, z, _ending(folded[a:z]), not text[a:z].isascii()) for a, z in places)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase to look for, prepared once."""

    sounds: tuple[str, ...]
    plains: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Phrase:
        """The phrase of these words; '' gives a phrase that is found nowhere."""
        told = words(tidy(text))
        return cls(tuple(sound(word.text) for word in told), tuple(word.plain for word in told))

    def __len__(self) -> int:
        return len(self.plains)

    def starts_at(self, text: Sequence[Word], place: int) -> bool:
        """Whether it stands at that word: with its marks when any were typed there, without when none were."""
        if not self.plains or place + len(self) > len(text) or text[place].plain != self.plains[0]:
            return False
        here = text[place : place + len(self)]
        if any(word.plain != wanted for word, wanted in zip(here, self.plains, strict=True)):
            return False
        marked = any(word.marked for word in here)
        return not marked or all(sound(word.text) == wanted for word, wanted in zip(here, self.sounds, strict=True))

    def places(self, text: Sequence[Word]) -> Iterator[int]:
        """Every word at which it stands."""
        first = self.plains[0] if self.plains else ""
        return (place for place, word in enumerate(text) if word.plain == first and self.starts_at(text, place))
