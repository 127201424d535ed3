"""The writer of the doorbook: keeps it as the tables are. One of it works at a time.

Promises:  after ``tend`` the doorbook agrees with the tables as they were during the call, and is vouched for at least
           every ``VOUCH_S``; a file that agrees already is not written again, one lost or damaged meanwhile is.
Never:     touches a doorbook that does not agree; holds the directory in memory as a whole.
Fails:     DatabaseDown (Temporary): the old file stands, and grows stale by itself; OSError when the disk refuses.
"""

from __future__ import annotations

import time
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Connection

from mailmap.directory.address import Address
from mailmap.directory.directory import OwnNames
from mailmap.directory.index import names_of
from mailmap.directory.naming import keys
from mailmap.directory.nearness import pieces_of
from mailmap.directory.succession import Succession
from mailmap.directory.unit import Unit
from storage import constfile, directory, doorbook
from storage.constfile import BrokenFile
from storage.database import Database
from storage.doorbook import Account, Head, Record
from storage.schema import accounts

VOUCH_S = 5.0

_ACCOUNTS_STATE = sa.text("SELECT concat(count(*), ' ', sum(hashtextextended(accounts::text, 0))) FROM accounts")
_ONE_MOMENT = sa.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


@dataclass(frozen=True, slots=True)
class Content:
    """What a doorbook is made of."""

    units: Iterable[Unit]
    addresses: Iterable[Address]
    successions: Iterable[Succession] = ()
    people: Iterable[Account] = ()


class DoorbookWriter:
    """Tends the doorbook at ``path`` for the gateway with these names; looks at the file before it vouches for it."""

    def __init__(self, database: Database, path: Path, own: OwnNames, *, vouch_every_s: float = VOUCH_S) -> None:
        self._database, self._path, self._own = database, path, own
        self._written: Head | None = None
        self._vouch_every, self._vouch_at = vouch_every_s, 0.0

    def tend(self) -> bool:
        """Make the doorbook agree with the tables and vouch for it; True when it was written anew."""
        vouches = time.monotonic() >= self._vouch_at
        if vouches:
            self._written = _written(self._path)
        with self._database.transaction() as tx:
            tx.execute(_ONE_MOMENT)
            head = Head(self._own, state(tx))
            stale = head != self._written
            if stale:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                constfile.write(self._path, records(head, _content(tx)))
        if stale or vouches:
            doorbook.vouch(self._path)
            self._vouch_at = time.monotonic() + self._vouch_every
        self._written = head
        return stale


def state(tx: Connection) -> str:
    """What changes when anything in the doorbook must change."""
    return f"{directory.state(tx)} {tx.execute(_ACCOUNTS_STATE).scalar_one()}"


def records(head: Head, content: Content) -> Iterator[Record]:
    """The records of a doorbook; units come sorted by id, addresses by address, successions by unit."""
    yield doorbook.head_record(head.own, head.state)
    named, called, below = _Ids(), _Ids(), _Ids()
    shorts: dict[str, None] = {}
    for unit_id, periods in groupby(content.units, attrgetter("id")):
        every = list(periods)
        yield doorbook.unit_record(unit_id, every)
        for unit in every:
            shorts[unit.short] = None
            named.add(unit_id, names_of(unit))
            called.add(unit_id, keys(unit.name, *unit.other_names))
            below.add(unit_id, (unit.parent,) if unit.parent else ())
    yield from (doorbook.name_record(name, ids) for name, ids in named.items())
    yield from (doorbook.called_record(key, ids) for key, ids in called.items())
    yield from (doorbook.below_record(parent, ids) for parent, ids in below.items())
    yield from _pieces(shorts)
    for unit_id, steps in groupby(content.successions, attrgetter("unit")):
        yield doorbook.ended_record(unit_id, steps)
    for address, mappings in groupby(content.addresses, attrgetter("address")):
        yield doorbook.address_record(address, mappings)
    yield from map(doorbook.account_record, content.people)


class _Ids(dict[str, str]):
    """Keys to the ids of units, joined: text costs the garbage collector nothing."""

    def add(self, unit_id: str, keys_of_it: Iterable[str]) -> None:
        for key in keys_of_it:
            known = self.get(key)
            if known is None:
                self[key] = unit_id
            elif known != unit_id and not known.endswith(f"\0{unit_id}"):  # units come sorted by id
                self[key] = f"{known}\0{unit_id}"


def _pieces(shorts: Iterable[str]) -> Iterator[Record]:
    holders: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
    for number, short in enumerate(shorts):
        yield doorbook.number_record(number, short)
        for piece in pieces_of(short):
            holders[piece].append(number)
    for piece, numbers in holders.items():
        yield doorbook.piece_record(piece, numbers.tobytes())


def _content(tx: Connection) -> Content:
    query = sa.select(accounts.c.login, accounts.c.password_hash, accounts.c.may_send_as, accounts.c.locked)
    people = (Account(login, hashed, frozenset(may), locked) for login, hashed, may, locked in tx.execute(query))
    return Content(directory.all_units(tx), directory.all_addresses(tx), directory.all_successions(tx), people)


def _written(path: Path) -> Head | None:
    """What an earlier writer wrote, None when there is nothing readable."""
    try:
        return doorbook.Book(path).head
    except (FileNotFoundError, BrokenFile):
        return None
