"""One mail transaction and one visit: aiosmtpd's Envelope and Session, with what we add to them.

Promises:  a transaction knows its reverse path, its forward paths and the content received so far; a visit knows who
           came, how, and what was proven of them.
Never:     decides anything.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address

from aiosmtpd.smtp import Envelope as AiosmtpdEnvelope
from aiosmtpd.smtp import Session

from gateway.receive.smtp.content import Content
from gateway.receive.smtp.paths import ReversePath
from mailmap.mail.envelope import Arrival, Door, Envelope, ForwardPath
from storage.doorbook import Account

Ip = IPv4Address | IPv6Address


class Transaction(AiosmtpdEnvelope):
    """From MAIL to the answer after the content (RFC 5321 section 3.3)."""

    def __init__(self) -> None:
        super().__init__()
        self.reverse: ReversePath | None = None
        self.forward: list[ForwardPath] = []
        self.body: Content | None = None  # since the content began to come, and how it came
        self.arrival: Arrival | None = None

    def begin(self, path: ReversePath) -> None:
        """A sender is accepted."""
        self.reverse = path
        self.mail_from, self.smtp_utf8 = path.address, path.smtputf8

    def add(self, path: ForwardPath) -> None:
        """A recipient is accepted."""
        self.forward.append(path)
        self.rcpt_tos.append(path.address)

    def envelope(self) -> Envelope:
        """The whole envelope; only to be asked once there is a reverse path."""
        path = self.reverse or ReversePath(None)
        return Envelope(path.address, tuple(self.forward), path.ret, path.envid, path.smtputf8)


class Visit(Session):
    """One connection, from its greeting or its STARTTLS on."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self.account: Account | None = None


@dataclass(frozen=True, slots=True)
class Peer:
    """Who is at the other end: the address (None for something that is no IP address), and whether it is trusted.

    ``name`` is for the log and the arrival: '192.0.2.1', '2001:db8::1', or 'unknown'.
    """

    address: Ip | None
    trusted: bool = False
    name: str = field(init=False)

    def __post_init__(self) -> None:
        """Write the address out once."""
        object.__setattr__(self, "name", str(self.address) if self.address else "unknown")


def arrival(door: Door, at: datetime, peer: Peer, visit: Visit, *, tls: bool) -> Arrival:
    """How a mail came, as the door itself saw it."""
    login = visit.account.login if visit.account else None
    return Arrival(door, at, peer.name, visit.host_name or "", login, tls, peer.trusted)
