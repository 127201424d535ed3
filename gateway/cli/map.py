"""``lienthong map who|where|tree``: what the directory answers.

Promises:  every answer comes with its reason and each step that led to it, for today or for any day that is asked.
Never:     changes the directory (``roster`` does).
Fails:     Stop with exit status 3 for what the directory does not know, 2 for what is not a day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Annotated

import typer

from gateway.app import office
from gateway.cli.desk import Desk, Exit, Stop
from gateway.cli.map_days import On, day_of
from gateway.cli.map_found import tell_found
from gateway.cli.map_steps import say_steps, steps_of
from mailmap.directory.address import fold
from mailmap.directory.answers import Leads, Where, Who
from mailmap.directory.directory import Snapshot
from mailmap.directory.index import names_of
from mailmap.directory.unit import Unit
from storage import directory

Sender = Annotated[str | None, typer.Option("--from")]
Depth = Annotated[int, typer.Option("--depth", min=0)]
Top = Annotated[str | None, typer.Argument()]

_TREE = ("unit_name", "kind", "short", "contact")


def who(desk: Desk, address: str, on: On = None) -> Exit:
    """Whose address it is, and what it may do."""
    day = day_of(desk, on)
    with opened_directory(desk) as there:
        found = there.who(address, day)
        steps = steps_of(desk, there, found.steps)
    desk.answer({**_who(desk, found, day), "steps": steps}, "map.who" if found.unit else "map.nobody")
    say_steps(desk, steps)
    return Exit.OK if found.unit else Exit.NOT_FOUND


def where(desk: Desk, recipient: str, sender: Sender = None, on: On = None) -> Exit:
    """Where a mail to this address would go, or what these names of recipients mean; ``--from`` says who writes."""
    day = day_of(desk, on)
    with opened_directory(desk) as there:
        by = there.who(sender, day) if sender and "@" in sender else None
        if "@" in recipient:
            return _address(desk, there, there.where(recipient, day), by, day)
        unit = unit_named(there, sender, day) if sender and not by else by.unit if by else None
        if sender and unit is None:
            desk.complain("map.no-sender", sender=sender)
        return tell_found(desk, there, there.find(recipient, unit, day), day)


def tree(desk: Desk, top: Top = None, depth: Depth = 2, on: On = None) -> Exit:
    """The units that live on the day, each below its parent."""
    day = day_of(desk, on)
    with office(desk.settings) as at, at.database.transaction() as tx:
        living = {unit.id: unit for unit in directory.all_units(tx) if unit.lives_on(day)}
    called = fold(top or "")
    start = [unit for unit in living.values() if called in (unit.id, *names_of(unit))] if top else _tops(living)
    if not start:
        raise Stop(Exit.NOT_FOUND, "map.no-unit", unit=top or "")
    desk.table(_TREE, (_branch(desk, unit, level) for unit, level in _walk(start, _children(living), depth)))
    return Exit.OK


@contextmanager
def opened_directory(desk: Desk) -> Iterator[Snapshot]:
    """The directory as it is now, for the block."""
    with office(desk.settings) as at, at.database.transaction() as tx:
        yield at.directories.load(tx)


def unit_named(there: Snapshot, name: str, day: date) -> Unit | None:
    """The unit with that id, short name or code."""
    return there.unit(name, day) or there.named(name, day)


def _address(desk: Desk, there: Snapshot, found: Where, by: Who | None, day: date) -> Exit:
    steps = steps_of(desk, there, found.steps)
    record = {**_where(desk, found, day), "steps": steps}
    if by is None:
        desk.answer(record, "map.where")
    else:
        told = {**record, "sender": _who(desk, by, day)}
        desk.answer(told, "map.where-from", sender_why=desk.words.tell(by.why))
    say_steps(desk, steps)
    return Exit.OK if found.leads is not Leads.UNKNOWN else Exit.NOT_FOUND


def _who(desk: Desk, found: Who, day: date) -> dict[str, object]:
    may = sorted(found.may) if desk.json else ", ".join(desk.words.say(f"may.{may}") for may in sorted(found.may))
    return {
        "address": found.address,
        "on": day,
        "unit": found.unit.id if found.unit else None,
        "unit_name": found.unit.name if found.unit else None,
        "may": may,
        "needs": found.needs.name.lower(),
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
        "kind": unit.kind.value if desk.json else desk.words.say(f"kind.{unit.kind}"),
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
