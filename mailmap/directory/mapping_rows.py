"""Rows of addresses and of successions, and the mappings that a list of units brings with its mailboxes.

Promises:  a row without a first day corrects the last mapping of that address to that unit, else begins one; every
           address of a cell is mapped. A mailbox that a row of units newly gives to one unit is mapped to it, unless it
           is mapped already.
Never:     maps a mailbox that two units of the sheets share: whose it is must be told.
Fails:     only when the index does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from mailmap.directory import cells
from mailmap.directory.address import Address
from mailmap.directory.answers import Sentence
from mailmap.directory.cells import Values
from mailmap.directory.changes import Key, key_of
from mailmap.directory.index import Index
from mailmap.directory.lineage import overlap
from mailmap.directory.references import References
from mailmap.directory.sheet import Mistake, Place, Remark
from mailmap.directory.succession import Succession
from mailmap.directory.unit_rows import Claim


@dataclass(slots=True)
class Mapped:
    """Mappings and successions with their places, and what to say; ``implied`` are those that came with units."""

    mappings: dict[Key, tuple[Place, Address]] = field(default_factory=dict)
    steps: dict[Key, tuple[Place, Succession]] = field(default_factory=dict)
    implied: dict[Key, Sentence] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)


class MappingRows:
    """Takes rows one after the other; later files build on what earlier ones say."""

    def __init__(self, references: References, index: Index) -> None:
        self._references, self._index = references, index
        self.found = Mapped()
        self._told: dict[str, list[Address]] = defaultdict(list)

    def take_addresses(self, place: Place, values: Values) -> None:
        """Every mapping of a row of addresses."""
        unit = self._unit(place, cells.said(values, "unit"), cells.day_of(values), "roster.no-unit")
        if not unit:
            return
        meant = {**values, "unit": unit}
        for address in cells.texts(values.get("address")):
            day = self._first_day(address, unit, values)
            if not self._is_new(place, self.found.mappings.get((address, day))):
                continue
            before = self._known(address).get(day)
            if before and before.unit != unit:
                why = Sentence.of("roster.two-units", address=address, other=self._name(before.unit))
                self.found.mistakes.append(Mistake(place, why))
            mapping = replace(cells.address_of(meant, address, before), valid_from=day)
            self.found.mappings[key_of(mapping)] = (place, mapping)
            self._told[address].append(mapping)

    def take_succession(self, place: Place, values: Values) -> None:
        """The succession of a row: the old unit is named as of the day before, the successor as of the day."""
        step = cells.succession_of(values)
        before = step.on - timedelta(days=1) if step.on > date.min else step.on
        unit = self._unit(place, step.unit, before, "roster.no-unit")
        successor = step.successor and self._unit(place, step.successor, step.on, "roster.no-unit")
        if not unit or (step.successor and not successor):
            return
        step = replace(step, unit=unit, successor=successor or None)
        if self._is_new(place, self.found.steps.get(key_of(step))):
            self.found.steps[key_of(step)] = (place, step)

    def take_claims(self, claims: Iterable[Claim]) -> None:
        """The mailboxes that rows of units brought."""
        claimed: dict[str, list[Claim]] = defaultdict(list)
        for claim in claims:
            for mailbox in claim.mailboxes:
                claimed[mailbox].append(claim)
        told = {address for address, _ in self.found.mappings}
        for mailbox, some in claimed.items():
            if mailbox not in told:
                self._claim(mailbox, some)

    def _claim(self, mailbox: str, claims: Sequence[Claim]) -> None:
        units = {claim.unit.id: claim.unit.name for claim in claims}
        first = claims[0]
        mapping = Address(mailbox, first.unit.id, valid_from=first.unit.valid_from)
        others = [one for one in self._index.mapped(mailbox) if overlap(one, mapping)]
        if len(units) > 1:
            self._warn(claims, "roster.shared-mailbox", address=mailbox, units=", ".join(units.values()))
        elif any(other.unit != mapping.unit for other in others):
            owners = ", ".join(sorted({self._name(other.unit) for other in others}))
            self._warn(claims, "roster.mapped-elsewhere", address=mailbox, other=owners)
        elif not others:
            self.found.mappings[key_of(mapping)] = (first.place, mapping)
            self.found.implied[key_of(mapping)] = Sentence.of("roster.mapped-too", unit=first.unit.name)

    def _warn(self, claims: Iterable[Claim], key: str, **facts: str) -> None:
        self.found.warnings.extend(Remark(claim.place, Sentence.of(key, **facts)) for claim in claims)

    def _unit(self, place: Place, text: str, on: date | None, missing: str) -> str:
        meant = self._references.find(text, on)
        if meant is None:
            self.found.mistakes.append(Mistake(place, Sentence.of(missing, unit=text)))
            return ""
        if meant.wrong:
            self.found.mistakes.append(Mistake(place, meant.wrong))
        return meant.id

    def _first_day(self, address: str, unit: str, values: Values) -> date:
        said, last = cells.since(values), cells.until(values)
        if said is not None:
            return said
        its = [one for one in self._known(address).values() if one.unit == unit]
        ending = [one.valid_from for one in its if last and one.valid_until == last]
        return ending[0] if ending else max((one.valid_from for one in its), default=date.min)

    def _known(self, address: str) -> dict[date, Address]:
        """Every mapping of the address by its first day, as the rows so far make them."""
        every = (*self._index.mapped(address), *self._told.get(address, ()))
        return {mapping.valid_from: mapping for mapping in every}

    def _name(self, unit_id: str) -> str:
        units = self._index.unit(unit_id)
        return units[-1].name if units else unit_id

    def _is_new(self, place: Place, earlier: tuple[Place, object] | None) -> bool:
        """Whether no row of the same file tells the same thing."""
        if earlier is None or earlier[0].file != place.file:
            return True
        self.found.mistakes.append(Mistake(place, Sentence.of("roster.twice", line=earlier[0].line)))
        return False
