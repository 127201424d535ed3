"""The header block of a message or part: which octets are which field.

Promises:  the fields in their order with their octet spans; folded lines joined; at most ``MAX_FIELDS`` fields of the
           first ``MAX_BLOCK`` octets. The body offset is right however long or broken the block is.
Never:     decodes a value; never copies the body.
Fails:     never; what is odd is added to ``defects`` in plain words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_BLOCK = 262_144  # octets of one header block that are read; Postfix stops at 102,400
MAX_FIELDS = 1_000

NAME = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")  # RFC 5322 section 2.2, and a blank before the colon (section 4.5.8)
MBOX = (b"From ", b">From ")


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name in lower case and as written, its value unfolded, and its span in the raw octets."""

    key: str
    name: str
    value: bytes
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Header:
    """The fields of one block, where it starts (behind a mbox line), and where its body starts."""

    fields: tuple[Field, ...]
    start: int
    body: int

    def every(self, key: str) -> tuple[bytes, ...]:
        """The values of all fields of that name, lower case, in their order."""
        return tuple(field.value for field in self.fields if field.key == key)

    def first(self, key: str) -> bytes | None:
        """The value of the first field of that name, lower case, or None."""
        return next((field.value for field in self.fields if field.key == key), None)


def read_header(raw: bytes, start: int, end: int, defects: list[str]) -> Header:
    """The header block that begins at ``start``; ``end`` bounds the message or part."""
    if raw.startswith(MBOX, start):
        start = raw.find(b"\n", start, end) + 1 or end
    stop, body = _end_of_block(raw, start, end)
    whole = stop < end
    if stop - start > MAX_BLOCK:
        defects.append(f"header longer than {MAX_BLOCK} octets, the rest of it was not read")
        stop = start + MAX_BLOCK
    lines = raw[start:stop].splitlines(keepends=True)
    count = _lines_of_header(lines, defects, whole=whole)
    if count < len(lines):
        body = start + sum(map(len, lines[:count]))
    fields = _fields(lines[:count], start)
    if len(fields) > MAX_FIELDS:
        defects.append(f"more than {MAX_FIELDS} header fields, the rest was not read")
    return Header(tuple(fields[:MAX_FIELDS]), start, body)


def _end_of_block(raw: bytes, start: int, end: int) -> tuple[int, int]:
    """Where the field lines stop and where the body starts: at the first empty line."""
    if raw.startswith(b"\n", start, end):
        return start, start + 1
    if raw.startswith(b"\r\n", start, end):
        return start, start + 2
    crlf = raw.find(b"\n\r\n", start, end)
    bare = raw.find(b"\n\n", start, end if crlf < 0 else crlf + 1)
    if bare >= 0:
        return bare + 1, bare + 2
    return (crlf + 1, crlf + 3) if crlf >= 0 else (end, end)


def _lines_of_header(lines: list[bytes], defects: list[str], *, whole: bool) -> int:
    """How many of these lines are header: after a stray line a field must follow, else the body has begun.

    ``whole`` says that an empty line follows them; without one, a stray line at the end is a body of one line.
    """
    for number, line in enumerate(lines):
        if NAME.match(line) or (number and line.startswith((b" ", b"\t"))):
            continue
        if number == 0:
            defects.append("the message starts without a header")
            return 0
        if not NAME.match(lines[number + 1]) if number + 1 < len(lines) else not whole:
            defects.append("no blank line between header and body")
            return number
        defects.append("a header line without a field name")
    return len(lines)


def _fields(lines: list[bytes], start: int) -> list[Field]:
    """The lines as fields; a line that opens none belongs to the field above it."""
    fields: list[Field] = []
    held: list[bytes] = []
    offset = begin = start
    for line in [*lines, b"\x00:"]:  # a last opening line closes the last field
        if len(fields) > MAX_FIELDS:
            break
        if NAME.match(line) or line == b"\x00:":
            if held:
                fields.append(_field(held, begin, offset))
            held, begin = [], offset
        held.append(line)
        offset += len(line)
    return fields


def _field(lines: list[bytes], start: int, end: int) -> Field:
    name, _, value = b"".join(line.rstrip(b"\r\n") for line in lines).partition(b":")
    written = name.strip().decode("ascii")
    return Field(written.lower(), written, value.strip(), start, end)
