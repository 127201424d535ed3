"""Rows of units: each becomes a period of a unit, corrected, begun or ended.

Promises:  a row without a first day corrects the unit's last period (or the one that ends as the row says); one with a
           known first day that period; one with a later day begins a new period and ends the one before on that day.
           Files are taken in order, so that a later one builds on what an earlier one says. Whatever the row leaves
           out and its name proposes is told.
Never:     gives two rows of one file the same period; ends what a sheet does not mention.
Fails:     only when the index does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from operator import attrgetter

from mailmap.directory import cells
from mailmap.directory.answers import Sentence
from mailmap.directory.changes import Key, difference, key_of
from mailmap.directory.index import Index
from mailmap.directory.lineage import end
from mailmap.directory.proposals import Shape
from mailmap.directory.readers import Value
from mailmap.directory.references import References, Sketch
from mailmap.directory.sheet import Mistake, Place, Remark
from mailmap.directory.unit import Channel, Unit


@dataclass(frozen=True, slots=True)
class Claim:
    """Mailboxes that a row newly gives to a unit."""

    place: Place
    unit: Unit
    mailboxes: tuple[str, ...]


@dataclass(slots=True)
class Told:
    """What the rows of units tell: periods with their places, the reasons that are not plain, and what to say.

    ``own`` counts the rows; the others of ``units`` are periods that end because the next begins.
    """

    units: dict[Key, tuple[Place, Unit]] = field(default_factory=dict)
    reasons: dict[Key, Sentence] = field(default_factory=dict)
    moved: set[Key] = field(default_factory=set)
    own: set[Key] = field(default_factory=set)
    claims: list[Claim] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)


def told(sketches: Sequence[Sketch], references: References, index: Index, new: Unit) -> Told:
    """What these rows, taken together, make of the units that the index knows."""
    found = Told()
    rows: dict[tuple[str, str], list[Sketch]] = defaultdict(list)  # by unit and file, in the order of the files
    for sketch in sketches:
        shape = references.shape(sketch)
        if isinstance(shape, Sentence):
            found.mistakes.append(Mistake(sketch.place, shape))
        elif shape is not None:
            rows[shape.id, sketch.place.file].append(sketch)
    periods: dict[str, _Periods] = {}
    for (unit_id, _), some in rows.items():
        if unit_id not in periods:
            periods[unit_id] = _Periods(index.unit(unit_id), found, references, new)
        periods[unit_id].take(some)
    return found


class _Periods:
    """The periods of one unit, as they are after each row."""

    def __init__(self, known: Iterable[Unit], found: Told, references: References, new: Unit) -> None:
        self._will = {unit.valid_from: unit for unit in known}
        self._found, self._references, self._new = found, references, new

    def take(self, sketches: Sequence[Sketch]) -> None:
        """The rows of one file, the earliest period first."""
        days = {sketch: self._first_day(sketch, alone=len(sketches) == 1) for sketch in sketches}
        taken: dict[date, Place] = {}
        for sketch in sorted(sketches, key=lambda each: days[each]):
            day = days[sketch]
            if day in taken:
                why = Sentence.of("roster.twice", line=taken[day].line)
                self._found.mistakes.append(Mistake(sketch.place, why))
                continue
            taken[day] = sketch.place
            self._period(sketch, day)

    def _first_day(self, sketch: Sketch, *, alone: bool) -> date:
        """The first day of the period that a row is about.

        It is said; or it is the period's that ends as the row says; or the last one's, or the first one's when the file
        has several rows of the unit.
        """
        said, last = cells.since(sketch.values), cells.until(sketch.values)
        if said is not None:
            return said
        ending = [unit.valid_from for unit in self._will.values() if last and unit.valid_until == last]
        if ending:
            return ending[0]
        return (max if alone else min)(self._will, default=self._new.valid_from)

    def _period(self, sketch: Sketch, day: date) -> None:
        before = self._will.get(day)
        former = max((unit for on, unit in self._will.items() if on < day), key=attrgetter("valid_from"), default=None)
        start = before or former or min(self._will.values(), key=attrgetter("valid_from"), default=self._new)
        unit = self._made(sketch, day, start)
        last = self._last_day(sketch, unit, before)
        unit = unit if unit.valid_until == last else replace(unit, valid_until=last)
        if before is None and former is not None and _same(unit, former) and end(former) > day:
            self._unmoved(sketch, former, unit)
            return
        if before is None and former is not None:
            self._begin(sketch.place, former, unit)
        elif before is None:
            self._introduce(sketch, unit)
        self._keep(sketch.place, unit)
        self._claim(sketch, before or former, unit)
        self._found.own.add(key_of(unit))

    def _made(self, sketch: Sketch, day: date, start: Unit) -> Unit:
        known: dict[str, Value] = {"valid_from": day}
        if isinstance(shape := self._references.shape(sketch), Shape):
            proposed = {"kind": shape.kind, "short": shape.short} if start.id != shape.id else {}
            known |= {"id": shape.id, **proposed}  # a known unit keeps, in each period, what the row does not say
        parent = cells.said(sketch.values, "parent")
        meant = self._references.find(parent, cells.day_of(sketch.values)) if parent else None
        return cells.unit_of(sketch.values, start, **(known | {"parent": meant.id} if meant else known))

    def _last_day(self, sketch: Sketch, unit: Unit, before: Unit | None) -> date | None:
        """What the row says; else what it was, or never, but not after the next period begins."""
        said = cells.until(sketch.values)
        if said is not None:
            return said
        following = min((day for day in self._will if day > unit.valid_from), default=None)
        kept = unit.valid_until  # from the period that is corrected or goes on
        if "valid_until" in sketch.values:
            kept = before.valid_until if before and following else None
        if kept is not None and kept <= unit.valid_from:
            kept = None  # the period before had ended by then
        return following if following is not None and (kept is None or kept > following) else kept

    def _unmoved(self, sketch: Sketch, former: Unit, unit: Unit) -> None:
        """The row says what is known, with a later first day: that alone is no new period."""
        why = Sentence.of("roster.same-period", unit=former.name, since=former.valid_from.isoformat())
        self._found.warnings.append(Remark(sketch.place, why))
        self._keep(sketch.place, replace(former, valid_until=unit.valid_until))
        self._found.own.add(key_of(former))

    def _begin(self, place: Place, former: Unit, unit: Unit) -> None:
        """A new period; the former one ends when it still holds then."""
        open_until = replace(former, valid_from=unit.valid_from, valid_until=unit.valid_until)
        what = difference(open_until, unit) or "…"
        self._found.reasons[key_of(unit)] = Sentence.of(
            "roster.new-period", since=unit.valid_from.isoformat(), what=what
        )
        if former.parent != unit.parent:
            self._found.moved.add(key_of(unit))
        if end(former) > unit.valid_from:
            earlier = self._found.units.get(key_of(former), (place, former))[0]
            self._keep(earlier, replace(former, valid_until=unit.valid_from))

    def _introduce(self, sketch: Sketch, unit: Unit) -> None:
        silent = [name for name in ("short", "kind") if name not in sketch.values]
        if silent:
            what = "; ".join(f"{name}: {getattr(unit, name)}" for name in silent)
            self._found.reasons[key_of(unit)] = Sentence.of("roster.proposed", what=what)

    def _keep(self, place: Place, unit: Unit) -> None:
        self._will[unit.valid_from] = unit
        self._found.units[key_of(unit)] = (place, unit)

    def _claim(self, sketch: Sketch, before: Unit | None, unit: Unit) -> None:
        known = {way.to for way in before.ways()} if before else set()
        ways = (way for way in unit.ways() if way.channel is Channel.MAIL and way.to not in known)
        fresh = tuple(way.to for way in ways)
        if fresh:
            self._found.claims.append(Claim(sketch.place, unit, fresh))


def _same(a: Unit, b: Unit) -> bool:
    """Whether two periods tell the same of the unit."""
    return replace(a, valid_from=b.valid_from, valid_until=b.valid_until) == b
