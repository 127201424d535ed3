"""What a message is made of: identity, fields, dates, addresses, text, attachments."""

from __future__ import annotations

import base64
import tracemalloc
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailmap.mail.addresses import mailboxes
from mailmap.mail.attachment import Role
from mailmap.mail.charset import decode, vietnamese
from mailmap.mail.dates import read_date
from mailmap.mail.header import read_header
from mailmap.mail.markup import to_text
from mailmap.mail.message import Mailbox
from mailmap.mail.parse import parse
from mailmap.mail.roles import Clue, roles
from mailmap.mail.transfer import decode as undo
from mailmap.mail.words import readable
from tests.mailmap.mails import letter, typed
from tests.pdf_files import PDF

TRACES = (
    "Return-Path: <a@xa.vn>",
    "Received: from a by b; Mon, 5 Aug 2024 14:05:00 +0700",
    "Delivered-To: b@huyen.example.vn",
    "Authentication-Results: mx; spf=pass",
    "ARC-Seal: i=1; a=rsa-sha256",
    "DKIM-Signature: v=1; a=rsa-sha256;\r\n b=abc",
    "X-Spam-Status: No",
)


@pytest.mark.parametrize("trace", TRACES)
def test_a_copy_that_came_another_way_has_the_same_digest(trace: str) -> None:
    """lesson 3: what servers add on the way does not make another mail."""
    assert letter().digest == letter(extra=[trace]).digest


@pytest.mark.parametrize(
    "change", [{"text": "Đã nhận"}, {"subject": "y"}, {"extra": ["X-Own: 1"]}, {"author": "c@xa.vn"}]
)
def test_what_the_sender_wrote_is_part_of_the_digest(change: dict[str, str]) -> None:
    """Another word, subject, author or own field is another mail."""
    assert letter().digest != letter(**change).digest


def test_hops_and_our_own_loop_marker_are_counted() -> None:
    """A loop is seen by the number of Received fields and by our marker."""
    message = letter(extra=["Received: x", "Received: y", "X-Lienthong-Loop: gw1", "X-Lienthong-Loop: gw2"])
    assert (message.hops, message.loop) == (2, ("gw1", "gw2"))


def test_message_ids_keep_their_brackets_and_references_their_order() -> None:
    """An answer is found by the ids it names, in whichever field they stand (lesson 2: or none)."""
    message = letter(
        extra=["Message-ID: <1@a>", "References: <2@a>\r\n <3@a>, <2@a>", "References: <4@a>", "In-Reply-To: <4@a>"]
    )
    assert (message.message_id, message.references, message.in_reply_to) == (
        "<1@a>",
        ("<2@a>", "<3@a>", "<4@a>"),
        ("<4@a>",),
    )
    assert letter().message_id is None


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("a@b.vn", [("", "a@b.vn")]),
        ("Văn thư <a@b.vn>", [("Văn thư", "a@b.vn")]),
        ('"Huyện, Hải Hậu" <a@b.vn>, c@d.vn', [("Huyện, Hải Hậu", "a@b.vn"), ("", "c@d.vn")]),
        ("a@b.vn (Ông A (lớn))", [("Ông A lớn", "a@b.vn")]),
        ("MAILER-DAEMON@b.vn (Mail Delivery System)", [("Mail Delivery System", "MAILER-DAEMON@b.vn")]),
        ("Nhóm: a@b.vn, c@d.vn;, e@f.vn", [("", "a@b.vn"), ("", "c@d.vn"), ("", "e@f.vn")]),
        ("undisclosed-recipients:;", []),
        ("<@x.vn,@y.vn:a@b.vn>", [("", "a@b.vn")]),
        ("A <a @ b.vn>", [("A", "a@b.vn")]),
        ("=?utf-8?B?VsSDbiB0aMawIDxhQGIudm4+?=", [("Văn thư", "a@b.vn")]),
        ("=?utf-8?Q?L=C3=AA,_A?= <a@b.vn>", [("Lê, A", "a@b.vn")]),
        ('"Jetmail" <>', [("Jetmail", "")]),
        ("Văn phòng", [("Văn phòng", "")]),
        ('"chưa đóng <a@b.vn>', [('"chưa đóng', "a@b.vn")]),
        ('"a b"@b.vn', [("", '"a b"@b.vn')]),
        ("a@[192.0.2.1]", [("", "a@[192.0.2.1]")]),
        ("", []),
        (", ,", []),
    ],
)
def test_address_lists_are_read_as_people_write_them(written: str, read: list[tuple[str, str]]) -> None:
    """lesson 17: every value is some list of mailboxes."""
    assert list(mailboxes(written, [])) == [Mailbox(name, address) for name, address in read]


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("Mon, 5 Aug 2024 14:05:00 +0700", datetime(2024, 8, 5, 7, 5, tzinfo=UTC)),
        ("5 Aug 24 14:05 +0700 (ICT)", datetime(2024, 8, 5, 7, 5, tzinfo=UTC)),
        ("Mon Aug  5 14:05:00 2024", datetime(2024, 8, 5, 14, 5, tzinfo=UTC)),
        ("2024-08-05T14:05:00+07:00", datetime(2024, 8, 5, 7, 5, tzinfo=UTC)),
        ("Mon, 5 Aug 2024 2:05:00 PM +0700", datetime(2024, 8, 5, 7, 5, tzinfo=UTC)),
        ("Mon, 5 Aug 2024 23:59:60 GMT", datetime(2024, 8, 5, 23, 59, 59, tzinfo=UTC)),
        ("Mon, 35 Aug 2024 14:05:00 +0700", None),
        ("Mon, 5 Aug 9999 14:05:00 +0700", None),
        ("hôm qua", None),
    ],
)
def test_dates_are_read_or_named(written: str, moment: datetime | None) -> None:
    """lesson 24: a date is an aware time or a defect, never an error."""
    defects: list[str] = []
    assert read_date(written, defects) == moment
    assert (moment is None) == ("unreadable date" in defects)


@given(st.text(max_size=40))
def test_every_date_value_has_an_answer(written: str) -> None:
    """What is read can be turned into any time zone: no overflow later."""
    found = read_date(written, [])
    assert found is None or found.astimezone(UTC).year < 2201


@given(st.text(alphabet="abcđêưáỵ 1.,?=_", max_size=60))
def test_words_of_every_charset_come_back(text: str) -> None:
    """RFC 2047 in base64, however it is cut: the reader gets the writer's words."""
    octets = text.encode()
    cut = len(octets) // 2
    words = [base64.b64encode(part).decode() for part in (octets[:cut], octets[cut:])]
    value = " ".join(f"=?utf-8?B?{word}?=" for word in words).encode()
    assert readable(value, []) == " ".join(text.split())


@given(st.binary(max_size=400), st.integers(1, 80))
def test_base64_of_any_line_length_comes_back(octets: bytes, width: int) -> None:
    """Base64 is undone whatever its line length, with and without padding at the end."""
    text = base64.b64encode(octets)
    lines = b"\r\n".join(text[n : n + width] for n in range(0, len(text), width))
    for written in (lines, lines.rstrip(b"="), lines + b"\r\n"):
        defects: list[str] = []
        assert undo(written, 0, len(written), "base64", defects) == octets
        assert defects == []


@pytest.mark.parametrize(
    ("octets", "declared", "text"),
    [
        ("Đã nhận".encode(), None, "Đã nhận"),
        ("Đã nhận".encode("utf-16"), "utf-16", "Đã nhận"),
        (b"\x1b$B$9\x1b(B", "iso-2022-jp", "す"),
        ("Formação".encode("cp1252"), None, "Formação"),
        ("ciò così".encode("cp1252"), "iso-8859-1", "ciò così"),
        (b"\x93x\x94", "iso-8859-1", "“x”"),
        (b"abc", "no-such", "abc"),
        (b"x", "idna", "x"),
        (b"\\x41", "unicode_escape", "\\x41"),
        (b"caf\xe9", "utf-8", "café"),
        ("Đã nhậ".encode() + b"\xe1\xba", "utf-8", "Đã nhậ\ufffd"),
    ],
)
def test_text_is_read_in_the_charset_that_holds(octets: bytes, declared: str | None, text: str) -> None:
    """lesson 19: the declared charset when it holds, else the best guess; only text codecs are ever asked."""
    assert decode(octets, declared, []) == text


def test_italian_is_not_taken_for_vietnamese() -> None:
    """The tone octets of Windows-1258 must all follow vowels, in numbers, before a declared charset is doubted."""
    assert not vietnamese("però così è lunedì".encode("cp1252"), marks=3)
    assert vietnamese(b"\xd0\xea\xcc nghi\xf2 c\xe2\xecp", marks=3)


def test_a_field_keeps_its_octets() -> None:
    """Each field knows where it stands, so that copies can be compared without copying."""
    raw = b"A: 1\r\n 2\r\nB:3\r\n\r\nbody"
    header = read_header(raw, 0, len(raw), [])
    assert [(field.name, field.value, raw[field.start : field.end]) for field in header.fields] == [
        ("A", b"1 2", b"A: 1\r\n 2\r\n"),
        ("B", b"3", b"B:3\r\n"),
    ]
    assert raw[header.body :] == b"body"


def test_hidden_parts_of_html_are_not_text() -> None:
    """What a reader does not see is not read: scripts, styles, comments, display:none."""
    html = (
        "<head><title>t</title></head><p>a</p><script>b</script><!-- c --><div style='display:none'>d<div></div></div>f"
    )
    assert to_text(html) == "a\n\nf"


def test_a_mail_of_25_mib_takes_less_than_three_times_its_size() -> None:
    """Nothing is copied more than once: the decoded attachment is all that is added to the octets."""
    body = base64.encodebytes(PDF + bytes(18 * 1024 * 1024)).replace(b"\n", b"\r\n")
    raw = b"From: a@b.vn\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n" + body
    tracemalloc.start()
    message = parse(raw, typed)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert message.attachments[0].type == "application/pdf"
    assert len(raw) + peak < 3 * len(raw)


@pytest.mark.parametrize(
    ("clues", "expected"),
    [
        ([Clue("", "application/pdf", None, 9_000, True, False)], [Role.DOCUMENT]),
        ([Clue("image/jpeg", "image/jpeg", "scan.jpg", 400_000, False, False)], [Role.DOCUMENT]),
        ([Clue("image/png", "image/png", "image001.png", 3_000, True, True)], [Role.LOGO]),
        ([Clue("image/png", "image/png", "map.png", 300_000, True, True)], [Role.INLINE]),
        ([Clue("", "application/zip", "a.zip", 9_000, False, False)], [Role.UNKNOWN]),
        (
            [
                Clue("", "application/msword", "a.doc", 9, False, False),
                Clue("", "application/pdf", "a.pdf", 9, False, False),
            ],
            [Role.ANNEX, Role.DOCUMENT],
        ),
    ],
)
def test_roles_are_given_as_a_clerk_would(clues: list[Clue], expected: list[Role]) -> None:
    """lesson 25: pictures in the text are no documents; the signed PDF is, its Word copy goes with it."""
    assert list(roles(clues)) == expected
