"""One connection's socket: octets in, lines and bodies out of them, replies back.

Here, and only here, aiosmtpd's SMTP class is subclassed: ``Conversation`` adds the course of the talk and
``Doorkeeper`` the verbs. aiosmtpd keeps the session, the envelope, the table of verbs, AUTH and the PROXY header;
reading, answering, time limits and TLS are ours.

Promises:  what was said between two reads goes out in one write (RFC 2920); a peer that is slow, silent or does not
           read is sent away in time; a peer that goes is noticed, and a write that has begun goes on without it.
Never:     reads ahead without bound, or lets plain text sent before TLS pass for text sent under it (RFC 3207).
Fails:     ConnectionError when the peer is gone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import cast

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from gateway import maillog, replies
from gateway.receive.smtp.body import Frame
from gateway.receive.smtp.hall import Hall
from gateway.receive.smtp.inbox import Inbox
from gateway.receive.smtp.settings import Listener
from gateway.receive.smtp.stream import BodyStream
from gateway.receive.smtp.transaction import Peer, Transaction, Visit
from gateway.receive.smtp.welcome import shake_hands
from gateway.replies import Reply

LAST_WORDS = 10.0  # seconds a peer may take to read our last reply


class _Nobody:
    """aiosmtpd's handler: it has no hooks, since the doorkeeper answers itself."""

    def __dir__(self) -> Iterable[str]:
        return ()


class Wire(SMTP):
    """The octets of one connection at one listener."""

    def __init__(self, hall: Hall, listener: Listener) -> None:
        super().__init__(
            _Nobody(),
            hostname=hall.settings.hostname,
            enable_SMTPUTF8=True,
            auth_require_tls=False,  # our smtp_AUTH insists on it; aiosmtpd does not know implicit TLS
            authenticator=self._note_login,
            loop=hall.loop,
        )
        self.hall = hall
        self.listener = listener
        self.limits = hall.settings.limits
        self.peer = Peer(None)
        self.deadline: float | None = None
        self.encrypted = self.leaving = self.counted = False
        self.inbox = Inbox(hall.loop)
        self.noted_login: LoginPassword | None = None
        self._socket: asyncio.Transport | None = None
        self._out: list[bytes] = []
        self._stream: BodyStream | None = None
        self._stream_reads = self._peer_waits = self._over = False

    @property
    def transaction(self) -> Transaction:
        """The mail on its way in, or a blank one."""
        return cast("Transaction", self.envelope)

    @property
    def visit(self) -> Visit:
        """What is known of the peer since the greeting, or since STARTTLS."""
        return cast("Visit", self.session)

    # What asyncio calls -----------------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A peer is here; aiosmtpd starts ``_handle_client`` as a task."""
        self.hall.enter(self)
        self._socket = cast("asyncio.Transport", transport)
        super().connection_made(transport)
        self._reader = cast("asyncio.StreamReader", self.inbox)  # aiosmtpd reads the responses of AUTH from it

    def data_received(self, data: bytes) -> None:
        """Octets came."""
        if self._stream is not None:
            self._stream.feed(data)
            return
        self.inbox.feed(data)
        if self.inbox.crowded and not self._peer_waits and self._socket is not None:
            self._peer_waits = True
            self._socket.pause_reading()

    def eof_received(self) -> bool:
        """The peer has said all; what it said is still answered, except under TLS, which knows no half."""
        self.inbox.end()
        if self._stream is not None:
            self._stream.cut()
        return not self.encrypted

    def connection_lost(self, error: Exception | None) -> None:
        """The peer is gone, why is all the same. Unlike aiosmtpd, let the task be: it may be storing a whole mail."""
        del error
        asyncio.StreamReaderProtocol.connection_lost(self, None)
        self._socket, self.deadline, self.leaving = None, None, True
        self.eof_received()
        if self.counted:
            self.hall.crowd.leave(self.peer.address)
        if self._over:
            self.hall.leave(self)

    # What the hall calls ----------------------------------------------------------------------------------------------

    def overdue(self) -> None:
        """Send a silent or slow peer away; one that does not even read is cut off."""
        if self.leaving:
            self.abort()
        else:
            self.send_away(replies.TOO_SLOW if self._stream is not None else replies.IDLE)

    def please_leave(self) -> None:
        """Go, unless a mail is on its way in."""
        if self.transaction.reverse is None:
            self.send_away(replies.STOPPING)

    def abort(self) -> None:
        """Cut the connection."""
        if self._socket is not None:
            self._socket.abort()

    # What the stream calls --------------------------------------------------------------------------------------------

    def take_over(self, stream: BodyStream) -> None:
        """A long body: from here on the stream reads the socket itself."""
        if self._socket is not None:
            self._stream_reads = True
            self._socket.set_protocol(stream)

    def take_back(self, rest: bytes) -> None:
        """The body has ended; ``rest`` followed it."""
        self._stream = None
        if self._stream_reads and self._socket is not None:
            self._stream_reads = False
            self._socket.set_protocol(self)
        self.inbox.feed(rest)

    def extend(self) -> None:
        """The peer sends fast enough; now see whether it will ever end."""
        content = self.transaction.body
        if content is not None and content.endless:
            self.send_away(replies.FAR_TOO_BIG)
        else:
            self.allow(self.limits.block)

    # What the conversation uses ---------------------------------------------------------------------------------------

    def allow(self, seconds: float) -> None:
        """How long the peer may take from now on."""
        self.deadline = self.hall.loop.time() + seconds

    def write(self, octets: bytes) -> None:
        """Say something with the next flush."""
        self._out.append(octets)

    def flush(self) -> None:
        """Send what was said since the last flush, in one write."""
        if self._out and self._socket is not None and not self._socket.is_closing():
            self._socket.write(b"".join(self._out))
        self._out.clear()

    def send_away(self, reply: Reply) -> None:
        """Say a last word and close."""
        if not self.leaving:
            maillog.sent_away(self.listener.door, self.peer.name, reply.status, reply.text)
            self.write(reply.wire)
            self.leave()

    def leave(self) -> None:
        """Close once everything said so far is sent."""
        self.leaving = True
        self.inbox.wake()
        if self._stream is not None:
            self._stream.cut()

    def close(self) -> None:
        """The talk is over."""
        self.flush()
        if self._socket is None:
            self.hall.leave(self)
            return
        self._over = True
        self.allow(LAST_WORDS)
        self._read_on()
        self._socket.close()

    async def more(self) -> None:
        """Send what is to be sent, then wait for octets."""
        self.flush()
        await self._writer.drain()
        self._read_on()
        await self.inbox.more()

    async def receive(self, frame: Frame) -> bool:
        """Read a body; True when it is whole, False when the peer went or was sent away."""
        stream = self._stream = BodyStream(self, frame, self.hall.buffer, self.hall.loop)
        self.allow(self.limits.block)
        stream.feed(self.inbox.take())
        if stream.open:
            self.flush()
            self._read_on()
            if self.inbox.ended or self.leaving:
                stream.cut()
        try:
            return await stream.finished()
        except Exception:
            self.leave()  # where the body would have ended is not known any more
            raise
        finally:
            self._stream = None
            self.deadline = None  # what follows is our work, not the peer's

    async def encrypt(self, early: bytes = b"") -> None:
        """Begin TLS; nothing that was known of the peer before counts after it (RFC 3207 section 4.2)."""
        self.flush()
        self._read_on()
        if self._socket is None or self.hall.tls is None:
            return
        within = self.limits.handshake
        self.allow(within)
        try:
            self._socket = await shake_hands(self._socket, self, self.hall.tls, early=early, within=within)
        except OSError as error:
            maillog.tls_failed(self.listener.door, self.peer.name, error)
            self.leave()
        else:
            self.encrypted = True
            self.session, self.envelope = self._create_session(), self._create_envelope()

    # What aiosmtpd calls ----------------------------------------------------------------------------------------------

    def _create_session(self) -> Visit:
        return Visit(self.hall.loop)

    def _create_envelope(self) -> Transaction:
        return Transaction()

    def _reset_timeout(self, duration: float | None = None) -> None:
        self.allow(duration or self.limits.idle)

    def _note_login(self, *given: object) -> AuthResult:
        """Only note who wants in: a password is checked later, in a thread, when aiosmtpd has conducted AUTH."""
        self.noted_login = cast("LoginPassword", given[-1])
        return AuthResult(success=False, handled=True)

    def _read_on(self) -> None:
        if self._peer_waits and self._socket is not None:
            self._peer_waits = False
            self._socket.resume_reading()
