"""Lineage: which units stand above a unit, on any day of its period.

Promises:  every line of units above is told, whatever changed above during the period; it ends even in a circle.
Never:     tells a unit twice in one line, but for the one that closes a circle.
Fails:     only when the index does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from mailmap.directory.address import Address
from mailmap.directory.index import Index
from mailmap.directory.unit import Unit


def lines_above(there: Index, unit: Unit) -> Iterator[tuple[str, ...]]:
    """Every line of ids above the unit during its period, the nearest first; () when nothing is above.

    A line that runs in a circle ends with the unit that closes it, which may be the one it began with.
    """
    return _lines(there, unit, unit.valid_from, end(unit), (unit.id,))


def _lines(there: Index, unit: Unit, since: date, until: date, below: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    parents = () if unit.parent is None else there.unit(unit.parent)
    living = [parent for parent in parents if parent.valid_from < until and since < end(parent)]
    if not living:
        yield below[1:]
    elif living[0].id in below:
        yield (*below[1:], living[0].id)
        return
    for parent in living:
        span = max(since, parent.valid_from), min(until, end(parent))
        yield from _lines(there, parent, *span, (*below, parent.id))


def covers(periods: Iterable[Unit], inner: Unit) -> bool:
    """Whether these periods, taken together, hold on every day of the inner one."""
    reached = inner.valid_from
    for period in sorted(periods, key=lambda each: each.valid_from):
        if period.valid_from <= reached:
            reached = max(reached, end(period))
    return reached >= end(inner)


def overlap(a: Unit | Address, b: Unit | Address) -> bool:
    """Whether both hold on some day."""
    return a.valid_from < end(b) and b.valid_from < end(a)


def end(thing: Unit | Address) -> date:
    """The day from which it no longer holds; the last of all days when it has none."""
    return thing.valid_until or date.max
