"""The only way in: custody of a mail is taken here and nowhere else.

Promises:  ``accept`` returns only when the mail and its envelope are durable (commit point A); once begun it goes on to
           its end, also when whoever waits for it is gone.
Never:     looks into the mail.
Fails:     SpoolFull, OSError or what else the spool reports; then nothing was taken, and the draft is gone.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from typing import Protocol

from mailmap.mail.envelope import Arrival, Envelope, pack
from storage.spool import Draft, Stored


class Spooling(Protocol):
    """What the intake asks of storage.spool.Spool."""

    def draft(self) -> Draft:
        """Begin a mail."""

    def commit(self, draft: Draft, envelope: bytes) -> Future[Stored]:
        """Make it durable; the future is done when it is."""

    def free_bytes(self) -> int:
        """Octets of disk that are free."""


class Intake:
    """The only way in; used from one event loop."""

    def __init__(self, spool: Spooling) -> None:
        self._spool = spool

    def draft(self) -> Draft:
        """A new mail to be written to; give it to ``accept``, or discard it."""
        return self._spool.draft()

    def free_bytes(self) -> int:
        """Octets of disk that are free for mail."""
        return self._spool.free_bytes()

    async def accept(self, draft: Draft, envelope: Envelope, arrival: Arrival) -> Stored:
        """Take custody of the whole draft."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Stored] = loop.create_future()
        durable = self._spool.commit(draft, pack(envelope, arrival))
        durable.add_done_callback(lambda done: loop.call_soon_threadsafe(_tell, answer, done))
        return await answer


def _tell(answer: asyncio.Future[Stored], done: Future[Stored]) -> None:
    """Pass the outcome on to whoever still waits; one future less to travel through than with asyncio.wrap_future."""
    if answer.done():
        return
    error = done.exception()
    if error is None:
        answer.set_result(done.result())
    else:
        answer.set_exception(error)
