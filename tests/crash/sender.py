"""A real Postfix that sends: it takes mail, keeps it in its queue, and relays it to the gateway until that says 250.

Promises:  tries again after a second or two; relays a mail with more than two recipients in several transactions;
           ``answers`` are all replies 250 it has had, as it wrote them down itself.
Never:     touches another Postfix of this machine.
Fails:     CalledProcessError with what Postfix said when it does not start.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import postfix_instance as instance
from tests.ports import lasting_port

MAIN = {
    "maillog_file": "{folder}/log",
    "maillog_file_prefixes": "{folder}",
    "myhostname": "postfix.namdinh.example",
    "relayhost": "[127.0.0.1]:{relay}",
    "smtpd_tls_security_level": "none",
    "smtp_tls_security_level": "none",
    "smtputf8_enable": "no",
    "notify_classes": "",
    "queue_minfree": "0",
    "message_size_limit": "10000000",
    "queue_run_delay": "1s",
    "minimal_backoff_time": "1s",
    "maximal_backoff_time": "2s",
    "transport_retry_time": "1s",
    "smtp_destination_recipient_limit": "2",
    "default_destination_concurrency_failed_cohort_limit": "1000",
    "default_destination_concurrency_limit": "8",
}
CACHED = {"smtp_connection_cache_destinations": "[127.0.0.1]:{relay}"}
NOT_CACHED = {"smtp_connection_cache_on_demand": "no"}
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
        facts = {"folder": self.folder, "relay": self.relay}
        lines = {name: value.format(**facts) for name, value in (MAIN | (CACHED if cached else NOT_CACHED)).items()}
        instance.configure(self.folder, self.port, lines, instance.CACHE, instance.TLS)

    def control(self, verb: str) -> None:
        """The command ``postfix``."""
        instance.control(self.folder, verb)

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
    instance.make_folders(folder)
    sender = Sender(folder, lasting_port(), relay)
    try:
        sender.configure(cached=True)
        instance.start(folder, sender.port)
        yield sender
    finally:
        sender.control("stop")
        shutil.rmtree(folder)
