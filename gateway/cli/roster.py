"""``lienthong map import|diff|add``: changes of the directory, always shown before they are made.

Promises:  without ``--apply`` nothing changes; with it all changes are made in one transaction, with who and why, and
           the number by which they can be taken back is told. ``diff`` cannot apply at all.
Never:     applies anything while one row is wrong.
Fails:     exit status 2 and every mistake with its file and line; 3 for a unit that is not there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection

from gateway.app import Office, office, own_names
from gateway.cli.desk import Desk, Exit, Stop
from gateway.cli.map import unit_named
from gateway.cli.map_change import Applied, Apply, Out, Proposing, Signing, changed, let_go, ordered, told
from gateway.cli.map_days import today
from gateway.cli.map_diff import worded
from gateway.cli.map_sheets import Told, progress, sheets_of, silently
from mailmap.directory import cells
from mailmap.directory.address import fold
from mailmap.directory.changes import Diff
from mailmap.directory.roster import propose
from mailmap.directory.sheet import Place, Row, Sheet, Table
from mailmap.directory.unit import Unit
from storage import directory, strangers
from storage.strangers import Stranger

Files = Annotated[list[Path], typer.Argument(metavar="FILE")]
May = Annotated[str, typer.Option("--may")]
Neighbours = Annotated[bool, typer.Option("--neighbours")]


def import_(desk: Desk, files: Files, signing: Signing, *, apply: Apply = False, out: Out = None) -> Exit:
    """Show what the sheets would change; with ``--apply``, change it."""
    with office(desk.settings) as at, progress(desk) as tell:
        order = ordered(desk, at, signing)
        sheets = sheets_of(files, tell)
        done = changed(at, order, proposing_of(desk, sheets, tell), apply=apply)
    return told(desk, *done, apply=apply, out=out)


def diff(desk: Desk, files: Files, signing: Signing, out: Out = None) -> Exit:
    """Show what the sheets would change, and nothing else."""
    return import_(desk, files, signing, apply=False, out=out)


def add(
    desk: Desk, address: str, unit: str, signing: Signing, *, may: May = "", neighbours: Neighbours = False
) -> Exit:
    """Map one address to a unit, named by its id, short name or code; its neighbours too, if asked."""
    with office(desk.settings) as at:
        order = ordered(desk, at, signing)
        found = _unit(desk, at, unit)
        near = _neighbours(at, address)
        every = [address, *(one.address for one in near if neighbours)]
        sheet = _rows_of(every, found.id, may)
        done, applied = changed(at, order, proposing_of(desk, [sheet]), apply=True)
        if done.mistakes:
            raise Stop(Exit.MISTAKE, "map.refused", reason=worded(desk, done.mistakes[0].why))
        if applied.change is None:  # mapped before, yet its mails may still wait
            applied = replace(applied, released=let_go(at, every, order.signed))
    _tell_added(desk, every, found, applied)
    if not neighbours:
        _offer(desk, near, found)
    return Exit.OK


def proposing_of(desk: Desk, sheets: Sequence[Sheet], tell: Told = silently) -> Proposing:
    """What proposes these sheets within a transaction."""
    new = replace(cells.NEW, accepts_itself=desk.settings.books.automatic_acceptance)

    def proposing(tx: Connection, within: Unit | None) -> Diff:
        tell("map.comparing", 0, 0)
        return propose(sheets, directory.around(tx, sheets), own_names(desk.settings), new, within)

    return proposing


def _rows_of(addresses: Sequence[str], unit: str, may: str) -> Sheet:
    given = {"unit": unit} | ({"may": may} if may else {})
    rows = (Row(Place("", n), given | {"address": address}) for n, address in enumerate(addresses, 1))
    return Sheet(Table.ADDRESSES, tuple(rows))


def _unit(desk: Desk, at: Office, name: str) -> Unit:
    with at.database.transaction() as tx:
        found = unit_named(at.directories.load(tx), name, today(desk))
    if found is None:
        raise Stop(Exit.NOT_FOUND, "map.no-unit", unit=name)
    return found


def _neighbours(at: Office, address: str) -> list[Stranger]:
    """Senders of the same domain who wait for being mapped, too."""
    with at.database.transaction() as tx:
        return strangers.neighbours(tx, address)


def _tell_added(desk: Desk, addresses: Sequence[str], unit: Unit, applied: Applied) -> None:
    for address in addresses:
        record = {"address": fold(address), "unit": unit.id, "change": applied.change}
        key = "map.added" if applied.change else "map.known"
        desk.answer(record | {"released": list(applied.released)}, key, name=unit.name)
    if applied.released:
        desk.say("map.released", count=len(applied.released))
    if applied.change:
        desk.say("map.undo", change=applied.change)


def _offer(desk: Desk, near: Sequence[Stranger], unit: Unit) -> None:
    """The same answer for those of the same domain who wait, too."""
    if not near:
        return
    desk.say("map.neighbours", count=len(near), name=unit.name)
    for one in near:
        record = {"neighbour": one.address, "unit": unit.id, "mails": one.mails}
        desk.answer(record | {"command": f"lienthong map add {one.address} {unit.id}"}, "map.neighbour")
    desk.say("map.neighbours-all", address=near[0].address, unit=unit.id)
