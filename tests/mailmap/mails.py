"""Mails for the tests of the mail room, and the strange octets they must survive.

Promises:  ``letter`` writes a mail from its fields; ``octets`` is a hypothesis strategy of mails that are broken in the
           ways real ones are.
"""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import strategies as st

from mailmap.mail.attachment import Attachment
from mailmap.mail.message import Message
from mailmap.mail.parse import parse

FIELDS = [
    name.encode()
    for name in """
    From To Cc Subject Date Message-ID Content-Type Content-Transfer-Encoding Content-Disposition Content-ID Received
    References In-Reply-To Return-Path X-Failed-Recipients Auto-Submitted Reply-To Sender X-Lienthong-Loop
    """.split()  # noqa: SIM905  a list of words reads better
]
VALUES = [
    value.strip().encode()
    for value in r"""
    multipart/mixed; boundary=b
    multipart/alternative; boundary="b"
    multipart/report; boundary=b
    text/html
    text/plain; charset=windows-1258; format=flowed
    text/plain; charset=utf-7
    text/plain; charset=utf-16
    message/rfc822
    message/delivery-status
    message/disposition-notification
    base64
    quoted-printable
    x-uuencode
    =?utf-8?B?xJ==?= =?utf-8?Q?=C3?=
    =?x?q?
    attachment; filename*0*=utf-8''%C3;filename*1=b
    <a@b.vn>, c@d (((
    "a" <b@c>; g: d@e;
    Mon, 5 Aug 2024 14:05:00 +0700
    9999-12-31
    <>
    Công văn
    """.splitlines()
]
BODIES = [
    *(b"--b\r\n", b"\r\n--b--\r\n", b"--b", b"begin 644 x\r\n", b"end\r\n", b"#0V%T\r\n", b"> x\r\n", b"\xc3\x28\xff"),
    *(b"\x00", b"\r", b"<p>x<blockquote>", b"<!--", b"JVBERi0xLjQK", b"==", b"=C3=A1=\r\n", b"PK\x03\x04", b"\x1b$B"),
    b"Final-Recipient: rfc822; a@b\r\nAction: failed\r\n\r\n",
    b"could not be delivered to <a@b.vn>:\r\n",
    b"-----Original Message-----\r\n",
    b"From: a@b\r\nSubject: x\r\n",
]


def typed(content: bytes) -> str:
    """A type for tests that do not ask libmagic."""
    return "application/pdf" if content.startswith(b"%PDF-") else "application/octet-stream"


def letter(text: str = "Đã nhận.", subject: str = "x", extra: Iterable[str] = (), author: str = "a@xa.vn") -> Message:
    """A plain mail with these words and these further header lines, as parsed."""
    lines = [f"From: {author}", "To: b@huyen.example.vn", f"Subject: {subject}", *extra]
    head = "\r\n".join([*lines, "Date: Mon, 5 Aug 2024 14:05:00 +0700", "Content-Type: text/plain; charset=utf-8"])
    return parse(f"{head}\r\n\r\n{text}".encode(), typed)


def strings(message: Message) -> list[str]:
    """Every string a message holds."""
    boxes = [*message.from_, *message.to, *message.cc, *message.reply_to]
    named = [text for box in boxes for text in (box.name, box.address)]
    headed = [text for pair in message.headers for text in pair]
    held = [text for one in message.attachments for text in attached(one)]
    single = [message.subject, message.text, message.html or "", message.message_id or "", message.content_type]
    listed = [*message.defects, *message.references, *message.in_reply_to, *message.loop]
    return [*named, *headed, *held, *single, *listed]


def attached(one: Attachment) -> tuple[str, ...]:
    """The strings of an attachment."""
    return one.name or "", one.declared_type, one.type, one.content_id or ""


_field = st.builds(
    lambda name, value, end: name + b": " + value + end,
    st.sampled_from(FIELDS),
    st.one_of(st.sampled_from(VALUES), st.binary(max_size=30)),
    st.sampled_from((b"\r\n", b"\n", b"\r\n ")),
)
_body = st.lists(st.one_of(st.sampled_from(BODIES), _field, st.binary(max_size=40)), max_size=14).map(b"".join)
octets = st.one_of(
    st.binary(max_size=300),
    st.builds(lambda head, body: b"".join(head) + b"\r\n" + body, st.lists(_field, max_size=8), _body),
)
