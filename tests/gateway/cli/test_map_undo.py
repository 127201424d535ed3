"""Undo and history: every change is told with who and why, and can be taken back by its number."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.cli.desk import Exit
from mailmap.directory.changes import Thing
from storage import directory
from storage.database import Database
from tests.gateway.cli.conftest import Run
from tests.gateway.sheets import messy

CLERK = "vanthu@haihau.example"


@pytest.fixture
def filled(run: Run, sheets: tuple[str, str]) -> Run:
    """A district and a commune, imported with a reason."""
    run("import", *sheets, "--apply", "--by", "quản trị", "--why", "danh bạ đầu")
    return run


def everything(database: Database) -> set[Thing]:
    """The whole directory."""
    with database.transaction() as tx:
        return {*directory.all_units(tx), *directory.all_addresses(tx), *directory.all_successions(tx)}


def number_of(run: Run) -> str:
    """The number of the newest change."""
    return str(run("history", "--most", "1", "--json").rows()[0]["change"])


def test_a_list_of_a_district_office_comes_and_goes(filled: Run, database: Database, tmp_path: Path) -> None:
    """Shown, it changes nothing; applied, its mailboxes are mapped; undone, all is as before; and it can come again."""
    before = everything(database)
    workbook = tmp_path / "danh-sach.xlsx"
    messy.write(workbook)
    shown = filled("diff", str(workbook), "--json")
    assert (shown.status, shown.counts().get("mistakes")) == (Exit.OK, None)
    told = {(row["line"], row["what"]) for row in shown.rows() if row.get("table") == "units"}
    assert told == {(one.row, one.name) for one in messy.UNITS}
    assert everything(database) == before
    assert filled("import", str(workbook), "--apply").status == Exit.OK
    for one in messy.UNITS:
        for mailbox in one.mailboxes:
            (who,) = filled("who", mailbox, "--json").rows()
            assert who["unit_name"] == " ".join(one.name.split())
    assert filled("import", str(workbook), "--apply", "--json").counts().keys() <= {"same", "remarks", "warnings"}
    number = number_of(filled)
    assert "Nothing has been changed" in filled("undo", number).said
    assert filled("undo", number, "--apply").status == Exit.OK
    assert everything(database) == before
    assert filled("import", str(workbook), "--apply").status == Exit.OK


def test_history_tells_who_and_why(filled: Run) -> None:
    """Newest first, with who, why and what; of one address only what concerns it."""
    filled("add", "moi@x.example", "haihau", "--by", "Nguyễn Văn A", "--why", "văn thư mới")
    newest, first = filled("history", "--json", "--most", "2").rows()
    assert (newest["by"], newest["reason"], first["by"], first["reason"]) == (
        "Nguyễn Văn A", "văn thư mới", "quản trị", "danh bạ đầu",
    )  # fmt: skip
    (mapped,) = filled("history", "MOI@x.example", "--json").rows()
    assert [one["after"]["unit"] for one in mapped["diff"]] == ["haihau"]
    assert "văn thư mới" in filled("history", "haihau").said
    assert filled("history", "ai.do@x.example").status == Exit.NOT_FOUND


def test_what_was_changed_later_is_not_taken_back(filled: Run, database: Database, tmp_path: Path) -> None:
    """A change that a later one built upon is a conflict, and nothing of it is taken back."""
    number = number_of(filled)
    (tmp_path / "units.csv").write_text("mã,tên đơn vị,loại,tên ngắn\nhaihau,UBND huyện Hải Hậu mới,huyện,haihau\n")
    filled("import", str(tmp_path / "units.csv"), "--apply")
    before = everything(database)
    done = filled("undo", number, "--apply", "--json")
    assert (done.status, done.counts()["conflicts"]) == (Exit.MISTAKE, 1)
    assert everything(database) == before


def test_a_unit_with_others_below_is_not_taken_away(filled: Run) -> None:
    """Undo never leaves a unit below one that is gone, or an address mapped to nobody."""
    number = number_of(filled)
    filled("add", "moi@x.example", "haiphuc.haihau")
    done = filled("undo", number, "--apply", "--json")
    assert done.status == Exit.MISTAKE
    assert "roster.in-use" in {row.get("error") for row in done.rows()}


def test_an_unknown_change_cannot_be_taken_back(filled: Run) -> None:
    """A number that no change has is not found."""
    assert filled("undo", "999999", "--apply").status == Exit.NOT_FOUND


def test_delegation_holds_for_undo(filled: Run, database: Database) -> None:
    """Whoever administers a commune takes back nothing of the district above it."""
    number = number_of(filled)
    filled("add", "qt@haiphuc.example", "haiphuc.haihau", "--may", "quản trị")
    before = everything(database)
    done = filled("undo", number, "--as", "qt@haiphuc.example", "--apply", "--json")
    assert (done.status, everything(database)) == (Exit.MISTAKE, before)
    assert "roster.outside" in {row.get("error") for row in done.rows()}
