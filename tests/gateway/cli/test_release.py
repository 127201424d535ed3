"""What an administrator types about a unit that ended: choose who receives, name who follows, see who stands for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.cli.desk import Exit
from gateway.cli.frame import main
from tests.gateway.cli.conftest import Run, Typed
from tests.gateway.work.reform import AFTER, EVE, TO_DISTRICT, TO_GONE, TO_OLD, paper, reformed, sent, units
from tests.offices import DOMAIN, World

FOLLOWS = "đơn vị,ngày,hình thức,đơn vị kế thừa,căn cứ\ngiaothuy,2025-07-01,sáp nhập,haihung,NQ 202/2025/QH15\n"


@pytest.fixture(scope="module", autouse=True)
def _reform(world: World) -> None:
    reformed(world)


@pytest.fixture
def run(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Types one command in a terminal that reads English, at the office of the world."""
    path, office = tmp_path / "lienthong.toml", world.office
    gateway = f'domains = ["{DOMAIN}"]\nstate_directory = "{office.settings.gateway.state_directory}"'
    path.write_text(f'[gateway]\n{gateway}\n[database]\nurl = "{office.database.conninfo}"\n')
    for name, value in {"LIENTHONG_CONFIG": str(path), "LC_ALL": "en_GB.UTF-8", "COLUMNS": "200"}.items():
        monkeypatch.setenv(name, value)

    def typed(*words: str) -> Typed:
        status = main(words)
        return Typed(status, *capsys.readouterr())

    return typed


def test_a_person_chooses_who_receives_it(world: World, run: Run) -> None:
    """By short name; whoever took the place of the one that is named is meant; an unknown one changes nothing."""
    mail = sent(world, AFTER, paper(951, "01/07/2025"), [TO_GONE]).spool_id
    assert "ended; the administrator must choose" in run("held").said
    assert run("release", mail, "--to", "nowhere").status == Exit.NOT_FOUND
    assert run("release", mail, "--to", "giaothuy").status == Exit.NOT_FOUND  # nobody follows it yet
    assert world.outcome(mail).outcome == "held"
    done = run("release", mail, "--to", "hailoc")
    assert (done.status, "UBND xã Hải Hưng receives it" in done.said) == (Exit.OK, True)
    world.work()
    assert units(world, world.outcome(mail).code) == ["haihung"]


def test_the_story_of_an_old_document_names_who_stands_for_its_units(world: World, run: Run) -> None:
    """The name of that day, and in brackets who took the place since."""
    code = sent(world, EVE, paper(952, "29/06/2025"), [TO_OLD, TO_DISTRICT]).code
    said = run("track", str(code)).said
    assert "UBND xã Hải Lộc (now UBND xã Hải Hưng)" in said
    assert "UBND huyện Hải Hậu (now" not in said
    rows = run("track", str(code), "--json").rows()
    assert [(one["unit"], one["now"]) for one in rows[0]["deliveries"]] == [("hailoc", "haihung"), ("haihau", None)]


def test_where_an_old_address_leads_is_told_with_its_steps(run: Run) -> None:
    """Before the day, after it, and while nobody follows."""
    assert "It goes to UBND xã Hải Lộc." in run("map", "where", TO_OLD, "--on", "30/06/2025").said
    after = run("map", "where", TO_OLD, "--on", "01/07/2025").said
    assert "UBND xã Hải Lộc is UBND xã Hải Hưng now, since 01/07/2025 by NQ 1674/NQ-UBTVQH15." in after
    assert "UBND huyện Giao Thủy ended on 01/07/2025" in run("map", "where", TO_GONE, "--on", "02/07/2025").said


def test_naming_the_successor_opens_the_pen(world: World, run: Run, tmp_path: Path) -> None:
    """A sheet with one row is applied, and what waited goes on by itself."""
    mail = sent(world, AFTER, paper(953, "01/07/2025"), [TO_GONE]).spool_id
    (tmp_path / "follows.csv").write_text(FOLLOWS, "utf-8")
    done = run("map", "import", str(tmp_path / "follows.csv"), "--apply", "--why", "NQ 202", "--json")
    assert done.status == Exit.OK, done
    assert mail in done.rows()[-1]["released"]
    world.work()
    assert units(world, world.outcome(mail).code) == ["haihung"]
