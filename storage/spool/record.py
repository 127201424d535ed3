"""The framing of a segment: its header, and one record per mail.

    header  32 octets   magic, number, floor (no stamp in it is lower), tag of the owner, CRC-32
    record  64 octets   magic, CRC-32, where the octets lie, length of the envelope, size, stamp, SHA-256 of the octets
            n octets    the envelope, as the door packed it
            m octets    the mail, unless it lies in its own file

Promises:  one pass guards each octet: the CRC covers head and envelope, the SHA-256 in the head covers the mail. The
           CRC is seeded with the segment's number and the record's place, so octets left over from another file or
           another place are not a record here.
Never:     trusts a length before it was checked against the end of the segment.
Fails:     ``read_header`` and ``read_entry`` return None for anything that is not whole.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from zlib import crc32

from storage.files import OpenFile
from storage.spool.names import TAG_LENGTH

_HEADER = struct.Struct(f"<8sIQ{TAG_LENGTH}s3xI")
_HEADER_MAGIC = b"LTSPOOL1"
_HEAD = struct.Struct("<4sIIIQQ32s")
_HEAD_MAGIC = b"MAIL"
_GUARDED = 8  # magic and CRC come first
_SEED = struct.Struct("<IQ")
_INLINE, _OWN_FILE = 0, 1
_GLANCE = 1024  # most heads and envelopes fit
_STRETCH = 1 << 20
HEADER_LENGTH = _HEADER.size


@dataclass(frozen=True, slots=True)
class Header:
    """What a segment says of itself."""

    number: int
    floor: int
    tag: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One record without its octets; ``offset`` is where its head begins in the segment."""

    offset: int
    stamp: int
    size: int
    sha256: bytes
    envelope: bytes
    own_file: bool

    @property
    def octets_at(self) -> int:
        """Where the mail begins, when it lies in the segment."""
        return self.offset + _HEAD.size + len(self.envelope)

    @property
    def end(self) -> int:
        """Where the next record begins."""
        return self.octets_at + (0 if self.own_file else self.size)


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch of a segment that should hold records and holds none that is whole."""

    offset: int
    end: int


def pack_header(header: Header) -> bytes:
    """The first octets of a segment."""
    unguarded = _HEADER.pack(_HEADER_MAGIC, header.number, header.floor, header.tag.encode("ascii"), 0)[:-4]
    return unguarded + struct.pack("<I", crc32(unguarded))


def read_header(file: OpenFile, number: int) -> Header | None:
    """The header, if it is whole and of that number."""
    block = file.read_at(0, HEADER_LENGTH)
    if len(block) < HEADER_LENGTH:
        return None
    magic, named, floor, tag, crc = _HEADER.unpack(block)
    if (magic, named, crc) != (_HEADER_MAGIC, number, crc32(block[:-4])):
        return None
    return Header(number, floor, tag.decode("ascii"))


def pack_entry(number: int, entry: Entry) -> bytes:
    """Head and envelope of a record; the octets follow unless they have their own file."""
    where = _OWN_FILE if entry.own_file else _INLINE
    head = _HEAD.pack(_HEAD_MAGIC, 0, where, len(entry.envelope), entry.size, entry.stamp, entry.sha256)
    crc = _crc(number, entry.offset, head, entry.envelope)
    return b"".join((_HEAD_MAGIC, struct.pack("<I", crc), head[_GUARDED:], entry.envelope))


def read_entry(file: OpenFile, number: int, offset: int, limit: int) -> Entry | None:
    """The record whose head begins at ``offset``, if it is whole and ends not behind ``limit``."""
    block = file.read_at(offset, min(_GLANCE, limit - offset))
    if len(block) < _HEAD.size:
        return None
    magic, crc, where, length, size, stamp, sha256 = _HEAD.unpack_from(block)
    end = offset + _HEAD.size + length + (0 if where == _OWN_FILE else size)
    if magic != _HEAD_MAGIC or end > limit:
        return None
    if len(block) < _HEAD.size + length:
        block = file.read_at(offset, _HEAD.size + length)
    envelope = block[_HEAD.size : _HEAD.size + length]
    if crc != _crc(number, offset, block[: _HEAD.size], envelope):
        return None
    return Entry(offset, stamp, size, sha256, envelope, where == _OWN_FILE)


def entries(file: OpenFile, number: int, offset: int, limit: int) -> Iterator[Entry | Gap]:
    """Every whole record from ``offset`` to ``limit``, and a Gap where there is none; it does not stop the next."""
    while offset < limit:
        entry = read_entry(file, number, offset, limit)
        found = entry or Gap(offset, _next_entry(file, number, offset + 1, limit))
        yield found
        offset = found.end


def _next_entry(file: OpenFile, number: int, offset: int, limit: int) -> int:
    """Where the next whole record begins, at or after ``offset``; ``limit`` when there is none."""
    while offset < limit:
        block = file.read_at(offset, min(_STRETCH, limit - offset))
        found = block.find(_HEAD_MAGIC)
        if found >= 0 and read_entry(file, number, offset + found, limit):
            return offset + found
        offset += found + 1 if found >= 0 else max(1, len(block) - len(_HEAD_MAGIC) + 1)
    return limit


def _crc(number: int, offset: int, head: bytes, envelope: bytes) -> int:
    return crc32(envelope, crc32(head[_GUARDED:], crc32(_SEED.pack(number, offset))))
