"""A small SMTP server that stands for the rest of the world: in the demo, in tests and in benches.

Promises:  files mails for known mailboxes into Maildirs that any mail program can read, and refuses unknown ones with
           550 5.1.1, as Postfix does (tests/peers compares their replies); what its fault switches say, it does to
           every client from then on.
Never:     relays, looks into a mail, or is meant for the open network. Never reports, though it offers DSN: the far
           end of the world keeps silent.
Fails:     OSError from ``start`` when the port is taken.

By hand: python -m gateway.send.sink FOLDER ADDRESS… [--port N]
"""

from __future__ import annotations

import argparse
import base64
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from gateway.send import arguments
from gateway.send.arguments import Refused
from gateway.send.wire import BLOCK, Gone, Wire
from gateway.send.world import Fault, World, file


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
                client = _Client(self.world, Wire(self._listener.accept()[0]))
            except OSError:  # stopped
                return
            self._clients.add(client)
            threading.Thread(target=self._serve, args=(client,), name="sink client", daemon=True).start()

    def _serve(self, client: _Client) -> None:
        with suppress(Gone, OSError):  # clients may go as they please
            client.talk()
        self._clients.discard(client)
        client.close()


class _Client:
    """One conversation."""

    def __init__(self, world: World, wire: Wire) -> None:
        self._world = world
        self._wire = wire
        self._offers: frozenset[str] = frozenset()  # nothing before EHLO
        self._envelope: list[str] = []
        self._sender = ""
        self._to: list[str] = []
        self._known = world.login is None

    def talk(self) -> None:
        with self._world.lock:
            self._world.connections += 1
        if Fault.BUSY in self._world.faults:
            self._wire.say("421 4.3.2 sink.example Service not available, closing transmission channel")
            return
        self._wire.say("220 sink.example ESMTP")
        verbs = self._verbs()
        while True:
            line = self._wire.line()
            answer = verbs.get(line.split(" ")[0].upper())
            try:
                self._wire.say(answer(line) if answer else "500 5.5.2 Error: command not recognized")
            except Refused as refused:
                self._wire.say(str(refused))

    def hang_up(self) -> None:
        self._wire.hang_up()

    def close(self) -> None:
        self._wire.close()

    # --- the verbs ---

    def _verbs(self) -> Mapping[str, Callable[[str], str]]:
        mail = {"MAIL": self._mail, "RCPT": self._rcpt, "DATA": self._data, "RSET": self._rset}
        rest = {"EHLO": self._ehlo, "HELO": self._helo, "NOOP": self._noop, "QUIT": self._quit, "VRFY": self._vrfy}
        return mail | rest | {"STARTTLS": self._starttls, "AUTH": self._auth}

    def _ehlo(self, line: str) -> str:
        self._named(line)
        world = self._world
        offers = ["PIPELINING", f"SIZE {world.limit}" if world.limit else "SIZE", "VRFY", "ENHANCEDSTATUSCODES"]
        offers += ["8BITMIME", "DSN", "SMTPUTF8"]
        if world.tls is not None and not self._wire.encrypted:
            offers.append("STARTTLS")
        if world.login is not None:
            offers.append(f"AUTH {world.ways}")
        kept = [offer for offer in offers if offer.split(" ")[0] not in world.withheld]
        self._offers = frozenset(offer.split(" ")[0] for offer in kept)
        names = ["sink.example", *kept]
        return "\r\n".join([*(f"250-{name}" for name in names[:-1]), f"250 {names[-1]}"])

    def _helo(self, line: str) -> str:
        self._named(line)
        self._offers = frozenset()
        return "250 sink.example"

    def _named(self, line: str) -> None:
        verb, _, name = line.partition(" ")
        if not name.strip():
            raise Refused(f"501 Syntax: {verb.upper()} hostname")
        self._reset()

    def _mail(self, line: str) -> str:
        if self._world.needs_tls and not self._wire.encrypted:
            return "530 5.7.0 Must issue a STARTTLS command first"
        if not self._known:
            return "530 5.7.0 Authentication required"
        if self._envelope:
            return "503 5.5.1 Error: nested MAIL command"
        sender = arguments.mail(line, self._offers, self._world.limit).path
        if Fault.FULL in self._world.faults:
            return "452 4.3.1 Insufficient system storage"
        self._sender = sender
        self._envelope = [line]
        return "250 2.1.0 Ok"

    def _rcpt(self, line: str) -> str:
        if not self._envelope:
            return "503 5.5.1 Error: need MAIL command"
        address = arguments.rcpt(line, self._offers).path
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
            return "554 5.5.1 Error: no valid recipients" if self._envelope else "503 5.5.1 Error: need RCPT command"
        self._wire.say("354 End data with <CR><LF>.<CR><LF>")
        octets = self._wire.content(most=BLOCK if Fault.DROP_MIDDLE in self._world.faults else 0)
        self._before_keeping()
        answer = self._judged(octets)
        if Fault.DROP_KEEPING in self._world.faults:
            raise Gone
        self._reset()
        return answer

    def _before_keeping(self) -> None:
        faults = self._world.faults
        if Fault.SLOW in faults:
            self._world.ended.wait(1)
        if Fault.DROP_LOSING in faults:
            raise Gone

    def _judged(self, octets: bytes) -> str:
        if 0 < self._world.limit < len(octets):
            return "552 5.3.4 Error: message file too big"
        if Fault.REFUSE_DATA in self._world.faults:
            return "554 5.6.0 Message content rejected"
        return f"250 2.0.0 Ok: queued as {self._keep(octets):X}"

    def _keep(self, octets: bytes) -> int:
        world = self._world
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

    def _vrfy(self, line: str) -> str:
        return f"252 2.0.0 {line.partition(' ')[2]}"

    def _quit(self, _: str) -> str:
        self._wire.say("221 2.0.0 Bye")
        raise Gone

    def _starttls(self, _: str) -> str:
        if self._world.tls is None:
            return "502 5.5.1 Error: command not implemented"
        self._wire.say("220 2.0.0 Ready to start TLS")
        self._wire.encrypt(self._world.tls)
        self._offers = frozenset()  # RFC 3207 section 4.2: all that was said before is forgotten
        line = self._wire.line()
        return self._ehlo(line) if line.upper().startswith("EHLO") else "503 5.5.1 Error: send EHLO first"

    def _auth(self, line: str) -> str:
        if "AUTH" not in self._offers:
            return "503 5.5.1 Error: authentication not enabled"
        way, _, response = line.partition(" ")[2].partition(" ")
        if way.upper() == "PLAIN":
            given = _decoded(response or self._ask("334 ")).split("\0")[1:]
        else:
            given = [_decoded(self._ask(f"334 {prompt}")) for prompt in ("VXNlcm5hbWU6", "UGFzc3dvcmQ6")]
        self._known = tuple(given) == self._world.login
        return "235 2.7.0 Authentication successful" if self._known else "535 5.7.8 Error: authentication failed"

    def _ask(self, prompt: str) -> str:
        self._wire.say(prompt)
        return self._wire.line()

    def _reset(self) -> None:
        self._envelope, self._to, self._sender = [], [], ""


def _decoded(response: str) -> str:
    try:
        return base64.b64decode(response, validate=True).decode()
    except ValueError:
        raise Refused("535 5.7.8 Error: authentication failed: garbled") from None


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
