"""Restructuring: a decision about units becomes the rows of sheets that carry it out.

Promises:  units that end, begin or change on a day, what became of each of them, and what this does to the units below
           them: divisions end with their unit, units in their own right move below the successor, or below the unit
           above when there is none. Addresses stay as they are: they follow their unit.
Never:     judges the rows (``roster`` does, as with every sheet), or chooses between several successors.
Fails:     only when the index does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Protocol

from mailmap.directory.listing import succession_cells, unit_cells
from mailmap.directory.sheet import Place, Row, Sheet, Table
from mailmap.directory.succession import Succession, Turn, closest
from mailmap.directory.unit import Unit, UnitKind


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided: MERGED, SPLIT, ABOLISHED, RENAMED or MOVED, from which day on, by which decision."""

    turn: Turn
    on: date
    basis: str

    @property
    def eve(self) -> date:
        """The last day of the old order."""
        return self.on - timedelta(days=1)


class Kin(Protocol):
    """Where units are looked up."""

    def unit(self, unit_id: str) -> tuple[Unit, ...]:
        """Every period of that unit."""

    def below(self, unit_id: str) -> tuple[Unit, ...]:
        """Every unit right below that one, in each such period."""


Row_ = Unit | Succession


def restructured(decision: Decision, units: Sequence[Unit], into: Unit | None, kin: Kin) -> tuple[Sheet, ...]:
    """The sheets that carry out the decision about ``units`` (as they are on its eve).

    ``into`` is the successor as it is to be from the day on: a new unit, one that is there already, or one of
    ``units`` that continues. None: a person decides, each time.
    """
    rows: list[Row_] = []
    if into is not None:
        rows += _successor(decision, units, into, kin)
    for unit in units:
        if into is None or unit.id != into.id:
            rows += _ended(decision, unit, into, kin)
    return _sheets(rows)


def _successor(decision: Decision, units: Sequence[Unit], into: Unit, kin: Kin) -> Iterator[Row_]:
    """The rows that make the successor what it is to be; none when it stays as it is."""
    was = next((unit for unit in units if unit.id == into.id), None) or closest(kin.unit(into.id), decision.on)
    if was is None or not was.lives_on(decision.eve):
        yield from () if was == into else (replace(into, valid_from=decision.on),)
    elif replace(into, valid_from=was.valid_from, valid_until=was.valid_until, basis=was.basis) != was:
        turn = decision.turn if decision.turn is Turn.MOVED else Turn.RENAMED
        yield from _changed(replace(decision, turn=turn), was, into)


def _changed(decision: Decision, was: Unit, becomes: Unit) -> Iterator[Row_]:
    """A unit that lives on, with the same id and another period."""
    basis = decision.basis or was.basis
    if was.valid_from == decision.on:
        yield replace(becomes, valid_from=was.valid_from, valid_until=was.valid_until, basis=basis)
        return
    yield replace(was, valid_until=decision.on)
    yield replace(becomes, valid_from=decision.on, valid_until=was.valid_until, basis=basis)
    yield Succession(was.id, decision.on, decision.turn, was.id, decision.basis)


def _ended(decision: Decision, unit: Unit, into: Unit | None, kin: Kin) -> Iterator[Row_]:
    """A unit that ends, and what becomes of those below it."""
    yield replace(unit, valid_until=decision.on)
    yield Succession(unit.id, decision.on, decision.turn, into.id if into else None, decision.basis)
    for child in kin.below(unit.id):
        if child.valid_until is not None and child.valid_until <= decision.on:
            continue  # has ended by itself
        if into is not None and child.id == into.id:
            continue  # a part that takes over the whole has been told where it stands
        if child.kind is UnitKind.DIVISION:
            yield from _ended(decision, child, _counterpart(decision, child, into, kin), kin)
        else:
            above = into.id if into else unit.parent
            yield from _changed(replace(decision, turn=Turn.MOVED), child, replace(child, parent=above))


def _counterpart(decision: Decision, division: Unit, into: Unit | None, kin: Kin) -> Unit | None:
    """The successor's own division with the same work, which the first word of its short name tells."""
    if into is None:
        return None
    work = division.short.partition(".")[0]
    there = [unit for unit in kin.below(into.id) if unit.lives_on(decision.on) and unit.kind is UnitKind.DIVISION]
    same = [unit for unit in there if unit.short.partition(".")[0] == work]
    return same[0] if len(same) == 1 else None


def _sheets(rows: Sequence[Row_]) -> tuple[Sheet, ...]:
    units = [unit_cells(row) for row in rows if isinstance(row, Unit)]
    steps = [succession_cells(row) for row in rows if isinstance(row, Succession)]
    return tuple(
        Sheet(table, tuple(Row(Place("", n), cells) for n, cells in enumerate(found, 1)))
        for table, found in ((Table.UNITS, units), (Table.SUCCESSIONS, steps))
    )
