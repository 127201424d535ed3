"""What every Postfix of the tests is made of: folders, main.cf, master.cf, and the command ``postfix``.

Promises:  each is an instance of its own below one folder, listens on 127.0.0.1 only, looks no names up, and greets
           when ``start`` returns. What it is for is said by its own lines and its own services.
Never:     touches another Postfix of this machine.
Fails:     CalledProcessError with what Postfix said when it does not start; TooLong when it does not greet.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.ports import greets
from tests.waiting import until

START_S = 40.0
_MAIN = {
    "compatibility_level": "3.6",
    "maillog_file": "",
    "multi_instance_enable": "yes",
    "mydestination": "",
    "mynetworks": "127.0.0.0/8",
    "inet_interfaces": "127.0.0.1",
    "inet_protocols": "ipv4",
    "alias_maps": "",
    "alias_database": "",
    "smtpd_relay_restrictions": "permit_mynetworks, reject",
    "smtpd_peername_lookup": "no",
    "disable_dns_lookups": "yes",
    "in_flow_delay": "0",
}
_MASTER = """
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
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""
RELAY = "relay unix - - n - - smtp\n"
CACHE = "scache unix - - n - 1 scache\n"
TLS = "tlsmgr unix - - n 1000? 1 tlsmgr\n"
PICKUP = "pickup unix n - n 60 1 pickup\n"
MAILBOXES = "virtual unix - n n - - virtual\n"


def make_folders(folder: Path) -> None:
    """The places below ``folder`` that Postfix wants; its processes are not root's."""
    for place in ("config", "queue", "data"):
        (folder / place).mkdir(parents=True)
    shutil.chown(folder / "data", "postfix")


def configure(folder: Path, port: int, lines: Mapping[str, str], *services: str) -> None:
    """Write both files: the lines of main.cf that are its own, and further services beside the usual ones."""
    own = {
        "queue_directory": f"{folder}/queue",
        "data_directory": f"{folder}/data",
        "multi_instance_name": f"postfix-{port}",
    }
    every = _MAIN | own | dict(lines)
    (folder / "config" / "main.cf").write_text("".join(f"{name} = {value}\n" for name, value in every.items()))
    (folder / "config" / "master.cf").write_text(_MASTER.format(port=port) + "".join(services))


def control(folder: Path, verb: str) -> None:
    """The command ``postfix``."""
    words = ["postfix", "-c", str(folder / "config"), verb]
    subprocess.run(words, capture_output=True, text=True, check=True)


def start(folder: Path, port: int) -> None:
    """Start it; returns when it greets."""
    control(folder, "start")
    until(lambda: greets(port), START_S, "Postfix greets")
