"""The tables of who is who: read as a directory, changed by diffs, each change remembered.

Promises:  ``apply`` writes a whole diff and its row of history, or nothing, and writers wait for each other: the newest
           ``directory_changes.id`` tells the state of units, addresses and successions.
Never:     judges a diff (``mailmap.directory.roster`` does); commits.
Fails:     BadDiff for a diff with mistakes; the database's own exceptions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import ARRAY, insert

from mailmap.directory.address import Address, Form, May, fold
from mailmap.directory.changes import Change, Diff, Thing, key_of
from mailmap.directory.index import MemoryIndex, names_of
from mailmap.directory.naming import key, keys
from mailmap.directory.proof import Proof
from mailmap.directory.roster import asked_of
from mailmap.directory.sheet import Sheet
from mailmap.directory.succession import Succession, Turn
from mailmap.directory.unit import Channel, Unit, UnitKind, Way
from storage.directory_history import Signature, remember
from storage.schema import addresses, directory_changes, successions, units
from storage.trouble import Permanent

__all__ = [
    "BadDiff", "Signature", "all_addresses", "all_successions", "all_units", "alone", "apply", "around", "in_use",
    "mappings_of", "put", "remember", "state", "successions_of", "units_of", "units_where",
]  # fmt: skip

_JOIN = "\x1f"  # SQLAlchemy takes longer over an array than over all the rest: arrays come as text


def _text_of(array: sa.ColumnElement[Any], separator: str = _JOIN) -> sa.ColumnElement[str]:
    return sa.func.array_to_string(array, separator)


_PLAIN = [column for column in units.c if column.name not in {"other_names", "fallback", "named", "called"}]
_UNIT = (*_PLAIN, _text_of(units.c.other_names), _text_of(units.c.fallback))
_MAPPING = (
    addresses.c.address,
    addresses.c.unit,
    _text_of(addresses.c.may, " "),
    addresses.c.role,
    addresses.c.valid_from,
    addresses.c.valid_until,
    addresses.c.form,
    addresses.c.needs,
)
_KEYS: Mapping[type, tuple[sa.Column[str], sa.Column[date]]] = {
    Unit: (units.c.id, units.c.valid_from),
    Address: (addresses.c.address, addresses.c.valid_from),
    Succession: (successions.c.unit, successions.c.on),
}


class BadDiff(Permanent):
    """A diff with mistakes cannot be applied."""


def state(tx: Connection) -> int:
    """The number of the newest change; 0 before the first."""
    return int(tx.execute(sa.select(sa.func.coalesce(sa.func.max(directory_changes.c.id), 0))).scalar_one())


def apply(tx: Connection, diff: Diff, signed: Signature) -> int | None:
    """Write all changes and one row of history; its number, None when nothing changed. True at the caller's commit."""
    if diff.mistakes:
        raise BadDiff(f"the diff has {len(diff.mistakes)} mistakes")
    if not diff.changes:
        return None
    alone(tx)
    _take_away(tx, diff.removed())
    put(tx, diff.units(), diff.addresses(), diff.successions())
    return remember(tx, [_told(change) for change in diff.changes], signed)


def put(
    tx: Connection, some: Iterable[Unit] = (), mappings: Iterable[Address] = (), steps: Iterable[Succession] = ()
) -> None:
    """Write these units, mappings and successions over what stands under the same keys; no history, no judging."""
    _put(tx, units, [_row(unit) for unit in some], ("id", "valid_from"))
    _put(tx, addresses, [_row(mapping) for mapping in mappings], ("address", "valid_from"))
    _put(tx, successions, [asdict(step) for step in steps], ("unit", "on"))


def _take_away(tx: Connection, things: Iterable[Thing]) -> None:
    for thing in things:
        name, on = key_of(thing)
        named, since = _KEYS[type(thing)]
        tx.execute(sa.delete(named.table).where(named == name, since == on))


def alone(tx: Connection) -> None:
    """Keep every other writer of the directory out until the caller's commit; readers are not disturbed.

    Without it two changes could commit in another order than their numbers, and a reader would miss the first.
    """
    tx.execute(sa.text("LOCK TABLE units IN SHARE ROW EXCLUSIVE MODE"))


def all_units(tx: Connection) -> Iterator[Unit]:
    """Every unit of all days, by id and period."""
    query = sa.select(*_UNIT).order_by(units.c.id, units.c.valid_from).execution_options(yield_per=2000)
    return (_unit(row) for row in tx.execute(query))


def all_addresses(tx: Connection) -> Iterator[Address]:
    """Every mapping of all days, by address."""
    query = sa.select(*_MAPPING).order_by(addresses.c.address, addresses.c.valid_from)
    return (_mapping(row) for row in tx.execute(query.execution_options(yield_per=2000)))


def all_successions(tx: Connection) -> Iterator[Succession]:
    """Everything that became of units, by unit and day."""
    return (_succession(row) for row in tx.execute(sa.select(successions).order_by("unit", "on")))


def units_of(tx: Connection, ids: Collection[str]) -> list[Unit]:
    """Every period of these units, by id and period."""
    return units_where(tx, _one_of(units.c.id, ids)) if ids else []


def mappings_of(tx: Connection, mailboxes: Collection[str]) -> list[Address]:
    """Every mapping of these addresses, by address and period."""
    found = _mappings(tx, mailboxes) if mailboxes else []
    return sorted(found, key=lambda mapping: (mapping.address, mapping.valid_from))


def successions_of(tx: Connection, ids: Collection[str]) -> list[Succession]:
    """Everything that became of these units, by unit and day."""
    query = sa.select(successions).where(_one_of(successions.c.unit, ids))
    found = [_succession(row) for row in tx.execute(query)] if ids else []
    return sorted(found, key=lambda step: (step.unit, step.on))


_IN_USE = sa.text(
    "SELECT id FROM unnest(CAST(:ids AS text[])) AS w(id) WHERE"
    " EXISTS (SELECT FROM documents WHERE origin = w.id) OR EXISTS (SELECT FROM deliveries WHERE unit = w.id)"
    " OR EXISTS (SELECT FROM entries WHERE unit = w.id) OR EXISTS (SELECT FROM books WHERE unit = w.id)"
)


def in_use(tx: Connection, unit_ids: Collection[str]) -> set[str]:
    """Those of these units that documents, deliveries, entries or books refer to: such a unit must stay."""
    return set(tx.execute(_IN_USE, {"ids": sorted(unit_ids)}).scalars())


def around(tx: Connection, sheets: Sequence[Sheet]) -> MemoryIndex:
    """All that ``propose`` will ask about these sheets, every unit above, and every unit that followed."""
    asked = asked_of(sheets)
    mappings = _mappings(tx, asked.addresses)
    wanted = asked.units | {mapping.unit for mapping in mappings} | asked.cells | set(map(fold, asked.cells))
    ids = {*wanted, *_having(tx, "called", asked.names), *_having(tx, "named", wanted)}
    ids |= _having(tx, "called", _unknown(tx, asked.cells))
    ending = asked.ending | _having(tx, "named", asked.ending) | _having(tx, "called", asked.ending_names)
    ids |= set(tx.execute(sa.select(units.c.id).where(_one_of(units.c.parent, ending))).scalars())
    looked: set[str] = set()
    known: list[Unit] = []
    steps: list[Succession] = []
    while ids := ids - looked:
        looked |= ids
        found = units_of(tx, ids)
        follow = successions_of(tx, ids)
        known, steps = known + found, steps + follow
        ids = {unit.parent for unit in found if unit.parent} | {step.successor for step in follow if step.successor}
    return MemoryIndex(known, mappings, steps)


def _one_of(column: sa.ColumnElement[str], values: Collection[str]) -> sa.ColumnElement[bool]:
    return column == sa.any_(sa.cast(sorted(values), ARRAY(sa.Text)))  # one parameter, however many values


_KNOWN = "SELECT w.name FROM unnest(CAST(:names AS text[])) AS w(name) JOIN units u ON u.named @> ARRAY[w.name]"
_HAVING = "SELECT u.id FROM unnest(CAST(:names AS text[])) AS w(name) JOIN units u ON u.{0} @> ARRAY[w.name]"


def _having(tx: Connection, column: str, names: Collection[str]) -> set[str]:
    """The units that have one of these among their names of that kind: one look into the index for each.

    An overlap of arrays would compare each unit with all the names, once there are many.
    """
    return set(tx.execute(sa.text(_HAVING.format(column)), {"names": sorted(names)}).scalars())


def _unknown(tx: Connection, texts: Collection[str]) -> set[str]:
    """The keys of those texts that are no unit's id, short name or code, and so may be its name."""
    folded = sorted({fold(text) for text in texts})
    known = set(tx.execute(sa.select(units.c.id).where(_one_of(units.c.id, texts))).scalars())
    known |= set(tx.execute(sa.text(_KNOWN), {"names": folded}).scalars())
    return {key(text) for text in texts if text not in known and fold(text) not in known} - {""}


def units_where(tx: Connection, which: sa.ColumnElement[bool]) -> list[Unit]:
    """Every unit of which this holds, by id and period, in the order of code points."""
    found = [_unit(row) for row in tx.execute(sa.select(*_UNIT).where(which))]
    return sorted(found, key=lambda unit: (unit.id, unit.valid_from))  # the database's order is its locale's


def _mappings(tx: Connection, mailboxes: Collection[str]) -> list[Address]:
    query = sa.select(*_MAPPING).where(_one_of(addresses.c.address, mailboxes)).order_by(addresses.c.valid_from)
    return [_mapping(row) for row in tx.execute(query)]


def _unit(row: Sequence[Any]) -> Unit:
    id_, name, kind, short, parent, contact, channel, book, accepts, *rest = row
    valid_from, valid_until, organ_id, qcvn_id, tax_code, basis, other_names, fallback = rest
    kinds = UnitKind(kind), short, parent, contact, Channel(channel), book, accepts
    codes = organ_id, qcvn_id, tax_code, _apart(other_names), tuple(map(_way, _apart(fallback)))
    return Unit(id_, name, *kinds, valid_from, valid_until, *codes, basis)


def _mapping(row: Sequence[Any]) -> Address:
    address, unit, may, role, valid_from, valid_until, form, needs = row
    return Address(address, unit, _rights(may), role, valid_from, valid_until, Form(form), Proof(needs))


def _succession(row: Sequence[Any]) -> Succession:
    unit, on, turn, successor, basis = row
    return Succession(unit, on, Turn(turn), successor, basis)


def _apart(joined: str) -> tuple[str, ...]:
    return tuple(joined.split(_JOIN)) if joined else ()


def _way(text: str) -> Way:
    channel, _, to = text.partition(":")
    return Way(Channel(channel), to)


@cache
def _rights(words: str) -> frozenset[May]:
    return frozenset(map(May, words.split()))


def _row(thing: Unit | Address) -> dict[str, Any]:
    if isinstance(thing, Address):
        return asdict(thing) | {"may": sorted(thing.may), "needs": int(thing.needs)}
    ways = [f"{way.channel}:{way.to}" for way in thing.fallback]
    found = {"named": list(names_of(thing)), "called": list(keys(thing.name, *thing.other_names))}
    return asdict(thing) | {"other_names": list(thing.other_names), "fallback": ways} | found


def _put(tx: Connection, table: sa.Table, rows: list[dict[str, Any]], key: Sequence[str]) -> None:
    if not rows:
        return
    statement = insert(table)
    new = {name: statement.excluded[name] for name in rows[0] if name not in key}
    tx.execute(statement.on_conflict_do_update(index_elements=key, set_=new), rows)


def _told(change: Change) -> dict[str, Any]:
    """A change as JSON: enough to show it, and to undo it."""
    before, after = change.before and _plain(change.before), change.after and _plain(change.after)
    about = {"table": _KEYS[type(change.thing)][0].table.name, "place": f"{change.place.file}:{change.place.line}"}
    return about | {"effect": change.effect, "before": before, "after": after}


def _plain(thing: Thing) -> dict[str, Any]:
    row = asdict(thing) if isinstance(thing, Succession) else _row(thing)
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
