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

from mailmap.document.page import Line

MOST_ROWS = 2_000
MOST_SHEETS = 50
MOST_CELLS = 200


def read_xlsx(content: bytes) -> tuple[tuple[Line, ...], ...]:
    """The lines of each sheet of an .xlsx or .xlsm."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    return tuple(tuple(_lines(sheet)) for sheet in book.worksheets[:MOST_SHEETS])


def _lines(sheet: openpyxl.worksheet._read_only.ReadOnlyWorksheet) -> Iterator[Line]:
    for row in sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_CELLS, values_only=True):
        cells = [_shown(value) for value in row if value is not None]
        text = "  ".join(cell for cell in cells if cell)
        if text:
            yield Line(unicodedata.normalize("NFC", text))


def _shown(value: object) -> str:
    """A cell as people read it: days as 15/10/2025, whole numbers without a point."""
    if isinstance(value, datetime | date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).split())
