"""Letters to try the writing room with: one of every template, with friendly or hostile facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from gateway.words import Language, words
from mailmap.document.document import Enclosure
from mailmap.policy.question import Choice, Question
from mailmap.writing.letter import About, Asked, Fact, Fate, Kind, Letter, Letterhead, Spec
from mailmap.writing.templates import Templates

FOLDER = Path(__file__).resolve().parents[2] / "config" / "templates"
WORDS = {language.value: words(language) for language in Language}
TEMPLATES = Templates({path.name: path.read_text("utf-8") for path in FOLDER.iterdir()}, WORDS)
HEAD = Letterhead("gw.namdinh.example", "namdinh.example", "lienthong@namdinh.example", "Liên thông", b"k" * 32)
PDF = b"%PDF-1.4 giay to"
PDF_SHA = "0f" * 32
ABOUT = About(
    code="ND-7K3M-Q2",
    symbol="45/UBND-VP",
    issued="2016-10-15",
    kind="Công văn",
    subject="V/v báo cáo tình hình thực hiện nhiệm vụ 9 tháng đầu năm 2016",
    due="2016-10-30",
    origin="UBND xã Hải Phúc",
    received_at="2016-10-15T02:30:00+00:00",
    recipients=("UBND huyện Hải Hậu", "Sở Nội vụ"),
    enclosures=(Enclosure("scan 1.PDF", "application/pdf", len(PDF), PDF_SHA, "document"),),
)
FACTS: dict[str, Fact] = {
    "files": "45-UBND-VP.pdf",
    "address": "hoa@xa.example",
    "at": "2016-10-15T02:30:00+00:00",
    "back_asked": ("Sở Nội vụ",),
    "back_taken": ("UBND xã Hải An",),
    "backs": ("16",),
    "codes": ("ND-7K3M-Q2", "ND-1111-A1"),
    "confirmed": ("1",),
    "days": ("2016-10-15", ""),
    "life": "registered",
    "more": "",
    "numbers": ("12/2016",),
    "origins": ("UBND xã Hải Phúc", "UBND xã Hải An"),
    "said": ("Đã nhận.",),
    "standings": ("information", "confirmed"),
    "states": ("03",),
    "subjects": ("V/v báo cáo", ""),
    "symbols": ("45/UBND-VP", ""),
    "times": ("2016-10-15T02:30:00+00:00",),
    "verb": "lookup",
    "wanted": "45/UBND-VP",
    "was": ("54/UBND-VP",),
    "code": "ND-1111-A1",
    "note": "Kính gửi anh,\n\nEm gửi báo cáo.",
    "number": 12,
    "peer": "mx.example: 550 5.1.1 no such user",
    "recipients": "ai@namdinh.example",
    "since": "2016-10-15T02:30:00+00:00",
    "status": "03",
    "symbol": "45/UBND-VP",
    "to": "03",
    "unit": "UBND huyện Hải Hậu",
    "units": ("Sở Nội vụ",),
    "until": "2016-10-20T02:30:00+00:00",
    "why": "full",
    "words": "Gửi nhầm nơi.",
    "year": 2016,
}
QUESTION = Question(
    (
        Choice(1, "UBND xã Hồng Quang", "hongquang.yyen", "UBND xã Hồng Quang (UBND huyện Ý Yên)"),
        Choice(2, "UBND xã Hồng Quang", "hongquang.namtruc", "UBND xã Hồng Quang (UBND huyện Nam Trực)"),
        Choice(3, "xã Hải Phog", "haiphong.haihau", "UBND xã Hải Phong (UBND huyện Hải Hậu)"),
    ),
    ("Phòng Tài chín",),
    {"xã Hải Phog": "Danh bạ không có “xã Hải Phog”, nhưng có tên gần giống."},
)
ASKED = Asked("haihau@namdinh.example", ("FAILURE",), "rfc822;huyen@haihau.example", "QQ1")
FATE = Fate("failed", "5.1.1", "550 5.1.1 no such user", "2016-10-15T02:40:00+00:00", "", "2016-10-15T02:30:00+00:00")
REPORTS = {f"delivery-{action}": action for action in ("failed", "delayed", "delivered", "relayed")}


def letter(template: str = "delivery", language: str = "vi", **facts: Fact) -> Letter:
    """A letter of that template; facts given here take the place of the usual ones."""
    known = FACTS | ({"status": "5.1.1"} if template in REPORTS else {}) | facts
    kind = Kind.DELIVERY if template == "delivery" else Kind.NOTICE
    spec = Spec(template, language, tuple(sorted(known.items())), question=QUESTION)
    if template in REPORTS:
        kind = Kind.REPORT
        spec = replace(spec, asked=ASKED, fate=replace(FATE, action=REPORTS[template]))
    queued = datetime(2016, 10, 15, 2, 31, tzinfo=UTC)
    return Letter(1201, 1100, kind, "vanthu@haihau.example", queued, spec, "UBND huyện Hải Hậu", ABOUT)
