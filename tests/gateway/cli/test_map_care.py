"""``lienthong map check|care``: the directory judged, and what needs looking after."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from gateway.cli.desk import Exit
from mailmap.directory.address import Address
from mailmap.directory.unit import Unit, UnitKind
from storage.database import Database
from tests.gateway.cli.conftest import Run
from tests.offices import enter

SINCE = date(2000, 1, 1)
DISTRICT = Unit("haihau", "UBND huyện Hải Hậu", UnitKind.DISTRICT, "haihau", valid_from=SINCE)
YYEN = Unit("hongquang.yyen", "UBND xã Hồng Quang", UnitKind.COMMUNE, "hongquang.yyen", contact="a@x.example")
NAMTRUC = replace(YYEN, id="hongquang.namtruc", short="hongquang.namtruc", contact="b@x.example")


def test_a_sound_directory_is_told(run: Run, sheets: tuple[str, str]) -> None:
    """What was imported is sound."""
    run("import", *sheets, "--apply")
    assert run("check").status == Exit.OK


def test_what_is_wrong_is_found(run: Run, database: Database) -> None:
    """What got into the tables past the roster is found: a parent that nobody knows, one address in two units."""
    with database.transaction() as tx:
        enter(tx, [replace(DISTRICT, parent="nowhere"), YYEN], [Address("a@x.example", "haihau")])
        enter(tx, [], [Address("a@x.example", "hongquang.yyen", valid_from=SINCE)])
    done = run("check", "--json")
    assert done.status == Exit.MISTAKE
    found = {(row["what"], row["error"]) for row in done.rows() if "error" in row}
    assert {("UBND huyện Hải Hậu", "roster.no-parent"), ("a@x.example", "roster.two-units")} <= found


def test_each_list_says_what_to_do_next(run: Run, database: Database) -> None:
    """Units without a way in, addresses never heard from, names that two units answer to; each with its next step."""
    with database.transaction() as tx:
        enter(tx, [DISTRICT, YYEN, NAMTRUC], [Address("a@x.example", "hongquang.yyen")])
    rows = run("care", "--json").rows()
    assert {row["list"] for row in rows} == {"wayless", "unheard", "shared"}
    assert [row["unit"] for row in rows if row["list"] == "wayless"] == ["haihau"]
    shared = [row["bearers"] for row in rows if row["list"] == "shared"]
    assert ["UBND xã Hồng Quang (hongquang.namtruc)", "UBND xã Hồng Quang (hongquang.yyen)"] in shared
    said = run("care").said
    assert said.count("→") == 3
    assert "lienthong map import" in said


def test_care_of_a_subtree(run: Run, database: Database) -> None:
    """Only the unit and what is below it; a unit nobody knows is not found; nothing to do is said."""
    with database.transaction() as tx:
        enter(tx, [DISTRICT, YYEN], [])
    assert "Nothing in the directory needs care" in run("care", "--unit", "hongquang.yyen").said
    assert run("care", "--unit", "nowhere").status == Exit.NOT_FOUND
