"""The file layer: the few things the spool and the blobs ask of a disk, so that a test can pull the plug.

Promises:  what ``sync`` was called on survives a power cut: octets by ``OpenFile.sync``, names by ``sync_directory``;
           neither stands for the other. ``write_at`` writes all of it or raises.
Never:     buffers, retries or guesses; never follows a failed ``sync`` with another attempt (the kernel has dropped
           the pages by then, and a second fsync would lie).
Fails:     OSError as the kernel tells it; FileExistsError from ``create`` and ``link``.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Protocol

Octets = bytes | bytearray | memoryview

_MOST_BLOCKS = 1024  # IOV_MAX on Linux
_WORD = 8


class OpenFile(Protocol):
    """One file, open for reading and writing at any offset."""

    def write_at(self, offset: int, blocks: Sequence[Octets]) -> None:
        """All blocks, one after the other, from ``offset`` on."""

    def read_at(self, offset: int, length: int) -> bytes:
        """Up to ``length`` octets; fewer only at the end of the file."""

    def size(self) -> int:
        """The length in octets."""

    def cut(self, size: int) -> None:
        """Make the file ``size`` octets long."""

    def write_back(self, offset: int, length: int) -> None:
        """A hint: begin to write this range to disk now, it is not needed in memory."""

    def sync(self) -> None:
        """Return when the octets, and the length needed to read them, are on disk."""

    def close(self) -> None:
        """Let the descriptor go."""


class Gauge(Protocol):
    """One number shared between processes through memory; not durable, never torn."""

    def read(self) -> int:
        """The number last written by anyone; 0 at first."""

    def write(self, value: int) -> None:
        """Set it; 0 <= value < 2**64."""

    def close(self) -> None:
        """Let the memory go."""


class Lock(Protocol):
    """An exclusive lock that also ends with its process."""

    def release(self) -> None:
        """Give it back."""


class Files(Protocol):
    """A disk."""

    def create(self, path: Path) -> OpenFile:
        """A new empty file; FileExistsError when the name is taken."""

    def open(self, path: Path) -> OpenFile:
        """An existing file; FileNotFoundError when there is none."""

    def names(self, directory: Path) -> list[str]:
        """The names in a directory, sorted; empty when there is no such directory."""

    def exists(self, path: Path) -> bool:
        """Whether the name is there."""

    def age_s(self, path: Path) -> float:
        """Seconds since the file was last written to."""

    def make_directory(self, path: Path) -> None:
        """The directory and its parents, durable, if they are not there."""

    def sync_directory(self, directory: Path) -> None:
        """Return when the names in the directory are on disk as they are now."""

    def link(self, source: Path, target: Path) -> None:
        """A second name for a file; FileExistsError when it is taken."""

    def unlink(self, path: Path) -> None:
        """Take a name away, if it is there."""

    def lock(self, path: Path) -> Lock | None:
        """The lock of that name, or None when another holds it."""

    def gauge(self, path: Path) -> Gauge:
        """The gauge of that name; made when it is not there."""

    def free_bytes(self, directory: Path) -> int:
        """Room left for ordinary processes on the disk of that directory."""


class DiskFile:
    """An OpenFile on a descriptor."""

    __slots__ = ("_fd",)

    def __init__(self, fd: int) -> None:
        self._fd = fd

    def write_at(self, offset: int, blocks: Sequence[Octets]) -> None:
        """All blocks from ``offset`` on, in as few calls as the kernel allows."""
        rest = iter(blocks)
        while some := list(islice(rest, _MOST_BLOCKS)):
            offset = self._write_some(offset, some)

    def _write_some(self, offset: int, blocks: list[Octets]) -> int:
        while blocks:
            written = os.pwritev(self._fd, blocks, offset)
            offset += written
            blocks = _rest(blocks, written)
        return offset

    def read_at(self, offset: int, length: int) -> bytes:
        """Up to ``length`` octets."""
        block = os.pread(self._fd, length, offset)
        if len(block) in {0, length}:
            return block
        return block + self.read_at(offset + len(block), length - len(block))

    def size(self) -> int:
        """The length in octets."""
        return os.fstat(self._fd).st_size

    def cut(self, size: int) -> None:
        """Make the file ``size`` octets long."""
        os.ftruncate(self._fd, size)

    def write_back(self, offset: int, length: int) -> None:
        """Linux begins to write dirty pages when it is told that they are not needed."""
        os.posix_fadvise(self._fd, offset, length, os.POSIX_FADV_DONTNEED)

    def sync(self) -> None:
        """fdatasync(2): octets and length, without the times."""
        os.fdatasync(self._fd)

    def close(self) -> None:
        """Let the descriptor go."""
        os.close(self._fd)


def _rest(blocks: list[Octets], written: int) -> list[Octets]:
    for index, block in enumerate(blocks):
        if written < len(block):
            return [memoryview(block)[written:], *blocks[index + 1 :]]
        written -= len(block)
    return []


class DiskGauge:
    """A Gauge in a mapped file: one aligned word, which the processor writes at once."""

    __slots__ = ("_map", "_word")

    def __init__(self, fd: int) -> None:
        if os.fstat(fd).st_size < _WORD:
            os.ftruncate(fd, _WORD)
        self._map = mmap.mmap(fd, _WORD)
        self._word = memoryview(self._map).cast("Q")

    def read(self) -> int:
        """The number last written by anyone."""
        return self._word[0]

    def write(self, value: int) -> None:
        """Set it for everyone."""
        self._word[0] = value

    def close(self) -> None:
        """Let the memory go."""
        self._word.release()
        self._map.close()


class DiskLock:
    """A Lock on a descriptor (flock)."""

    __slots__ = ("_fd",)

    def __init__(self, fd: int) -> None:
        self._fd = fd

    def release(self) -> None:
        """Closing the descriptor gives the lock back."""
        os.close(self._fd)


class Disk:
    """The real file layer; files are private to their user."""

    def create(self, path: Path) -> DiskFile:
        """A new empty file."""
        return DiskFile(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))

    def open(self, path: Path) -> DiskFile:
        """An existing file."""
        return DiskFile(os.open(path, os.O_RDWR | os.O_CLOEXEC))

    def names(self, directory: Path) -> list[str]:
        """The names in a directory, sorted."""
        try:
            return sorted(os.listdir(directory))  # noqa: PTH208  names are wanted, not paths; this is polled
        except FileNotFoundError:
            return []

    def exists(self, path: Path) -> bool:
        """Whether the name is there."""
        return path.exists()

    def age_s(self, path: Path) -> float:
        """Seconds since the file was last written to; 0 when it has gone."""
        try:
            return time.time() - path.stat().st_mtime
        except FileNotFoundError:
            return 0.0

    def make_directory(self, path: Path) -> None:
        """Parents first; the name is synced also when it was there: its maker may not have come so far."""
        if not path.parent.is_dir():
            self.make_directory(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)
        self.sync_directory(path.parent)

    def sync_directory(self, directory: Path) -> None:
        """fsync(2) on the directory."""
        with _descriptor(directory, os.O_RDONLY | os.O_DIRECTORY) as fd:
            os.fsync(fd)

    def link(self, source: Path, target: Path) -> None:
        """A second name for a file."""
        os.link(source, target)

    def unlink(self, path: Path) -> None:
        """Take a name away, if it is there."""
        path.unlink(missing_ok=True)

    def lock(self, path: Path) -> DiskLock | None:
        """An exclusive flock on a file of that name."""
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(fd)
            return None
        return DiskLock(fd)

    def gauge(self, path: Path) -> DiskGauge:
        """A mapped file of that name."""
        with _descriptor(path, os.O_RDWR | os.O_CREAT) as fd:
            return DiskGauge(fd)

    def free_bytes(self, directory: Path) -> int:
        """Room left for ordinary processes."""
        room = os.statvfs(directory)
        return room.f_bavail * room.f_frsize


@contextmanager
def _descriptor(path: Path, flags: int) -> Iterator[int]:
    fd = os.open(path, flags | os.O_CLOEXEC, 0o600)
    try:
        yield fd
    finally:
        os.close(fd)


DISK = Disk()
