"""A gateway on a server of one's own: one login owns and migrates, another works and can do no harm."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from storage import guards
from storage.database import Database, NotMigrated
from storage.schema import streams


@dataclass(frozen=True, slots=True)
class Logins:
    """Who may log in to the database of one test: its owner, who is no superuser, and somebody with no rights yet."""

    owner: str
    worker: str
    worker_name: str


@pytest.fixture
def logins(server: sa.URL, new_database: Callable[..., str]) -> Iterator[Logins]:
    """An empty database of its own owner, and another login."""
    url = sa.make_url(new_database())
    mark, password = secrets.token_hex(4), secrets.token_hex(16)
    owner, worker = f"owner_{mark}", f"worker_{mark}"
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with admin.connect() as tx:
        tx.execute(sa.text(f"CREATE ROLE {owner} LOGIN CREATEROLE PASSWORD '{password}'"))
        tx.execute(sa.text(f"CREATE ROLE {worker} LOGIN PASSWORD '{password}'"))
        # Another test's database has made the role already; on a fresh server the owner would make it, and have this.
        tx.execute(sa.text(f"GRANT {guards.ROLE} TO {owner} WITH ADMIN OPTION"))
        tx.execute(sa.text(f"ALTER DATABASE {url.database} OWNER TO {owner}"))
    with sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool).connect() as tx:
        tx.execute(sa.text(f"ALTER SCHEMA public OWNER TO {owner}"))
    as_owner, as_worker = (url.set(username=name, password=password) for name in (owner, worker))
    yield Logins(_whole(as_owner), _whole(as_worker), worker)
    with sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool).connect() as tx:
        tx.execute(sa.text(f"DROP OWNED BY {owner}, {worker} CASCADE"))
    with admin.connect() as tx:
        tx.execute(sa.text(f"ALTER DATABASE {url.database} OWNER TO CURRENT_USER"))
        tx.execute(sa.text(f"DROP ROLE {worker}"))
        tx.execute(sa.text(f"DROP ROLE {owner}"))


def _whole(url: sa.URL) -> str:
    return url.render_as_string(hide_password=False)


def admit(logins: Logins) -> None:
    """The owner lets the worker act as the application."""
    with sa.create_engine(logins.owner, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool).connect() as tx:
        tx.execute(sa.text(f"GRANT {guards.ROLE} TO {logins.worker_name}"))


@pytest.mark.usefixtures("template")
def test_an_owner_without_other_powers_can_migrate(logins: Logins) -> None:
    """Migrating needs no superuser: owning the database and being allowed to make roles is enough."""
    with closing(Database(logins.owner)) as database:
        database.migrate()
        database.check()


@pytest.mark.usefixtures("template")
def test_a_login_that_is_only_a_member_can_work(logins: Logins) -> None:
    """The login in the settings need not own anything: it works, and finds nothing to migrate."""
    Database(logins.owner).migrate()
    admit(logins)
    with closing(Database(logins.worker)) as database:
        database.migrate()
        database.check()
        with database.transaction() as tx:
            tx.execute(streams.insert().values(stream="worked", version=1))


@pytest.mark.usefixtures("template")
@pytest.mark.parametrize(
    "harm", ["ALTER TABLE journal DISABLE TRIGGER USER", "DROP TABLE journal", "RESET ROLE; DELETE FROM journal"]
)
def test_a_login_that_is_only_a_member_can_do_no_harm(logins: Logins, harm: str) -> None:
    """Also outside its role such a login cannot take the journal's guards away."""
    Database(logins.owner).migrate()
    admit(logins)
    with (
        closing(Database(logins.worker)) as database,
        pytest.raises(sa.exc.ProgrammingError, match=r"permission denied|must be owner"),
        database.transaction() as tx,
    ):
        tx.execute(sa.text(harm))


@pytest.mark.usefixtures("template")
def test_a_login_without_the_role_is_told_what_it_lacks(logins: Logins) -> None:
    """A worker whom nobody admitted stops with one sentence, not with a table that cannot be read."""
    Database(logins.owner).migrate()
    with closing(Database(logins.worker)) as database, pytest.raises(NotMigrated, match=guards.ROLE):
        database.check()


@pytest.mark.usefixtures("template")
def test_a_login_that_may_not_migrate_is_told_so(logins: Logins) -> None:
    """Where a step is missing and the login does not own the database, the sentence says that the owner must run it."""
    with pytest.raises(NotMigrated, match="may not migrate"):
        Database(logins.worker).migrate()
