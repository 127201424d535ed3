"""The hall: what all conversations of one door process share.

Promises:  conversations that are overdue are sent away within a fraction of their time limit; admission is refused
           before a greeting when there are too many.
Never:     speaks to a peer itself.
Fails:     cannot; trouble with the disk counts as too little room.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from gateway import maillog, replies
from gateway.receive.intake import Intake
from gateway.receive.smtp.crowd import Crowd
from gateway.receive.smtp.login import Logins
from gateway.receive.smtp.reception import Doorbook, Reception
from gateway.receive.smtp.settings import DoorSettings
from gateway.receive.smtp.stream import BUFFER
from gateway.receive.smtp.transaction import Ip, Peer
from gateway.replies import Reply

_LOOK_AT_DISK = 1.0  # seconds between two looks at the free space
_LONGEST_SWEEP = 1.0  # seconds
_LAST_WRITES = 60.0  # seconds; a write that has begun is waited for, whoever is gone


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind the doors: where mail goes, who is known, which keyed local parts are ours, who is in."""

    intake: Intake
    doorbook: Doorbook
    opens: Callable[[str], bool]
    crowd: Crowd


class Guest(Protocol):
    """A conversation, as the hall sees it."""

    deadline: float | None

    def overdue(self) -> None:
        """The deadline has passed."""

    def please_leave(self) -> None:
        """The server stops: go as soon as no mail is on its way in."""

    def abort(self) -> None:
        """Go at once."""


class Hall:
    """Shared by the conversations of one process and used from its event loop."""

    def __init__(self, settings: DoorSettings, behind: Behind, loop: asyncio.AbstractEventLoop) -> None:
        self.settings = settings
        self.loop = loop
        self.intake = behind.intake
        self.reception = Reception(behind.doorbook, behind.opens, settings)
        self.logins = Logins(behind.doorbook, settings.login_threads)
        self.crowd = behind.crowd
        self.tls = _tls(settings)
        self.buffer = bytearray(BUFFER)
        self.guests: set[Guest] = set()
        self.stopping = False
        self._empty = asyncio.Event()
        self._empty.set()
        self._free = 0
        self._looked = float("-inf")
        limits = settings.limits
        self._sweep_every = min(_LONGEST_SWEEP, min(limits.idle, limits.block, limits.handshake) / 4)
        self._sweep = loop.call_later(self._sweep_every, self.sweep)

    def trusts(self, address: Ip | None) -> bool:
        """Whether that is a relay which vouches for what it brings."""
        return address is not None and any(address in network for network in self.settings.trusted_networks)

    def why_not_admit(self, peer: Peer) -> Reply | None:
        """Why this peer must wait outside."""
        limits = self.settings.limits
        if self.stopping:
            return replies.STOPPING
        if self.crowd.in_all() >= limits.connections:
            return replies.TOO_MANY_CONNECTIONS
        if not peer.trusted and self.crowd.of(peer.address) >= limits.connections_per_address:
            return replies.TOO_MANY_FROM_YOU
        return None

    def has_room(self, octets: int) -> bool:
        """Whether a mail of that size would leave enough of the disk free."""
        now = self.loop.time()
        if now - self._looked > _LOOK_AT_DISK:
            self._looked = now
            self._free = self._free_bytes()
        return self._free - octets >= self.settings.limits.free

    def sweep(self) -> None:
        """Send away who is overdue."""
        now = self.loop.time()
        for guest in [guest for guest in self.guests if guest.deadline is not None and guest.deadline < now]:
            guest.overdue()
        self._sweep = self.loop.call_later(self._sweep_every, self.sweep)

    def enter(self, guest: Guest) -> None:
        """A conversation begins."""
        self.guests.add(guest)
        self._empty.clear()

    def leave(self, guest: Guest) -> None:
        """It is over: its connection is gone, and its mail is either stored or forgotten."""
        self.guests.discard(guest)
        if not self.guests:
            self._empty.set()

    async def clear(self) -> None:
        """Ask everybody to leave, give those with a mail on its way in some time, then let everything go."""
        self.stopping = True
        for guest in list(self.guests):
            guest.please_leave()
        await self._all_gone(self.settings.limits.stopping)
        for guest in list(self.guests):
            guest.abort()
        await self._all_gone(_LAST_WRITES)
        self._sweep.cancel()
        self.logins.close()

    async def _all_gone(self, within: float) -> None:
        with suppress(TimeoutError):  # who is still here is dealt with by the caller
            async with asyncio.timeout(within):
                await self._empty.wait()

    def _free_bytes(self) -> int:
        try:
            return self.intake.free_bytes()
        except OSError as error:
            maillog.door_failed(error)
            return 0


def _tls(settings: DoorSettings) -> ssl.SSLContext | None:
    if settings.certificate is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(settings.certificate.chain, settings.certificate.key)
    return context
