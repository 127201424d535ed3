"""The roster: rows of sheets become proposed changes of the directory, as a diff that a person reads first.

Promises:  ``propose`` tells every change and every mistake with its line and reason, all at once; applying a diff and
           proposing the same rows again gives no change. ``check`` judges a whole directory by the same rules.
Never:     ends what a sheet merely does not mention; lets one address belong to two units at one time, a unit stand
           above itself, or an address of our own be a sender (its mail would run in a circle for ever).
Fails:     only when the index does. A diff with mistakes must not be applied.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import TypeVar

from mailmap.directory import cells, readers
from mailmap.directory.address import Address, fold
from mailmap.directory.changes import Change, Diff, Effect, Thing, change_of, key_of
from mailmap.directory.delegation import outside
from mailmap.directory.directory import OwnNames
from mailmap.directory.draft import Draft
from mailmap.directory.index import Index, MemoryIndex
from mailmap.directory.judging import worth_a_look, wrongs
from mailmap.directory.mapping_rows import Mapped, MappingRows
from mailmap.directory.references import References, Sketch, key
from mailmap.directory.sheet import Mistake, Place, Remark, Row, Sheet, Table
from mailmap.directory.succession import Succession
from mailmap.directory.unit import Unit
from mailmap.directory.unit_rows import Told, told

_Placed = TypeVar("_Placed", Mistake, Remark)

__all__ = ["Asked", "Change", "Diff", "Effect", "Thing", "asked_of", "check", "propose"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What ``propose`` will look up for some sheets.

    The mappings of these addresses; the units under these ids, short names or codes (``units``) and these keys of names
    (``names``); the units that cells speak of, by id, short name, code or else by name (``cells``); the units right
    below those of rows that give a period (``ending``: ids, short names, codes; ``ending_names``: keys of names); of
    all of them every unit above, what became of them, and the units that followed.
    """

    units: frozenset[str]
    names: frozenset[str]
    cells: frozenset[str]
    ending: frozenset[str]
    ending_names: frozenset[str]
    addresses: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Read:
    """The rows of all sheets, read: those of units before anybody knows which units they mean."""

    sketches: tuple[Sketch, ...]
    rest: tuple[tuple[Table, Sketch], ...]
    mistakes: tuple[Mistake, ...]
    remarks: tuple[Remark, ...]


def propose(
    sheets: Sequence[Sheet], index: Index, own: OwnNames, new: Unit = cells.NEW, within: Unit | None = None
) -> Diff:
    """What the sheets, taken together, would change in the directory that ``index`` knows.

    ``new`` has what a new unit gets where its row says nothing. ``within``: only changes of that unit's subtree are
    allowed; what is outside is a mistake.
    """
    read = _read(sheets)
    references = References(index, read.sketches)
    units = told(read.sketches, references, index, new)
    others = _others(read, references, index, units)
    draft = Draft(index, [thing for _, thing in _things(units, others)])
    changes = [change for change in _changes(index, units, others) if change]
    mistakes = [*read.mistakes, *units.mistakes, *others.mistakes, *_judged(changes, index, draft, own, within)]
    warnings = [*units.warnings, *others.warnings, *_warned(changes, draft)]
    rows = len(units.own) + len(others.mappings) - len(others.implied) + len(others.steps)
    altered = sum(_is_own(change, units, others) for change in changes)
    return Diff(tuple(changes), _in_order(mistakes), rows - altered, _in_order(warnings), read.remarks)


def check(
    units: Iterable[Unit], addresses: Iterable[Address], successions: Iterable[Succession], own: OwnNames
) -> tuple[Mistake, ...]:
    """Everything that is wrong in a whole directory; each place has what it is about as its file, and line 0."""
    every: tuple[list[Unit], list[Address], list[Succession]] = list(units), list(addresses), list(successions)
    there = MemoryIndex(*every)
    things: Iterable[Thing] = chain(*every)
    return tuple(Mistake(Place(key_of(thing)[0], 0), why) for thing in things for why in wrongs(there, thing, own))


def asked_of(sheets: Iterable[Sheet]) -> Asked:
    """What ``propose`` will look up for these sheets."""
    every = [(sheet.table, row.cells) for sheet in sheets for row in sheet.rows]
    rows = [row for table, row in every if table is Table.UNITS]
    ending = [row for row in rows if row.get("valid_from") or row.get("valid_until")]
    mailboxes = {row.get(field, "") for _, row in every for field in ("address", "contact", "fallback")}
    return Asked(
        units=_words(rows),
        names=_names(rows),
        cells=frozenset(row.get(field, "") for _, row in every for field in ("parent", "unit", "successor")) - {""},
        ending=_words(ending),
        ending_names=_names(ending),
        addresses=frozenset(address for cell in mailboxes for address in readers.mailboxes_in(cell)),
    )


def _words(rows: Iterable[Mapping[str, str]]) -> frozenset[str]:
    """The ids, short names and codes of these rows of units, as they stand and folded."""
    words = {row.get(field, "") for row in rows for field in ("id", "short", "organ_id", "qcvn_id", "tax_code")}
    return frozenset({*words, *map(fold, words)} - {""})


def _names(rows: Iterable[Mapping[str, str]]) -> frozenset[str]:
    """The keys of the names of rows that give no short name: by it they are known, or another is proposed."""
    return frozenset(key(row.get("name", "")) for row in rows if not row.get("short")) - {""}


def _read(sheets: Iterable[Sheet]) -> _Read:
    sketches: list[Sketch] = []
    rest: list[tuple[Table, Sketch]] = []
    mistakes: list[Mistake] = []
    remarks: list[Remark] = []
    for sheet in sheets:
        spoilt = {mistake.place for mistake in sheet.mistakes}
        mistakes.extend(sheet.mistakes)
        remarks.extend(sheet.remarks)
        for row in sheet.rows:
            sketch, wrong = _sketch(row, sheet.table, good=row.place not in spoilt)
            mistakes.extend(wrong)
            if sheet.table is Table.UNITS:
                sketches.append(sketch)
            elif sketch.good:
                rest.append((sheet.table, sketch))
    return _Read(tuple(sketches), tuple(rest), tuple(mistakes), tuple(remarks))


def _sketch(row: Row, table: Table, *, good: bool) -> tuple[Sketch, list[Mistake]]:
    values, wrong = cells.read(row, table)
    return Sketch(row.place, values, good and not wrong), [Mistake(row.place, why) for why in wrong]


def _others(read: _Read, references: References, index: Index, units: Told) -> Mapped:
    rows = MappingRows(references, index)
    for table, sketch in read.rest:
        take = rows.take_addresses if table is Table.ADDRESSES else rows.take_succession
        take(sketch.place, sketch.values)
    rows.take_claims(units.claims)
    return rows.found


def _things(units: Told, others: Mapped) -> Iterator[tuple[Place, Thing]]:
    """Everything that is told, with its place, in the order of the rows."""
    yield from units.units.values()
    yield from others.mappings.values()
    yield from others.steps.values()


def _changes(index: Index, units: Told, others: Mapped) -> Iterator[Change | None]:
    for place, thing in _things(units, others):
        change = change_of(place, _known(index, thing), thing)
        if change and change.before is None and isinstance(thing, Unit):
            effect = Effect.MOVED if key_of(thing) in units.moved else change.effect
            change = replace(change, effect=effect, why=units.reasons.get(key_of(thing), change.why))
        elif change and isinstance(thing, Address):
            change = replace(change, why=others.implied.get(key_of(thing), change.why))
        yield change


def _known(index: Index, thing: Thing) -> Thing | None:
    """What stands under its key now."""
    some: Iterable[Thing]
    if isinstance(thing, Unit):
        some = index.unit(thing.id)
    else:
        some = index.mapped(thing.address) if isinstance(thing, Address) else index.ended(thing.unit)
    return next((other for other in some if key_of(other) == key_of(thing)), None)


def _judged(
    changes: Iterable[Change], index: Index, draft: Index, own: OwnNames, within: Unit | None
) -> Iterator[Mistake]:
    for change in changes:
        if change.after is not None:
            yield from (Mistake(change.place, why) for why in wrongs(draft, change.after, own))
        if within is not None:
            yield from (Mistake(change.place, why) for why in outside(change, index, draft, within))


def _warned(changes: Iterable[Change], draft: Index) -> Iterator[Remark]:
    for change in changes:
        if change.after is not None:
            yield from (Remark(change.place, why) for why in worth_a_look(draft, change.after))


def _is_own(change: Change, units: Told, others: Mapped) -> bool:
    """Whether the change is what a row says, not only what follows from it."""
    thing = change.thing
    if isinstance(thing, Unit):
        return key_of(thing) in units.own
    return not isinstance(thing, Address) or key_of(thing) not in others.implied


def _in_order(told: Iterable[_Placed]) -> tuple[_Placed, ...]:
    """By place, each thing told once."""
    return tuple(sorted(dict.fromkeys(told), key=lambda each: (each.place.file, each.place.line)))
