"""The spool's door side: drafts in, answers out, one thread that commits for all sessions at once.

Promises:  ``commit`` returns at once; its future is done when the mail is durable (commit point A). All drafts that
           wait while a sync runs share the next one. Own files are synced beside it, several at a time, so that a
           small mail never waits for a large one.
Never:     two writers in one directory, in any number of processes; waits for anything but this disk.
Fails:     SpoolBusy when another process holds the directory; SpoolFull, SpoolBroken and OSError through the future.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread

from storage.files import DISK, Files, Lock
from storage.spool.draft import Draft
from storage.spool.names import Stamps
from storage.spool.recovery import recover
from storage.spool.writer import Stored, Waiting, Writer
from storage.spool.yard import Limits, Room, Yard
from storage.trouble import Temporary

_AT_ONCE = 4  # own files synced side by side


class SpoolBusy(Temporary):
    """Another process writes in this owner's directory."""


@dataclass(frozen=True, slots=True)
class _Stop:
    """The last thing in the queue."""


class Spool:
    """One owner's spool; drafts and commits from one thread (an event loop), futures done in the committer's."""

    def __init__(
        self,
        root: Path,
        owner: str,
        *,
        files: Files = DISK,
        limits: Limits | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        directory, limits = root / owner, limits or Limits()
        files.make_directory(directory)
        self._lock = _locked(files, directory, limits.lock_wait_s)
        self._gauge = files.gauge(directory / "gauge")
        recovered = recover(files, directory, self._gauge)
        self.cut = recovered.cut
        header = recovered.segment.header
        room = Room(files, directory, limits.keep_free_bytes)
        self._yard = Yard(files, directory, Stamps(clock, header.floor), header.tag, limits, room)
        self._writer = Writer(self._yard, recovered.segment, self._gauge)
        self._queue: SimpleQueue[Waiting | _Stop] = SimpleQueue()
        self._bodies = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="spool-bodies")
        self._closed = False
        self._committer = Thread(target=self._commit_all, name="spool-committer", daemon=True)
        self._committer.start()

    def draft(self) -> Draft:
        """A new empty draft. SpoolFull below the free-space mark."""
        self._yard.check_room()
        return Draft(self._yard)

    def commit(self, draft: Draft, envelope: bytes) -> Future[Stored]:
        """Hand a whole draft over; done when durable, or with SpoolFull, SpoolBroken or OSError and nothing kept.

        The future cannot be cancelled: once a session has handed its mail over, the mail is settled without it.
        """
        answer: Future[Stored] = Future()
        answer.set_running_or_notify_cancel()
        waiting = Waiting(draft, envelope, answer)
        if draft.own_file:
            self._bodies.submit(self._settle, waiting)
        else:
            self._queue.put(waiting)
        return answer

    def free_bytes(self) -> int:
        """Room left on the spool's disk."""
        return self._yard.files.free_bytes(self._yard.directory)

    def close(self) -> None:
        """Answer all that wait, then let the directory go. Closing twice is nothing."""
        if self._closed:
            return
        self._closed = True
        self._bodies.shutdown(wait=True)
        self._queue.put(_Stop())
        self._committer.join()
        try:
            self._writer.close()
        finally:
            self._gauge.close()
            self._lock.release()

    def _settle(self, waiting: Waiting) -> None:
        try:
            waiting.draft.settle()
        except (OSError, Temporary) as error:
            waiting.refuse(error)
        else:
            self._queue.put(waiting)

    def _commit_all(self) -> None:
        """The committer's life: everything that waits, in one batch, again and again."""
        open_ = True
        while open_:
            batch, open_ = self._gather()
            try:
                self._writer.write(batch)
            except Exception as bug:  # noqa: BLE001  whatever it is, no session may wait for ever
                self._writer.give_up(batch, bug)

    def _gather(self) -> tuple[list[Waiting], bool]:
        """All that waits, as soon as there is one, or nothing after a while; and whether more may come."""
        batch: list[Waiting] = []
        try:
            found = self._queue.get(timeout=self._yard.limits.segment_age_s)
        except Empty:
            return batch, True
        while isinstance(found, Waiting):
            batch.append(found)
            if self._queue.empty():
                return batch, True
            found = self._queue.get()
        return batch, False


def _locked(files: Files, directory: Path, wait_s: float) -> Lock:
    """The owner's lock; the writer before us, or the reader mending what it left, may hold it for a moment."""
    until = time.monotonic() + wait_s
    while (lock := files.lock(directory / "lock")) is None:
        if time.monotonic() >= until:
            raise SpoolBusy("another process writes in this spool directory")
        time.sleep(0.02)
    return lock
