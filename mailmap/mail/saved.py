"""Mails that programs saved or passed on in ways of their own, as the octets that were sent.

Promises:  lines end in LF again where a program wrote CR alone; a mail saved as UTF-16 text is UTF-8; the body of a
           multipart that was encoded as a whole (RFC 2045 section 6.4 forbids it) is decoded. All else is returned as
           it is, not copied.
Never:     changes where a header field stands, but in UTF-16.
Fails:     never; what was undone is named in ``defects``.
"""

from __future__ import annotations

import re

from mailmap.mail.header import Header
from mailmap.mail.parameters import read_parameters
from mailmap.mail.transfer import BASE64, QUOTED, decode, encoding_of
from mailmap.mail.words import raw_text

LOOKED = 65_536  # octets in which a line must end
MARKS = (b"\xff\xfe", b"\xfe\xff")
ESCAPED = re.compile(rb"(?:boundary|charset)=3D", re.IGNORECASE)


def as_sent(raw: bytes, defects: list[str]) -> bytes:
    """The octets with the line ends and the letters of mail."""
    if raw.startswith(MARKS):
        defects.append("a mail saved as UTF-16 text")
        return raw.decode("utf-16", "replace").encode("utf-8", "replace")
    if raw.find(b"\n", 0, LOOKED) < 0 and raw.count(b"\r", 0, LOOKED) > 1:
        defects.append("lines that end in CR alone")
        return raw.replace(b"\r", b"\n")
    return raw


def unwrapped(raw: bytes, header: Header, defects: list[str]) -> bytes:
    """The octets with the body decoded when it is a multipart that was encoded as a whole."""
    kind = read_parameters(header.first("content-type"), [])
    encoding = encoding_of(raw_text(header.first("content-transfer-encoding") or b"", [])[:200])
    if not kind.value.startswith("multipart/") or encoding not in BASE64 | QUOTED:
        return raw
    boundary = b"--" + kind.parameters.get("boundary", "").encode("utf-8", "replace")
    if encoding in BASE64 and raw.find(boundary, header.body) >= 0:
        return raw
    if encoding in QUOTED and ESCAPED.search(raw, header.body) is None:
        return raw
    body = decode(raw, header.body, len(raw), encoding, [])
    if boundary not in body:
        return raw
    defects.append("a multipart encoded as a whole")
    return raw[: header.body] + body
