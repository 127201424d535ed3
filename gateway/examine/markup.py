"""HTML and plain text as lines.

Promises:  lines as a reader sees them, NFC; the charset is told, guessed or repaired as for mail.
Never:     fetches what a page points at.
Fails:     the HTML reader may fail on broken input; the sandbox answers for it.
"""

from __future__ import annotations

import re

from inscriptis import get_text

from mailmap.document.page import Line
from mailmap.mail.charset import clean, decode

CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9_:-]{1,40})", re.IGNORECASE)
LONGEST = 8_000_000


def read_html(content: bytes) -> tuple[Line, ...]:
    """The lines of a web page."""
    declared = CHARSET.search(content[:4096])
    text = decode(content, declared[1].decode("ascii") if declared else None, [])
    return lines(get_text(re.sub(r"^\s*<\?xml[^>]*\?>", "", text[:LONGEST])))


def read_text(content: bytes) -> tuple[Line, ...]:
    """The lines of a plain text."""
    return lines(decode(content, None, [])[:LONGEST])


def lines(text: str) -> tuple[Line, ...]:
    """Lines with something in them; runs of spaces and tabs are one space."""
    tidy = (" ".join(line.split()) for line in clean(text).splitlines())
    return tuple(Line(line) for line in tidy if line)
