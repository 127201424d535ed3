"""What changed since the large file of a doorbook was made, as records of a small one beside it.

Promises:  with these records in front of the large file's own, every answer is what the tables say; the cost is that
           of what changed, not that of the directory. Misspelt names are found among the new ones too.
Never:     trusts what a change told of the values: only which units, addresses and successions it was about; their
           values come from the tables.
Fails:     the database's own exceptions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
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


@dataclass(slots=True)
class Changes:
    """Which units, addresses and successions changed after the change of that mark."""

    seen: str
    units: set[str] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)
    steps: set[str] = field(default_factory=set)

    def size(self) -> int:
        """How many things changed."""
        return len(self.units) + len(self.addresses) + len(self.steps)

    def follow(self, tx: Connection) -> bool:
        """Take note of the newest changes; False when one does not tell what it changed, or these are other tables."""
        now = mark(tx)
        if now == self.seen:
            return True
        number, _, at = self.seen.partition("@")
        known = {"after": int(number or 0), "at": at}
        if tx.execute(_UNTOLD, known).first() is not None:
            return False
        sets = {"units": self.units, "addresses": self.addresses, "successions": self.steps}
        for table, key in tx.execute(_TOLD, known):
            sets[table].add(key)
        self.seen = now
        return True


def mark(tx: Connection) -> str:
    """The number and the time of the newest change: in a restored database the number alone would say little."""
    return str(tx.execute(_NEWEST).scalar() or "0@0")


def records(tx: Connection, base: Large, changes: Changes, head: Head) -> Iterator[Record]:
    """The records of the small file that ``head`` describes."""
    yield of.head_record(head)
    units = directory.units_of(tx, changes.units)
    yield from _whole(of.UNIT, changes.units, map(of.unit_line, units))
    yield from _indexes(base, changes.units, units)
    yield from doorbook_content.pieces(_new_shorts(base, units), FIRST_NUMBER)
    yield from _whole(of.ENDED, changes.steps, map(of.step_line, directory.successions_of(tx, changes.steps)))
    yield from _whole(of.MAPPED, changes.addresses, map(of.address_line, directory.mappings_of(tx, changes.addresses)))
    yield from _people(tx, base)


def _whole(table: bytes, changed: Iterable[str], lines: Iterable[of.Line]) -> Iterator[Record]:
    """The records of everything that changed, as it is now."""
    now = dict(of.grouped(table, lines))
    for key in sorted(table + each.encode() for each in changed):
        yield key, now.get(key, of.GONE)


def _indexes(base: Large, changed: set[str], units: Iterable[Unit]) -> Iterator[Record]:
    """Under which names, keys and parents units are found, where that concerns a changed one."""
    before = [unit for unit_id in changed for unit in base.unit(unit_id)]
    now = list(units)
    for table, said in _SAID.items():
        bearers: dict[str, set[str]] = {text: set() for unit in before for text in said(unit)}
        for unit in now:
            for text in said(unit):
                bearers.setdefault(text, set()).add(unit.id)
        yield from _bearers(base, table, bearers, changed)


def _bearers(base: Large, table: bytes, bearers: dict[str, set[str]], changed: set[str]) -> Iterator[Record]:
    for text, ids in sorted(bearers.items()):
        key = of.key_of(table, text)
        known = base.get(key)
        now = sorted(ids.union(set(of.read_ids(known)) - changed))
        value = "\0".join(now).encode()
        if value != (known or of.GONE):
            yield key, value


def _parent(unit: Unit) -> tuple[str, ...]:
    return (unit.parent,) if unit.parent else ()


def _called(unit: Unit) -> tuple[str, ...]:
    return keys(unit.name, *unit.other_names)


_SAID: dict[bytes, Callable[[Unit], tuple[str, ...]]] = {of.NAMED: names_of, of.CALLED: _called, of.BELOW: _parent}


def _new_shorts(base: Large, units: Iterable[Unit]) -> list[str]:
    """The short names that nobody bore when the large file was made."""
    shorts = sorted({unit.short for unit in units if unit.short})
    return [short for short in shorts if base.get(of.key_of(of.NAMED, fold(short))) is None]


def _people(tx: Connection, base: Large) -> Iterator[Record]:
    """The accounts that are not as they were, and those that are gone."""
    now = dict(map(of.account_record, doorbook_content.people(tx)))
    yield from ((key, value) for key, value in now.items() if base.get(key) != value)
    before = (of.key_of(of.ACCOUNT, login) for login in of.read_ids(base.get(of.LOGINS)))
    yield from ((key, of.GONE) for key in before if key not in now)
