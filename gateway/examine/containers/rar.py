"""Which entries of a RAR 5 a password locks: libarchive before 3.7.8 does not say.

Promises:  one answer for each file of the archive, in its order, as far as the headers can be read.
Never:     reads a content.
Fails:     never; Locked when the headers themselves are locked.

Source: RAR 5.0 archive format (technote): vint, general block, file header, file encryption record.
"""

from __future__ import annotations

from collections.abc import Iterator

from gateway.examine.containers.obstacles import Locked

SIGNATURE = b"Rar!\x1a\x07\x01\x00"
FILE, LOCK = 2, 4  # types of blocks
EXTRA, CONTENT = 0x01, 0x02  # flags of blocks
ENCRYPTION = 1  # type of a record in the extra area
MOST = 100_000
LONGEST = 10  # octets of a number


def locks(content: bytes) -> Iterator[bool]:
    """Whether each file of a RAR 5 is locked; nothing for any other content."""
    position = len(SIGNATURE) if content.startswith(SIGNATURE) else len(content)
    for _ in range(MOST):
        size, start = _number(content, position + 4)
        if position + 7 > len(content) or not size:
            return
        kind, at = _number(content, start)
        if kind == LOCK:
            raise Locked
        flags, at = _number(content, at)
        extra, at = _number(content, at) if flags & EXTRA else (0, at)
        length, at = _number(content, at) if flags & CONTENT else (0, at)
        if kind == FILE:
            yield _locked(content, max(at, start + size - extra), start + size)
        position = start + size + length


def _locked(content: bytes, position: int, end: int) -> bool:
    """Whether there is an encryption record in an extra area."""
    while position < min(end, len(content)):
        size, start = _number(content, position)
        if _number(content, start)[0] == ENCRYPTION:
            return True
        if not size:
            return False
        position = start + size
    return False


def _number(content: bytes, position: int) -> tuple[int, int]:
    """A vint and where it ends: seven bits an octet, the lowest first."""
    number = 0
    for place, octet in enumerate(content[position : position + LONGEST]):
        number |= (octet & 0x7F) << 7 * place
        if octet < 0x80:  # noqa: PLR2004  the last one
            return number, position + place + 1
    return 0, len(content)
