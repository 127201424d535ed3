"""The directory: whose address is this, and where does a recipient lead, on a given day.

Promises:  every answer carries its reason; ``who`` and ``where`` are total: any text gets an answer. An address means
           the same in every case, in NFC and NFD, and with a ``+tag`` behind the unit's name (RFC 5233).
Never:     guesses a misspelt name; looks anything up but in the index it was given; an address of our own is nobody's.
Fails:     only when the index does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import NamedTuple, Protocol, TypeVar

from mailmap.directory.address import Address, fold
from mailmap.directory.answers import Leads, Sentence, Where, Who
from mailmap.directory.unit import Unit
from mailmap.writing import tokens

AUTHOR = "lienthong"  # the local part from which all our letters come; who writes to it writes to the administrator
SYSTEM = frozenset({"postmaster", "abuse", "mailer-daemon", AUTHOR})  # RFC 2142, RFC 5321 section 4.5.1
KEYED = frozenset(purpose.value for purpose in tokens.Purpose)
NOTHING = frozenset[str]()
_LEADS = {tokens.Purpose.REPLY: Leads.REPLY, tokens.Purpose.RETURN: Leads.RETURN}


class _NotAlive(NamedTuple):
    """The words for what is known but does not count on a day."""

    not_yet: str
    ended: str


_MAPPING = _NotAlive("who.mapping-not-yet", "who.mapping-ended")
_WHO = _NotAlive("who.unit-not-yet", "who.unit-ended")
_WHERE = _NotAlive("where.unit-not-yet", "where.unit-ended")


@dataclass(frozen=True, slots=True)
class OwnNames:
    """The gateway's own domains, and the local parts of its general intake address; all folded."""

    domains: frozenset[str]
    intake: frozenset[str] = NOTHING

    def reserved(self) -> frozenset[str]:
        """Local parts that no unit may bear."""
        return SYSTEM | KEYED | self.intake


class Index(Protocol):
    """Where units and addresses are looked up: memory, tables or a file. Keys are folded, answers are of all days."""

    def unit(self, unit_id: str) -> Unit | None:
        """The unit with that id."""

    def named(self, name: str) -> tuple[Unit, ...]:
        """Every unit that has this short name or organisation code."""

    def mapped(self, address: str) -> tuple[Address, ...]:
        """Every mapping of this address."""


class MemoryIndex:
    """An index in memory."""

    def __init__(self, units: Iterable[Unit], addresses: Iterable[Address]) -> None:
        self._units = {unit.id: unit for unit in units}
        self._named: dict[str, tuple[Unit, ...]] = {}
        self._mapped: dict[str, tuple[Address, ...]] = {}
        for unit in self._units.values():
            for name in names_of(unit):
                self._named[name] = (*self._named.get(name, ()), unit)
        for address in addresses:
            self._mapped[address.address] = (*self._mapped.get(address.address, ()), address)

    def unit(self, unit_id: str) -> Unit | None:
        """The unit with that id."""
        return self._units.get(unit_id)

    def named(self, name: str) -> tuple[Unit, ...]:
        """Every unit that has this short name or organisation code."""
        return self._named.get(name, ())

    def mapped(self, address: str) -> tuple[Address, ...]:
        """Every mapping of this address."""
        return self._mapped.get(address, ())


class Snapshot:
    """Answers for any day from one index; the ``Directory`` of ``answers``."""

    __slots__ = ("_index", "_key", "own")

    def __init__(self, index: Index, own: OwnNames, token_key: bytes) -> None:
        self._index, self._key, self.own = index, token_key, own

    def unit(self, unit_id: str) -> Unit | None:
        """The unit with that id, living or not."""
        return self._index.unit(unit_id)

    def named(self, name: str, on: date) -> Unit | None:
        """The unit with that short name or organisation code: the one that lives, else the one that lived last."""
        return closest(self._index.named(fold(name)), on)

    def who(self, address: str, on: date) -> Who:
        """Whose address is this on that day; our own addresses are nobody's (a loop would have no end)."""
        folded = fold(address)
        if split(folded)[1] in self.own.domains:
            return _nobody(folded, Sentence.of("who.own"))
        mapping = closest(self._index.mapped(folded), on)
        if mapping is None:
            return _nobody(folded, Sentence.of("who.unmapped" if folded else "who.nobody"))
        unit = self._index.unit(mapping.unit)
        if unit is None:
            return _nobody(folded, Sentence.of("who.unit-unknown", unit=mapping.unit))
        if not mapping.lives_on(on):
            return _nobody(folded, _not_alive(_MAPPING, mapping, on, unit.name))
        if not unit.lives_on(on):
            return _nobody(folded, _not_alive(_WHO, unit, on, unit.name))
        return Who(folded, unit, mapping.may, Sentence.of("who.mapped", unit=unit.name))

    def where(self, recipient: str, on: date) -> Where:
        """Where would a mail to this recipient go on that day."""
        folded = fold(recipient)
        local, domain = split(folded)
        if domain and domain not in self.own.domains:
            return Where(folded, Leads.FOREIGN, None, Sentence.of("where.foreign", domain=domain))
        name, _, tag = local.partition("+")
        if tag and name in KEYED:
            return self._keyed(folded, local)
        if name in SYSTEM:
            return Where(folded, Leads.POSTMASTER, None, Sentence.of("where.postmaster"))
        if not domain:  # only postmaster needs none (RFC 5321 section 4.1.1.3)
            return Where(folded, Leads.UNKNOWN, None, Sentence.of("where.no-domain"))
        if name in self.own.intake:
            return Where(folded, Leads.INTAKE, None, Sentence.of("where.intake"))
        return self._unit_named(folded, name, on)

    def _keyed(self, folded: str, local: str) -> Where:
        token = tokens.read(self._key, local)
        if token is None:
            return Where(folded, Leads.UNKNOWN, None, Sentence.of("where.forged"))
        leads = _LEADS[token.purpose]
        return Where(folded, leads, None, Sentence.of(f"where.{leads.value}"), token.letter)

    def _unit_named(self, folded: str, name: str, on: date) -> Where:
        unit = self.named(name, on)
        if unit is None:
            return Where(folded, Leads.UNKNOWN, None, Sentence.of("where.unknown", name=name))
        if not unit.lives_on(on):
            return Where(folded, Leads.UNKNOWN, None, _not_alive(_WHERE, unit, on, unit.name))
        return Where(folded, Leads.UNIT, unit, Sentence.of("where.unit", unit=unit.name))


def snapshot(
    units: Iterable[Unit], addresses: Iterable[Address], own: OwnNames | None = None, token_key: bytes = b""
) -> Snapshot:
    """A directory in memory; without names of its own every recipient is foreign."""
    return Snapshot(MemoryIndex(units, addresses), own or OwnNames(NOTHING), token_key)


def names_of(unit: Unit) -> tuple[str, ...]:
    """The local parts a unit answers to, folded: its short name, and its organisation code when it has one."""
    return tuple(dict.fromkeys(name for name in (fold(unit.short), fold(unit.organ_id)) if name))


def split(folded: str) -> tuple[str, str]:
    """Local part (without the quotes of RFC 5321 section 4.1.2) and domain (without the root's dot)."""
    local, at, domain = folded.rpartition("@")
    if not at:
        return folded, ""
    if len(local) > 1 and local[0] == local[-1] == '"':
        local = local[1:-1].replace("\\", "")
    return local, domain.rstrip(".")


Lives = TypeVar("Lives", Unit, Address)


def closest(things: Iterable[Lives], on: date) -> Lives | None:
    """The one that lives on that day, else the last that ended before it, else the first that is to come."""
    every = list(things)
    if len(every) <= 1:  # nearly always
        return every[0] if every else None
    every.sort(key=attrgetter("valid_from"))
    living = [thing for thing in every if thing.lives_on(on)]
    begun = [thing for thing in every if thing.valid_from <= on]
    return (living or begun or every[:1])[-1]


def _nobody(address: str, why: Sentence) -> Who:
    return Who(address, None, frozenset(), why)


def _not_alive(keys: _NotAlive, thing: Unit | Address, on: date, name: str) -> Sentence:
    """Why a known thing does not count on that day: it has not begun, or it has ended."""
    if on < thing.valid_from:
        return Sentence.of(keys.not_yet, unit=name, since=f"{thing.valid_from:%d/%m/%Y}")
    until = f"{thing.valid_until:%d/%m/%Y}" if thing.valid_until else ""
    return Sentence.of(keys.ended, unit=name, until=until)
