"""The sink's end of a connection: lines in and out, and contents.

Promises:  what was heard too early waits for whoever asks next; a content comes without its stuffed dots.
Never:     understands a line.
Fails:     ``Gone`` when the client hung up; OSError when the connection broke.
"""

from __future__ import annotations

import socket
import ssl
from contextlib import suppress

BLOCK = 1 << 18
_END = b"\r\n.\r\n"


class Gone(Exception):
    """The client hung up, or we did."""


class Wire:
    """One connection, as the server has it."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._held = b""
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    @property
    def encrypted(self) -> bool:
        """Whether TLS protects it."""
        return isinstance(self._sock, ssl.SSLSocket)

    def encrypt(self, context: ssl.SSLContext) -> None:
        """TLS from here on."""
        self._sock = context.wrap_socket(self._sock, server_side=True)

    def say(self, reply: str) -> None:
        """One reply; its lines are joined by CRLF already."""
        self._sock.sendall(f"{reply}\r\n".encode())

    def line(self) -> str:
        """The next command, without its end."""
        while b"\n" not in self._held:
            self._held += self._hear()
        line, _, self._held = self._held.partition(b"\n")
        return line.rstrip(b"\r").decode("utf-8", "replace")

    def content(self, *, most: int = 0) -> bytes:
        """A mail up to its last dot; with ``most``, Gone once more octets have come than that."""
        held = bytearray(b"\r\n" + self._held)
        start = 0
        while (end := held.find(_END, start)) < 0:
            if most and len(held) > most:
                raise Gone
            start = max(0, len(held) - len(_END) + 1)
            held += self._hear()
        self._held = bytes(held[end + len(_END) :])
        return bytes(held[: end + 2].replace(b"\r\n..", b"\r\n.")[2:])

    def hang_up(self) -> None:
        """End it, whatever somebody is waiting for."""
        with suppress(OSError):  # it may be gone already
            self._sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let go of it."""
        self._sock.close()

    def _hear(self) -> bytes:
        octets = self._sock.recv(BLOCK)
        if not octets:
            raise Gone
        return octets
