"""What comes before a greeting: who is at the other end, and TLS where a listener begins with it.

Promises:  the peer is the one the socket names, or on a PROXY listener the one the load balancer names; a handshake
           works on octets that were read before it began, too.
Never:     believes a PROXY header where the settings expect none.
Fails:     ``announced`` returns None for a bad header; ``shake_hands`` raises OSError when no TLS came about.
"""

from __future__ import annotations

import asyncio
import ssl
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Protocol

from aiosmtpd.proxy_protocol import V2_CMD, get_proxy

from gateway.receive.smtp.crowd import unmapped
from gateway.receive.smtp.inbox import Inbox
from gateway.receive.smtp.transaction import Ip


class _Buffered(Protocol):
    def get_buffer(self, sizehint: int, /) -> memoryview:
        """See asyncio.BufferedProtocol."""

    def buffer_updated(self, nbytes: int, /) -> None:
        """See asyncio.BufferedProtocol."""


class BadHeader(Exception):
    """The PROXY header is missing or malformed."""


def connected(transport: asyncio.BaseTransport) -> Ip | None:
    """The address of the socket's other end."""
    name = transport.get_extra_info("peername")
    return unmapped(ip_address(name[0].partition("%")[0])) if isinstance(name, tuple) else None


async def announced(inbox: Inbox, transport: asyncio.BaseTransport) -> Ip | None:
    """The address in the PROXY header (version 1 or 2); None when it names none. BadHeader."""
    try:
        proxy = await get_proxy(inbox)
    except (ConnectionError, asyncio.IncompleteReadError, ValueError) as error:
        raise BadHeader from error
    if not proxy.valid:
        raise BadHeader
    if proxy.command == V2_CMD.LOCAL:  # the load balancer itself, looking whether we live
        return connected(transport)
    return unmapped(proxy.src_addr) if isinstance(proxy.src_addr, (IPv4Address, IPv6Address)) else None


async def shake_hands(
    transport: asyncio.Transport,
    protocol: asyncio.Protocol,
    context: ssl.SSLContext,
    *,
    early: bytes,
    within: float,
) -> asyncio.Transport:
    """TLS as the server; ``early`` is what the peer has sent of its handshake already.

    The caller must not have given the loop a turn since it invited the peer: the first step of start_tls puts its
    protocol in place, and what came before that would be lost.
    """
    loop = asyncio.get_running_loop()
    if early:  # in two turns, behind what start_tls schedules for the next one
        loop.call_soon(loop.call_soon, _feed, transport, early)
    encrypted = await loop.start_tls(transport, protocol, context, server_side=True, ssl_handshake_timeout=within)
    if encrypted is None:
        raise ConnectionResetError("the peer went in the middle of the handshake")
    return encrypted


def _feed(transport: asyncio.Transport, octets: bytes) -> None:
    protocol: _Buffered = transport.get_protocol()  # type: ignore[assignment]  # both loops use a buffered one for TLS
    while octets:
        room = protocol.get_buffer(len(octets))
        taken = min(len(room), len(octets))
        room[:taken] = octets[:taken]
        protocol.buffer_updated(taken)
        octets = octets[taken:]
