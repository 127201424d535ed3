"""ZIP archives, read by their central directory (APPNOTE.TXT 6.3.10).

Promises:  every entry that the directory names and that is stored, deflated or bzipped, checked by its length and its
           checksum; names as octets. Entries that share their octets with others are told as a bomb before any is read.
Never:     believes a declared size; follows a link; looks for a password.
Fails:     with NoDirectory, where the directory is missing or cut; Foreign, where an entry is packed in another way.
"""

from __future__ import annotations

import bz2
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from stat import S_ISLNK

from gateway.examine.containers.naming import is_noise, placed, read_path
from gateway.examine.containers.obstacles import Broken, Enough, Locked, Strange
from gateway.examine.containers.opened import Defect
from gateway.examine.containers.tray import Tray

MAX_ENTRIES = 20_000
MAX_COMMENT = 65_557
FED, BLOCK = 64 << 10, 1 << 20  # octets handed to an unpacker at once, and taken from it at once
STORED, DEFLATED, BZIPPED = 0, 8, 12
LOCKED, UTF8 = 0x1, 0x800  # general purpose flags, 4.4.4
AES = 99
METHODS = frozenset({STORED, DEFLATED, BZIPPED})
DIRECTORY = struct.Struct("<4s6H3L5H2L")
ZIP64, UNICODE_PATH = 0x0001, 0x7075
WHOLE = 0xFFFFFFFF  # "see the ZIP64 field"


class NoDirectory(Exception):
    """The central directory is missing or cut."""


class Foreign(Exception):
    """An entry is packed in a way that only libarchive knows."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the directory; ``mode`` is the Unix mode, 0 when unknown."""

    path: str
    locked: bool
    method: int
    checksum: int
    packed: int
    size: int
    position: int
    mode: int

    @property
    def is_file(self) -> bool:
        """Whether this is a file for people: no folder, no link, nothing systems leave for themselves."""
        return not self.path.endswith(("/", "\\")) and not S_ISLNK(self.mode) and not is_noise(self.path)


def take(content: bytes, tray: Tray, *, alone: bool) -> None:
    """Put every file of a ZIP into the tray; ``alone``: nobody else can read what is packed in another way."""
    entries = directory(content)
    if sum(entry.packed for entry in entries if entry.position + entry.packed <= len(content)) > len(content):
        raise Enough(Defect.BOMB)  # octets are shared; an entry that reaches beyond the end is only damaged
    wanted = [entry for entry in entries if entry.is_file]
    if not alone and any(entry.method not in METHODS for entry in wanted if not entry.locked):
        raise Foreign
    for entry in wanted:
        tray.put(placed(entry.path), blocks(content, entry))


def directory(content: bytes) -> list[Entry]:
    """The entries of the central directory, 4.3.12."""
    position, shift, count = _start(content)
    entries: list[Entry] = []
    while content.startswith(b"PK\x01\x02", position):
        if position + DIRECTORY.size > len(content):
            raise NoDirectory
        if len(entries) >= MAX_ENTRIES:
            raise Enough(Defect.TOO_MANY)
        found, position = _entry(content, position, shift)
        entries.append(found)
    if len(entries) & 0xFFFF != count & 0xFFFF:  # some packers count modulo 65,536
        raise NoDirectory
    return entries


def _start(content: bytes) -> tuple[int, int, int]:
    """Where the directory starts, by how much junk before the archive shifts it, how many entries it has, 4.3.16."""
    end = content.rfind(b"PK\x05\x06", max(0, len(content) - MAX_COMMENT))
    if end < 0 or end + 22 > len(content):
        raise NoDirectory
    count, size, offset = struct.unpack_from("<HLL", content, end + 10)
    if content.startswith(b"PK\x06\x07", end - 20) and end >= 20 + 56:
        (at,) = struct.unpack_from("<Q", content, end - 12)
        end = at if content.startswith(b"PK\x06\x06", at) else end - 20 - 56
        if content.startswith(b"PK\x06\x06", end):
            count, size, offset = struct.unpack_from("<QQQ", content, end + 32)
    start = end - size
    if start >= 0 and (not size or content.startswith(b"PK\x01\x02", start)):
        return start, start - offset if size else 0, count
    if content.startswith(b"PK\x01\x02", offset):
        return offset, 0, count
    raise NoDirectory


def _entry(content: bytes, position: int, shift: int) -> tuple[Entry, int]:
    """One entry, and where the next one starts."""
    told = DIRECTORY.unpack_from(content, position)
    flags, method, checksum, packed, size = told[3], told[4], told[7], told[8], told[9]
    name_length, extra_length, comment_length = told[10:13]
    attributes, offset = told[15:17]
    start = position + DIRECTORY.size
    name = content[start : start + name_length]
    fields = dict(_fields(content[start + name_length : start + name_length + extra_length]))
    wide = iter(struct.unpack(f"<{len(fields.get(ZIP64, b'')) // 8}Q", _eights(fields.get(ZIP64, b""))))
    size, packed, offset = (next(wide, each) if each == WHOLE else each for each in (size, packed, offset))
    path = _path(name, fields.get(UNICODE_PATH, b""), utf8=bool(flags & UTF8))
    locked = bool(flags & LOCKED) or method == AES
    entry = Entry(path, locked, method, checksum, packed, size, offset + shift, attributes >> 16)
    return entry, start + name_length + extra_length + comment_length


def _eights(octets: bytes) -> bytes:
    return octets[: len(octets) // 8 * 8]


def _fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    """The extra fields, 4.5."""
    position = 0
    while position + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, position)
        yield kind, extra[position + 4 : position + 4 + length]
        position += 4 + length


def _path(name: bytes, unicode_path: bytes, *, utf8: bool) -> str:
    """The path; Info-ZIP's field holds it in UTF-8, with the checksum of the name it stands for, 4.6.9."""
    if unicode_path[:1] == b"\1" and unicode_path[1:5] == struct.pack("<L", zlib.crc32(name)):
        return read_path(unicode_path[5:], utf8=True)
    return read_path(name, utf8=utf8)


def blocks(content: bytes, entry: Entry) -> Iterator[bytes]:
    """The content of an entry, piece by piece."""
    if entry.locked:
        raise Locked
    if entry.method not in METHODS:
        raise Strange
    if not content.startswith(b"PK\x03\x04", entry.position) or entry.position < 0:
        raise Broken
    name_length, extra_length = struct.unpack("<HH", content[entry.position + 26 : entry.position + 30].ljust(4, b"\0"))
    start = entry.position + 30 + name_length + extra_length
    packed = memoryview(content)[start : start + entry.packed]
    checksum = length = 0
    for block in _unpacked(packed, entry.method):
        checksum, length = zlib.crc32(block, checksum), length + len(block)
        yield block
    if (checksum, length) != (entry.checksum, entry.size) or len(packed) != entry.packed:
        raise Broken


def _unpacked(packed: memoryview, method: int) -> Iterator[bytes]:
    """What an entry's octets unpack to; never more than ``BLOCK`` octets at once."""
    for start in range(0, len(packed), FED):
        if method == STORED:
            yield bytes(packed[start : start + FED])
    if method == DEFLATED:
        yield from inflated(packed, -zlib.MAX_WBITS)
    elif method == BZIPPED:
        yield from _bunzipped(packed)


def inflated(packed: memoryview | bytes, window: int) -> Iterator[bytes]:
    """What these octets inflate to, ``window`` as zlib wants it: negative without a header."""
    unpacker = zlib.decompressobj(window)
    try:
        for start in range(0, len(packed), FED):
            left = bytes(packed[start : start + FED])
            while left and not unpacker.eof:
                yield unpacker.decompress(left, BLOCK)
                left = unpacker.unconsumed_tail
        yield unpacker.flush()
    except zlib.error as error:
        raise Broken from error
    if not unpacker.eof:
        raise Broken


def _bunzipped(packed: memoryview) -> Iterator[bytes]:
    unpacker = bz2.BZ2Decompressor()
    try:
        for start in range(0, len(packed), FED):
            left = bytes(packed[start : start + FED])
            while not unpacker.eof and (left or not unpacker.needs_input):
                yield unpacker.decompress(left, BLOCK)
                left = b""
    except OSError as error:
        raise Broken from error
