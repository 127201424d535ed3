"""One door process: all listeners of the settings, served until the process is asked to stop.

Promises:  several processes may serve the same ports (SO_REUSEPORT; the kernel shares connections out among them). On
           SIGTERM or SIGINT no new connection is taken, mails on their way in may finish within ``limits.stopping``
           seconds, everybody else is told 421, and no write that has begun is given up.
Never:     starts other processes; the supervisor does.
Fails:     OSError when a port or the certificate cannot be opened, before anything is served.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import uvloop

from gateway import maillog
from gateway.receive.smtp.doorkeeper import Doorkeeper
from gateway.receive.smtp.hall import Behind, Hall
from gateway.receive.smtp.settings import DoorSettings, Listener

BACKLOG = 1024  # connections the kernel holds for us
SWITCH = 0.0005  # seconds; the spool's thread has an answer for many, and must not wait 5 ms for its turn
_STOP = (signal.SIGTERM, signal.SIGINT)


@dataclass(frozen=True, slots=True)
class Opened:
    """A listener and the port it really has."""

    listener: Listener
    host: str
    port: int


class Doors:
    """The open listeners of this process, in the running event loop."""

    def __init__(self, settings: DoorSettings, behind: Behind) -> None:
        self._hall = Hall(settings, behind, asyncio.get_running_loop())
        self._servers: list[asyncio.Server] = []

    async def open(self) -> tuple[Opened, ...]:
        """Listen on every port; OSError when one cannot be had."""
        return tuple([await self._listen(listener) for listener in self._hall.settings.listeners])

    async def close(self) -> None:
        """Take no more connections, let mails on their way in finish, go."""
        for server in self._servers:
            server.close()
        await self._hall.clear()

    async def _listen(self, listener: Listener) -> Opened:
        loop = self._hall.loop
        server = await loop.create_server(
            lambda: Doorkeeper(self._hall, listener),
            listener.host,
            listener.port,
            reuse_port=True,
            backlog=BACKLOG,
        )
        self._servers.append(server)
        host, port = server.sockets[0].getsockname()[:2]
        maillog.listening(listener.door, host, port, listener.tls)
        return Opened(listener, host, port)


def run_door(
    settings: DoorSettings,
    behind: Callable[[], Behind],
    on_open: Callable[[tuple[Opened, ...]], None] = lambda _opened: None,
) -> None:
    """Serve until SIGTERM or SIGINT. ``behind`` is called once, before anything is opened; its maker closes it."""
    sys.setswitchinterval(SWITCH)
    logging.getLogger("mail").setLevel(logging.CRITICAL + 1)  # aiosmtpd's own log repeats addresses
    uvloop.run(_serve(settings, behind(), on_open))


async def _serve(settings: DoorSettings, behind: Behind, on_open: Callable[[tuple[Opened, ...]], None]) -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    loop.set_exception_handler(_tell)
    for number in _STOP:
        loop.add_signal_handler(number, stop.set)
    doors = Doors(settings, behind)
    try:
        on_open(await doors.open())
        gc.freeze()  # what was imported lives as long as the process; do not look through it again and again
        await stop.wait()
        maillog.stopping()
    finally:
        await doors.close()
        maillog.stopped()


def _tell(_: asyncio.AbstractEventLoop, trouble: dict[str, Any]) -> None:
    """What went wrong where nobody waited for it; the loop's own words may name anything, so only kind and place."""
    maillog.door_failed(trouble.get("exception") or RuntimeError())
