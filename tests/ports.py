"""Ports of 127.0.0.1 for servers of the tests.

Promises:  ``free_port`` is a port that nobody listens on; ``lasting_port`` stays free for who is killed and comes back.
"""

from __future__ import annotations

import socket
from pathlib import Path
from random import SystemRandom

GREETING_S = 5.0  # seconds a server may take for its first line


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def lasting_port() -> int:
    """A port that nobody listens on, and that no connection going out is given: who is killed wants it back."""
    first = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    while True:
        port = SystemRandom().randrange(first // 2, first)
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        return port


def greets(port: int) -> bool:
    """Whether a mail server says 220 there."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=GREETING_S) as peer:
            return peer.recv(100).startswith(b"220")
    except OSError:
        return False
