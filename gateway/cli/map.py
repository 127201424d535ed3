"""``lienthong map who|where|tree``: what the directory answers.

Promises:  every answer comes with its reason, for today or for any day that is asked.
Never:     changes the directory (``roster`` does).
Fails:     Stop with exit status 3 for what the directory does not know, 2 for what is not a day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Annotated

import typer

from gateway.app import office
from gateway.cli.desk import Desk, Exit, Stop
from mailmap.directory.answers import Leads, Where, Who
from mailmap.directory.directory import Snapshot
from mailmap.directory.unit import Unit
from storage import directory

On = Annotated[str | None, typer.Option("--on", metavar="YYYY-MM-DD")]
Sender = Annotated[str | None, typer.Option("--from")]
Depth = Annotated[int, typer.Option("--depth", min=0)]
Top = Annotated[str | None, typer.Argument()]

_TREE = ("unit_name", "short", "contact")


def who(desk: Desk, address: str, on: On = None) -> Exit:
    """Whose address it is, and what it may do."""
    day = _day(desk, on)
    with _directory(desk) as there:
        found = there.who(address, day)
    desk.answer(_who(desk, found, day), "map.who" if found.unit else "map.nobody")
    return Exit.OK if found.unit else Exit.NOT_FOUND


def where(desk: Desk, recipient: str, sender: Sender = None, on: On = None) -> Exit:
    """Where a mail to it would go; with ``--from`` also who would be sending."""
    day = _day(desk, on)
    with _directory(desk) as there:
        found, by = there.where(recipient, day), there.who(sender, day) if sender else None
    record = _where(desk, found, day)
    if by is None:
        desk.answer(record, "map.where")
    else:
        desk.answer({**record, "sender": _who(desk, by, day)}, "map.where-from", sender_why=desk.words.tell(by.why))
    return Exit.OK if found.leads is not Leads.UNKNOWN else Exit.NOT_FOUND


def tree(desk: Desk, top: Top = None, depth: Depth = 2, on: On = None) -> Exit:
    """The units that live on the day, each below its parent."""
    day = _day(desk, on)
    with office(desk.settings) as at, at.database.transaction() as tx:
        living = {unit.id: unit for unit in directory.all_units(tx) if unit.lives_on(day)}
    start = [unit for unit in living.values() if top in (unit.id, unit.short)] if top else _tops(living)
    if not start:
        raise Stop(Exit.NOT_FOUND, "map.no-unit", unit=top or "")
    desk.table(_TREE, (_branch(desk, unit, level) for unit, level in _walk(start, _children(living), depth)))
    return Exit.OK


@contextmanager
def _directory(desk: Desk) -> Iterator[Snapshot]:
    with office(desk.settings) as at, at.database.transaction() as tx:
        yield at.directories.load(tx)


def _day(desk: Desk, on: str | None) -> date:
    if on is None:
        return datetime.now(desk.settings.gateway.time_zone).date()
    try:
        return date.fromisoformat(on)
    except ValueError:
        raise Stop(Exit.MISTAKE, "map.no-day", on=on) from None


def _who(desk: Desk, found: Who, day: date) -> dict[str, object]:
    return {
        "address": found.address,
        "on": day,
        "unit": found.unit.id if found.unit else None,
        "unit_name": found.unit.name if found.unit else None,
        "may": sorted(found.may) if desk.json else ", ".join(desk.words.say(f"may.{may}") for may in sorted(found.may)),
        "why": desk.words.tell(found.why),
    }


def _where(desk: Desk, found: Where, day: date) -> dict[str, object]:
    unit = found.unit
    return {
        "recipient": found.recipient,
        "on": day,
        "leads": found.leads.value,
        "unit": unit.id if unit else None,
        "unit_name": unit.name if unit else None,
        "channel": unit.channel.value if unit else None,
        "contact": unit.contact if unit else None,
        "letter": found.letter,
        "why": desk.words.tell(found.why),
    }


def _branch(desk: Desk, unit: Unit, level: int) -> Mapping[str, object]:
    return {
        "id": unit.id,
        "parent": unit.parent,
        "level": level,
        "kind": unit.kind.value,
        "unit_name": unit.name if desk.json else "  " * level + unit.name,
        "short": unit.short,
        "contact": unit.contact,
    }


def _tops(living: Mapping[str, Unit]) -> list[Unit]:
    return [unit for unit in living.values() if unit.parent not in living]


def _children(living: Mapping[str, Unit]) -> Mapping[str, Sequence[Unit]]:
    children: dict[str, list[Unit]] = {}
    for unit in living.values():
        children.setdefault(unit.parent or "", []).append(unit)
    return children


def _walk(
    units: Sequence[Unit], children: Mapping[str, Sequence[Unit]], depth: int, level: int = 0
) -> Iterator[tuple[Unit, int]]:
    """Every unit with how deep it lies, parents before their children; the roster lets no circle in."""
    for unit in units:
        yield unit, level
        if level < depth:
            yield from _walk(children.get(unit.id, ()), children, depth, level + 1)
