"""Vietnamese spellings: one text however it was typed, and words that can be compared.

Promises:  ``tidy`` gives NFC with one Đ, one kind of dash, slash and space; ``words`` keeps each word's place in the
           text. Two words sound the same whatever the place of their tone mark (hoà, hòa), and look the same when typed
           without marks (hoa).
Never:     takes "nhắn" for "nhận": a word typed with marks is compared with its marks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_ODD = str.maketrans(
    {
        "Ð": "Đ", "Ɖ": "Đ", "ð": "đ", "ɖ": "đ",  # look-alikes that code pages and fonts brought
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-",
        "⁄": "/", "∕": "/", "／": "/", "：": ":",
        "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\t": " ", "\r": "\n",
        "\u200b": None, "\u200c": None, "\u200d": None, "\ufeff": None, "\u00ad": None,
    },
)  # fmt: skip
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_WORD = re.compile(r"[^\W_]+")


def tidy(text: str) -> str:
    """NFC, with one spelling of Đ, dashes, slashes and spaces; line breaks stay."""
    one = unicodedata.normalize("NFC", text).translate(_ODD)
    return re.sub(r" {2,}", " ", one)


def plain(text: str) -> str:
    """Lower case without marks, one character for each: places in it are places in the (NFC) text."""
    return "".join(map(_bare, text))


def _bare(letter: str) -> str:
    lower = letter.lower()[:1] or letter
    return "d" if lower == "đ" else unicodedata.normalize("NFD", lower)[:1]


def sound(word: str) -> str:
    """The word with its tone named at the end, so that 'hoà' and 'hòa', 'lý' and 'lí' are one."""
    parts = unicodedata.normalize("NFD", word.lower())
    tones = "".join(mark for mark in parts if mark in _TONES)
    body = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in _TONES))
    ending = re.sub(r"(?<=[hklmst])y$", "i", body)
    return ending + tones


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text and its place there."""

    text: str
    start: int
    end: int

    @property
    def marked(self) -> bool:
        """Whether it was typed with Vietnamese letters."""
        return not self.text.isascii()


def words(text: str) -> tuple[Word, ...]:
    """The words (letters and digits) of a tidy text, in order."""
    return tuple(Word(found[0], found.start(), found.end()) for found in _WORD.finditer(text))


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase to look for, prepared once."""

    sounds: tuple[str, ...]
    plains: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Phrase:
        """The phrase of these words; '' gives a phrase that is found nowhere."""
        each = [found[0] for found in _WORD.finditer(tidy(text))]
        return cls(tuple(map(sound, each)), tuple(map(plain, each)))

    def __len__(self) -> int:
        return len(self.sounds)

    def starts_at(self, text: Sequence[Word], place: int) -> bool:
        """Whether it stands at that word: with its marks when any were typed there, without when none were."""
        here = text[place : place + len(self)]
        if not self.sounds or len(here) < len(self):
            return False
        if any(word.marked for word in here):
            return all(sound(word.text) == wanted for word, wanted in zip(here, self.sounds, strict=True))
        return all(plain(word.text) == wanted for word, wanted in zip(here, self.plains, strict=True))

    def places(self, text: Sequence[Word]) -> Iterator[int]:
        """Every word at which it stands."""
        return (place for place in range(len(text)) if self.starts_at(text, place))
