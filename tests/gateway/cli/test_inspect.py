"""``lienthong inspect`` as a person types it: no settings, no database, an answer for every file."""

from __future__ import annotations

import json
from email.message import EmailMessage
from pathlib import Path

import pytest

from gateway.app import now
from gateway.cli.frame import main
from gateway.work.scribe import HANOI
from tests.pdf_files import PDF

CLERK = "vanthu.haiphuc@haihau.namdinh.example"
KEYS = {
    "file", "message", "attachments", "report", "automatic", "reply", "document", "trust", "routing", "decision",
    "elapsed_ms", "unread",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LIENTHONG_CONFIG", str(tmp_path / "nothing.toml"))


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """A clerk's mail in a file."""
    mail = EmailMessage()
    mail["From"], mail["To"] = CLERK, "haihau@lienthong.example"
    mail["Subject"] = f"Công văn số 45/UBND-VP ngày {now().astimezone(HANOI):%d/%m/%Y} V/v báo cáo thu hoạch lúa mùa"
    mail.set_content("Kính gửi UBND huyện.\n")
    mail.add_attachment(PDF, maintype="application", subtype="pdf", filename="45-UBND-VP.pdf")
    path = tmp_path / "45.eml"
    path.write_bytes(mail.as_bytes())
    return path


def looked(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, object]]:
    """The objects that ``inspect --json`` prints."""
    assert main(["inspect", "--json", *words]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_clerks_mail_is_foreseen_as_it_would_be_registered(paper: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Logged in as herself, to the district: registered by the same rules, with the shipped directory."""
    (seen,) = looked(capsys, str(paper), "--from", CLERK, "--to", "haihau@lienthong.example")
    assert set(seen) == KEYS
    assert seen["trust"] == "login"
    assert seen["decision"]["rule"] == "correspondence"
    assert [one["unit"] for one in seen["routing"]] == ["UBND huyện Hải Hậu"]
    assert seen["document"]["symbol"] == "45/UBND-VP"
    assert seen["document"]["recipients"] == ["UBND huyện Hải Hậu"]
    assert set(seen["document"]["confidence"]) == set(seen["document"]["source"]) >= {"symbol", "date", "kind"}


def test_without_a_login_nothing_is_proven(paper: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The From field alone: held."""
    (seen,) = looked(capsys, str(paper), "--to", "haihau@lienthong.example")
    assert (seen["trust"], seen["decision"]["outcome"]) == ("none", "held")


def test_without_an_envelope_the_mail_names_its_recipients(paper: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No --to and no settings: the domains of To and Cc count as ours."""
    (seen,) = looked(capsys, str(paper), "--from", CLERK)
    assert [one["unit"] for one in seen["routing"]] == ["UBND huyện Hải Hậu"]
    assert seen["decision"]["rule"] == "correspondence"


def test_a_pdf_alone_is_a_document_by_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No mail: message, trust and decision are null, the file name is read."""
    path = tmp_path / "45-UBND-VP.pdf"
    path.write_bytes(PDF)
    (seen,) = looked(capsys, str(path))
    assert (seen["message"], seen["trust"], seen["decision"]) == (None, None, None)
    assert seen["document"]["notation"] == "UBND-VP"


def test_a_file_that_cannot_be_read_stops_no_other(paper: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit status 3, the missing file named, the other answered."""
    assert main(["inspect", "--json", "no-such-file.eml", str(paper)]) == 3
    said = capsys.readouterr()
    assert "no-such-file.eml" in said.err
    assert json.loads(said.out)["file"] == str(paper)


def test_names_in_the_text_are_routed_and_asked_about(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """To the general intake address: a row for each unit named, the choices of a misspelt name, and the rule."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = CLERK, "vanban@lienthong.example", "Công văn số 45/UBND-VP V/v lúa mùa"
    mail.set_content("Kính gửi: Phòng Tài chính - Kế hoạch; UBND xã Hải Miinh; Sở Xây nhà\n\nXin gửi.\n\nLưu: VT\n")
    mail.add_attachment(PDF, maintype="application", subtype="pdf", filename="45-UBND-VP.pdf")
    path = tmp_path / "45.eml"
    path.write_bytes(mail.as_bytes())
    (seen,) = looked(capsys, str(path), "--from", CLERK, "--to", "vanban@lienthong.example")
    assert seen["decision"]["rule"] == "recipients-unclear"
    assert seen["document"]["recipients"] == ["Phòng Tài chính - Kế hoạch", "UBND xã Hải Miinh", "Sở Xây nhà"]
    intake, finance, unclear, nobody = seen["routing"]
    assert (intake["unit"], intake["choices"]) == (None, [])
    assert finance["unit"] == "Phòng Tài chính - Kế hoạch huyện Hải Hậu"
    assert (unclear["unit"], nobody["unit"], nobody["choices"]) == (None, None, [])
    assert "UBND xã Hải Minh (UBND huyện Hải Hậu)" in unclear["choices"]
    assert all(row["why"] for row in seen["routing"])
