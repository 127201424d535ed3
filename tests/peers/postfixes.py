"""A real Postfix of one's own: mailboxes, reports by way of a relay, encryption where wanted.

Promises:  listens on a free port of 127.0.0.1, files mail for its mailboxes into Maildirs, sends everything else to the
           relay, and is stopped, with all it wrote gone, when the block ends.
Never:     touches another Postfix of this machine.
Fails:     CalledProcessError with what Postfix said when it does not start.
"""

from __future__ import annotations

import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file =
multi_instance_name = postfix-{port}
multi_instance_enable = yes
myhostname = postfix.example
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
alias_database =
relayhost = [127.0.0.1]:{relay}
virtual_mailbox_domains = xa.example
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = inline:{{ {boxes} }}
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_peername_lookup = no
disable_dns_lookups = yes
notify_classes =
message_size_limit = 1000000
mailbox_size_limit = 0
in_flow_delay = 0
smtputf8_enable = yes
smtpd_tls_security_level = {tls}
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {certificate}
smtpd_forbid_bare_newline = yes
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
virtual unix - n n - - virtual
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
tlsmgr unix - - n 1000? 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True, slots=True)
class Postfix:
    """A running instance: where it listens and where its Maildirs lie, by address."""

    port: int
    mailboxes: dict[str, Path]

    def mails(self, address: str, count: int = 1, within_s: float = 20) -> list[bytes]:
        """The mails in a mailbox once there are so many; what there is when the time is over."""
        deadline = time.monotonic() + within_s
        while len(found := sorted(self.mailboxes[address].glob("new/*"))) < count and time.monotonic() < deadline:
            time.sleep(0.05)
        return [path.read_bytes() for path in found]


@contextmanager
def postfix(addresses: Sequence[str], relay: int, certificate: str = "") -> Iterator[Postfix]:
    """A Postfix with these mailboxes for the block; with a PEM file of certificate and key, TLS is a must."""
    folder, port = Path(tempfile.mkdtemp(prefix="lienthong-postfix-")), _free_port()
    folder.chmod(0o755)  # its processes are not root's
    owner = pwd.getpwnam("nobody")
    for place in ("config", "queue", "data", "mail"):
        (folder / place).mkdir()
    shutil.chown(folder / "data", "postfix")
    shutil.chown(folder / "mail", owner.pw_uid, owner.pw_gid)
    boxes = ", ".join(f"{{ {address} = {address}/ }}" for address in addresses)
    facts = {"folder": folder, "port": port, "relay": relay, "boxes": boxes, "uid": owner.pw_uid, "gid": owner.pw_gid}
    tls = {"tls": "encrypt" if certificate else "none", "certificate": certificate}
    (folder / "config" / "main.cf").write_text(MAIN.format(**facts, **tls))
    (folder / "config" / "master.cf").write_text(MASTER.format(port=port))
    try:
        _control(folder, "start")
        _wait_for(port)
        yield Postfix(port, {address: folder / "mail" / address for address in addresses})
    finally:
        _control(folder, "stop")
        shutil.rmtree(folder)


def _control(folder: Path, verb: str) -> None:
    subprocess.run(["postfix", "-c", str(folder / "config"), verb], capture_output=True, text=True, check=True)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as peer:
            if peer.recv(100).startswith(b"220"):
                return
        time.sleep(0.05)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])
