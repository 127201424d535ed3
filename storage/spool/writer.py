"""The committer's hand: turns waiting drafts into durable records, a whole batch with one sync.

Promises:  commit point A. An answer is given only after own file, directory and segment were synced, in this order. A
           batch that could not be written leaves nothing behind, and every one in it is told.
Never:     answers before the sync; never goes on after a failure it could not undo: then the spool is broken and
           takes nothing until it is opened anew, which decides by what really lies on the disk.
Fails:     SpoolFull, SpoolBroken or OSError as the exception of every answer in the batch.
"""

from __future__ import annotations

import errno
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from time import monotonic

from storage.failpoints import reach
from storage.files import Gauge, Octets
from storage.spool.draft import Draft
from storage.spool.names import SpoolFull
from storage.spool.record import HEADER_LENGTH, Entry, Header, pack_entry
from storage.spool.segment import Segment, create_segment
from storage.spool.yard import Yard, segment_path, set_gauge
from storage.trouble import Temporary


class SpoolBroken(Temporary):
    """The spool's disk failed in a way that only a restart can judge."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A mail that is ours now: its id, its size in octets, the SHA-256 (hex) of its octets."""

    spool_id: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """One draft whose session waits for the answer."""

    draft: Draft
    envelope: bytes
    answer: Future[Stored]

    def stored(self) -> Stored:
        """What the answer will say."""
        return Stored(self.draft.id, self.draft.size, self.draft.digest().hex())

    def refuse(self, error: BaseException) -> None:
        """Its session is told why, and nothing of the mail stays."""
        self.answer.set_exception(error)
        self.draft.discard()


class Writer:
    """The single writer of an owner's directory; used by one thread."""

    def __init__(self, yard: Yard, segment: Segment, gauge: Gauge) -> None:
        self._yard = yard
        self._segment = segment
        self._gauge = gauge
        self._broken: BaseException | None = None
        self._begun = monotonic()
        set_gauge(gauge, segment.number, segment.end)

    @property
    def idle(self) -> bool:
        """Whether the newest segment holds no record."""
        return self._segment.end == HEADER_LENGTH

    def write(self, batch: Sequence[Waiting]) -> None:
        """Make the batch durable with one sync, then answer every one in it; it may be empty."""
        try:
            self._refuse_if_broken()
            self._rotate_when_due()
            if batch:
                self._make_durable(batch)
        except (OSError, Temporary) as error:
            self.give_up(batch, error)
        else:
            self._answer(batch)

    def give_up(self, batch: Sequence[Waiting], error: BaseException) -> None:
        """Undo what was half done and tell everyone; when undoing fails too, the spool is broken."""
        try:
            self._segment.restore()
        except OSError as worse:
            self._broken = self._broken or worse
        told = _in_our_words(error)
        for waiting in batch:
            waiting.refuse(told)

    def rotate(self) -> None:
        """Begin a new segment; the old one is closed and may be released once it is forwarded."""
        reach("spool.before-rotate")
        header = Header(self._segment.number + 1, self._yard.stamps.next(), self._yard.tag)
        try:
            newer = create_segment(self._yard.files, self._yard.directory, header)
        except OSError:
            self._forget(header.number)
            raise
        set_gauge(self._gauge, newer.number, newer.end)
        self._segment.close()
        self._segment = newer
        reach("spool.after-rotate")

    def close(self) -> None:
        """Let the segment go; a last rotation lets the reader release all that was written."""
        try:
            if not self.idle and self._broken is None:
                self.rotate()
        finally:
            self._segment.close()

    def _refuse_if_broken(self) -> None:
        if self._broken is not None:
            raise SpoolBroken("the spool's disk failed; it takes nothing until it is restarted") from self._broken

    def _rotate_when_due(self) -> None:
        if self.idle:
            self._begun = monotonic()
        full = self._segment.end >= self._yard.limits.segment_bytes
        old = monotonic() - self._begun >= self._yard.limits.segment_age_s
        if full or (old and not self.idle):
            self.rotate()

    def _make_durable(self, batch: Sequence[Waiting]) -> None:
        if any(waiting.draft.own_file for waiting in batch):
            self._yard.files.sync_directory(self._yard.directory)
        blocks: list[Octets] = []
        offset = self._segment.end
        for waiting in batch:
            offset = self._frame(waiting, offset, blocks)
        self._segment.append(blocks)
        set_gauge(self._gauge, self._segment.number, self._segment.end)

    def _frame(self, waiting: Waiting, offset: int, blocks: list[Octets]) -> int:
        draft = waiting.draft
        draft.name()
        entry = Entry(offset, draft.stamp, draft.size, draft.digest(), waiting.envelope, draft.own_file)
        blocks.append(pack_entry(self._segment.number, entry))
        if not draft.own_file:
            blocks += draft.held
        return entry.end

    def _answer(self, batch: Sequence[Waiting]) -> None:
        reach("spool.before-answer")
        for waiting in batch:
            waiting.draft.close()
            waiting.answer.set_result(waiting.stored())

    def _forget(self, number: int) -> None:
        """A half-made newer segment would hide the tail of this one from recovery: gone for sure, or broken."""
        try:
            self._yard.files.unlink(segment_path(self._yard.directory, number))
            self._yard.files.sync_directory(self._yard.directory)
        except OSError as worse:
            self._broken = worse


_FULL = {errno.ENOSPC, errno.EDQUOT}


def _in_our_words(error: BaseException) -> BaseException:
    if isinstance(error, OSError) and error.errno in _FULL:
        full = SpoolFull("the spool's disk is full")
        full.__cause__ = error
        return full
    return error
