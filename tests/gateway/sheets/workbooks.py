"""Workbooks for tests: made by openpyxl, or by hand where no honest program would write them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from gateway.sheets.read import grids_of
from gateway.sheets.sheet import Read

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
ROOM = f'<worksheet xmlns="{_MAIN}"><sheetData>%s</sheetData></worksheet>'
ONE_CELL = ROOM % '<row r="1"><c r="A1"><v>7</v></c></row>'


def made(fill: Callable[[Worksheet], None], *, title: str = "Sheet1") -> bytes:
    """A workbook of one sheet that openpyxl writes."""
    book = Workbook()
    sheet = book["Sheet"]
    sheet.title = title
    fill(sheet)
    return saved(book)


def saved(book: Workbook) -> bytes:
    """The octets of a workbook."""
    octets = BytesIO()
    book.save(octets)
    return octets.getvalue()


def packed(sheet: str | bytes = ONE_CELL, more: Mapping[str, str | bytes] | None = None) -> bytes:
    """The smallest workbook around this XML of a worksheet; ``more`` are further parts, or others in their place."""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": _relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relations(("worksheet", "worksheets/sheet1.xml")),
        "xl/worksheets/sheet1.xml": sheet,
        **(more or {}),
    }
    octets = BytesIO()
    with ZipFile(octets, "w", ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return octets.getvalue()


def told(octets: bytes, name: str = "a.xlsx") -> list[tuple[int, str]]:
    """What is wrong with a file: line and key of each mistake."""
    return [(mistake.place.line, mistake.why.key) for mistake in grids_of(octets, name).mistakes]


def rows(read: Read) -> list[tuple[int, list[str]]]:
    """The rows of the only grid of a file in which nothing is wrong."""
    assert read.mistakes == ()
    (grid,) = read.grids
    return [(number, list(cells)) for number, cells in grid.rows]


def _relations(*to: tuple[str, str]) -> str:
    every = "".join(
        f'<Relationship Id="r{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(to, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}">{every}</Relationships>'
