"""Clerks' mails for the benches: each its own paper with its own number, a PDF of a given size, and nothing random.

Promises:  the same arguments give the same octets; no two mails of one run are copies of each other.
"""

from __future__ import annotations

import base64
import random
from datetime import date

from tests.pdf_files import page

SENDER = "vanthu.haiphuc@haihau.namdinh.example"
_HEAD = """From: =?utf-8?B?{name}?= <{sender}>\r
To: <{recipient}>\r
Subject: =?utf-8?B?{subject}?=\r
Date: Sat, 15 Oct 2016 09:00:00 +0700\r
Message-ID: <{run}.{number}@haihau.namdinh.example>\r
MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary="=-giay-to"\r
\r
--=-giay-to\r
Content-Type: text/plain; charset=utf-8\r
Content-Transfer-Encoding: 8bit\r
\r
Kính gửi UBND huyện, xã gửi công văn kèm theo.\r
--=-giay-to\r
Content-Type: application/pdf; name="{file}"\r
Content-Transfer-Encoding: base64\r
Content-Disposition: attachment; filename="{file}"\r
\r
"""
_LINES = ("Kinh gui quy co quan.", "Don vi xin bao cao nhu sau.", "Xin gui quy co quan xem xet.")
_DIGITS = 16  # more than a larger file needs for its numbers


def pdf(size: int, seed: int) -> bytes:
    """A PDF of so many octets (1,000 at least): a page of text, and beside it what does not compress."""
    bare = page(*_LINES, private=b"")
    noise = random.Random(seed).randbytes(size - len(bare) - _DIGITS)  # noqa: S311 no secret
    return page(*_LINES, private=noise).ljust(size, b"\n")


def paper(number: int, *, run: str, recipient: str, size: int, day: date) -> bytes:
    """A mail of about ``size`` octets with công văn number ``number``/UBND-VP of ``day``."""
    said = f"Công văn số {number}/UBND-VP ngày {day:%d/%m/%Y} V/v báo cáo tình hình thu hoạch lúa mùa"
    head = _HEAD.format(
        name=_word("Văn thư xã Hải Phúc"),
        sender=SENDER,
        recipient=recipient,
        subject=_word(said),
        run=run,
        number=number,
        file=f"{number}-UBND-VP.pdf",
    )
    body = base64.encodebytes(pdf(size * 73 // 100, number)).replace(b"\n", b"\r\n")
    return head.encode() + body + b"--=-giay-to--\r\n"


def _word(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
