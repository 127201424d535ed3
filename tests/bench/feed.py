"""Feeds different mails to an SMTP server over a few connections, as fast as it takes them.

    python -m tests.bench.feed PORT SESSIONS COUNT FIRST RUN RECIPIENT SIZE

Promises:  every mail is its own paper (see papers); all are built before the clock starts; says "built", waits for a
           line on stdin, feeds, and prints the seconds from the first octet to the last 250.
Fails:     with the peer's words when a reply is not the expected one.
"""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from tests.bench.papers import SENDER, paper


def main(port: int, sessions: int, count: int, first: int, run: str, recipient: str, size: int) -> None:  # noqa: PLR0913, PLR0917 a command line
    """Build, wait, feed."""
    day = datetime.now(UTC).date()
    numbers = range(first, first + count)
    mails = [
        paper(n, run=run, recipient=recipient, size=size, day=day).replace(b"\r\n.", b"\r\n..") + b".\r\n"
        for n in numbers
    ]
    print("built", flush=True)
    sys.stdin.readline()
    start = time.perf_counter()
    threads = [threading.Thread(target=feed, args=(port, mails[n::sessions], recipient)) for n in range(sessions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"{time.perf_counter() - start:.3f}", flush=True)


def feed(port: int, mails: Sequence[bytes], recipient: str) -> None:
    """One session: every mail in turn over one connection."""
    with socket.create_connection(("127.0.0.1", port)) as sock:
        replies = sock.makefile("rb")
        _expect(replies, b"220")
        sock.sendall(b"EHLO bench.test\r\n")
        _expect(replies, b"250")
        envelope = f"MAIL FROM:<{SENDER}>\r\nRCPT TO:<{recipient}>\r\nDATA\r\n".encode()
        for mail in mails:
            sock.sendall(envelope)
            for code in (b"250", b"250", b"354"):
                _expect(replies, code)
            sock.sendall(mail)
            _expect(replies, b"250")


def _expect(replies: socket.SocketIO, code: bytes) -> None:
    line = replies.readline()
    while line[3:4] == b"-":
        line = replies.readline()
    if not line.startswith(code):
        raise RuntimeError(f"wanted {code!r}, heard {line!r}")


if __name__ == "__main__":
    port_, sessions_, count_, first_, run_, recipient_, size_ = sys.argv[1:]
    main(int(port_), int(sessions_), int(count_), int(first_), run_, recipient_, int(size_))
