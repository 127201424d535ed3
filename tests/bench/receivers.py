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
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

BENCH = Path(__file__).parent
ROOT = BENCH.parents[1]
RECIPIENT = "xa-7@nam.test"
DOORS = 2

MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file =
multi_instance_name = postfix-bench
multi_instance_enable = yes
myhostname = postfix.nam.test
mydestination =
relay_domains = nam.test
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
local_recipient_maps =
relay_recipient_maps =
alias_maps =
alias_database =
transport_maps =
smtpd_client_restrictions = check_client_access static:HOLD
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions = permit_mynetworks, reject
smtpd_peername_lookup = no
smtpd_tls_security_level = none
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
disable_dns_lookups = yes
in_flow_delay = 0
default_process_limit = 100
message_size_limit = 104857600
mailbox_size_limit = 0
queue_minfree = 0
"""

MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
smtp unix - - n - - smtp
relay unix - - n - - smtp
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


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
        self._queue = folder / "queue"
        for place in (self.config, self._queue, folder / "data"):
            place.mkdir(parents=True)
        shutil.chown(folder / "data", "postfix")
        (self.config / "main.cf").write_text(MAIN.format(folder=folder))
        (self.config / "master.cf").write_text(MASTER.format(port=self.port))
        if (started := self._control("start")).returncode:
            raise SystemExit(f"postfix start: {started.stderr}")
        wait_for_greeting(self.port)

    def stop(self) -> None:
        """End it; one that has ended by itself is as good."""
        self._control("stop")

    def _control(self, verb: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["postfix", "-c", str(self.config), verb], capture_output=True, text=True, check=False)

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


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def wait_for_greeting(port: int) -> None:
    """Return when a server says 220."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as peer:
                if peer.recv(3) == b"220":
                    return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("nobody answers")
