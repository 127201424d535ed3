"""A made-up paper: its pages as readers give them, and what is right about it.

Promises:  lines stand where type of that size would stand, in points; the same dice give the same paper.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from mailmap.document.page import Box, Line, Origin, Page, Reading

WIDE, HIGH = 595.0, 842.0
LEFT, RIGHT, CENTRE = 165.0, 420.0, 310.0  # middles of the columns and of the type area
MARGIN, EDGE = 85.0, 540.0
TODAY = date(2026, 3, 20)
FIELDS = ("symbol", "issued", "kind", "subject", "issuer", "superior", "place", "signer", "authority", "position",
          "urgency", "secrecy", "circulation", "due", "recipients", "copies", "answers", "based_on")  # fmt: skip
_NARROW = set("fijlrtI1.,;:-'|/() ")


@dataclass(frozen=True, slots=True)
class Paper:
    """``right`` has an entry for every field: its value as ``str`` of it, or None where the paper says none.

    ``blurred`` are fields whose print was spoilt: they may stay unread, and must not be sure when read wrong.
    """

    reading: Reading
    right: Mapping[str, str | None]
    blurred: frozenset[str]
    form: str


def across(text: str, size: float, *, bold: bool = False) -> float:
    """About how wide a text is in Times of that size, in points."""
    ems = sum(0.28 if letter in _NARROW else 0.68 if letter.isupper() else 0.46 for letter in text)
    return ems * size * (1.06 if bold else 1.0)


def centred(text: str, top: float, middle: float, size: float = 13.0, *, bold: bool = False) -> Line:
    """A line whose middle stands there."""
    half = across(text, size, bold=bold) / 2
    return Line(text, Box(middle - half, top, middle + half, top + size), 1.0, bold)


def ranged(text: str, top: float, left: float = MARGIN, size: float = 13.0, *, bold: bool = False) -> Line:
    """A line that begins there."""
    return Line(text, Box(left, top, left + across(text, size, bold=bold), top + size), 1.0, bold)


def wrapped(text: str, room: float, size: float = 13.0) -> list[str]:
    """The text in lines no wider than the room, in points."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and across(longer, size) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def page(number: int, lines: list[Line], origin: Origin = Origin.TEXT) -> Page:
    """A page of A4."""
    return Page(number, tuple(lines), WIDE, HIGH, origin)


def reading(pages: list[Page]) -> Reading:
    """These pages, all of them read."""
    return Reading(tuple(pages), len(pages))
