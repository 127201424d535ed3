"""Pages: the text of a file with where it stands, as fields are read from it.

Promises:  a page is whole and immutable; lines come in reading order, top to bottom, columns apart; boxes are in points
           (1/72 inch) from the page's upper left corner, after the page was turned upright.
Never:     says what a line means; ``layout`` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Origin(StrEnum):
    """How the text was come by: stored in the file, or recognised in a picture."""

    TEXT = "text"
    OCR = "ocr"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in points; ``top`` < ``bottom``."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line of one column, NFC. ``sure`` is 0 to 1: how well it was recognised, 1 for stored text.

    ``box`` None where the file has no layout (Word, HTML, plain text). ``bold`` None where nobody can tell.
    """

    text: str
    box: Box | None = None
    sure: float = 1.0
    bold: bool | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page; ``number`` counts from 1. Width and height in points, 0 where there is no layout."""

    number: int
    lines: tuple[Line, ...]
    width: float = 0.0
    height: float = 0.0
    origin: Origin = Origin.TEXT


@dataclass(frozen=True, slots=True)
class Reading:
    """What could be read of one file: the pages that were read, how many there are, and what was in the way.

    ``defects`` are locale keys below ``reading`` ("encrypted", "truncated", "too-long", …).
    """

    pages: tuple[Page, ...]
    total: int
    defects: tuple[str, ...] = ()
