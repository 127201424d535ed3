"""Undo: a stored change of the directory is taken back, or it is said what stands in the way."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from datetime import date

import pytest

from mailmap.directory.address import Address
from mailmap.directory.changes import Change, Diff, Effect, Thing, key_of
from mailmap.directory.directory import OwnNames
from mailmap.directory.index import MemoryIndex
from mailmap.directory.roster import propose
from mailmap.directory.sheet import read
from mailmap.directory.succession import Succession
from mailmap.directory.undo import Told, added_units, inverse, needed
from mailmap.directory.unit import Unit, UnitKind

OWN = OwnNames(frozenset({"lienthong.example"}))
HAIHAU = Unit("haihau", "UBND huyện Hải Hậu", UnitKind.DISTRICT, "haihau")
HAIAN = Unit("haian", "UBND xã Hải An", UnitKind.COMMUNE, "haian.haihau", "haihau", "vt@haian.example")
CLERK = Address("vt@haian.example", "haian", role="văn thư")
UNITS = (
    "mã,tên đơn vị,loại,trực thuộc,email,tên khác,dự phòng,từ ngày,hết hiệu lực\n"
    "haian,UBND xã Hải An,xã,haihau,vt@haian.example,Hải An cũ,mailbox,,2025-07-01\n"
    "haihau,UBND quận Hải Hậu,quận,,vt@haihau.example,,,2024-09-01,\n"
    "yyen,UBND huyện Ý Yên,huyện,,a@yyen.example b@yyen.example,,,,\n"
)
MAPPINGS = "địa chỉ,đơn vị,vai trò\nvt@haian.example,haian,chủ tịch\n*@yyen.example,UBND huyện Ý Yên,\n"
STEPS = "đơn vị,ngày,hình thức,đơn vị kế thừa\nhaian,2025-07-01,sáp nhập,yyen\n"
SHEETS = [read(f"{n}.csv", text) for n, text in enumerate((UNITS, MAPPINGS, STEPS))]


class Book:
    """A directory in memory that diffs are applied to."""

    def __init__(self, *things: Thing) -> None:
        self.things = {(type(thing), key_of(thing)): thing for thing in things}

    def index(self) -> MemoryIndex:
        """What it holds."""
        every = self.things.values()
        return MemoryIndex(
            [thing for thing in every if isinstance(thing, Unit)],
            [thing for thing in every if isinstance(thing, Address)],
            [thing for thing in every if isinstance(thing, Succession)],
        )

    def apply(self, diff: Diff) -> list[Told]:
        """Make the changes; how they are stored."""
        assert diff.mistakes == ()
        for change in diff.changes:
            key = (type(change.thing), key_of(change.thing))
            if change.after is None:
                del self.things[key]
            else:
                self.things[key] = change.after
        stored: list[Told] = json.loads(json.dumps([told(change) for change in diff.changes]))
        return stored

    def take_back(self, stored: list[Told], in_use: Callable[[str], bool] = {}.__contains__) -> Diff:
        """The diff that takes a stored change back."""
        return inverse(stored, self.index(), in_use, OWN)


def told(change: Change) -> dict[str, object]:
    """A change as the tables keep it."""
    tables = {Unit: "units", Address: "addresses", Succession: "successions"}
    place = f"{change.place.file}:{change.place.line}"
    rows = {"before": row(change.before), "after": row(change.after)}
    return {"table": tables[type(change.thing)], "effect": change.effect, "place": place, **rows}


def row(thing: Thing | None) -> dict[str, object] | None:
    """A thing as JSON can hold it, with what only the tables need."""
    if thing is None:
        return None
    found = {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(thing).items()}
    if isinstance(thing, Address):
        return found | {"may": sorted(thing.may), "needs": int(thing.needs)}
    if isinstance(thing, Unit):
        return found | {"fallback": [f"{way.channel}:{way.to}" for way in thing.fallback], "named": [], "called": []}
    return found


def wrong(diff: Diff) -> list[tuple[str, str]]:
    """What is wrong, and with whom."""
    return [(why.why.key, dict(why.why.facts).get("unit", "")) for why in diff.mistakes]


def by_key(changes: Iterable[Change]) -> dict[tuple[str, date], tuple[Effect, Thing | None, Thing | None]]:
    """Changes by what they are about."""
    return {key_of(change.thing): (change.effect, change.before, change.after) for change in changes}


def test_what_was_done_is_undone() -> None:
    """What was added goes, what was changed, moved or ended is as before; the same import then gives the same diff."""
    book = Book(HAIHAU, HAIAN, CLERK)
    first = dict(book.things)
    diff = propose(SHEETS, book.index(), OWN)
    stored = book.apply(diff)
    back = book.take_back(stored)
    assert {change.effect for change in diff.changes} == {Effect.ADDED, Effect.CHANGED, Effect.ENDED}
    assert {change.effect for change in back.changes} == {Effect.REMOVED, Effect.CHANGED}
    again = book.apply(back)
    assert book.things == first
    assert by_key(propose(SHEETS, book.index(), OWN).changes) == by_key(diff.changes)
    book.apply(book.take_back(again))
    assert propose(SHEETS, book.index(), OWN).changes == ()


def test_undoing_twice_changes_nothing() -> None:
    """What is as it was stays so."""
    book = Book(HAIHAU, HAIAN, CLERK)
    stored = book.apply(propose(SHEETS, book.index(), OWN))
    book.apply(book.take_back(stored))
    back = book.take_back(stored)
    assert (back.changes, back.mistakes, back.same) == ((), (), len(stored))


def test_what_was_changed_again_is_not_undone() -> None:
    """The later change is told with what it changed; nothing of the diff may be applied."""
    book = Book(HAIHAU, HAIAN, CLERK)
    stored = book.apply(propose(SHEETS, book.index(), OWN))
    book.apply(propose([read("x.csv", "địa chỉ,đơn vị,vai trò\nvt@haian.example,haian,kế toán\n")], book.index(), OWN))
    (mistake,) = book.take_back(stored).mistakes
    assert (mistake.why.key, mistake.place.file, mistake.place.line) == ("roster.changed-later", "1.csv", 2)
    assert dict(mistake.why.facts)["what"] == "role: chủ tịch → kế toán"


def test_a_unit_in_use_is_not_removed() -> None:
    """One that documents name, or that others stand below by now, can only end."""
    book = Book(HAIHAU, HAIAN, CLERK)
    stored = book.apply(propose(SHEETS, book.index(), OWN))
    assert added_units(stored) == {"yyen", "haihau"}
    assert wrong(book.take_back(stored, {"yyen", "haihau"}.__contains__)) == [("roster.in-use", "UBND huyện Ý Yên")]
    child = Unit("yenloi", "UBND xã Yên Lợi", UnitKind.COMMUNE, "yenloi.yyen", "yyen")
    book.things[Unit, key_of(child)] = child
    assert wrong(book.take_back(stored)) == [("roster.has-children", "UBND huyện Ý Yên")]


def test_addresses_of_other_changes_need_their_unit() -> None:
    """Only the mappings that the change itself added may go with the unit."""
    book = Book(HAIHAU, HAIAN, CLERK)
    stored = book.apply(propose(SHEETS, book.index(), OWN))
    its = book.index().mapped("a@yyen.example")
    assert needed(its, stored) == frozenset()
    assert needed([*its, Address("c@yyen.example", "yyen")], stored) == {"yyen"}


def test_what_comes_back_is_judged() -> None:
    """An address that went to another unit meanwhile cannot be restored beside it."""
    book = Book(HAIHAU, replace(HAIAN, valid_until=date(2025, 7, 1)), CLERK)
    end = "địa chỉ,đơn vị,hết hiệu lực\nvt@haian.example,haian,2020-01-01\n"
    stored = book.apply(propose([read("a.csv", end)], book.index(), OWN))
    move = "địa chỉ,đơn vị,từ ngày\nvt@haian.example,haihau,2020-01-01\n"
    book.apply(propose([read("b.csv", move)], book.index(), OWN))
    assert wrong(book.take_back(stored)) == [("roster.two-units", "")]


def test_an_administrator_takes_back_its_own_only() -> None:
    """Taking back is a change like any other: outside of the subtree it is refused."""
    book = Book(HAIHAU, HAIAN, CLERK)
    text = "tên đơn vị,loại,trực thuộc\nPhòng Nội vụ,phòng,haihau\n"
    stored = book.apply(propose([read("a.csv", text)], book.index(), OWN, within=HAIHAU))
    assert inverse(stored, book.index(), {}.__contains__, OWN, HAIHAU).mistakes == ()
    (mistake,) = inverse(stored, book.index(), {}.__contains__, OWN, HAIAN).mistakes
    assert mistake.why.key == "roster.outside"


@pytest.mark.parametrize("field", ["qcvn_id", "tax_code", "other_names", "fallback", "basis", "organ_id"])
def test_older_rows_of_history_are_read(field: str) -> None:
    """Rows written before a field existed do not tell it: it has its default."""
    book = Book(HAIHAU)
    text = "mã,tên đơn vị,loại,trực thuộc\nx,UBND xã X,xã,haihau\n"
    (stored,) = book.apply(propose([read("a.csv", text)], book.index(), OWN))
    after = stored["after"]
    assert isinstance(after, dict)
    old = {**stored, "after": {name: value for name, value in after.items() if name != field}}
    assert book.take_back([old]).mistakes == ()
