"""``lienthong map`` against a real database, as an administrator types it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from gateway.cli.desk import Exit
from storage import schema
from storage.database import Database
from tests.gateway.cli.conftest import UNITS, Run


def test_an_import_shows_first_and_changes_only_when_told(run: Run, sheets: tuple[str, str]) -> None:
    """Without --apply the diff is shown and nothing changes; with it, it does; the third time nothing is left to do."""
    shown = run("import", *sheets)
    assert (shown.status, "4 added" in shown.said, "Nothing has been changed" in shown.said) == (Exit.OK, True, True)
    assert run("tree").status == Exit.NOT_FOUND
    applied = run("import", *sheets, "--apply", "--by", "quản trị", "--why", "danh bạ đầu")
    assert (applied.status, "Applied as change" in applied.said) == (Exit.OK, True)
    again = run("import", *sheets, "--apply")
    assert (again.status, "In all: 3 the same." in again.said) == (Exit.OK, True)
    assert "nothing to change" in again.said


def test_every_mistake_is_shown_and_nothing_applied(run: Run, sheets: tuple[str, str], tmp_path: Path) -> None:
    """Mistakes of all files come at once, with file and line, and stop the whole import."""
    (tmp_path / "units.csv").write_text(UNITS + "x,,làng,x,nowhere,x@lienthong.example\n")
    (tmp_path / "addresses.csv").write_bytes(b"\xff\xfe")
    done = run("import", *sheets, "--apply", "--json")
    wrong = [(row["place"], row["error"]) for row in done.rows() if "error" in row]
    assert done.status == Exit.MISTAKE
    assert wrong == [
        ("addresses.csv:1", "sheets.empty"),
        ("units.csv:4", "roster.missing-cell"),
        ("units.csv:4", "roster.no-kind"),
    ]
    assert run("tree").status == Exit.NOT_FOUND


def test_a_file_that_is_not_there_is_told(run: Run) -> None:
    """A wrong path is a mistake of the command, said with the system's reason."""
    done = run("import", "nowhere.csv")
    assert (done.status, "nowhere.csv" in done.complained) == (Exit.MISTAKE, True)


def test_who_and_where_give_reasons(run: Run, sheets: tuple[str, str]) -> None:
    """Each answer names the unit and says why, for today and for any other day."""
    run("import", *sheets, "--apply")
    (who,) = run("who", "VanThu@HaiHau.example", "--json").rows()
    assert (who["unit"], who["may"]) == ("haihau", ["receive", "send", "status"])
    assert "This address belongs to UBND huyện Hải Hậu." in run("who", "vanthu@haihau.example").said
    (where,) = run("where", "haiphuc.haihau+x@lienthong.example", "--json", "--on", "2016-10-30").rows()
    assert (where["leads"], where["unit"], where["contact"], where["on"]) == (
        "unit", "haiphuc.haihau", "vanthu@haiphuc.example", "2016-10-30",
    )  # fmt: skip
    both = run("where", "haihau@lienthong.example", "--from", "ai.do@x.example")
    assert "It goes to UBND huyện Hải Hậu." in both.said
    assert "not mapped to any unit" in both.said


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("who", "ai.do@x.example"), Exit.NOT_FOUND),
        (("where", "nobody@lienthong.example"), Exit.NOT_FOUND),
        (("tree", "nowhere"), Exit.NOT_FOUND),
        (("add", "ai.do@x.example", "nowhere"), Exit.NOT_FOUND),
        (("who", "ai.do@x.example", "--on", "31/2/2016"), Exit.MISTAKE),
        (("unit", "nowhere"), Exit.NOT_FOUND),
        (("where", "UBND huyện Nowhere"), Exit.NOT_FOUND),
        (("add", "haihau@lienthong.example", "haihau"), Exit.MISTAKE),
        (("add", "ai.do@x.example", "haihau", "--may", "bay"), Exit.MISTAKE),
    ],
)
def test_what_cannot_be_answered_says_so(
    run: Run, sheets: tuple[str, str], words: tuple[str, ...], status: Exit
) -> None:
    """Exit status 3 for what the directory does not know, 2 for what was asked wrongly; each with a sentence."""
    run("import", *sheets, "--apply")
    done = run(*words)
    assert done.status == status
    assert done.said + done.complained


def test_the_tree_shows_who_is_below_whom(run: Run, sheets: tuple[str, str]) -> None:
    """Parents stand before their children, indented; a unit may be asked for alone."""
    run("import", *sheets, "--apply")
    whole = run("tree").said
    assert whole.index("UBND huyện Hải Hậu") < whole.index("  UBND xã Hải Phúc")
    assert [row["id"] for row in run("tree", "haiphuc.haihau", "--json").rows()] == ["haiphuc.haihau"]
    assert [row["id"] for row in run("tree", "--depth", "0", "--json").rows()] == ["haihau"]


def test_mapping_an_address_lets_its_mails_go(run: Run, sheets: tuple[str, str], database: Database) -> None:
    """Mails held because nobody had mapped their sender go on; other held mails of the same sender stay."""
    run("import", *sheets, "--apply")
    hold(database, "S-1", "moi@x.example", "unmapped-sender")
    hold(database, "S-2", "moi@x.example", "unreadable")
    hold(database, "S-3", "khac@x.example", "unmapped-sender")
    done, near = run("add", "Moi@X.example", "haiphuc.haihau", "--may", "gửi", "--json").rows()
    assert (done["address"], done["released"]) == ("moi@x.example", ["S-1"])
    assert (near["neighbour"], near["mails"]) == ("khac@x.example", 1)
    assert near["command"] == "lienthong map add khac@x.example haiphuc.haihau"
    assert held(database) == ["S-2", "S-3"]
    (who,) = run("who", "moi@x.example", "--json").rows()
    assert (who["unit"], who["may"]) == ("haiphuc.haihau", ["send"])


@pytest.mark.parametrize("mapped", ["*@x.example", "moi@x.example"])
def test_a_domain_or_mailbox_lets_all_its_mails_go(
    run: Run, sheets: tuple[str, str], database: Database, mapped: str
) -> None:
    """Whoever may now speak for the unit no longer waits: everybody of a mapped domain, every tag of a mailbox."""
    run("import", *sheets, "--apply")
    hold(database, "S-1", "moi+so45@x.example", "unmapped-sender")
    hold(database, "S-2", "khac@y.example", "unmapped-sender")
    run("add", mapped, "haihau")
    assert held(database) == ["S-2"]


def test_mapping_again_lets_go_what_came_between(run: Run, sheets: tuple[str, str], database: Database) -> None:
    """A mail that is held although its sender is mapped goes on when the same mapping is typed again."""
    run("import", *sheets, "--apply")
    run("add", "moi@x.example", "haihau")
    hold(database, "S-1", "moi@x.example", "unmapped-sender")
    (done,) = run("add", "moi@x.example", "haihau", "--json").rows()
    assert (done["change"], done["released"], held(database)) == (None, ["S-1"], [])


def test_a_broken_workbook_is_told(run: Run, tmp_path: Path) -> None:
    """A truncated XLSX is a mistake with its file and a plain sentence; nothing is applied."""
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04" + b"\0" * 64)
    done = run("import", str(tmp_path / "a.xlsx"), "--apply")
    assert (done.status, "a.xlsx:1" in done.said, "Nothing has been changed" in done.said) == (Exit.MISTAKE, True, True)


def test_an_import_lets_mails_go_too(run: Run, sheets: tuple[str, str], database: Database) -> None:
    """Every address that an import maps releases what waited for it."""
    hold(database, "S-1", "vanthu@haihau.example", "unmapped-sender")
    run("import", *sheets, "--apply")
    assert held(database) == []


def test_neighbours_are_mapped_only_when_told(run: Run, sheets: tuple[str, str], database: Database) -> None:
    """Those of the same domain who wait are offered with the command; --neighbours maps them all in one change."""
    run("import", *sheets, "--apply")
    for number, sender in enumerate(("a@x.example", "b@x.example", "c@y.example"), 1):
        hold(database, f"S-{number}", sender, "unmapped-sender")
    offered = run("add", "a@x.example", "haihau").said
    assert "lienthong map add b@x.example haihau --neighbours" in offered
    assert held(database) == ["S-2", "S-3"]
    run("add", "a@x.example", "haihau", "--neighbours")
    assert held(database) == ["S-3"]
    assert run("who", "c@y.example").status == Exit.NOT_FOUND


def test_a_unit_is_shown_whole(run: Run, sheets: tuple[str, str]) -> None:
    """One page: where to write, ways in, its place, addresses with their rights; all of it with --json."""
    run("import", *sheets, "--apply")
    (unit,) = run("unit", "haihau", "--json").rows()
    assert unit["recipients"] == ["haihau@lienthong.example"]
    assert unit["ways"] == ["mail:vanthu@haihau.example"]
    assert [one["unit"] for one in unit["below"]] == ["haiphuc.haihau"]
    assert [(one["address"], one["may"]) for one in unit["addresses"]] == [
        ("vanthu@haihau.example", ["receive", "send", "status"])
    ]
    page = run("unit", "HAIHAU").said
    assert "UBND huyện Hải Hậu" in page
    assert "1: UBND xã Hải Phúc" in page


def test_names_are_answered_as_the_gateway_would(run: Run, sheets: tuple[str, str]) -> None:
    """A recipient without '@' is read as after "Kính gửi"; each name has its answer, the unknown ones too."""
    run("import", *sheets, "--apply")
    known, unknown = run("where", "UBND huyện Hải Hậu; UBND xã Trời Ơi", "--from", "haiphuc.haihau", "--json").rows()
    assert (known["found"], [unit["unit"] for unit in known["units"]]) == ("certain", ["haihau"])
    assert (unknown["found"], unknown["units"], unknown["choices"]) == ("unknown", [], [])


def hold(database: Database, spool_id: str, sender: str, rule: str) -> None:
    """A mail in the pen."""
    now = datetime.now(UTC)
    row = {"spool_id": spool_id, "blob": "0" * 64, "size": 1, "envelope": {}, "received_at": now, "concluded_at": now}
    ended = {"sender": sender, "outcome": "held", "rule": rule, "sentence": {"key": f"rule.{rule}", "facts": {}}}
    with database.transaction() as tx:
        tx.execute(sa.insert(schema.mails).values(**row, **ended))


def held(database: Database) -> list[str]:
    """The mails in the pen."""
    query = sa.select(schema.mails.c.spool_id).where(schema.mails.c.outcome == "held").order_by(schema.mails.c.id)
    with database.transaction() as tx:
        return list(tx.execute(query).scalars())
