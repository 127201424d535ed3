"""The role processes, started as the supervisor starts them, each with at most one fail point armed for one life.

Promises:  an actor that is dead is started again by ``raise_again``; how it died is told once. Nothing survives the
           block of ``playing``.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from gateway.roles.stage import READY
from gateway.supervisor import Part, Role, parts
from tests.crash.office import Office
from tests.crash.plan import Strike
from tests.waiting import until

STOPPING_S = 60.0


@dataclass(slots=True)
class Actor:
    """One process; ``strike`` is what this life is to end by, ``felled`` says that somebody else ended it."""

    part: Part
    log: BinaryIO
    strike: Strike | None = None
    felled: bool = False
    asked: bool = False
    nudged: bool = False
    given_up: bool = False

    @property
    def role(self) -> Role:
        """What it plays."""
        return Role(self.part.role)

    @property
    def name(self) -> str:
        """Role and number."""
        return f"{self.part.role}-{self.part.number}"

    @property
    def age_s(self) -> float:
        """Seconds since it was started."""
        return time.monotonic() - self.part.started_at

    def raise_again(self, strike: Strike | None) -> None:
        """Start it, armed or not."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("LIENTHONG")}
        if strike is not None:
            environment["LIENTHONG_FAILPOINT"] = strike.wish
        part = self.part
        part.process = subprocess.Popen(
            part.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            env=environment,
            start_new_session=True,
        )
        os.set_blocking(_stream(part).fileno(), False)
        part.started_at, part.ready = time.monotonic(), False
        self.strike = strike
        self.felled = self.asked = self.nudged = self.given_up = False

    def is_ready(self) -> bool:
        """Whether it has said that it does its work."""
        if not self.part.ready and self.part.process is not None:
            self.part.ready = (_stream(self.part).read() or b"").startswith(READY)
        return self.part.ready

    def died(self) -> int | None:
        """How it ended, once; None while it lives."""
        process = self.part.process
        if process is None or process.poll() is None:
            return None
        for pipe in filter(None, (process.stdin, process.stdout)):
            pipe.close()
        self.part.process = None
        return process.returncode

    def signal(self, number: signal.Signals) -> None:
        """Kill it (SIGKILL), or ask it to end (SIGTERM)."""
        process = self.part.process
        if process is None or process.poll() is not None:
            return  # whatever it died of, it was not this
        self.felled = self.felled or number is signal.SIGKILL
        self.asked = self.asked or number is signal.SIGTERM
        process.send_signal(number)


def _stream(part: Part) -> BinaryIO:
    assert part.process is not None
    assert part.process.stdout is not None
    return part.process.stdout  # type: ignore[return-value]  # a pipe of octets


@contextmanager
def playing(office: Office) -> Iterator[Sequence[Actor]]:
    """All actors, not yet started; those that live at the end of the block are asked to end, and waited for."""
    with (office.root / "roles.log").open("ab") as log:
        cast = [Actor(part, log) for part in parts(office.settings, office.config, Role)]
        try:
            yield cast
        finally:
            for actor in cast:
                actor.signal(signal.SIGTERM)
            try:
                until(
                    lambda: all(actor.died() is not None or not actor.part.process for actor in cast), STOPPING_S, "end"
                )
            finally:
                for actor in cast:
                    actor.signal(signal.SIGKILL)
