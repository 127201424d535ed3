"""Reading order: pieces of text with their places become lines, columns apart.

Promises:  every piece ends up in exactly one line; pieces side by side stay apart where a gutter may run,
           and become one line where a neighbouring row runs across the gap between them. The left column of a
           header or of a signature block is read before the right one.
Never:     looks at what a text says.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from mailmap.document.page import Box, Line

LONE_GAP = 2.5  # heights: a wider gap is a gutter even in one row alone
NEAR = 3.0  # heights from the top of one line to the top of its neighbour at most
SAME_ROW = 0.5  # share of the smaller height by which pieces of one row overlap

Row = list[Line]


def ordered(pieces: Sequence[Line]) -> tuple[Line, ...]:
    """The pieces as lines in reading order, NFC; all pieces have boxes."""
    return _in_order(_rejoined(_rows(pieces)))


def ranged(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Lines that are whole already, in reading order."""
    return _in_order(_rows(lines))


def _in_order(rows: list[Row]) -> tuple[Line, ...]:
    """Row by row, and column by column where there are columns."""
    found: list[Line] = []
    at = 0
    while at < len(rows):
        end, gutter = _block(rows, at)
        block = [line for row in rows[at:end] for line in row]
        found += block if gutter is None else _in_columns(block, gutter)
        at = end
    return tuple(line for line in found if line.text)


def place(line: Line) -> Box:
    """The box of a line that has one."""
    if line.box is None:
        raise ValueError("a line without a place has no order")
    return line.box


def joined(pieces: Sequence[Line]) -> Line:
    """One line of several pieces, left to right; as sure as its pieces by their lengths."""
    boxes = [place(piece) for piece in pieces]
    box = Box(
        min(b.left for b in boxes), min(b.top for b in boxes), max(b.right for b in boxes), max(b.bottom for b in boxes)
    )
    weight = sum(len(piece.text) for piece in pieces) or 1
    sure = sum(piece.sure * len(piece.text) for piece in pieces) / weight
    known = [len(piece.text) if piece.bold else -len(piece.text) for piece in pieces if piece.bold is not None]
    text = " ".join(" ".join(piece.text for piece in pieces).split())
    return Line(unicodedata.normalize("NFC", text), box, round(sure, 3), sum(known) > 0 if known else None)


def _rows(pieces: Sequence[Line]) -> list[Row]:
    """Pieces that stand beside each other, top to bottom, each row left to right."""
    rows: list[Row] = []
    for piece in sorted(pieces, key=lambda piece: (place(piece).top + place(piece).bottom) / 2):
        row = next((row for row in rows[-4:] if all(_beside(piece, other) for other in row)), None)
        if row is None:
            rows.append([piece])
        else:
            row.append(piece)
    return [sorted(row, key=lambda piece: place(piece).left) for row in rows]


def _beside(one: Line, other: Line) -> bool:
    """Whether two pieces share a row and do not lie over each other."""
    a, b = place(one), place(other)
    shared = min(a.bottom, b.bottom) - max(a.top, b.top)
    apart = min(a.right, b.right) - max(a.left, b.left)
    low = min(a.bottom - a.top, b.bottom - b.top)
    return shared > SAME_ROW * low and apart < low


def _rejoined(rows: list[Row]) -> list[Row]:
    """Rows in which a gap that a neighbouring row runs across is only a gap between words."""
    return [
        _closed(row, rows[at - 1] if at else [], rows[at + 1] if at + 1 < len(rows) else [])
        for at, row in enumerate(rows)
    ]


def _closed(row: Row, above: Row, below: Row) -> Row:
    groups = [[row[0]]]
    for piece in row[1:]:
        gap = (place(groups[-1][-1]).right, place(piece).left)
        wide = gap[1] - gap[0] > LONE_GAP * median(place(each).bottom - place(each).top for each in row)
        if not wide and (_crossed(gap, _near(row, above)) or _crossed(gap, _near(row, below))):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return [joined(group) for group in groups]


def _crossed(gap: tuple[float, float], row: Row) -> bool:
    """Whether a piece of this row runs across the place of the gap, so that no gutter can be there."""
    return any(place(piece).left < gap[0] and place(piece).right > gap[1] for piece in row)


def _near(row: Row, other: Row) -> Row:
    """The other row if it is a neighbour, no further away than two lines of a text."""
    height = median(place(piece).bottom - place(piece).top for piece in row)
    return [piece for piece in other if abs(place(piece).top - place(row[0]).top) < NEAR * height]


def _block(rows: list[Row], at: int) -> tuple[int, float | None]:
    """Where the block that starts here ends, and its gutter: the rows below that keep clear of the same place."""
    left, right = _widest(rows[at])
    if left is None or right is None:
        return at + 1, None
    end = at + 1
    while end < len(rows):
        clear = _clear(rows[end], left, right)
        if clear is None:
            break
        left, right = clear
        end += 1
    return end, (left + right) / 2


def _widest(row: Row) -> tuple[float | None, float | None]:
    """The edges of the widest gap in a row; none in a row of one piece."""
    gaps = [
        (place(right).left - place(left).right, place(left).right, place(right).left) for left, right in pairwise(row)
    ]
    return max(gaps)[1:] if gaps else (None, None)


def _clear(row: Row, left: float, right: float) -> tuple[float, float] | None:
    """What remains of a gutter beside this row; None where a piece runs across it."""
    for piece in row:
        box = place(piece)
        middle = (left + right) / 2
        if box.right <= middle or (box.left < left and box.right <= right):
            left = max(left, box.right)
        elif box.left >= middle or box.left >= left:
            right = min(right, box.left)
        else:
            return None
    return (left, right) if right - left > 1 else None


def _in_columns(block: Sequence[Line], gutter: float) -> list[Line]:
    """All of the left column, then all of the right one; each keeps its order."""
    lefts = [line for line in block if (place(line).left + place(line).right) / 2 < gutter]
    return lefts + [line for line in block if (place(line).left + place(line).right) / 2 >= gutter]
