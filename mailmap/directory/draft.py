"""A draft: the directory as it would be with some changes made.

Promises:  answers like every index, with told things in place of those under the same keys, and without those that are
           gone. Costs what is told, whatever the size of the directory.
Never:     judges.
Fails:     only when the index below does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from mailmap.directory.address import Address
from mailmap.directory.changes import Key, Thing, key_of
from mailmap.directory.index import Index, names_of
from mailmap.directory.naming import keys
from mailmap.directory.succession import Succession
from mailmap.directory.unit import Unit

_One = TypeVar("_One", bound=Unit | Address | Succession)


class Draft(Index):
    """An index with changes over another."""

    def __init__(self, index: Index, told: Iterable[Thing], gone: Iterable[Thing] = ()) -> None:
        every = list(told)
        self._every = [thing for thing in every if isinstance(thing, Unit)]
        mappings = (thing for thing in every if isinstance(thing, Address))
        steps = (thing for thing in every if isinstance(thing, Succession))
        self._index = index
        self._called: dict[str, list[Unit]] | None = None
        self._units = _grouped(self._every, lambda unit: (unit.id,))
        self._named = _grouped(self._every, names_of)
        self._below = _grouped(self._every, lambda unit: (unit.parent,) if unit.parent else ())
        self._mapped = _grouped(mappings, lambda one: (one.address,))
        self._ended = _grouped(steps, lambda one: (one.unit,))
        self._over: set[tuple[type, Key]] = {(type(thing), key_of(thing)) for thing in (*every, *gone)}

    def unit(self, unit_id: str) -> tuple[Unit, ...]:
        """Every period of that unit."""
        return self._both(self._index.unit, self._units, unit_id)

    def named(self, name: str) -> tuple[Unit, ...]:
        """Every unit that has this short name or code, in each such period."""
        return self._both(self._index.named, self._named, name)

    def called(self, key: str) -> tuple[Unit, ...]:
        """Every unit that people call so, in each such period."""
        if self._called is None:  # reading names takes longer than all the rest, and judging asks for none
            self._called = _grouped(self._every, lambda unit: keys(unit.name, *unit.other_names))
        return self._both(self._index.called, self._called, key)

    def below(self, unit_id: str) -> tuple[Unit, ...]:
        """Every unit right below that one, in each such period."""
        return self._both(self._index.below, self._below, unit_id)

    def mapped(self, address: str) -> tuple[Address, ...]:
        """Every mapping of this address."""
        return self._both(self._index.mapped, self._mapped, address)

    def ended(self, unit_id: str) -> tuple[Succession, ...]:
        """Everything that became of it."""
        return self._both(self._index.ended, self._ended, unit_id)

    def _both(
        self, known: Callable[[str], tuple[_One, ...]], told: Mapping[str, list[_One]], asked: str
    ) -> tuple[_One, ...]:
        kept = [thing for thing in known(asked) if (type(thing), key_of(thing)) not in self._over]
        return tuple(sorted((*kept, *told.get(asked, ())), key=key_of))


def _grouped(things: Iterable[_One], by: Callable[[_One], Iterable[str]]) -> dict[str, list[_One]]:
    found: dict[str, list[_One]] = defaultdict(list)
    for thing in things:
        for key in by(thing):
            found[key].append(thing)
    return found
