"""What the administrator may set about the SMTP doors; one sentence each.

Promises:  settings are whole, immutable and fit together once built.
Never:     reads a file or the environment.
Fails:     ValueError, with a sentence for the administrator, when they do not fit together.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

from mailmap.mail.envelope import Door

MIB = 1 << 20
RFC_RECIPIENTS = 100  # the least number of recipients a server must take (RFC 5321 section 4.5.3.1.8)


class Tls(StrEnum):
    """How a listener encrypts."""

    NONE = "none"
    STARTTLS = "starttls"
    IMPLICIT = "implicit"


@dataclass(frozen=True, slots=True)
class Listener:
    """One port: ``port`` 0 takes a free one."""

    door: Door
    """Who comes here: "mx" for mail from other servers, "submission" for people who log in."""
    host: str
    """The address to listen on, for example "0.0.0.0" or "::1"."""
    port: int
    """The port to listen on: usually 25 for "mx", 587 or 465 for "submission"."""
    tls: Tls = Tls.STARTTLS
    """"starttls" offers encryption (587 insists on it), "implicit" begins with it (465), "none" has none."""
    proxy: bool = False
    """Whether a load balancer in front announces each peer by the PROXY protocol, version 1 or 2."""

    def __post_init__(self) -> None:
        """Refuse a listener that could not do its work."""
        if self.door not in (Door.MX, Door.SUBMISSION):
            raise ValueError(f"a listener is for mx or submission, not for {self.door}")
        if self.door is Door.SUBMISSION and self.tls is Tls.NONE:
            raise ValueError("a submission listener needs tls: nobody logs in over a plain connection")


@dataclass(frozen=True, slots=True)
class Certificate:
    """The certificate of the listeners, as two PEM files."""

    chain: Path
    """The certificate and its intermediates, PEM."""
    key: Path
    """The private key, PEM, without a password."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much the doors take; times in seconds, sizes in octets."""

    size: int = 50 * MIB
    """The largest mail; a larger one is refused when announced (SIZE) and after its end otherwise."""
    recipients: int = 1000
    """The most recipients of one mail; the sender is asked to send to the others separately."""
    connections: int = 1000
    """The most connections at one time, all door processes together."""
    connections_per_address: int = 100
    """The most connections at one time from one address, all door processes together; trusted networks are exempt."""
    commands: int = 10_000
    """The most commands in one connection."""
    errors: int = 50
    """The most refused commands in one connection."""
    wrong_passwords: int = 3
    """The most wrong passwords in one connection."""
    hops: int = 50
    """The most Received fields a mail may bring; one with more runs in a circle."""
    idle: float = 300.0
    """How long a peer may take for its next command."""
    block: float = 180.0
    """How long a peer may take for each 64 KiB of a mail, and for its end."""
    handshake: float = 30.0
    """How long a peer may take for the TLS handshake or the PROXY line."""
    stopping: float = 30.0
    """How long mails on their way in may take to finish when the server is stopped."""
    free: int = 256 * MIB
    """Below this much free disk, mail is refused for the time being."""

    def __post_init__(self) -> None:
        """Refuse limits under which no mail could pass."""
        if self.recipients < 1 or self.size < 1 or self.connections < 1:
            raise ValueError("size, recipients and connections must be at least 1")
        if min(self.idle, self.block, self.handshake) <= 0 or self.stopping < 0:
            raise ValueError("times must be above 0")


@dataclass(frozen=True, slots=True)
class DoorSettings:
    """Everything one door process needs to know; all door processes of a server have the same."""

    hostname: str
    """The name this server gives itself in greetings and trace fields; a full domain name."""
    listeners: tuple[Listener, ...]
    """The ports to listen on."""
    certificate: Certificate | None = None
    """The certificate for STARTTLS and implicit TLS; without one no listener may use TLS."""
    limits: Limits = field(default_factory=Limits)
    """How much the doors take."""
    trusted_networks: tuple[IPv4Network | IPv6Network, ...] = ()
    """Relays in these networks vouch for the senders of what they bring."""
    foreign_recipients: bool = False
    """Whether people who logged in may write to addresses that are neither ours nor mapped to a unit."""
    login_threads: int = 2
    """How many passwords one door process checks at a time; each check takes about 64 MiB for a moment."""

    def __post_init__(self) -> None:
        """Refuse TLS without a certificate and a name that could not stand in a header."""
        if self.certificate is None and any(listener.tls is not Tls.NONE for listener in self.listeners):
            raise ValueError("a listener with tls needs a certificate")
        if not self.hostname.isascii() or not self.hostname.replace("-", "").replace(".", "").isalnum():
            raise ValueError("hostname must be a domain name in ASCII")
