"""A whole gateway below one folder: its settings, its keys, its units, and its program running.

Promises:  listens on 127.0.0.1 only, without doors for people unless a caller adds them, trusts what comes from there,
           and hands everything to one smarthost. What a caller wants otherwise stands in its own sections of the
           settings. What was started is stopped at the end.
Fails:     RuntimeError with the log's last lines when the gateway does not become ready in time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from argon2 import PasswordHasher

from gateway.app import office, own_names
from gateway.settings import Settings
from gateway.settings_file import load
from gateway.state import State
from mailmap.directory.roster import propose
from mailmap.directory.sheet import read
from storage import directory
from storage.directory_history import Signature
from storage.doorbook import Account
from storage.keys import Keys

DOMAIN = "lienthong.namdinh.example"
READY_S = 60.0
SIGNED = "tests"

Sections = Mapping[str, Mapping[str, object]]
Row = tuple[str, str, str, str, str, str]  # unit, name, kind, short name, parent, mailbox


def account(login: str, password: str, address: str) -> Account:
    """An account that may send as that address; its password is cheap to check."""
    return Account(login, PasswordHasher(1, 8, 1).hash(password), frozenset({address}), locked=False)


@dataclass(frozen=True, slots=True)
class Gateway:
    """A gateway below ``root``: where it listens, where it relays to, and its own sections of the settings."""

    root: Path
    mx: int
    smarthost: int
    own: Sections = field(default_factory=dict)

    @property
    def config(self) -> Path:
        """The settings file."""
        return self.root / "lienthong.toml"

    @property
    def settings(self) -> Settings:
        """The settings."""
        return load(self.config)

    def settle(self, more: str = "") -> None:
        """Write the settings, ``more`` at their end, and the keys: from now on ``settings`` and ``command`` work."""
        self.root.mkdir(parents=True, exist_ok=True)
        self.config.write_text(_written(self._usual(), self.own) + more, "utf-8")
        state = State.of(self.settings)
        state.root.mkdir()
        Keys.create(state.keys)

    def _usual(self) -> Sections:
        return {
            "gateway": {"domains": [DOMAIN], "state_directory": str(self.root / "state")},
            "smtp": {"mx": [f"127.0.0.1:{self.mx}"], "submission": [], "submissions": [], "processes": 1},
            "spool": {"min_free_mib": 64},
            "trust": {"relay_networks": ["127.0.0.0/8"]},
            "send": {"smarthost": f"127.0.0.1:{self.smarthost}", "smarthost_tls": "none"},
        }

    def enter(self, units: Sequence[Row]) -> None:
        """Make the database and the directory: these units, each with its mailbox as its address."""
        tables: Mapping[str, Sequence[tuple[str, ...]]] = {
            "units.csv": [("mã", "tên đơn vị", "loại", "tên ngắn", "trực thuộc", "địa chỉ nhận"), *units],
            "addresses.csv": [("địa chỉ", "mã đơn vị"), *((unit[-1], unit[0]) for unit in units)],
        }
        sheets = [read(name, "\n".join(map(",".join, rows))) for name, rows in tables.items()]
        with office(self.settings, migrate=True) as at, at.database.transaction() as tx:
            diff = propose(sheets, directory.around(tx, sheets), own_names(self.settings))
            assert not diff.mistakes
            directory.apply(tx, diff, Signature(SIGNED, SIGNED, datetime.now(UTC)))

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


def _written(usual: Sections, own: Sections) -> str:
    """Both as one TOML text; where both have a setting, the own one stands."""
    names = dict.fromkeys((*usual, *own))
    return "".join(f"[{name}]\n{_lines({**usual.get(name, {}), **own.get(name, {})})}" for name in names)


def _lines(section: Mapping[str, object]) -> str:
    return "".join(f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in section.items())
