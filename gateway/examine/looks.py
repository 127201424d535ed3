"""What a child saw when it looked at lines again: how its answer is believed.

Promises:  looks are texts and places of the expected shape, in bounds; a child that was taken over can lie about what
           stands on a page, and can break nothing.
Never:     says what a text means; ``figures`` does.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from mailmap.document.page import Box
from mailmap.document.spelling import tidy

NETWORKS = 2
MOST_TEXT = 400  # letters
FARTHEST = 100_000.0  # points

Ink = tuple[tuple[str, ...], ...]  # the texts of one ink: for each network those of its looks


@dataclass(frozen=True, slots=True)
class Told:
    """What was seen: of each strip its inks, and of each red stamp its place and its looks."""

    strips: tuple[tuple[Ink, ...], ...]
    stamps: tuple[tuple[Box, Ink], ...]


def loaded(octets: bytes) -> Told:
    """What a child told; nothing when it told anything of another shape."""
    try:
        lines, red = json.loads(octets)
        strips = tuple(tuple(_ink(ink) for ink in strip) for strip in lines)
        return Told(strips, tuple((_edges(*edges), _ink(looks)) for edges, looks in red))
    except (ValueError, TypeError, OverflowError, RecursionError):
        return Told((), ())


def _ink(looks: Sequence[Sequence[str]]) -> Ink:
    texts = [tuple(_letters(text) for text in look) for look in looks]
    if not texts or not 1 <= len(texts[0]) <= NETWORKS:
        raise ValueError
    return tuple(zip(*texts, strict=True))


def _edges(left: float, top: float, right: float, bottom: float) -> Box:
    """A place that a child told; it may lie about it, but in points."""
    edges = [min(max(float(edge), 0.0), FARTHEST) for edge in (left, top, right, bottom)]
    if not edges[0] < edges[2] or not edges[1] < edges[3]:  # also where one is no number
        raise ValueError
    return Box(*edges)


def _letters(text: object) -> str:
    if not isinstance(text, str):
        raise TypeError
    return tidy(text[:MOST_TEXT])
