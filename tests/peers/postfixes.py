"""A real Postfix of one's own: mailboxes, reports, a route per domain, encryption where wanted.

Promises:  listens on a free port of 127.0.0.1, files mail for its mailboxes into Maildirs, sends everything else to the
           relay, tries again within seconds, and is stopped, with all it wrote gone, when the block ends.
Never:     touches another Postfix of this machine.
Fails:     CalledProcessError with what Postfix said when it does not start.
"""

from __future__ import annotations

import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gateway.demo.watch import wait
from tests import postfix_instance as instance
from tests.ports import free_port

MAIN = {
    "myhostname": "postfix.example",
    "notify_classes": "",
    "message_size_limit": "1000000",
    "mailbox_size_limit": "0",
    "virtual_mailbox_limit": "0",
    "queue_run_delay": "1s",
    "minimal_backoff_time": "1s",
    "maximal_backoff_time": "2s",
    "smtputf8_enable": "yes",
    "smtpd_forbid_bare_newline": "yes",
}
WAIT = 40.0  # seconds


@dataclass(frozen=True, slots=True)
class Postfix:
    """A running instance: where it listens, its configuration, and where its Maildirs lie, by address."""

    port: int
    mailboxes: Mapping[str, Path]
    config: Path = Path()

    def mails(self, address: str, count: int = 1, within_s: float = WAIT) -> list[bytes]:
        """The mails in a mailbox once there are so many; what there is when the time is over."""
        deadline = time.monotonic() + within_s
        while len(found := self._paths(address)) < count and time.monotonic() < deadline:
            time.sleep(0.05)
        return [path.read_bytes() for path in found]

    def letter(self, address: str, *words: bytes) -> bytes:
        """The newest mail in a mailbox that holds all these words, once there is one."""
        return wait(lambda: next((mail for mail in self._newest(address) if all(w in mail for w in words)), None))

    def _newest(self, address: str) -> Iterator[bytes]:
        return (path.read_bytes() for path in reversed(self._paths(address)))

    def _paths(self, address: str) -> list[Path]:
        """New mails, and those that a mail program has seen."""
        return sorted(self.mailboxes[address].glob("[nc]*/*"), key=lambda path: path.name)

    def submit(self, mail: bytes, sender: str, to: Iterable[str], *words: str) -> None:
        """Hand a mail to ``sendmail``, as programs of that machine do; ``words`` are its options."""
        command = ["sendmail", "-C", str(self.config), "-i", "-f", sender, *words, *to]
        subprocess.run(command, input=mail, capture_output=True, check=True)

    def queued(self) -> int:
        """How many mails wait in its queue."""
        told = subprocess.run(["postqueue", "-c", str(self.config), "-j"], capture_output=True, check=True)
        return len(told.stdout.splitlines())


@contextmanager
def postfix(
    addresses: Sequence[str],
    relay: int,
    certificate: str = "",
    more: Mapping[str, str] | None = None,
    port: int = 0,
) -> Iterator[Postfix]:
    """A Postfix with these mailboxes for the block; with a PEM file of certificate and key, TLS is a must.

    ``more`` are lines for its main.cf, by name.
    """
    folder, port = Path(tempfile.mkdtemp(prefix="lienthong-postfix-")), port or free_port()
    folder.chmod(0o755)  # its processes are not root's
    owner = pwd.getpwnam("nobody")
    instance.make_folders(folder)
    (folder / "mail").mkdir()
    shutil.chown(folder / "mail", owner.pw_uid, owner.pw_gid)
    own = {"relayhost": f"[127.0.0.1]:{relay}"}
    lines = MAIN | own | _boxes(folder, addresses) | _tls(certificate) | dict(more or {})
    instance.configure(folder, port, lines, instance.PICKUP, instance.MAILBOXES, instance.TLS)
    try:
        instance.start(folder, port)
        yield Postfix(port, {address: folder / "mail" / address for address in addresses}, folder / "config")
    finally:
        instance.control(folder, "stop")
        shutil.rmtree(folder)


def _boxes(folder: Path, addresses: Sequence[str]) -> dict[str, str]:
    owner = pwd.getpwnam("nobody")
    boxes = ", ".join(f"{{ {address} = {address}/ }}" for address in addresses)
    return {
        "virtual_mailbox_domains": " ".join(sorted({address.rpartition("@")[2] for address in addresses})),
        "virtual_mailbox_base": f"{folder}/mail",
        "virtual_mailbox_maps": f"inline:{{ {boxes} }}" if boxes else "",
        "virtual_uid_maps": f"static:{owner.pw_uid}",
        "virtual_gid_maps": f"static:{owner.pw_gid}",
    }


def _tls(certificate: str) -> dict[str, str]:
    return {
        "smtpd_tls_security_level": "encrypt" if certificate else "none",
        "smtpd_tls_cert_file": certificate,
        "smtpd_tls_key_file": certificate,
    }
