"""``lienthong map undo``: a change of the directory taken back by its number.

Promises:  shows first what would be as it was; with ``--apply`` does it, as one more change that can be taken back too.
           What was changed again later, and units that are in use by now, are told as conflicts.
Never:     takes back part of a change; forgets the change that is taken back.
Fails:     exit status 3 for a number that no change has, 2 with conflicts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Annotated

import typer
from sqlalchemy import Connection

from gateway.app import Office, office
from gateway.cli.desk import Desk, Exit, Stop
from gateway.cli.map_change import Apply, Out, Signing, changed, ordered, told
from mailmap.directory.address import Address
from mailmap.directory.answers import Sentence
from mailmap.directory.changes import Diff
from mailmap.directory.delegation import outside
from mailmap.directory.draft import Draft
from mailmap.directory.index import Index
from mailmap.directory.sheet import Mistake, Table
from mailmap.directory.undo import added_units, inverse, thing_of
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
    diff = inverse(past.diff, index, _used(tx, past.diff).__contains__)
    draft = Draft(index, [change.after for change in diff.changes if change.after is not None], diff.removed())
    wrong = [*diff.mistakes, *_left_behind(diff, draft), *(_outside(diff, index, draft, within) if within else ())]
    return replace(diff, mistakes=tuple(wrong))


def _used(tx: Connection, told_then: Sequence[Told]) -> set[str]:
    """The units which that change added, and which documents or addresses of other changes name by now."""
    units = added_units(told_then)
    things = (thing_of(Table(str(one["table"])), one["after"]) for one in told_then)
    own = {thing.address for thing in things if isinstance(thing, Address)}
    mapped = {unit for unit in units for one in dossier.mailboxes(tx, unit) if one.address not in own}
    return directory.in_use(tx, units) | mapped


def _left_behind(diff: Diff, draft: Draft) -> Iterator[Mistake]:
    """Units below one that would be gone."""
    for change in diff.changes:
        unit = change.before if change.after is None else None
        if isinstance(unit, Unit) and not draft.unit(unit.id) and draft.below(unit.id):
            yield Mistake(change.place, Sentence.of("roster.in-use", unit=unit.name))


def _outside(diff: Diff, index: Index, draft: Draft, within: Unit) -> Iterator[Mistake]:
    for change in diff.changes:
        yield from (Mistake(change.place, why) for why in outside(change, index, draft, within))
