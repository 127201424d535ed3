"""Rows that begin, correct, move and end periods of units, and what lists of names leave out."""

from __future__ import annotations

from datetime import date

import pytest

from mailmap.directory.address import Address
from mailmap.directory.changes import Change, Diff, Effect
from mailmap.directory.directory import OwnNames
from mailmap.directory.index import MemoryIndex
from mailmap.directory.roster import propose
from mailmap.directory.sheet import read
from mailmap.directory.unit import Channel, Unit, UnitKind, Way

OWN = OwnNames(frozenset({"lienthong.example"}), frozenset({"vanban"}))
START, MERGER = date(2000, 1, 1), date(2024, 9, 1)
PROVINCE = Unit("namdinh", "UBND tỉnh Nam Định", UnitKind.PROVINCE, "namdinh")
CITY = Unit("tpnamdinh", "UBND thành phố Nam Định", UnitKind.DISTRICT, "tpnamdinh", "namdinh")
MYLOC = Unit("myloc", "UBND huyện Mỹ Lộc", UnitKind.DISTRICT, "myloc", "namdinh", organ_id="H40.2")
MYTAN = Unit("mytan.myloc", "UBND xã Mỹ Tân", UnitKind.COMMUNE, "mytan.myloc", "myloc", "a@x.example", valid_from=START)
KNOWN = (PROVINCE, CITY, MYLOC, MYTAN)


def proposed(*texts: str, units: tuple[Unit, ...] = KNOWN, mappings: tuple[Address, ...] = ()) -> Diff:
    """What these sheets would change, and that applying it leaves nothing to change."""
    sheets = [read(f"{n}.csv", text) for n, text in enumerate(texts)]
    diff = propose(sheets, MemoryIndex(units, mappings), OWN)
    if not diff.mistakes:
        there = {(unit.id, unit.valid_from): unit for unit in (*units, *diff.units())}
        mapped = {(one.address, one.valid_from): one for one in (*mappings, *diff.addresses())}
        assert propose(sheets, MemoryIndex(there.values(), mapped.values(), diff.successions()), OWN).changes == ()
    return diff


def told(diff: Diff) -> list[tuple[Effect, object, object]]:
    """Each change of a unit: what it is, and its period."""
    return [
        (change.effect, change.after.valid_from, change.after.valid_until)
        for change in diff.changes
        if isinstance(change.after, Unit)
    ]


def wrong(diff: Diff) -> list[tuple[int, str]]:
    """Line and key of everything that is wrong."""
    return [(mistake.place.line, mistake.why.key) for mistake in diff.mistakes]


def test_a_later_first_day_begins_a_new_period() -> None:
    """The period before ends on that day; both are shown at the row, and what differs is said."""
    diff = proposed("mã,tên đơn vị,từ ngày,căn cứ\nmytan.myloc,UBND phường Mỹ Tân,1/9/2024,NQ 1\n")
    assert told(diff) == [(Effect.ENDED, START, MERGER), (Effect.ADDED, MERGER, None)]
    begun = diff.changes[1]
    assert (begun.before, begun.place.line, begun.why.key) == (None, 2, "roster.new-period")
    assert dict(begun.why.facts)["what"] == "name: UBND xã Mỹ Tân → UBND phường Mỹ Tân; basis: … → NQ 1"


def test_a_new_parent_is_a_move() -> None:
    """In a new period, or as a correction of the one there is; what moved keeps its id."""
    header = "mã,tên đơn vị,trực thuộc,từ ngày\n"
    diff = proposed(header + "mytan.myloc,UBND xã Mỹ Tân,tpnamdinh,2024-09-01\n")
    assert told(diff) == [(Effect.ENDED, START, MERGER), (Effect.MOVED, MERGER, None)]
    assert [unit.parent for unit in diff.units()] == ["myloc", "tpnamdinh"]
    (change,) = proposed(header + "mytan.myloc,UBND xã Mỹ Tân,UBND thành phố Nam Định,\n").changes
    assert (change.effect, change.before) == (Effect.MOVED, MYTAN)


@pytest.mark.parametrize("since", ["", "2000-01-01"])
def test_the_same_or_no_first_day_corrects_in_place(since: str) -> None:
    """Nothing begins and nothing ends."""
    (change,) = proposed(f"mã,tên đơn vị,từ ngày\nmytan.myloc,UBND xã Mỹ Tân mới,{since}\n").changes
    assert (change.effect, change.before) == (Effect.CHANGED, MYTAN)


def test_only_a_later_first_day_is_no_new_period() -> None:
    """When nothing else differs the row is told and changes nothing; an end it gives counts."""
    diff = proposed("mã,tên đơn vị,từ ngày\nmytan.myloc,UBND xã Mỹ Tân,2010-01-01\n")
    assert (diff.changes, diff.same, [one.why.key for one in diff.warnings]) == ((), 1, ["roster.same-period"])
    text = "mã,tên đơn vị,từ ngày,hết hiệu lực\nmytan.myloc,UBND xã Mỹ Tân,2010-01-01,2024-09-01\n"
    assert told(proposed(text)) == [(Effect.ENDED, START, MERGER)]


def test_several_periods_of_a_unit_may_stand_in_one_sheet() -> None:
    """In any order; each ends where the next begins; the first may go without a day."""
    rows = ("x,Ba,xã,x,2020-01-01", "x,Một,xã,x,", "x,Hai,xã,x,2010-01-01")
    diff = proposed("\n".join(("mã,tên đơn vị,loại,tên ngắn,từ ngày", *rows)))
    assert told(diff) == [
        (Effect.ADDED, date.min, date(2010, 1, 1)),
        (Effect.ADDED, date(2010, 1, 1), date(2020, 1, 1)),
        (Effect.ADDED, date(2020, 1, 1), None),
    ]
    assert wrong(proposed("mã,tên đơn vị,loại,từ ngày\nx,A,xã,\nx,B,xã,\n")) == [(3, "roster.twice")]


def test_later_files_build_on_earlier_ones() -> None:
    """The list of then and the list of the merger may be imported one after the other or together."""
    first = "mã,tên đơn vị,loại,tên ngắn\nx,UBND xã X,xã,x\n"
    second = "mã,tên đơn vị,loại,tên ngắn,từ ngày,hết hiệu lực\nx,UBND phường X,phường,x,2024-09-01,2025-07-01\n"
    assert told(proposed(first, second)) == [
        (Effect.ADDED, date.min, MERGER), (Effect.ADDED, MERGER, date(2025, 7, 1)),
    ]  # fmt: skip


def test_periods_do_not_overlap() -> None:
    """An earlier period must end by the first day of the one that is known."""
    assert wrong(proposed("mã,tên đơn vị,từ ngày,hết hiệu lực\nmytan.myloc,Xã,1990-01-01,2001-01-01\n")) == [
        (2, "roster.unit-overlap")
    ]
    diff = proposed("mã,tên đơn vị,từ ngày\nmytan.myloc,UBND xã Tân,1990-01-01\n")
    assert told(diff) == [(Effect.ADDED, date(1990, 1, 1), START)]


def test_an_end_leaves_no_child_and_no_sender_without_a_word() -> None:
    """Living units below, and nobody to follow: told as a warning, since both may come in the next sheet."""
    end = "mã,tên đơn vị,hết hiệu lực\nmyloc,UBND huyện Mỹ Lộc,2024-09-01\n"
    diff = proposed(end)
    assert [one.why.key for one in diff.warnings] == ["roster.children-left", "roster.no-successor"]
    move = "mã,tên đơn vị,trực thuộc,từ ngày\nmytan.myloc,UBND xã Mỹ Tân,tpnamdinh,2024-09-01\n"
    follow = "đơn vị,ngày,hình thức,đơn vị kế thừa\nUBND huyện Mỹ Lộc,1/9/2024,sáp nhập,UBND thành phố Nam Định\n"
    diff = proposed(end, move, follow)
    assert (diff.warnings, [step.successor for step in diff.successions()]) == ((), ["tpnamdinh"])


def test_a_list_of_names_is_enough() -> None:
    """Kind and short name come from the name and from what stands above, are shown, and find the unit the next time."""
    text = "Tên đơn vị,Cơ quan chủ quản\nUBND xã Mỹ Hà,UBND huyện Mỹ Lộc\nPhòng Nội vụ huyện Mỹ Lộc,H40.2\n"
    diff = proposed(text)
    assert [(unit.id, unit.kind, unit.short, unit.parent) for unit in diff.units()] == [
        ("myha.myloc", UnitKind.COMMUNE, "myha.myloc", "myloc"),
        ("phongnoivu.myloc", UnitKind.DIVISION, "phongnoivu.myloc", "myloc"),
    ]
    assert dict(diff.changes[0].why.facts)["what"] == "short: myha.myloc; kind: commune"


def test_names_may_name_each_other_in_any_order() -> None:
    """A parent without an id may stand below its child in the sheet."""
    text = "Tên đơn vị,Trực thuộc\nUBND xã A,UBND huyện Bê\nUBND huyện Bê,UBND tỉnh Nam Định\n"
    assert [(unit.id, unit.parent) for unit in proposed(text).units()] == [("a.be", "be"), ("be", "namdinh")]
    text = "Tên đơn vị,Trực thuộc\nUBND xã A,UBND huyện Bê\nUBND huyện Bê,UBND xã A\n"
    assert "roster.cycle" in [key for _, key in wrong(proposed(text))]


@pytest.mark.parametrize(
    ("row", "key"),
    [
        ("Hội Chữ thập đỏ,myloc", "roster.kind-unclear"),
        ("UBND xã Mỹ Tấn,myloc", "roster.short-clash"),
        ("UBND xã *,myloc", "roster.no-short"),
        ("UBND xã B,Nam Trực", "roster.no-parent"),
        ("UBND xã B,xã Hồng Quang", "roster.many-units"),
    ],
)
def test_what_a_name_does_not_say_is_asked(row: str, key: str) -> None:
    """No kind, no letters for a short name, somebody else's short name, nobody's or two units' name: a mistake."""
    homonyms = [
        Unit(f"hongquang.{n}", "UBND xã Hồng Quang", UnitKind.COMMUNE, f"hongquang.{n}") for n in ("yyen", "nt")
    ]
    diff = proposed(f"Tên đơn vị,Trực thuộc\n{row}\n", units=(*KNOWN, *homonyms))
    assert wrong(diff) == [(2, key)]


def test_a_mistake_is_told_once() -> None:
    """Rows that name a unit whose own row is wrong are not blamed for it."""
    text = "Tên đơn vị,Loại,Trực thuộc\nUBND huyện Bê,làng,\nUBND xã A,xã,UBND huyện Bê\n"
    assert wrong(proposed(text)) == [(2, "roster.no-kind")]


def test_a_unit_that_ended_passes_its_name_on() -> None:
    """A commune that takes the short name of a district that ended becomes a unit of its own, with another id."""
    text = "tên đơn vị,loại,tên ngắn,từ ngày,hết hiệu lực\nH,huyện,namtruc,,2025-07-01\nX,xã,namtruc,2025-07-01,\n"
    assert [(unit.id, unit.short) for unit in proposed(text).units()] == [
        ("namtruc", "namtruc"), ("namtruc.2025", "namtruc"),
    ]  # fmt: skip


def implied(diff: Diff) -> list[Change]:
    """The changes of mappings."""
    return [change for change in diff.changes if isinstance(change.after, Address)]


def test_the_mailboxes_of_a_list_of_units_are_mapped() -> None:
    """The first is the way in, the others come after it, and mail from each of them is the unit's."""
    diff = proposed("Tên đơn vị,Loại,Email\nUBND xã Mỹ Hà,xã,a1@x.example; b1@x.example\n")
    (unit,) = diff.units()
    assert unit.ways() == (Way(Channel.MAIL, "a1@x.example"), Way(Channel.MAIL, "b1@x.example"))
    assert [(one.why.key, one.after) for one in implied(diff)] == [
        ("roster.mapped-too", Address("a1@x.example", unit.id)),
        ("roster.mapped-too", Address("b1@x.example", unit.id)),
    ]


def test_whose_mailbox_it_is_is_never_guessed() -> None:
    """One that two rows share, or that is another unit's, is mapped to nobody, and this is told; a sheet may say."""
    text = "Tên đơn vị,Loại,Email\nUBND xã A,xã,chung@x.example\nUBND xã B,xã,chung@x.example\n"
    diff = proposed(text)
    assert ([one.why.key for one in diff.warnings], implied(diff)) == (["roster.shared-mailbox"] * 2, [])
    assert [one.unit for one in proposed(text, "địa chỉ,đơn vị\nchung@x.example,UBND xã A\n").addresses()] == ["a"]
    other = Address("a1@x.example", "myloc")
    diff = proposed("Tên đơn vị,Loại,Email\nUBND xã A,xã,a1@x.example\n", mappings=(other,))
    assert ([one.why.key for one in diff.warnings], implied(diff)) == (["roster.mapped-elsewhere"], [])


def test_a_known_mailbox_maps_nothing_anew() -> None:
    """What was said before about an address, also that it is nobody's, is not undone by the same list."""
    assert implied(proposed("mã,tên đơn vị,email\nmytan.myloc,UBND xã Mỹ Tân mới,a@x.example\n")) == []
