"""When a letter is tried again, and when its sender is told that it waits.

Promises:  waits grow along the table and then repeat its last step; the last attempt falls on the end of the lifetime,
           never after it; the warning falls between exactly two consecutive attempts.
Never:     reads a clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Waits:
    """How long to wait after the first, second … failed attempt; the last holds for all that follow."""

    steps: tuple[timedelta, ...]

    def __post_init__(self) -> None:
        if not self.steps or min(self.steps) <= timedelta(0):
            raise ValueError("waits between attempts are one or more, each longer than nothing")

    @classmethod
    def of_minutes(cls, *minutes: float) -> Waits:
        """Waits from minutes."""
        return cls(tuple(timedelta(minutes=each) for each in minutes))

    def after(self, attempt: int) -> timedelta:
        """The wait after that attempt (1 is the first)."""
        return self.steps[min(max(attempt, 1), len(self.steps)) - 1]


USUAL = Waits.of_minutes(1, 5, 15, 30, 60, 120, 240)


def next_attempt(
    attempt: int, now: datetime, queued_at: datetime, lifetime: timedelta, table: Waits = USUAL
) -> datetime | None:
    """When to try again after attempt number ``attempt`` failed for now; None once the lifetime is over."""
    end = queued_at + lifetime
    return min(now + table.after(attempt), end) if now < end else None


def warns(previous: datetime | None, now: datetime, queued_at: datetime, after: timedelta) -> bool:
    """Whether the delay warning falls due at this failed attempt; ``previous`` is the attempt before, if any."""
    due = queued_at + after
    return now >= due and (previous is None or previous < due)
