"""A real PostgreSQL for every test that wants one.

Promises:  one server for the whole run: the built-in one in a temporary directory, or the one that
           LIENTHONG_TEST_DATABASE_URL names (its login must be allowed to create databases and roles). Each test module
           that asks for ``database`` gets a fresh, migrated one, copied from a template in a tenth of a second.
Never:     touches a database it did not create; leaves a server running, except when the run itself is killed: then
           the next run on this machine stops it.
Fails:     NoServer with the server's own words.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from storage.database import Database
from storage.embedded import Embedded, NoServer

GIVEN = "LIENTHONG_TEST_DATABASE_URL"
MARK = "lienthong-tests-"
ABANDONED_S = 900.0


@pytest.fixture(scope="session")
def server() -> Iterator[sa.URL]:
    """The URL of a login that may create databases; its own database is only for that."""
    given = os.environ.get(GIVEN)
    if given:
        yield sa.make_url(given).set(drivername="postgresql+psycopg")
        return
    _sweep()
    root = Path(tempfile.mkdtemp(prefix=MARK))
    with Embedded(root, throwaway=True) as url:
        yield sa.make_url(url)
    shutil.rmtree(root)


@pytest.fixture(scope="session")
def new_database(server: sa.URL) -> Iterator[Callable[..., str]]:
    """Makes a database, from a template if one is named, and returns its URL; on a given server all are dropped."""
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    made: list[str] = []

    def make(template: str = "template1") -> str:
        name = f"lt_{uuid4().hex}"
        with admin.connect() as tx:
            tx.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE {template}"))
        made.append(name)
        return server.set(database=name).render_as_string(hide_password=False)

    yield make
    with admin.connect() as tx:
        for name in made if GIVEN in os.environ else ():
            tx.execute(sa.text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


@pytest.fixture(scope="session")
def template(new_database: Callable[..., str]) -> str:
    """The name of a migrated database that nobody is connected to."""
    url = new_database()
    database = Database(url)
    database.migrate()
    database.close()
    return sa.make_url(url).database or ""


@pytest.fixture(scope="module")
def database_url(new_database: Callable[..., str], template: str) -> str:
    """The URL of this module's own migrated database."""
    return new_database(template)


@pytest.fixture(scope="module")
def database(database_url: str) -> Iterator[Database]:
    """The own migrated database of this module; its tests share the rows."""
    opened = Database(database_url)
    yield opened
    opened.close()


def _sweep() -> None:
    """Stop the servers of runs that were killed."""
    for root in Path(tempfile.gettempdir()).glob(f"{MARK}*"):
        with suppress(OSError, NoServer):
            found = root.stat()
            if found.st_uid == os.geteuid() and time.time() - found.st_mtime > ABANDONED_S:
                _stop(root)


def _stop(root: Path) -> None:
    left = Embedded(root, throwaway=True)
    left.start()
    if left.stop():
        shutil.rmtree(root)
