"""``lienthong map`` against a real database, as an administrator types it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from gateway.cli.desk import Exit
from gateway.cli.frame import main
from storage import schema
from storage.database import Database
from storage.keys import Keys

UNITS = """mã,tên đơn vị,loại,tên ngắn,trực thuộc,địa chỉ nhận
haihau,UBND huyện Hải Hậu,huyện,haihau,,vanthu@haihau.example
haiphuc.haihau,UBND xã Hải Phúc,xã,haiphuc.haihau,haihau,vanthu@haiphuc.example
"""
ADDRESSES = "địa chỉ,đơn vị\nvanthu@haihau.example,haihau\n"


@dataclass(frozen=True)
class Typed:
    """What came of one command."""

    status: int
    said: str
    complained: str

    def rows(self) -> list[dict[str, Any]]:
        """Its lines of JSON."""
        return [json.loads(line) for line in self.said.splitlines()]


Run = Callable[..., Typed]


@pytest.fixture
def run(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Types one ``lienthong map`` command in a terminal that reads English, on an empty directory."""
    path = tmp_path / "lienthong.toml"
    gateway = f'domains = ["lienthong.example"]\nstate_directory = "{tmp_path}"'
    path.write_text(f'[gateway]\n{gateway}\n[database]\nurl = "{database.conninfo}"\n')
    for name, value in {"LIENTHONG_CONFIG": str(path), "LC_ALL": "en_GB.UTF-8", "COLUMNS": "200"}.items():
        monkeypatch.setenv(name, value)
    Keys.create(tmp_path / "keys.json")
    with database.transaction() as tx:
        for table in (schema.units, schema.addresses, schema.mails):
            tx.execute(sa.delete(table))

    def typed(*words: str) -> Typed:
        status = main(["map", *words])
        return Typed(status, *capsys.readouterr())

    return typed


@pytest.fixture
def sheets(tmp_path: Path) -> tuple[str, str]:
    """Two files: units and addresses."""
    for name, text in (("units.csv", UNITS), ("addresses.csv", ADDRESSES)):
        (tmp_path / name).write_text("\ufeff" + text, "utf-8")
    return str(tmp_path / "units.csv"), str(tmp_path / "addresses.csv")


def test_an_import_shows_first_and_changes_only_when_told(run: Run, sheets: tuple[str, str]) -> None:
    """Without --apply the diff is shown and nothing changes; with it, it does; the third time nothing is left to do."""
    shown = run("import", *sheets)
    assert (shown.status, "3 added" in shown.said, "Nothing has been changed" in shown.said) == (Exit.OK, True, True)
    assert run("tree").status == Exit.NOT_FOUND
    applied = run("import", *sheets, "--apply", "--by", "quản trị", "--why", "danh bạ đầu")
    assert (applied.status, "Applied as change" in applied.said) == (Exit.OK, True)
    again = run("import", *sheets, "--apply")
    assert (again.status, "3 the same" in again.said, "nothing to change" in again.said) == (Exit.OK, True, True)


def test_every_mistake_is_shown_and_nothing_applied(run: Run, sheets: tuple[str, str], tmp_path: Path) -> None:
    """Mistakes of all files come at once, with file and line, and stop the whole import."""
    (tmp_path / "units.csv").write_text(UNITS + "x,,làng,x,nowhere,x@lienthong.example\n")
    (tmp_path / "addresses.csv").write_bytes(b"\xff\xfe")
    done = run("import", *sheets, "--apply", "--json")
    wrong = [(row["place"], row["error"]) for row in done.rows() if "error" in row]
    assert done.status == Exit.MISTAKE
    assert wrong == [
        ("addresses.csv:1", "roster.not-text"),
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
        (("who", "ai.do@x.example", "--on", "30/10/2016"), Exit.MISTAKE),
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
    (done,) = run("add", "Moi@X.example", "haiphuc.haihau", "--may", "gửi", "--json").rows()
    assert (done["address"], done["released"]) == ("moi@x.example", ["S-1"])
    assert held(database) == ["S-2", "S-3"]
    (who,) = run("who", "moi@x.example", "--json").rows()
    assert (who["unit"], who["may"]) == ("haiphuc.haihau", ["send"])


def test_an_import_lets_mails_go_too(run: Run, sheets: tuple[str, str], database: Database) -> None:
    """Every address that an import maps releases what waited for it."""
    hold(database, "S-1", "vanthu@haihau.example", "unmapped-sender")
    run("import", *sheets, "--apply")
    assert held(database) == []


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
