"""A small SMTP server that stands for the rest of the world: in the demo, in tests and in benches.

Promises:  files mails for known mailboxes into Maildirs that any mail program can read, and refuses unknown ones with
           550 5.1.1, as Postfix does; what its fault switches say, it does to every client from then on.
Never:     relays, looks into a mail, or is meant for the open network.
Fails:     OSError from ``start`` when the port is taken.

By hand: python -m gateway.send.sink FOLDER ADDRESS… [--port N]
"""

from __future__ import annotations

import argparse
import base64
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from gateway.send.world import Fault, World, file

BLOCK = 1 << 18
_END = b"\r\n.\r\n"


class Sink:
    """The listening server; a thread per client."""

    def __init__(self, world: World, host: str = "127.0.0.1", port: int = 0) -> None:
        self.world = world
        self._listener = socket.create_server((host, port), backlog=128)
        self._clients: set[_Client] = set()

    @property
    def port(self) -> int:
        """Where it listens."""
        port: int = self._listener.getsockname()[1]
        return port

    def start(self) -> None:
        """Answer clients until ``stop``."""
        threading.Thread(target=self._listen, name="sink", daemon=True).start()

    def stop(self) -> None:
        """Close the door and hang up on everybody."""
        self.world.ended.set()
        with suppress(OSError):  # nobody may ever have been listening
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.hang_up()

    def hang_up(self) -> None:
        """Hang up on everybody who is here now."""
        for client in list(self._clients):
            client.hang_up()

    def _listen(self) -> None:
        while not self.world.ended.is_set():
            try:
                client = _Client(self.world, self._listener.accept()[0])
            except OSError:  # stopped
                return
            self._clients.add(client)
            threading.Thread(target=self._serve, args=(client,), name="sink client", daemon=True).start()

    def _serve(self, client: _Client) -> None:
        with suppress(_Gone, OSError):  # clients may go as they please
            client.talk()
        self._clients.discard(client)
        client.close()


class _Gone(Exception):
    """The client hung up, or we did."""


class _Client:
    """One conversation."""

    def __init__(self, world: World, sock: socket.socket) -> None:
        self._world = world
        self._sock = sock
        self._held = b""
        self._esmtp = False
        self._envelope: list[str] = []
        self._sender = ""
        self._to: list[str] = []
        self._known = world.login is None

    def talk(self) -> None:
        with self._world.lock:
            self._world.connections += 1
        if Fault.BUSY in self._world.faults:
            self._say("421 4.3.2 sink.example Service not available, closing transmission channel")
            return
        self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._say("220 sink.example ESMTP")
        verbs = self._verbs()
        while True:
            line = self._line()
            verb = line.split(" ")[0].upper()
            answer = verbs.get(verb)
            self._say(answer(line) if answer else "502 5.5.2 Error: command not recognized")

    def hang_up(self) -> None:
        with suppress(OSError):  # it may be gone already
            self._sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._sock.close()

    # --- the verbs ---

    def _verbs(self) -> Mapping[str, Callable[[str], str]]:
        mail = {"MAIL": self._mail, "RCPT": self._rcpt, "DATA": self._data, "RSET": self._rset}
        rest = {"EHLO": self._ehlo, "HELO": self._helo, "NOOP": self._noop, "QUIT": self._quit}
        return mail | rest | {"STARTTLS": self._starttls, "AUTH": self._auth}

    def _ehlo(self, _: str) -> str:
        self._reset()
        world = self._world
        offers = ["PIPELINING", f"SIZE {world.limit}" if world.limit else "SIZE", "ENHANCEDSTATUSCODES"]
        offers += ["8BITMIME", "DSN", "SMTPUTF8"]
        if world.tls is not None and not isinstance(self._sock, ssl.SSLSocket):
            offers.append("STARTTLS")
        if world.login is not None:
            offers.append(f"AUTH {world.ways}")
        kept = [offer for offer in offers if offer.split(" ")[0] not in world.withheld]
        names = ["sink.example", *kept]
        return "\r\n".join([*(f"250-{name}" for name in names[:-1]), f"250 {names[-1]}"])

    def _helo(self, _: str) -> str:
        self._reset()
        return "250 sink.example"

    def _mail(self, line: str) -> str:
        if self._world.needs_tls and not isinstance(self._sock, ssl.SSLSocket):
            return "530 5.7.0 Must issue a STARTTLS command first"
        if not self._known:
            return "530 5.7.0 Authentication required"
        if self._envelope:
            return "503 5.5.1 Error: nested MAIL command"
        if Fault.FULL in self._world.faults:
            return "452 4.3.1 Insufficient system storage"
        self._sender = _path(line)
        self._envelope = [line]
        return "250 2.1.0 Ok"

    def _rcpt(self, line: str) -> str:
        if not self._envelope:
            return "503 5.5.1 Error: need MAIL command"
        address = _path(line)
        world = self._world
        if world.mailboxes is not None and address.casefold() not in world.mailboxes:
            return f"550 5.1.1 <{address}>: Recipient address rejected: User unknown in virtual mailbox table"
        if Fault.GREYLIST in world.faults and self._is_new(address):
            return f"450 4.2.0 <{address}>: Recipient address rejected: Greylisted"
        self._to.append(address)
        self._envelope.append(line)
        return "250 2.1.5 Ok"

    def _is_new(self, address: str) -> bool:
        with self._world.lock:
            pair = (self._sender, address)
            self._world.seen[pair] += 1
            return self._world.seen[pair] == 1

    def _data(self, _: str) -> str:
        if not self._to:
            return (
                "503 5.5.1 Error: need RCPT command" if not self._envelope else "554 5.5.1 Error: no valid recipients"
            )
        self._say("354 End data with <CR><LF>.<CR><LF>")
        octets = self._content()
        self._before_keeping()
        number = self._keep(octets)
        if Fault.DROP_KEEPING in self._world.faults:
            raise _Gone
        self._reset()
        return f"250 2.0.0 Ok: queued as {number:X}" if number else "554 5.6.0 Message content rejected"

    def _before_keeping(self) -> None:
        faults = self._world.faults
        if Fault.SLOW in faults:
            self._world.ended.wait(1)
        if Fault.DROP_LOSING in faults:
            raise _Gone

    def _keep(self, octets: bytes) -> int:
        world = self._world
        if Fault.REFUSE_DATA in world.faults:
            return 0
        for address in self._to:
            if world.mailboxes is not None:
                file(world.mailboxes[address.casefold()], self._sender, address, octets)
        with world.lock:
            world.taken += 1
            if world.remembers:
                world.envelopes.append(tuple(self._envelope))
            return world.taken

    def _rset(self, _: str) -> str:
        self._reset()
        return "250 2.0.0 Ok"

    def _noop(self, _: str) -> str:
        return "250 2.0.0 Ok"

    def _quit(self, _: str) -> str:
        self._say("221 2.0.0 Bye")
        raise _Gone

    def _starttls(self, _: str) -> str:
        if self._world.tls is None:
            return "502 5.5.1 Error: command not implemented"
        self._say("220 2.0.0 Ready to start TLS")
        self._sock = self._world.tls.wrap_socket(self._sock, server_side=True)
        return self._line_after_tls()

    def _line_after_tls(self) -> str:
        line = self._line()
        return self._ehlo(line) if line.upper().startswith("EHLO") else "503 5.5.1 Error: send EHLO first"

    def _auth(self, line: str) -> str:
        words = line.split(" ")
        if words[1].upper() == "PLAIN":
            secret = words[2] if len(words) > 2 else self._ask("334 ")  # noqa: PLR2004 RFC 4954 initial response
            given = tuple(base64.b64decode(secret).decode().split("\0")[1:])
        else:
            asked = (self._ask(f"334 {prompt}") for prompt in ("VXNlcm5hbWU6", "UGFzc3dvcmQ6"))
            given = tuple(base64.b64decode(answer).decode() for answer in asked)
        self._known = given == self._world.login
        return "235 2.7.0 Authentication successful" if self._known else "535 5.7.8 Error: authentication failed"

    # --- octets ---

    def _ask(self, prompt: str) -> str:
        self._say(prompt)
        return self._line()

    def _reset(self) -> None:
        self._envelope, self._to, self._sender = [], [], ""

    def _say(self, reply: str) -> None:
        self._sock.sendall(f"{reply}\r\n".encode())

    def _hear(self) -> bytes:
        octets = self._sock.recv(BLOCK)
        if not octets:
            raise _Gone
        return octets

    def _line(self) -> str:
        while b"\n" not in self._held:
            self._held += self._hear()
        line, _, self._held = self._held.partition(b"\n")
        return line.rstrip(b"\r").decode("utf-8", "replace")

    def _content(self) -> bytes:
        held = bytearray(b"\r\n" + self._held)
        start = 0
        while (end := held.find(_END, start)) < 0:
            if Fault.DROP_MIDDLE in self._world.faults and len(held) > BLOCK:
                raise _Gone
            start = max(0, len(held) - len(_END) + 1)
            held += self._hear()
        self._held = bytes(held[end + len(_END) :])
        return bytes(held[: end + 2].replace(b"\r\n..", b"\r\n.")[2:])


def _path(line: str) -> str:
    return line.partition("<")[2].partition(">")[0]


def main() -> None:
    """Run by hand until interrupted."""
    parser = argparse.ArgumentParser(prog="sink", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the Maildirs lie, one per address")
    parser.add_argument("addresses", nargs="*", help="known mailboxes; without any, every mail is taken and none kept")
    parser.add_argument("--port", type=int, default=0)
    chosen = parser.parse_args()
    boxes = {address.casefold(): chosen.folder / address.casefold() for address in chosen.addresses}
    sink = Sink(World(boxes or None), port=chosen.port)
    sink.start()
    print(sink.port, flush=True)  # noqa: T201 whoever started us reads the port
    sink.world.ended.wait()


if __name__ == "__main__":
    main()
