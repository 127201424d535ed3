"""The directory for those who have the database.

Promises:  an answer is never older than the transaction that asked; the tables are asked only for what has not been
           asked since their last change.
Never:     changes them; shares its one connection with the caller's transaction.
Fails:     the database's own exceptions.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Connection

from mailmap.directory.address import Address
from mailmap.directory.directory import OwnNames, Snapshot
from mailmap.directory.index import Index
from mailmap.directory.succession import Succession
from mailmap.directory.unit import Unit
from storage import directory
from storage.database import Database
from storage.schema import units

REMEMBERED = 50_000  # answers; above it the memory of this process starts anew


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
        now = directory.state(tx)
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
        self._units: dict[tuple[str, str], tuple[Unit, ...]] = {}
        self._mapped: dict[str, tuple[Address, ...]] = {}
        self._ended: dict[str, tuple[Succession, ...]] = {}

    def size(self) -> int:
        return len(self._units) + len(self._mapped) + len(self._ended)

    def unit(self, unit_id: str) -> tuple[Unit, ...]:
        return self._all("id", unit_id, units.c.id == unit_id)

    def named(self, name: str) -> tuple[Unit, ...]:
        return self._all("named", name, units.c.named.contains([name]))

    def called(self, key: str) -> tuple[Unit, ...]:
        return self._all("called", key, units.c.called.contains([key]))

    def below(self, unit_id: str) -> tuple[Unit, ...]:
        return self._all("below", unit_id, units.c.parent == unit_id)

    def ended(self, unit_id: str) -> tuple[Succession, ...]:
        if unit_id not in self._ended:
            with self._tables.transaction() as tx:
                self._ended[unit_id] = tuple(directory.successions_of(tx, [unit_id]))
        return self._ended[unit_id]

    def _all(self, asked: str, text: str, which: sa.ColumnElement[bool]) -> tuple[Unit, ...]:
        if not _storable(text):
            return ()
        if (asked, text) not in self._units:
            with self._tables.transaction() as tx:
                self._units[asked, text] = tuple(directory.units_where(tx, which))
        return self._units[asked, text]

    def mapped(self, address: str) -> tuple[Address, ...]:
        if not _storable(address):
            return ()
        if address not in self._mapped:
            with self._tables.transaction() as tx:
                self._mapped[address] = tuple(directory.mappings_of(tx, [address]))
        return self._mapped[address]


def _storable(text: str) -> bool:
    """Whether PostgreSQL could hold it at all; strangers write NULs and halves of characters into addresses."""
    return "\0" not in text and text.encode(errors="ignore").decode() == text
