"""The supervisor: starts the role processes, starts them again when they die, and stops them all in good order.

Promises:  a role that ends without being asked is started again, at once the first time and then at longer and longer
           intervals. On ``stop`` every process is asked to end (SIGTERM) and has ``stopping_s`` seconds for it. If the
           supervisor itself is killed, its processes notice and end by themselves.
Never:     touches mail, database or settings; runs anything in its own process.
Fails:     OSError when a process cannot be started at all.
"""

from __future__ import annotations

import os
import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from gateway import maillog
from gateway.roles.stage import READY
from gateway.settings import Settings

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
LIVED_S = 60.0  # whoever lived so long did not die of how it was started
LOOK_S = 0.1


class Role(StrEnum):
    """What processes there are; ``python -m gateway.roles.<role>`` is one."""

    SMTP = "smtp"
    FORWARD = "forward"
    REGISTER = "register"
    SEAL = "seal"
    SEND = "send"
    DIRECTORY = "directory"


@dataclass(slots=True)
class Part:
    """One process that is to run: what starts it, and how it fares."""

    role: str
    number: int
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    ready: bool = False
    deaths: int = 0
    started_at: float = 0.0
    due_at: float = 0.0
    heard: bytes = field(default=b"")


def parts(settings: Settings, config: Path, roles: Iterable[Role]) -> Iterator[Part]:
    """Every process of these roles, as many of each as the settings say."""
    work = settings.work.processes
    many = {Role.SMTP: settings.smtp.processes, Role.REGISTER: work, Role.SEND: work}
    for role in roles:
        of = many.get(role, 1)
        for number in range(of):
            yield Part(role, number, (sys.executable, "-m", f"gateway.roles.{role}", str(config), str(number), str(of)))


class Supervisor:
    """Keeps these processes running. ``on_ready`` is called once, when all of them have said that they are ready."""

    def __init__(
        self,
        cast: Iterable[Part],
        *,
        stopping_s: float = 30.0,
        on_ready: Callable[[], None] = lambda: None,
    ) -> None:
        self._parts = tuple(cast)
        self._stopping_s = stopping_s
        self._on_ready: Callable[[], None] | None = on_ready
        self._ears = selectors.DefaultSelector()

    def run(self, stop: threading.Event) -> None:
        """Start all, keep all running until ``stop`` is set, stop all."""
        try:
            while not stop.is_set():
                self._start_those_due()
                self._listen(LOOK_S)
                self._tell_when_ready()
        finally:
            self._stop()
            self._ears.close()

    def _start_those_due(self) -> None:
        for part in self._parts:
            if part.process is None and time.monotonic() >= part.due_at:
                self._start(part)

    def _start(self, part: Part) -> None:
        part.process = subprocess.Popen(  # noqa: S603  the words are ours
            part.command,
            stdin=subprocess.PIPE,  # nothing is ever written: its end tells the process that we are gone
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for us; we pass it on in good order
        )
        part.started_at, part.heard = time.monotonic(), b""
        if part.process.stdout:  # always; the type does not know
            self._ears.register(part.process.stdout, selectors.EVENT_READ, part)
        maillog.role_started(part.role, part.number, part.process.pid)

    def _listen(self, timeout_s: float) -> None:
        """Hear who is ready, and look who is gone."""
        for key, _ in self._ears.select(timeout_s):
            part: Part = key.data
            said = os.read(key.fd, 4096)
            part.heard = (part.heard + said)[-len(READY) :]
            part.ready = part.ready or part.heard == READY
            if not said:
                self._ears.unregister(key.fd)
        for part in self._parts:
            if part.process and part.process.poll() is not None:
                self._bury(part, part.process)

    def _bury(self, part: Part, process: subprocess.Popen[bytes]) -> None:
        for pipe in filter(None, (process.stdin, process.stdout)):
            if pipe.fileno() in self._ears.get_map():
                self._ears.unregister(pipe)
            pipe.close()
        lived = time.monotonic() - part.started_at
        part.process = None
        part.deaths = 1 if lived > LIVED_S else part.deaths + 1
        part.due_at = time.monotonic() + _pause(part.deaths)
        maillog.role_ended(part.role, part.number, process.returncode)

    def _tell_when_ready(self) -> None:
        if self._on_ready and all(part.ready for part in self._parts):
            self._on_ready()
            self._on_ready = None

    def _stop(self) -> None:
        for process in self._living():
            process.terminate()
        deadline = time.monotonic() + self._stopping_s
        while self._living() and time.monotonic() < deadline:
            self._listen(LOOK_S)
        for process in self._living():
            maillog.role_killed(process.pid)
            process.kill()
        while self._living():
            self._listen(LOOK_S)

    def _living(self) -> list[subprocess.Popen[bytes]]:
        return [part.process for part in self._parts if part.process]


def _pause(deaths: int) -> float:
    """Seconds before a process is started again that died so many times in a row."""
    return 0.0 if deaths == 1 else min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** min(deaths - 2, 10))
