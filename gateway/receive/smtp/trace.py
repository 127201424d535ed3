"""The trace fields that the door writes before a mail (RFC 5321 section 4.4).

Promises:  one Return-Path and one Received field, lines under 998 octets, ASCII unless the mail is SMTPUTF8.
Never:     names a recipient when there are several: that would show hidden copies.
Fails:     cannot.
"""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from ipaddress import IPv6Address

from gateway.receive.smtp.transaction import Peer
from mailmap.mail.envelope import Arrival, Envelope


def trace(hostname: str, spool_id: str, envelope: Envelope, arrival: Arrival, *, peer: Peer, extended: bool) -> bytes:
    """Return-Path and Received, each ended by CRLF."""
    recipients = envelope.recipients
    only = f"\r\n\tfor <{recipients[0].address}>" if len(recipients) == 1 else ""
    return (
        f"Return-Path: <{envelope.sender or ''}>\r\n"
        f"Received: from {arrival.helo} ({_literal(peer)})\r\n"
        f"\tby {hostname} with {_protocol(envelope, arrival, extended=extended)} id {spool_id}{only};\r\n"
        f"\t{_date(arrival.at.replace(microsecond=0))}\r\n"
    ).encode()


@lru_cache(maxsize=4)
def _date(second: datetime) -> str:
    """The date-time of RFC 5322 section 3.3; a thousand mails share one."""
    return format_datetime(second)


def _literal(peer: Peer) -> str:
    if peer.address is None:
        return peer.name
    return f"[IPv6:{peer.name}]" if isinstance(peer.address, IPv6Address) else f"[{peer.name}]"


def _protocol(envelope: Envelope, arrival: Arrival, *, extended: bool) -> str:
    """The name of the protocol (RFC 3848, RFC 6531 section 4.3)."""
    if not extended:
        return "SMTP"
    start = "UTF8SMTP" if envelope.smtputf8 else "ESMTP"
    return start + "S" * arrival.tls + "A" * (arrival.login is not None)
