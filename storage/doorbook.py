"""The doorbook: what the doors must know, in one file that is mapped into memory.

Promises:  every door answers from the file alone, without a database; it sees a new file within a second of its
           coming; its answers are those of ``mailmap.directory`` on this day, which turns at midnight in ``zone``.
Never:     writes (``doorkeeper`` does); answers from a file that nobody has vouched for within ``max_age_s``: the
           doorkeeper touches it as long as it agrees with the tables.
Fails:     Stale for a missing, broken or too old file: the door says 450 and the sender's server comes again.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from mailmap.directory import nearness
from mailmap.directory.address import Address, May, fold
from mailmap.directory.answers import Leads
from mailmap.directory.directory import KEYED, OwnNames, Snapshot, split
from mailmap.directory.unit import Channel, Unit, UnitKind
from storage.constfile import BrokenFile, ConstFile
from storage.trouble import Temporary

FORM = 1  # of the records below; a reader of another form takes the file for missing
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
_HEAD, _UNIT, _NAMED, _MAPPED, _ACCOUNT, _PIECE, _NUMBER = b"!", b"u", b"n", b"a", b"c", b"p", b"#"


class Standing(StrEnum):
    """What the door makes of a recipient; FOREIGN is not one of our domains."""

    KNOWN = "known"
    UNKNOWN = "unknown"
    FOREIGN = "foreign"


class Stale(Temporary):
    """The doorbook is missing, broken, or older than allowed."""


@dataclass(frozen=True, slots=True)
class Account:
    """A submission account: folded login, argon2 hash, the folded addresses it may send as."""

    login: str
    password_hash: str
    may_send_as: frozenset[str]
    locked: bool


@dataclass(frozen=True, slots=True)
class Head:
    """What the file says of itself: our own names, and the state of the tables it was made from."""

    own: OwnNames
    state: str


class Book:
    """One open doorbook: the ``Index`` and the ``Pieces`` of its content."""

    def __init__(self, path: Path) -> None:
        self._file = ConstFile(path)
        self.head = _read_head(self._file.get(_HEAD))

    def unit(self, unit_id: str) -> Unit | None:
        """The unit with that id."""
        value = self._file.get(_UNIT + unit_id.encode())
        return None if value is None else _read_unit(unit_id, value)

    def named(self, name: str) -> tuple[Unit, ...]:
        """Every unit that has this short name or organisation code."""
        value = self._file.get(_NAMED + name.encode())
        return () if value is None else tuple(unit for i in json.loads(value) if (unit := self.unit(i)))

    def mapped(self, address: str) -> tuple[Address, ...]:
        """Every mapping of this address."""
        value = self._file.get(_MAPPED + address.encode())
        return () if value is None else tuple(_read_address(address, row) for row in json.loads(value))

    def account(self, login: str) -> Account | None:
        """The account with that folded login."""
        value = self._file.get(_ACCOUNT + login.encode())
        if value is None:
            return None
        password_hash, may_send_as, locked = json.loads(value)
        return Account(login, password_hash, frozenset(may_send_as), locked)

    def holders(self, piece: str) -> Sequence[int]:
        """The numbers of all short names with that piece."""
        return memoryview(self._file.get(_PIECE + piece.encode()) or b"").cast("I")

    def name(self, number: int) -> str:
        """The short name of that number."""
        return (self._file.get(_NUMBER + str(number).encode()) or b"").decode()


class Doorbook:
    """The doorbook at ``path``, whichever file that is just now; for one thread or many.

    With ``token_key`` forged keyed addresses are unknown already at the door; without it they come in and are found
    out later. ``look_every_s`` is how long a replaced file may go unseen.
    """

    def __init__(
        self,
        path: Path,
        *,
        max_age_s: float,
        token_key: bytes | None = None,
        zone: tzinfo = HANOI,
        look_every_s: float = 1.0,
    ) -> None:
        self._path, self._key, self._zone = path, token_key, zone
        self._max_age, self._look_every = max_age_s, look_every_s
        self._book: Book | None = None
        self._file = (0, 0)
        self._vouched = 0.0
        self._next_look = 0.0

    def standing(self, address: str) -> Standing:
        """What to answer to this recipient now; Stale when nobody can tell."""
        directory = self.directory()
        leads = directory.where(address, datetime.now(self._zone).date()).leads
        if leads is Leads.UNKNOWN and self._key is None and _looks_keyed(address):
            return Standing.KNOWN
        return {Leads.UNKNOWN: Standing.UNKNOWN, Leads.FOREIGN: Standing.FOREIGN}.get(leads, Standing.KNOWN)

    def nearest(self, address: str, limit: int = 3) -> tuple[str, ...]:
        """Addresses of ours that a misspelt one may mean, the nearest first; Stale when nobody can tell."""
        local, domain = split(fold(address))
        return tuple(f"{name}@{domain}" for name in nearness.nearest(local, self._read(), limit))

    def account(self, login: str) -> Account | None:
        """The account with that login, in whatever case; Stale when nobody can tell."""
        return self._read().account(fold(login))

    def directory(self) -> Snapshot:
        """All of its answers, for any day; Stale when nobody can tell. Not to be kept: ask again next time."""
        book = self._read()
        return Snapshot(book, book.head.own, self._key or b"")

    def _read(self) -> Book:
        if time.monotonic() >= self._next_look:
            self._look()
        book = self._book
        if book is None:
            raise Stale(f"no readable {self._path.name}")
        if (age := time.time() - self._vouched) > self._max_age:
            raise Stale(f"{self._path.name} was last vouched for {age:.0f} s ago")
        return book

    def _look(self) -> None:
        self._next_look = time.monotonic() + self._look_every
        try:
            seen = self._path.stat()
            if self._book is None or self._file != (seen.st_dev, seen.st_ino):  # ours is open: its number is not reused
                self._book = None
                self._book = Book(self._path)
        except (FileNotFoundError, BrokenFile):
            self._book = None
            return
        self._file, self._vouched = (seen.st_dev, seen.st_ino), seen.st_mtime


def vouch(path: Path) -> None:
    """Say that the file at ``path`` agrees with the tables at this moment."""
    os.utime(path)


def head_record(own: OwnNames, state: str) -> tuple[bytes, bytes]:
    """The record that describes the file."""
    return _HEAD, _json([FORM, state, sorted(own.domains), sorted(own.intake)])


def unit_record(unit: Unit) -> tuple[bytes, bytes]:
    """A unit under its id."""
    day, end = unit.valid_from.toordinal(), unit.valid_until and unit.valid_until.toordinal()
    flags, code = [unit.book, unit.accepts_itself], unit.organ_id
    row = [unit.name, unit.kind, unit.short, unit.parent, unit.contact, unit.channel, *flags, day, end, code]
    return _UNIT + unit.id.encode(), _json(row)


def name_record(name: str, unit_ids: Iterable[str]) -> tuple[bytes, bytes]:
    """A short name or code, and all the units that ever bore it."""
    return _NAMED + name.encode(), _json(list(unit_ids))


def address_record(address: str, mappings: Iterable[Address]) -> tuple[bytes, bytes]:
    """An address and all its mappings."""
    rows = [
        [m.unit, " ".join(sorted(m.may)), m.role, m.valid_from.toordinal(), m.valid_until and m.valid_until.toordinal()]
        for m in mappings
    ]
    return _MAPPED + address.encode(), _json(rows)


def account_record(account: Account) -> tuple[bytes, bytes]:
    """A submission account under its login."""
    row = [account.password_hash, sorted(account.may_send_as), account.locked]
    return _ACCOUNT + account.login.encode(), _json(row)


def piece_record(piece: str, numbers: bytes) -> tuple[bytes, bytes]:
    """A piece of names and the numbers (native 32-bit) of the names that hold it."""
    return _PIECE + piece.encode(), numbers


def number_record(number: int, name: str) -> tuple[bytes, bytes]:
    """The short name of a number."""
    return _NUMBER + str(number).encode(), name.encode()


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _read_head(value: bytes | None) -> Head:
    form, state, domains, intake = json.loads(value or b"[0,0,0,0]")
    if form != FORM:
        raise BrokenFile(f"a doorbook of form {form}, not {FORM}")
    return Head(OwnNames(frozenset(domains), frozenset(intake)), state)


def _read_unit(unit_id: str, value: bytes) -> Unit:
    name, kind, short, parent, contact, channel, book, accepts_itself, day, end, code = json.loads(value)
    return Unit(
        unit_id,
        name,
        UnitKind(kind),
        short,
        parent,
        contact,
        Channel(channel),
        book,
        accepts_itself,
        date.fromordinal(day),
        _day(end),
        code,
    )


def _read_address(address: str, row: tuple[str, str, str, int, int | None]) -> Address:
    unit, may, role, day, end = row
    return Address(address, unit, _may(may), role, date.fromordinal(day), _day(end))


def _day(ordinal: int | None) -> date | None:
    return None if ordinal is None else date.fromordinal(ordinal)


@cache
def _may(names: str) -> frozenset[May]:
    return frozenset(May(name) for name in names.split())


def _looks_keyed(address: str) -> bool:
    return split(fold(address))[0].partition("+")[0] in KEYED
