"""The records of the doorbook: how units, addresses, successions and accounts lie in its two files.

Promises:  what is written here is read back here, equal field by field; nothing else knows the layout.
Never:     opens a file; decides anything.
Fails:     BrokenFile for a head of another form; ValueError or KeyError for a value that was not written here.

A key is one octet for its table and the text that is looked up. A value is its fields with NUL between them, of all
periods one after the other: PostgreSQL keeps no text with a NUL, and nothing is faster to take apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from operator import itemgetter

from mailmap.directory.address import Address, Form, May
from mailmap.directory.directory import OwnNames
from mailmap.directory.proof import Proof
from mailmap.directory.succession import Succession, Turn
from mailmap.directory.unit import Channel, Unit, UnitKind, Way
from storage.constfile import BrokenFile

FORM = 3  # a reader of another form takes the file for missing
HEAD, UNIT, NAMED, MAPPED, ACCOUNT, LOGINS, PIECE, NUMBER = b"!", b"u", b"n", b"a", b"c", b"l", b"p", b"#"
CALLED, BELOW, ENDED = b"k", b"b", b"e"
GONE = b""  # in a delta: no longer there; no record's value is empty
BETWEEN = "\x1f"  # the words of one field

_KINDS = {kind.value: kind for kind in UnitKind}
_CHANNELS = {channel.value: channel for channel in Channel}
_FORMS = {form.value: form for form in Form}
_TURNS = {turn.value: turn for turn in Turn}
_PROOFS = {str(proof.value): proof for proof in Proof}
_UNIT_FIELDS, _ADDRESS_FIELDS, _STEP_FIELDS = 16, 7, 4

Record = tuple[bytes, bytes]
Line = tuple[bytes, bytes]
"""A text that is looked up, and the fields of one period or one id that is found under it."""


@dataclass(frozen=True, slots=True)
class Account:
    """A submission account: folded login, argon2 hash, the folded addresses it may send as."""

    login: str
    password_hash: str
    may_send_as: frozenset[str]
    locked: bool


@dataclass(frozen=True, slots=True)
class Head:
    """What a doorbook says of itself: our own names, and the state of the tables that it agrees with.

    ``identity`` is of the large file: the small one names it, because the two only count together.
    """

    own: OwnNames
    state: str
    identity: str = ""


def key_of(table: bytes, text: str) -> bytes:
    """The key of a text in a table; also of one with half a character, under which nothing can lie."""
    return table + text.encode(errors="surrogatepass")


def grouped(table: bytes, lines: Iterable[Line]) -> Iterator[Record]:
    """The records of a table from its lines; those of one key come together."""
    for text, found in groupby(lines, itemgetter(0)):
        yield table + text, b"\0".join([fields for _, fields in found])


# --- writing ---


def head_record(head: Head) -> Record:
    """The record that describes the file."""
    own = f"{' '.join(sorted(head.own.domains))}\0{' '.join(sorted(head.own.intake))}"
    return HEAD, f"{FORM}\0{head.identity}\0{head.state}\0{own}".encode()


def unit_line(unit: Unit) -> Line:
    """A unit in one period."""
    what = f"{unit.name}\0{unit.kind.value}\0{unit.short}\0{unit.parent or ''}\0{unit.contact}\0{unit.channel.value}"
    codes = f"{unit.organ_id}\0{unit.qcvn_id}\0{unit.tax_code}\0{unit.basis}"
    lists = f"{BETWEEN.join(unit.other_names)}\0{BETWEEN.join([f'{way.channel}:{way.to}' for way in unit.fallback])}"
    flags = f"{_flag(unit.book)}\0{_flag(unit.accepts_itself)}"
    return unit.id.encode(), f"{what}\0{flags}\0{_period(unit)}\0{codes}\0{lists}".encode()


def step_line(step: Succession) -> Line:
    """One thing that became of a unit."""
    fields = f"{step.on.toordinal()}\0{step.turn.value}\0{step.successor or ''}\0{step.basis}"
    return step.unit.encode(), fields.encode()


def address_line(mapping: Address) -> Line:
    """A mapping in one period."""
    may, period = _may_words(mapping.may), _period(mapping)
    form = f"{mapping.form.value}\0{mapping.needs.value}"
    return mapping.address.encode(), f"{mapping.unit}\0{may}\0{mapping.role}\0{period}\0{form}".encode()


def account_record(account: Account) -> Record:
    """A submission account under its login."""
    value = f"{account.password_hash}\0{' '.join(sorted(account.may_send_as))}\0{_flag(account.locked)}"
    return ACCOUNT + account.login.encode(), value.encode()


def logins_record(logins: Iterable[str]) -> Record:
    """The logins of all accounts."""
    return LOGINS, ("\0".join(logins) or "\0").encode()


def piece_record(piece: str, numbers: bytes) -> Record:
    """A piece of names and the numbers (native, 32 bits each) of the names that hold it."""
    return PIECE + piece.encode(), numbers


def number_record(number: int, name: str) -> Record:
    """The short name of a number."""
    return NUMBER + str(number).encode(), name.encode()


def _flag(value: bool) -> str:  # noqa: FBT001  a field of a record, not a switch of behaviour
    return "1" if value else ""


def _period(thing: Unit | Address) -> str:
    """Both days as ordinals; no end is no text."""
    return f"{thing.valid_from.toordinal()}\0{thing.valid_until.toordinal() if thing.valid_until else ''}"


@cache
def _may_words(may: frozenset[May]) -> str:
    return " ".join(sorted(may))


# --- reading ---


def read_head(value: bytes | None) -> Head:
    """What the file says of itself; BrokenFile when it is of another form."""
    form, *fields = (value or b"").decode().split("\0")
    if form != str(FORM):
        raise BrokenFile(f"a doorbook of form {form!r}, not {FORM}")
    identity, state, domains, intake = fields
    return Head(OwnNames(frozenset(domains.split()), frozenset(intake.split())), state, identity)


def read_units(unit_id: str, value: bytes | None) -> tuple[Unit, ...]:
    """Every period of that unit."""
    if not value:
        return ()
    fields = value.decode().split("\0")
    if len(fields) == _UNIT_FIELDS:  # nearly always
        return (_read_unit(unit_id, fields),)
    return tuple([_read_unit(unit_id, each) for each in _apart(fields, _UNIT_FIELDS)])


def read_addresses(address: str, value: bytes | None) -> tuple[Address, ...]:
    """Every mapping of that address."""
    if not value:
        return ()
    fields = value.decode().split("\0")
    if len(fields) == _ADDRESS_FIELDS:  # nearly always
        return (_read_address(address, fields),)
    return tuple([_read_address(address, each) for each in _apart(fields, _ADDRESS_FIELDS)])


def read_steps(unit_id: str, value: bytes | None) -> tuple[Succession, ...]:
    """Everything that became of that unit."""
    fields = value.decode().split("\0") if value else []
    return tuple([_read_step(unit_id, each) for each in _apart(fields, _STEP_FIELDS)])


def read_account(login: str, value: bytes | None) -> Account | None:
    """The account of that login."""
    if not value:
        return None
    password_hash, may_send_as, locked = value.decode().split("\0")
    return Account(login, password_hash, frozenset(may_send_as.split()), locked == "1")


def read_ids(value: bytes | None) -> list[str]:
    """The ids of units, or the logins, of a value."""
    return [text for text in value.decode().split("\0") if text] if value else []


def _apart(fields: Sequence[str], width: int) -> Iterator[Sequence[str]]:
    """The fields of each period."""
    return (fields[i : i + width] for i in range(0, len(fields), width))


def _read_unit(unit_id: str, fields: Sequence[str]) -> Unit:
    name, kind, short, parent, contact, channel, book, accepts, first, end, organ, qcvn, tax, basis, others, ways = (
        fields
    )
    return Unit(
        unit_id, name, _KINDS[kind], short, parent or None, contact, _CHANNELS[channel], book == "1", accepts == "1",
        _day(first), _day(end) if end else None, organ, qcvn, tax,
        tuple(others.split(BETWEEN)) if others else (),
        tuple([_read_way(way) for way in ways.split(BETWEEN)]) if ways else (), basis,
    )  # fmt: skip


def _read_way(text: str) -> Way:
    channel, _, to = text.partition(":")
    return Way(_CHANNELS[channel], to)


def _read_step(unit_id: str, fields: Sequence[str]) -> Succession:
    day, turn, successor, basis = fields
    return Succession(unit_id, _day(day), _TURNS[turn], successor or None, basis)


def _read_address(address: str, fields: Sequence[str]) -> Address:
    unit, may, role, first, end, form, needs = fields
    return Address(
        address, unit, _may(may), role, _day(first), _day(end) if end else None, _FORMS[form], _PROOFS[needs]
    )


@cache
def _day(ordinal: str) -> date:
    return date.fromordinal(int(ordinal))


@cache
def _may(names: str) -> frozenset[May]:
    return frozenset(May(name) for name in names.split())
