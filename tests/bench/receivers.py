"""The two that are compared: our door processes, and a Postfix of the same machine that only accepts.

Promises:  both listen on a free port of 127.0.0.1, keep what they take on the same disk, durably, and are stopped when
           the block ends. Postfix is tuned as its manual advises for throughput: no look-ups of names, no chroot, no
           flow control, no anvil, 100 processes; every mail is put on hold, which costs it nothing and spares it all
           work behind the queue file that its 250 promises.
Never:     touches another Postfix of this machine.
Fails:     with what the server said when it does not start.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

from tests import postfix_instance as instance
from tests.ports import free_port

BENCH = Path(__file__).parent
ROOT = BENCH.parents[1]
RECIPIENT = "xa-7@nam.test"
DOORS = 2

MAIN = {
    "myhostname": "postfix.nam.test",
    "relay_domains": "nam.test",
    "local_recipient_maps": "",
    "relay_recipient_maps": "",
    "transport_maps": "",
    "smtpd_client_restrictions": "check_client_access static:HOLD",
    "smtpd_recipient_restrictions": "permit_mynetworks, reject",
    "smtpd_tls_security_level": "none",
    "smtpd_client_connection_count_limit": "0",
    "smtpd_client_connection_rate_limit": "0",
    "default_process_limit": "100",
    "message_size_limit": "104857600",
    "mailbox_size_limit": "0",
    "queue_minfree": "0",
}


class Receiver(Protocol):
    """Something that takes mail."""

    port: int

    def processes(self) -> list[int]:
        """Every process of it."""

    def empty(self) -> None:
        """Forget what was taken."""


class OurDoors:
    """Door processes of the gateway."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._folder = folder
        self._running: list[subprocess.Popen[str]] = []
        self.start()

    def start(self) -> None:
        """Open all doors, each over its own spool."""
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        for seat in range(DOORS):
            script = [sys.executable, str(BENCH / "our_door.py"), str(self.port), str(seat), str(DOORS)]
            command = [*script, str(self._folder)]
            self._running.append(subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True))
        for door in self._running:
            if not door.stdout or door.stdout.readline() != "open\n":
                raise SystemExit("a door did not open")

    def stop(self) -> None:
        """Close them."""
        for door in self._running:
            door.terminate()
        for door in self._running:
            door.communicate(timeout=60)
        self._running.clear()

    def processes(self) -> list[int]:
        """See Receiver."""
        return [door.pid for door in self._running]

    def empty(self) -> None:
        """See Receiver."""
        self.stop()
        self.start()


class Postfix:
    """A private instance of the Postfix that is installed here."""

    QUEUES = ("hold", "incoming", "active", "deferred", "defer", "maildrop", "corrupt")

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.config = folder / "config"
        self._folder, self._queue = folder, folder / "queue"
        instance.make_folders(folder)
        instance.configure(folder, self.port, MAIN, instance.RELAY)
        instance.start(folder, self.port)

    def stop(self) -> None:
        """End it; one that has ended by itself is as good."""
        with suppress(subprocess.CalledProcessError):
            instance.control(self._folder, "stop")

    def processes(self) -> list[int]:
        """See Receiver."""
        master = int((self._queue / "pid" / "master.pid").read_text())
        children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
        return [master, *map(int, children)]

    def empty(self) -> None:
        """See Receiver."""
        for queue in self.QUEUES:
            for path in sorted((self._queue / queue).rglob("*")):
                if path.is_file():
                    path.unlink()


@contextmanager
def our_doors(folder: Path) -> Iterator[OurDoors]:
    """Doors for the block."""
    doors = OurDoors(folder)
    try:
        yield doors
    finally:
        doors.stop()


@contextmanager
def postfix(folder: Path) -> Iterator[Postfix]:
    """A Postfix for the block."""
    server = Postfix(folder)
    try:
        yield server
    finally:
        server.stop()


def postfix_version() -> str:
    """As ``postconf`` tells it."""
    told = subprocess.run(["postconf", "-h", "mail_version"], capture_output=True, text=True, check=True)
    return f"Postfix {told.stdout.strip()}"
