"""The mail that a report returns: whom it was written to.

Promises:  the one address that the returned header was written to, or ''. Read from the returned part, or from the
           text below the report's own words.
Never:     guesses among several, or takes the address of a mailing list for that of its reader.
Fails:     never.
"""

from __future__ import annotations

import re

from mailmap.mail.addresses import mailboxes
from mailmap.mail.message import Message
from mailmap.mail.words import readable

MAX_HEADER = 65_536
MAX_FIELDS = 400
RETURNED_TYPES = frozenset({"message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers"})
FIELD = re.compile(rb"([A-Za-z-]{1,40}):[ \t]*([^\r\n]*(?:\r?\n[ \t]+[^\r\n]*){0,50})")
GAP = re.compile(rb"\r?\n[ \t]*\r?\n")
LIST = ("list-id", "list-post", "mailing-list")


def written_to(message: Message, below: str) -> str:
    """The only address in To and Cc of the returned mail; ``below`` is the text under the report's own words."""
    part = next((one.content for one in message.attachments if one.declared_type in RETURNED_TYPES), None)
    header = _header(message.returned or part or b"") or _header(below.encode("utf-8", "replace"))
    fields = [(match[1].lower().decode("ascii"), match[2]) for match in _lines(header)]
    if any(name in LIST for name, _ in fields):
        return ""
    to = [readable(value, []) for name, value in fields if name in {"to", "cc"}]
    found = {box.address for value in to for box in mailboxes(value, []) if "@" in box.address}
    return found.pop() if len(found) == 1 else ""


def _header(octets: bytes) -> bytes:
    """The first block of lines that holds fields."""
    blocks = GAP.split(octets[:MAX_HEADER], maxsplit=3)
    return next((block for block in blocks if re.search(rb"^(?:From|To|Received):", block, re.MULTILINE)), b"")


def _lines(header: bytes) -> list[re.Match[bytes]]:
    starts = [0, *(match.end() for match in re.finditer(rb"\n(?=\S)", header))][:MAX_FIELDS]
    return [match for start in starts if (match := FIELD.match(header, start))]
