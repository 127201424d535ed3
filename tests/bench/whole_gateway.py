"""The whole gateway as ``lienthong serve`` runs it, below one folder, for benches and crash runs.

Promises:  built-in PostgreSQL, every role in processes of its own, one commune and one district, a smarthost that takes
           everything; ``cpu`` tells what each role has used so far. What was started is stopped at the end.
Fails:     RuntimeError with the log's last lines when the gateway does not become ready in time.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gateway.settings import Settings
from gateway.settings_file import load
from gateway.stores import opened_database
from tests.bench.papers import SENDER

DOMAIN = "lienthong.namdinh.example"
DISTRICT = f"haihau@{DOMAIN}"
READY_S = 60.0
_TICKS = os.sysconf("SC_CLK_TCK")

_SETTINGS = """[gateway]
domains = ["{domain}"]
host_name = "gw.namdinh.example"
state_directory = "{state}"
[smtp]
mx = ["127.0.0.1:{mx}"]
submission = []
submissions = []
processes = {doors}
max_connections_per_address = 1000
[spool]
min_free_mib = 64
[trust]
relay_networks = ["127.0.0.0/8"]
[send]
smarthost = "127.0.0.1:{smarthost}"
smarthost_tls = "none"
concurrency = {senders}
[work]
processes = {workers}
concurrency = {jobs}
[log]
level = "warning"
"""
_UNITS = """mã,tên đơn vị,loại,tên ngắn,trực thuộc,địa chỉ nhận
namdinh,UBND tỉnh Nam Định,tỉnh,namdinh,,vanthu@namdinh.example
haihau,UBND huyện Hải Hậu,huyện,haihau,namdinh,vanthu@haihau.namdinh.example
haiphuc.haihau,UBND xã Hải Phúc,xã,haiphuc.haihau,haihau,{sender}
"""
_ADDRESSES = "địa chỉ,mã đơn vị,vai trò\n{sender},haiphuc.haihau,văn thư\n"


@dataclass(frozen=True, slots=True)
class Plan:
    """Where it listens, where it relays to, and how many of each."""

    mx: int
    smarthost: int
    doors: int = 1
    workers: int = 1
    jobs: int = 2
    senders: int = 2


@dataclass(frozen=True, slots=True)
class Gateway:
    """A prepared gateway below ``root``."""

    root: Path
    plan: Plan

    @property
    def config(self) -> Path:
        """The settings file."""
        return self.root / "lienthong.toml"

    @property
    def settings(self) -> Settings:
        """The settings."""
        return load(self.config)

    def prepare(self) -> None:
        """Write settings and keys, make the database, import the units."""
        self.root.mkdir(parents=True, exist_ok=True)
        plan = self.plan
        self.config.write_text(
            _SETTINGS.format(
                domain=DOMAIN,
                state=self.root / "state",
                mx=plan.mx,
                doors=plan.doors,
                smarthost=plan.smarthost,
                workers=plan.workers,
                jobs=plan.jobs,
                senders=plan.senders,
            ),
            "utf-8",
        )
        for name, text in (("units.csv", _UNITS), ("addresses.csv", _ADDRESSES)):
            (self.root / name).write_text(text.format(sender=SENDER), "utf-8")
        self.command("keys", "init")
        self.command("migrate")
        for name in ("units.csv", "addresses.csv"):
            self.command("map", "import", str(self.root / name), "--apply", "--by", "bench", "--why", "bench")

    def command(self, *words: str) -> str:
        """Run one command; what it printed. RuntimeError when it did not end well."""
        done = subprocess.run(self.words(*words), capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{words}: {done.stdout}{done.stderr}")
        return done.stdout

    def words(self, *words: str) -> list[str]:
        """The words of a command line."""
        return [sys.executable, "-m", "gateway.cli", *words, "--config", str(self.config)]

    @contextmanager
    def serving(self, environment: Mapping[str, str] | None = None) -> Iterator[subprocess.Popen[str]]:
        """The gateway running; the block begins once every role is ready."""
        log = (self.root / "serve.log").open("a", encoding="utf-8")
        running = subprocess.Popen(
            self.words("serve", "--json"),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env={**os.environ, **(environment or {})},
        )
        try:
            self._await_ready(running)
            yield running
        finally:
            running.terminate()
            running.communicate(timeout=60)
            log.close()

    def _await_ready(self, running: subprocess.Popen[str]) -> None:
        start = time.monotonic()
        for line in running.stdout or ():
            if '"ready"' in line:
                return
            if time.monotonic() - start > READY_S:
                break
        raise RuntimeError((self.root / "serve.log").read_text("utf-8")[-4000:])

    @contextmanager
    def database(self) -> Iterator[object]:
        """The gateway's database."""
        with opened_database(self.settings) as database:
            yield database


def cpu(supervisor: int) -> Counter[str]:
    """Seconds of processor time used so far, by role; PostgreSQL's processes together."""
    used: Counter[str] = Counter()
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
            status = (folder / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has just ended
        role = _role(words)
        if role and (role == "postgresql" or int(status[1]) == supervisor):
            used[role] += (int(status[11]) + int(status[12])) / _TICKS
    return used


def _role(words: list[bytes]) -> str:
    if words[0].startswith(b"postgres:") or words[0].endswith(b"/postgres"):
        return "postgresql"
    return next((word.decode().rpartition(".")[2] for word in words if word.startswith(b"gateway.roles.")), "")
