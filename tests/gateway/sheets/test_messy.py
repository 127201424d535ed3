"""A list that a district office made is read as a person reads it."""

from __future__ import annotations

from pathlib import Path

from gateway.sheets.read import grids
from mailmap.directory.changes import Effect
from mailmap.directory.directory import OwnNames
from mailmap.directory.headings import Table
from mailmap.directory.index import MemoryIndex
from mailmap.directory.roster import propose
from mailmap.directory.sheet import read_grid
from mailmap.directory.unit import Unit, UnitKind
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


def test_what_the_list_adds(tmp_path: Path) -> None:
    """Seven new units below the district, each with its first mailbox, its others as fallbacks, and its first day."""
    messy.write(tmp_path / "danh-sach.xlsx")
    (grid,) = grids(tmp_path / "danh-sach.xlsx").grids
    district = Unit(messy.BELOW, "UBND huyện Hải Hậu", UnitKind.DISTRICT, messy.BELOW)
    diff = propose([read_grid(grid)], MemoryIndex([district], []), OwnNames(frozenset({"lienthong.example"})))
    assert diff.mistakes == ()
    assert {change.effect for change in diff.changes if isinstance(change.after, Unit)} == {Effect.ADDED}
    found = [(unit.name, tuple(way.to for way in unit.ways()), unit.parent) for unit in diff.units()]
    assert found == [(one.name, one.mailboxes, messy.BELOW) for one in messy.UNITS]
    assert [unit.valid_from for unit in diff.units() if unit.valid_from.year > 1] == [
        one.since for one in messy.UNITS if one.since
    ]
