"""Delimited text (CSV) as a grid.

Promises:  the separator is the one (semicolon, comma, tab, bar) that parts most rows alike, or what a first line
           ``sep=;`` says; rows are numbered by the line of the file they end on, as an editor shows it; the apostrophes
           that ``text.guarded`` puts inside cells are taken away; a line that begins with '#' is a remark.
Never:     reads more rows or columns than the limits; judges cells (``mailmap.directory.sheet`` refuses formulas).
Fails:     Unreadable, for the file as a whole.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from itertools import islice

from gateway.sheets.lettering import decoded, in_an_old_font
from gateway.sheets.limits import MOST_COLUMNS, MOST_ROWS, Unreadable
from gateway.sheets.sheet import Read
from gateway.sheets.text import bare
from mailmap.directory.sheet import Grid

_SEPARATORS = ";,\t|"
_LOOKED_AT = 200  # rows, to find the separator


def read(octets: bytes, name: str) -> Read:
    """The one grid of a CSV file."""
    text = decoded(octets)
    separator = _named(text) or _found(text)
    rows: list[tuple[int, list[str]]] = []
    for line, cells in _rows(text, separator):
        if any(map(in_an_old_font, cells)):
            raise Unreadable("sheets.old-font", line)
        rows.append((line, [bare(cell) for cell in cells]))
    if not rows:
        raise Unreadable("sheets.empty")
    return Read((Grid(name, rows),))


def _rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Every row with something in it, within the limits."""
    reader = csv.reader(_lines(text), delimiter=separator, strict=True)
    taken = 0
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise Unreadable("sheets.quotes", reader.line_num) from error
        if cells is None:
            return
        if not any(map(str.strip, cells)):
            continue
        taken += 1
        if taken > MOST_ROWS:
            raise Unreadable("sheets.too-many-rows", reader.line_num, most=MOST_ROWS)
        if any(cell.strip() for cell in cells[MOST_COLUMNS:]):
            raise Unreadable("sheets.too-many-columns", reader.line_num, most=MOST_COLUMNS)
        yield reader.line_num, cells[:MOST_COLUMNS]


def _lines(text: str) -> Iterator[str]:
    """The lines; remarks and the line that names the separator made blank, so that the numbers stay right."""
    for line in StringIO(text, newline=""):  # splits at CR and LF only: a line separator of Unicode is no end of a row
        yield "\n" if line.startswith("#") or line.casefold().startswith("sep=") else line


def _named(text: str) -> str:
    """The separator that the first line names, as Excel writes and reads it; '' without such a line."""
    first = text.partition("\n")[0].strip().casefold()
    return first[4:5] if first.startswith("sep=") and first[4:5] in _SEPARATORS else ""


def _found(text: str) -> str:
    return max(_SEPARATORS, key=lambda separator: _parts(text, separator))


def _parts(text: str, separator: str) -> tuple[int, int]:
    """How many of the first rows the separator parts into the same number of cells, and into how many."""
    reader = csv.reader(_lines(text), delimiter=separator, strict=True)  # so that quotes tell, too
    try:
        widths = Counter(len(row) for row in islice(reader, _LOOKED_AT) if len(row) > 1)
    except csv.Error:
        return 0, 0
    return max(((many, width) for width, many in widths.items()), default=(0, 0))
