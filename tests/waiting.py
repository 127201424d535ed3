"""Waiting for a condition, with a deadline."""

from __future__ import annotations

import time
from collections.abc import Callable


class TooLong(AssertionError):
    """What was waited for did not come."""


def until(come: Callable[[], object], within_s: float = 60.0, what: str = "it", pause_s: float = 0.02) -> None:
    """Return as soon as ``come()`` is true; TooLong, naming ``what``, after so many seconds."""
    deadline = time.monotonic() + within_s
    while not come():
        if time.monotonic() > deadline:
            raise TooLong(f"{what}: not within {within_s:.0f} s")
        time.sleep(pause_s)
