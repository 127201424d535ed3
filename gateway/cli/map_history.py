"""``lienthong map history``: who changed the directory, when, why and what.

Promises:  the newest change first, each with the number by which it can be taken back; of one unit or one address all
           that concerns it, field by field.
Never:     changes anything; shows more than was asked for.
Fails:     Stop with exit status 3 when no change concerns what was asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Annotated

import typer

from gateway.app import office
from gateway.cli.desk import Desk, Exit, Stop
from gateway.cli.map import unit_named
from gateway.cli.map_days import today
from gateway.cli.map_diff import name_of, why_of
from mailmap.directory.address import fold
from mailmap.directory.changes import Change, change_of
from mailmap.directory.sheet import Place, Table
from mailmap.directory.undo import thing_of
from storage import directory_history
from storage.directory_history import Past, Told

About = Annotated[str | None, typer.Argument(metavar="UNIT|ADDRESS")]
Most = Annotated[int, typer.Option("--most", min=1, max=100_000)]

_COLUMNS = ("change", "at", "by", "reason", "what")
_FEW = 6  # changes told one by one on a terminal; of more, how many of each kind


def history(desk: Desk, about: About = None, most: Most = 20) -> Exit:
    """The newest changes, of everything or of one unit or address."""
    with office(desk.settings) as at, at.database.transaction() as tx:
        known = unit_named(at.directories.load(tx), about, today(desk)) if about and "@" not in about else None
        unit = known.id if known else about if about and "@" not in about else None
        address = fold(about) if about and "@" in about else None
        found = directory_history.history(tx, unit=unit, address=address, most=most)
    if not found and about:
        raise Stop(Exit.NOT_FOUND, "map.no-history", about=about)
    desk.table(_COLUMNS, (_record(desk, past) for past in found))
    return Exit.OK


def _record(desk: Desk, past: Past) -> dict[str, object]:
    record = {"change": past.number, "by": past.signed.by, "reason": past.signed.why}
    if desk.json:
        return {"at": past.signed.at, **record, "diff": list(past.diff)}
    return record | {"at": desk.when(past.signed.at), "what": _what(desk, past)}


def _what(desk: Desk, past: Past) -> str:
    if len(past.diff) > _FEW:
        tally = Counter((str(one["effect"]), str(one["table"])) for one in past.diff)
        parts = (
            desk.words.say(f"many.{table}", effect=desk.words.say(f"effect.{effect}"), count=count)
            for (effect, table), count in tally.items()
        )
        return ", ".join(parts)
    return "\n".join(_line(desk, change) for change in changes_of(past.diff))


def _line(desk: Desk, change: Change) -> str:
    effect = desk.words.say(f"effect.{change.effect}")
    why = "; ".join(why_of(desk, change, {}).splitlines())
    return f"{effect} {name_of(desk, change.thing, {})}: {why}"


def changes_of(diff: Sequence[Told]) -> list[Change]:
    """The changes that a row of history tells, as they were made."""
    found = []
    for told in diff:
        table = Table(str(told["table"]))
        change = change_of(Place("", 1), thing_of(table, told["before"]), thing_of(table, told["after"]))
        found += [change] if change else []
    return found
