"""The directory: whose address is this, and where does a recipient lead, on a given day.

Promises:  every answer carries its reason; ``who`` and ``where`` are total: any text gets an answer. An address means
           the same in every case, in NFC and NFD, and with a ``+tag`` behind the unit's name (RFC 5233).
Never:     guesses a misspelt name; looks anything up but in the index it was given; an address of our own is nobody's.
Fails:     only when the index does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from mailmap.directory.address import Address, fold, keys_of
from mailmap.directory.answers import Found, Leads, Sentence, Where, Who
from mailmap.directory.finding import find
from mailmap.directory.index import Index, MemoryIndex
from mailmap.directory.succession import Heir, Standing, Succession, closest, heir
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


class Snapshot:
    """Answers for any day from one index; the ``Directory`` of ``answers``."""

    __slots__ = ("_index", "_key", "own")

    def __init__(self, index: Index, own: OwnNames, token_key: bytes) -> None:
        self._index, self._key, self.own = index, token_key, own

    @property
    def index(self) -> Index:
        """Where it looks things up: what is known of all days."""
        return self._index

    def unit(self, unit_id: str, on: date) -> Unit | None:
        """The unit with that id as it is on that day, or was when it ended, or will be."""
        return closest(self._index.unit(unit_id), on)

    def named(self, name: str, on: date) -> Unit | None:
        """The unit with that short name or code: the one that lives, else the one that lived last."""
        return closest(self._index.named(fold(name)), on)

    def successors(self, unit_id: str, on: date) -> Heir:
        """The unit that stands for this one on that day, and how it came to."""
        return heir(self._index, unit_id, on)

    def find(self, text: str, sender: Unit | None, on: date) -> tuple[Found, ...]:
        """What the recipients written in a text mean when this unit writes them, in their order."""
        return find(text, sender, on, self._index)

    def who(self, address: str, on: date) -> Who:
        """Whose address is this on that day; our own addresses are nobody's (a loop would have no end)."""
        folded = fold(address)
        if split(folded)[1] in self.own.domains:
            return _nobody(folded, Sentence.of("who.own"))
        mapping = self._speaker(folded, on)
        if mapping is None:
            return _nobody(folded, Sentence.of("who.unmapped" if folded else "who.nobody"))
        return self._mapped(folded, mapping, on)

    def _speaker(self, folded: str, on: date) -> Address | None:
        """The nearest mapping that lives, else the nearest; most are found at once."""
        nearest = closest(self._index.mapped(folded), on)
        if nearest and nearest.lives_on(on):
            return nearest
        for key in keys_of(folded)[1:]:
            mapping = closest(self._index.mapped(key), on)
            if mapping and mapping.lives_on(on):
                return mapping
            nearest = nearest or mapping
        return nearest

    def _mapped(self, folded: str, mapping: Address, on: date) -> Who:
        there = closest(self._index.unit(mapping.unit), on)
        if there and there.lives_on(on) and mapping.lives_on(on):  # nearly always
            return Who(folded, there, mapping.may, Sentence("who.mapped", (("unit", there.name),)), mapping.needs)
        line = self.successors(mapping.unit, on)
        unit = line.unit
        if unit is None:
            return _nobody(folded, Sentence.of("who.unit-unknown", unit=mapping.unit))
        if not mapping.lives_on(on):
            return _nobody(folded, _not_alive(_MAPPING, mapping, on, unit.name))
        if line.standing is not Standing.LIVES:
            return replace(_nobody(folded, _line_ends(_WHO, line, on)), steps=line.steps)
        return Who(folded, unit, mapping.may, self._followed("who", line, on), mapping.needs, line.steps)

    def where(self, recipient: str, on: date, living: date | None = None) -> Where:
        """Where would a mail to this recipient go that was accepted on that day.

        The name means what it meant then; the unit it leads to lives on ``living``, the day somebody carries it there
        (None: the same day).
        """
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
        return self._unit_named(folded, name, on, living or on)

    def _keyed(self, folded: str, local: str) -> Where:
        token = tokens.read(self._key, local)
        if token is None:
            return Where(folded, Leads.UNKNOWN, None, Sentence.of("where.forged"))
        leads = _LEADS[token.purpose]
        return Where(folded, leads, None, Sentence.of(f"where.{leads.value}"), token.letter)

    def _unit_named(self, folded: str, name: str, on: date, living: date) -> Where:
        unit = self.named(name, on)
        if unit is None:
            return Where(folded, Leads.UNKNOWN, None, Sentence.of("where.unknown", name=name))
        line = self.successors(unit.id, living)
        if line.standing is not Standing.LIVES or line.unit is None:
            lost = line.standing is Standing.OPEN or unit.lives_on(on)  # it was there when the mail was accepted
            leads, last = (Leads.UNSETTLED, line.unit) if lost else (Leads.UNKNOWN, None)
            return Where(folded, leads, last, _line_ends(_WHERE, line, living), steps=line.steps)
        name = line.unit.name
        why = self._followed("where", line, living) if line.steps else Sentence.of("where.unit", unit=name)
        return Where(folded, Leads.UNIT, line.unit, why, steps=line.steps)

    def _followed(self, answer: str, line: Heir, on: date) -> Sentence:
        """That the unit took the place of another, since when and by which decision."""
        step, name = line.steps[-1], line.unit.name if line.unit else ""
        first = self.unit(line.steps[0].unit, on)
        key = f"{answer}.followed" if step.basis else f"{answer}.followed-since"
        before = first.name if first else line.steps[0].unit
        return Sentence.of(key, before=before, unit=name, since=f"{step.on:%d/%m/%Y}", basis=step.basis)


def snapshot(
    units: Iterable[Unit],
    addresses: Iterable[Address],
    own: OwnNames | None = None,
    token_key: bytes = b"",
    successions: Iterable[Succession] = (),
) -> Snapshot:
    """A directory in memory; without names of its own every recipient is foreign."""
    return Snapshot(MemoryIndex(units, addresses, successions), own or OwnNames(NOTHING), token_key)


def split(folded: str) -> tuple[str, str]:
    """Local part (without the quotes of RFC 5321 section 4.1.2) and domain (without the root's dot)."""
    local, at, domain = folded.rpartition("@")
    if not at:
        return folded, ""
    if len(local) > 1 and local[0] == local[-1] == '"':
        local = local[1:-1].replace("\\", "")
    return local, domain.rstrip(".")


def _nobody(address: str, why: Sentence) -> Who:
    return Who(address, None, frozenset(), why)


def _line_ends(keys: _NotAlive, line: Heir, on: date) -> Sentence:
    """Why the way from a unit leads to none that lives."""
    if line.unit is None:
        return Sentence.of("heir.unknown")
    if line.standing is Standing.OPEN:
        step = line.steps[-1]
        key = "heir.open" if step.basis else "heir.open-since"
        return Sentence.of(key, unit=line.unit.name, since=f"{step.on:%d/%m/%Y}", basis=step.basis)
    return _not_alive(keys, line.unit, on, line.unit.name)


def _not_alive(keys: _NotAlive, thing: Unit | Address, on: date, name: str) -> Sentence:
    """Why a known thing does not count on that day: it has not begun, or it has ended."""
    if on < thing.valid_from:
        return Sentence.of(keys.not_yet, unit=name, since=f"{thing.valid_from:%d/%m/%Y}")
    until = f"{thing.valid_until:%d/%m/%Y}" if thing.valid_until else ""
    return Sentence.of(keys.ended, unit=name, until=until)
