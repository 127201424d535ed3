"""The world as the sink shows it: its mailboxes, what it demands, and how it misbehaves.

Promises:  mails are filed into Maildirs that any mail program can read.
Never:     real; it stands for other servers in the demo, in tests and in benches.
Fails:     OSError when the Maildirs cannot be written.
"""

from __future__ import annotations

import itertools
import os
import ssl
import threading
import time
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

_numbers = itertools.count(1)


class Fault(StrEnum):
    """How the world can misbehave."""

    GREYLIST = "greylist"  # 450 for the first attempt of each sender and recipient
    FULL = "full"  # 452 to MAIL: no room in the queue
    BUSY = "busy"  # 421 instead of a greeting
    REFUSE_DATA = "refuse-data"  # 554 after the last dot
    DROP_KEEPING = "drop-keeping"  # keeps the mail and hangs up instead of saying 250
    DROP_LOSING = "drop-losing"  # hangs up after the last dot and keeps nothing
    DROP_MIDDLE = "drop-middle"  # hangs up in the middle of the content
    SLOW = "slow"  # waits a second before it answers the last dot


@dataclass(slots=True)
class World:
    """What the server knows and does; may be changed while it runs.

    ``mailboxes`` maps folded addresses to Maildirs, None takes every address and keeps nothing. ``taken`` counts mails,
    ``envelopes`` keeps the lines MAIL and RCPT of each when ``remembers`` is set.
    """

    mailboxes: Mapping[str, Path] | None = None
    faults: set[Fault] = field(default_factory=set)
    withheld: Collection[str] = ()
    limit: int = 0
    tls: ssl.SSLContext | None = None
    needs_tls: bool = False
    login: tuple[str, str] | None = None
    ways: str = "PLAIN LOGIN"
    remembers: bool = False
    taken: int = 0
    connections: int = 0
    envelopes: list[tuple[str, ...]] = field(default_factory=list)
    seen: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    lock: threading.Lock = field(default_factory=threading.Lock)
    ended: threading.Event = field(default_factory=threading.Event)


def file(maildir: Path, sender: str, recipient: str, octets: bytes) -> Path:
    """Put a mail into a Maildir, as Postfix's virtual(8) does: with Return-Path and Delivered-To, LF line ends."""
    for folder in ("tmp", "new", "cur"):
        (maildir / folder).mkdir(parents=True, exist_ok=True)
    name = f"{time.time_ns()}.P{os.getpid()}Q{next(_numbers)}.sink"
    trace = f"Return-Path: <{sender}>\nDelivered-To: {recipient}\n".encode()
    (maildir / "tmp" / name).write_bytes(trace + octets.replace(b"\r\n", b"\n"))
    return (maildir / "tmp" / name).rename(maildir / "new" / name)
