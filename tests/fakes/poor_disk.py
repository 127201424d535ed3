"""A real disk that can be made poor: less room than there is, no new files, syncs that wait or fail.

Promises:  everything else is the real disk.
"""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

from storage.files import Disk, DiskFile

SYNC_WAITS = 30.0  # seconds; a test that forgets to open the gate still ends


class PoorDisk(Disk):
    """``room``: free octets it claims; ``full``: no new files; ``broken``: no sync succeeds; ``gate``: syncs wait.

    ``waiting`` counts the syncs that have begun to wait at the gate, or passed it.
    """

    def __init__(self) -> None:
        self.room: int | None = None
        self.full = self.broken = False
        self.waiting = 0
        self.gate = threading.Event()
        self.gate.set()

    def create(self, path: Path) -> PoorFile:
        """A new file, while there is room."""
        if self.full:
            raise OSError(errno.ENOSPC, "the disk is full")
        return PoorFile(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), self)

    def open(self, path: Path) -> PoorFile:
        """A file that is there."""
        return PoorFile(os.open(path, os.O_RDWR | os.O_CLOEXEC), self)

    def free_bytes(self, directory: Path) -> int:
        """What it claims to be free."""
        return super().free_bytes(directory) if self.room is None else self.room


class PoorFile(DiskFile):
    """A file on a poor disk."""

    def __init__(self, fd: int, disk: PoorDisk) -> None:
        super().__init__(fd)
        self._disk = disk

    def sync(self) -> None:
        """Sync when the disk lets us."""
        self._disk.waiting += 1
        self._disk.gate.wait(SYNC_WAITS)
        if self._disk.broken:
            raise OSError(errno.EIO, "the disk is broken")
        super().sync()
