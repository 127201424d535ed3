"""A client on a bare socket, for talks no mail library would begin.

Promises:  sends exactly the octets it is given; every wait has a deadline.
"""

from __future__ import annotations

import socket
import ssl
from types import TracebackType
from typing import Self

WAIT = 20.0  # seconds
HELLO = "EHLO client.test"


class RawClient:
    """One connection; use as a context."""

    def __init__(self, port: int, *, greeted: bool = True) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), WAIT)
        self._held = b""
        if greeted:
            self.expect(220)

    def __enter__(self) -> Self:
        """The connection is open already."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Hang up."""
        self.socket.close()

    def send(self, octets: bytes) -> None:
        """Exactly these octets."""
        self.socket.sendall(octets)

    def line(self) -> str:
        """The next line from the door, without its end; '' when the door has closed."""
        while b"\r\n" not in self._held:
            octets = self._read()
            if not octets:
                return ""
            self._held += octets
        line, _, self._held = self._held.partition(b"\r\n")
        return line.decode("ascii")

    def reply(self) -> str:
        """The next whole reply, its lines joined by line feeds; '' when the door has closed."""
        lines = [self.line()]
        while lines[-1][3:4] == "-":
            lines.append(self.line())
        return "\n".join(lines)

    def expect(self, *codes: int) -> str:
        """The next replies have these codes, in order; the last of them."""
        said = ""
        for code in codes:
            said = self.reply()
            assert said[:3] == str(code), f"expected {code}, got {said!r}"
        return said

    def say(self, line: str, *codes: int) -> str:
        """One command, and the codes that must follow."""
        self.send(line.encode() + b"\r\n")
        return self.expect(*codes)

    def begin(self, *recipients: str, sender: str = "a@else.test") -> None:
        """EHLO, MAIL, RCPT."""
        self.say(HELLO, 250)
        self.say(f"MAIL FROM:<{sender}>", 250)
        for recipient in recipients or ("huyen@nam.test",):
            self.say(f"RCPT TO:<{recipient}>", 250)

    def bring(self, body: bytes, code: int = 250) -> str:
        """DATA and a body as it goes over the wire, without the final dot."""
        self.say("DATA", 354)
        self.send(body + b".\r\n")
        return self.expect(code)

    def encrypt(self, context: ssl.SSLContext) -> None:
        """TLS from here on."""
        self.socket = context.wrap_socket(self.socket, server_hostname="door.test")

    def expect_closed(self) -> None:
        """The door has nothing more to say and closes."""
        assert self.line() == "", "the door went on talking"

    def _read(self) -> bytes:
        try:
            return self.socket.recv(65536)
        except ConnectionResetError:  # closed with octets of ours unread
            return b""
