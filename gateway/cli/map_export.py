"""``lienthong map export``: the directory as sheets that people edit and import again.

Promises:  what is exported and imported again proposes nothing. With a day, units and addresses as they are on it; with
           a unit, its subtree. Headings and the names of kinds are in the person's language; both languages are read.
Never:     leaves a column out; makes a cell a formula.
Fails:     exit status 3 for a unit that is not there, 2 for a file that cannot be written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection

from gateway.app import office
from gateway.cli.desk import Desk, Exit, Stop
from gateway.cli.map import unit_named
from gateway.cli.map_days import On, day_of
from gateway.cli.map_sheets import Cells, Told, progress, written
from mailmap.directory.address import Address
from mailmap.directory.directory import Snapshot
from mailmap.directory.listing import address_cells, succession_cells, unit_cells
from mailmap.directory.sheet import Table
from mailmap.directory.succession import Succession, Turn
from mailmap.directory.unit import Unit, UnitKind
from storage import directory

Below = Annotated[str | None, typer.Option("--unit")]
Only = Annotated[Table | None, typer.Option("--table")]

COLUMNS = {
    Table.UNITS: tuple(unit_cells(Unit("", "", UnitKind.OTHER, ""))),
    Table.ADDRESSES: tuple(address_cells(Address("", ""))),
    Table.SUCCESSIONS: tuple(succession_cells(Succession("", date.max, Turn.MERGED))),
}
_DAYS = ("valid_from", "valid_until", "on")
_WORDED = ("kind", "turn", "may")  # what the language has words for that ``cells`` reads


def export(desk: Desk, file: Path, on: On = None, unit: Below = None, table: Only = None) -> Exit:
    """Write units, addresses and successions into a workbook, or into CSV files."""
    day = day_of(desk, on) if on else None
    with office(desk.settings) as at, progress(desk) as tell, at.database.transaction() as tx:
        top = _top(at.directories.load(tx), unit, day or day_of(desk, None))
        chosen = _chosen(tx, day, top, tell)
    sheets = {kind: rows for kind, rows in chosen.items() if table in (None, kind)}
    where = written(file, {desk.words.say(f"sheet.{kind}"): _table(desk, kind, rows) for kind, rows in sheets.items()})
    counts = {kind.value: len(rows) for kind, rows in chosen.items()}
    desk.answer(counts | {"files": [str(path) for path in where]}, "map.exported", where=", ".join(map(str, where)))
    return Exit.OK


def _top(there: Snapshot, name: str | None, day: date) -> Unit | None:
    top = unit_named(there, name, day) if name else None
    if name and top is None:
        raise Stop(Exit.NOT_FOUND, "map.no-unit", unit=name)
    return top


def _chosen(tx: Connection, day: date | None, top: Unit | None, tell: Told) -> Mapping[Table, list[Mapping[str, str]]]:
    """The cells of each table: everything, or what lives on the day, or what belongs to a subtree."""
    tell("map.exporting", 0, 3)
    every = [*directory.all_units(tx)]
    inside = subtree(every, top.id) if top else {unit.id for unit in every}
    units = [unit for unit in every if unit.id in inside and (day is None or unit.lives_on(day))]
    ids = {unit.id for unit in units}
    tell("map.exporting", 1, 3)
    mappings = (one for one in directory.all_addresses(tx) if one.unit in ids and (day is None or one.lives_on(day)))
    addresses = [address_cells(one) for one in mappings]
    tell("map.exporting", 2, 3)
    steps = (step for step in directory.all_successions(tx) if step.unit in ids and (day is None or step.on <= day))
    return {
        Table.UNITS: [unit_cells(unit) for unit in units],
        Table.ADDRESSES: addresses,
        Table.SUCCESSIONS: [succession_cells(step) for step in steps],
    }


def subtree(every: Iterable[Unit], top: str) -> set[str]:
    """The ids of a unit and of everything that stands, or stood, below it."""
    below: dict[str, set[str]] = {}
    for unit in every:
        below.setdefault(unit.parent or "", set()).add(unit.id)
    found, waiting = set[str](), [top]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += below.get(one, ())
    return found


def _table(desk: Desk, kind: Table, rows: Sequence[Mapping[str, str]]) -> Iterator[Cells]:
    """The header in the person's language, then the rows."""
    fields = COLUMNS[kind]
    yield [desk.words.say(f"sheet.{name}") for name in fields]
    for row in rows:
        yield [_cell(desk, name, row[name]) for name in fields]


def _cell(desk: Desk, name: str, text: str) -> str | date:
    if name in _DAYS and text:
        return date.fromisoformat(text)
    if name in _WORDED:
        return ", ".join(desk.words.say(f"cell.{word}") for word in text.split(", "))
    return text
