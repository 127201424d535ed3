"""A light generator of SMTP mail: one process, one epoll, bodies by sendfile(2) straight from the page cache.

    python sender.py PORT SESSIONS MAILS RECIPIENT BODY

Promises:  opens all sessions and sends one mail in each, uncounted; then shares the counted mails among them, each
           session one after the other over its one connection, the three commands in one write (PIPELINING). Prints
           the seconds from the first counted command to the last reply.
Never:     looks at a body: the file holds it as it goes over the wire, with its final dot.
Fails:     with the peer's own words when a reply is not the expected one.
"""

from __future__ import annotations

import os
import select
import socket
import sys
import time
from dataclasses import dataclass, field

HELLO = b"EHLO bench.test\r\n"


@dataclass
class Work:
    """What all sessions share."""

    commands: bytes
    body: int
    size: int
    left: int = 0


@dataclass
class Session:
    """One connection: what it expects to hear next, and how much of a body is still to be sent."""

    sock: socket.socket
    work: Work
    expected: list[bytes] = field(default_factory=lambda: [b"220"])
    heard: bytes = b""
    sent: int = -1
    idle: bool = False

    def hear(self) -> None:
        """Read what came and act on every whole reply."""
        octets = self.sock.recv(65536)
        if not octets:
            sys.exit("the peer closed the connection")
        self.heard += octets
        *lines, self.heard = self.heard.split(b"\r\n")
        for line in lines:
            if line[3:4] == b" ":
                self.reply(line)

    def reply(self, line: bytes) -> None:
        """The end of one reply."""
        wanted = self.expected.pop(0)
        if not line.startswith(wanted):
            sys.exit(f"wanted {wanted!r}, heard {line!r}")
        if self.expected:
            return
        if wanted == b"220":
            self.sock.send(HELLO)
            self.expected = [b"250"]
        elif wanted == b"354":
            self.sent = 0
            self.expected = [b"250"]
            self.push()
        else:
            self.next_mail()

    def next_mail(self) -> None:
        """Begin another mail if there is one."""
        self.idle = self.work.left == 0
        if self.idle:
            return
        self.work.left -= 1
        self.expected = [b"250", b"250", b"354"]
        self.sock.send(self.work.commands)

    def push(self) -> None:
        """As much of the body as the socket takes."""
        try:
            while self.sent < self.work.size:
                self.sent += os.sendfile(self.sock.fileno(), self.work.body, self.sent, self.work.size - self.sent)
        except BlockingIOError:
            return
        self.sent = -1

    @property
    def pushing(self) -> bool:
        """Whether octets wait to be sent."""
        return self.sent >= 0


def run(sessions: list[Session], mails: int) -> float:
    """Send so many mails over sessions that are idle; the seconds it took."""
    poll, by_number = select.epoll(), {session.sock.fileno(): session for session in sessions}
    work = sessions[0].work
    work.left = mails
    began = time.perf_counter()
    for number, session in by_number.items():
        poll.register(number, select.EPOLLIN)
        if session.idle:
            session.next_mail()
    waiting: set[int] = set()
    while not all(session.idle for session in sessions):
        for number, events in poll.poll():
            session = by_number[number]
            if events & select.EPOLLOUT:
                session.push()
            if events & ~select.EPOLLOUT:
                session.hear()
            if session.pushing != (number in waiting):
                waiting ^= {number}
                poll.modify(number, select.EPOLLIN | (select.EPOLLOUT if session.pushing else 0))
    took = time.perf_counter() - began
    poll.close()
    return took


def main(port: str, count: str, mails: str, recipient: str, path: str) -> None:
    """See above."""
    body = os.open(path, os.O_RDONLY)
    commands = b"MAIL FROM:<a@else.test>\r\nRCPT TO:<%s>\r\nDATA\r\n" % recipient.encode()
    work = Work(commands, body, os.fstat(body).st_size)
    sessions = [Session(connected(int(port)), work) for _ in range(int(count))]
    run(sessions, len(sessions))
    print(run(sessions, int(mails)))


def connected(port: int) -> socket.socket:
    """A connection that never blocks and never waits for more to send."""
    sock = socket.create_connection(("127.0.0.1", port))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setblocking(False)
    return sock


if __name__ == "__main__":
    main(*sys.argv[1:])
