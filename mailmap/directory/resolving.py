"""Resolving: which unit one name means to this sender on this day.

Promises:  of several units with one name the nearest to the sender in the tree is meant, when the tier word, the marks and
           the day leave no other; an old name leads to the unit that took its place, with the steps.
Never:     takes one of two that are equally near, nor a district for a commune when no tier word was written.
Fails:     only when the index does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from mailmap.directory.answers import Found, Sentence
from mailmap.directory.naming import Spelt, agree
from mailmap.directory.neighbours import AREAS, FAR, Place, alive, kinds_of, official, tier_of
from mailmap.directory.succession import Heir, Standing, Succession
from mailmap.directory.unit import Unit, UnitKind

MOST_CHOICES = 9
_COUNCIL = ("hoi", "dong", "nhan", "dan")
_LONGEST_PLACE = 4


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that bears the name, in the period in which it did, and what stands for it on the day."""

    called: Unit
    now: Heir

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


class Names:
    """Names as one sender means them."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def found(self, spelt: Spelt, mention: str) -> Found | None:
        """What the name means; None when nothing bears it."""
        if not spelt.words or spelt.words == ("uy", "ban", "nhan", "dan"):
            return None
        if spelt.tier() and len(spelt.bare().words) == len(spelt.words):
            return self._own(spelt.tier(), mention)
        told = self._near(spelt, mention) or self._called(spelt, mention) or self._placed(spelt, mention)
        return told or self._partless(spelt, mention)

    def _now(self, unit: Unit) -> Candidate:
        return Candidate(unit, self._place.heir(unit.id))

    # --- "UBND huyện": the sender's own ---

    def _own(self, tier: str, mention: str) -> Found:
        own = self._place.own(tier)
        if own:
            return self.certain(self._now(own), mention, "find.own")
        others = [unit for unit in self._place.line if unit.kind in kinds_of(tier) and unit.lives_on(self._place.on)]
        return Found(mention, (), tuple(others), Sentence.of("find.no-own", name=mention))

    # --- "Phòng Nội vụ": the nearest office that has one ---

    def _near(self, spelt: Spelt, mention: str) -> Found | None:
        """A part of the sender's own offices, the nearest first; its office may be named by its tier word alone."""
        at = spelt.place()
        relative = at and len(spelt.part(at).tier().split()) == len(spelt.words) - at
        if spelt.tier() or (at and not relative):
            return None
        stem = spelt.part(0, at) if relative else spelt
        own = self._place.own(spelt.tier(at)) if relative else None
        offices = ([own] if own else []) if relative else [unit for unit in self._place.line if unit.kind in AREAS]
        found = (unit for office in offices if (unit := self.part_of(office, stem)))
        unit = next(found, None)
        return self.certain(self._now(unit), mention, "find.own") if unit else None

    def part_of(self, office: Unit, stem: Spelt) -> Unit | None:
        """The one living part of an office that is called so; found by its full name, else among all its parts."""
        area = official(office.name)
        full = (f"{stem.key} {area.key}", f"{stem.key} {area.bare().key}")
        named = [unit for key in full for unit in self._place.index.called(key) if unit.lives_on(self._place.on)]
        right = alive(unit for unit in named if _bears(unit, stem))
        if not right:
            wanted = {stem.key, *full}
            below = self._place.children(office)
            right = alive(u for u in below if any(_is_part(official(n), stem, wanted) for n in names_of(u)))
        return right[0] if len(right) == 1 else None

    # --- a whole name ---

    def _called(self, spelt: Spelt, mention: str) -> Found | None:
        found = self.bearing(spelt)
        return self.chosen(found, spelt, mention) if found else None

    def bearing(self, spelt: Spelt) -> list[Candidate]:
        """Everything that bears this name, once for each unit."""
        units = [unit for unit in self._place.index.called(spelt.key) if _bears(unit, spelt)]
        last = {unit.id: unit for unit in units}
        last |= {unit.id: unit for unit in units if unit.lives_on(self._place.on)}
        return [self._now(unit) for unit in last.values()]

    # --- "xã Hồng Quang, huyện Ý Yên"; "Hồng Quang - Ý Yên" ---

    def _placed(self, spelt: Spelt, mention: str) -> Found | None:
        known: list[Candidate] = []
        for at in self._cuts(spelt):
            head, areas = spelt.part(0, at), self._areas(spelt.part(at))
            here = self._in(head, areas) if areas else []
            if here:
                return self.chosen(here, spelt, mention, placed=True)
            if areas and not known:
                known = self.bearing(head)
                known += [self._now(area) for area in areas] if known and not head.tier() else []
        return self.asked(known, mention, "find.not-there") if known else None

    def _partless(self, spelt: Spelt, mention: str) -> Found | None:
        """A part that the directory does not know, of an office that it knows: shall that office have it?"""
        at = spelt.place()
        areas = self._areas(spelt.part(at)) if at and not spelt.tier() else []
        lines = [self._now(area) for area in areas]
        return self.asked(lines, mention, "find.no-part") if lines else None

    @staticmethod
    def _cuts(spelt: Spelt) -> Iterator[int]:
        """Where the place may begin: at a tier word, else anywhere near the end."""
        if spelt.place() and len(spelt.part(spelt.place()).bare().words) == len(spelt.words) - spelt.place():
            return  # "Công an huyện": the sender's own was looked for
        tiers = [at for at in range(1, len(spelt.words) - 1) if spelt.tier(at)]
        yield from tiers
        yield from range(len(spelt.words) - 1, max(0, len(spelt.words) - 1 - _LONGEST_PLACE), -1) if not tiers else ()

    def _areas(self, spelt: Spelt) -> list[Unit]:
        """The places a name may mean; the second place of "huyện Ý Yên, tỉnh Nam Định" bounds the first."""
        if spelt.tier() and len(spelt.bare().words) == len(spelt.words):
            own = self._place.own(spelt.tier())
            return [own] if own else []
        found = [each.called for each in self.bearing(spelt)]
        at = spelt.place()
        if not found and at:
            outer = self._areas(spelt.part(at))
            inner = self.bearing(spelt.part(0, at))
            found = [each.called for each in inner if any(self._place.within(each.called, area) for area in outer)]
        return [unit for unit in found if unit.kind in AREAS]

    def _in(self, head: Spelt, areas: Sequence[Unit]) -> list[Candidate]:
        parts = [unit for area in areas if (unit := self.part_of(area, head))] if not head.tier() else []
        if parts:
            return [self._now(unit) for unit in alive(parts)]
        found = self.bearing(head)
        return [each for each in found if any(self._place.within(each.called, area) for area in areas)]

    # --- which of several ---

    def chosen(self, found: Sequence[Candidate], spelt: Spelt, mention: str, *, placed: bool = False) -> Found:
        """The one that is meant, or the question."""
        living = sorted((each for each in found if each.lives), key=self._order)
        if not living:
            return self._gone(found, spelt, mention)
        near = self._place.rank(living[0].called)
        best = [each for each in living if self._place.rank(each.called) == near]
        best = [each for each in best if each.itself] or best
        named = placed or spelt.tier() != "" or living[0].called.kind not in AREAS
        whole = placed or spelt.tier() != "" or any(spelt.key == official(n).key for n in names_of(living[0].called))
        doubtful = self._doubtful(living, spelt, named=named) or (near == FAR and not whole)
        if len({each.unit().id for each in best}) > 1 or doubtful:
            best = [each for each in best if official(each.called.name) == spelt]
            if len(best) != 1 or doubtful:
                return self.asked(living, mention, "find.unclear")
        several = len({each.unit().id for each in living}) > 1
        return self.certain(best[0], mention, "find.nearest" if several else "find.certain")

    def _doubtful(self, living: Sequence[Candidate], spelt: Spelt, *, named: bool) -> bool:
        """Whether the way it was written leaves a doubt that the tree must not decide."""
        around = [each for each in living if self._place.rank(each.called) < FAR] or living
        kinds = {each.called.kind for each in around}
        if not named and len(kinds) > 1:
            return True  # "Nam Định": the province or its city
        bare = all(sound.isascii() for sound in spelt.bare().sounds)
        return bare and len({_marks(each.called) for each in around}) > 1  # "xa Truc Hung": Hưng or Hùng

    def _order(self, each: Candidate) -> tuple[int, bool, str, str]:
        return self._place.rank(each.called), not each.itself, each.unit().name, each.unit().id

    def _gone(self, found: Sequence[Candidate], spelt: Spelt, mention: str) -> Found:
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


def is_council(spelt: Spelt) -> bool:
    """Whether a name is that of a people's council, which has no mailbox of its own."""
    return spelt.words[: len(_COUNCIL)] == _COUNCIL


def area_of_council(spelt: Spelt) -> Spelt:
    """The name of the area behind it."""
    return spelt.part(len(_COUNCIL))


def names_of(unit: Unit) -> tuple[str, ...]:
    """Every name it has."""
    return (unit.name, *unit.other_names)


def _bears(unit: Unit, spelt: Spelt) -> bool:
    """Whether the marks that were typed, and the tier word, fit one of its names."""
    tier = spelt.tier()
    if tier and tier_of(unit) not in (tier, "") and not unit.other_names:
        return False
    return any(agree(spelt, official(name)) for name in names_of(unit))


def _is_part(name: Spelt, stem: Spelt, wanted: set[str]) -> bool:
    return name.key in wanted and agree(stem, name)


def _marks(unit: Unit) -> tuple[str, ...]:
    return official(unit.name).bare().sounds


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
