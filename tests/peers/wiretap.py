"""A wire between two servers that remembers what both said.

Promises:  every octet passes as it came, at once; ``talks`` has one transcript per connection, in the order spoken.
Never:     understands what is said; octets that went encrypted are remembered so.
Fails:     never the peers: when one hangs up, the other hears it.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

BLOCK = 1 << 16


@dataclass(slots=True)
class Overheard:
    """One connection: what each side said before the other said something, oldest first."""

    said: list[tuple[str, bytearray]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def hear(self, who: str, octets: bytes) -> None:
        """Append to what that side is just saying."""
        with self.lock:
            if not self.said or self.said[-1][0] != who:
                self.said.append((who, bytearray()))
            self.said[-1][1].extend(octets)

    def client(self) -> list[bytes]:
        """What the client said, one entry for all it said without hearing an answer between."""
        with self.lock:
            return [bytes(octets) for who, octets in self.said if who == "c"]

    def server(self) -> bytes:
        """All that the server said."""
        with self.lock:
            return b"".join(octets for who, octets in self.said if who == "s")


@dataclass(slots=True)
class Wiretap:
    """The wire: where clients come, and what was overheard."""

    port: int
    talks: list[Overheard] = field(default_factory=list)

    def about(self, words: bytes) -> Overheard:
        """The last connection in which the client said these words."""
        return next(talk for talk in reversed(self.talks) if any(words in said for said in talk.client()))


@contextmanager
def wiretap(to_port: int) -> Iterator[Wiretap]:
    """A wire to a port of this machine, for the block."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        wire = Wiretap(listener.getsockname()[1])
        thread = threading.Thread(target=_listen, args=(listener, to_port, wire), daemon=True)
        thread.start()
        yield wire
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def _listen(listener: socket.socket, to_port: int, wire: Wiretap) -> None:
    while True:
        try:
            client = listener.accept()[0]
        except OSError:  # the block has ended
            return
        threading.Thread(target=_connect, args=(client, to_port, wire), daemon=True).start()


def _connect(client: socket.socket, to_port: int, wire: Wiretap) -> None:
    with client, suppress(OSError), socket.create_connection(("127.0.0.1", to_port)) as server:
        talk = Overheard()
        wire.talks.append(talk)
        back = threading.Thread(target=_pass_on, args=("s", server, client, talk), daemon=True)
        back.start()
        _pass_on("c", client, server, talk)
        back.join()


def _pass_on(who: str, source: socket.socket, to: socket.socket, talk: Overheard) -> None:
    with suppress(OSError):
        while octets := source.recv(BLOCK):
            talk.hear(who, octets)
            to.sendall(octets)
    with suppress(OSError):  # it may have gone first
        to.shutdown(socket.SHUT_WR)
