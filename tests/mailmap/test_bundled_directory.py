"""The directories that are shipped in config/directory: Nam Định, and what two reforms made of it."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from mailmap.directory.answers import Leads
from mailmap.directory.directory import OwnNames, Snapshot, snapshot
from mailmap.directory.index import MemoryIndex
from mailmap.directory.naming import key
from mailmap.directory.roster import Diff, propose
from mailmap.directory.sheet import Sheet, read
from mailmap.directory.succession import Standing, Turn
from mailmap.directory.unit import Unit, UnitKind
from tests.samples import folder

FOLDER = Path(__file__).parents[2] / "config" / "directory"
OWN = OwnNames(frozenset({"lienthong.example"}))
DAY = date(2016, 10, 30)
# Communes of each district in the list of 226 (the sum of its rows in vietnam-provinces 0.4.0).
COMMUNES = {
    "tpnamdinh": 25, "myloc": 11, "vuban": 18, "yyen": 31, "nghiahung": 24,
    "namtruc": 20, "trucninh": 21, "xuantruong": 20, "giaothuy": 22, "haihau": 34,
}  # fmt: skip


REFORMED, MERGED = date(2024, 9, 1), date(2025, 7, 1)
BEFORE = timedelta(days=1)
TIERS = (UnitKind.PROVINCE, UnitKind.DEPARTMENT, UnitKind.DISTRICT, UnitKind.COMMUNE, UnitKind.DIVISION)
STEPS = (
    ("nam-dinh.csv", "nam-dinh-addresses.csv"),
    ("nam-dinh-2024.csv", "nam-dinh-2024-addresses.csv", "nam-dinh-2024-successions.csv"),
    ("ninh-binh-2025.csv", "ninh-binh-2025-addresses.csv", "ninh-binh-2025-successions.csv"),
)


def sheets(names: Sequence[str]) -> list[Sheet]:
    """These files, read."""
    return [read(name, (FOLDER / name).read_text("utf-8")) for name in names]


@pytest.fixture(scope="module")
def diff() -> Diff:
    """What importing the first two files into an empty directory does."""
    return propose(sheets(STEPS[0]), MemoryIndex([], []), OWN)


@pytest.fixture(scope="module")
def whole() -> Diff:
    """What importing all files at once into an empty directory does."""
    return propose(sheets([name for step in STEPS for name in step]), MemoryIndex([], []), OWN)


@pytest.fixture(scope="module")
def there(whole: Diff) -> Snapshot:
    """The directory that results."""
    return snapshot(whole.units(), whole.addresses(), OWN, b"key", whole.successions())


def test_it_is_whole(diff: Diff) -> None:
    """A province, ten districts with their communes, each with its divisions; nothing in it is wrong."""
    units = diff.units()
    assert diff.mistakes == ()
    assert Counter(unit.parent for unit in units if unit.kind is UnitKind.COMMUNE) == COMMUNES
    assert {unit.id for unit in units if unit.kind is UnitKind.DISTRICT} == COMMUNES.keys()
    divisions = Counter(unit.parent for unit in units if unit.kind is UnitKind.DIVISION)
    assert divisions == dict.fromkeys(COMMUNES, 12)
    assert sum(unit.kind is UnitKind.DEPARTMENT for unit in units) == 25
    assert sum(unit.kind is UnitKind.BUSINESS for unit in units) == 2


def test_every_unit_can_send_and_be_reached(diff: Diff) -> None:
    """Each name leads to its unit, each mailbox belongs to it, and all mailboxes are example ones."""
    there = snapshot(diff.units(), diff.addresses(), OWN)
    for unit in diff.units():
        assert there.where(f"{unit.short}@lienthong.example", DAY).unit == unit
        assert there.who(unit.contact, DAY).unit == unit
        assert unit.contact.endswith(".example")
        assert unit.valid_until is None


def test_a_clerk_can_guess_a_name(diff: Diff) -> None:
    """Short names are the names without marks; the commune has its district behind it."""
    there = snapshot(diff.units(), diff.addresses(), OWN)
    found = there.where("haiphuc.haihau@lienthong.example", DAY)
    assert (found.leads, found.unit and found.unit.name) == (Leads.UNIT, "UBND xã Hải Phúc")
    assert there.where("truchung.trucninh@lienthong.example", DAY).leads is Leads.UNKNOWN
    same = [unit for unit in diff.units() if unit.name.endswith("Quang Trung")]
    assert {unit.short for unit in same} == {"quangtrung.tpnamdinh", "quangtrung.vuban"}


def test_all_files_can_be_read_at_once(whole: Diff) -> None:
    """Together they hold no mistake, and nothing twice; every file gives every row."""
    assert whole.mistakes == ()
    assert (len(whole.units()), len(whole.addresses()), len(whole.successions())) == (547, 539, 402)
    assert {path.name for path in FOLDER.glob("*.csv")} == {name for step in STEPS for name in step}


def test_one_after_the_other_gives_the_same(whole: Diff) -> None:
    """Three imports in turn, as they would have come, end in the same directory; the last again changes nothing."""
    units: dict[tuple[str, date], Unit] = {}
    mappings, steps = {}, {}
    for names in STEPS:
        index = MemoryIndex(units.values(), mappings.values(), steps.values())
        found = propose(sheets(names), index, OWN)
        assert found.mistakes == ()
        units |= {(unit.id, unit.valid_from): unit for unit in found.units()}
        mappings |= {(one.address, one.valid_from): one for one in found.addresses()}
        steps |= {(step.unit, step.on): step for step in found.successions()}
    assert set(units.values()) == set(whole.units())
    assert set(mappings.values()) == set(whole.addresses())
    assert set(steps.values()) == set(whole.successions())
    settled = MemoryIndex(units.values(), mappings.values(), steps.values())
    again = propose(sheets(STEPS[2]), settled, OWN)
    assert (again.changes, again.mistakes) == ((), ())


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (DAY, (1, 25, 10, 226, 120)),
        (REFORMED - BEFORE, (1, 25, 10, 226, 120)),
        (REFORMED, (1, 25, 9, 175, 108)),
        (MERGED - BEFORE, (1, 25, 9, 175, 108)),
        (MERGED, (1, 13, 0, 129, 0)),
    ],
)
def test_what_lives_on_each_day(whole: Diff, day: date, expected: tuple[int, ...]) -> None:
    """226, 175, then 129 communes; districts and their divisions are gone in the end; no unit lives twice."""
    living = [unit for unit in whole.units() if unit.lives_on(day)]
    kinds = Counter(unit.kind for unit in living)
    assert tuple(kinds[kind] for kind in TIERS) == expected
    assert max(Counter(unit.id for unit in living).values()) == 1
    assert max(Counter(unit.short for unit in living).values()) == 1
    parents = {unit.id for unit in living}
    assert all(unit.parent in parents for unit in living if unit.parent)


def test_every_end_is_told(whole: Diff, there: Snapshot) -> None:
    """A period that ends has one step on that day, and no other has; a successor lives on the day it takes over."""
    ends = {(unit.id, unit.valid_until) for unit in whole.units() if unit.valid_until}
    assert ends == {(step.unit, step.on) for step in whole.successions()}
    for step in whole.successions():
        if step.successor:
            heir = there.unit(step.successor, step.on)
            assert heir is not None
            assert heir.lives_on(step.on)
            assert step.basis


def test_a_unit_that_only_changed_keeps_its_id(whole: Diff) -> None:
    """Six communes of Mỹ Lộc moved and two became phường in 2024: one id, two periods, both short names arrive."""
    kept = [step for step in whole.successions() if step.unit == step.successor]
    assert Counter(step.turn for step in kept) == {Turn.MOVED: 6, Turn.RENAMED: 2}
    first, second = sorted((unit for unit in whole.units() if unit.id == "myha.myloc"), key=lambda one: one.valid_from)
    assert (first.parent, second.parent) == ("myloc", "tpnamdinh")
    assert (first.short, second.short) == ("myha.myloc", "myha.tpnamdinh")
    assert first.valid_until == second.valid_from == REFORMED


def test_old_addresses_reach_the_successor(there: Snapshot) -> None:
    """Xã Hải Phúc became part of Hải Nam, then of Hải Hưng in Ninh Bình: its name and mailbox go with it."""
    for day, name in (
        (REFORMED - BEFORE, "UBND xã Hải Phúc"),
        (REFORMED, "UBND xã Hải Nam"),
        (MERGED - BEFORE, "UBND xã Hải Nam"),
        (MERGED, "UBND xã Hải Hưng"),
    ):
        where = there.where("haiphuc.haihau@lienthong.example", day)
        who = there.who("vanthu.haiphuc@haihau.namdinh.example", day)
        assert (where.leads, where.unit and where.unit.name, who.unit) == (Leads.UNIT, name, where.unit)
    assert there.successors("haiphuc.haihau", MERGED).unit == there.unit("haihung.ninhbinh", MERGED)


def test_what_has_no_single_successor_is_left_to_a_person(whole: Diff, there: Snapshot) -> None:
    """Districts, their divisions, and the 12 departments of which the sources say nothing wait for a person."""
    ended = [unit for unit in whole.units() if unit.valid_until == MERGED]
    standing = {unit.id: there.successors(unit.id, MERGED).standing for unit in ended}
    left = Counter(unit.kind for unit in ended if standing[unit.id] is Standing.OPEN)
    assert left == {UnitKind.DISTRICT: 9, UnitKind.DIVISION: 108, UnitKind.DEPARTMENT: 12}
    assert there.where("haihau@lienthong.example", MERGED).leads is Leads.UNSETTLED
    assert there.where("namdinh@lienthong.example", MERGED).unit == there.unit("ninhbinh", MERGED)


def test_new_communes_bear_the_names_of_old_districts(whole: Diff) -> None:
    """Ten of them: after the merger "Nam Trực" is a district that ended and a commune that lives."""
    living = [unit for unit in whole.units() if unit.lives_on(MERGED) and unit.kind is UnitKind.COMMUNE]
    districts = {_bare(unit.name) for unit in whole.units() if unit.kind is UnitKind.DISTRICT}
    assert sum(_bare(unit.name) in districts for unit in living) == 10
    index = MemoryIndex(whole.units(), [])
    assert {unit.id for unit in index.called(key("Nam Trực"))} >= {"namtruc", "namtruc.ninhbinh"}


def test_homonyms_live_side_by_side(whole: Diff) -> None:
    """Between the reforms Hồng Quang lies in Ý Yên and in Nam Trực, Nam Điền in Nghĩa Hưng and in Nam Trực."""
    names = Counter(unit.name for unit in whole.units() if unit.lives_on(REFORMED) and unit.kind is UnitKind.COMMUNE)
    assert {name for name, many in names.items() if many > 1} >= {"UBND xã Hồng Quang", "UBND xã Nam Điền"}


def test_nothing_is_made_up_that_could_be_real(whole: Diff) -> None:
    """Every mailbox lies below .example, and codes that are not published stay empty."""
    assert all(mapping.address.endswith(".example") for mapping in whole.addresses())
    assert all(unit.contact.endswith(".example") for unit in whole.units())
    assert not any(unit.organ_id or unit.qcvn_id or unit.tax_code for unit in whole.units())


def test_the_samples_say_the_same(whole: Diff, there: Snapshot) -> None:
    """All 226 communes lead to their unit of the list of 175, then of the 129, on the days around both reforms."""
    second = {row["old_ward_code"]: row for row in _sample("nam_dinh_2024_2025_mapping_vietnamadminunits.csv")}
    other = {
        (row["old_district"].casefold(), row["old_ward"].casefold()): row["new_ward"].casefold()
        for row in _sample("nam_dinh_old_to_new_tanthuan031.csv")
    }
    ids = {
        (unit.name, there.unit(unit.parent or "", REFORMED - BEFORE)): unit.id
        for unit in whole.units()
        if unit.lives_on(REFORMED - BEFORE) and unit.kind is UnitKind.COMMUNE
    }
    districts = {unit.name.removeprefix("UBND ").casefold(): unit for _, unit in ids if unit}
    ends = set()
    for row in _sample("nam_dinh_226_to_175_alias.csv"):
        unit = ids[_office(row["old_ward"]), districts[row["old_district"].casefold()]]
        last = second[row["ward_2024_code"]]
        assert other[last["old_district"].casefold(), last["old_ward"].casefold()] == last["new_ward"].casefold()
        expected = {
            REFORMED - BEFORE: (_office(row["old_ward"]), row["old_district"]),
            REFORMED: (_office(row["ward_2024"]), row["district_2024"]),
            MERGED - BEFORE: (_office(row["ward_2024"]), row["district_2024"]),
            MERGED: (_office(last["new_ward"]), last["new_province"]),
        }
        for day, said in expected.items():
            heir = there.successors(unit, day)
            assert heir.standing is Standing.LIVES
            assert heir.unit is not None
            above = there.unit(heir.unit.parent or "", day)
            assert above is not None
            assert (heir.unit.name, above.name.casefold()) == (said[0], f"ubnd {said[1]}".casefold())
        ends.add(there.successors(unit, MERGED).unit)
    assert (len(second), len(ends)) == (175, 57)


def test_the_129_are_those_of_the_samples(whole: Diff) -> None:
    """97 xã and 32 phường, by name."""
    living = {unit.name for unit in whole.units() if unit.lives_on(MERGED) and unit.kind is UnitKind.COMMUNE}
    listed = {_office(row["ward"]) for row in _sample("ninh_binh_new_129_wards_vietnamadminunits.csv")}
    assert living == listed
    assert Counter(name.split()[1] for name in living) == {"xã": 97, "phường": 32}


def _sample(name: str) -> list[dict[str, str]]:
    with (folder("units") / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _office(ward: str) -> str:
    """The authority of a ward as the samples write it: "Thị trấn Cồn" is "UBND thị trấn Cồn"."""
    return f"UBND {ward[0].lower()}{ward[1:]}"


def _bare(name: str) -> str:
    """The name of a unit without "UBND" and the word for its tier."""
    said = name.removeprefix("UBND ")
    tier = next((word for word in ("thành phố ", "huyện ", "phường ", "xã ") if said.startswith(word)), "")
    return said.removeprefix(tier)
