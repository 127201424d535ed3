"""Nearness: the known names that somebody who misspelt one probably meant.

Promises:  ``nearest`` names the closest first, and nothing that differs in more than a third of its letters; diacritics
           count for nothing (``hảiphúc`` is ``haiphuc``). Cost does not grow with the number of names.
Never:     decides: what is near is shown to a person, and only to one who has logged in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate, takewhile
from typing import Protocol

from mailmap.document import spelling

_MOST_POSTINGS = 4_000  # the rarest pieces say most; the common ones ("hai", "pho") only cost time
_CLOSELY_READ = 8


class Pieces(Protocol):
    """An index from pieces of names to the numbers of the names that hold them."""

    def holders(self, piece: str) -> Sequence[int]:
        """The numbers of all names with that piece."""

    def name(self, number: int) -> str:
        """The name of that number."""


def nearest(wanted: str, pieces: Pieces, limit: int) -> tuple[str, ...]:
    """At most ``limit`` names near to the wanted one, the nearest first."""
    text = plain(wanted)
    shared = Counter[int]()
    for holders in _rarest(pieces.holders(piece) for piece in pieces_of(text)):
        shared.update(holders)
    names = [pieces.name(number) for number, _ in shared.most_common(_CLOSELY_READ)]
    most = max(1, len(text) // 3)
    ranked = sorted((distance(text, name), name) for name in names)
    return tuple(name for far, name in ranked if far <= most)[:limit]


def plain(text: str) -> str:
    """The text in small letters without marks, đ as d, however it was typed."""
    return spelling.plain(spelling.tidy(text))


def pieces_of(name: str) -> frozenset[str]:
    """Every run of three letters, with the ends of the name marked."""
    marked = f" {name} "
    return frozenset(map("".join, zip(marked, marked[1:], marked[2:], strict=False)))


def distance(a: str, b: str) -> int:
    """How many letters must be added, left out, changed or swapped with their neighbour (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        older, before, row = before, row, [i]
        for j, y in enumerate(b, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and y == a[i - 2]:
                best = min(best, older[j - 2] + 1)
            row.append(best)
    return row[-1]


def _rarest(lists: Iterable[Sequence[int]]) -> list[Sequence[int]]:
    """The shortest lists, as many as stay together under the limit, but at least one."""
    ordered = sorted((held for held in lists if len(held)), key=len)
    room = sum(1 for _ in takewhile(lambda total: total <= _MOST_POSTINGS, accumulate(map(len, ordered))))
    return ordered[: max(1, room)]
