"""Neighbours: the sender's place in the tree on a day, and the units around it.

Promises:  who stands above, beside and below the sender; how far a unit is from it; the units whose names are near to
           one that is not known. Only what lives on the day, or what took its place, is named.
Never:     walks below communes and departments; reads more than ``MOST`` units for one question.
Fails:     only when the index does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property, lru_cache

from mailmap.directory.index import Index
from mailmap.directory.naming import COMMUNES, DISTRICTS, PROVINCES, Spelt, read
from mailmap.directory.nearness import distance
from mailmap.directory.succession import Heir, Standing, closest, heir
from mailmap.directory.unit import Unit, UnitKind

MOST = 3_000
FAR = 99  # no common ancestor
_DEEPEST = 8
_KINDS = {
    UnitKind.COMMUNE: frozenset(COMMUNES),
    UnitKind.DISTRICT: frozenset(DISTRICTS),
    UnitKind.PROVINCE: frozenset(PROVINCES),
}
AREAS = frozenset(_KINDS)
_HELD = (UnitKind.PROVINCE, UnitKind.DISTRICT)  # what is walked below

official = lru_cache(maxsize=8192)(read)


def names_of(unit: Unit) -> tuple[str, ...]:
    """Every name it has."""
    return (unit.name, *unit.other_names)


def tier_of(unit: Unit) -> str:
    """The word for its tier in the name of a commune, a district or a province; '' for others."""
    return official(unit.name).tier() if unit.kind in AREAS else ""


def kinds_of(tier: str) -> frozenset[UnitKind]:
    """The kinds of unit a tier word may stand for: a "thành phố" is a district or a province."""
    return frozenset(kind for kind, tiers in _KINDS.items() if tier in tiers)


class Place:
    """Where a sender stands on a day."""

    def __init__(self, sender: Unit | None, on: date, index: Index) -> None:
        self.sender, self.on, self.index = sender, on, index
        self._chains: dict[str, frozenset[str]] = {}

    @cached_property
    def line(self) -> tuple[Unit, ...]:
        """The sender and every unit above it, the nearest first."""
        return tuple(self._upwards(self.sender.id)) if self.sender else ()

    def _upwards(self, start: str) -> Iterator[Unit]:
        unit_id: str | None = start
        seen: set[str] = set()
        while unit_id and unit_id not in seen and len(seen) < _DEEPEST:
            seen.add(unit_id)
            unit = self.heir(unit_id).unit
            if unit is None:
                return
            yield unit
            unit_id = unit.parent

    def heir(self, unit_id: str) -> Heir:
        """The unit that stands for this one on the day."""
        return heir(self.index, unit_id, self.on)

    @cached_property
    def _ranks(self) -> dict[str, int]:
        """How far up each ancestor is, those of earlier periods behind the sender itself."""
        former = [unit.parent for unit in self.index.unit(self.sender.id) if unit.parent] if self.sender else []
        now = [unit.id for unit in self.line]
        order = [*now[:1], *(each for each in former if each not in now), *now[1:]]
        return {each: rank for rank, each in reversed([*enumerate(order)])}

    def rank(self, unit: Unit) -> int:
        """How far up from the sender the nearest common ancestor is; FAR when there is none."""
        if not self._ranks:
            return FAR
        return min((self._ranks.get(each, FAR) for each in self._above(unit)), default=FAR)

    def _above(self, unit: Unit) -> frozenset[str]:
        """The unit and its ancestors as it had them, and those that took their place."""
        told = self._ancestors(unit.parent) | {unit.id}
        return told if unit.lives_on(self.on) else told | self._heirs(unit.id)

    def _ancestors(self, unit_id: str | None, depth: int = 0) -> frozenset[str]:
        if unit_id is None or depth > _DEEPEST:
            return frozenset()
        if unit_id not in self._chains:
            now = closest(self.index.unit(unit_id), self.on)
            above = self._ancestors(now.parent, depth + 1) if now else frozenset[str]()
            heirs = self._heirs(unit_id) if now and not now.lives_on(self.on) else frozenset[str]()
            self._chains[unit_id] = above | heirs | {unit_id}
        return self._chains[unit_id]

    def _heirs(self, unit_id: str) -> frozenset[str]:
        return frozenset(step.successor for step in self.heir(unit_id).steps if step.successor)

    def within(self, unit: Unit, place: Unit) -> bool:
        """Whether a unit lies in a place, or did."""
        return place.id in self._above(unit)

    def settled(self) -> bool:
        """Whether the sender stands in some area: then what is far away is not meant lightly."""
        return any(unit.kind in AREAS for unit in self.line)

    def own(self, tier: str) -> Unit | None:
        """The sender's own commune, district or province, as that word names it."""
        near = [unit for unit in self.line if unit.lives_on(self.on) and unit.kind in kinds_of(tier)]
        return next((unit for unit in near if tier_of(unit) in (tier, "")), None)

    def own_kind(self, kind: UnitKind) -> Unit | None:
        """The nearest unit of that kind on the way up."""
        return next((unit for unit in self.line if unit.kind is kind and unit.lives_on(self.on)), None)

    def children(self, unit: Unit) -> list[Unit]:
        """What lives right below a unit on the day."""
        return [each for each in self.index.below(unit.id) if each.lives_on(self.on)]

    def once(self, unit: Unit) -> Iterator[Unit]:
        """What was ever right below a unit, as it was last."""
        ids = dict.fromkeys(each.id for each in self.index.below(unit.id))
        return (last for each in ids if (last := closest(self.index.unit(each), self.on)))

    def around(self) -> Iterator[Unit]:
        """Every unit of the sender's province, of all days; of its own office when it stands in none."""
        if not self.line:
            return
        top = self.own_kind(UnitKind.PROVINCE) or self.line[-1]
        yield top
        waiting, count = [top.id, *(unit.id for unit in self.line if unit.kind not in _HELD and unit != top)], 0
        for unit_id in waiting:
            for unit in self.index.below(unit_id):
                count += 1
                if count > MOST:
                    return
                yield unit
                if unit.kind in _HELD and unit.id not in waiting:
                    waiting.append(unit.id)

    def nearest(self, wanted: Spelt) -> tuple[Unit, ...]:
        """The units around whose names are near to this one, the nearest first; each alive on the day."""
        told: dict[str, tuple[tuple[int, int, int, str], Unit]] = {}
        for unit in self.around():
            far = min((_far(wanted, official(name)) for name in names_of(unit)), default=None, key=_order)
            if far is None:
                continue
            line = self.heir(unit.id)
            if line.standing is Standing.LIVES and line.unit:
                ordered = (far[0], far[1], self.rank(unit), line.unit.name)
                told[line.unit.id] = min(told.get(line.unit.id, (ordered, line.unit)), (ordered, line.unit), key=_first)
        ranked = sorted(told.values(), key=_first)
        return tuple(unit for order, unit in ranked if _as_near(order, unit, ranked[0][0]))


def alive(units: Iterable[Unit]) -> tuple[Unit, ...]:
    """Each unit once."""
    return tuple({unit.id: unit for unit in units}.values())


def _as_near(order: tuple[int, int, int, str], unit: Unit, best: tuple[int, int, int, str]) -> bool:
    """Whether one is worth showing beside the best: hardly farther; another office's part only when none is nearer."""
    return order[0] <= best[0] + 1 and (unit.kind in AREAS or order[2] <= best[2])


def _first(told: tuple[tuple[int, int, int, str], Unit]) -> tuple[int, int, int, str]:
    return told[0]


def _order(far: tuple[int, int] | None) -> tuple[int, int]:
    return far or (FAR, FAR)


def _far(wanted: Spelt, name: Spelt) -> tuple[int, int] | None:
    """How many letters differ, and how many marks; None when it is more than a third of them."""
    mine, its = wanted.bare(), name.bare()
    place = 0 if name.tier() else name.place()
    its = its.part(0, place or None)
    text, other = "".join(mine.words), "".join(its.words)
    most = max(1, len(text) // 3)
    begins = len(mine.words) > 1 and its.words[: len(mine.words)] == mine.words  # "Phòng Tài chính"
    if abs(len(text) - len(other)) > most and not begins:
        return None
    far = 1 if begins and text != other else distance(text, other)
    if far > most:
        return None
    tiers = wanted.tier() != "" and name.tier() != wanted.tier()
    return far + tiers, distance("".join(mine.sounds), "".join(its.sounds))
