"""References: which unit a cell or a row means, among the known ones and those of the same sheets.

Promises:  an id, a short name, a code or an official name leads to the one unit that bears it on the day; rows that
           give no id are the unit that bears their name, else a new one with a proposed short name.
Never:     chooses between two; guesses a name that is not the unit's own.
Fails:     only when the index does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from mailmap.directory import cells
from mailmap.directory.address import fold
from mailmap.directory.answers import Sentence
from mailmap.directory.cells import Values
from mailmap.directory.index import Index
from mailmap.directory.naming import agree, keys, read
from mailmap.directory.naming import key as key_of_name
from mailmap.directory.proposals import Shape, kind_of, short_of
from mailmap.directory.sheet import Place
from mailmap.directory.unit import Unit, UnitKind

_MOST_TOLD = 6
key = lru_cache(maxsize=32_768)(key_of_name)  # a name of a sheet is looked at three times; reading it takes longest
_CODES = ("organ_id", "qcvn_id", "tax_code")


@dataclass(frozen=True, eq=False, slots=True)
class Sketch:
    """A row of units, read, before it is known which unit it means; not ``good`` when a cell of it is wrong."""

    place: Place
    values: Values
    good: bool


class Meant(NamedTuple):
    """The id of the unit that is meant; '' when that cannot be said, and why (None: a mistake that is told already)."""

    id: str
    wrong: Sentence | None = None


class _Bearer(NamedTuple):
    id: str
    name: str
    lives: bool


class References:
    """Looks up what cells and rows mean; every answer is remembered."""

    def __init__(self, index: Index, sketches: Iterable[Sketch]) -> None:
        self._index = index
        self._every = tuple(sketches)
        self._with: dict[str, list[Sketch]] = defaultdict(list)  # by the id that the row gives
        self._by_word: dict[str, list[Sketch]] = defaultdict(list)  # by short name and codes
        self._by_name: dict[str, list[Sketch]] | None = None
        self._shapes: dict[Sketch, Shape | Sentence | None] = {}
        self._by_id: dict[str, Shape] = {}
        self._asked: set[Sketch] = set()
        self._circles: set[Sketch] = set()
        self._proposed: dict[str, list[tuple[Sketch, str]]] = defaultdict(list)
        self._meant: dict[tuple[str, date | None], Meant | None] = {}
        for sketch in self._every:
            if unit_id := cells.said(sketch.values, "id"):
                self._with[unit_id].append(sketch)
            for word in _words(sketch.values):
                self._by_word[word].append(sketch)
        self._identified = bool(self._with or any(cells.said(each.values, "short") for each in self._every))

    def find(self, text: str, on: date | None) -> Meant | None:
        """The unit that a cell names, as of that day (None: from now on); None when nobody is called so."""
        if (text, on) not in self._meant:
            self._meant[text, on] = self._find(text, on)
        return self._meant[text, on]

    def shape(self, sketch: Sketch) -> Shape | Sentence | None:
        """Which unit a row means, with its kind and short name, or what is wrong; None for a row that is not good."""
        if sketch in self._asked:
            self._circles.add(sketch)
            return None
        if sketch not in self._shapes:
            self._asked.add(sketch)
            found = self._shape(sketch) if sketch.good else None
            self._asked.remove(sketch)
            if found is None and sketch in self._circles:
                found = Sentence.of("roster.cycle", unit=cells.said(sketch.values, "name"))
            if isinstance(found, Shape):
                self._by_id[found.id] = found
            self._shapes[sketch] = found
        return self._shapes[sketch]

    def _find(self, text: str, on: date | None) -> Meant | None:
        if self._index.unit(text):
            return Meant(text)
        if told := self._with.get(text):
            return Meant(text if any(sketch.good for sketch in told) else "")
        named = _chosen(text, self._named(fold(text), on))
        return named or _chosen(text, self._called(text, on, exactly=True)) or self._loosely(text, on)

    def _loosely(self, text: str, on: date | None) -> Meant | None:
        """By the name without the word for its tier."""
        return _chosen(text, self._called(text, on, exactly=False))

    def _named(self, word: str, on: date | None) -> Iterator[_Bearer]:
        yield from (_Bearer(unit.id, unit.name, _lives(unit, on)) for unit in self._index.named(word))
        yield from self._told(self._by_word.get(word, ()), on)

    def _called(self, text: str, on: date | None, *, exactly: bool) -> Iterator[_Bearer]:
        for unit in self._index.called(key(text)) if key(text) else ():
            if any(_agree(text, name, exactly=exactly) for name in (unit.name, *unit.other_names)):
                yield _Bearer(unit.id, unit.name, _lives(unit, on))
        yield from self._told(self._rows_called(text, exactly=exactly), on)

    def _told(self, sketches: Iterable[Sketch], on: date | None) -> Iterator[_Bearer]:
        for sketch in sketches:
            shape = self.shape(sketch)
            since, until = cells.since(sketch.values) or date.min, cells.until(sketch.values)
            lives = until is None if on is None else since <= on and (until is None or on < until)
            yield _Bearer(shape.id if isinstance(shape, Shape) else "", cells.said(sketch.values, "name"), lives)

    def _shape(self, sketch: Sketch) -> Shape | Sentence | None:
        values = sketch.values
        above = self._above(sketch)
        if isinstance(above, Meant):
            return above.wrong
        known = self._known(sketch, above)
        if isinstance(known, Sentence):
            return known
        name, kind, short = cells.said(values, "name"), values.get("kind"), cells.said(values, "short")
        if known:
            last = self._last(known)
            return Shape(known, name, kind if isinstance(kind, UnitKind) else last.kind, short or last.short)
        kind = kind if isinstance(kind, UnitKind) else kind_of(name, above)
        if kind is None:
            return Sentence.of("roster.kind-unclear", name=name)
        return self._new(sketch, Shape(cells.said(values, "id"), name, kind, short), above)

    def _above(self, sketch: Sketch) -> Shape | Meant | None:
        """The unit that the row puts above; a Meant says what is wrong. Whom nobody knows is judged later."""
        text = cells.said(sketch.values, "parent")
        meant = self.find(text, cells.day_of(sketch.values)) if text else None
        if meant is None or not meant.id:
            return meant
        for other in self._with.get(meant.id, ()):
            self.shape(other)
        return self._by_id.get(meant.id) or (self._last(meant.id) if self._index.unit(meant.id) else None)

    def _last(self, unit_id: str) -> Shape:
        """A unit as it was last known, else as a row tells it."""
        known = self._index.unit(unit_id)
        if not known:
            return self._by_id[unit_id]
        return Shape(unit_id, known[-1].name, known[-1].kind, known[-1].short)

    def _known(self, sketch: Sketch, above: Shape | None) -> str | Sentence:
        """The id of the known unit that the row is about, '' for a new one."""
        values, on = sketch.values, cells.day_of(sketch.values)
        if unit_id := cells.said(values, "id"):
            return unit_id if self._index.unit(unit_id) else ""
        if short := cells.said(values, "short"):
            return self._borne(short, on)
        return self._by_code(values, on) or self._by_official_name(sketch, above, on)

    def _by_code(self, values: Values, on: date | None) -> str:
        codes = (cells.said(values, field) for field in _CODES)
        units = [unit for code in codes if code for unit in self._index.named(fold(code))]
        ids = {unit.id for unit in units if _lives(unit, on)}
        return ids.pop() if len(ids) == 1 else ""

    def _by_official_name(self, sketch: Sketch, above: Shape | None, on: date | None) -> str | Sentence:
        name = cells.said(sketch.values, "name")
        bearers = [unit for unit in self._index.called(key(name)) if _agree(name, unit.name)]
        near = [unit for unit in bearers if above is None or unit.parent == above.id]
        told = self._identified_as(name, above) if self._identified else {}
        for some in ([unit for unit in near if _lives(unit, on)], near):
            ids = {unit.id: unit.name for unit in some} | told
            if ids:
                return next(iter(ids)) if len(ids) == 1 else _many(name, ids)
        return ""

    def _identified_as(self, name: str, above: Shape | None) -> dict[str, str]:
        """The units of that name to which other rows give an id or a short name."""
        found: dict[str, str] = {}
        for other in self._rows_called(name):
            if other.good and (cells.said(other.values, "id") or cells.said(other.values, "short")):
                parent = cells.said(other.values, "parent")
                meant = self.find(parent, cells.day_of(other.values)) if parent else None
                shape = self.shape(other) if above is None or (meant and meant.id == above.id) else None
                found |= {shape.id: shape.name} if isinstance(shape, Shape) else {}
        return found

    def _rows_called(self, text: str, *, exactly: bool = True) -> list[Sketch]:
        if self._by_name is None:
            self._by_name = _names_of(self._every)
        told = self._by_name.get(key(text), ())
        return [one for one in told if any(_agree(text, name, exactly=exactly) for name in _names(one))]

    def _borne(self, short: str, on: date | None) -> str:
        """The unit that bears a short name; a unit that ended has passed its name on."""
        bearers = [unit for unit in self._index.named(short) if unit.short == short]
        ids = list(dict.fromkeys(unit.id for unit in bearers if _lives(unit, on)))
        if len(ids) == 1:
            return ids[0]
        known = self._index.unit(short)
        return short if known and (on is None or known[-1].lives_on(on)) else ""

    def _new(self, sketch: Sketch, shape: Shape, above: Shape | None) -> Shape | Sentence:
        if shape.short:
            return self._with_id(shape, sketch)
        short = short_of(shape.name, shape.kind, above)
        if not short:
            return Sentence.of("roster.no-short", name=shape.name)
        on = cells.day_of(sketch.values)
        borne = (bearer for bearer in self._named(short, on) if bearer.lives and bearer.id not in {shape.id, ""})
        taken = next((bearer.name for bearer in borne), None)
        for other, name in self._proposed[short]:
            if taken is None and _overlap(sketch.values, other.values) and not _agree(shape.name, name):
                taken = name
        self._proposed[short].append((sketch, shape.name))
        if taken:
            return Sentence.of("roster.short-clash", short=short, other=taken)
        return self._with_id(shape._replace(short=short), sketch)

    def _with_id(self, shape: Shape, sketch: Sketch) -> Shape | Sentence:
        """With an id: its short name, and the year behind it where a unit that ended had that id."""
        on, short = cells.since(sketch.values), shape.short
        known = self._index.unit(short)
        if shape.id or not (known or self._ended_before(short, on)):
            return shape._replace(id=shape.id or short)
        if on is None:
            return Sentence.of("roster.short-clash", short=short, other=known[-1].name)
        return shape._replace(id=f"{short}.{on.year}")

    def _ended_before(self, short: str, on: date | None) -> bool:
        """Whether a row tells of a unit of that short name that ended by that day."""
        ends = [cells.until(sketch.values) for sketch in self._by_word.get(short, ())]
        return on is not None and any(last and last <= on for last in ends)


def _chosen(text: str, bearers: Iterable[_Bearer]) -> Meant | None:
    """The only bearer that lives, else the only one there was; None when there is none."""
    every = list(bearers)
    for some in ([bearer for bearer in every if bearer.lives], every):
        ids = {bearer.id: bearer.name for bearer in some}
        if len(ids) == 1:
            return Meant(next(iter(ids)))
        if ids:
            return Meant("", _many(text, ids))
    return None


def _many(text: str, bearers: dict[str, str]) -> Sentence:
    told = [f"{name} ({unit_id})" for unit_id, name in sorted(bearers.items())]
    choices = ", ".join([*told[:_MOST_TOLD], *(["…"] if len(told) > _MOST_TOLD else [])])
    return Sentence.of("roster.many-units", name=text, choices=choices)


def _lives(unit: Unit, on: date | None) -> bool:
    return unit.valid_until is None if on is None else unit.lives_on(on)


def _words(values: Values) -> set[str]:
    """What a row is found under: its short name and codes."""
    return {fold(word) for field in ("short", *_CODES) if (word := cells.said(values, field))}


def _overlap(a: Values, b: Values) -> bool:
    """Whether what two rows tell holds on one day."""
    starts = [cells.since(values) or date.min for values in (a, b)]
    ends = [cells.until(values) or date.max for values in (a, b)]
    return starts[0] < ends[1] and starts[1] < ends[0]


def _names_of(sketches: Iterable[Sketch]) -> dict[str, list[Sketch]]:
    found: dict[str, list[Sketch]] = defaultdict(list)
    for sketch in sketches:
        for name in keys(*_names(sketch)):
            found[name].append(sketch)
    return found


def _names(sketch: Sketch) -> tuple[str, ...]:
    return (cells.said(sketch.values, "name"), *cells.texts(sketch.values.get("other_names")))


def _agree(text: str, name: str, *, exactly: bool = True) -> bool:
    """Whether a text names this: xã Mỹ Tấn is not xã Mỹ Tân, unless it was typed without marks."""
    if text == name:
        return True
    return (not exactly or key(text) == key(name)) and agree(read(text), read(name))
