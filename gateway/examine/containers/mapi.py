"""MAPI properties: the values of which Outlook's mails consist, in a winmail.dat and in a .msg alike.

Promises:  texts are read in the code page that is told, or by what they are; what is missing is "" or None.
Never:     fails on a value of another type or length: it counts as missing.
Fails:     never.

Source: [MS-OXPROPS] (numbers), [MS-OXCDATA] 2.11.1 (types).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import IntEnum

from mailmap.mail import charset

TEXT8, TEXT16, BINARY, OBJECT, TIME = 0x1E, 0x1F, 0x102, 0x0D, 0x40
EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
CODE_PAGES = {
    65001: "utf-8",
    20127: "us-ascii",
    936: "gb18030",
    54936: "gb18030",
    932: "cp932",
    949: "cp949",
    950: "big5",
    874: "cp874",
    20866: "koi8-r",
    21866: "koi8-u",
    50220: "iso-2022-jp",
    1200: "utf-16-le",
    28591: "iso-8859-1",
}
ISO = range(28592, 28606)


class Tag(IntEnum):
    """The numbers of the properties that are read."""

    MESSAGE_CLASS = 0x001A
    SUBJECT = 0x0037
    SUBMITTED = 0x0039
    REPRESENTING_NAME = 0x0042
    REPRESENTING_TYPE = 0x0064
    REPRESENTING_ADDRESS = 0x0065
    HEADERS = 0x007D
    RECIPIENT_TYPE = 0x0C15
    SENDER_NAME = 0x0C1A
    SENDER_TYPE = 0x0C1E
    SENDER_ADDRESS = 0x0C1F
    DISPLAY_CC = 0x0E03
    DISPLAY_TO = 0x0E04
    DELIVERED = 0x0E06
    NORMAL_SUBJECT = 0x0E1D
    BODY = 0x1000
    RTF = 0x1009
    HTML = 0x1013
    MESSAGE_ID = 0x1035
    REFERENCES = 0x1039
    IN_REPLY_TO = 0x1042
    DISPLAY_NAME = 0x3001
    ADDRESS_TYPE = 0x3002
    EMAIL_ADDRESS = 0x3003
    ATTACHED = 0x3701
    SHORT_NAME = 0x3704
    ATTACH_METHOD = 0x3705
    LONG_NAME = 0x3707
    MIME_TYPE = 0x370E
    CONTENT_ID = 0x3712
    SMTP_ADDRESS = 0x39FE
    INTERNET_CODE_PAGE = 0x3FDE
    CODE_PAGE = 0x3FFD
    SENDER_SMTP = 0x5D01
    REPRESENTING_SMTP = 0x5D02


@dataclass(frozen=True, slots=True)
class Properties:
    """The properties of one object: number to type and octets; ``code_page`` is that of its 8-bit texts."""

    values: Mapping[int, tuple[int, bytes]] = field(repr=False)
    code_page: int = 0

    def text(self, tag: Tag) -> str:
        """A text, without its closing NUL."""
        kind, octets = self.values.get(tag, (0, b""))
        if kind == TEXT16:
            return charset.readable(charset.clean(octets.decode("utf-16-le", "replace").rstrip("\0")), [])
        if kind == TEXT8:
            return charset.decode(octets.rstrip(b"\0"), label(self.code_page), [])
        return ""

    def octets(self, tag: Tag) -> bytes | None:
        """A binary value as it is; 8-bit text counts as one."""
        kind, octets = self.values.get(tag, (0, b""))
        return octets if kind in (BINARY, OBJECT, TEXT8) else None

    def number(self, tag: Tag) -> int | None:
        """A whole number of 16 or 32 bits."""
        kind, octets = self.values.get(tag, (0, b""))
        return int.from_bytes(octets[:4], "little") if kind in (2, 3, 11) and octets else None

    def moment(self, tag: Tag) -> datetime | None:
        """A time, in UTC."""
        kind, octets = self.values.get(tag, (0, b""))
        if kind != TIME or len(octets) < 8:  # noqa: PLR2004  a FILETIME
            return None
        (ticks,) = struct.unpack_from("<Q", octets)
        try:
            return EPOCH + timedelta(microseconds=ticks // 10) if ticks else None
        except OverflowError:
            return None


def label(code_page: int) -> str | None:
    """The charset label of a Windows code page, None when it is not known."""
    if code_page in ISO:
        return f"iso-8859-{code_page - 28590}"
    named = CODE_PAGES.get(code_page, f"cp{code_page}")
    return named if charset.codec_of(named) else None


def one_line(text: str) -> str:
    """A text as a header field may hold it."""
    return re.sub(r"\s+", " ", text).strip()
