"""Debian's PostgreSQL as the server of one's own: over TCP, with a password, an older major version than ours."""

from __future__ import annotations

import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from mailmap.document.events import MailConcluded
from storage import journal
from storage.database import Database
from storage.jobs import QUEUE, Jobs
from storage.keys import Keys
from storage.payloads import Payloads
from storage.unprivileged import runner
from tests.peering import postgresql

pytestmark = pytest.mark.peer("postgresql")

START_S = 60.0


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of an ordinary login that owns its database and may make roles, as an administrator would set it up."""
    programs = Path(postgresql() or "").parent
    root, password, port = tmp_path_factory.mktemp("debian"), secrets.token_hex(16), free_port()
    run = runner(programs / "postgres", root)
    data, secret = root / "data", root / "password"
    data.mkdir(mode=0o700)
    secret.write_text(password)
    for path in (data, secret):
        run.own(path)
    made = run.run(
        [programs / "initdb", "-D", data, "-U", "admin", "--auth=scram-sha-256", "--pwfile", secret, "-EUTF8", "-N"],
        START_S,
    )
    assert made.returncode == 0, made.stdout
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories= -c fsync=off"
    started = run.run([programs / "pg_ctl", "start", "-w", "-D", data, "-l", data / "log", "-o", options], START_S)
    assert started.returncode == 0, started.stdout
    try:
        admin = f"host=127.0.0.1 port={port} user=admin password={password} dbname=postgres"
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(f"CREATE ROLE lienthong LOGIN CREATEROLE PASSWORD '{password}'")
            connection.execute("CREATE DATABASE lienthong OWNER lienthong")
        yield f"postgresql://lienthong:{password}@127.0.0.1:{port}/lienthong"
    finally:
        run.run([programs / "pg_ctl", "stop", "-w", "-m", "immediate", "-D", data], START_S)


@pytest.fixture(scope="module")
def debian(url: str) -> Iterator[Database]:
    """That database, migrated."""
    with closing(Database(url)) as database:
        database.migrate()
        database.check()
        yield database


def test_the_journal_takes_and_refuses_there_too(debian: Database) -> None:
    """What is written is read back, and can be changed neither by the application nor by the owner."""
    vault = Payloads(Keys.fresh())
    concluded = MailConcluded("S-1", "held", "stranger", None)
    with debian.transaction() as tx:
        journal.append(tx, vault, [concluded], actor="gateway", at=datetime.now(UTC))
    with debian.transaction() as tx:
        assert [row.event for row in journal.read(tx, vault)] == [concluded]
    with pytest.raises(sa.exc.ProgrammingError, match="permission denied"), debian.transaction() as tx:
        tx.execute(sa.text("DELETE FROM journal"))
    owner = sa.create_engine(debian.url, poolclass=sa.NullPool)
    with pytest.raises(sa.exc.IntegrityError, match="append-only"), owner.begin() as tx:
        tx.execute(sa.text("DELETE FROM journal"))


def test_jobs_are_heard_of_and_run_there_too(debian: Database) -> None:
    """A job that is committed wakes the worker, over TCP and with a password."""
    jobs, ran, stop = Jobs(debian), threading.Event(), threading.Event()
    loop = threading.Thread(target=jobs.run, args=({"note": ran.set}, [QUEUE], 1, stop))
    loop.start()
    try:
        with debian.transaction() as tx:
            jobs.defer(tx, "note", {})
        assert ran.wait(START_S)
    finally:
        stop.set()
        loop.join(START_S)
    assert not loop.is_alive()
