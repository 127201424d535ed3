"""A connection to one SMTP peer: greet, encrypt, log in, say commands.

Promises:  a peer that ``open`` returns has greeted us, is encrypted as far as the settings demand, and knows us if it
           must. Extensions count only when they were named in the last greeting.
Never:     shows a password without encryption unless ``Protection.NONE`` was chosen; goes on with a peer that spoke
           before its turn around STARTTLS.
Fails:     ``Lost`` when the peer is gone, silent or unwilling; ``NoEncryption`` when it offers encryption and fails at
           it; ``Unfit`` when it does not meet the settings.
"""

from __future__ import annotations

import base64
import socket
import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum

from gateway.send.reply import Ear, Lost, Reply
from storage.trouble import Temporary

IMPLICIT_TLS = 465  # RFC 8314 section 3.3


class Protection(StrEnum):
    """How far a connection must be encrypted."""

    NONE = "none"
    OPPORTUNISTIC = "opportunistic"
    REQUIRED = "required"


class Unfit(Temporary):
    """The peer does not offer what the settings demand; nothing was sent to it."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How we talk: our own name, protection, login, time limits in seconds, and the certificates we trust."""

    name: str
    protection: Protection = Protection.OPPORTUNISTIC
    login: str = ""
    password: str = field(default="", repr=False)
    connect_s: float = 30
    reply_s: float = 300
    trust: ssl.SSLContext | None = None


class NoEncryption(Lost):
    """The peer offers encryption and then fails at it."""


class Peer:
    """An open connection. Used by one thread at a time."""

    def __init__(self, name: str, sock: socket.socket, manner: Manner) -> None:
        self.name = name
        self.alive = True
        self._sock = sock
        self._manner = manner
        self._ear = Ear(sock)
        self._offers: Mapping[str, str] = {}

    @classmethod
    def open(cls, host: str, port: int, manner: Manner, address: str = "") -> Peer:
        """Connect to ``host`` (at ``address``, when the name is already resolved) and agree on how to talk."""
        try:
            sock = socket.create_connection((address or host, port), timeout=manner.connect_s)
        except OSError as error:
            raise Lost(f"{host}: {error.strerror or 'no connection in time'}") from error
        peer = cls(host, sock, manner)
        try:
            peer._begin(port)
        except BaseException:
            peer._sock.close()
            raise
        return peer

    def offers(self, extension: str) -> bool:
        """Whether the peer named this extension in its greeting."""
        return extension in self._offers

    def offer(self, extension: str) -> str:
        """What stood beside the extension, '' for nothing."""
        return self._offers.get(extension, "")

    def say(self, command: str) -> Reply:
        """One command and its reply; Lost when none comes."""
        return self.say_together([command])[0]

    def say_together(self, commands: Sequence[str]) -> list[Reply]:
        """Several commands in one go, and their replies (RFC 2920)."""
        self.write("".join(f"{command}\r\n" for command in commands).encode())
        return [self.reply() for _ in commands]

    def write(self, octets: bytes | memoryview) -> None:
        """Send octets as they are; Lost when the peer takes them no more."""
        try:
            self._sock.sendall(octets)
        except OSError as error:
            self.alive = False
            raise Lost(error.strerror or "the peer takes nothing any more") from error

    def reply(self, within_s: float | None = None) -> Reply:
        """The next reply; Lost when none comes."""
        if within_s is not None:
            self._sock.settimeout(within_s)
        try:
            return self._ear.reply()
        except Lost:
            self.alive = False
            raise

    def close(self) -> None:
        """Say goodbye without waiting for an answer."""
        with self._sock, suppress(OSError):  # a peer that is gone needs no goodbye
            self._sock.settimeout(1)
            self._sock.sendall(b"QUIT\r\n")

    def _begin(self, port: int) -> None:
        self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._sock.settimeout(self._manner.reply_s)
        if port == IMPLICIT_TLS:
            self._encrypt()
        self._expect(self.reply())
        self._greet()
        if self._manner.protection is not Protection.NONE and not self._encrypted:
            self._start_tls()
        if self._manner.login:
            self._log_in()

    @property
    def _encrypted(self) -> bool:
        return isinstance(self._sock, ssl.SSLSocket)

    def _greet(self) -> None:
        reply = self.say(f"EHLO {self._manner.name}")
        if not reply.good:
            reply = self._expect(self.say(f"HELO {self._manner.name}"))
            self._offers = {}
            return
        named = (line.partition(" ") for line in reply.lines[1:])
        self._offers = {word.upper(): rest.strip() for word, _, rest in named}

    def _start_tls(self) -> None:
        if not self.offers("STARTTLS"):
            if self._manner.protection is Protection.REQUIRED:
                raise Unfit(f"{self.name} offers no encryption")
            return
        self._expect(self.say("STARTTLS"))
        if self._ear.holds:
            raise Lost(f"{self.name} spoke before encryption began")
        self._encrypt()
        self._greet()

    def _encrypt(self) -> None:
        context = self._manner.trust or _context(self._manner.protection)
        try:
            self._sock = context.wrap_socket(self._sock, server_hostname=self.name)
        except (OSError, ValueError) as error:
            raise NoEncryption(f"{self.name}: {getattr(error, 'reason', None) or 'no encrypted connection'}") from error
        self._ear = Ear(self._sock)

    def _log_in(self) -> None:
        manner = self._manner
        if not self._encrypted and manner.protection is not Protection.NONE:
            raise Unfit(f"{self.name} offers no encryption, and a password is not sent without it")
        ways = self.offer("AUTH").upper().split()
        if "PLAIN" in ways:
            secret = _b64(f"\0{manner.login}\0{manner.password}")
            reply = self.say(f"AUTH PLAIN {secret}")
        elif "LOGIN" in ways:
            self._expect(self.say("AUTH LOGIN"))
            self._expect(self.say(_b64(manner.login)))
            reply = self.say(_b64(manner.password))
        else:
            raise Unfit(f"{self.name} offers no login that we know")
        if not reply.good:
            raise Unfit(f"{self.name} does not accept our login: {reply.text}")

    def _expect(self, reply: Reply) -> Reply:
        if not reply.good:
            raise Lost(f"{self.name}: {reply.text}")
        return reply


def _b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")


def _context(protection: Protection) -> ssl.SSLContext:
    """Required encryption proves who the peer is; opportunistic encryption cannot (RFC 7435 section 3)."""
    context = ssl.create_default_context()
    if protection is not Protection.REQUIRED:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
