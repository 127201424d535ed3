"""What was exported and is imported again changes nothing, in either form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from gateway.sheets.read import grids, grids_of
from gateway.sheets.write import csv, xlsx
from mailmap.directory.address import Address, Form, May
from mailmap.directory.directory import OwnNames
from mailmap.directory.index import Index, MemoryIndex
from mailmap.directory.listing import address_cells, succession_cells, unit_cells
from mailmap.directory.proof import Proof
from mailmap.directory.roster import propose
from mailmap.directory.sheet import read_grid
from mailmap.directory.succession import Succession, Turn
from mailmap.directory.unit import Channel, Unit, UnitKind, Way

FOLDER = Path(__file__).parents[3] / "config" / "directory"
OWN = OwnNames(frozenset({"lienthong.example"}))
ODD = (
    Unit("q", "Công ty “Ví Dụ”; =1, @x", UnitKind.BUSINESS, "q", None, "a@q.example", Channel.LINK,
         tax_code="0600123456", fallback=(Way(Channel.MAIL, "b@q.example"), Way(Channel.EDOC, "000.00.01.H40")),
         book=False, other_names=("Ví Dụ, chi nhánh", "VD")),
    Unit("q2", "#2 'trích' \"kép\"", UnitKind.OTHER, "q2", "q", accepts_itself=True, valid_from=date(1950, 2, 3),
         valid_until=date(2030, 1, 1), organ_id="000.00.02.H40", qcvn_id="0012"),
)  # fmt: skip
MAPPINGS = (
    Address("a@q.example", "q", frozenset({May.SEND, May.ADMINISTER}), "Giám đốc - CEO", valid_from=date(2020, 1, 1)),
    Address("*@q.example", "q", form=Form.DOMAIN, needs=Proof.PERSON),
)
STEPS = (Succession("q2", date(2030, 1, 1), Turn.ABOLISHED, None, "QĐ 01/QĐ-UBND; +x"),)

Rows = list[list[str]]


class Known(NamedTuple):
    """A directory, and the tables of its export: units, mappings, successions."""

    index: Index
    tables: Sequence[Rows]


@pytest.fixture(scope="module")
def known() -> Known:
    """All bundled directories, and some units whose cells are odd."""
    sheets = [read_grid(grids(path).grids[0]) for path in sorted(FOLDER.glob("*.csv"), key=_reform)]
    found = propose(sheets, MemoryIndex([], []), OWN)
    assert found.mistakes == ()
    units, mappings = [*found.units(), *ODD], [*found.addresses(), *MAPPINGS]
    steps = [*found.successions(), *STEPS]
    cells = [*map(unit_cells, units)], [*map(address_cells, mappings)], [*map(succession_cells, steps)]
    return Known(MemoryIndex(units, mappings, steps), [*map(_rows, cells)])


def test_a_csv_of_each_table_changes_nothing(known: Known) -> None:
    """Every unit, mapping and succession comes back from CSV as it was, in every period."""
    files = [grids_of(csv(rows), f"{place}.csv") for place, rows in enumerate(known.tables)]
    sheets = [read_grid(found.grids[0]) for found in files]
    diff = propose(sheets, known.index, OWN)
    assert (diff.changes, diff.mistakes) == ((), ())
    assert diff.same == sum(map(len, known.tables)) - len(known.tables)


def test_a_workbook_of_all_tables_changes_nothing(known: Known) -> None:
    """The same in one workbook of three sheets."""
    tables = dict(zip(("Đơn vị", "Địa chỉ", "Kế thừa"), known.tables, strict=True))
    found = grids_of(xlsx(tables), "danh-ba.xlsx")
    diff = propose([read_grid(grid) for grid in found.grids], known.index, OWN)
    assert (found.mistakes, diff.changes, diff.mistakes) == ((), (), ())
    assert diff.same == sum(map(len, known.tables)) - len(known.tables)


def test_one_cell_that_was_changed_is_one_change(known: Known) -> None:
    """The proofs above can fail: a mailbox that somebody takes away is seen, also at the end of a row."""
    head, *rows = known.tables[0]
    last = sorted(range(len(head)), key=lambda at: head[at] == "contact")
    turned = [[row[at] for at in last] for row in (head, *rows)]
    place = next(number for number, row in enumerate(turned) if row[-1] and number)
    turned[place][-1] = ""
    (grid,) = grids_of(xlsx({"A": turned}), "a.xlsx").grids
    diff = propose([read_grid(grid)], known.index, OWN)
    assert diff.mistakes == ()
    assert [(change.place.line, change.effect.value) for change in diff.changes] == [(place + 1, "changed")]


def _rows(cells: Sequence[Mapping[str, str]]) -> Rows:
    """A header of field names, and the cells."""
    return [list(cells[0]), *(list(row.values()) for row in cells)]


def _reform(path: Path) -> tuple[bool, bool]:
    """The bundled files in the order in which they were made true."""
    return path.name.startswith("ninh"), "2024" in path.name
