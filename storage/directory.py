"""The tables of who is who: read as a directory, changed by diffs, each change remembered.

Promises:  ``apply`` writes a whole diff and its row of history, or nothing, and writers wait for each other: the newest
           ``directory_changes.id`` tells the state of units and addresses, so an answer is never older than the
           transaction that asked. ``Directories`` asks the tables only for what it has not been asked since.
Never:     judges a diff (``mailmap.directory.roster`` does); commits.
Fails:     BadDiff for a diff with mistakes; the database's own exceptions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import ARRAY, insert

from mailmap.directory.address import Address, May
from mailmap.directory.directory import Index, MemoryIndex, OwnNames, Snapshot
from mailmap.directory.roster import Change, Diff, asked_of
from mailmap.directory.sheet import Sheet, Table
from mailmap.directory.unit import Channel, Unit, UnitKind
from storage.database import Database
from storage.schema import addresses, directory_changes, units
from storage.trouble import Permanent

REMEMBERED = 50_000  # answers; above it the memory of this process starts anew
_UNIT = tuple(units.c)
_MAPPING = (
    addresses.c.address,
    addresses.c.unit,
    sa.func.array_to_string(addresses.c.may, " "),  # SQLAlchemy takes longer over an array than over all the rest
    addresses.c.role,
    addresses.c.valid_from,
    addresses.c.valid_until,
)
_CODE = sa.func.lower(units.c.organ_id)


class BadDiff(Permanent):
    """A diff with mistakes cannot be applied."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Who changes the directory, why, and when (UTC)."""

    by: str
    why: str
    at: datetime


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
    _put(tx, units, [_row(unit) for unit in diff.units()], ("id",))
    _put(tx, addresses, [_row(mapping) for mapping in diff.addresses()], ("address", "valid_from"))
    row = {"at": signed.at, "by": signed.by, "why": signed.why, "diff": [_told(change) for change in diff.changes]}
    return int(tx.execute(sa.insert(directory_changes).values(row).returning(directory_changes.c.id)).scalar_one())


def alone(tx: Connection) -> None:
    """Keep every other writer of the directory out until the caller's commit; readers are not disturbed.

    Without it two changes could commit in another order than their numbers, and a reader would miss the first.
    """
    tx.execute(sa.text("LOCK TABLE units IN SHARE ROW EXCLUSIVE MODE"))


def all_units(tx: Connection) -> Iterator[Unit]:
    """Every unit of all days, by short name."""
    query = sa.select(*_UNIT).order_by(units.c.short, units.c.id).execution_options(yield_per=2000)
    return (_unit(row) for row in tx.execute(query))


def all_addresses(tx: Connection) -> Iterator[Address]:
    """Every mapping of all days, by address."""
    query = sa.select(*_MAPPING).order_by(addresses.c.address, addresses.c.valid_from)
    return (_mapping(row) for row in tx.execute(query.execution_options(yield_per=2000)))


def around(tx: Connection, sheets: Sequence[Sheet]) -> MemoryIndex:
    """All that ``propose`` will ask about these sheets, and every unit above."""
    asked = asked_of(sheets)
    mappings = _mappings(tx, asked[Table.ADDRESSES])
    wanted = asked[Table.UNITS] | {mapping.unit for mapping in mappings}
    named = _one_of(units.c.id, wanted) | _one_of(units.c.short, wanted) | _one_of(_CODE, wanted)
    known = {unit.id: unit for unit in _units(tx, named)}
    while above := {unit.parent for unit in known.values() if unit.parent} - known.keys():
        found = {unit.id: unit for unit in _units(tx, _one_of(units.c.id, above))}
        if not found:
            break
        known |= found
    return MemoryIndex(known.values(), mappings)


class Directories:
    """The directory for those who have the database; for many threads of one process."""

    def __init__(self, database: Database, own: OwnNames, token_key: bytes) -> None:
        # A connection of its own: it is asked while the caller's transaction holds one of the caller's pool, and two
        # pools that wait for each other's turn would wait for ever.
        self._tables = Database(database.conninfo, pool=1)
        self._own, self._key = own, token_key
        self._state, self._index = -1, _Remembering(self._tables)

    def load(self, tx: Connection) -> Snapshot:
        """The directory, not older than this moment; for the work at hand, also after ``tx``; not to be kept."""
        now = state(tx)
        if now != self._state or self._index.size() > REMEMBERED:
            self._state, self._index = now, _Remembering(self._tables)
        return Snapshot(self._index, self._own, self._key)

    def close(self) -> None:
        """Give the connection back."""
        self._tables.close()


class _Remembering(Index):
    """An index that asks the tables once for each thing."""

    def __init__(self, tables: Database) -> None:
        self._tables = tables
        self._units: dict[str, Unit | None] = {}
        self._named: dict[str, tuple[Unit, ...]] = {}
        self._mapped: dict[str, tuple[Address, ...]] = {}

    def size(self) -> int:
        return len(self._units) + len(self._named) + len(self._mapped)

    def unit(self, unit_id: str) -> Unit | None:
        if unit_id not in self._units:
            with self._tables.transaction() as tx:
                self._units[unit_id] = next(iter(_units(tx, units.c.id == unit_id)), None)
        return self._units[unit_id]

    def named(self, name: str) -> tuple[Unit, ...]:
        if not _storable(name):
            return ()
        if name not in self._named:
            with self._tables.transaction() as tx:
                self._named[name] = tuple(_units(tx, (units.c.short == name) | (name == _CODE)))
        return self._named[name]

    def mapped(self, address: str) -> tuple[Address, ...]:
        if not _storable(address):
            return ()
        if address not in self._mapped:
            with self._tables.transaction() as tx:
                self._mapped[address] = tuple(_mappings(tx, [address]))
        return self._mapped[address]


def _storable(text: str) -> bool:
    """Whether PostgreSQL could hold it at all; strangers write NULs and halves of characters into addresses."""
    return "\0" not in text and text.encode(errors="ignore").decode() == text


def _one_of(column: sa.ColumnElement[str], values: Collection[str]) -> sa.ColumnElement[bool]:
    return column == sa.any_(sa.cast(sorted(values), ARRAY(sa.Text)))  # one parameter, however many values


def _units(tx: Connection, which: sa.ColumnElement[bool]) -> list[Unit]:
    return [_unit(row) for row in tx.execute(sa.select(*_UNIT).where(which))]


def _mappings(tx: Connection, mailboxes: Collection[str]) -> list[Address]:
    query = sa.select(*_MAPPING).where(_one_of(addresses.c.address, mailboxes)).order_by(addresses.c.valid_from)
    return [_mapping(row) for row in tx.execute(query)]


def _unit(row: Sequence[Any]) -> Unit:
    id_, name, kind, short, parent, contact, channel, book, accepts, valid_from, valid_until, organ_id = row
    kinds = UnitKind(kind), short, parent, contact, Channel(channel), book, accepts
    return Unit(id_, name, *kinds, valid_from, valid_until, organ_id)


def _mapping(row: Sequence[Any]) -> Address:
    address, unit, may, role, valid_from, valid_until = row
    return Address(address, unit, _rights(may), role, valid_from, valid_until)


@cache
def _rights(words: str) -> frozenset[May]:
    return frozenset(map(May, words.split()))


def _row(thing: Unit | Address) -> dict[str, Any]:
    row = asdict(thing)
    if isinstance(thing, Address):
        row["may"] = sorted(thing.may)
    return row


def _put(tx: Connection, table: sa.Table, rows: list[dict[str, Any]], key: Sequence[str]) -> None:
    if not rows:
        return
    statement = insert(table)
    new = {name: statement.excluded[name] for name in rows[0] if name not in key}
    tx.execute(statement.on_conflict_do_update(index_elements=key, set_=new), rows)


def _told(change: Change) -> dict[str, Any]:
    """A change as JSON: enough to show it, and to undo it."""
    before = change.before and _plain(change.before)
    place = f"{change.place.file}:{change.place.line}"
    table = "units" if isinstance(change.after, Unit) else "addresses"
    return {"table": table, "effect": change.effect, "before": before, "after": _plain(change.after), "place": place}


def _plain(thing: Unit | Address) -> dict[str, Any]:
    row = _row(thing)
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
