"""Files that news programs wrote into a text with yEnc, taken out of it.

Promises:  the octets of each file between ``=ybegin`` and ``=yend``, with its name; the text without them. A file of
           several parts comes part by part.
Never:     believes a size or a checksum of the file.
Fails:     never; what only looks like yEnc stays text.

Source: the yEnc draft 1.3 of 5 March 2002, as all programs implement it.
"""

from __future__ import annotations

import re

BEGIN = re.compile(rb"^=ybegin (?=[^\r\n]{0,200}line=\d)[^\r\n]{0,200}name=([^\r\n]{1,255})\r?\n", re.MULTILINE)
PART = re.compile(rb"=ypart [^\r\n]{0,200}\r?\n")
END = re.compile(rb"^=yend size=\d[^\r\n]{0,200}", re.MULTILINE)
ESCAPE = re.compile(rb"=(.)", re.DOTALL)
MAX_FILES = 50
SHIFTED = bytes((octet - 42) & 255 for octet in range(256))
ESCAPED = bytes((octet - 64) & 255 for octet in range(256))


def without_yenc(octets: bytes) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    """The text without its files, and each file's name and content."""
    found: list[tuple[bytes, bytes]] = []
    kept: list[bytes] = []
    position = 0
    while len(found) < MAX_FILES and (begin := BEGIN.search(octets, position)):
        end = END.search(octets, begin.end())
        if end is None:
            break
        part = PART.match(octets, begin.end())
        found.append((begin[1].strip(), _decoded(octets[part.end() if part else begin.end() : end.start()])))
        kept.append(octets[position : begin.start()])
        position = end.end()
    return b"".join([*kept, octets[position:]]), found


def _decoded(lines: bytes) -> bytes:
    """The octets of these lines."""
    stored = lines.translate(None, b"\r\n")
    return ESCAPE.sub(lambda found: found[1].translate(ESCAPED), stored).translate(SHIFTED)
