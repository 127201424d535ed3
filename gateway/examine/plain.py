"""Readings as plain octets: how a child tells what it read, and how it is believed.

Promises:  ``loaded(dumped(x)) == x``; what comes back is made anew from numbers and strings of the expected shape, in
           bounds, so a child that was taken over can lie about a text but can break nothing.
Never:     unpickles, imports or calls anything named in the octets.
Fails:     with NotPlain for anything of another shape.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

from mailmap.document.page import Box, Line, Origin, Page, Reading

LONGEST = 20_000  # letters of one line
MOST_LINES = 200_000
EDGES = 4


class NotPlain(Exception):
    """A child's answer is not a reading."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one child could read: ``pictures`` are the numbers of pages that must be recognised."""

    kind: str
    reading: Reading
    pictures: tuple[int, ...] = ()


def dumped(part: Part) -> bytes:
    """The part as JSON."""
    reading = part.reading
    pages = [
        [page.number, page.width, page.height, page.origin.value, [_packed(line) for line in page.lines]]
        for page in reading.pages
    ]
    return json.dumps([part.kind, reading.total, reading.defects, part.pictures, pages]).encode()


def loaded(octets: bytes) -> Part:
    """The part these octets describe."""
    try:
        kind, total, defects, pictures, pages = json.loads(octets)
        found = tuple(_page(*page) for page in pages)
        reading = Reading(found, _count(total), tuple(_word(defect) for defect in defects))
        return Part(_word(kind), reading, tuple(_count(number) for number in pictures))
    except (ValueError, TypeError, RecursionError) as error:
        raise NotPlain(NotPlain.__doc__) from error


def _packed(line: Line) -> list[Any]:
    box = line.box and [line.box.left, line.box.top, line.box.right, line.box.bottom]
    return [line.text[:LONGEST], box, line.sure, line.bold]


def _page(number: object, width: object, height: object, origin: object, lines: list[Any]) -> Page:
    if len(lines) > MOST_LINES:
        raise ValueError
    return Page(
        _count(number), tuple(_line(*line) for line in lines), _measure(width), _measure(height), Origin(str(origin))
    )


def _line(text: object, box: list[object] | None, sure: object, bold: object) -> Line:
    if not isinstance(text, str) or not (bold is None or isinstance(bold, bool)):
        raise TypeError
    edges = None if box is None else [_measure(edge) for edge in box]
    return Line(text[:LONGEST], Box(*edges[:EDGES]) if edges else None, min(1.0, max(0.0, _measure(sure))), bold)


def _count(number: object) -> int:
    if not isinstance(number, int) or not 0 <= number < 10_000_000:  # noqa: PLR2004  no file has more pages
        raise ValueError
    return number


def _measure(number: object) -> float:
    if not isinstance(number, int | float) or not math.isfinite(number):
        raise ValueError
    return round(float(number), 2)


def _word(word: object) -> str:
    """A media type or a locale key: short, and of plain signs."""
    if not isinstance(word, str) or len(word) > 120 or not word.isascii() or not word.isprintable():  # noqa: PLR2004  longer than any media type
        raise ValueError
    return word
