"""A list that a district office made is read as a person reads it."""

from __future__ import annotations

from pathlib import Path

from gateway.sheets.read import grids
from mailmap.directory.headings import Table
from mailmap.directory.sheet import read_grid
from tests.gateway.sheets import messy


def test_a_list_of_a_district_office(tmp_path: Path) -> None:
    """Letterhead, headings on two lines, sections and the note below are no units; every unit has its row and cells."""
    messy.write(tmp_path / "danh-sach.xlsx")
    found = grids(tmp_path / "danh-sach.xlsx")
    sheet = read_grid(found.grids[0])
    assert (found.mistakes, sheet.mistakes, sheet.table) == ((), (), Table.UNITS)
    assert [(row.place.line, row.cells["name"]) for row in sheet.rows] == [(one.row, one.name) for one in messy.UNITS]
    assert [remark.why.key for remark in found.remarks] == ["sheets.hidden"]
    told = [dict(remark.why.facts)["text"] for remark in sheet.remarks]
    assert "II CÁC TRƯỜNG" in told
    assert "Người lập biểu" in told
