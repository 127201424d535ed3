"""All roles together, as processes: a mail that was answered 250 is concluded, whoever is killed meanwhile."""

from __future__ import annotations

import os
import signal
import smtplib
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from gateway.settings_file import load
from gateway.supervisor import Part, Role, Supervisor, parts
from storage.database import Database
from storage.keys import Keys
from storage.schema import mails
from tests.ports import free_port
from tests.waiting import until

DEADLINE_S = 60.0
MAIL = "From: a@stranger.example\r\nSubject: test\r\nMessage-ID: <{number}@stranger.example>\r\n\r\nXin chào\r\n"


@dataclass(frozen=True, slots=True)
class Running:
    """A running gateway: its processes, its port, its database."""

    cast: tuple[Part, ...]
    port: int
    database: Database

    def send(self, number: int) -> str:
        """Send a mail until it is answered 250, as any sender does; the spool id of the answer."""
        answers: list[str] = []
        until(lambda: self._sent(number, answers))
        return answers[0].split()[-1]

    def _sent(self, number: int, answers: list[str]) -> bool:
        try:
            with smtplib.SMTP("127.0.0.1", self.port, timeout=10) as peer:
                peer.ehlo("stranger.example")
                peer.mail("a@stranger.example")
                code, _ = peer.rcpt("postmaster@lienthong.example")
                if code != 250:  # the doorbook is not there yet
                    return False
                answers.append(peer.data(MAIL.format(number=number).encode())[1].decode())
                return True
        except (OSError, smtplib.SMTPException):
            return False

    def outcomes(self, spool_id: str) -> list[str]:
        """How that mail ended; nothing as long as it has not."""
        with self.database.transaction() as tx:
            ended = sa.select(mails.c.outcome).where(mails.c.spool_id == spool_id, mails.c.outcome.is_not(None))
            return list(tx.execute(ended).scalars())

    def pids(self, role: str) -> list[int]:
        """The processes of a role."""
        return [part.process.pid for part in self.cast if part.role == role and part.process]


@pytest.fixture(scope="module")
def running(new_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Every role in a process of its own, on an empty database that nobody has migrated."""
    root = tmp_path_factory.mktemp("gateway")
    port = free_port()
    url = new_database()
    config = root / "lienthong.toml"
    config.write_text(
        f'[gateway]\ndomains = ["lienthong.example"]\nstate_directory = "{root}/state"\n'
        f'[database]\nurl = "{url}"\n[send]\nsmarthost = "127.0.0.1:1"\n'
        "[work]\ntakeover_s = 3\n"
        f'[smtp]\nmx = ["127.0.0.1:{port}"]\nsubmission = []\nsubmissions = []\nprocesses = 1\n'
    )
    (root / "state").mkdir()
    Keys.create(root / "state" / "keys.json")
    with supervised(config) as cast, closing(Database(url)) as database:
        yield Running(cast, port, database)


@contextmanager
def supervised(config: Path) -> Iterator[tuple[Part, ...]]:
    """All roles below a supervisor in a thread; yields once they are ready."""
    cast = tuple(parts(load(config), config, Role))
    stop, ready = threading.Event(), threading.Event()
    thread = threading.Thread(target=Supervisor(cast, stopping_s=DEADLINE_S, on_ready=ready.set).run, args=(stop,))
    thread.start()
    try:
        assert ready.wait(DEADLINE_S)
        yield cast
    finally:
        stop.set()
        thread.join(DEADLINE_S)
        assert not thread.is_alive()


def test_a_mail_is_taken_and_concluded(running: Running) -> None:
    """From 250 to a recorded outcome without anybody's help, on a database that was empty at the start."""
    spool_id = running.send(1)
    until(lambda: running.outcomes(spool_id) == ["held"])
    assert running.outcomes(spool_id) == ["held"]


def test_no_role_is_missed_for_long(running: Running) -> None:
    """kill -9 of all roles at once, with a mail just answered: it is concluded once, and so is the next one."""
    before = running.send(2)
    for role in Role:
        for pid in running.pids(role):
            os.kill(pid, signal.SIGKILL)
    after = running.send(3)
    until(lambda: running.outcomes(before) == running.outcomes(after) == ["held"])
    with running.database.transaction() as tx:
        known = tx.execute(sa.select(mails.c.spool_id).where(mails.c.spool_id.in_([before, after]))).scalars().all()
    assert sorted(known) == sorted([before, after])


def test_a_door_process_does_not_know_the_database(running: Running) -> None:
    """What takes mail cannot wait for PostgreSQL: its process has not even loaded the driver."""
    (pid,) = running.pids(Role.SMTP)
    mapped = Path(f"/proc/{pid}/maps").read_text()
    assert "libuv" in mapped or "uvloop" in mapped
    assert "psycopg" not in mapped
