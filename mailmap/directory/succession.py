"""Succession: what became of a unit that ended, on which day, by which decision.

Promises:  ``heir`` follows every step until a unit that lives on the day, a step that a person must decide, or the end
           of what is known; it ends even when the steps run in a circle.
Never:     chooses between several successors: a split, and a district whose work went to many, name none.
Fails:     only when the index does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from operator import attrgetter
from typing import Protocol, TypeVar

from mailmap.directory.address import Address
from mailmap.directory.unit import Unit


class Turn(StrEnum):
    """What happened to a unit."""

    MERGED = "merged"
    SPLIT = "split"
    RENAMED = "renamed"
    MOVED = "moved"
    ABOLISHED = "abolished"


@dataclass(frozen=True, slots=True)
class Succession:
    """What became of ``unit`` on a day. ``successor`` None means: a person decides, each time.

    RENAMED and MOVED may name the unit itself, when it kept its id and has a new period.
    """

    unit: str
    on: date
    turn: Turn
    successor: str | None = None
    basis: str = ""


class Standing(StrEnum):
    """How far the way from a unit leads on a day."""

    LIVES = "lives"
    NOT_YET = "not-yet"
    OPEN = "open"
    ENDED = "ended"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Heir:
    """Where a unit leads on a day: ``unit`` is the last one on the way (alive when LIVES), ``steps`` how it got there.

    OPEN: the last step leaves it to a person. ENDED: nothing is known of a successor. UNKNOWN: no such unit.
    """

    standing: Standing
    unit: Unit | None
    steps: tuple[Succession, ...] = ()


class Line(Protocol):
    """Where units and their successions are looked up."""

    def unit(self, unit_id: str) -> tuple[Unit, ...]:
        """Every period of that unit."""

    def ended(self, unit_id: str) -> tuple[Succession, ...]:
        """Everything that became of it."""


Lives = TypeVar("Lives", Unit, Address)


def closest(things: Iterable[Lives], on: date) -> Lives | None:
    """The one that lives on that day, else the last that ended before it, else the first that is to come."""
    every = tuple(things)  # which costs nothing when it is one
    if len(every) <= 1:  # nearly always
        return every[0] if every else None
    every = tuple(sorted(every, key=_order))
    living = [thing for thing in every if thing.lives_on(on)]
    begun = [thing for thing in every if thing.valid_from <= on]
    return (living or begun or every[:1])[-1]


def _order(thing: Unit | Address) -> tuple[date, str]:
    return thing.valid_from, thing.id if isinstance(thing, Unit) else thing.unit


def heir(line: Line, unit_id: str, on: date) -> Heir:
    """The unit that stands for this one on that day."""
    steps: list[Succession] = []
    seen = {unit_id}
    last: Unit | None = None
    while True:
        unit = closest(line.unit(unit_id), on)
        if unit is None:
            return Heir(Standing.ENDED if last else Standing.UNKNOWN, last, tuple(steps))
        last = unit
        if unit.lives_on(on):
            return Heir(Standing.LIVES, unit, tuple(steps))
        if on < unit.valid_from:
            return Heir(Standing.NOT_YET, unit, tuple(steps))
        step = _last(line.ended(unit_id), on)
        if step is None:
            return Heir(Standing.ENDED, unit, tuple(steps))
        steps.append(step)
        if step.successor is None:
            return Heir(Standing.OPEN, unit, tuple(steps))
        if step.successor in seen:  # a circle, or a rename whose new period is missing
            return Heir(Standing.ENDED, unit, tuple(steps))
        seen.add(step.successor)
        unit_id = step.successor


def _last(steps: Iterable[Succession], on: date) -> Succession | None:
    return max((step for step in steps if step.on <= on), key=attrgetter("on"), default=None)
