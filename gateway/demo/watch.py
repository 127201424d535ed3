"""Waiting for what must happen, with a deadline.

Promises:  returns as soon as it has happened.
Fails:     TimeoutError when it has not happened within ``DEADLINE_S``.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

DEADLINE_S = 90.0
LOOK_S = 0.1

T = TypeVar("T")


def wait(look: Callable[[], T | None], look_s: float = LOOK_S) -> T:
    """What ``look`` finds, as soon as it finds anything."""
    end = time.monotonic() + DEADLINE_S
    while (found := look()) is None:
        if time.monotonic() > end:
            raise TimeoutError(f"nothing within {DEADLINE_S:.0f} s")
        time.sleep(look_s)
    return found


def now() -> datetime:
    """The clock: UTC."""
    return datetime.now(UTC)
