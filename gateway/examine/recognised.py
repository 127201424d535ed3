"""What tesseract found on a page: its table of words, as lines with places.

Promises:  any octets give some lines, at worst none; places are in points on the level page; a line is as sure as its
           letters on average, but no surer than its least sure word with a figure: numbers decide.
           Specks that were taken for letters are left out.
Never:     corrects a word; only Ð, which no Vietnamese word has, becomes the Đ that tesseract saw once or twice there.

Source: tesseract(1), its TSV: level, page, block, paragraph, line, word, left, top, width, height, confidence, text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import mean, median

from gateway.examine.columns import joined, ordered, place
from gateway.examine.twice import agreed
from mailmap.document.page import Box, Line

COLUMNS = 12
WORD = "5"
APART, APART_HERE = 1.3, 2.2  # heights of a line, and usual gaps, between two words of two columns
EDGES = ("|", "[", "]", "—")
STAMP, CLEAR_WORDS = 6, 3  # words of a stamp before a line at most; words of print behind it at least
HARDLY, CLEAR, ALONE = 0.55, 0.80, 0.70
FRACTION = "\u2044"  # tesseract's slash in italics
ETH = re.compile("Đ*Ð[ĐÐ]*")
SPECK = 0.30  # less sure than this, and without a letter or a figure: dirt
MOST_WORDS = 20_000


@dataclass(frozen=True, slots=True)
class Table:
    """What tesseract wrote about a picture of this resolution; ``reach``: how far down it was seen, in points."""

    octets: bytes
    dpi: float
    reach: float = 0.0


@dataclass(frozen=True, slots=True)
class Found:
    """The lines of one page, and how sure its words are on average."""

    lines: tuple[Line, ...]
    sure: float
    words: int


def read_table(table: Table, again: Table | None = None) -> Found:
    """The lines of a page; ``again`` is a second look at its upper part: figures it reads otherwise are doubtful."""
    words = list(_words(table.octets, 72 / table.dpi))
    if again:
        others = [other for _, other in _words(again.octets, 72 / again.dpi)]
        words = [(line, agreed(word, others) if place(word).bottom < again.reach else word) for line, word in words]
    pieces = [
        piece for _, line in groupby(words, key=lambda word: word[0]) for piece in _pieces([word for _, word in line])
    ]
    sure = sum(word.sure for _, word in words) / len(words) if words else 0.0
    return Found(ordered(pieces), round(sure, 3), len(words))


def _words(table: bytes, scale: float) -> Iterator[tuple[tuple[str, ...], Line]]:
    """Each word with the number of its line."""
    for row in table.decode("utf-8", "replace").split("\n")[1:MOST_WORDS]:
        cells = row.split("\t")
        if len(cells) != COLUMNS or cells[0] != WORD or not (text := cells[11].strip()):
            continue
        try:
            left, top, width, height = (int(cell) * scale for cell in cells[6:10])
            sure = max(0.0, min(1.0, float(cells[10]) / 100))
        except ValueError:
            continue
        if sure < SPECK and not any(letter.isalnum() for letter in text):
            continue
        box = Box(round(left, 2), round(top, 2), round(left + width, 2), round(top + height, 2))
        yield (
            tuple(cells[1:5]),
            Line(ETH.sub("Đ", unicodedata.normalize("NFC", text)).replace(FRACTION, "/"), box, sure),
        )


def _pieces(words: Sequence[Line]) -> Iterator[Line]:
    """The words of one line, apart where the gap is wide, where a frame's edge stands, and where a stamp ends."""
    height = median(place(word).bottom - place(word).top for word in words)
    group: list[Line] = []
    limit = min(APART * height, max(APART_HERE * _usual_gap(words), height * 0.7))
    ends = _stamp(words)
    for at, word in enumerate(sorted(words, key=lambda word: place(word).left)):
        wide = bool(group) and place(word).left - place(group[-1]).right > limit
        if group and (wide or at == ends or group[-1].text.endswith(EDGES) or word.text.startswith(EDGES)):
            yield from _level(group, height)
            group = []
        group.append(word)
    yield from _level(group, height)


def _usual_gap(words: Sequence[Line]) -> float:
    """The gap between most neighbours of a line."""
    ranged = sorted(words, key=lambda word: place(word).left)
    return median([place(right).left - place(left).right for left, right in pairwise(ranged)] or [0.0])


def _stamp(words: Sequence[Line]) -> int:
    """How many words at the start of a line are a stamp's, hardly legible before print that is clear; 0 for none."""
    sure = [word.sure for word in sorted(words, key=lambda word: place(word).left)]
    for first in range(min(STAMP, len(sure) - CLEAR_WORDS), 0, -1):
        before, after = sure[:first], sure[first:]
        if mean(before) < HARDLY and before[-1] < CLEAR and min(after[:2]) >= CLEAR and mean(after) >= CLEAR:
            return first
    return 0


def _level(words: Sequence[Line], height: float) -> Iterator[Line]:
    """One piece, no higher than twice its words: a speck or a rule drags some boxes far up or down."""
    line = joined(words)
    letters = [letter for letter in line.text if letter.isalnum()]
    if not letters or (len(letters) == 1 and line.sure < ALONE):
        return
    fitting = [word for word in words if place(word).bottom - place(word).top <= 2 * height] or list(words)
    top = min(place(word).top for word in fitting)
    bottom = max(place(word).bottom for word in fitting)
    sure = min((word.sure for word in words if any(letter.isdigit() for letter in word.text)), default=1.0)
    yield Line(line.text, Box(place(line).left, top, place(line).right, bottom), min(line.sure, round(sure, 3)))
