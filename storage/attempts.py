"""What becomes of a job that was tried: done, tried again, buried.

Promises:  Temporary trouble is tried again without end, at longer and longer intervals. Any other exception, and a
           process that died over the job, come to an end after ``most_attempts``: poison cannot loop.
Never:     looks at what a job does.
Fails:     nothing here can fail.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from storage.trouble import Temporary

DOUBLINGS_MAX = 30


class Ending(StrEnum):
    """How one attempt at a job ended."""

    DONE = "done"
    AGAIN = "again"  # it raised; it will be tried later
    BURIED = "buried"  # it raised, or took its process down, too often; it stays until somebody looks
    TAKEN_OVER = "taken_over"  # its process died; it will be tried at once


@dataclass(frozen=True, slots=True)
class Ended:
    """One attempt that ended; ``attempts`` counts it in, ``error`` is what it raised, if it lived to raise."""

    task: str
    job: int
    attempts: int
    ending: Ending
    error: Exception | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """How patient the queue is. A process without a sign of life for ``silent_s`` seconds counts as dead.

    Every attempt counts, also those that met Temporary trouble: a bug that shows after a long outage is buried at its
    first sight, and can be dug up again.
    """

    most_attempts: int = 20
    first_pause_s: float = 1.0
    longest_pause_s: float = 600.0
    silent_s: float = 30.0
    poll_s: float = 0.5  # how late a job may start that was set for a time; others are announced at once
    keep_buried_h: int = 90 * 24

    def pause(self, attempts: int) -> timedelta:
        """How long to wait after so many attempts: doubling, up to the longest."""
        doubled = self.first_pause_s * 2.0 ** min(attempts - 1, DOUBLINGS_MAX)
        return timedelta(seconds=min(self.longest_pause_s, doubled))

    def ending(self, attempts: int, error: Exception | None) -> Ending:
        """What becomes of the attempt of this number that failed; no error means that its process died."""
        if attempts >= self.most_attempts and not isinstance(error, Temporary):
            return Ending.BURIED
        return Ending.TAKEN_OVER if error is None else Ending.AGAIN
