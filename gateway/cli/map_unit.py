"""``lienthong map unit``: everything about one unit, on one page.

Promises:  its periods, names, codes, ways in, addresses with their rights, its place in the tree, whom it followed and
           who follows it, its books, and when it was last heard from; with --json all of it as one object.
Never:     changes anything.
Fails:     Stop with exit status 3 for a unit nobody knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection

from gateway.app import office
from gateway.cli.desk import Desk, Exit, Stop
from gateway.cli.map import unit_named
from gateway.cli.map_days import On, day_of, told
from gateway.cli.map_steps import say_steps, steps_of
from mailmap.directory.address import Address
from mailmap.directory.directory import Snapshot
from mailmap.directory.succession import Standing
from mailmap.directory.unit import Unit
from storage import dossier

Record = dict[str, object]

_PERIODS = ("valid_from", "valid_until", "unit_name", "short", "parent_name", "basis")
_ADDRESSES = ("address", "role", "may", "form", "valid_from", "valid_until")
_BOOKS = ("year", "direction", "count", "last")
_NAMED = 8  # children named on the page; --json names them all


def unit(desk: Desk, unit: str, on: On = None) -> Exit:
    """The unit as it is on the day, and all that was before and after."""
    day = day_of(desk, on)
    with office(desk.settings) as at, at.database.transaction() as tx:
        there = at.directories.load(tx)
        found = unit_named(there, unit, day)
        if found is None:
            raise Stop(Exit.NOT_FOUND, "map.no-unit", unit=unit)
        record = _record(desk, there, found, day) | _around(desk, tx, there, found)
    if desk.json:
        desk.answer(record, "unit.head")
    else:
        _page(desk, found, record)
    return Exit.OK


def _record(desk: Desk, there: Snapshot, unit: Unit, day: date) -> Record:
    return {
        "unit": unit.id,
        "on": day,
        "unit_name": unit.name,
        "kind": unit.kind.value,
        "lives": unit.lives_on(day),
        "short": unit.short,
        "recipients": _recipients(there, unit),
        "other_names": list(unit.other_names),
        "codes": _codes(desk, unit),
        "ways": [f"{way.channel}:{way.to}" if way.to else way.channel.value for way in unit.ways()],
        "book": unit.book,
        "accepts_itself": unit.accepts_itself,
        "now": None if unit.lives_on(day) else _heir(there, unit, day),
        "above": [_named(one) for one in _above(there, unit, day)],
        "below": [_named(one) for one in there.index.below(unit.id) if one.lives_on(day)],
        "periods": [_period(desk, there, one) for one in there.index.unit(unit.id)],
    }


def _around(desk: Desk, tx: Connection, there: Snapshot, unit: Unit) -> Record:
    heard = dossier.heard(tx, unit.id)
    return {
        "addresses": [_address(desk, one) for one in dossier.mailboxes(tx, unit.id)],
        "before": steps_of(desk, there, dossier.predecessors(tx, unit.id)),
        "after": steps_of(desk, there, there.index.ended(unit.id)),
        "books": [_book(desk, one) for one in dossier.books(tx, unit.id)],
        "sent_at": _moment(desk, heard.sent),
        "handled_at": _moment(desk, heard.handled),
    }


def _page(desk: Desk, unit: Unit, record: Record) -> None:
    never = desk.words.say("unit.never")
    kind = desk.words.say(f"kind.{unit.kind}")
    desk.say("unit.head", name=unit.name, id=unit.id, kind=kind)
    desk.page(
        {
            "recipients": record["recipients"],
            "other_names": record["other_names"],
            "codes": record["codes"],
            "ways": record["ways"] or desk.words.say("unit.no-way"),
            "now": record["now"],
            "above": [one["unit_name"] for one in _listed(record["above"])],
            "below": _children(desk, _listed(record["below"])),
            "book": desk.yes(unit.book),
            "accepts_itself": desk.yes(unit.accepts_itself),
            "sent_at": record["sent_at"] or never,
            "handled_at": record["handled_at"] or never,
        }
    )
    for title, columns, rows in (
        ("unit.periods", _PERIODS, _listed(record["periods"])),
        ("unit.addresses", _ADDRESSES, _listed(record["addresses"])),
        ("unit.books", _BOOKS, _listed(record["books"])),
    ):
        if rows:
            desk.say(title, count=len(rows))
            desk.table(columns, rows)
    for title, steps in (("unit.before", _listed(record["before"])), ("unit.after", _listed(record["after"]))):
        if steps:
            desk.say(title)
            say_steps(desk, steps)


def _listed(some: object) -> list[Record]:
    return some if isinstance(some, list) else []


def _children(desk: Desk, below: Sequence[Record]) -> str:
    if not below:
        return ""
    names = ", ".join(str(one["unit_name"]) for one in below[:_NAMED])
    rest = len(below) - _NAMED
    return desk.words.say("unit.children", count=len(below), names=names) + (
        desk.words.say("unit.more", count=rest) if rest > 0 else ""
    )


def _recipients(there: Snapshot, unit: Unit) -> list[str]:
    domain = min(there.own.domains, default="")
    names = (unit.short, unit.organ_id, unit.qcvn_id, unit.tax_code)
    return [f"{name.casefold()}@{domain}" for name in names if name]


def _codes(desk: Desk, unit: Unit) -> list[str]:
    codes = {"organ_id": unit.organ_id, "qcvn_id": unit.qcvn_id, "tax_code": unit.tax_code}
    return [f"{desk.words.say(f'column.{name}')} {code}" for name, code in codes.items() if code]


def _above(there: Snapshot, unit: Unit, day: date) -> list[Unit]:
    """Its parent, the parent's parent, and so on."""
    found: list[Unit] = []
    above = there.unit(unit.parent, day) if unit.parent else None
    while above is not None and above not in found:
        found.append(above)
        above = there.unit(above.parent, day) if above.parent else None
    return found


def _heir(there: Snapshot, unit: Unit, day: date) -> str | None:
    """Who stands for it on that day."""
    found = there.successors(unit.id, day)
    return f"{found.unit.name} ({found.unit.id})" if found.standing is Standing.LIVES and found.unit else None


def _named(unit: Unit) -> Record:
    return {"unit": unit.id, "unit_name": unit.name}


def _period(desk: Desk, there: Snapshot, unit: Unit) -> Record:
    above = there.unit(unit.parent, unit.valid_from) if unit.parent else None
    return {
        "valid_from": told(desk, unit.valid_from),
        "valid_until": told(desk, unit.valid_until),
        "unit_name": unit.name,
        "short": unit.short,
        "parent": unit.parent,
        "parent_name": above.name if above else "",
        "basis": unit.basis,
    }


def _address(desk: Desk, mapping: Address) -> Record:
    may = sorted(mapping.may)
    return {
        "address": mapping.address,
        "role": mapping.role,
        "may": may if desk.json else ", ".join(desk.words.say(f"may.{one}") for one in may),
        "form": mapping.form.value if desk.json else desk.words.say(f"form.{mapping.form}"),
        "needs": mapping.needs.name.lower(),
        "valid_from": told(desk, mapping.valid_from),
        "valid_until": told(desk, mapping.valid_until),
    }


def _book(desk: Desk, book: dossier.Book) -> Record:
    direction = book.direction if desk.json else desk.words.say(f"direction.{book.direction}")
    return {"year": book.year, "direction": direction, "count": book.count, "last": book.last}


def _moment(desk: Desk, at: datetime | None) -> object:
    return at if desk.json or at is None else desk.when(at)
