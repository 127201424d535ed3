"""Octets that came in and are not yet used up, cut into lines.

Promises:  every octet fed comes out once and in order; the methods that are named as asyncio.StreamReader's behave as
           those do, so that aiosmtpd can read a PROXY header and the responses of AUTH from here.
Never:     holds more than it was fed; the doorkeeper stops the peer when ``crowded``.
Fails:     IncompleteReadError when the peer goes in the middle of a read.
"""

from __future__ import annotations

import asyncio

ROOM = 256 * 1024  # octets; more than this waits in the peer's own socket


class Inbox:
    """The octets of one connection, and the one task that waits for more of them."""

    __slots__ = ("_held", "_loop", "_searched", "_stirred", "_waiter", "ended")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._held = bytearray()
        self._searched = 0
        self._stirred = False
        self._waiter: asyncio.Future[None] | None = None
        self.ended = False

    def __len__(self) -> int:
        """Octets held."""
        return len(self._held)

    @property
    def crowded(self) -> bool:
        """Whether the peer should be made to wait."""
        return len(self._held) > ROOM

    def feed(self, octets: bytes | memoryview) -> None:
        """Take octets from the socket."""
        self._held += octets
        self.wake()

    def end(self) -> None:
        """Nothing more will come."""
        self.ended = True
        self.wake()

    def wake(self) -> None:
        """Let the waiting task look around; one that is about to wait will not."""
        self._stirred = True
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    async def more(self) -> None:
        """Wait until something happens that ``line`` has not seen: octets, the end, or a knock from ``wake``."""
        if not self._stirred:
            self._waiter = self._loop.create_future()
            await self._waiter
            self._waiter = None
        self._stirred = False

    def line(self) -> bytes | None:
        """The next line with its line feed, or None while it is not whole."""
        self._stirred = False
        end = self._held.find(b"\n", self._searched)
        if end < 0:
            self._searched = len(self._held)
            return None
        return self.take(end + 1)

    def take(self, octets: int | None = None) -> bytes:
        """That many octets from the front, or as many as there are; all of them without a number."""
        taken = bytes(self._held if octets is None else self._held[:octets])
        del self._held[: len(taken)]
        self._searched = 0
        return taken

    async def read(self, n: int = -1) -> bytes:
        """Up to n octets as soon as there are any; empty at the end."""
        while not self._held and not self.ended:
            await self.more()
        return self.take(None if n < 0 else n)

    async def readexactly(self, n: int) -> bytes:
        """Exactly n octets."""
        while len(self._held) < n:
            await self._hope(n)
        return self.take(n)

    async def readuntil(self, separator: bytes = b"\n") -> bytes:
        """Everything up to the separator and with it."""
        while (end := self._held.find(separator)) < 0:
            await self._hope(None)
        return self.take(end + len(separator))

    async def readline(self) -> bytes:
        """The next line with its line feed; less at the end."""
        while (line := self.line()) is None:
            if self.ended or self.crowded:
                return self.take()
            await self.more()
        return line

    async def _hope(self, expected: int | None) -> None:
        if self.ended:
            raise asyncio.IncompleteReadError(self.take(), expected)
        await self.more()
