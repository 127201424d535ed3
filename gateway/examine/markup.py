"""HTML, RTF and plain text as lines.

Promises:  lines as a reader sees them, NFC; the charset is told, guessed or repaired as for mail.
Never:     fetches what a page points at.
Fails:     RTF and HTML readers may fail on broken input; the sandbox answers for them.
"""

from __future__ import annotations

import re

from inscriptis import get_text
from striprtf.striprtf import rtf_to_text

from mailmap.document.page import Line
from mailmap.mail.charset import decode

CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9_:-]{1,40})", re.IGNORECASE)
LONGEST = 8_000_000


def read_html(content: bytes) -> tuple[Line, ...]:
    """The lines of a web page."""
    declared = CHARSET.search(content[:4096])
    text = decode(content, declared[1].decode("ascii") if declared else None, [])
    return lines(get_text(re.sub(r"^\s*<\?xml[^>]*\?>", "", text[:LONGEST])))


def read_rtf(content: bytes) -> tuple[Line, ...]:
    """The lines of an RTF text; letters of 8-bit fonts come as the Windows-1252 letters they are stored as."""
    text: str = rtf_to_text(content.decode("cp1252", "replace")[:LONGEST], errors="replace")  # type: ignore[no-untyped-call]  # it has no types
    return lines(text)


def read_text(content: bytes) -> tuple[Line, ...]:
    """The lines of a plain text."""
    return lines(decode(content, None, [])[:LONGEST])


def lines(text: str) -> tuple[Line, ...]:
    """Lines with something in them; runs of spaces and tabs are one space."""
    tidy = (" ".join(line.split()) for line in text.splitlines())
    return tuple(Line(line) for line in tidy if line)
