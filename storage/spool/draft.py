"""One mail while it is being received.

Promises:  hashes on the way; holds at most ``own_file_over`` octets in memory; then they go to an own file, and from
           there on straight to it, and the kernel is asked to write them back early so that the last sync is short.
Never:     makes anything durable before ``settle``; never belongs to two threads at once.
Fails:     SpoolFull from ``write`` (the draft is discarded then); OSError when the disk fails.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256

from storage.failpoints import reach
from storage.files import Octets, OpenFile
from storage.spool.yard import Yard, full_disk_told

_WRITE_BACK = 4 << 20  # ask the kernel to begin writing after so many octets
_WORTH_A_WRITE = 64 << 10  # octets; smaller blocks are gathered first
_MOST_BLOCKS = 512  # many small blocks cost more memory than what they hold


class Draft:
    """Octets in arrival order; used from one thread (an event loop), handed over whole by ``Spool.commit``."""

    __slots__ = ("_file", "_hash", "_hold", "_holding", "_told", "_written", "_yard", "held", "id", "size", "stamp")

    def __init__(self, yard: Yard) -> None:
        self.size = 0
        self.stamp, self.id = 0, ""
        self.held: list[bytes] = []  # copies in a list: a growing buffer costs ten times as much in page faults
        self._yard = yard
        self._hash = sha256()
        self._hold = yard.limits.own_file_over
        self._holding = 0
        self._file: OpenFile | None = None
        self._written = self._told = 0

    @property
    def own_file(self) -> bool:
        """Whether the octets lie in a file of their own."""
        return self._file is not None

    def digest(self) -> bytes:
        """SHA-256 of what was written so far."""
        return self._hash.digest()

    def write(self, block: Octets) -> None:
        """Append octets; the block may be reused as soon as this returns. SpoolFull, OSError."""
        self._hash.update(block)
        self.size += len(block)
        if self._file is not None and not self.held and len(block) >= _WORTH_A_WRITE:
            self._write_through(self._file, [block])
            return
        self.held.append(bytes(block))
        self._holding += len(block)
        if self._holding > self._hold:
            self._write_through(self._file, self.held)
        elif len(self.held) > _MOST_BLOCKS:
            self.held = [b"".join(self.held)]

    def name(self) -> None:
        """Take a spool id, unless the own file took one."""
        if not self.id:
            self.stamp, self.id = self._yard.next_id()

    def settle(self) -> None:
        """Make the own file's octets durable; its name in the directory is the writer's to sync. Any thread."""
        if self._file is None:
            return
        with full_disk_told():
            self._append(self._file, self.held)
            reach("spool.before-body-sync")
            self._file.sync()
        reach("spool.after-body-sync")

    def close(self) -> None:
        """Let memory and descriptor go, keep the file."""
        self.held = []
        if self._file is not None:
            self._file.close()
            self._file = None

    def discard(self) -> None:
        """Forget the mail; nothing of it stays."""
        own_file = self.own_file
        self.close()
        if own_file:
            with suppress(OSError):  # what cannot be taken away now is taken away by the next recovery
                self._yard.files.unlink(self._yard.body(self.id))

    def _write_through(self, file: OpenFile | None, blocks: Sequence[Octets]) -> None:
        """To the own file, which is begun if there is none."""
        try:
            with full_disk_told():
                self._append(file or self._begin_file(), blocks)
        except BaseException:
            self.discard()
            raise

    def _begin_file(self) -> OpenFile:
        self._yard.check_room()
        self.name()
        self._file = self._yard.create_body(self.id)
        self._hold = min(self._hold, _WORTH_A_WRITE)
        return self._file

    def _append(self, file: OpenFile, blocks: Sequence[Octets]) -> None:
        file.write_at(self._written, blocks)
        self._written += sum(map(len, blocks))
        self.held, self._holding = [], 0
        if self._written - self._told >= _WRITE_BACK:
            self._yard.check_room()
            file.write_back(self._told, self._written - self._told)
            self._told = self._written
