"""``lienthong map undo``: a change of the directory taken back by its number.

Promises:  shows first what would be as it was; with ``--apply`` does it, as one more change that can be taken back too.
           What was changed again later, and units that are in use by now, are told as conflicts.
Never:     takes back part of a change; forgets the change that is taken back.
Fails:     exit status 3 for a number that no change has, 2 with conflicts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from sqlalchemy import Connection

from gateway.app import Office, office, own_names
from gateway.cli.desk import Desk, Exit, Stop
from gateway.cli.map_change import Apply, Out, Signing, changed, ordered, told
from mailmap.directory.changes import Diff
from mailmap.directory.undo import added_units, inverse, needed
from mailmap.directory.unit import Unit
from storage import directory, directory_history, dossier
from storage.directory_history import NoSuchChange, Told

Number = Annotated[int, typer.Argument(min=1)]


def undo(desk: Desk, number: Number, signing: Signing, *, apply: Apply = False, out: Out = None) -> Exit:
    """Show what takes that change back; with ``--apply``, take it back."""
    with office(desk.settings) as at:
        order = ordered(desk, at, signing)
        done = changed(at, order, lambda tx, within: _inverse(at, tx, number, within), apply=apply)
    return told(desk, *done, apply=apply, out=out)


def _inverse(at: Office, tx: Connection, number: int, within: Unit | None) -> Diff:
    try:
        past = directory_history.change(tx, number)
    except NoSuchChange:
        raise Stop(Exit.NOT_FOUND, "map.no-change", change=number) from None
    index = at.directories.load(tx).index
    used = _used(tx, past.diff)
    return inverse(past.diff, index, used.__contains__, own_names(at.settings), within)


def _used(tx: Connection, told_then: Sequence[Told]) -> set[str]:
    """The units which that change added, and which documents, or addresses of other changes, name by now."""
    units = added_units(told_then)
    mappings = [mapping for unit in units for mapping in dossier.mailboxes(tx, unit)]
    return directory.in_use(tx, units) | needed(mappings, told_then)
