"""Resolving: which unit one name means to this sender on this day.

Promises:  of several units with one name the nearest to the sender in the tree is meant, when the tier word, the marks
           and the day leave no other; an old name leads to the unit that took its place, with the steps.
Never:     takes one of two that are equally near, nor a district for a commune when no tier word was written.
Fails:     only when the index does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mailmap.directory.answers import Found, Sentence
from mailmap.directory.naming import Spelt, agree
from mailmap.directory.neighbours import AREAS, FAR, Place, alive, kinds_of, names_of, official, tier_of
from mailmap.directory.telling import Candidate, Telling
from mailmap.directory.unit import Unit, UnitKind

_LONGEST_PLACE = 4
_MOST_HOMONYMS = 400  # more share only names like "Công an", which say nothing without their place


class Names:
    """Names as one sender means them."""

    def __init__(self, place: Place) -> None:
        self._place, self._telling = place, Telling(place)

    def found(self, spelt: Spelt, mention: str) -> Found | None:
        """What the name means; None when nothing bears it."""
        if not spelt.words or spelt.words == ("uy", "ban", "nhan", "dan"):
            return None
        if spelt.tier() and len(spelt.bare().words) == len(spelt.words):
            return self._own(spelt.tier(), mention)
        told = self._near(spelt, mention) or self._called(spelt, mention) or self._placed(spelt, mention)
        return told or self._partless(spelt, mention)

    def _now(self, unit: Unit) -> Candidate:
        return Candidate(unit, self._place)

    # --- "UBND huyện": the sender's own ---

    def _own(self, tier: str, mention: str) -> Found:
        own = self._place.own(tier)
        if own:
            return self._telling.certain(self._now(own), mention, "find.own")
        others = [
            unit for unit in self._place.line[1:] if unit.kind in kinds_of(tier) and unit.lives_on(self._place.on)
        ]
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
        return self._telling.certain(self._now(unit), mention, "find.own") if unit else None

    def part_of(self, office: Unit, stem: Spelt) -> Unit | None:
        """The one living part of an office that is called so; found by its full name, else among all its parts."""
        area = official(office.name)
        full = (f"{stem.key} {area.key}", f"{stem.key} {area.bare().key}")
        named = [unit for key in full for unit in self._place.index.called(key) if unit.parent == office.id]
        right = alive(unit for unit in named if unit.lives_on(self._place.on) and _bears(unit, stem))
        if not right:
            wanted = {stem.key, *full}
            below = self._place.children(office)
            right = alive(u for u in below if any(_is_part(official(n), stem, wanted) for n in names_of(u)))
        return right[0] if len(right) == 1 else None

    # --- a whole name ---

    def _called(self, spelt: Spelt, mention: str) -> Found | None:
        if len(self._place.index.called(spelt.key)) > _MOST_HOMONYMS:
            return Found(mention, (), (), Sentence.of("find.homonyms", name=mention))
        found = self.bearing(spelt)
        return self.chosen(found, spelt, mention) if found else None

    def bearing(self, spelt: Spelt) -> list[Candidate]:
        """Everything that bears this name, once for each unit."""
        fits: dict[tuple[str, ...], bool] = {}
        last: dict[str, Unit] = {}
        for unit in self._place.index.called(spelt.key):
            names = (tier_of(unit), *names_of(unit))
            if names not in fits:  # many units have one name
                fits[names] = _bears(unit, spelt)
            if fits[names] and (unit.id not in last or not last[unit.id].lives_on(self._place.on)):
                last[unit.id] = unit
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
        return self._telling.asked(known, mention, "find.not-there") if known else None

    def _partless(self, spelt: Spelt, mention: str) -> Found | None:
        """A part that the directory does not know, of an office that it knows: may that office have it."""
        at = spelt.place()
        areas = self._areas(spelt.part(at)) if at and not spelt.tier() else []
        lines = [self._now(area) for area in areas]
        return self._telling.asked(lines, mention, "find.no-part") if lines else None

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
        ranked = sorted(found, key=lambda each: each.rank)
        first = next((each for each in ranked if each.lives), None)
        if first is None:
            return self._telling.gone(found, spelt, mention)
        around = [each for each in ranked if each.rank < FAR or first.rank == FAR]
        living = [each for each in around if each.lives]
        best = [each for each in living if each.rank == first.rank]
        best = [each for each in best if each.itself] or best
        if len(best) > 1:
            best = [each for each in best if official(each.called.name) == spelt] or best
        one = len({each.unit().id for each in best}) == 1
        if not one or self._doubtful(best[0], living, spelt, placed=placed) or self._writes_to_himself(best[0], ranked):
            return self._telling.asked(ranked, mention, "find.unclear")
        others = any(each.lives and each.unit().id != best[0].unit().id for each in ranked)
        return self._telling.certain(best[0], mention, "find.nearest" if others else "find.certain")

    def _doubtful(self, best: Candidate, living: Sequence[Candidate], spelt: Spelt, *, placed: bool) -> bool:
        """Whether the way it was written leaves a doubt that the tree must not decide."""
        called = living[0].called
        tier = spelt.tier() != ""
        if not (placed or tier) and called.kind in AREAS and len({each.called.kind for each in living}) > 1:
            return True  # "Nam Định": the province or its city
        if not best.itself and any(each.itself and each.called != best.called for each in living):
            return True  # the name of an old unit near by, and today of another
        whole = placed or tier or any(spelt.key == official(name).key for name in names_of(called))
        far = living[0].rank == FAR
        if far and (not whole or (called.kind is UnitKind.COMMUNE and not placed and self._place.settled())):
            return True  # a commune of another province, without its place: more likely a name that was misspelt
        bare = all(sound.isascii() for sound in spelt.bare().sounds)
        return bare and len({_marks(each.called) for each in living}) > 1  # "xa Truc Hung": Hưng or Hùng

    def _writes_to_himself(self, best: Candidate, ranked: Sequence[Candidate]) -> bool:
        """Whether the nearest of several is the sender: surely one of the others is meant."""
        sender = self._place.sender
        return sender is not None and best.unit().id == sender.id and any(each.unit() != best.unit() for each in ranked)


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
