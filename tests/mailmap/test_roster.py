"""The roster: what sheets would change, and everything that is wrong with them at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.words import Language, words
from mailmap.directory import cells
from mailmap.directory.address import ORDINARY, Address, May
from mailmap.directory.directory import OwnNames
from mailmap.directory.index import MemoryIndex
from mailmap.directory.roster import Diff, Effect, propose
from mailmap.directory.sheet import Table, decode, read
from mailmap.directory.unit import Channel, Unit, UnitKind

OWN = OwnNames(frozenset({"lienthong.example"}), frozenset({"vanban"}))
DISTRICT = Unit("haihau", "UBND huyện Hải Hậu", UnitKind.DISTRICT, "haihau", contact="vanthu@haihau.example")
COMMUNE = Unit("haiphuc", "UBND xã Hải Phúc", UnitKind.COMMUNE, "haiphuc.haihau", "haihau", organ_id="H40.9.1")
CLERK = Address("vanthu@haiphuc.example", "haiphuc", ORDINARY, "văn thư")


def proposed(*texts: str, units: tuple[Unit, ...] = (DISTRICT, COMMUNE), new: Unit = cells.NEW) -> Diff:
    """What these sheets would change in a directory of a district and a commune with its clerk."""
    return propose([read(f"{n}.csv", text) for n, text in enumerate(texts)], MemoryIndex(units, (CLERK,)), OWN, new)


def mistakes(*texts: str) -> list[tuple[int, str]]:
    """Line and key of everything that is wrong."""
    return [(mistake.place.line, mistake.why.key) for mistake in proposed(*texts).mistakes]


def test_a_new_row_is_a_new_unit() -> None:
    """Its cells make it; without an id of its own it is known by its short name; what is not said has its default."""
    (change,) = proposed("name,kind,short,parent\nUBND xã Hải An,xã,HaiAn.HaiHau,haihau\n").changes
    assert (change.effect, change.before, change.place.line) == (Effect.ADDED, None, 2)
    assert change.after == Unit("haian.haihau", "UBND xã Hải An", UnitKind.COMMUNE, "haian.haihau", "haihau")


def test_new_units_begin_as_the_settings_say() -> None:
    """What a new unit gets where its row is silent is the caller's, also when the cell is empty."""
    new = replace(cells.NEW, accepts_itself=True)
    text = "name,kind,short,accepts_itself\nA,xã,a,\nB,xã,b,không\n"
    assert [unit.accepts_itself for unit in proposed(text, new=new).units()] == [True, False]


def test_vietnamese_headers_in_any_order() -> None:
    """Office sheets name their columns in Vietnamese, with or without marks, in any order, with remarks between."""
    header = "\ufeff# danh sách\nTrực thuộc;LOẠI;Ten don vi;Tên ngắn;Ghi chú;Từ ngày\n"
    text = header + "haihau;Thị trấn;UBND thị trấn Cồn;con.haihau;mới;1/7/2015\n"
    sheet = read("a.csv", decode(text.encode()) or "")
    (change,) = propose([sheet], MemoryIndex([DISTRICT], []), OWN).changes
    assert change.place.line == 3
    assert change.after == Unit(
        "con.haihau", "UBND thị trấn Cồn", UnitKind.COMMUNE, "con.haihau", "haihau", valid_from=date(2015, 7, 1)
    )


def test_a_changed_row_tells_what_changes() -> None:
    """Only what differs is told, before and after; columns that the sheet lacks stay as they are."""
    diff = proposed("id,name,kind,short\nhaiphuc,Ủy ban nhân dân xã Hải Phúc,xã,haiphuc.haihau\n")
    (change,) = diff.changes
    assert (change.effect, change.before) == (Effect.CHANGED, COMMUNE)
    assert change.after == replace(COMMUNE, name="Ủy ban nhân dân xã Hải Phúc")
    assert dict(change.why.facts) == {"what": "name: UBND xã Hải Phúc → Ủy ban nhân dân xã Hải Phúc"}


def test_an_end_is_told_as_an_end() -> None:
    """A row that gives a unit or a mapping its last day is shown apart: it is the one with the gravest effect."""
    diff = proposed(
        "id,name,kind,short,valid_until\nhaiphuc,UBND xã Hải Phúc,xã,haiphuc.haihau,2024-09-01\n",
        "address,unit,valid_until\nvanthu@haiphuc.example,haiphuc,01-09-2024\n",
    )
    assert [change.effect for change in diff.changes] == [Effect.ENDED, Effect.ENDED]
    assert diff.addresses() == [replace(CLERK, valid_until=date(2024, 9, 1))]


def test_the_same_again_changes_nothing() -> None:
    """Rows that say what is known are counted and not proposed."""
    units = "id,name,kind,short\nhaiphuc,UBND xã Hải Phúc,xã,haiphuc.haihau\n"
    diff = proposed(units, "address,unit\nvanthu@haiphuc.example,haiphuc\n")
    assert (diff.changes, diff.mistakes, diff.same) == ((), (), 2)


def test_rights_are_read_in_both_languages() -> None:
    """What an address may do is a list of words; an empty cell means the ordinary."""
    rows = ("a@x.example,haihau,gửi; thu hồi", "b@x.example,haihau,send receive", "c@x.example,haihau,")
    diff = proposed("\n".join(("địa chỉ,unit,quyền", *rows)))
    rights = [mapping.may for mapping in diff.addresses()]
    assert rights == [{May.SEND, May.RECALL}, {May.SEND, May.RECEIVE}, ORDINARY]


def test_all_mistakes_at_once() -> None:
    """Every bad cell of every row is told with its line, whatever else is wrong."""
    text = (
        "name,kind,short,parent,contact,channel,book,valid_from,valid_until\n"
        ",xã,a,,,,,,\n"
        "B,làng,Bê,,không phải thư,bưu điện,đôi khi,31/02/2016,\n"
        "\n"
        "C,xã,c,nowhere,,,,2016-02-01,2016-02-01\n"
        "D,xã,postmaster,,,,,,\n"
        "E,xã,vanban,,,,,,\n"
        "F,xã,f..f,,,,,,,,thừa\n"
    )
    assert mistakes(text) == [
        (2, "roster.missing-cell"),
        (3, "roster.no-kind"), (3, "roster.bad-short"), (3, "roster.bad-address"),
        (3, "roster.no-channel"), (3, "roster.no-flag"), (3, "roster.no-day"),
        (5, "roster.no-period"), (5, "roster.no-parent"),
        (6, "roster.reserved"), (7, "roster.reserved"),
        (8, "roster.too-many-cells"), (8, "roster.bad-short"),
    ]  # fmt: skip


@pytest.mark.parametrize("table", [Table.UNITS, Table.ADDRESSES])
def test_our_own_addresses_are_refused(table: Table) -> None:
    """No unit may have its mailbox with us, and no sender may be one of us: the mail would never end (lesson 31)."""
    text = {
        Table.UNITS: "name,kind,short,contact\nA,xã,a,haihau@LienThong.example\n",
        Table.ADDRESSES: "address,unit\nhaihau@lienthong.example,haihau\n",
    }[table]
    assert mistakes(text) == [(2, "roster.own-address")]


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        (("vanthu@haiphuc.example,haihau,,",), [(2, "roster.two-units")]),
        (("VanThu@HaiPhuc.example,haihau,2020-01-01,",), [(2, "roster.two-units")]),
        (("vanthu@haiphuc.example,haiphuc,2020-01-01,",), [(2, "roster.overlap")]),
        (("vanthu@haiphuc.example,haiphuc,,2020-01-01", "vanthu@haiphuc.example,haihau,2020-01-01,"), []),
        (("vanthu@haiphuc.example,haiphuc,,2020-01-02", "vanthu@haiphuc.example,haihau,2020-01-01,"),
         [(2, "roster.two-units"), (3, "roster.two-units")]),
        (("new@x.example,haihau,,", "new@x.example,haiphuc,,"), [(3, "roster.twice")]),
        (("new@x.example,haihau,,", "new@x.example,haiphuc,2020-01-01,"),
         [(2, "roster.two-units"), (3, "roster.two-units")]),
        (("new@x.example,nowhere,,",), [(2, "roster.no-unit")]),
    ],
)  # fmt: skip
def test_an_address_belongs_to_one_unit_at_a_time(rows: tuple[str, ...], wrong: list[tuple[int, str]]) -> None:
    """Overlapping mappings are refused, whether known or in the sheet; ending one and beginning another is a move."""
    assert mistakes("\n".join(("address,unit,valid_from,valid_until", *rows))) == wrong


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        (("a,A,xã,haihau,",), [(2, "roster.name-taken")]),
        (("a,A,xã,h40.9.1,",), [(2, "roster.name-taken")]),
        (("a,A,xã,a,h40.9.1",), [(2, "roster.name-taken")]),
        (("a,A,xã,a,", "b,B,xã,b,A"), [(2, "roster.name-taken"), (3, "roster.name-taken")]),
        (("a,A,xã,x,", "b,B,xã,x,"), [(2, "roster.name-taken"), (3, "roster.name-taken")]),
        ((",A,xã,a,", ",B,xã,a,"), [(3, "roster.twice")]),
        (("haiphuc,A,xã,renamed,", "b,B,xã,haiphuc.haihau,"), []),
    ],
)
def test_a_name_belongs_to_one_unit_at_a_time(rows: tuple[str, ...], wrong: list[tuple[int, str]]) -> None:
    """Short names and organisation codes are addresses of ours: two living units cannot share one."""
    assert mistakes("\n".join(("id,name,kind,short,organ_id", *rows))) == wrong


def test_a_name_may_pass_on() -> None:
    """A later unit may bear the name of one that has ended, on the day it ended."""
    rows = ("haihau,H,huyện,haihau,,2025-07-01", "xahaihau,X,xã,haihau,2025-07-01,")
    text = "\n".join(("id,name,kind,short,valid_from,valid_until", *rows))
    assert proposed(text, units=(DISTRICT,)).mistakes == ()


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        (("haihau,H,huyện,haihau,haiphuc",), [(2, "roster.cycle")]),
        (("a,A,xã,a,a",), [(2, "roster.cycle")]),
        (("a,A,xã,a,b", "b,B,xã,b,c", "c,C,xã,c,b"), [(3, "roster.cycle"), (4, "roster.cycle")]),
        (("a,A,xã,a,b", "b,B,xã,b,haihau"), []),
    ],
)
def test_no_unit_stands_above_itself(rows: tuple[str, ...], wrong: list[tuple[int, str]]) -> None:
    """A circle of parents is refused, in the sheet and through what is known; the order of rows does not matter."""
    assert mistakes("\n".join(("id,name,kind,short,parent", *rows))) == wrong


def test_a_parent_covers_its_children() -> None:
    """A unit cannot live longer than the one it is part of."""
    text = "id,name,kind,short,parent,valid_until\na,A,huyện,a,,2025-07-01\nb,B,xã,b,a,\nc,C,xã,c,a,2025-07-01\n"
    assert mistakes(text) == [(3, "roster.parent-period")]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", [(1, "roster.empty")]),
        ("\n \n# only remarks\n", [(1, "roster.empty")]),
        ("short,kind\na,xã\n", [(1, "roster.missing-column")]),
        ("address,role\na@x.example,x\n", [(1, "roster.missing-column")]),
        ("name,kind,short,màu\n", [(1, "roster.unknown-column")]),
        ("name,kind,short,tên\n", [(1, "roster.twice-column"), (1, "roster.twice-column")]),
        ("address,unit,kind\n", [(1, "roster.unknown-column")]),
        ('name,kind,short\n"A,xã,a\nB,xã,b\n', [(2, "roster.no-csv")]),
    ],
)
def test_a_sheet_that_cannot_be_read_says_why(text: str, wrong: list[tuple[int, str]]) -> None:
    """Nothing is guessed: a header that is not known, missing or there twice, and a broken quotation, are told."""
    assert mistakes(text) == wrong


@given(text=st.text() | st.lists(st.text("aă,;\"'\n#1=@.|"), max_size=9).map("name,kind,short\n".join))
def test_any_text_is_read_and_every_mistake_can_be_said(text: str) -> None:
    """Whatever is in the file, there is a diff or mistakes, and both languages can say them."""
    diff = proposed(text)
    for why in [*(mistake.why for mistake in diff.mistakes), *(change.why for change in diff.changes)]:
        assert all(words(language).tell(why) for language in Language)
    assert diff.changes or diff.mistakes or diff.same or "," in text or ";" in text


def test_channels_are_read() -> None:
    """The way a unit takes part is one of five words; an empty cell leaves it."""
    text = "name,kind,short,channel\nA,xã,a,Mailbox\nB,xã,b,\n"
    assert [unit.channel for unit in proposed(text).units()] == [Channel.MAILBOX, Channel.MAIL]
