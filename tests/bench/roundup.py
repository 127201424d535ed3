"""The peer of the end-to-end bench: Roundup's mail gateway, which makes a tracked issue of each mail.

Promises:  a classic tracker on SQLite that accepts mail from anybody and sends its notices to the given port;
           ``read_mailbox`` is its best mode: one process, one mbox.
Fails:     CalledProcessError with what Roundup said.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from tests.bench.papers import SENDER


class Roundup:
    """One tracker below ``root``."""

    def __init__(self, root: Path, notices_port: int) -> None:
        self._home = root / "tracker"
        self._programs = Path(sys.executable).parent
        self._run("roundup-admin", "-i", str(self._home), "install", "classic", "sqlite")
        self._configure(notices_port)
        self._run("roundup-admin", "-i", str(self._home), "initialise", "bench-password")
        clerk = ("username=clerk", f"address={SENDER}", "roles=User")
        self._run("roundup-admin", "-i", str(self._home), "create", "user", *clerk)

    @property
    def name(self) -> str:
        """What it is."""
        return f"Roundup {version('roundup')} (SQLite, mbox)"

    def read_mailbox(self, mails: Sequence[bytes]) -> float:
        """Put the mails into an mbox and read it; issues per second, start of the program counted as it must."""
        box = self._home.parent / "mbox"
        with box.open("wb") as file:
            for mail in mails:
                file.write(b"From clerk@bench Sat Oct 15 09:00:00 2016\n" + mail.replace(b"\r\n", b"\n") + b"\n")
        before, start = self.issues(), time.perf_counter()
        self._run("roundup-mailgw", str(self._home), "mailbox", str(box))
        seconds, made = time.perf_counter() - start, self.issues() - before
        if made != len(mails):
            raise RuntimeError(f"Roundup made {made} issues of {len(mails)} mails")
        return made / seconds

    def issues(self) -> int:
        """How many issues there are."""
        listed = self._run("roundup-admin", "-i", str(self._home), "-s", "list", "issue")
        return len(listed.split())

    def _configure(self, notices_port: int) -> None:
        path = self._home / "config.ini"
        head, *sections = re.split(r"(?m)^(?=\[)", path.read_text("utf-8"))
        wanted = {
            "[tracker]": {"web": "http://localhost/"},
            "[mail]": {"domain": "tracker.example", "host": "127.0.0.1", "port": str(notices_port)},
        }
        path.write_text(head + "".join(_set(section, wanted) for section in sections), "utf-8")

    def _run(self, program: str, *arguments: str) -> str:
        done = subprocess.run([self._programs / program, *arguments], capture_output=True, text=True, check=False)
        if done.returncode:
            raise subprocess.CalledProcessError(done.returncode, program, done.stdout, done.stderr)
        return done.stdout


def _set(section: str, wanted: Mapping[str, Mapping[str, str]]) -> str:
    for name, value in wanted.get(section.split("\n", 1)[0], {}).items():
        section, found = re.subn(rf"(?m)^#? ?{name} = .*$", f"{name} = {value}", section, count=1)
        if not found:
            raise RuntimeError(f"Roundup's config.ini has no {name}")
    return section
