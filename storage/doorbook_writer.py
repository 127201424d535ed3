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
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Connection

from mailmap.directory.address import Address
from mailmap.directory.directory import OwnNames, names_of
from mailmap.directory.nearness import pieces_of
from mailmap.directory.unit import Unit
from storage import constfile, directory, doorbook
from storage.constfile import BrokenFile
from storage.database import Database
from storage.doorbook import Account, Head, Record
from storage.schema import accounts

VOUCH_S = 5.0

_ACCOUNTS_STATE = sa.text("SELECT concat(count(*), ' ', sum(hashtextextended(accounts::text, 0))) FROM accounts")
_ONE_MOMENT = sa.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


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
                constfile.write(self._path, records(head, *_content(tx)))
        if stale or vouches:
            doorbook.vouch(self._path)
            self._vouch_at = time.monotonic() + self._vouch_every
        self._written = head
        return stale


def state(tx: Connection) -> str:
    """What changes when anything in the doorbook must change."""
    return f"{directory.state(tx)} {tx.execute(_ACCOUNTS_STATE).scalar_one()}"


def records(
    head: Head, units: Iterable[Unit], addresses: Iterable[Address], people: Iterable[Account]
) -> Iterator[Record]:
    """The content of a doorbook; addresses come sorted by address."""
    yield doorbook.head_record(head.own, head.state)
    names: dict[str, str] = {}  # to the ids of its bearers, joined: text costs the garbage collector nothing
    shorts: dict[str, None] = {}
    for unit in units:
        yield doorbook.unit_record(unit)
        shorts[unit.short] = None
        for name in names_of(unit):
            names[name] = f"{names[name]}\0{unit.id}" if name in names else unit.id
    for name, unit_ids in names.items():
        yield doorbook.name_record(name, unit_ids)
    yield from _pieces(shorts)
    for address, mappings in groupby(addresses, attrgetter("address")):
        yield doorbook.address_record(address, mappings)
    yield from map(doorbook.account_record, people)


def _pieces(shorts: Iterable[str]) -> Iterator[Record]:
    holders: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
    for number, short in enumerate(shorts):
        yield doorbook.number_record(number, short)
        for piece in pieces_of(short):
            holders[piece].append(number)
    for piece, numbers in holders.items():
        yield doorbook.piece_record(piece, numbers.tobytes())


def _content(tx: Connection) -> tuple[Iterator[Unit], Iterator[Address], Iterator[Account]]:
    query = sa.select(accounts.c.login, accounts.c.password_hash, accounts.c.may_send_as, accounts.c.locked)
    people = (Account(login, hashed, frozenset(may), locked) for login, hashed, may, locked in tx.execute(query))
    return directory.all_units(tx), directory.all_addresses(tx), people


def _written(path: Path) -> Head | None:
    """What an earlier writer wrote, None when there is nothing readable."""
    try:
        return doorbook.Book(path).head
    except (FileNotFoundError, BrokenFile):
        return None
