"""The doorbook: what the doors must know, in one file that is mapped into memory.

Promises:  every door answers from the file alone, without a database; it sees a new file within half a second of its
           coming; its answers are those of ``mailmap.directory`` on this day, which turns at midnight in ``zone``.
Never:     writes (``doorbook_writer`` does); answers from a file that nobody has vouched for within ``max_age_s``: the
           writer touches it as long as it agrees with the tables.
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
from mailmap.directory.address import Address, Form, May, fold
from mailmap.directory.answers import Leads
from mailmap.directory.directory import OwnNames, Snapshot, split
from mailmap.directory.index import names_of
from mailmap.directory.naming import keys
from mailmap.directory.proof import Proof
from mailmap.directory.succession import Succession, Turn
from mailmap.directory.unit import Channel, Unit, UnitKind, Way
from storage.constfile import BrokenFile, ConstFile
from storage.trouble import Temporary

FORM = 2  # of the records below; a reader of another form takes the file for missing
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
_HEAD, _UNIT, _NAMED, _MAPPED, _ACCOUNT, _PIECE, _NUMBER = b"!", b"u", b"n", b"a", b"c", b"p", b"#"
_CALLED, _BELOW, _ENDED = b"k", b"b", b"e"

_KINDS = {kind.value: kind for kind in UnitKind}
_CHANNELS = {channel.value: channel for channel in Channel}
_FORMS = {form.value: form for form in Form}
_TURNS = {turn.value: turn for turn in Turn}

Record = tuple[bytes, bytes]


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

    def unit(self, unit_id: str) -> tuple[Unit, ...]:
        """Every period of that unit."""
        value = self._file.get(_UNIT + unit_id.encode(errors="surrogatepass"))
        return () if value is None else tuple(_read_unit(unit_id, *one) for one in _parts(value, 16))

    def ended(self, unit_id: str) -> tuple[Succession, ...]:
        """Everything that became of it."""
        value = self._file.get(_ENDED + unit_id.encode(errors="surrogatepass"))
        return () if value is None else tuple(_read_step(unit_id, *one) for one in _parts(value, 4))

    def named(self, name: str) -> tuple[Unit, ...]:
        """Every unit that has this short name or code, in each such period."""
        return tuple(unit for unit in self._units(_NAMED, name) if name in names_of(unit))

    def called(self, key: str) -> tuple[Unit, ...]:
        """Every unit that people call so, in each such period."""
        return tuple(unit for unit in self._units(_CALLED, key) if key in keys(unit.name, *unit.other_names))

    def below(self, unit_id: str) -> tuple[Unit, ...]:
        """Every unit right below that one, in each such period."""
        return tuple(unit for unit in self._units(_BELOW, unit_id) if unit.parent == unit_id)

    def _units(self, table: bytes, key: str) -> tuple[Unit, ...]:
        value = self._file.get(table + key.encode(errors="surrogatepass"))
        return () if value is None else tuple(unit for i in value.decode().split("\0") for unit in self.unit(i))

    def mapped(self, address: str) -> tuple[Address, ...]:
        """Every mapping of this address."""
        value = self._file.get(_MAPPED + address.encode(errors="surrogatepass"))
        if value is None:
            return ()
        return tuple(_read_address(address, *one) for one in _parts(value, 7))

    def account(self, login: str) -> Account | None:
        """The account with that folded login."""
        value = self._file.get(_ACCOUNT + login.encode(errors="surrogatepass"))
        if value is None:
            return None
        password_hash, may_send_as, locked = value.decode().split("\0")
        return Account(login, password_hash, frozenset(may_send_as.split()), locked == "1")

    def holders(self, piece: str) -> Sequence[int]:
        """The numbers of all short names with that piece."""
        return memoryview(self._file.get(_PIECE + piece.encode(errors="surrogatepass")) or b"").cast("I")

    def name(self, number: int) -> str:
        """The short name of that number."""
        return (self._file.get(_NUMBER + str(number).encode()) or b"").decode()


@dataclass(frozen=True, slots=True)
class _Edition:
    """An open book, the file it is, and when that was last vouched for."""

    book: Book
    file: tuple[int, int]
    vouched: float


class Doorbook:
    """The doorbook at ``path``, whichever file that is just now; for one thread or many.

    Keyed addresses are in no book: the door that holds the key tells whether it made them. ``look_every_s`` is how
    long a replaced file may go unseen.
    """

    def __init__(
        self,
        path: Path,
        *,
        max_age_s: float,
        zone: tzinfo = HANOI,
        look_every_s: float = 0.5,
    ) -> None:
        self._path, self._zone = path, zone
        self._max_age, self._look_every = max_age_s, look_every_s
        self._edition: _Edition | None = None
        self._next_look = 0.0

    def standing(self, address: str) -> Standing:
        """What to answer to this recipient now; Stale when nobody can tell."""
        leads = self.directory().where(address, datetime.now(self._zone).date()).leads
        return {Leads.UNKNOWN: Standing.UNKNOWN, Leads.FOREIGN: Standing.FOREIGN}.get(leads, Standing.KNOWN)

    def nearest(self, address: str, limit: int = 3) -> tuple[str, ...]:
        """Addresses of ours that a misspelt one may mean, the nearest first; Stale when nobody can tell."""
        local, domain = split(fold(address))
        return tuple(f"{name}@{domain}" for name in nearness.nearest(local, self._read(), limit))

    def account(self, login: str) -> Account | None:
        """The account with that login, in whatever case; Stale when nobody can tell."""
        return self._read().account(fold(login))

    def directory(self, token_key: bytes = b"") -> Snapshot:
        """All of its answers, for any day; Stale when nobody can tell. Not to be kept: ask again next time."""
        book = self._read()
        return Snapshot(book, book.head.own, token_key)

    def _read(self) -> Book:
        if time.monotonic() >= self._next_look:
            self._next_look = time.monotonic() + self._look_every
            self._edition = self._look(self._edition)
        edition = self._edition
        if edition is None:
            raise Stale(f"no readable {self._path.name}")
        if (age := time.time() - edition.vouched) > self._max_age:
            raise Stale(f"{self._path.name} was last vouched for {age:.0f} s ago")
        return edition.book

    def _look(self, known: _Edition | None) -> _Edition | None:
        try:
            seen = self._path.stat()
            file = (seen.st_dev, seen.st_ino)  # while ours is open, no other file gets its number
            book = known.book if known and known.file == file else Book(self._path)
        except (FileNotFoundError, BrokenFile):
            return None
        return _Edition(book, file, seen.st_mtime)


def vouch(path: Path) -> None:
    """Say that the file at ``path`` agrees with the tables at this moment."""
    os.utime(path)


def head_record(own: OwnNames, state: str) -> Record:
    """The record that describes the file."""
    return _HEAD, f"{FORM}\0{state}\0{' '.join(sorted(own.domains))}\0{' '.join(sorted(own.intake))}".encode()


def unit_record(unit_id: str, periods: Iterable[Unit]) -> Record:
    """A unit under its id, all its periods."""
    return _UNIT + unit_id.encode(), "\0".join(map(_written, periods)).encode()


def _written(unit: Unit) -> str:
    what = f"{unit.name}\0{unit.kind.value}\0{unit.short}\0{unit.parent or ''}\0{unit.contact}\0{unit.channel.value}"
    codes = f"{unit.organ_id}\0{unit.qcvn_id}\0{unit.tax_code}\0{unit.basis}"
    lists = f"{_list(unit.other_names)}\0{_list([f'{way.channel}:{way.to}' for way in unit.fallback])}"
    return f"{what}\0{_flag(unit.book)}\0{_flag(unit.accepts_itself)}\0{_period(unit)}\0{codes}\0{lists}"


def name_record(name: str, unit_ids: str) -> Record:
    """A short name or code, and all the units that ever bore it, with NUL between their ids."""
    return _NAMED + name.encode(), unit_ids.encode()


def called_record(key: str, unit_ids: str) -> Record:
    """The key of a name, and all the units that were ever called so, with NUL between their ids."""
    return _CALLED + key.encode(), unit_ids.encode()


def below_record(parent: str, unit_ids: str) -> Record:
    """A unit, and all that were ever right below it, with NUL between their ids."""
    return _BELOW + parent.encode(), unit_ids.encode()


def ended_record(unit_id: str, steps: Iterable[Succession]) -> Record:
    """A unit, and everything that became of it."""
    value = "\0".join([f"{s.on.toordinal()}\0{s.turn.value}\0{s.successor or ''}\0{s.basis}" for s in steps])
    return _ENDED + unit_id.encode(), value.encode()


def address_record(address: str, mappings: Iterable[Address]) -> Record:
    """An address and all its mappings, seven fields each."""
    value = "\0".join([
        f"{m.unit}\0{_may_words(m.may)}\0{m.role}\0{_period(m)}\0{m.form.value}\0{m.needs.value}" for m in mappings
    ])  # fmt: skip
    return _MAPPED + address.encode(), value.encode()


def account_record(account: Account) -> Record:
    """A submission account under its login."""
    value = f"{account.password_hash}\0{' '.join(sorted(account.may_send_as))}\0{_flag(account.locked)}"
    return _ACCOUNT + account.login.encode(), value.encode()


def piece_record(piece: str, numbers: bytes) -> Record:
    """A piece of names and the numbers (native, 32 bits each) of the names that hold it."""
    return _PIECE + piece.encode(), numbers


def number_record(number: int, name: str) -> Record:
    """The short name of a number."""
    return _NUMBER + str(number).encode(), name.encode()


# A value is its fields with NUL between them: PostgreSQL keeps no text with a NUL, and nothing is faster to take apart.


def _flag(value: bool) -> str:  # noqa: FBT001  a field of a record, not a switch of behaviour
    return "1" if value else ""


def _period(thing: Unit | Address) -> str:
    """Both days as ordinals; no end is no text."""
    return f"{thing.valid_from.toordinal()}\0{thing.valid_until.toordinal() if thing.valid_until else ''}"


@cache
def _may_words(may: frozenset[May]) -> str:
    return " ".join(sorted(may))


def _read_head(value: bytes | None) -> Head:
    form, *fields = (value or b"").decode().split("\0")
    if form != str(FORM):
        raise BrokenFile(f"a doorbook of form {form!r}, not {FORM}")
    state, domains, intake = fields
    return Head(OwnNames(frozenset(domains.split()), frozenset(intake.split())), state)


def _parts(value: bytes, width: int) -> Iterable[list[str]]:
    """The fields of a value, so many at a time."""
    fields = value.decode().split("\0")
    return (fields[i : i + width] for i in range(0, len(fields), width))


def _list(words: Sequence[str]) -> str:
    return json.dumps(words) if words else ""


def _read_unit(unit_id: str, *fields: str) -> Unit:
    name, kind, short, parent, contact, channel, book, accepts, first, end, *codes, others, ways = fields
    organ_id, qcvn_id, tax_code, basis = codes
    what = _KINDS[kind], short, parent or None, contact, _CHANNELS[channel], book == "1", accepts == "1"
    lists = tuple(json.loads(others)) if others else (), tuple(map(_read_way, json.loads(ways))) if ways else ()
    period = date.fromordinal(int(first)), _end(end)
    return Unit(unit_id, name, *what, *period, organ_id, qcvn_id, tax_code, *lists, basis)


def _read_way(text: str) -> Way:
    channel, _, to = text.partition(":")
    return Way(_CHANNELS[channel], to)


def _read_step(unit_id: str, day: str, turn: str, successor: str, basis: str) -> Succession:
    return Succession(unit_id, date.fromordinal(int(day)), _TURNS[turn], successor or None, basis)


def _read_address(address: str, unit: str, may: str, role: str, first: str, end: str, form: str, needs: str) -> Address:  # noqa: PLR0913, PLR0917  the fields of a record
    period = date.fromordinal(int(first)), _end(end)
    return Address(address, unit, _may(may), role, *period, _FORMS[form], Proof(int(needs)))


def _end(ordinal: str) -> date | None:
    return date.fromordinal(int(ordinal)) if ordinal else None


@cache
def _may(names: str) -> frozenset[May]:
    return frozenset(May(name) for name in names.split())
