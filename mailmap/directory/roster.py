"""The roster: rows of sheets become proposed changes of the directory, as a diff that a person reads first.

Promises:  ``propose`` tells every change (added, changed, ended) and every mistake with its line and reason, all at
           once; applying a diff and proposing the same rows again gives no change.
Never:     ends what a sheet merely does not mention; lets one address belong to two units at one time, a unit stand
           above itself, or an address of our own be a sender (its mail would run in a circle for ever).
Fails:     only when the index does. A diff with mistakes must not be applied.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from mailmap.directory import cells
from mailmap.directory.address import Address, fold
from mailmap.directory.answers import Sentence
from mailmap.directory.changes import Change, Diff, Effect, Key, Thing, change_of
from mailmap.directory.directory import OwnNames, split
from mailmap.directory.index import Index, names_of
from mailmap.directory.sheet import Mistake, Place, Row, Sheet, Table
from mailmap.directory.succession import Succession
from mailmap.directory.unit import Unit

__all__ = ["Change", "Diff", "Effect", "Thing", "asked_of", "propose"]


Told = tuple[Place, Unit] | tuple[Place, Address]


class _Proposal:
    """The directory as it would be with all rows applied, and what is wrong with that."""

    def __init__(self, index: Index, own: OwnNames, new: Unit) -> None:
        self._index, self._own, self._new = index, own, new
        self.mistakes: list[Mistake] = []
        self.units: dict[str, tuple[Place, Unit]] = {}
        self.mappings: dict[Key, tuple[Place, Address]] = {}
        self.steps: dict[Key, tuple[Place, Succession]] = {}
        self._bearers: dict[str, list[Unit]] = {}
        self._mapped: dict[str, list[Address]] = {}

    def take_unit(self, row: Row) -> None:
        before = self._known(cells.id_of(row))
        unit, wrong = cells.unit_of(row, before or self._new)
        self._tell(row.place, wrong)
        if unit is None:
            return
        if unit.id in self.units:
            self._tell(row.place, [Sentence.of("roster.twice", line=self.units[unit.id][0].line)])
            return
        self.units[unit.id] = (row.place, unit)
        for name in names_of(unit):
            self._bearers.setdefault(name, []).append(unit)

    def take_mapping(self, row: Row) -> None:
        mapping, wrong = cells.address_of(row)
        self._tell(row.place, wrong)
        if mapping is None:
            return
        if known := self._known_mapping(mapping):  # what the sheet does not say stays as it is
            mapping = cells.address_of(row, known)[0] or mapping
        key = (mapping.address, mapping.valid_from)
        if key in self.mappings:
            self._tell(row.place, [Sentence.of("roster.twice", line=self.mappings[key][0].line)])
            return
        self.mappings[key] = (row.place, mapping)
        self._mapped.setdefault(mapping.address, []).append(mapping)

    def take_step(self, row: Row) -> None:
        step, wrong = cells.succession_of(row)
        self._tell(row.place, wrong)
        if step is None:
            return
        key = (step.unit, step.on)
        if key in self.steps:
            self._tell(row.place, [Sentence.of("roster.twice", line=self.steps[key][0].line)])
            return
        self.steps[key] = (row.place, step)

    def judge(self) -> None:
        """Find what is wrong between the rows, and between them and what is known."""
        for place, unit in self.units.values():
            self._tell(place, self._wrong_unit(unit))
        for place, mapping in self.mappings.values():
            self._tell(place, self._wrong_mapping(mapping))

    def changes(self) -> Iterator[Change]:
        """The effect of each row that has one, in the order of the rows."""
        some: list[Change | None] = [
            *(change_of(place, self._known(unit.id), unit) for place, unit in self.units.values()),
            *(change_of(place, self._known_mapping(one), one) for place, one in self.mappings.values()),
            *(change_of(place, self._known_step(step), step) for place, step in self.steps.values()),
        ]
        return filter(None, some)

    def _tell(self, place: Place, wrong: Iterable[Sentence]) -> None:
        self.mistakes.extend(Mistake(place, why) for why in wrong)

    def _unit(self, unit_id: str) -> Unit | None:
        told = self.units.get(unit_id)
        return told[1] if told else self._known(unit_id)

    def _known(self, unit_id: str) -> Unit | None:
        return next(reversed(self._index.unit(unit_id)), None)

    def _wrong_unit(self, unit: Unit) -> Iterator[Sentence]:
        if not _is_period(unit):
            yield Sentence.of("roster.no-period")
        if unit.short in self._own.reserved():
            yield Sentence.of("roster.reserved", name=unit.short)
        if split(unit.contact)[1] in self._own.domains:
            yield Sentence.of("roster.own-address", address=unit.contact)
        yield from self._wrong_names(unit)
        yield from self._wrong_parent(unit)

    def _wrong_names(self, unit: Unit) -> Iterator[Sentence]:
        for name in names_of(unit):
            known = (self._unit(other.id) or other for other in self._index.named(name))
            others = {other.id: other for other in (*known, *self._bearers.get(name, ())) if name in names_of(other)}
            for other in others.values():
                if other.id != unit.id and _overlap(unit, other):
                    yield Sentence.of("roster.name-taken", name=name, other=other.name)

    def _wrong_parent(self, unit: Unit) -> Iterator[Sentence]:
        if unit.parent is None:
            return
        parent = self._unit(unit.parent)
        if parent is None:
            yield Sentence.of("roster.no-parent", parent=unit.parent)
        elif self._above_itself(unit):
            yield Sentence.of("roster.cycle", unit=unit.name)
        elif not _covers(parent, unit):
            yield Sentence.of("roster.parent-period", parent=parent.name)

    def _above_itself(self, unit: Unit) -> bool:
        seen: set[str] = set()
        above = unit.parent
        while above and above not in seen:
            seen.add(above)
            parent = self._unit(above)
            above = parent.parent if parent else None
        return unit.id in seen

    def _wrong_mapping(self, mapping: Address) -> Iterator[Sentence]:
        if not _is_period(mapping):
            yield Sentence.of("roster.no-period")
        if split(mapping.address)[1] in self._own.domains:
            yield Sentence.of("roster.own-address", address=mapping.address)
        if self._unit(mapping.unit) is None:
            yield Sentence.of("roster.no-unit", unit=mapping.unit)
        known = self._known_mapping(mapping)
        others = [*([known] if known else []), *self._other_mappings(mapping)]
        for other in others:
            if other.unit != mapping.unit and _overlap(other, mapping):
                owner = self._unit(other.unit)
                yield Sentence.of(
                    "roster.two-units", address=mapping.address, other=owner.name if owner else other.unit
                )
            elif other is not known and _overlap(other, mapping):
                yield Sentence.of("roster.overlap", address=mapping.address)

    def _known_mapping(self, mapping: Address) -> Address | None:
        same = (m for m in self._index.mapped(mapping.address) if m.valid_from == mapping.valid_from)
        return next(same, None)

    def _known_step(self, step: Succession) -> Succession | None:
        return next((known for known in self._index.ended(step.unit) if known.on == step.on), None)

    def _other_mappings(self, mapping: Address) -> list[Address]:
        """All mappings of this address as they would be, but this one."""
        told = self._mapped.get(mapping.address, [])
        replaced = {m.valid_from for m in told}
        kept = (m for m in self._index.mapped(mapping.address) if m.valid_from not in replaced)
        return [m for m in (*told, *kept) if m is not mapping]


def propose(
    sheets: Sequence[Sheet], index: Index, own: OwnNames, new: Unit = cells.NEW, within: Unit | None = None
) -> Diff:
    """What the sheets, taken together, would change in the directory that ``index`` knows.

    ``new`` has what a new unit gets where its row says nothing. ``within``: only changes of that unit's subtree are
    allowed; what is outside is a mistake.
    """
    _ = within
    proposal = _Proposal(index, own, new)
    for sheet in sheets:
        proposal.mistakes.extend(sheet.mistakes)
        take = {
            Table.UNITS: proposal.take_unit,
            Table.ADDRESSES: proposal.take_mapping,
            Table.SUCCESSIONS: proposal.take_step,
        }[sheet.table]
        for row in sheet.rows:
            take(row)
    proposal.judge()
    changes = tuple(proposal.changes())
    mistakes = sorted(proposal.mistakes, key=lambda mistake: (mistake.place.file, mistake.place.line))
    rows = len(proposal.units) + len(proposal.mappings) + len(proposal.steps)
    return Diff(changes, tuple(mistakes), rows - len(changes))


def asked_of(sheets: Iterable[Sheet]) -> Mapping[Table, frozenset[str]]:
    """The names of units (ids, short names, codes) and the addresses that ``propose`` will look up for these sheets."""
    rows = [row.cells for sheet in sheets for row in sheet.rows]
    names = {row.get(field, "") for row in rows for field in ("id", "parent", "unit", "short", "organ_id")}
    addresses = {fold(row.get("address", "")) for row in rows}
    return {Table.UNITS: frozenset({*names, *map(fold, names)}), Table.ADDRESSES: frozenset(addresses)}


def _is_period(thing: Unit | Address) -> bool:
    return thing.valid_until is None or thing.valid_from < thing.valid_until


def _overlap(a: Unit | Address, b: Unit | Address) -> bool:
    return a.valid_from < (b.valid_until or date.max) and b.valid_from < (a.valid_until or date.max)


def _covers(outer: Unit, inner: Unit) -> bool:
    return outer.valid_from <= inner.valid_from and (inner.valid_until or date.max) <= (outer.valid_until or date.max)
