"""``lienthong inspect`` over what is no mail in a file: .msg, .docx, .pdf, a picture, an archive."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from gateway.cli.frame import main
from gateway.examine.small_pdf import pdf
from tests.gateway.examine.made import docx, paragraph, saved, scan
from tests.gateway.examine.outlooks import msg

SUBJECT, BODY, FROM_NAME, FROM_ADDRESS, CONTENT, LONG = 0x0037, 0x1000, 0x0C1A, 0x5D01, 0x3701, 0x3707
LINES = (
    "ỦY BAN NHÂN DÂN", "XÃ HẢI PHÚC", "Số: 45/UBND-VP", "V/v báo cáo tình hình thu hoạch lúa mùa",
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Hải Phúc, ngày 15 tháng 10 năm 2016",
    "Kính gửi: Ủy ban nhân dân huyện Hải Hậu", "Thực hiện chỉ đạo của cấp trên, xã xin báo cáo như sau.",
)  # fmt: skip
WORD = docx("".join(paragraph(line) for line in LINES))


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LIENTHONG_CONFIG", str(tmp_path / "nothing.toml"))


def looked(capsys: pytest.CaptureFixture[str], path: Path, content: bytes) -> dict[str, Any]:
    """The object that ``inspect --json`` prints of a file with this content."""
    path.write_bytes(content)
    assert main(["inspect", "--json", str(path)]) == 0
    seen: dict[str, Any] = json.loads(capsys.readouterr().out)
    return seen


def test_a_word_file_shows_its_fields(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Number, date, kind, trích yếu, office and standing, each with its page."""
    seen = looked(capsys, tmp_path / "van ban.docx", WORD)
    document = seen["document"]
    assert seen["message"] is None
    assert (document["symbol"], document["date"], document["kind"]) == ("45/UBND-VP", "2016-10-15", "CV")
    assert document["issuer"] == "Ủy ban nhân dân xã Hải Phúc"
    assert document["addressees"] == ["Ủy ban nhân dân huyện Hải Hậu"]
    assert (document["standing"], document["source"]["date"]) == ("information", "page 1")


def test_an_outlook_file_is_a_mail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Subject, sender and the document inside."""
    letter = {SUBJECT: "Gửi văn bản", BODY: "Kính gửi huyện.", FROM_NAME: "Văn thư", FROM_ADDRESS: "a@haihau.example"}
    seen = looked(capsys, tmp_path / "thu.msg", msg(letter, files=[{LONG: "van ban.docx", CONTENT: WORD}]))
    assert (seen["message"]["subject"], seen["message"]["from"][0]["address"]) == ("Gửi văn bản", "a@haihau.example")
    assert [one["name"] for one in seen["attachments"]] == ["van ban.docx"]
    assert seen["document"]["symbol"] == "45/UBND-VP"


def test_an_archive_shows_what_its_papers_say(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The archive is one attachment; the fields are those of the paper in it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("van ban.docx", WORD)
    seen = looked(capsys, tmp_path / "goi.zip", packed.getvalue())
    assert [one["type"] for one in seen["attachments"]] == ["application/zip"]
    assert seen["document"]["symbol"] == "45/UBND-VP"


@pytest.mark.peer("tesseract")
def test_a_picture_is_recognised(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A photographed page tells its date and its office."""
    places = [(60, 60), (80, 75), (70, 105), (40, 125), (300, 60), (330, 75), (330, 105), (60, 170), (60, 210)]
    page = saved(scan([(*at, text) for at, text in zip(places, LINES, strict=True)]))
    seen = looked(capsys, tmp_path / "anh.png", page)
    assert (seen["document"]["date"], seen["document"]["issuer"]) == ("2016-10-15", "Ủy ban nhân dân xã Hải Phúc")
    assert seen["unread"] == []


def test_a_damaged_file_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A PDF cut in the middle: told as unreadable, with a sentence for people; a whole one is not."""
    assert looked(capsys, tmp_path / "lanh.pdf", pdf())["unread"] == []
    seen = looked(capsys, tmp_path / "hong.pdf", b"%PDF-1.4\nhong\n%%EOF")
    assert seen["unread"] == [{"name": "hong.pdf", "reason": "unreadable"}]
    assert main(["inspect", str(tmp_path / "hong.pdf")]) == 0
    assert "xin mở thử rồi gửi lại" in capsys.readouterr().out
