"""A real Postfix that sends: it takes mail, keeps it in its queue, and relays it to the gateway until that says 250.

Promises:  tries again after a second or two; relays a mail with more than two recipients in several transactions;
           ``answers`` are all replies 250 it has had, as it wrote them down itself.
Never:     touches another Postfix of this machine.
Fails:     CalledProcessError with what Postfix said when it does not start.
"""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom

from tests.crash.waiting import until

MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
multi_instance_name = postfix-{port}
multi_instance_enable = yes
myhostname = postfix.namdinh.example
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
alias_database =
relayhost = [127.0.0.1]:{relay}
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_peername_lookup = no
smtpd_tls_security_level = none
smtp_tls_security_level = none
smtputf8_enable = no
disable_dns_lookups = yes
notify_classes =
in_flow_delay = 0
queue_minfree = 0
message_size_limit = 10000000
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 2s
transport_retry_time = 1s
smtp_destination_recipient_limit = 2
default_destination_concurrency_failed_cohort_limit = 1000
default_destination_concurrency_limit = 8
"""
CACHED = "smtp_connection_cache_destinations = [127.0.0.1]:{relay}\n"
NOT_CACHED = "smtp_connection_cache_on_demand = no\n"
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
scache unix - - n - 1 scache
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
tlsmgr unix - - n 1000? 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
"""
QUEUES = ("maildrop", "incoming", "active", "deferred", "hold", "corrupt")
_SENT = re.compile(r"^.* postfix\S*/smtp\[\d+\]: (\w+): to=<([^>]+)>.* status=(\w+) \((.*)\)$", re.MULTILINE)
_STORED = re.compile(r"250 2\.0\.0 Stored as (S-[0-9A-Z-]+)")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the gateway said to one recipient of one mail in the queue; ``spool_id`` is '' unless it was 250."""

    queue_id: str
    recipient: str
    status: str
    words: str

    @property
    def spool_id(self) -> str:
        """The number the gateway gave."""
        found = _STORED.search(self.words)
        return found[1] if found else ""


@dataclass(frozen=True, slots=True)
class Sender:
    """The running instance: where it listens and lies, and where it relays to."""

    folder: Path
    port: int
    relay: int

    def configure(self, *, cached: bool) -> None:
        """Keep connections to the gateway for further mails, or open one for each."""
        facts = {"folder": self.folder, "port": self.port, "relay": self.relay}
        last = CACHED if cached else NOT_CACHED
        (self.folder / "config" / "main.cf").write_text((MAIN + last).format(**facts))
        (self.folder / "config" / "master.cf").write_text(MASTER.format(port=self.port))

    def control(self, verb: str) -> None:
        """The command ``postfix``."""
        words = ["postfix", "-c", str(self.folder / "config"), verb]
        subprocess.run(words, capture_output=True, text=True, check=True)

    def queued(self) -> int:
        """How many mails it still has."""
        places = (self.folder / "queue" / name for name in QUEUES)
        return sum(path.is_file() for place in places for path in _everything(place))

    def answers(self) -> list[Answer]:
        """All it was told, in order."""
        return [Answer(*found) for found in _SENT.findall((self.folder / "log").read_text("utf-8"))]


def _everything(place: Path) -> list[Path]:
    try:
        return list(place.rglob("*"))
    except FileNotFoundError:  # the mail we were looking at has just left
        return _everything(place)


@contextmanager
def sending(relay: int) -> Iterator[Sender]:
    """A Postfix that relays everything to that port of 127.0.0.1, for the block."""
    folder = Path(tempfile.mkdtemp(prefix="lienthong-sender-", dir="/var/tmp"))
    folder.chmod(0o755)  # its processes are not root's
    for place in ("config", "queue", "data"):
        (folder / place).mkdir()
    shutil.chown(folder / "data", "postfix")
    sender = Sender(folder, free_port(), relay)
    try:
        sender.configure(cached=True)
        sender.control("start")
        until(lambda: _greets(sender.port), 30, "Postfix greets")
        yield sender
    finally:
        sender.control("stop")
        shutil.rmtree(folder)


def free_port() -> int:
    """A port that nobody listens on, and that no connection going out is given: who is killed wants it back."""
    first = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    while True:
        port = SystemRandom().randrange(first // 2, first)
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        return port


def _greets(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as peer:
            return peer.recv(100).startswith(b"220")
    except OSError:
        return False
