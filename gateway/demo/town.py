"""The town of the demo: a gateway of its own, the directory of Nam Định, and a mail server for its offices.

Promises:  everything is real (``lienthong serve`` with all roles and its built-in PostgreSQL, SMTP over TCP, Maildirs)
           and lies in one folder; it listens on this machine only; ``close`` stops and removes all of it.
Never:     touches another gateway of this machine.
Fails:     TimeoutError when the gateway does not come up; its log is in ``Town.log``.
"""

from __future__ import annotations

import secrets
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from argon2 import PasswordHasher

from gateway.app import Office, office, own_names
from gateway.demo.clerk import Clerk, Gate
from gateway.demo.watch import now, wait
from gateway.send.sink import Sink
from gateway.send.world import World
from gateway.settings import Settings
from gateway.settings_file import load
from gateway.state import State
from gateway.words import CONFIG
from mailmap.directory.roster import propose
from mailmap.directory.sheet import read
from mailmap.directory.unit import Unit
from storage import accounts, directory
from storage.directory import Signature
from storage.doorbook import Account, Doorbook, Stale
from storage.keys import Keys

HOST = "127.0.0.1"
DOMAIN = "lienthong.example"
SHEETS = ("nam-dinh.csv", "nam-dinh-addresses.csv")
PORTS = {"mx": 2525, "submission": 2587, "submissions": 2465}  # easy to remember; others when these are taken
STOPPING_S = 60.0
READY = '"ready": true'  # what ``serve --json`` says when every role does its work

_SETTINGS = """[gateway]
domains = ["{domain}"]
language = "{language}"
state_directory = "{folder}"

[smtp]
mx = ["{host}:{mx}"]
submission = ["{host}:{submission}"]
submissions = ["{host}:{submissions}"]

[spool]
min_free_mib = 64

[trust]
relay_networks = ["{host}/32"]

[send]
smarthost = "{host}:{sink}"
smarthost_tls = "none"

[log]
level = "warning"
"""


@dataclass(slots=True)
class Town:
    """The running town. ``folder`` holds all of it: state, settings, mailboxes and log."""

    folder: Path
    config: Path
    settings: Settings
    gate: Gate
    office: Office
    sink: Sink
    served: subprocess.Popen[bytes]
    password: str

    @property
    def mail(self) -> Path:
        """The offices' mailboxes, one Maildir per address."""
        return self.folder / "mail"

    def clerk(self, name: str, address: str, *, logs_in: bool = False) -> Clerk:
        """Somebody with that mailbox; who logs in gets an account."""
        return Clerk(name, address, self.mail / address, self.password if logs_in else "")

    def command(self, *words: str, columns: int = 80) -> subprocess.CompletedProcess[str]:
        """One ``lienthong`` command, as it is typed."""
        program = ("/usr/bin/env", f"COLUMNS={columns}", sys.executable, "-m", "gateway.cli")
        typed = [*program, *words, "--config", str(self.config)]
        return subprocess.run(typed, capture_output=True, text=True, check=False)  # noqa: S603  our words

    def last_words(self, lines: int = 20) -> str:
        """The end of the gateway's log."""
        return "\n".join((self.folder / "log").read_text(errors="replace").splitlines()[-lines:])


@contextmanager
def built(folder: Path, language: str, logins: Sequence[str], missing: Sequence[str]) -> Iterator[Town]:
    """A town for the block. ``logins`` get accounts; the mailboxes ``missing`` are mapped and do not exist."""
    password = secrets.token_hex(6)  # no letter that a shell or swaks takes for its own
    sink = Sink(World({}))
    sink.start()
    config, settings = _settings(folder, language, sink.port)
    State.of(settings).keys.parent.mkdir(parents=True, exist_ok=True)
    Keys.create(State.of(settings).keys)
    with office(settings, migrate=True) as open_office, _serving(folder, config) as served:
        units = _settle(open_office, settings)
        _register(open_office, logins, password)
        sink.world.mailboxes = _mailboxes(folder / "mail", units, missing)
        gate = Gate(HOST, settings.smtp.submission[0].port, settings.smtp.mx[0].port)
        town = Town(folder, config, settings, gate, open_office, sink, served, password)
        try:
            wait(lambda: _greeted(town, logins[0]), look_s=0.5)
            yield town
        finally:
            sink.stop()


def open_mailbox(town: Town, address: str) -> None:
    """Another mailbox on the offices' mail server."""
    town.sink.world.mailboxes = {**(town.sink.world.mailboxes or {}), address: town.mail / address}


def _settings(folder: Path, language: str, sink: int) -> tuple[Path, Settings]:
    config = folder / "lienthong.toml"
    ports = _ports()
    words = {"domain": DOMAIN, "host": HOST, "language": language, "folder": folder / "state", "sink": sink}
    config.write_text(_SETTINGS.format(**words, **ports), "utf-8")
    return config, load(config)


def _ports() -> dict[str, int]:
    """The usual ports where they are free, else any that are."""
    held = [(name, _bound(port)) for name, port in PORTS.items()]
    chosen = {name: sock.getsockname()[1] for name, sock in held}
    for _, sock in held:
        sock.close()
    return chosen


def _bound(port: int) -> socket.socket:
    sock = socket.socket()
    try:
        sock.bind((HOST, port))
    except OSError:
        sock.bind((HOST, 0))
    return sock


def _settle(open_office: Office, settings: Settings) -> Sequence[Unit]:
    """Load the directory; its units."""
    sheets = [read(name, (CONFIG / "directory" / name).read_text("utf-8")) for name in SHEETS]
    with open_office.database.transaction() as tx:
        diff = propose(sheets, directory.around(tx, sheets), own_names(settings))
        directory.apply(tx, diff, Signature("demo", ", ".join(SHEETS), now()))
    return diff.units()


def _register(open_office: Office, logins: Sequence[str], password: str) -> None:
    hashed = PasswordHasher().hash(password)
    with open_office.database.transaction() as tx:
        for login in logins:
            accounts.add(tx, Account(login, hashed, frozenset({login}), locked=False), now())


def _mailboxes(mail: Path, units: Sequence[Unit], missing: Sequence[str]) -> dict[str, Path]:
    return {unit.contact: mail / unit.contact for unit in units if unit.contact not in missing}


@contextmanager
def _serving(folder: Path, config: Path) -> Iterator[subprocess.Popen[bytes]]:
    """``lienthong serve`` for the block; its log goes to a file."""
    command = [*_mortal(), sys.executable, "-m", "gateway.cli", "serve", "--json", "--config", str(config)]
    with (folder / "log").open("wb") as log:
        served = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)  # noqa: S603  our words
        try:
            yield served
        finally:
            served.terminate()
            with suppress(subprocess.TimeoutExpired):
                served.wait(STOPPING_S)
            served.kill()
            served.wait()


def _mortal() -> list[str]:
    """The program that has the kernel end a process with its parent, also when that is killed; part of util-linux."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", "--"] if setpriv else []


def _greeted(town: Town, login: str) -> bool | None:
    """Whether every role is ready and the doors know the account; ConnectionError when the gateway has given up."""
    if town.served.poll() is not None:
        raise ConnectionError(town.last_words())
    try:
        known = Doorbook(State.of(town.settings).doorbook, max_age_s=STOPPING_S).account(login)
        town.clerk("", login, logs_in=True).knock(town.gate)
    except (Stale, OSError):  # smtplib's own exceptions are OSErrors too
        return None
    return (known is not None and READY in town.last_words()) or None


def removed(folder: Path) -> None:
    """Take the whole town away."""
    shutil.rmtree(folder, ignore_errors=True)
