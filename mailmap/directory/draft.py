"""A draft: the directory as it would be with some changes made.

Promises:  answers like every index, with told things in place of those under the same keys, and without those that are
           gone. Costs what is told, whatever the size of the directory.
Never:     judges.
Fails:     only when the index below does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from mailmap.directory.address import Address
from mailmap.directory.changes import Key, Thing, key_of
from mailmap.directory.index import Index, MemoryIndex
from mailmap.directory.succession import Succession
from mailmap.directory.unit import Unit

_One = TypeVar("_One", bound=Unit | Address | Succession)


class Draft(Index):
    """An index with changes over another."""

    def __init__(self, index: Index, told: Iterable[Thing], gone: Iterable[Thing] = ()) -> None:
        every = list(told)
        units = [thing for thing in every if isinstance(thing, Unit)]
        mappings = [thing for thing in every if isinstance(thing, Address)]
        steps = [thing for thing in every if isinstance(thing, Succession)]
        self._index, self._told = index, MemoryIndex(units, mappings, steps)
        self._over: set[tuple[type, Key]] = {(type(thing), key_of(thing)) for thing in (*every, *gone)}

    def unit(self, unit_id: str) -> tuple[Unit, ...]:
        """Every period of that unit."""
        return self._both(self._index.unit, self._told.unit, unit_id)

    def named(self, name: str) -> tuple[Unit, ...]:
        """Every unit that has this short name or code, in each such period."""
        return self._both(self._index.named, self._told.named, name)

    def called(self, key: str) -> tuple[Unit, ...]:
        """Every unit that people call so, in each such period."""
        return self._both(self._index.called, self._told.called, key)

    def below(self, unit_id: str) -> tuple[Unit, ...]:
        """Every unit right below that one, in each such period."""
        return self._both(self._index.below, self._told.below, unit_id)

    def mapped(self, address: str) -> tuple[Address, ...]:
        """Every mapping of this address."""
        return self._both(self._index.mapped, self._told.mapped, address)

    def ended(self, unit_id: str) -> tuple[Succession, ...]:
        """Everything that became of it."""
        return self._both(self._index.ended, self._told.ended, unit_id)

    def _both(
        self, known: Callable[[str], tuple[_One, ...]], told: Callable[[str], tuple[_One, ...]], asked: str
    ) -> tuple[_One, ...]:
        kept = [thing for thing in known(asked) if (type(thing), key_of(thing)) not in self._over]
        return tuple(sorted((*kept, *told(asked)), key=key_of))
