"""Places where a test may kill this process: one before and after every durable step.

Promises:  ``LIENTHONG_FAILPOINT=name`` (or ``name:n``) ends the process with SIGKILL when the point of that name is
           reached for the first (n-th) time. With ``LIENTHONG_FAILPOINT_ONCE=path`` the kill happens once in all:
           the file is made just before it, and processes that find it are left alone.
Never:     costs anything when the variable is unset; runs a handler, flushes a buffer or says goodbye when it is set.
Fails:     ValueError at import for a name that is not in POINTS: a misspelt test would prove nothing.
"""

from __future__ import annotations

import os
import signal
from itertools import count
from pathlib import Path

POINTS = frozenset(
    {
        "blobs.after-link",
        "blobs.after-sync",
        "blobs.before-link",
        "blobs.before-sync",
        "blobs.forgotten",
        "constfile.after-rename",
        "constfile.before-rename",
        "constfile.before-sync",
        "doorbook.after-switch",
        "doorbook.before-switch",
        "forward.after-commit",
        "forward.after-insert",
        "forward.before-blobs",
        "forward.before-commit",
        "jobs.claimed",
        "jobs.done",
        "register.after-commit",
        "register.before-claim",
        "register.before-commit",
        "register.claimed",
        "seal.after-commit",
        "seal.before-commit",
        "send.after-commit",
        "send.before-claim",
        "send.before-commit",
        "send.before-keep",
        "send.carried",
        "send.claimed",
        "send.kept",
        "smtp.after-reply",
        "smtp.before-reply",
        "spool.after-body-sync",
        "spool.after-rotate",
        "spool.after-sync",
        "spool.before-answer",
        "spool.before-body-sync",
        "spool.before-release",
        "spool.before-rotate",
        "spool.before-sync",
        "spool.before-write",
        "spool.between-releases",
        "spool.recovering",
        "strongroom.before-forget",
        "strongroom.forgotten",
        "strongroom.laid",
    },
)
"""Every name that ``reach`` is called with; a test compares the two."""


class _Mine:
    """One armed fail point."""

    def __init__(self, wish: str, once: str | None) -> None:
        self._name, _, nth = wish.partition(":")
        self._nth = int(nth or 1)
        self._once = Path(once) if once else None
        self._seen = count(1)
        if self._name not in POINTS:
            raise ValueError(f"no fail point is called {self._name!r}")

    def step(self, name: str) -> None:
        if name == self._name and next(self._seen) == self._nth and self._first():
            os.kill(os.getpid(), signal.SIGKILL)

    def _first(self) -> bool:
        if self._once is None:
            return True
        try:
            self._once.touch(exist_ok=False)
        except FileExistsError:
            return False
        return True


def _armed() -> _Mine | None:
    wish = os.environ.get("LIENTHONG_FAILPOINT")
    return _Mine(wish, os.environ.get("LIENTHONG_FAILPOINT_ONCE")) if wish else None


_mine = _armed()


def reach(name: str) -> None:
    """Die here if that was asked for; ``name`` is one of POINTS."""
    if _mine is not None:
        _mine.step(name)
