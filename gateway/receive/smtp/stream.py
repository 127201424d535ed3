"""A body taken straight off the socket.

Promises:  the body goes block by block to its frame, through one buffer that all connections of a process share; what
           follows the body goes back to the doorkeeper. Short bodies come through the doorkeeper's own reads; after
           the first 32 KiB the stream takes the socket over and gives it back at the end.
Never:     holds more than a few octets of its own between two reads.
Fails:     ``finished`` is False when the peer went, or was sent away, before the end.
"""

from __future__ import annotations

import asyncio
from typing import Protocol

from gateway.receive.smtp.body import Frame

BUFFER = 256 * 1024  # octets; what uvloop reads at most at once
TAKE_OVER = 32 * 1024
BLOCK = 64 * 1024  # octets that buy the peer more time
_CARRY = 4  # the most octets a frame keeps back


class Keeper(Protocol):
    """What a stream asks of the doorkeeper it works for."""

    def take_over(self, stream: BodyStream) -> None:
        """Let the stream read the socket."""

    def take_back(self, rest: bytes) -> None:
        """Read the socket again; rest is what followed the body."""

    def extend(self) -> None:
        """The peer has earned more time."""

    def pause_writing(self) -> None:
        """See asyncio.BaseProtocol."""

    def resume_writing(self) -> None:
        """See asyncio.BaseProtocol."""

    def eof_received(self) -> bool | None:
        """See asyncio.Protocol."""

    def connection_lost(self, error: Exception | None) -> None:
        """See asyncio.BaseProtocol."""


class BodyStream(asyncio.BufferedProtocol):
    """One body on its way in."""

    def __init__(self, keeper: Keeper, frame: Frame, buffer: bytearray, loop: asyncio.AbstractEventLoop) -> None:
        self._keeper = keeper
        self._frame = frame
        self._buffer = buffer
        self._view = memoryview(buffer)
        self._unpaid = 0
        self._total = 0
        self._owns_socket = False
        self._done: asyncio.Future[bool] = loop.create_future()

    async def finished(self) -> bool:
        """Wait for the end of the body: True when it is whole."""
        return await self._done

    @property
    def open(self) -> bool:
        """Whether the body still goes on."""
        return not self._done.done()

    def cut(self) -> None:
        """There will be no end."""
        if self.open:
            self._done.set_result(False)

    def feed(self, octets: bytes) -> None:
        """Take what the doorkeeper read."""
        carry = self._frame.carry
        block = carry + octets if carry else octets
        self._advance(block, len(block), len(octets))
        if self.open and not self._owns_socket and self._total >= TAKE_OVER:
            self._owns_socket = True
            self._keeper.take_over(self)

    def get_buffer(self, sizehint: int) -> memoryview:
        """Room behind what the frame kept back (asyncio.BufferedProtocol)."""
        del sizehint
        carry = self._frame.carry
        start = len(carry)
        self._buffer[:start] = carry
        return self._view[start : start + self._frame.room(BUFFER - _CARRY)]

    def buffer_updated(self, nbytes: int) -> None:
        """So many octets have come (asyncio.BufferedProtocol)."""
        self._advance(self._buffer, len(self._frame.carry) + nbytes, nbytes)

    def pause_writing(self) -> None:
        """Pass on (asyncio.BaseProtocol)."""
        self._keeper.pause_writing()

    def resume_writing(self) -> None:
        """Pass on (asyncio.BaseProtocol)."""
        self._keeper.resume_writing()

    def eof_received(self) -> bool | None:
        """Pass on (asyncio.BufferedProtocol)."""
        return self._keeper.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        """Pass on (asyncio.BaseProtocol)."""
        self._keeper.connection_lost(exc)

    def _advance(self, block: bytes | bytearray, end: int, fresh: int) -> None:
        if not self.open:
            return
        self._pay(fresh)
        rest = self._frame.feed(block, end)
        if rest >= 0:
            self._done.set_result(True)
            self._keeper.take_back(bytes(memoryview(block)[rest:end]))

    def _pay(self, octets: int) -> None:
        self._total += octets
        self._unpaid += octets
        if self._unpaid >= BLOCK:
            self._unpaid = 0
            self._keeper.extend()
