"""A real door in a thread of the test: real sockets, a real spool, a doorbook on paper.

Promises:  when the block ends the door has been stopped as SIGTERM would stop it.
Never:     listens on a port that was not free.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

import uvloop
from argon2 import PasswordHasher

from gateway.receive.intake import Intake
from gateway.receive.serving import Doors
from gateway.receive.smtp.crowd import Crowd
from gateway.receive.smtp.hall import Behind
from gateway.receive.smtp.settings import Certificate, DoorSettings, Limits, Listener, Tls
from mailmap.mail.envelope import Arrival, Door, Envelope, unpack
from storage.doorbook import Account
from storage.spool import Reader, Spool
from tests.fakes.doorbook import PaperDoorbook
from tests.fakes.poor_disk import PoorDisk

HOST = "door.test"
MX = Listener(Door.MX, "127.0.0.1", 0, Tls.NONE)
KNOWN = ("huyen@nam.test", "xa@nam.test", "so@nam.test", "hải@nam.test")
OWN = frozenset({"clerk@nam.test", "xa@nam.test", "vanthu@xa.example"})
CLERK = Account("clerk", PasswordHasher(1, 8, 1).hash("right"), OWN, locked=False)
LOCKED = replace(CLERK, login="locked", locked=True)
BROKEN = replace(CLERK, login="broken", password_hash="no hash")
TOKEN = "tl+1-genuine"
WAIT = 20.0  # seconds; the deadline of everything


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail in the spool: its octets without our trace fields, and those."""

    spool_id: str
    envelope: Envelope
    arrival: Arrival
    trace: bytes
    octets: bytes


def settings(*listeners: Listener, certificate: Certificate | None = None, **limits: float) -> DoorSettings:
    """The settings of a test: one MX listener unless told otherwise, short times, an empty disk is enough."""
    short = {"idle": 10.0, "block": 10.0, "handshake": 10.0, "stopping": 10.0, "free": 0}
    return DoorSettings(HOST, listeners or (MX,), certificate, Limits(**(short | limits)))  # type: ignore[arg-type]


class RunningDoor:
    """Use as a context; ``ports`` are in the order of the listeners."""

    def __init__(self, folder: Path, doors: DoorSettings, crowd: Crowd | None = None, *, loop: str = "uvloop") -> None:
        self.folder = folder
        self.disk = PoorDisk()
        self.doorbook = PaperDoorbook(KNOWN, {"nam.test"}, (CLERK, LOCKED, BROKEN))
        self.crowd = crowd or Crowd()
        self.ports: list[int] = []
        self._settings = doors
        self._make_loop: Callable[[], asyncio.AbstractEventLoop] = (
            uvloop.new_event_loop if loop == "uvloop" else asyncio.new_event_loop
        )
        self._thread = threading.Thread(target=self._serve, name="door")
        self._opened = threading.Event()
        self._stop: Callable[[], object] = lambda: None

    def __enter__(self) -> Self:
        """Open the door."""
        self._thread.start()
        assert self._opened.wait(WAIT), "the door did not open"
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Stop it, and let its disk work again so that it can."""
        self.disk.gate.set()
        self.disk.full = self.disk.broken = False
        self.stop()
        self._thread.join(WAIT)
        assert not self._thread.is_alive(), "the door did not close"

    @property
    def port(self) -> int:
        """The port of the first listener."""
        return self.ports[0]

    def stop(self) -> None:
        """What SIGTERM does; returns at once."""
        self._stop()

    def mails(self) -> list[Mail]:
        """All that is durable, the oldest first."""
        reader = Reader(self.folder)
        try:
            return [
                _mail(record.spool_id, record.envelope, record.octets) for record in reader.take(1000, 1 << 40).records
            ]
        finally:
            reader.close()

    def _serve(self) -> None:
        with asyncio.Runner(loop_factory=self._make_loop) as runner:
            runner.run(self._live())

    async def _live(self) -> None:
        loop, stop = asyncio.get_running_loop(), asyncio.Event()
        self._stop = lambda: loop.is_closed() or loop.call_soon_threadsafe(stop.set)
        spool = Spool(self.folder, "door", files=self.disk)
        doors = Doors(self._settings, Behind(Intake(spool), self.doorbook, TOKEN.__eq__, self.crowd))
        try:
            self.ports = [opened.port for opened in await doors.open()]
            self._opened.set()
            await stop.wait()
        finally:
            await doors.close()
            await asyncio.to_thread(spool.close)


def _mail(spool_id: str, packed: bytes, octets: bytes | Path) -> Mail:
    whole = octets if isinstance(octets, bytes) else octets.read_bytes()
    end = whole.index(b"+0000\r\n") + len(b"+0000\r\n")  # the date ends our Received field
    return Mail(spool_id, *unpack(packed), whole[:end], whole[end:])
