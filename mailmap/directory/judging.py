"""Judging: what is wrong with a unit, a mapping or a succession as it stands among all others.

Promises:  every wrong of a thing is told, on any day of its period; the same for sheets, for taking back, and for a
           whole directory. ``worth_a_look`` tells what may be meant, but leaves something undone.
Never:     looks at cells; changes anything.
Fails:     only when the index does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from mailmap.directory import cells
from mailmap.directory.address import Address, Form
from mailmap.directory.answers import Sentence
from mailmap.directory.changes import Thing
from mailmap.directory.directory import OwnNames, split
from mailmap.directory.index import Index, names_of
from mailmap.directory.lineage import covers, lines_above, overlap
from mailmap.directory.succession import Heir, Standing, Succession, closest, heir
from mailmap.directory.unit import Unit
from mailmap.directory.webmail import PUBLIC


def wrongs(there: Index, thing: Thing, own: OwnNames) -> Iterator[Sentence]:
    """Everything that is wrong with it."""
    if isinstance(thing, Unit):
        return _wrong_unit(there, thing, own)
    return _wrong_mapping(there, thing, own) if isinstance(thing, Address) else _wrong_step(there, thing)


def worth_a_look(there: Index, thing: Thing) -> Iterator[Sentence]:
    """What the end of a unit leaves behind: units that live below it, and nobody who follows it."""
    if not isinstance(thing, Unit) or thing.valid_until is None or _lives(there, thing.id, thing.valid_until):
        return
    last = thing.valid_until
    left = [unit for unit in there.below(thing.id) if unit.lives_on(last)]
    if left:
        yield Sentence.of("roster.children-left", unit=thing.name, count=len(left), names=_listed(left))
    if not any(step.on >= last for step in there.ended(thing.id)):
        yield Sentence.of("roster.no-successor", unit=thing.name, until=last.isoformat())


def _wrong_unit(there: Index, unit: Unit, own: OwnNames) -> Iterator[Sentence]:
    if not _is_period(unit):
        yield Sentence.of("roster.no-period")
    if any(overlap(unit, other) for other in there.unit(unit.id) if other.valid_from != unit.valid_from):
        yield Sentence.of("roster.unit-overlap", unit=unit.name)
    for name in names_of(unit):
        if name in own.reserved():
            yield Sentence.of("roster.reserved", name=name)
    for way in unit.ways():
        if "@" in way.to and split(way.to)[1] in own.domains:
            yield Sentence.of("roster.own-address", address=way.to)
    yield from _wrong_names(there, unit)
    yield from _wrong_parent(there, unit)


def _wrong_names(there: Index, unit: Unit) -> Iterator[Sentence]:
    for name in names_of(unit):
        others = (other for other in there.named(name) if other.id != unit.id and overlap(unit, other))
        if other := next(others, None):
            yield Sentence.of("roster.name-taken", name=name, other=other.name)


def _wrong_parent(there: Index, unit: Unit) -> Iterator[Sentence]:
    if unit.parent is None:
        return
    parents = there.unit(unit.parent)
    if not parents:
        yield Sentence.of("roster.no-parent", parent=unit.parent)
    elif any(unit.id in line for line in lines_above(there, unit)):
        yield Sentence.of("roster.cycle", unit=unit.name)
    elif not covers(parents, unit):
        yield Sentence.of("roster.parent-period", parent=parents[-1].name)


def _wrong_mapping(there: Index, mapping: Address, own: OwnNames) -> Iterator[Sentence]:
    if not _is_period(mapping):
        yield Sentence.of("roster.no-period")
    if cells.form_is_wrong(mapping):
        yield Sentence.of("roster.form-differs", address=mapping.address, form=mapping.form)
    if split(mapping.address)[1] in own.domains:
        yield Sentence.of("roster.own-address", address=mapping.address)
    if mapping.form is Form.DOMAIN and split(mapping.address)[1] in PUBLIC:
        yield Sentence.of("roster.public-domain", domain=split(mapping.address)[1])
    if not there.unit(mapping.unit):
        yield Sentence.of("roster.no-unit", unit=mapping.unit)
    for other in there.mapped(mapping.address):
        if other.valid_from == mapping.valid_from or not overlap(other, mapping):
            continue
        owner = closest(there.unit(other.unit), mapping.valid_from)
        name = owner.name if owner else other.unit
        key = "roster.overlap" if other.unit == mapping.unit else "roster.two-units"
        yield Sentence.of(key, address=mapping.address, other=name)


def _wrong_step(there: Index, step: Succession) -> Iterator[Sentence]:
    unit = closest(there.unit(step.unit), step.on)
    if unit is None:
        yield Sentence.of("roster.no-unit", unit=step.unit)
    elif step.on <= there.unit(step.unit)[0].valid_from:
        yield Sentence.of("roster.step-before", unit=unit.name, on=step.on.isoformat())
    elif step.successor == step.unit:
        if not any(period.valid_from == step.on for period in there.unit(step.unit)):
            yield Sentence.of("roster.step-itself", unit=unit.name, on=step.on.isoformat())
    elif unit.lives_on(step.on):
        yield Sentence.of("roster.step-lives", unit=unit.name, on=step.on.isoformat())
    elif step.successor is not None:
        yield from _wrong_successor(there, step, step.successor)


def _wrong_successor(there: Index, step: Succession, successor: str) -> Iterator[Sentence]:
    follows = heir(there, successor, step.on)
    if follows.unit is None:
        yield Sentence.of("roster.no-unit", unit=successor)
    elif _comes_back(follows, step.unit):
        yield Sentence.of("roster.step-circle", unit=step.unit, successor=successor)
    elif not _lives(there, successor, step.on):
        name = follows.unit.name if follows.standing is not Standing.LIVES else successor
        yield Sentence.of("roster.step-dead", successor=name, on=step.on.isoformat())


def _comes_back(line: Heir, unit_id: str) -> bool:
    return any(unit_id in {step.unit, step.successor} for step in line.steps)


def _lives(there: Index, unit_id: str, on: date) -> bool:
    return any(period.lives_on(on) for period in there.unit(unit_id))


def _is_period(thing: Unit | Address) -> bool:
    return thing.valid_until is None or thing.valid_from < thing.valid_until


def _listed(units: Iterable[Unit], most: int = 5) -> str:
    names = sorted(unit.name for unit in units)
    return ", ".join([*names[:most], *(["…"] if len(names) > most else [])])
