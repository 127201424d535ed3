"""Waiting for something to become true, with a deadline.

Promises:  returns as soon as it is true; never waits longer than ``WAIT`` seconds.
"""

from __future__ import annotations

import time
from collections.abc import Callable

WAIT = 20.0
LOOK_AGAIN = 0.01


def eventually(true: Callable[[], bool]) -> bool:
    """Whether it becomes true before the deadline."""
    end = time.monotonic() + WAIT
    while not true() and time.monotonic() < end:
        time.sleep(LOOK_AGAIN)
    return true()
