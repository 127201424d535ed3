"""One folder per wrong settings file, with the exact words its reader sees.

Promises:  lienthong.toml is the wrong file; expected.txt is what ``lienthong check-config`` answers in Vietnamese.
           To take new words over: delete expected.txt, run the test, read what it wrote, and commit that.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gateway.cli.desk import Exit
from gateway.cli.frame import main
from gateway.settings_file import BadSettings, load

HERE = Path(__file__).parent
CASES = sorted(folder for folder in HERE.iterdir() if (folder / "lienthong.toml").exists())


@pytest.fixture
def vietnamese(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal that reads Vietnamese."""
    monkeypatch.setenv("LC_ALL", "vi_VN.UTF-8")


@pytest.mark.usefixtures("vietnamese")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_reader_is_told(case: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Every mistake is told at once, with its line, in both languages, and nothing starts (exit status 2)."""
    monkeypatch.chdir(case)
    assert main(["check-config", "lienthong.toml"]) == Exit.MISTAKE
    told = capsys.readouterr().err
    expected = case / "expected.txt"
    if not expected.exists():
        expected.write_text(told, "utf-8")
        pytest.fail(f"wrote {expected.name}: read it, and commit it when it is right")
    assert told == expected.read_text("utf-8")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_program_is_told_the_same(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With --json each mistake is one object with its place, its kind and both sentences."""
    assert main(["check-config", str(case / "lienthong.toml"), "--json"]) == Exit.MISTAKE
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    with pytest.raises(BadSettings) as raised:
        load(case / "lienthong.toml")
    assert [(row["where"], row["line"], row["wrong"]) for row in rows] == [
        (mistake.where, mistake.line, mistake.wrong) for mistake in raised.value.mistakes
    ]
    assert all(row["vi"] and row["en"] for row in rows)


@pytest.mark.usefixtures("vietnamese")
def test_a_missing_file_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A settings file that is not there is a mistake like any other."""
    assert main(["check-config", str(tmp_path / "none.toml")]) == Exit.MISTAKE
    assert "Không đọc được tệp này" in capsys.readouterr().err


def test_a_file_that_is_not_text_is_told(tmp_path: Path) -> None:
    """Octets that are no UTF-8 do not end the program."""
    (tmp_path / "lienthong.toml").write_bytes(b'[gateway]\ndomains = ["\xff"]\n')
    with pytest.raises(BadSettings) as raised:
        load(tmp_path / "lienthong.toml")
    assert [mistake.wrong for mistake in raised.value.mistakes] == ["unreadable"]


def test_no_value_is_repeated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A password written in the wrong place does not come back on the terminal or in a log."""
    path = tmp_path / "lienthong.toml"
    path.write_text('[gateway]\ndomains = ["a.example"]\n[send]\nsmarthost_tls = "s3cret"\npassword = "s3cret"\n')
    assert main(["check-config", str(path)]) == Exit.MISTAKE
    assert "s3cret" not in "".join(capsys.readouterr())


def test_relative_paths_start_at_the_file(tmp_path: Path) -> None:
    """A settings file means the same from wherever the program is started."""
    (tmp_path / "lienthong.toml").write_text('[gateway]\ndomains = ["a.example"]\nstate_directory = "state"\n')
    assert load(tmp_path / "lienthong.toml").gateway.state_directory == tmp_path / "state"


def test_the_environment_only_names_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """LIENTHONG_CONFIG names the file; no setting can be given beside it."""
    (tmp_path / "lienthong.toml").write_text('[gateway]\ndomains = ["a.example"]\n')
    monkeypatch.setenv("LIENTHONG_CONFIG", str(tmp_path / "lienthong.toml"))
    monkeypatch.setenv("GATEWAY__LANGUAGE", "en")
    monkeypatch.setenv("LANGUAGE", "en")
    assert main(["check-config"]) == Exit.OK
    assert load(tmp_path / "lienthong.toml").gateway.language == "vi"
