"""What came of reading a file: its grids, what is wrong in them, and what is told besides.

Promises:  formulas are told one by one, with row and column, the rest of very many as a number.
Never:     a grid of a sheet that has mistakes is left out: the importer shows them together with its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.sheets.limits import MOST_TOLD
from mailmap.directory.answers import Sentence
from mailmap.directory.sheet import Grid, Mistake, Place, Remark


@dataclass(frozen=True, slots=True)
class Read:
    """The grids of a file. With ``mistakes`` nothing of it may be applied; ``remarks`` are only told."""

    grids: tuple[Grid, ...]
    mistakes: tuple[Mistake, ...] = ()
    remarks: tuple[Remark, ...] = ()


def told(file: str, key: str, cells: Sequence[tuple[int, str]]) -> tuple[Mistake, ...]:
    """One mistake for each of the first cells, given by row and reference, and one for how many more there are."""
    first = tuple(Mistake(Place(file, row), Sentence.of(key, cell=cell)) for row, cell in cells[:MOST_TOLD])
    rest = len(cells) - len(first)
    if not rest:
        return first
    return (*first, Mistake(Place(file, cells[MOST_TOLD][0]), Sentence.of("sheets.more", count=rest)))
