"""What changed since the large file of a doorbook was made, as records of a small one beside it.

Promises:  with these records in front of the large file's own, every answer is what the tables say; the cost is that
           of what changed, not that of the directory. Misspelt names are found among the new ones too.
Never:     trusts what a change told of the values: only which units, addresses and successions it was about; their
           values come from the tables.
Fails:     the database's own exceptions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy import Connection

from mailmap.directory.address import fold
from mailmap.directory.index import names_of
from mailmap.directory.naming import keys
from mailmap.directory.unit import Unit
from storage import directory, doorbook_content
from storage import doorbook_records as of
from storage.book import Large
from storage.doorbook_records import Head, Record

FIRST_NUMBER = 1 << 31  # of the short names of a delta; those of a large file count from 0

_TOLD = sa.text(
    "SELECT DISTINCT one ->> 'table', coalesce(now ->> 'id', now ->> 'address', now ->> 'unit')"
    " FROM directory_changes, jsonb_array_elements(diff) AS one,"
    " LATERAL (SELECT coalesce(nullif(one -> 'after', 'null'), one -> 'before')) AS known(now)"
    " WHERE directory_changes.id > :after"
)
_MARK = "concat(id, '@', extract(epoch FROM at))"
_NEWEST = sa.text(f"SELECT {_MARK} FROM directory_changes ORDER BY id DESC LIMIT 1")  # noqa: S608 the words are ours
_UNTOLD = sa.text(
    "SELECT 1 FROM directory_changes WHERE id > :after AND diff = '[]'"
    " UNION ALL SELECT 1 WHERE :after > 0 AND NOT EXISTS"
    " (SELECT FROM directory_changes WHERE id = :after AND extract(epoch FROM at) = CAST(:at AS numeric)) LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Changed:
    """Which units, addresses and successions changed."""

    units: set[str] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)
    steps: set[str] = field(default_factory=set)

    def size(self) -> int:
        """How many things changed."""
        return len(self.units) + len(self.addresses) + len(self.steps)

    def add(self, others: Changed) -> None:
        """And these."""
        self.units.update(others.units)
        self.addresses.update(others.addresses)
        self.steps.update(others.steps)


class Small:
    """What lies in the small file beside this large one, kept from one change to the next."""

    def __init__(self, base: Large) -> None:
        self.base, self.changed = base, Changed()
        self._seen = base.head.state.partition(" ")[0]
        self._records: dict[bytes, bytes] = {}

    def follow(self, tx: Connection, most: int | None = None) -> bool:
        """Take in the newest changes, and the accounts.

        False when a new large file is wanted: one of them does not tell what it changed, these are other tables, or
        there are more than ``most`` by now.
        """
        now = mark(tx)
        fresh = _told_since(tx, self._seen) if now != self._seen else Changed()
        if fresh is None or (most is not None and self.changed.size() + fresh.size() > most):
            return False
        records = dict(self._of_changed(tx, fresh))
        people = dict(_people(tx, self.base))
        self._records = {key: kept for key, kept in self._records.items() if not key.startswith(of.ACCOUNT)}
        self._records.update(records)
        self._records.update(people)
        self.changed.add(fresh)
        self._seen = now
        return True

    def records(self, head: Head) -> Iterator[Record]:
        """The records of the file that ``head`` describes."""
        yield of.head_record(head)
        yield from self._records.items()

    def _get(self, key: bytes) -> bytes | None:
        known = self._records.get(key)
        return self.base.get(key) if known is None else known

    def _of_changed(self, tx: Connection, fresh: Changed) -> Iterator[Record]:
        units = directory.units_of(tx, fresh.units)
        yield from _whole(of.UNIT, fresh.units, map(of.unit_line, units))
        yield from self._indexes(fresh.units, units)
        yield from self._pieces(units)
        yield from _whole(of.ENDED, fresh.steps, map(of.step_line, directory.successions_of(tx, fresh.steps)))
        mappings = directory.mappings_of(tx, fresh.addresses)
        yield from _whole(of.MAPPED, fresh.addresses, map(of.address_line, mappings))

    def _indexes(self, changed: set[str], now: Sequence[Unit]) -> Iterator[Record]:
        """Under which names, keys and parents units are found, where that concerns a changed one."""
        old = ((unit_id, self._get(of.key_of(of.UNIT, unit_id))) for unit_id in changed)
        before = [unit for unit_id, value in old for unit in of.read_units(unit_id, value)]
        for table, said in _SAID.items():
            bearers: dict[str, set[str]] = {text: set() for unit in before for text in said(unit)}
            for unit in now:
                for text in said(unit):
                    bearers.setdefault(text, set()).add(unit.id)
            yield from self._bearers(table, bearers, changed)

    def _bearers(self, table: bytes, bearers: dict[str, set[str]], changed: set[str]) -> Iterator[Record]:
        for text, ids in sorted(bearers.items()):
            key = of.key_of(table, text)
            known = self._get(key)
            now = sorted(ids.union(set(of.read_ids(known)) - changed))
            value = "\0".join(now).encode()
            if value != (known or of.GONE):
                yield key, value

    def _pieces(self, units: Iterable[Unit]) -> Iterator[Record]:
        """Parts of the short names that nobody bore before; those that have a number keep it."""
        numbered = [value.decode() for key, value in self._records.items() if key.startswith(of.NUMBER)]
        shorts = {unit.short for unit in units if unit.short}.difference(numbered)
        new = [short for short in sorted(shorts) if self.base.get(of.key_of(of.NAMED, fold(short))) is None]
        for key, value in doorbook_content.pieces(new, FIRST_NUMBER + len(numbered)):
            yield key, self._records.get(key, b"") + value if key.startswith(of.PIECE) else value


def mark(tx: Connection) -> str:
    """The number and the time of the newest change: in a restored database the number alone would say little."""
    return str(tx.execute(_NEWEST).scalar() or "0@0")


def _told_since(tx: Connection, seen: str) -> Changed | None:
    """What changed after the change of that mark; None when a change does not tell, or these are other tables."""
    number, _, at = seen.partition("@")
    known = {"after": int(number or 0), "at": at}
    if tx.execute(_UNTOLD, known).first() is not None:
        return None
    changed = Changed()
    sets = {"units": changed.units, "addresses": changed.addresses, "successions": changed.steps}
    for table, key in tx.execute(_TOLD, known):
        sets[table].add(key)
    return changed


def _whole(table: bytes, changed: Iterable[str], lines: Iterable[of.Line]) -> Iterator[Record]:
    """The records of everything that changed, as it is now."""
    now = dict(of.grouped(table, lines))
    for key in sorted(table + each.encode() for each in changed):
        yield key, now.get(key, of.GONE)


def _parent(unit: Unit) -> tuple[str, ...]:
    return (unit.parent,) if unit.parent else ()


def _called(unit: Unit) -> tuple[str, ...]:
    return keys(unit.name, *unit.other_names)


_SAID: dict[bytes, Callable[[Unit], tuple[str, ...]]] = {of.NAMED: names_of, of.CALLED: _called, of.BELOW: _parent}


def _people(tx: Connection, base: Large) -> Iterator[Record]:
    """The accounts that are not as they were, and those that are gone."""
    now = dict(map(of.account_record, doorbook_content.people(tx)))
    yield from ((key, value) for key, value in now.items() if base.get(key) != value)
    before = (of.key_of(of.ACCOUNT, login) for login in of.read_ids(base.get(of.LOGINS)))
    yield from ((key, of.GONE) for key in before if key not in now)
