"""``lienthong map merge``: decisions about units carried out on a day, and what they lead to before and after."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from gateway.cli.desk import Exit
from mailmap.directory.unit import Unit, UnitKind
from storage.database import Database
from tests.gateway.cli.conftest import Run
from tests.offices import enter, mapped

SINCE = date(2000, 1, 1)
BASIS = ("--basis", "NQ 1/2027")
ON = ("--on", "1/7/2027")


def unit(id_: str, name: str, kind: UnitKind, parent: str | None = None) -> Unit:
    """A unit with a mailbox."""
    return Unit(id_, name, kind, id_, parent, f"vanthu@{id_}.example", valid_from=SINCE)


UNITS = [
    unit("tinh", "UBND tỉnh Nam Định", UnitKind.PROVINCE),
    unit("tp", "UBND thành phố Nam Định", UnitKind.DISTRICT, "tinh"),
    unit("myloc", "UBND huyện Mỹ Lộc", UnitKind.DISTRICT, "tinh"),
    unit("noivu.tp", "Phòng Nội vụ thành phố Nam Định", UnitKind.DIVISION, "tp"),
    unit("noivu.myloc", "Phòng Nội vụ huyện Mỹ Lộc", UnitKind.DIVISION, "myloc"),
    unit("dantoc.myloc", "Phòng Dân tộc huyện Mỹ Lộc", UnitKind.DIVISION, "myloc"),
    unit("myha.myloc", "UBND xã Mỹ Hà", UnitKind.COMMUNE, "myloc"),
    unit("mythang.myloc", "UBND xã Mỹ Thắng", UnitKind.COMMUNE, "myloc"),
]


@pytest.fixture
def province(run: Run, database: Database) -> Run:
    """A province with a city and a district, each with what is below it."""
    with database.transaction() as tx:
        enter(tx, UNITS, mapped(*UNITS))
    return run


def done(run: Run, *words: str) -> None:
    """A decision that is carried out."""
    shown = run("merge", *words, *ON, *BASIS)
    assert (shown.status, "Nothing has been changed" in shown.said) == (Exit.OK, True)
    assert run("merge", *words, *ON, *BASIS, "--apply").status == Exit.OK
    assert run("check").status == Exit.OK


def leads(run: Run, name: str, on: str) -> dict[str, Any]:
    """Where a mail to that unit goes on the day."""
    (found,) = run("where", f"{name}@lienthong.example", "--on", on, "--json").rows()
    return found


def test_two_communes_become_a_new_one(province: Run) -> None:
    """Before the day mail reaches the old commune; from it on the new one, with the step, its day and its basis."""
    done(province, "myha.myloc", "mythang.myloc", "--into", "myloc.tinh", "--name", "UBND xã Mỹ Lộc")
    assert leads(province, "myha.myloc", "2027-06-30")["unit"] == "myha.myloc"
    after = leads(province, "myha.myloc", "2027-07-01")
    assert (after["unit"], after["unit_name"]) == ("myloc.tinh", "UBND xã Mỹ Lộc")
    assert [(step["on"], step["turn"], step["basis"]) for step in after["steps"]] == [
        ("2027-07-01", "merged", "NQ 1/2027")
    ]
    (who,) = province("who", "vanthu@mythang.myloc.example", "--on", "1/7/2027", "--json").rows()
    assert who["unit"] == "myloc.tinh"


def test_an_end_tells_who_follows(province: Run) -> None:
    """Beside the day on which a unit ends stands who takes its place, or that a person decides; days are day first."""
    merged = province("merge", "myha.myloc", "--into", "mythang.myloc", *ON, *BASIS).said
    assert "valid until: … → 01/07/2027; merged, followed by mythang.myloc" in merged
    split = province("merge", "myha.myloc", "--turn", "split", *ON, *BASIS).said
    assert "split, followed by whom the administrator chooses" in split
    renamed = province("merge", "myha.myloc", "--turn", "renamed", "--name", "UBND phường Mỹ Hà", *ON, *BASIS).said
    assert "A new period from 01/07/2027: name: UBND xã Mỹ Hà → UBND phường Mỹ Hà" in renamed


def test_one_of_them_may_go_on(province: Run) -> None:
    """The one that continues keeps its id, and a new name begins with a new period."""
    done(province, "myha.myloc", "mythang.myloc", "--into", "myha.myloc", "--name", "UBND xã Mỹ Hà Thắng")
    assert leads(province, "mythang.myloc", "2027-07-01")["unit_name"] == "UBND xã Mỹ Hà Thắng"
    (one,) = province("unit", "myha.myloc", "--json").rows()
    assert [(period["valid_from"], period["unit_name"]) for period in one["periods"]] == [
        ("2000-01-01", "UBND xã Mỹ Hà"),
        ("2027-07-01", "UBND xã Mỹ Hà Thắng"),
    ]


def test_a_district_takes_its_units_with_it(province: Run) -> None:
    """Communes move below the successor, divisions end in its division with the same work, else a person decides."""
    done(province, "myloc", "--into", "tp")
    (city,) = province("unit", "tp", "--on", "1/7/2027", "--json").rows()
    assert {one["unit"] for one in city["below"]} == {"noivu.tp", "myha.myloc", "mythang.myloc"}
    assert leads(province, "noivu.myloc", "2027-07-01")["unit"] == "noivu.tp"
    assert leads(province, "dantoc.myloc", "2027-07-01")["leads"] == "unsettled"
    assert leads(province, "dantoc.myloc", "2027-06-30")["unit"] == "dantoc.myloc"


def test_an_abolished_district_leaves_its_communes_to_the_province(province: Run) -> None:
    """Nobody follows it: a person decides. Its communes stand below the unit above it."""
    done(province, "myloc", "--turn", "abolished")
    assert leads(province, "myloc", "2027-07-01")["leads"] == "unsettled"
    (one,) = province("unit", "myha.myloc", "--on", "1/7/2027", "--json").rows()
    assert [above["unit"] for above in one["above"]] == ["tinh"]


@pytest.mark.parametrize(
    ("words", "name", "parent"),
    [
        (("--turn", "renamed", "--name", "UBND phường Mỹ Hà"), "UBND phường Mỹ Hà", "myloc"),
        (("--turn", "moved", "--parent", "tp"), "UBND xã Mỹ Hà", "tp"),
    ],
)
def test_a_unit_keeps_its_id_under_another_name_or_parent(
    province: Run, words: tuple[str, ...], name: str, parent: str
) -> None:
    """Renamed or moved, it has one more period; before the day it is as it was."""
    done(province, "myha.myloc", *words)
    (before,) = province("unit", "myha.myloc", "--on", "30/6/2027", "--json").rows()
    (after,) = province("unit", "myha.myloc", "--on", "1/7/2027", "--json").rows()
    assert (before["unit_name"], before["above"][0]["unit"]) == ("UBND xã Mỹ Hà", "myloc")
    assert (after["unit_name"], after["above"][0]["unit"]) == (name, parent)


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("myha.myloc",), Exit.MISTAKE),
        (("myha.myloc", "--into", "moi"), Exit.MISTAKE),
        (("myha.myloc", "--turn", "split", "--into", "tp"), Exit.MISTAKE),
        (("myha.myloc", "--turn", "renamed"), Exit.MISTAKE),
        (("myha.myloc", "--turn", "moved", "--parent", "nowhere"), Exit.NOT_FOUND),
        (("nowhere", "--turn", "abolished"), Exit.NOT_FOUND),
    ],
)
def test_a_decision_that_does_not_fit_is_refused(province: Run, words: tuple[str, ...], status: Exit) -> None:
    """A merger names its successor, a new unit its name, a rename the new name, a move the new parent."""
    refused = province("merge", *words, *ON, *BASIS, "--apply")
    assert (refused.status, refused.said) == (status, "")


def test_a_decision_can_be_taken_back(province: Run) -> None:
    """One change, one number: undone, mail reaches the old unit on every day."""
    done(province, "myloc", "--into", "tp")
    number = str(province("history", "--most", "1", "--json").rows()[0]["change"])
    assert province("undo", number, "--apply").status == Exit.OK
    assert leads(province, "noivu.myloc", "2027-07-01")["unit"] == "noivu.myloc"


def test_delegation_holds_for_mergers(province: Run) -> None:
    """The administrator of a district carries out decisions within it, and none about the district itself."""
    province("add", "qt@myloc.example", "myloc", "--may", "quản trị")
    acting = (*ON, *BASIS, "--as", "qt@myloc.example", "--apply")
    assert province("merge", "myloc", "--into", "tp", *acting).status == Exit.MISTAKE
    assert province("merge", "myha.myloc", "--into", "mythang.myloc", *acting).status == Exit.OK
