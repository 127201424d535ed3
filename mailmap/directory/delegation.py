"""Delegation: what the administrator of a unit may change.

Promises:  only what belongs to that unit's subtree on every day, before and after the change, and of the unit itself
           neither where it stands nor what it is; single mailboxes, never whole domains, which are nobody's alone.
Never:     judges whether a change is right.
Fails:     only when the index does.
"""

from __future__ import annotations

from collections.abc import Iterator

from mailmap.directory.address import Address, Form
from mailmap.directory.answers import Sentence
from mailmap.directory.changes import Change, Thing
from mailmap.directory.index import Index
from mailmap.directory.lineage import lines_above, overlap
from mailmap.directory.unit import Unit

_FROM_ABOVE = ("parent", "kind", "valid_from", "valid_until")  # of the administrator's own unit


def outside(change: Change, before: Index, after: Index, within: Unit) -> Iterator[Sentence]:
    """Why this change is not for the administrator of that unit; nothing when it is."""
    there = ((before, change.before), (after, change.after))
    if not all(thing is None or _is_inside(index, thing, within) for index, thing in there):
        yield Sentence.of("roster.outside", unit=within.name)
    elif isinstance(change.thing, Unit) and change.thing.id == within.id:
        yield from _its_own(change, within)
    elif isinstance(change.thing, Address) and change.thing.form is Form.DOMAIN:
        yield Sentence.of("roster.domain-from-above", address=change.thing.address)


def _its_own(change: Change, within: Unit) -> Iterator[Sentence]:
    was, will = change.before, change.after
    if not isinstance(was, Unit) or not isinstance(will, Unit):
        yield Sentence.of("roster.from-above", unit=within.name, fields="valid_from")
        return
    differ = [name for name in _FROM_ABOVE if getattr(was, name) != getattr(will, name)]
    if differ:
        yield Sentence.of("roster.from-above", unit=within.name, fields=", ".join(differ))


def _is_inside(there: Index, thing: Thing, within: Unit) -> bool:
    if isinstance(thing, Unit):
        return _is_below(there, thing, within)
    if isinstance(thing, Address):
        owners = there.unit(thing.unit)
        living = [unit for unit in owners if overlap(unit, thing)] or owners
        return bool(living) and all(_is_below(there, unit, within) for unit in living)
    ids = [thing.unit, *([thing.successor] if thing.successor else [])]
    named = [there.unit(unit_id) for unit_id in ids]
    return all(units and all(_is_below(there, unit, within) for unit in units) for units in named)


def _is_below(there: Index, unit: Unit, within: Unit) -> bool:
    """Whether it is that unit, or stands below it on every day of its period."""
    return unit.id == within.id or all(within.id in line for line in lines_above(there, unit))
