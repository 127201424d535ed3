"""One owner's directory: its disk, its stamps, its tag, and how much of the disk must stay free.

Promises:  every file of an owner gets its name here.
Never:     opens a segment; that is the writer's and the reader's.
Fails:     SpoolFull when the free-space mark is reached or the disk says that it is full; OSError otherwise.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from storage.files import Files, Gauge, OpenFile
from storage.spool.names import SpoolFull, Stamps, body_name, number_of, segment_name, spool_id

_LOOK_EVERY_S = 0.25
_END_BITS = 36  # a segment is far smaller than 64 GiB


@dataclass(frozen=True, slots=True)
class Limits:
    """The sizes of a spool; octets and seconds."""

    own_file_over: int = 1 << 20
    segment_bytes: int = 64 << 20
    segment_age_s: float = 60.0
    keep_free_bytes: int = 256 << 20
    lock_wait_s: float = 10.0


class Room:
    """The free-space mark; the disk is asked at most every quarter of a second."""

    __slots__ = ("_directory", "_files", "_keep_free", "_next_look")

    def __init__(self, files: Files, directory: Path, keep_free: int) -> None:
        self._files = files
        self._directory = directory
        self._keep_free = keep_free
        self._next_look = 0.0

    def check(self) -> None:
        """SpoolFull below the mark; then every call looks anew."""
        if (now := monotonic()) < self._next_look:
            return
        if self._files.free_bytes(self._directory) < self._keep_free:
            raise SpoolFull("less room on the spool's disk than it must keep free")
        self._next_look = now + _LOOK_EVERY_S


@dataclass(frozen=True, slots=True)
class Yard:
    """What drafts and the writer of one owner share."""

    files: Files
    directory: Path
    stamps: Stamps
    tag: str
    limits: Limits
    room: Room

    def next_id(self) -> tuple[int, str]:
        """A new stamp and the spool id made of it."""
        stamp = self.stamps.next()
        return stamp, spool_id(stamp, self.tag)

    def body(self, spool_id: str) -> Path:
        """The own file of a large mail."""
        return self.directory / body_name(spool_id)

    def create_body(self, spool_id: str) -> OpenFile:
        """That file, new and empty."""
        return self.files.create(self.body(spool_id))

    def check_room(self) -> None:
        """SpoolFull below the free-space mark."""
        self.room.check()


def segment_numbers(files: Files, directory: Path) -> list[int]:
    """The numbers of all segments in a directory, rising."""
    return sorted(number for name in files.names(directory) if (number := number_of(name)) is not None)


def segment_path(directory: Path, number: int) -> Path:
    """The file of one segment."""
    return directory / segment_name(number)


def set_gauge(gauge: Gauge, number: int, end: int) -> None:
    """Publish: segment ``number`` is durable up to ``end``, and all before it are closed."""
    gauge.write(number << _END_BITS | end)


def read_gauge(gauge: Gauge) -> tuple[int, int]:
    """The newest segment's number and its durable end; never more than the truth, (0, 0) when unknown."""
    value = gauge.read()
    return value >> _END_BITS, value & ((1 << _END_BITS) - 1)


@contextmanager
def full_disk_told() -> Iterator[None]:
    """Turn the kernel's word for a full disk into ours."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise SpoolFull("the spool's disk is full") from error
        raise
