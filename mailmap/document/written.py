"""Lines of a page made ready for reading a document's form: tidy text, its bare letters, its place.

Promises:  one ``Written`` for each line that says something, in the page's order; what a signing program printed
           upon the page ("Người ký: …", "Thời gian ký: …") is told apart from the document's own lines.
Never:     changes a figure; marks are set right only where the same words stand elsewhere with others, more often.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import SequenceMatcher
from itertools import pairwise

from mailmap.document.page import Box, Line, Origin, Page
from mailmap.document.spelling import plain, sound, tidy, words

UNTOLD = 0.7  # of letters that somebody else recognised, and nobody told how surely
MOTTO_ALIKE = 0.85  # two letters of a word may be wrong
LEGIBLE = 0.45  # below this, recognised letters are noise
FIRST_LINES, LAST_LINES, LONGEST = 300, 100, 400  # a file without pages is one: its head and its end are read

_STAMPED = re.compile(
    r"(?:nguoi ky|ky boi|co quan\s*:|email\s*:|thoi gian ky|gio ky|ky ngay|signature|\+0\d:\d\d|\S+@\S+$)"
    r"|.{0,24}\d\d?[./-]\d\d?[./-]\d{4},?\s+\d\d?:\d\d"
)
_BLANK = re.compile(r"\W")
_MOTTOES = {
    _BLANK.sub("", plain(motto)): [sound(word.text) for word in words(motto)]
    for motto in ("Cộng hòa xã hội chủ nghĩa Việt Nam", "Độc lập - Tự do - Hạnh phúc", "Đảng Cộng sản Việt Nam")
}
_COLUMNS = re.compile(r"\t+| {3,}|\n")
_SIGNED = re.compile(r"(\d\d?)[./-](\d\d?)[./-](\d{4})(?=,?\s+\d\d?:\d\d|$)")


@dataclass(frozen=True, slots=True)
class Written:
    """One line: as ``tidy`` gives it, and without marks; ``across`` is the width of its page in points."""

    text: str
    folded: str
    page: int
    sure: float
    box: Box | None
    bold: bool | None
    across: float
    recognised: bool

    @property
    def legible(self) -> bool:
        """Whether it can be more than dirt: letters that were recognised surely enough, or stored ones."""
        letters = sum(letter.isalpha() for letter in self.text)
        return letters > 2 and (self.sure >= LEGIBLE or any(letter.isdigit() for letter in self.text))  # noqa: PLR2004 specks

    @property
    def capital(self) -> bool:
        """Whether it is written in capitals."""
        letters = [letter for letter in self.text if letter.isalpha()]
        return len(letters) > 1 and sum(letter.isupper() for letter in letters) >= 0.75 * len(letters)


def written(page: Page) -> list[Written]:
    """The lines of a page, without what a signing program printed on it.

    A scanner stores the letters that it recognised like any text; it is found out by a motto that is not spelt right.
    """
    lines = [line for line in _all(page) if not _STAMPED.match(line.folded)]
    mottoes = [line for line in lines if is_motto(line)]
    if all(_spelt(line) for line in mottoes) or page.origin is Origin.OCR:
        return lines
    return [replace(line, recognised=True, sure=min(line.sure, UNTOLD)) for line in lines]


def is_motto(line: Written) -> bool:
    """Whether it is a line of the national or the party's motto."""
    return _like_a_motto(_BLANK.sub("", line.folded))


def _like_a_motto(bare: str) -> bool:
    joined = bare.replace(" ", "")
    near = (motto for motto in _MOTTOES if _may_be(joined, motto))
    return any(likeness(joined, motto) >= MOTTO_ALIKE for motto in near)


def _may_be(joined: str, motto: str) -> bool:
    """Whether two texts are near enough in length, and share letters enough, to be worth a comparison."""
    most = len(motto) - motto.count(" ")
    if 2 * min(len(joined), most) < MOTTO_ALIKE * (len(joined) + most):
        return False
    shared = sum((Counter(joined) & Counter(motto)).values())
    return 2 * shared >= MOTTO_ALIKE * (len(joined) + most)


def _spelt(line: Written) -> bool:
    """Whether the motto bears the right marks and letters."""
    sounds = [sound(word.text) for word in words(line.text)]
    return any(sounds == right for right in _MOTTOES.values())


def signed_days(page: Page) -> frozenset[date]:
    """The days in the stamps of signing programs: a document is never dated after it was signed."""
    lines = _all(page)
    stamps = [line for line in lines if _STAMPED.match(line.folded)]
    days = (_day(found) for line in stamps for found in _SIGNED.finditer(line.folded))
    return frozenset(day for day in days if day)


def _day(found: re.Match[str]) -> date | None:
    try:
        return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        return None


def _all(page: Page) -> list[Written]:
    seen = page.origin is Origin.OCR
    pieces = ((piece, line) for line in _ends(page.lines) for piece in _apart(line))
    tidied = ((" ".join(tidy(piece).split()), line) for piece, line in pieces)
    return [
        Written(text, plain(text), page.number, line.sure, line.box, line.bold, page.width, seen and line.sure < 1)
        for text, line in tidied
        if text
    ]


def _ends(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The first and the last lines of a page, no more than anybody's head and signature take."""
    if len(lines) <= FIRST_LINES + LAST_LINES:
        return lines
    return lines[:FIRST_LINES] + lines[-LAST_LINES:]


def _apart(line: Line) -> list[str]:
    """The text of a line; where there is no layout, wide blanks part its columns."""
    text = line.text[:LONGEST]
    return [text] if line.box else _COLUMNS.split(text)


def likeness(one: str, other: str) -> float:
    """How alike two bare texts are, 0 to 1; spaces do not count."""
    left, right = one.replace(" ", ""), other.replace(" ", "")
    if not left or not right or len(left) > 2 * len(right) or len(right) > 2 * len(left):
        return 0.0
    return SequenceMatcher(None, left, right, autojunk=False).ratio()


def middle(line: Written) -> float:
    """Where the line's middle lies, in points from the left; 0 without layout."""
    return (line.box.left + line.box.right) / 2 if line.box else 0.0


def height(line: Written) -> float:
    """How high the line is, in points; 1 without layout."""
    return max(line.box.bottom - line.box.top, 1.0) if line.box else 1.0


def below(upper: Written, lower: Written) -> float:
    """The gap between two lines, in points; negative where they overlap, 0 without layout."""
    return lower.box.top - upper.box.bottom if upper.box and lower.box else 0.0


class Spelling:
    """How neighbouring words are mostly spelt in a document: recognition errs here and there, not everywhere."""

    def __init__(self, lines: Iterable[Written]) -> None:
        self._pairs: dict[tuple[str, str], Counter[tuple[str, str]]] = {}
        self._names: Counter[tuple[str, str]] = Counter()
        for line in lines:
            told = [word.text for word in words(line.text)]
            for left, right in pairwise(told):
                self._pairs.setdefault((plain(left), plain(right)), Counter())[left.lower(), right.lower()] += 1
                if left.istitle() and right.istitle():
                    self._names[left.lower(), right.lower()] += 1

    def upright(self, text: str) -> str:
        """The text with the marks its words bear elsewhere, where that is clear; capitals and figures stay."""
        told = words(text)
        votes: list[Counter[str]] = [Counter() for _ in told]
        for at, (left, right) in enumerate(pairwise(told)):
            for (one, other), count in self._pairs.get((plain(left.text), plain(right.text)), Counter()).items():
                votes[at][one] += count
                votes[at + 1][other] += count
        out, end = [], 0
        for word, vote in zip(told, votes, strict=True):
            out += [text[end : word.start], _voted(word.text, vote)]
            end = word.end
        return "".join([*out, text[end:]])

    def named(self, text: str) -> str:
        """The text with capitals for two neighbouring words that are a name elsewhere: nam định is Nam Định."""
        told = words(text)
        pairs = zip(range(len(told)), pairwise(told), strict=False)
        names = {at for at, (one, other) in pairs if (one.text.lower(), other.text.lower()) in self._names}
        high = names | {at + 1 for at in names}
        out, end = [], 0
        for at, word in enumerate(told):
            out += [text[end : word.start], word.text[:1].upper() + word.text[1:] if at in high else word.text]
            end = word.end
        return "".join([*out, text[end:]])


def _voted(word: str, vote: Counter[str]) -> str:
    """The spelling most pairs vote for, when it has twice the votes of the one that stands there."""
    best = max(vote, key=lambda each: vote[each], default=word)
    if len(best) != len(word) or best == word.lower() or vote[best] < 2 * max(vote[word.lower()], 1):
        return word
    return "".join(_as(letter, wanted) for letter, wanted in zip(word, best, strict=True))


def _as(letter: str, wanted: str) -> str:
    return wanted.upper() if letter.isupper() and len(wanted.upper()) == 1 else wanted


def sure_of(lines: Sequence[Written]) -> float:
    """How surely lines were recognised, by their lengths; 0 for none."""
    weight = sum(len(line.text) for line in lines)
    return sum(line.sure * len(line.text) for line in lines) / weight if weight else 0.0
