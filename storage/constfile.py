"""A constant hash file: keys to values, written once and whole, then only read.

Promises:  when ``write`` returns, the new file is durable and stands under its name; readers of the old one keep it
           until they let go. Opening costs the same at any size; a lookup touches two or three pages.
Never:     changes a file in place, or holds its content in the reader's own memory.
Fails:     BrokenFile for a foreign, torn or damaged file (length and header are checked on opening, each record when it
           is read); ValueError for a key that is written twice; OSError from the disk, and then the old file stands.

Layout, little-endian: header (64 octets), records aligned to 8, table of 2^n slots. A record is its CRC-32 (of key
and value), both lengths, key, value. A slot is the key's CRC-32 and the record's offset / 8; 0 means empty.
"""

from __future__ import annotations

import mmap
import os
import struct
import sys
from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO
from zlib import crc32

from storage.trouble import Temporary

_MAGIC = b"LTconst\x01"
_HEADER = struct.Struct("<8sQQII")  # magic, size of the file, offset of the table, slots as a power of two, records
_RECORD = struct.Struct("<III")  # CRC of key and value, length of the key, length of the value
_SLOT = struct.Struct("<II")
_START = 64
_BUFFER = 1 << 20


class BrokenFile(Temporary):
    """Not a constant file of ours, or a damaged one."""


class ConstFile:
    """One open constant file; safe to share between threads, gone when the last reference goes."""

    __slots__ = ("_first", "_map", "_mask", "_table", "records")

    def __init__(self, path: Path) -> None:
        self._map = _mapped(path)
        size, table, bits, records = _header(self._map)
        if size != len(self._map) or table + (_SLOT.size << bits) != size:
            raise BrokenFile(f"{path.name} is not as long as it says")
        self._table, self._mask, self.records = table, (1 << bits) - 1, records

    def get(self, key: bytes) -> bytes | None:
        """The value under ``key``, None when there is none; BrokenFile when its record is damaged."""
        octets, table, mask = self._map, self._table, self._mask
        wanted = crc32(key)
        slot = wanted & mask
        for _ in range(mask + 1):
            found, at = _SLOT.unpack_from(octets, table + 8 * slot)
            if at == 0:
                return None
            if found == wanted and (value := _value(octets, at * 8, key)) is not None:
                return value
            slot = (slot + 1) & mask
        raise BrokenFile("the table has no empty slot")

    def items(self) -> Iterator[tuple[bytes, bytes]]:
        """Every record in the order it was written."""
        at = _START
        for _ in range(self.records):
            key, value = _checked(self._map, at)
            yield key, value
            at = _aligned(at + _RECORD.size + len(key) + len(value))


def write(path: Path, records: Iterable[tuple[bytes, bytes]]) -> None:
    """Replace the file at ``path`` by one with these records; one writer at a time. Durable when it returns."""
    draft = path.with_name(path.name + ".new")
    try:
        with open(draft, "wb+", _BUFFER, opener=_private) as file:
            _fill(file, records)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)  # a doorbook holds the hashes of passwords


def _mapped(path: Path) -> mmap.mmap:
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size < _START:
            raise BrokenFile(f"{path.name} is too short to have a header")
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _header(octets: mmap.mmap) -> tuple[int, int, int, int]:
    magic, size, table, bits, records = _HEADER.unpack_from(octets)
    (told,) = struct.unpack_from("<I", octets, _HEADER.size)
    if magic != _MAGIC or told != crc32(octets[: _HEADER.size]):
        raise BrokenFile("no header of ours")
    return size, table, bits, records


def _value(octets: mmap.mmap, at: int, key: bytes) -> bytes | None:
    """The value of the record at ``at`` if it is the one for ``key``."""
    _, key_length, _ = _RECORD.unpack_from(octets, at)
    if key_length != len(key):
        return None
    found, value = _checked(octets, at)
    return value if found == key else None


def _checked(octets: mmap.mmap, at: int) -> tuple[bytes, bytes]:
    crc, key_length, value_length = _RECORD.unpack_from(octets, at)
    start = at + _RECORD.size
    body = octets[start : start + key_length + value_length]
    if crc32(body) != crc:
        raise BrokenFile(f"the record at {at} is damaged")
    return body[:key_length], body[key_length:]


def _fill(file: BinaryIO, records: Iterable[tuple[bytes, bytes]]) -> None:
    file.write(bytes(_START))
    hashes, places = array("I"), array("I")
    at = _START
    for key, value in records:
        body = key + value
        length = _RECORD.size + len(body)
        gap = -length & 7
        file.write(_RECORD.pack(crc32(body), len(key), len(value)) + body + bytes(gap))
        hashes.append(crc32(key))
        places.append(at >> 3)
        at += length + gap
    bits = max(3, (2 * len(hashes)).bit_length())  # always more than half empty: short probes, and an end to each
    table = _table(file, hashes, places, bits)
    file.seek(at)
    file.write(table)
    header = _HEADER.pack(_MAGIC, at + len(table), at, bits, len(hashes))
    file.seek(0)
    file.write(header + struct.pack("<I", crc32(header)))


def _table(file: BinaryIO, hashes: array[int], places: array[int], bits: int) -> bytes:
    mask = (1 << bits) - 1
    slots = array("Q", bytes(8 << bits))
    for hashed, place in zip(hashes, places, strict=True):
        slot = hashed & mask
        while slots[slot]:
            if slots[slot] & 0xFFFFFFFF == hashed and _key(file, slots[slot] >> 32) == _key(file, place):
                raise ValueError(f"{_key(file, place)!r} is written twice")
            slot = (slot + 1) & mask
        slots[slot] = place << 32 | hashed
    if sys.byteorder == "big":
        slots.byteswap()
    return slots.tobytes()


def _key(file: BinaryIO, place: int) -> bytes:
    file.seek(place * 8)
    _, length, _ = _RECORD.unpack(file.read(_RECORD.size))
    return file.read(length)


def _aligned(at: int) -> int:
    return at + (-at & 7)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
