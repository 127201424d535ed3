"""The lines of one text as they are shown and as they are compared.

Promises:  each line without blanks at its end and without unseen characters; beside it the same in lower case, composed
           and without marks, so that "Đã gửi", "DA GUI" and the same in NFD are one spelling.
Never:     folds more than ``MAX_LINES`` lines or more than ``MAX_LINE`` characters of one: what is longer is text.
Fails:     never.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from mailmap.document.spelling import plain

MAX_LINES = 5_000  # lines that are looked at; what stands below them counts as new
MAX_LINE = 500  # a longer line is text
UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
SPACES = re.compile("[ \t\u00a0\u202f\u2007-\u200a]+")


@dataclass(frozen=True, slots=True)
class Page:
    """All lines as shown; the first ``MAX_LINES`` of them folded."""

    lines: Sequence[str]
    folded: Sequence[str]

    def composed(self, number: int) -> str:
        """The line with its capitals and marks, in NFC: the folded one has its letters at the same places."""
        return compose(self.lines[number][:MAX_LINE])

    def next_words(self, number: int, reach: int) -> str:
        """The first folded line with words from this number on, if it is near; else nothing."""
        return next((line for line in self.folded[number : number + reach] if line.strip()), "")


def read_page(text: str) -> Page:
    """The page of a text whose lines end in LF or CRLF."""
    lines = [line.rstrip() for line in UNSEEN.sub("", text.replace("\r\n", "\n")).split("\n")]
    return Page(lines, [fold(line[:MAX_LINE]) for line in lines[:MAX_LINES]])


def fold(text: str) -> str:
    """Composed, in lower case, without marks, with single blanks."""
    return plain(compose(text))


def compose(text: str) -> str:
    """In NFC, with single blanks."""
    return SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip(" ")


def pattern(words: str) -> str:
    """Words of a regular expression, folded as the lines are; it may hold no class in capital letters."""
    return plain(unicodedata.normalize("NFC", words))
