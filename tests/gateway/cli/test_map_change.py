"""Changing the directory: in whose name, within whose subtree, shown before it is done, and taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.cli.desk import Exit
from gateway.sheets import read
from tests.gateway.cli.conftest import Run

OUTSIDE = "mã,tên đơn vị,loại,tên ngắn,trực thuộc\nyyen,UBND huyện Ý Yên,huyện,yyen,\n"
BELOW = "mã,tên đơn vị,loại,tên ngắn,trực thuộc\nhaian.haihau,UBND xã Hải An,xã,haian.haihau,haihau\n"
ADMIN = "quantri@haihau.example"


@pytest.fixture
def administered(run: Run, sheets: tuple[str, str]) -> Run:
    """A district whose administrator is mapped."""
    run("import", *sheets, "--apply", "--why", "danh bạ đầu")
    run("add", ADMIN, "haihau", "--may", "gửi, quản trị", "--why", "cán bộ công nghệ thông tin")
    return run


def sheet(folder: Path, text: str) -> str:
    """A file of that text."""
    (folder / "rows.csv").write_text(text, "utf-8")
    return str(folder / "rows.csv")


def test_an_administrator_changes_the_subtree(administered: Run, tmp_path: Path) -> None:
    """Acting as an address with the right to administer, what lies below its unit can be changed."""
    done = administered("import", sheet(tmp_path, BELOW), "--as", ADMIN, "--apply")
    assert (done.status, "Applied as change" in done.said) == (Exit.OK, True)


def test_an_administrator_changes_nothing_else(administered: Run, tmp_path: Path) -> None:
    """What lies outside is a mistake of its row, and nothing of the sheet is applied."""
    done = administered("import", sheet(tmp_path, OUTSIDE), "--as", ADMIN, "--apply", "--json")
    assert done.status == Exit.MISTAKE
    assert done.counts()["mistakes"] == 1
    assert administered("unit", "yyen").status == Exit.NOT_FOUND


@pytest.mark.parametrize("who", ["vanthu@haihau.example", "nobody@x.example"])
def test_not_everybody_administers(administered: Run, tmp_path: Path, who: str) -> None:
    """A clerk without the right and an address nobody mapped may change nothing."""
    done = administered("import", sheet(tmp_path, BELOW), "--as", who, "--apply")
    assert (done.status, done.said) == (Exit.MISTAKE, "")


def test_a_diff_can_be_written_out(run: Run, sheets: tuple[str, str], tmp_path: Path) -> None:
    """What would change goes into a workbook for somebody else to look at; nothing is applied."""
    out = tmp_path / "diff.xlsx"
    assert run("diff", *sheets, "--out", str(out)).status == Exit.OK
    ((_, header), *rows) = read.grids(out).grids[0].rows
    assert [*header] == ["Effect", "Place", "What", "Why"]
    assert {row[2] for _, row in rows} >= {"UBND huyện Hải Hậu", "UBND xã Hải Phúc", "vanthu@haihau.example"}
    assert run("unit", "haihau").status == Exit.NOT_FOUND


def test_a_diff_cannot_apply(run: Run, sheets: tuple[str, str]) -> None:
    """``diff`` has no --apply at all."""
    assert run("diff", *sheets, "--apply").status == Exit.MISTAKE


def test_the_gravest_comes_first(run: Run, sheets: tuple[str, str], tmp_path: Path) -> None:
    """An end stands above the changed, and the changed above the long list of what is new."""
    run("import", *sheets, "--apply")
    text = "mã,tên đơn vị,loại,tên ngắn,trực thuộc,hết hiệu lực\n"
    text += "haian.haihau,UBND xã Hải An,xã,haian.haihau,haihau,\nhaihau,UBND huyện Hải Hậu ạ,huyện,haihau,,\n"
    text += "haiphuc.haihau,UBND xã Hải Phúc,xã,haiphuc.haihau,haihau,1/9/2024\n"
    said = run("diff", sheet(tmp_path, text)).said
    places = [said.index(name) for name in ("UBND xã Hải Phúc", "UBND huyện Hải Hậu ạ", "UBND xã Hải An")]
    assert places == sorted(places)
    assert "valid until: … → 01/09/2024" in said
