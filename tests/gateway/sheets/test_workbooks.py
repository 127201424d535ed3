"""Workbooks of office programs become the text a person sees in them."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, time

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from gateway.sheets.read import grids_of
from tests.gateway.sheets.workbooks import ROOM, made, packed, rows, saved


@pytest.mark.parametrize(
    ("value", "shown", "text"),
    [
        ("0123", "@", "0123"),
        (123, "General", "123"),
        (123.0, "0.00", "123"),
        (1.5, "General", "1.5"),
        (123, "00000", "00123"),
        (1e14, "General", "100000000000000"),
        (True, "General", "true"),
        (date(2024, 9, 1), "dd/mm/yyyy", "2024-09-01"),
        (datetime(2024, 9, 1, 7, 30), "dd/mm/yyyy hh:mm", "2024-09-01 07:30"),  # noqa: DTZ001  a cell has no zone
        (time(7, 30), "hh:mm", "07:30:00"),
        ("Hải Hậu", "General", "Hải Hậu"),
        (unicodedata.normalize("NFD", "Hải Hậu"), "General", unicodedata.normalize("NFD", "Hải Hậu")),
        ("+84 228", "General", "'+84 228"),
        ("-", "General", "-"),
        ("a_x000D_\nb", "General", "a\r\nb"),
    ],
)
def test_a_cell_is_what_a_person_sees(value: object, shown: str, text: str) -> None:
    """Numbers lose no zeros in front and gain no point, days are days; text that is odd is marked as text."""

    def fill(sheet: Worksheet) -> None:
        sheet["B2"].value = value
        sheet["B2"].number_format = shown

    assert rows(grids_of(made(fill), "a.xlsx")) == [(2, ["", text])]


def test_days_may_be_counted_from_1904() -> None:
    """A workbook from an old Macintosh counts its days from 1904, and says so."""
    book = Workbook()
    book.epoch = datetime(1904, 1, 1)  # noqa: DTZ001  a cell has no zone
    book["Sheet"]["A1"] = date(2025, 7, 1)
    assert rows(grids_of(saved(book), "a.xlsx")) == [(1, ["2025-07-01"])]


def test_rows_keep_their_numbers() -> None:
    """Places are those that Excel shows, however many rows are empty, or only have borders."""

    def fill(sheet: Worksheet) -> None:
        sheet["A3"], sheet["C1000"] = "a", "b"
        sheet["A2000"].number_format = "0.00"

    assert rows(grids_of(made(fill), "a.xlsx")) == [(3, ["a"]), (1000, ["", "", "b"])]


def test_merged_cells_hold_in_every_row() -> None:
    """A cell merged over rows stands in each of them that says something; a title merged over columns stands once."""

    def fill(sheet: Worksheet) -> None:
        sheet["A1"], sheet["A2"], sheet["B2"], sheet["B4"] = "title", "district", "one", "two"
        sheet.merge_cells("A1:C1")
        sheet.merge_cells("A2:A5")

    assert rows(grids_of(made(fill), "a.xlsx")) == [(1, ["title"]), (2, ["district", "one"]), (4, ["district", "two"])]


def test_merged_ranges_that_overlap_cost_nothing() -> None:
    """Ten thousand ranges over the same rows, which no program writes, are read in no time as one."""
    many = "".join(f'<row r="{n}"><c r="B{n}"><v>{n}</v></c></row>' for n in range(2, 2_000))
    merged = '<mergeCell ref="A1:A1999"/>' * 10_000
    top = '<row r="1"><c r="A1"><v>1</v></c></row>'
    sheet = (ROOM % (top + many)).replace("</sheetData>", f"</sheetData><mergeCells>{merged}</mergeCells>")
    found = rows(grids_of(packed(sheet), "a.xlsx"))
    assert (len(found), found[-1]) == (1999, (1999, ["1", "1999"]))


def test_every_sheet_that_can_be_seen_is_read() -> None:
    """Grids bear the names of their sheets; a hidden one is not read, and that is told; empty ones say nothing."""
    book = Workbook()
    book["Sheet"].title = "Xã"
    book["Xã"]["A1"] = "a"
    book.create_sheet("Trống")
    book.create_sheet("Phường")["A1"] = "b"
    hidden = book.create_sheet("Nháp")
    hidden["A1"] = "=1+1"
    hidden.sheet_state = "veryHidden"
    found = grids_of(saved(book), "a.xlsx")
    assert [(grid.file, list(grid.rows)) for grid in found.grids] == [
        ("a.xlsx [Xã]", [(1, ["a"])]),
        ("a.xlsx [Phường]", [(1, ["b"])]),
    ]
    assert [(remark.why.key, dict(remark.why.facts)) for remark in found.remarks] == [
        ("sheets.hidden", {"sheet": "Nháp"})
    ]
    assert found.mistakes == ()


def test_other_programs_write_otherwise() -> None:
    """Prefixes, cells without references, texts in the cell, runs and reading aids: the words are the same."""
    sheet = (
        '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData><x:row>'
        '<x:c t="inlineStr"><x:is><x:r><x:t>Hải </x:t></x:r><x:r><x:t>Hậu</x:t></x:r>'
        '<x:rPh sb="0" eb="1"><x:t>aside</x:t></x:rPh></x:is></x:c><x:c t="str"><x:v>b</x:v></x:c>'
        '<x:c t="d"><x:v>2024-09-01</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    assert rows(grids_of(packed(sheet), "a.xlsx")) == [(1, ["Hải Hậu", "b", "2024-09-01"])]


def test_utf_16_inside() -> None:
    """The XML of a part may be UTF-16."""
    sheet = '<?xml version="1.0" encoding="UTF-16"?>' + ROOM % '<row><c t="inlineStr"><is><t>Ý Yên</t></is></c></row>'
    assert rows(grids_of(packed(sheet.encode("utf-16")), "a.xlsx")) == [(1, ["Ý Yên"])]
