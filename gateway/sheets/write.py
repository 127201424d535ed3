"""Write sheets that office programs open as they are meant.

Promises:  what ``read`` gives back is what was written. No cell becomes a formula. Dates are dates in XLSX and ISO 8601
           in CSV; codes with zeros in front stay text. CSV is UTF-8 with a byte order mark (Excel takes it for an old
           encoding without), parted by semicolons: names here are full of commas, and where a comma is the decimal
           sign, as in Vietnam, Excel parts by semicolons. Every cell is quoted, so that no row is taken for a remark.
Never:     leaves anything out in silence.
Fails:     TooLong for a text that no cell of a workbook can hold.
"""

from __future__ import annotations

import csv as standard
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from io import BytesIO, StringIO

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from gateway.sheets.text import escaped, guarded

Cell = str | date
_LONGEST = 32_767  # characters in one cell of a workbook
_WIDEST, _ROOM = 60, 2
_FIRST_DAY = date(1900, 3, 1)  # workbooks count the days before it wrongly, or not at all
_TEXT, _DAY = "@", "dd/mm/yyyy"
_ODD = frozenset("=+-@")  # what a program would calculate, were it not marked as text
_BOLD = Font(bold=True)


class TooLong(Exception):
    """A text is longer than a cell of a workbook can be."""


def csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    """A CSV file; the first row is the header."""
    text = StringIO(newline="")
    writer = standard.writer(text, delimiter=";", quoting=standard.QUOTE_ALL, lineterminator="\r\n")
    for row in rows:
        writer.writerow([guarded(_told(cell)) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def xlsx(tables: Mapping[str, Iterable[Sequence[Cell]]]) -> bytes:
    """A workbook with one sheet for each title; the first row of each is its header, bold and frozen."""
    book = Workbook(write_only=True)
    for title, rows in tables.items():
        _fill(book.create_sheet(title), list(rows))
    octets = BytesIO()
    book.save(octets)
    return octets.getvalue()


def _fill(sheet: WriteOnlyWorksheet, rows: Sequence[Sequence[Cell]]) -> None:
    sheet.freeze_panes = "A2"
    for at, width in enumerate(_widths(rows), 1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    for number, row in enumerate(rows):
        sheet.append(list(_cells(sheet, row, header=number == 0)))


def _cells(sheet: WriteOnlyWorksheet, row: Sequence[Cell], *, header: bool) -> Iterator[SheetCell | None]:
    for value in row:
        if value == "":
            yield None
            continue
        is_day = isinstance(value, date) and value >= _FIRST_DAY
        cell = WriteOnlyCell(sheet, value if is_day else _storable(_told(value)))
        cell.number_format = _DAY if is_day else _TEXT
        if not is_day:
            cell.data_type = "s"  # also where it begins with '='
            cell.quotePrefix = _told(value)[:1] in _ODD
        if header:
            cell.font = _BOLD
        yield cell


def _widths(rows: Sequence[Sequence[Cell]]) -> list[int]:
    widths: list[int] = []
    for row in rows:
        widths.extend([0] * (len(row) - len(widths)))
        for at, cell in enumerate(row):
            widths[at] = max(widths[at], len(_told(cell)))
    return [min(width, _WIDEST) + _ROOM for width in widths]


def _told(cell: Cell) -> str:
    return cell.isoformat() if isinstance(cell, date) else cell


def _storable(text: str) -> str:
    """The text with control characters, which XML cannot hold, shown as unknown."""
    if len(text) > _LONGEST:
        raise TooLong(f"{len(text)} characters")
    return str(ILLEGAL_CHARACTERS_RE.sub("\ufffd", escaped(text)))
