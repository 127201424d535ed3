"""What is wrong between the rows and all that is known: successions, periods, other people's units."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from mailmap.directory.address import Address, May
from mailmap.directory.changes import Diff
from mailmap.directory.directory import OwnNames
from mailmap.directory.index import MemoryIndex
from mailmap.directory.roster import check, propose
from mailmap.directory.sheet import read
from mailmap.directory.succession import Succession, Turn
from mailmap.directory.unit import Channel, Unit, UnitKind, Way

OWN = OwnNames(frozenset({"lienthong.example"}), frozenset({"vanban"}))
MERGER = date(2025, 7, 1)
PROVINCE = Unit("namdinh", "UBND tỉnh Nam Định", UnitKind.PROVINCE, "namdinh")
HAIHAU = Unit("haihau", "UBND huyện Hải Hậu", UnitKind.DISTRICT, "haihau", "namdinh")
YYEN = Unit("yyen", "UBND huyện Ý Yên", UnitKind.DISTRICT, "yyen", "namdinh")
HAIAN = Unit("haian.haihau", "UBND xã Hải An", UnitKind.COMMUNE, "haian.haihau", "haihau", "vt@haian.example")
OLD = Unit("haiphong.haihau", "UBND xã Hải Phong", UnitKind.COMMUNE, "haiphong.haihau", "haihau", valid_until=MERGER)
NEW = Unit("haianmoi", "UBND xã Hải An mới", UnitKind.COMMUNE, "haianmoi", "namdinh", valid_from=MERGER)
UNITS = (PROVINCE, HAIHAU, YYEN, HAIAN, OLD, NEW)
CLERK = Address("vt@haian.example", "haian.haihau")


def proposed(*texts: str, within: Unit | None = None, steps: tuple[Succession, ...] = ()) -> Diff:
    """What these sheets would change."""
    index = MemoryIndex(UNITS, [CLERK], steps)
    return propose([read(f"{n}.csv", text) for n, text in enumerate(texts)], index, OWN, within=within)


def wrong(diff: Diff) -> list[tuple[int, str]]:
    """Line and key of everything that is wrong."""
    return [(mistake.place.line, mistake.why.key) for mistake in diff.mistakes]


@pytest.mark.parametrize(
    ("rows", "keys"),
    [
        (("haiphong.haihau,2025-07-01,merged,haianmoi",), []),
        (("UBND xã Hải Phong,1/7/2025,sáp nhập,UBND xã Hải An mới",), []),
        (("haiphong.haihau,2025-07-01,giải thể,",), []),
        (("nowhere,2025-07-01,merged,haianmoi",), [(2, "roster.no-unit")]),
        (("haiphong.haihau,2025-07-01,merged,nowhere",), [(2, "roster.no-unit")]),
        (("haian.haihau,2025-07-01,merged,haianmoi",), [(2, "roster.step-lives")]),
        (("haiphong.haihau,2020-01-01,merged,haian.haihau",), [(2, "roster.step-lives")]),
        (("haianmoi,2025-07-01,merged,haian.haihau",), [(2, "roster.step-before")]),
        (("haiphong.haihau,2025-07-01,merged,haiphong.haihau",), [(2, "roster.step-itself")]),
        (("haiphong.haihau,2025-07-01,merged,haianmoi", "haiphong.haihau,2025-07-01,split,"), [(3, "roster.twice")]),
        (("haiphong.haihau,,merged,haianmoi",), [(2, "roster.missing-cell")]),
    ],
)
def test_successions_are_judged(rows: tuple[str, ...], keys: list[tuple[int, str]]) -> None:
    """Both units are known, the old one has ended, the new one lives on that day, and each day has one row."""
    assert wrong(proposed("\n".join(("unit,on,turn,successor", *rows)))) == keys


def test_a_successor_lives_and_nobody_follows_in_a_circle() -> None:
    """A successor that ends on that day cannot follow; two that follow each other lead nowhere."""
    end = "mã,tên đơn vị,hết hiệu lực\nhaian.haihau,UBND xã Hải An,2025-07-01\n"
    one = "unit,on,turn,successor\nhaiphong.haihau,2025-07-01,merged,haian.haihau\n"
    assert wrong(proposed(end, one)) == [(2, "roster.step-dead")]
    both = one + "haian.haihau,2025-07-01,merged,haiphong.haihau\n"
    assert wrong(proposed(end, both)) == [(2, "roster.step-circle"), (3, "roster.step-circle")]


def test_a_unit_may_follow_itself_into_a_new_period() -> None:
    """A rename may be told as a succession too; a unit that is split may be left to a person, and decided later."""
    rename = "mã,tên đơn vị,từ ngày\nhaian.haihau,UBND phường Hải An,2024-09-01\n"
    step = "unit,on,turn,successor\nhaian.haihau,2024-09-01,renamed,haian.haihau\n"
    diff = proposed(rename, step)
    assert (diff.mistakes, [one.turn for one in diff.successions()]) == ((), [Turn.RENAMED])
    known = Succession("haiphong.haihau", MERGER, Turn.SPLIT)
    later = "unit,on,turn,successor\nhaiphong.haihau,2025-09-01,merged,haianmoi\n"
    assert wrong(proposed(later, steps=(known,))) == []


def test_a_parent_covers_by_all_its_periods() -> None:
    """A parent that was renamed goes on; one that ended and came back does not cover what lies between."""
    rename = "mã,tên đơn vị,từ ngày\nhaihau,UBND quận Hải Hậu,2024-09-01\n"
    child = "mã,tên đơn vị,loại,trực thuộc\na,A,xã,haihau\n"
    assert wrong(proposed(rename, child)) == []
    gap = "mã,tên đơn vị,từ ngày,hết hiệu lực\nhaihau,A,…,2020-01-01\nhaihau,B,2021-01-01,\n"
    assert wrong(proposed(gap, child)) == [(2, "roster.parent-period")]


def test_a_circle_is_found_on_any_day() -> None:
    """Two units may stand above each other at different times, never at one."""
    header = "mã,tên đơn vị,loại,trực thuộc,từ ngày,hết hiệu lực\n"
    turned = "a,A,huyện,b,…,2020-01-01\na,A,huyện,,2020-01-01,\nb,B,huyện,,…,2020-01-01\nb,B,huyện,a,2020-01-01,\n"
    assert wrong(proposed(header + turned)) == []
    assert wrong(proposed(header + turned.replace("b,B,huyện,a,2020", "b,B,huyện,a,2019"))) != []


@pytest.mark.parametrize(
    "text",
    [
        "name,kind,short,contact\nA,xã,a,x@x.example; haihau@lienthong.example\n",
        "name,kind,short,fallback\nA,xã,a,mail:haihau@lienthong.example\n",
        "address,unit\n*@lienthong.example,haihau\n",
        "address,unit\nx@x.example haihau@LIENTHONG.example,haihau\n",
    ],
)
def test_our_own_addresses_are_refused_wherever_they_stand(text: str) -> None:
    """As a second mailbox, a fallback, a domain, the second in a cell: its mail would never end (lesson 31)."""
    assert (2, "roster.own-address") in wrong(proposed(text))


@pytest.mark.parametrize("row", ["*@x.example,haihau,exact", "a@x.example,haihau,domain", "a@x.example,haihau,tag"])
def test_form_and_address_go_together(row: str) -> None:
    """Only '*@domain' is a domain, and a tag has a '+'."""
    assert wrong(proposed(f"address,unit,form\n{row}\n")) == [(2, "roster.form-differs")]
    assert wrong(proposed("address,unit\n*@x.example,haihau\na+b@x.example,haihau\n")) == []


@pytest.mark.parametrize("text", ["UBND huyện Hải Hậu", "huyện hải hậu", "HAI HAU", "haihau", "H. Hải Hậu"])
def test_units_are_named_as_people_name_them(text: str) -> None:
    """By id, short name, code or name: the one that bears it on that day."""
    assert [one.unit for one in proposed(f"address,unit\na@x.example,{text}\n").addresses()] == ["haihau"]


def test_a_name_means_the_unit_of_the_day() -> None:
    """Of a district that ended and a commune with its name the row's day decides; without a day it is now."""
    commune = "mã,tên đơn vị,loại,từ ngày\nnamtruc.nb,UBND xã Nam Trực,xã,2025-07-01\n"
    district = "mã,tên đơn vị,loại,hết hiệu lực\nnamtruc,UBND huyện Nam Trực,huyện,2025-07-01\n"
    rows = "địa chỉ,đơn vị,từ ngày\na@x.example,Nam Trực,2016-10-30\nb@x.example,Nam Trực,\n"
    rows += "c@x.example,Nam Trực,2025-07-01\n"
    assert [one.unit for one in proposed(district, commune, rows).addresses()] == [
        "namtruc",
        "namtruc.nb",
        "namtruc.nb",
    ]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("mã,tên đơn vị,email\nhaian.haihau,UBND xã Hải An,moi@haian.example\n", []),
        ("tên đơn vị,loại,trực thuộc\nPhòng Nội vụ,phòng,haihau\n", []),
        ("mã,tên đơn vị,email\nhaihau,UBND huyện Hải Hậu,moi@haihau.example\n", []),
        ("địa chỉ,đơn vị,quyền\na@x.example,haian.haihau,quản trị\n", []),
        ("mã,tên đơn vị,loại\nhaihau,UBND huyện Hải Hậu,xã\n", [(2, "roster.from-above")]),
        ("mã,tên đơn vị,hết hiệu lực\nhaihau,UBND huyện Hải Hậu,2025-07-01\n", [(2, "roster.from-above")]),
        ("mã,tên đơn vị,từ ngày\nhaihau,UBND quận Hải Hậu,2025-07-01\n",
         [(2, "roster.from-above"), (2, "roster.from-above")]),
        ("mã,tên đơn vị,trực thuộc\nhaihau,UBND huyện Hải Hậu,yyen\n", [(2, "roster.from-above")]),
        ("mã,tên đơn vị,trực thuộc\nhaian.haihau,UBND xã Hải An,yyen\n", [(2, "roster.outside")]),
        ("mã,tên đơn vị,email\nyyen,UBND huyện Ý Yên,a@x.example\n",
         [(2, "roster.outside")]),
        ("tên đơn vị,loại,trực thuộc\nUBND xã Yên Lợi,xã,yyen\n", [(2, "roster.outside")]),
        ("tên đơn vị,loại\nCông ty A,doanh nghiệp\n", [(2, "roster.outside")]),
        ("mã,tên đơn vị\nnamdinh,UBND tỉnh\n", [(2, "roster.outside")]),
        ("địa chỉ,đơn vị,quyền\na@x.example,namdinh,quản trị\n", [(2, "roster.outside")]),
        ("địa chỉ,đơn vị\n*@haian.example,haian.haihau\n", [(2, "roster.domain-from-above")]),
        ("unit,on,turn,successor\nhaiphong.haihau,2025-07-01,merged,haianmoi\n", [(2, "roster.outside")]),
        ("unit,on,turn,successor\nhaiphong.haihau,2025-07-01,merged,haian.haihau\n", []),
    ],
)  # fmt: skip
def test_an_administrator_changes_its_own_subtree_only(text: str, keys: list[tuple[int, str]]) -> None:
    """Nothing beside it or above it, before or after the change; not where it stands, nor what it is."""
    assert wrong(proposed(text, within=HAIHAU)) == keys
    assert proposed(text).mistakes == ()


def test_a_public_provider_is_no_unit() -> None:
    """Whoever opens a mailbox there would else write in the unit's name; single mailboxes there may be its own."""
    text = "địa chỉ,đơn vị\n*@gmail.com,haian.haihau\nxahaian@gmail.com,haian.haihau\n"
    assert wrong(proposed(text)) == [(2, "roster.public-domain")]


def test_nobody_takes_what_is_another_s() -> None:
    """A mapping that leads elsewhere cannot be taken over or ended by the administrator of another unit."""
    text = "address,unit,valid_until\nvt@haian.example,haian.haihau,2025-07-01\n"
    assert wrong(proposed(text, within=HAIHAU)) == []
    assert wrong(proposed(text, within=YYEN)) == [(2, "roster.outside")]


def test_a_whole_directory_is_judged_by_the_same_rules() -> None:
    """What no import lets in is found when it is there; a sound directory has no mistake."""
    assert check(UNITS, [CLERK], [], OWN) == ()
    bad = (
        replace(HAIHAU, parent="haian.haihau"),
        replace(YYEN, short="namdinh", fallback=(Way(Channel.MAIL, "x@lienthong.example"),)),
    )
    clerks = [CLERK, Address("vt@haian.example", "yyen", frozenset({May.SEND}), valid_from=MERGER)]
    found = check([PROVINCE, *bad, HAIAN, OLD, NEW], clerks, [Succession("yyen", MERGER, Turn.MERGED, "nowhere")], OWN)
    assert {(mistake.place.file, mistake.why.key) for mistake in found} == {
        ("haihau", "roster.cycle"), ("haian.haihau", "roster.cycle"), ("yyen", "roster.own-address"),
        ("yyen", "roster.name-taken"), ("namdinh", "roster.name-taken"), ("yyen", "roster.step-lives"),
        ("vt@haian.example", "roster.two-units"),
    }  # fmt: skip
