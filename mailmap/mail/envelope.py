"""The envelope of one SMTP transaction, and how it reached us.

Promises:  an envelope is whole and immutable; ``None`` is the null reverse path (RFC 5321 section 4.5.5);
           ``pack`` and ``unpack`` are inverse for every envelope and arrival.
Never:     looks into the message; the envelope decides where a mail goes, the header does not.
Fails:     ``unpack`` raises ValueError on bytes that ``pack`` did not write.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum


class Notify(StrEnum):
    """When the sender of a recipient wants a report (RFC 3461 section 4.1)."""

    NEVER = "NEVER"
    SUCCESS = "SUCCESS"
    FAILURE = "FAILURE"
    DELAY = "DELAY"


class Return(StrEnum):
    """How much of the mail a failure report returns (RFC 3461 section 4.3)."""

    FULL = "FULL"
    HDRS = "HDRS"


class Door(StrEnum):
    """By which door a mail came in."""

    MX = "mx"
    SUBMISSION = "submission"
    IMAP = "imap"
    EDOC = "edoc"


@dataclass(frozen=True, slots=True)
class ForwardPath:
    """One RCPT: the address as given, and its DSN parameters (orcpt is decoded xtext with its type)."""

    address: str
    notify: frozenset[Notify] = frozenset()
    orcpt: str | None = None


@dataclass(frozen=True, slots=True)
class Envelope:
    """Reverse path and forward paths of one transaction (RFC 5321 section 3.3, RFC 3461)."""

    sender: str | None
    recipients: tuple[ForwardPath, ...]
    ret: Return | None = None
    envid: str | None = None
    smtputf8: bool = False


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a mail came: the door, when (UTC), from which peer, and what the door itself proved.

    ``login`` is the submission account that authenticated, lower case; ``trusted`` says that the peer's address
    lies in a relay network named in the settings. Neither can be written by the sender.
    """

    door: Door
    at: datetime
    peer: str
    helo: str
    login: str | None = None
    tls: bool = False
    trusted: bool = False


_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))  # made once: making one takes longer than a line


def pack(envelope: Envelope, arrival: Arrival) -> bytes:
    """Both as one UTF-8 JSON object without line breaks."""
    recipients = [[p.address, sorted(p.notify), p.orcpt] for p in envelope.recipients]
    wire = {
        "sender": envelope.sender,
        "recipients": recipients,
        "ret": envelope.ret,
        "envid": envelope.envid,
        "smtputf8": envelope.smtputf8,
        "door": arrival.door,
        "at": arrival.at.astimezone(UTC).isoformat(),
        "peer": arrival.peer,
        "helo": arrival.helo,
        "login": arrival.login,
        "tls": arrival.tls,
        "trusted": arrival.trusted,
    }
    return _JSON.encode(wire).encode()


def unpack(wire: bytes) -> tuple[Envelope, Arrival]:
    """The envelope and arrival that ``pack`` wrote; ValueError for anything else."""
    try:
        w = json.loads(wire)
        recipients = tuple(ForwardPath(a, frozenset(map(Notify, n)), o) for a, n, o in w["recipients"])
        ret = Return(w["ret"]) if w["ret"] else None
        envelope = Envelope(w["sender"], recipients, ret, w["envid"], w["smtputf8"])
        at = datetime.fromisoformat(w["at"])
        arrival = Arrival(Door(w["door"]), at, w["peer"], w["helo"], w["login"], w["tls"], w["trusted"])
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a packed envelope: {error!r}") from error
    return envelope, arrival
