"""Undo: the diff that takes a stored change of the directory back.

Promises:  what was added is removed, and what was changed, moved or ended is again as it was; applying it and importing
           the same sheets again gives the first diff again.
Never:     takes back what was changed again later, or removes a unit that is in use: each is a mistake that says so.
Fails:     only when the index does; KeyError and ValueError for rows that ``storage`` never wrote.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from mailmap.directory.address import Address, Form, May
from mailmap.directory.answers import Sentence
from mailmap.directory.changes import Change, Diff, Thing, change_of, difference, key_of
from mailmap.directory.delegation import outside
from mailmap.directory.directory import OwnNames
from mailmap.directory.draft import Draft
from mailmap.directory.index import Index
from mailmap.directory.judging import wrongs
from mailmap.directory.proof import Proof
from mailmap.directory.sheet import Mistake, Place, Table
from mailmap.directory.succession import Succession, Turn
from mailmap.directory.unit import Channel, Unit, UnitKind, Way
from mailmap.document.events import JSON

Told = Mapping[str, JSON]
_MOST_TOLD = 6
_NO_NAMES = OwnNames(frozenset())


def inverse(
    told: Sequence[Told],
    index: Index,
    in_use: Callable[[str], bool],
    own: OwnNames = _NO_NAMES,
    within: Unit | None = None,
) -> Diff:
    """What takes back the change that is told so in ``directory_changes.diff``.

    ``in_use`` says of a unit's id whether documents, books or accounts name it, or mappings that stay (``needed``);
    ``added_units`` lists the ids that it may be asked about. Such a unit cannot be removed, only ended. ``own`` and
    ``within`` are as in ``roster.propose``.
    """
    read = [_read(one) for one in reversed(told)]
    found = [(change_of(place, _known(index, before, after), before), after) for place, before, after in read]
    changes = [(change, after) for change, after in found if change]
    draft = Draft(index, (x.after for x, _ in changes if x.after), (x.before for x, _ in changes if x.before))
    mistakes = [
        Mistake(change.place, why)
        for change, after in changes
        for why in (
            *_wrong(change, after, draft, in_use),
            *(wrongs(draft, change.after, own) if change.after else ()),
            *(outside(change, index, draft, within) if within else ()),
        )
    ]
    return Diff(tuple(change for change, _ in changes), tuple(mistakes), len(told) - len(changes))


def added_units(told: Sequence[Told]) -> frozenset[str]:
    """The ids of the units that taking this change back removes."""
    read = (after for _, before, after in map(_read, told) if before is None)
    return frozenset(after.id for after in read if isinstance(after, Unit))


def needed(mappings: Iterable[Address], told: Sequence[Told]) -> frozenset[str]:
    """The units of those mappings that taking this change back leaves."""
    gone = {key_of(after) for _, before, after in map(_read, told) if before is None and isinstance(after, Address)}
    return frozenset(mapping.unit for mapping in mappings if key_of(mapping) not in gone)


def _wrong(change: Change, after: Thing | None, there: Index, in_use: Callable[[str], bool]) -> Iterator[Sentence]:
    known = change.before
    if known != after:
        what = difference(after, known) if after is not None and known is not None else ""
        yield Sentence.of("roster.changed-later", what=what or key_of(change.thing)[0])
    elif change.after is None and isinstance(known, Unit) and not there.unit(known.id):
        left = sorted(unit.name for unit in there.below(known.id))
        if left:
            yield Sentence.of(
                "roster.has-children", unit=known.name, count=len(left), names=", ".join(left[:_MOST_TOLD])
            )
        if in_use(known.id):
            yield Sentence.of("roster.in-use", unit=known.name)


def _read(told: Told) -> tuple[Place, Thing | None, Thing | None]:
    table = Table(str(told["table"]))
    file, _, line = str(told["place"]).rpartition(":")
    return Place(file, int(line)), thing_of(table, told["before"]), thing_of(table, told["after"])


def thing_of(table: Table, row: JSON) -> Thing | None:
    """A unit, mapping or succession from its row as JSON; what older rows do not tell has its default."""
    if not isinstance(row, Mapping):
        return None
    return _READERS[table](row)


def _known(index: Index, before: Thing | None, after: Thing | None) -> Thing | None:
    key = key_of(next(thing for thing in (after, before) if thing is not None))
    some: Mapping[type, Callable[[str], Sequence[Thing]]] = {
        Unit: index.unit,
        Address: index.mapped,
        Succession: index.ended,
    }
    there = some[type(after or before)](key[0])
    return next((thing for thing in there if key_of(thing) == key), None)


def _unit(row: Mapping[str, Any]) -> Unit:
    names = ("id", "name", "short", "parent", "contact", "book", "accepts_itself", "organ_id", "qcvn_id", "tax_code")
    plain = {name: row[name] for name in (*names, "basis") if name in row}
    ways = [way.partition(":") for way in row.get("fallback", ())]
    return Unit(
        **plain,
        **_period(row),
        kind=UnitKind(row["kind"]),
        channel=Channel(row["channel"]),
        other_names=tuple(row.get("other_names", ())),
        fallback=tuple(Way(Channel(channel), to) for channel, _, to in ways),
    )


def _address(row: Mapping[str, Any]) -> Address:
    may, form = frozenset(map(May, row["may"])), Form(row.get("form", Form.EXACT))
    needs = Proof(row.get("needs", Proof.NONE))
    return Address(row["address"], row["unit"], may, row["role"], **_period(row), form=form, needs=needs)


def _succession(row: Mapping[str, Any]) -> Succession:
    return Succession(
        row["unit"], date.fromisoformat(row["on"]), Turn(row["turn"]), row["successor"], row.get("basis", "")
    )


def _period(row: Mapping[str, Any]) -> dict[str, Any]:
    until = row["valid_until"]
    return {
        "valid_from": date.fromisoformat(row["valid_from"]),
        "valid_until": date.fromisoformat(until) if until else None,
    }


_READERS: Mapping[Table, Callable[[Mapping[str, Any]], Thing]] = {
    Table.UNITS: _unit,
    Table.ADDRESSES: _address,
    Table.SUCCESSIONS: _succession,
}
