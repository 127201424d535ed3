"""Archives made for the tests, by hand where no program of the machine can make them.

Promises:  the octets of whole files, after the published formats: RAR 4 and 5 (stored), ZIP entries as no program would
           write them. Nothing is written to disk.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


def zip_of(*entries: Entry, comment: bytes = b"", before: bytes = b"") -> bytes:
    """A ZIP of these entries, as they say they are; ``before`` is junk in front of it."""
    body, directory, places = bytearray(before), bytearray(), {}
    for entry in entries:
        shared = entry.shares or id(entry)
        if shared not in places:
            places[shared] = len(body)
            body += entry.local()
        directory += entry.central(places[shared] - len(before))
    end = struct.pack(
        "<4s4H2LH", b"PK\5\6", 0, 0, len(entries), len(entries), len(directory), len(body) - len(before), len(comment)
    )
    return bytes(body + directory + end + comment)


@dataclass(frozen=True)
class Entry:
    """One entry: its name as octets; the other fields are worked out unless they are given."""

    name: bytes
    content: bytes = b""
    flags: int = 0
    method: int = 8
    size: int | None = None
    mode: int = 0o100644
    extra: bytes = b""
    local_name: bytes | None = None
    shares: int = 0

    @property
    def packed(self) -> bytes:
        """The content as it is stored."""
        if self.method == 0:
            return self.content
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        return packer.compress(self.content) + packer.flush()

    def _fields(self) -> tuple[int, ...]:
        size = len(self.content) if self.size is None else self.size
        return (self.flags, self.method, 0, 0x5A21, zlib.crc32(self.content), len(self.packed), size)

    def local(self) -> bytes:
        """The local header and the content."""
        name = self.name if self.local_name is None else self.local_name
        return struct.pack("<4s5H3L2H", b"PK\3\4", 20, *self._fields(), len(name), 0) + name + self.packed

    def central(self, position: int) -> bytes:
        """The line in the directory."""
        lengths = (len(self.name), len(self.extra), 0, 0, 0)
        head = struct.pack("<4s6H3L5H2L", b"PK\1\2", 0x314, 20, *self._fields(), *lengths, self.mode << 16, position)
        return head + self.name + self.extra


def rar4(files: Sequence[tuple[bytes, bytes, int]], *, head_locked: bool = False) -> bytes:
    """A RAR 4 of stored files: name, content, flags (0x04: locked)."""
    out = b"Rar!\x1a\x07\x00" + _block4(0x73, 0x80 if head_locked else 0, bytes(6))
    for name, content, flags in files:
        fields = struct.pack(
            "<LLBLLBBHL", len(content), len(content), 3, zlib.crc32(content), 0x5A210000, 29, 0x30, len(name), 0o100644
        )
        out += _block4(0x74, 0x8000 | flags, fields + name + (bytes(8) if flags & 0x400 else b"")) + content
    return out + _block4(0x7B, 0x4000, b"")


def _block4(kind: int, flags: int, fields: bytes) -> bytes:
    head = struct.pack("<BHH", kind, flags, 7 + len(fields)) + fields
    return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head


def rar5(files: Mapping[str, bytes], *, locked: frozenset[str] = frozenset(), head_locked: bool = False) -> bytes:
    """A RAR 5 of stored files; the contents of those ``locked`` are said to be so."""
    out = b"Rar!\x1a\x07\x01\x00"
    if head_locked:
        return out + _block5(_vints(4, 0, 0, 0) + b"\x0f" + bytes(16)) + bytes(64)
    out += _block5(_vints(1, 0, 0))
    for name, content in files.items():
        octets = name.encode()
        lock = _vints(48, 1, 0, 0) + b"\x0f" + bytes(32) + bytes(12) if name in locked else b""
        flags = _vints(2, 0x03, len(lock), len(content)) if lock else _vints(2, 0x02, len(content))
        fields = _vints(0x04, len(content), 0o100644) + struct.pack("<L", zlib.crc32(content))
        out += _block5(flags + fields + _vints(0, 1, len(octets)) + octets + lock) + content
    return out + _block5(_vints(5, 0, 0))


def _block5(fields: bytes) -> bytes:
    sized = _vints(len(fields)) + fields
    return struct.pack("<L", zlib.crc32(sized)) + sized


def _vints(*numbers: int) -> bytes:
    out = bytearray()
    for number in numbers:
        left = number
        while left > 0x7F:
            out.append(left & 0x7F | 0x80)
            left >>= 7
        out.append(left)
    return bytes(out)
