"""The index: where the directory looks things up. Memory here; tables and the doorbook elsewhere.

Promises:  every answer is of all days, in the same order for the same content.
Never:     decides which of several counts on a day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from mailmap.directory.address import Address, fold
from mailmap.directory.naming import keys
from mailmap.directory.succession import Line, Succession
from mailmap.directory.unit import Unit


class Index(Line, Protocol):
    """Where units, addresses and successions are looked up; what is looked up is folded (names: ``naming.key``)."""

    def named(self, name: str) -> tuple[Unit, ...]:
        """Every unit that has this short name or code, in each such period."""

    def called(self, key: str) -> tuple[Unit, ...]:
        """Every unit that people call so, in each such period."""

    def below(self, unit_id: str) -> tuple[Unit, ...]:
        """Every unit right below that one, in each such period."""

    def mapped(self, address: str) -> tuple[Address, ...]:
        """Every mapping of this address."""


Thing = TypeVar("Thing")


class MemoryIndex:
    """An index in memory."""

    def __init__(
        self, units: Iterable[Unit], addresses: Iterable[Address], successions: Iterable[Succession] = ()
    ) -> None:
        every = sorted(units, key=lambda unit: (unit.id, unit.valid_from))
        self._units = _grouped(every, lambda unit: (unit.id,))
        self._named = _grouped(every, names_of)
        self._called = _grouped(every, lambda unit: keys(unit.name, *unit.other_names))
        self._below = _grouped(every, lambda unit: (unit.parent,) if unit.parent else ())
        self._mapped = _grouped(sorted(addresses, key=lambda one: one.valid_from), lambda one: (one.address,))
        self._ended = _grouped(sorted(successions, key=lambda one: one.on), lambda one: (one.unit,))

    def unit(self, unit_id: str) -> tuple[Unit, ...]:
        """Every period of that unit."""
        return self._units.get(unit_id, ())

    def ended(self, unit_id: str) -> tuple[Succession, ...]:
        """Everything that became of it."""
        return self._ended.get(unit_id, ())

    def named(self, name: str) -> tuple[Unit, ...]:
        """Every unit that has this short name or code, in each such period."""
        return self._named.get(name, ())

    def called(self, key: str) -> tuple[Unit, ...]:
        """Every unit that people call so, in each such period."""
        return self._called.get(key, ())

    def below(self, unit_id: str) -> tuple[Unit, ...]:
        """Every unit right below that one, in each such period."""
        return self._below.get(unit_id, ())

    def mapped(self, address: str) -> tuple[Address, ...]:
        """Every mapping of this address."""
        return self._mapped.get(address, ())


def names_of(unit: Unit) -> tuple[str, ...]:
    """The local parts a unit answers to, folded: its short name and every code it has."""
    names = (fold(name) for name in (unit.short, unit.organ_id, unit.qcvn_id, unit.tax_code))
    return tuple(dict.fromkeys(name for name in names if name))


def _grouped(things: Iterable[Thing], by: Callable[[Thing], Iterable[str]]) -> dict[str, tuple[Thing, ...]]:
    found: dict[str, list[Thing]] = {}
    for thing in things:
        for key in by(thing):
            found.setdefault(key, []).append(thing)
    return {key: tuple(each) for key, each in found.items()}
