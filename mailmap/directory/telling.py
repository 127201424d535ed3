"""Telling: what is said of the units that bear a name: the certain one, the question, or what became of them.

Promises:  every answer names its reason; at most nine choices, the likeliest first; an old name tells its steps.
Never:     decides which of several is meant (``resolving``).
Fails:     only when the index does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from mailmap.directory.answers import Found, Sentence
from mailmap.directory.naming import Spelt
from mailmap.directory.neighbours import AREAS, Place, alive, official
from mailmap.directory.succession import Heir, Standing, Succession
from mailmap.directory.unit import Unit, UnitKind

MOST_CHOICES = 9


class Candidate:
    """A unit that bears the name, in the period in which it did; what stands for it on the day is looked up once."""

    def __init__(self, called: Unit, place: Place) -> None:
        self.called, self.rank = called, place.rank(called)
        self._place = place

    @cached_property
    def now(self) -> Heir:
        """What stands for it on the day."""
        return self._place.heir(self.called.id)

    @property
    def lives(self) -> bool:
        """Whether it, or what took its place, lives."""
        return self.now.standing is Standing.LIVES and self.now.unit is not None

    @property
    def itself(self) -> bool:
        """Whether it is that very unit."""
        return self.now.unit is not None and self.now.unit.id == self.called.id

    def unit(self) -> Unit:
        """The unit that stands for it."""
        return self.now.unit or self.called


class Telling:
    """The answers to one sender."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def _order(self, each: Candidate) -> tuple[bool, int, bool, str, str]:
        own = self._place.sender is not None and each.unit().id == self._place.sender.id
        return own, each.rank, not each.itself, each.unit().name, each.unit().id

    def gone(self, found: Sequence[Candidate], spelt: Spelt, mention: str) -> Found:
        """None of them lives: what can be said of the nearest."""
        each = min(found, key=self._order)
        unit, standing = each.unit(), each.now.standing
        if standing is Standing.OPEN:
            return self._open(each, spelt, mention)
        if standing is Standing.NOT_YET:
            return Found(mention, (), (), _said("find.not-yet", mention, unit, since=f"{unit.valid_from:%d/%m/%Y}"))
        until = f"{unit.valid_until:%d/%m/%Y}" if unit.valid_until else ""
        return Found(mention, (), (), _said("find.ended", mention, unit, until=until), each.now.steps)

    def _open(self, each: Candidate, spelt: Spelt, mention: str) -> Found:
        """A person decides who follows: those that took the place of its parts are shown, the same name first."""
        unit, step = each.unit(), each.now.steps[-1]
        told = [
            line.unit
            for child in self._place.once(unit)
            if child.kind is UnitKind.COMMUNE or unit.kind not in AREAS
            if (line := self._place.heir(child.id)).standing is Standing.LIVES and line.unit
        ]
        bare = spelt.bare().key
        told.sort(key=lambda one: (official(one.name).bare().key != bare, one.name))
        why = _dated("find.open", "find.open-since", mention, unit, step)
        return Found(mention, (), alive(told)[:MOST_CHOICES], why, each.now.steps)

    def asked(self, found: Iterable[Candidate], mention: str, key: str) -> Found:
        """The question which of them is meant."""
        told = sorted((each for each in found if each.lives), key=self._order)
        units = alive(each.unit() for each in told)[:MOST_CHOICES]
        return Found(mention, (), units, Sentence.of(key if units else "find.unknown", name=mention))

    def certain(self, each: Candidate, mention: str, key: str) -> Found:
        """The one unit that is meant, with the steps that lead to it; nobody writes to himself."""
        unit = each.unit()
        if self._place.sender and unit.id == self._place.sender.id:
            return Found(mention, (), (), Sentence.of("find.no-delivery", name=mention))
        steps = each.now.steps or tuple(self._renamed(each))
        if not steps:
            return Found(mention, (unit,), (), _said(key, mention, unit))
        return Found(
            mention, (unit,), (), _dated("find.followed", "find.followed-since", mention, unit, steps[-1]), steps
        )

    def _renamed(self, each: Candidate) -> list[Succession]:
        """What became of the name, when the unit itself lives on under another."""
        ended = each.called.valid_until
        told = self._place.index.ended(each.called.id) if ended and ended <= self._place.on else ()
        return [
            step for step in told if ended and ended <= step.on <= self._place.on and step.successor == each.called.id
        ]


def _said(key: str, mention: str, unit: Unit, **facts: object) -> Sentence:
    return Sentence.of(key, name=mention, unit=unit.name, **facts)


def _dated(key: str, bare: str, mention: str, unit: Unit, step: Succession) -> Sentence:
    """With the day of a step, and its decision when one is known."""
    since = f"{step.on:%d/%m/%Y}"
    return (
        _said(key, mention, unit, since=since, basis=step.basis)
        if step.basis
        else _said(bare, mention, unit, since=since)
    )
