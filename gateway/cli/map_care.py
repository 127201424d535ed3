"""``lienthong map check|care``: the whole directory judged, and what in it needs looking after.

Promises:  ``check`` judges everything that is known as if it were imported now. ``care`` lists units without a way in,
           addresses that bounce or were never heard from, silent units and shared names, each with what to do next.
Never:     changes anything.
Fails:     ``check`` ends with exit status 2 when something is wrong; 3 for a unit that is not there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer
from sqlalchemy import Connection

from gateway.app import office, own_names
from gateway.cli.desk import Desk, Exit, Stop
from gateway.cli.map import unit_named
from gateway.cli.map_days import today, told
from gateway.cli.map_diff import CONFLICTS, name_of, worded
from gateway.cli.map_sheets import Told, progress
from mailmap.directory.address import Address
from mailmap.directory.answers import Sentence
from mailmap.directory.changes import Thing
from mailmap.directory.directory import OwnNames
from mailmap.directory.index import MemoryIndex
from mailmap.directory.judging import worth_a_look, wrongs
from mailmap.directory.succession import Succession
from mailmap.directory.unit import Unit
from storage import care as caring
from storage import directory
from storage.care import Bouncing, Scope, Shared, Unheard

Days = Annotated[int, typer.Option("--days", min=1, max=3650)]
Below = Annotated[str | None, typer.Option("--unit")]
Record = Mapping[str, object]
SHOWN = 20  # rows of a list on a terminal; --json has them all

_CHECKED = ("effect", "what", "why")
_COLUMNS = {
    "wayless": ("unit_name", "unit"),
    "bouncing": ("address", "unit_name", "count", "since", "peer"),
    "silent": ("unit_name", "unit", "last_heard"),
    "unheard": ("address", "unit_name", "role", "valid_from"),
    "shared": ("key", "count", "bearers"),
}
_OFTEN = 1000


def check(desk: Desk) -> Exit:
    """Judge the whole directory."""
    with office(desk.settings) as at, progress(desk) as tell:
        with at.database.transaction() as tx:
            things = _everything(tx)
        found = [*_judged(desk, things, own_names(desk.settings), tell)]
    if found:
        desk.table(_CHECKED, found)
    wrong = sum(row["change"] != "warning" for row in found)
    record = {"checked": len(things), "mistakes": wrong, "warnings": len(found) - wrong}
    desk.answer(record, "map.checked" if wrong else "map.sound")
    return Exit.MISTAKE if wrong else Exit.OK


def care(desk: Desk, days: Days = 30, unit: Below = None) -> Exit:
    """Every list that is not empty."""
    with office(desk.settings) as at, at.database.transaction() as tx:
        there, day = at.directories.load(tx), today(desk)
        top = unit_named(there, unit, day) if unit else None
        if unit and top is None:
            raise Stop(Exit.NOT_FOUND, "map.no-unit", unit=unit)
        lists = _lists(desk, tx, Scope(day, top.id if top else None), days)
    for name, rows in lists.items():
        _tell(desk, name, rows, days)
    if not any(lists.values()):
        desk.say("care.nothing")
    return Exit.OK


def _everything(tx: Connection) -> list[Thing]:
    return [*directory.all_units(tx), *directory.all_addresses(tx), *directory.all_successions(tx)]


def _judged(desk: Desk, things: Sequence[Thing], own: OwnNames, tell: Told) -> Iterator[Record]:
    """Everything that is wrong, or worth a look, with each thing."""
    units = [thing for thing in things if isinstance(thing, Unit)]
    mappings = [thing for thing in things if isinstance(thing, Address)]
    there = MemoryIndex(units, mappings, [thing for thing in things if isinstance(thing, Succession)])
    names = {unit.id: unit.name for unit in units}
    for number, thing in enumerate(things):
        if number % _OFTEN == 0:
            tell("map.judging", number, len(things))
        for why in wrongs(there, thing, own):
            yield _wrong(desk, name_of(desk, thing, names), why, "conflict" if why.key in CONFLICTS else "mistake")
        for why in worth_a_look(there, thing):
            yield _wrong(desk, name_of(desk, thing, names), why, "warning")


def _wrong(desk: Desk, what: str, why: Sentence, kind: str) -> Record:
    effect = kind if desk.json else desk.words.say(f"effect.{kind}")
    return {"effect": effect, "change": kind, "what": what, "error": why.key, "why": worded(desk, why)}


def _lists(desk: Desk, tx: Connection, scope: Scope, days: int) -> Mapping[str, Sequence[Record]]:
    """Each list by its name, as rows."""
    return {
        "wayless": [{"unit": one.unit, "unit_name": one.name} for one in caring.wayless(tx, scope)],
        "bouncing": [
            {**_mailbox(one), "count": one.times, "since": _at(desk, one.since), "peer": one.words}
            for one in caring.bouncing(tx, scope)
        ],
        "silent": [
            {"unit": one.unit, "unit_name": one.name, "last_heard": _at(desk, one.last)}
            for one in caring.silent(tx, scope, days, datetime.now(UTC))
        ],
        "unheard": [
            {**_mailbox(one), "role": one.role, "valid_from": told(desk, one.mapped_from)}
            for one in caring.unheard(tx, scope)
        ],
        "shared": [{"key": one.key, "count": one.count, "bearers": _bearers(one)} for one in caring.shared(tx, scope)],
    }


def _tell(desk: Desk, name: str, rows: Sequence[Record], days: int) -> None:
    """One list: what it is, its rows, and what to do next."""
    if not rows:
        return
    desk.say(f"care.{name}", count=len(rows), days=days)
    if desk.json:
        desk.table((), ({"list": name, **row} for row in rows))
        return
    desk.table(_COLUMNS[name], rows[:SHOWN])
    if len(rows) > SHOWN:
        desk.say("care.more", count=len(rows) - SHOWN)
    desk.say(f"next.{name}")


def _mailbox(one: Bouncing | Unheard) -> Record:
    return {"address": one.address, "unit": one.unit, "unit_name": one.name}


def _bearers(one: Shared) -> list[str]:
    return [f"{name} ({unit})" for unit, name in one.bearers]


def _at(desk: Desk, moment: datetime) -> object:
    return moment if desk.json else desk.when(moment)
