"""A constant hash file: keys to values, written once and whole, then only read.

Promises:  when ``write`` returns, the new file is durable and stands under its name; readers of the old one keep it
           until they let go. Opening reads the table once (a few ms for a million keys), a lookup two or three pages.
           No damage gives a wrong answer: every octet that an answer rests on was checked.
Never:     changes a file in place, or holds its content in the reader's own memory.
Fails:     BrokenFile for a foreign, torn or damaged file (length, header and table are checked on opening, each record
           when it is read); ValueError for a key written twice; OSError from the disk: then the old file stands.

Layout, in the byte order of the machine: header (64 octets), records aligned to 8, table of 2^n slots. A record is its
CRC-32 (of key and value), both lengths, key, value. A slot (64 bits) is the record's offset / 8 above the CRC-32 of its
key; 0 means empty. A file of a machine of another byte order has no header of ours.
"""

from __future__ import annotations

import mmap
import os
import struct
from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO
from zlib import crc32

from storage.failpoints import reach
from storage.trouble import Temporary

_MAGIC = b"LTconst\x01"
_HEADER = struct.Struct("=8sQQIII")  # magic, size of the file, offset of the table, its CRC, 2^n slots, records
_RECORD = struct.Struct("=III")  # CRC of key and value, length of the key, length of the value
_SLOT = 8  # octets
_START = 64
_BUFFER = 1 << 20
_GAPS = [bytes(length) for length in range(8)]


class BrokenFile(Temporary):
    """Not a constant file of ours, or a damaged one."""


class ConstFile:
    """One open constant file; safe to share between threads, gone when the last reference goes."""

    __slots__ = ("_map", "_mask", "_slots", "records")

    def __init__(self, path: Path) -> None:
        self._map = _mapped(path)
        size, table, crc, bits, records = _header(self._map)
        if size != len(self._map) or table + (_SLOT << bits) != size:
            raise BrokenFile(f"{path.name} is not as long as it says")
        octets = memoryview(self._map)[table:]
        if crc32(octets) != crc:
            raise BrokenFile(f"the table of {path.name} is damaged")
        self._slots, self._mask, self.records = octets.cast("Q"), (1 << bits) - 1, records

    def get(self, key: bytes) -> bytes | None:
        """The value under ``key``, None when there is none; BrokenFile when its record is damaged."""
        octets, slots, mask = self._map, self._slots, self._mask
        wanted = crc32(key)
        slot = wanted & mask
        for _ in range(mask + 1):
            found = slots[slot]
            if not found:
                return None
            if found & 0xFFFFFFFF == wanted:
                at = (found >> 32) * 8
                crc, length, behind = _RECORD.unpack_from(octets, at)  # as ``_checked`` does, without its call
                at += 12
                body = octets[at : at + length + behind]
                if crc32(body) != crc:
                    raise BrokenFile(f"the record at {at - 12} is damaged")
                if body.startswith(key) and length == len(key):
                    return body[length:]
            slot = (slot + 1) & mask
        raise BrokenFile("the table has no empty slot")

    def items(self) -> Iterator[tuple[bytes, bytes]]:
        """Every record in the order it was written."""
        at = _START
        for _ in range(self.records):
            length, body = _checked(self._map, at)
            yield body[:length], body[length:]
            at = _aligned(at + _RECORD.size + len(body))


def write(path: Path, records: Iterable[tuple[bytes, bytes]]) -> None:
    """Replace the file at ``path`` by one with these records; one writer at a time. Durable when it returns."""
    draft = path.with_name(path.name + ".new")
    try:
        with open(draft, "wb+", _BUFFER, opener=_private) as file:
            _fill(file, records)
            file.flush()
            reach("constfile.before-sync")
            os.fsync(file.fileno())
        reach("constfile.before-rename")
        draft.replace(path)
        reach("constfile.after-rename")
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def rename(written: Path, path: Path) -> None:
    """Give a file that ``write`` made another name in its folder, in place of what has it. Durable when it returns."""
    written.replace(path)
    _sync_folder(path.parent)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)  # a doorbook holds the hashes of passwords


def _mapped(path: Path) -> mmap.mmap:
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size < _START:
            raise BrokenFile(f"{path.name} is too short to have a header")
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _header(octets: mmap.mmap) -> tuple[int, int, int, int, int]:
    magic, *fields = _HEADER.unpack_from(octets)
    (told,) = struct.unpack_from("=I", octets, _HEADER.size)
    if magic != _MAGIC or told != crc32(octets[: _HEADER.size]):
        raise BrokenFile("no header of ours")
    size, table, crc, bits, records = fields
    return size, table, crc, bits, records


def _checked(octets: mmap.mmap, at: int) -> tuple[int, bytes]:
    """The length of the key, and key and value together, of the record at ``at``."""
    crc, key_length, value_length = _RECORD.unpack_from(octets, at)
    start = at + _RECORD.size
    body = octets[start : start + key_length + value_length]
    if crc32(body) != crc:
        raise BrokenFile(f"the record at {at} is damaged")
    return key_length, body


def _fill(file: BinaryIO, records: Iterable[tuple[bytes, bytes]]) -> None:
    file.write(bytes(_START))
    hashes, places = array("I"), array("I")
    at = _START
    for key, value in records:
        body = key + value
        gap = -(_RECORD.size + len(body)) & 7
        record = _RECORD.pack(crc32(body), len(key), len(value)) + body + _GAPS[gap]
        file.write(record)
        hashes.append(crc32(key))
        places.append(at >> 3)
        at += len(record)
    bits = max(3, (2 * len(hashes)).bit_length())  # always more than half empty: short probes, and an end to each
    table = _table(file, hashes, places, bits)
    file.seek(at)
    file.write(table)
    header = _HEADER.pack(_MAGIC, at + len(table), at, crc32(table), bits, len(hashes))
    file.seek(0)
    file.write(header + struct.pack("=I", crc32(header)))


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
