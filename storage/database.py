"""The one way into PostgreSQL: a pool of connections and one place that begins and commits.

Promises:  ``transaction()`` commits when its block ends and rolls back when the block raises; nothing else in this
           program commits. Every connection acts as ``guards.ROLE``, which may add to the journal but never change it.
Never:     tries again by itself, and holds no transaction open between two steps.
Fails:     ``DatabaseDown`` and ``Conflict`` (Temporary) when the server is away or two steps collided; ``NotMigrated``
           (Permanent) when the schema is not this program's; every other error of PostgreSQL as SQLAlchemy gives it.
"""

from __future__ import annotations

import select
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import psycopg
import sqlalchemy as sa

from storage import guards, migrations
from storage.trouble import Permanent, Temporary

# PostgreSQL's words for "not your statement's fault" (appendix A of its manual): connection exception, insufficient
# resources, operator intervention, system error; and a server that became a read-only replica under us.
_DOWN = ("08", "53", "57P", "58", "25006")
# Serialization failure, deadlock, lock not available, cancelled by a time limit.
_CONFLICT = ("40", "55P03", "57014")


class DatabaseDown(Temporary):
    """PostgreSQL cannot be reached or cannot work. What was being committed at that moment may have been committed."""


class Conflict(Temporary):
    """Two transactions stood in each other's way; this one was rolled back."""


class NotMigrated(Permanent):
    """The database has another schema than this program needs; run ``lienthong migrate``."""


class _Cursor(Protocol):
    def execute(self, statement: str) -> object: ...


class _Driver(Protocol):
    """The part of psycopg's connection that we use by hand."""

    def cursor(self) -> _Cursor: ...
    def commit(self) -> None: ...
    def close(self) -> None: ...


class Database:
    """PostgreSQL as this process sees it. Safe to share between threads, not between processes."""

    def __init__(
        self, url: str, *, owner_url: str = "", pool: int = 10, revive: Callable[[], object] | None = None
    ) -> None:
        """``url`` is postgresql://… or postgresql+psycopg://…; at most ``pool`` connections are open at one time.

        ``owner_url`` is the login that owns the tables and migrates them; without it, ``url`` does both. ``revive`` is
        called when no connection can be made, which is then tried once more: a server that is ours to start is
        started. It may raise Temporary.
        """
        self.url = sa.make_url(url).set(drivername="postgresql+psycopg")
        self._owner_url = sa.make_url(owner_url or url).set(drivername="postgresql+psycopg")
        # hide_parameters: an error's text may reach a log, and parameters hold names, addresses and subjects.
        self.engine = sa.create_engine(
            self.url,
            pool_size=pool,
            max_overflow=0,
            pool_timeout=30,
            hide_parameters=True,
        )
        if revive is not None:
            sa.event.listen(self.engine, "do_connect", _reviving(revive))
        sa.event.listen(self.engine, "connect", _act_as_application)
        sa.event.listen(self.engine, "checkout", _not_left_behind)

    @property
    def conninfo(self) -> str:
        """The same place as a libpq URI, for a connection past SQLAlchemy; it must take ``guards.ROLE`` itself."""
        whole = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        place, mark, query = whole.partition("?")
        # SQLAlchemy leaves spaces in names as they are and writes + for those in the query; libpq takes neither.
        return place.replace(" ", "%20") + mark + query.replace("+", "%20")

    @contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """One transaction; committed at the end of the block. The only begin and commit in this program."""
        with _translated(), self.engine.begin() as tx:
            yield tx

    def migrate(self) -> None:
        """Bring the schema to ``migrations.HEAD``, as its owner; may be called by many processes at once.

        With nothing to do any member of ``guards.ROLE`` may call it. NotMigrated when a step needs the owner.
        """
        owner = sa.create_engine(self._owner_url, poolclass=sa.NullPool, hide_parameters=True)
        try:
            with _translated(), owner.begin() as tx:
                migrations.upgrade(tx)
        except sa.exc.ProgrammingError as error:
            if not isinstance(error.orig, psycopg.errors.InsufficientPrivilege):
                raise
            raise NotMigrated(f"this login may not migrate: {first_line(error.orig)}") from error

    def check(self) -> None:
        """NotMigrated unless the schema is the one this program was written for; one sentence says what to do."""
        with self.transaction() as tx:
            found = _version(tx)
        if found != migrations.HEAD:
            raise NotMigrated(f"the database has schema {found or 'none'}, this program needs {migrations.HEAD}")

    def close(self) -> None:
        """Give back every connection; a later transaction opens new ones."""
        self.engine.dispose()


def _version(tx: sa.Connection) -> str | None:
    if not sa.inspect(tx).has_table("alembic_version"):
        return None
    return tx.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def _act_as_application(driver: _Driver, _: object) -> None:
    try:
        driver.cursor().execute(f"SET ROLE {guards.ROLE}")
        driver.commit()
    except psycopg.errors.InvalidParameterValue as error:  # 22023: no such role, hence no step has ever run
        driver.close()
        raise NotMigrated("the database has no schema yet") from error
    except psycopg.errors.InsufficientPrivilege as error:
        driver.close()
        raise NotMigrated(f"the login must be granted the role {guards.ROLE}") from error


def _not_left_behind(driver: psycopg.Connection[Any], *_: object) -> None:
    """An idle connection has nothing to tell us but goodbye: when there is something to read, a new one is made."""
    ear = select.poll()
    ear.register(driver.pgconn.socket, select.POLLIN)
    if ear.poll(0):
        raise sa.exc.InvalidatePoolError


def _reviving(revive: Callable[[], object]) -> Callable[..., object]:
    """How SQLAlchemy is to connect: as it always does, and once more after ``revive``."""

    def connect(dialect: sa.Dialect, _: object, words: list[Any], named: dict[str, Any]) -> object:
        try:
            return dialect.connect(*words, **named)
        except psycopg.OperationalError:
            revive()
            return dialect.connect(*words, **named)

    return connect


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except sa.exc.TimeoutError as error:
        raise DatabaseDown("no connection became free in time") from error
    except sa.exc.DBAPIError as error:
        raise _meaning(error) from error


def _meaning(error: sa.exc.DBAPIError) -> Exception:
    """What the error asks of the caller; the error itself when it is the statement's own fault."""
    cause = error.orig
    if not isinstance(cause, psycopg.Error):
        return error
    state = cause.sqlstate or ""
    if state.startswith(_CONFLICT):
        return Conflict(first_line(cause))
    lost = error.connection_invalidated or (not state and isinstance(cause, psycopg.OperationalError))
    return DatabaseDown(first_line(cause)) if lost or state.startswith(_DOWN) else error


def first_line(error: psycopg.Error) -> str:
    """The server's own words without its details, which may hold what logs must not."""
    return str(error).strip().split("\n", 1)[0]
