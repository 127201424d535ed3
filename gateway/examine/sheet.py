"""Workbooks: their cells as lines, one line a row, sheet after sheet.

Promises:  the values that the file holds; a row's cells with two spaces between them; empty rows are left out.
Never:     computes a formula; reads more than ``MOST_ROWS`` rows of a sheet.
Fails:     with openpyxl's and zipfile's errors on what is no workbook.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime

import openpyxl

from gateway.examine.lettered import lettered
from mailmap.document.page import Line
from mailmap.lettering.fonts import Font, Run, old_fonts, shown

MOST_ROWS = 2_000
MOST_SHEETS = 50
MOST_CELLS = 200


def read_xlsx(content: bytes) -> tuple[tuple[Line, ...], ...]:
    """The lines of each sheet of an .xlsx or .xlsm."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    rows = [list(_rows(sheet)) for sheet in book.worksheets[:MOST_SHEETS]]
    fonts = old_fonts(run for sheet in rows for row in sheet for run in row)
    return tuple(_lines(sheet, fonts) for sheet in rows)


def _rows(sheet: openpyxl.worksheet._read_only.ReadOnlyWorksheet) -> Iterator[list[Run]]:
    """The cells of each row that have something in them, with their fonts."""
    for row in sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_CELLS):
        cells = (Run(_shown(cell.value), cell.font.name or "") for cell in row if cell.value is not None)
        yield [cell for cell in cells if cell.text]


def _lines(rows: list[list[Run]], fonts: dict[str, Font]) -> tuple[Line, ...]:
    """The rows as lines, in the letters that their fonts show."""
    texts = ("  ".join(shown([cell], fonts) for cell in row) for row in rows)
    return lettered([Line(unicodedata.normalize("NFC", text)) for text in texts if text])


def _shown(value: object) -> str:
    """A cell as people read it: days as 15/10/2025, whole numbers without a point."""
    if isinstance(value, datetime | date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).split())
