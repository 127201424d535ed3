"""What fuzzing starts from: small inputs of each reader, from our corpus, and from the samples where they are.

Promises:  every seed is at most ``LARGEST`` octets, so that thousands are tried in a minute; a whole set is made in
           seconds. The words of each reader's grammar, as octets.
Never:     writes anything.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from gateway.examine.containers import small
from gateway.examine.plain import Part, dumped
from gateway.examine.small import small_files
from gateway.examine.small_pdf import pdf
from mailmap.document.page import Line, Reading
from mailmap.mail.parse import parse
from tests.gateway.examine import old_files as old
from tests.gateway.examine import outlooks, wrapped
from tests.gateway.examine.made import doc
from tests.mailmap import typed_pages
from tests.mailmap.mails import BODIES, FIELDS, VALUES, typed
from tests.mailmap.old_letters import FOREIGN, OFFICIAL, WRITERS
from tests.samples import SAMPLES

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "tests" / "corpus"
LARGEST = 24_576

MAIL_WORDS = tuple(
    dict.fromkeys([*BODIES, *VALUES, *(name + b": " for name in FIELDS), b"\r\n\r\n", b'"', b"(", b"=?", b"?="])
)
BOUNCE_WORDS = (
    *(
        b"Action: failed\r\n",
        b"Action: delayed\r\n",
        b"Status: 5.1.1\r\n",
        b"Diagnostic-Code: smtp; 550 ",
        b"550 5.1.1 ",
    ),
    *(
        b"Final-Recipient: rfc822;",
        b"MAILER-DAEMON",
        b"Undelivered Mail Returned to Sender",
        b"User unknown",
        b"will retry",
    ),
)
REPLY_WORDS = tuple(
    text.encode()
    for text in (
        *(
            "> ",
            ">> ",
            "-- \n",
            "On Mon, A wrote:\n",
            "Vào 15:00, A đã viết:\n",
            "-----Thư gốc-----\n",
            "Từ: ",
            "Đã gửi: ",
        ),
        *(
            "Từ: a@b\nĐã gửi: x\nĐến: c\nChủ đề: y\n",
            "Trân trọng,\n",
            "Gửi từ iPhone của tôi\n",
            "TL: ",
            "RE[2]: ",
            "CT: ",
        ),
        *(
            "________________________________\n",
            "From: a\nSent: b\nTo: c\nSubject: d\n",
            "-----Original Message-----\n",
        ),
    )
)
FIELD_WORDS = tuple(
    text.encode()
    for text in (
        *("45/UBND-VP", "Số: 45/QĐ-UBND", "ngày 15 tháng 10 năm 2016", "15/10/2016", "V/v ", "Căn cứ ", "Kính gửi: "),
        *(
            "Nơi nhận:",
            "KT. CHỦ TỊCH",
            "HỎA TỐC",
            "MẬT",
            "KHẨN",
            "QUYẾT ĐỊNH",
            "THÔNG BÁO",
            "BÁO CÁO",
            "ĐẾN",
            "\n\n",
            ".pdf",
        ),
        *(
            "ỦY BAN NHÂN DÂN",
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "Độc lập - Tự do - Hạnh phúc",
            "VBHN-",
            "trước ngày ",
        ),
    )
)
OLD_WORDS = tuple(write(word) for write in WRITERS.values() for word in ("Việt Nam", "ủy ban", "đã nhận", "QUYẾT ĐỊNH"))
WRAPPING_WORDS = (
    *(b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"\x78\x9f\x3e\x22", b"Rar!\x1a\x07\x01\x00", b"Rar!\x1a\x07\x00"),
    *(
        b"\x02\x01\x90\x06\x00",
        b"\x02\x05\x90\x06\x00",
        b"\x02\x0f\x80\x06\x00",
        b"LZFu",
        b"MELA",
        b"\x30\x80",
        b"\x24\x80",
    ),
    *(b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08\x00", b"ustar\x0000", b"../", b"\xff\xff\xff\xff", b"\x00" * 8),
)
MARKUP_WORDS = (
    *(b"<p>", b"<table><tr><td>", b"<!--", b"<script>", b"&amp;", b"<meta charset=", b"</", b"style='display:none'"),
    *(
        b"{\\rtf1\\ansi ",
        b"\\par ",
        b"\\u7845?",
        b"\\'e9",
        b"{\\fonttbl{\\f0\\fnil .VnTime;}}",
        b"{\\*\\",
        b"\\bin100 ",
    ),
)


def _phrases() -> Iterator[str]:
    """The phrases of the shipped table of commands, however it is arranged."""
    waiting: list[object] = [tomllib.loads((ROOT / "config/commands.toml").read_text("utf-8"))]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)


COMMAND_WORDS = tuple(phrase.encode() for phrase in _phrases())


def _some(*folders: Path, pattern: str) -> list[bytes]:
    """Small files of these folders."""
    paths = chain.from_iterable(sorted(folder.glob(pattern)) for folder in folders if folder.is_dir())
    return [octets for path in paths if path.is_file() and len(octets := path.read_bytes()) <= LARGEST]


def mails() -> Iterable[bytes]:
    """Our corpus, and the samples of odd mails."""
    return [*_some(CORPUS, pattern="*.eml"), *_some(SAMPLES / "mail/malformed", pattern="*.eml")]


def bounces() -> Iterable[bytes]:
    """Real bounces where there are some, and two of ours."""
    prose = b"From: MAILER-DAEMON@b.vn\r\nSubject: Undelivered Mail\r\n\r\n<a@b.vn>: 550 User unknown\r\n"
    head = b"From: postmaster@b.vn\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
    status = b"Final-Recipient: rfc822; a@b.vn\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 no\r\n"
    part = b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; b.vn\r\n\r\n" + status
    return [prose, head + part + b"\r\n--b--\r\n", *_some(SAMPLES / "mail/bounces", pattern="*.txt")]


def replies() -> Iterable[bytes]:
    """A subject and the answer below it."""
    ours = (
        "TL: 45/UBND-VP\nĐã nhận.\n\nTrân trọng,\nVăn thư\n\nVào 15:00 15/10/2016, Văn phòng đã viết:\n> Kính gửi\n> 45"
    )
    return [ours.encode(), *(b"Re: x\n" + octets for octets in _some(SAMPLES / "mail/replies", pattern="*.txt"))]


def subjects() -> Iterable[bytes]:
    """What the mails of the corpus say: subject, file names, body."""
    ours = ["Công văn số 45/UBND-VP ngày 15/10/2016 V/v họp\n45_UBND-VP.pdf\n\nKính gửi: Sở\nSố: 45/UBND-VP"]
    for octets in mails():
        message = parse(octets, typed)
        names = [one.name or "" for one in message.attachments]
        ours.append("\n".join([message.subject, *names, "", message.text[:4_000]]))
    return [text.encode() for text in ours]


def pages() -> Iterable[bytes]:
    """Pages as the form of documents lays them out."""
    sheets = [
        typed_pages.head() + typed_pages.ABOUT + typed_pages.LETTER,
        typed_pages.head("Số: 12/QĐ-UBND") + typed_pages.DECISION,
        typed_pages.head("Số:    /QĐ-UBND", number=0.3) + typed_pages.DECISION,
        [Line(text) for text in OFFICIAL],
    ]
    return [page_text(sheet).encode() for sheet in sheets]


def page_text(lines: Iterable[Line]) -> str:
    """Lines with their places, one on a line."""
    return "\n".join(
        f"{box.left:g} {box.top:g} {box.right:g} {box.bottom:g} {line.sure:g} {int(line.bold or 0)}|{line.text}"
        if (box := line.box)
        else line.text
        for line in lines
    )


def readings() -> Iterable[bytes]:
    """Readings as children of the sandbox tell them."""
    reading = typed_pages.reading(typed_pages.head() + typed_pages.LETTER, typed_pages.DECISION)
    return [dumped(Part("application/pdf", one, (2,))) for one in (reading, Reading((), 0, ("encrypted",)))]


def answers() -> Iterable[bytes]:
    """Every phrase, and a few sentences."""
    return [*COMMAND_WORDS, "Đã nhận, số đúng là 45/UBND-VP ngày 15/10.\nTrân trọng".encode(), b"1, 3\n"]


def old_letters() -> Iterable[bytes]:
    """Sentences in every old alphabet, and some that are in none."""
    return [
        *(write("\n".join(OFFICIAL[:4])) for write in WRITERS.values()),
        "\n".join(FOREIGN).encode("cp1252", "ignore"),
    ]


def files() -> Iterable[bytes]:
    """One small file of each kind, and a PDF behind junk."""
    return [*(octets for octets in small_files() if len(octets) <= LARGEST), b"\r\n\x00junk" + pdf()]


def containers() -> Iterable[bytes]:
    """One container of each kind, by hand."""
    texts = {0x0037: "Công văn 45", 0x1000: "Kính gửi", 0x0C1A: "Văn thư", 0x0C1F: "a@b.vn"}
    files = [{0x3707: "Công văn.pdf", 0x3704: "C~1.PDF", 0x3701: pdf()}]
    ours = [
        outlooks.tnef(texts, files),
        outlooks.tnef({0x1009: small.RTF}, files, code_page=1258),
        outlooks.msg(texts, files=files, recipients=[{0x3001: "B", 0x39FE: "b@b.vn", 0x0C15: 1}]),
        *(wrapped.rar4([(b"a.txt", b"a", 0)]), wrapped.rar5({"b.txt": b"b"})),
        wrapped.zip_of(wrapped.Entry("Tờ trình.pdf".encode(), pdf())),
    ]
    return [*(octets for octets in ours if len(octets) <= LARGEST), *small.containers().values()]


def old_files() -> Iterable[bytes]:
    """Word 97 in pieces and in fonts, and plain texts."""
    fonts = [(".VnTimeH", WRITERS["TCVN3"]("ủy ban")), ("VNI-Times", WRITERS["VNI"]("tỉnh")), ("", b"So: 45")]
    return [doc([("So: 45\r", True), ("Ngày 15\x07", False)]), old.doc(fonts), *old_letters()]


def marked() -> Iterable[bytes]:
    """Web pages and RTF."""
    return [
        b"<html><head><meta charset=utf-8></head><body><p>a<table><tr><td>b</table></html>",
        rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 .VnTime;}{\f1 Times;}}\f0 C\'e9ng ho\'b5\par S\u7889? 45\par}",
        old.rtf([(".VnTimeH", WRITERS["TCVN3"]("ủy ban")), ("VNI-Times", WRITERS["VNI"]("tỉnh"))], unicode=True),
        old.page([(".VnTimeH", WRITERS["TCVN3"]("ủy ban")), ("VNI-Times", WRITERS["VNI"]("tỉnh"))]),
        *_some(SAMPLES / "mail/malformed", pattern="*html*"),
    ]
