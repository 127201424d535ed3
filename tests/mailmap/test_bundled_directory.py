"""The directory of Nam Định that is shipped in config/directory."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from mailmap.directory.answers import Leads
from mailmap.directory.directory import OwnNames, snapshot
from mailmap.directory.index import MemoryIndex
from mailmap.directory.roster import Diff, propose
from mailmap.directory.sheet import read
from mailmap.directory.unit import UnitKind

FOLDER = Path(__file__).parents[2] / "config" / "directory"
OWN = OwnNames(frozenset({"lienthong.example"}))
DAY = date(2016, 10, 30)
# Communes of each district in the list of 226 (the sum of its rows in vietnam-provinces 0.4.0).
COMMUNES = {
    "tpnamdinh": 25, "myloc": 11, "vuban": 18, "yyen": 31, "nghiahung": 24,
    "namtruc": 20, "trucninh": 21, "xuantruong": 20, "giaothuy": 22, "haihau": 34,
}  # fmt: skip


@pytest.fixture(scope="module")
def diff() -> Diff:
    """What importing both files into an empty directory does."""
    names = ("nam-dinh.csv", "nam-dinh-addresses.csv")
    sheets = [read(name, (FOLDER / name).read_text("utf-8")) for name in names]
    return propose(sheets, MemoryIndex([], []), OWN)


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
