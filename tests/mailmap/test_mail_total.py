"""Every byte string is some message: nothing raises, nothing takes long, nothing is lost in silence."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings

from gateway.examine.filetype import sniff
from mailmap.mail.automatic import is_automatic
from mailmap.mail.charset import UNPRINTABLE
from mailmap.mail.parse import parse
from mailmap.mail.reply import read_reply
from mailmap.mail.report import read_report
from tests.mailmap.mails import octets, strings, typed

MANY = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
HEAD = b"From: a@b.vn\r\nDate: Mon, 5 Aug 2024 14:05:00 +0700\r\n"
HTML = HEAD + b"Content-Type: text/html; charset=utf-8\r\n\r\n"
TEXT = HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
BOUNCE = b"From: MAILER-DAEMON@b.vn\r\nSubject: Undelivered Mail\r\n\r\nYour mail could not be delivered:\r\n"
TYPE = b"Content-Type: "
TYPED = HEAD + TYPE
MIXED = TYPED + b"multipart/mixed; boundary=b\r\n\r\n"

HOSTILE: dict[str, Callable[[], bytes]] = {
    "brackets": lambda: b"From: " + b"(" * 60_000 + b"\r\n\r\n",
    "angles": lambda: b"From: " + b"<" * 60_000 + b"\r\n\r\n",
    "quotes": lambda: b"From: " + b'\\"' * 30_000 + b"\r\n\r\n",
    "one long word": lambda: b"From: " + b"a" * 65_000 + b"\r\nTo: " + b"a b@" * 15_000 + b"\r\n\r\n",
    "addresses": lambda: b"To: " + b"a@b.vn," * 9_000 + b"\r\n\r\n",
    "encoded words": lambda: b"Subject: " + b"=?a?q?" * 10_000 + b"\r\n\r\n",
    "empty words": lambda: b"Subject: " + b"=?utf-8?q??= " * 5_000 + b"\r\n\r\n",
    "prefixes": lambda: b"Subject: " + b"Re: " * 16_000 + b"\r\n\r\n",
    "header block": lambda: b"X: y\r\n" * 500_000 + b"\r\nz",
    "no header": lambda: b"x" * 3_000_000,
    "blank lines": lambda: b"\r\n" * 1_000_000,
    "parameters": lambda: TYPED + b"text/plain" + b'; a="' * 20_000 + b"\r\n\r\n",
    "sections": lambda: TYPED + b"a/b; " + b"".join(b"name*%d*=%%41;" % n for n in range(2_000)) + b"\r\n\r\n",
    "nested": lambda: b"".join(TYPE + b"multipart/mixed; boundary=n%d\r\n\r\n--n%d\r\n" % (n, n) for n in range(3_000)),
    "same boundary nested": lambda: b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" * 3_000,
    "parts": lambda: MIXED + b"--b\r\n\r\nx\r\n" * 100_000,
    "part headers": lambda: MIXED + (b"--b\r\n" + b"X: y\r\n" * 5_000 + b"\r\n") * 60,
    "almost boundaries": lambda: MIXED + b"--b\r\n\r\n" + b"--bx\r\n" * 500_000,
    "dashes": lambda: TYPED + b"multipart/mixed; boundary=" + b"-" * 60 + b"\r\n\r\n" + b"-" * 3_000_000,
    "base64 runs": lambda: HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n" + b"QQ==" * 500_000,
    "uuencode": lambda: TEXT + b"begin 644 x\r\n" * 20_000,
    "deep html": lambda: HTML + b"<div>" * 100_000,
    "open comments": lambda: HTML + b"<!--" * 100_000,
    "open attributes": lambda: HTML + b'<a "' * 100_000,
    "wide table": lambda: HTML + b"<table><tr><td>" + b"y" * 100_000 + b"</td><td>z" + b"<br>q" * 5_000,
    "entities": lambda: HTML + b"&amp" * 100_000,
    "quoted deep": lambda: HTML + b"<blockquote>" * 20_000 + b"<br>" * 20_000,
    "flowed": lambda: HEAD + b"Content-Type: text/plain; format=flowed\r\n\r\n" + b"word \r\n" * 250_000,
    "dashed lines": lambda: BOUNCE + (b"-" * 990 + b"\r\n") * 400,
    "words and at": lambda: BOUNCE + (b"a" * 900 + b" @\r\n") * 400,
    "many addresses": lambda: BOUNCE + (b"<a@b.vn> " * 100 + b"\r\n") * 400,
    "delivery status": lambda: TYPED + b"message/delivery-status\r\n\r\n" + b"Final-Recipient: a@b\r\n\r\n" * 50_000,
    "header blocks": lambda: TEXT + "Từ: a@b\r\nNgày: x\r\n".encode() * 20_000,
    "attributions": lambda: TEXT + b"On 2024 a\r\n" * 60_000,
    "device lines": lambda: TEXT + b"Sent from my iPhone\r\n" * 60_000,
    "closings": lambda: TEXT + "Trân trọng\r\n".encode() * 60_000,
}  # fmt: skip


def understood(raw: bytes, types: Callable[[bytes], str] = typed) -> list[str]:
    """Everything the mail room says of these octets, as its strings."""
    message = parse(raw, types)
    report = read_report(message)
    reply = read_reply(message.text, message.subject)
    told = [text for one in (report.recipients if report else ()) for text in (one.address, one.status, one.diagnostic)]
    return [
        *strings(message),
        *told,
        reply.text,
        reply.quoted,
        reply.signature,
        reply.subject,
        str(is_automatic(message)),
    ]


@given(octets)
@MANY
def test_no_octets_raise_and_no_string_holds_what_text_cannot_hold(raw: bytes) -> None:
    """Every byte string is some message, whose strings hold no NUL, no other control character, no lone surrogate."""
    for text in understood(raw):
        assert not UNPRINTABLE.search(text)
        assert text.encode("utf-8").decode("utf-8") == text


@given(octets)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_libmagic_answers_for_every_attachment(raw: bytes) -> None:
    """The same with the real judge of file types: each attachment has one media type."""
    for attachment in parse(raw, sniff).attachments:
        assert attachment.type.count("/") == 1


@given(octets)
@MANY
def test_the_same_octets_give_the_same_message(raw: bytes) -> None:
    """Parsing has no memory and no chance in it: defects and digest are stable."""
    assert parse(raw, typed) == parse(raw, typed)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_octets_take_no_longer_than_honest_ones(name: str) -> None:
    """Nothing an attacker writes makes work grow faster than the mail: some megabytes cost seconds at most."""
    raw = HOSTILE[name]()
    before = time.process_time()
    understood(raw)
    assert time.process_time() - before < 4.0


@pytest.mark.parametrize(
    ("name", "defect"),
    [
        ("nested", "parts nested deeper than 50 levels"),
        ("parts", "more than 1000 parts, the rest is kept as one"),
        ("header block", "more than 1000 header fields, the rest was not read"),
        ("almost boundaries", "too many lines that look like boundaries"),
        ("parameters", "header field longer than 8192 octets, cut there"),
        ("part headers", "more than 1048576 octets of part headers"),
    ],
)
def test_a_limit_that_is_met_is_named(name: str, defect: str) -> None:
    """What a guard cut off is said in the defects, never left out in silence."""
    assert defect in parse(HOSTILE[name](), typed).defects


def test_what_lies_beyond_a_limit_is_kept() -> None:
    """The octets below the fiftieth level and behind the thousandth part stay in an attachment."""
    nested = parse(HOSTILE["nested"](), typed)
    assert sum(one.size for one in nested.attachments) > 100_000
    parts = parse(HOSTILE["parts"](), typed)
    assert len(parts.attachments) <= 1_000
    assert sum(one.size for one in parts.attachments) + len(parts.text) > 500_000
