"""One place begins and commits, the database refuses what the journal forbids, and errors say what they ask for."""

from __future__ import annotations

import threading
from contextlib import closing

import pytest
import sqlalchemy as sa
from psycopg.conninfo import conninfo_to_dict

from storage import guards
from storage.database import Conflict, Database, DatabaseDown
from storage.schema import journal, seals, streams
from storage.trouble import Temporary

ROW = {
    "stream": "document-1",
    "version": 1,
    "kind": "DocumentRegistered",
    "at": "2026-01-05T08:00:00+00:00",
    "actor": "gateway",
    "body": {},
}
CHANGES = (
    "UPDATE journal SET actor = 'somebody'",
    "DELETE FROM journal",
    "TRUNCATE journal",
    "TRUNCATE journal CASCADE",
    "UPDATE seals SET chain = ''",
    "DELETE FROM seals",
    "TRUNCATE seals",
)


@pytest.fixture
def row(database: Database) -> int:
    """One row in the journal; its seq."""
    with database.transaction() as tx:
        seq: int = tx.execute(journal.insert().values(ROW).returning(journal.c.seq)).scalar_one()
    return seq


@pytest.fixture(autouse=True)
def _empty(database_url: str) -> None:
    """Start each test with an empty journal: as superuser, with the triggers off."""
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    with engine.begin() as tx:
        for table in ("journal", "seals"):
            tx.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            tx.execute(sa.text(f"DELETE FROM {table}"))  # noqa: S608  our own words
            tx.execute(sa.text(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_append_only"))


def test_the_end_of_the_block_commits(database: Database) -> None:
    """What a block did is there for everybody once it has ended."""
    with database.transaction() as tx:
        tx.execute(streams.insert().values(stream="kept", version=1))
    with database.transaction() as tx:
        assert tx.execute(sa.select(streams.c.version).where(streams.c.stream == "kept")).scalar_one() == 1


def test_an_exception_in_the_block_rolls_back(database: Database) -> None:
    """What a block did before it raised has never happened, and the exception comes out as it was."""
    with pytest.raises(ZeroDivisionError), database.transaction() as tx:
        tx.execute(streams.insert().values(stream="lost", version=1))
        _ = 1 // 0
    with database.transaction() as tx:
        assert tx.execute(sa.select(streams).where(streams.c.stream == "lost")).all() == []


def test_the_application_acts_as_its_own_role(database: Database) -> None:
    """No connection of the application keeps the rights of the owner."""
    with database.transaction() as tx:
        assert tx.execute(sa.text("SELECT current_user")).scalar_one() == guards.ROLE


@pytest.mark.usefixtures("row")
@pytest.mark.parametrize("change", CHANGES)
def test_the_application_has_no_right_to_change_the_journal(database: Database, change: str) -> None:
    """The application's role may add to journal and seals, and nothing else (42501, insufficient privilege)."""
    with pytest.raises(sa.exc.ProgrammingError, match="permission denied"), database.transaction() as tx:
        tx.execute(sa.text(change))


@pytest.mark.usefixtures("row")
@pytest.mark.parametrize("session", ["origin", "replica"])
@pytest.mark.parametrize("change", CHANGES)
def test_the_owner_cannot_change_the_journal_by_accident(database_url: str, change: str, session: str) -> None:
    """A trigger refuses everybody, also a superuser and also a session that pretends to be a replica."""
    owner = sa.create_engine(database_url, poolclass=sa.NullPool)
    with pytest.raises(sa.exc.IntegrityError, match="append-only"), owner.begin() as tx:
        tx.execute(sa.text(f"SET LOCAL session_replication_role = {session}"))
        tx.execute(sa.text(change))


def test_a_version_of_a_stream_is_written_once(database: Database, row: int) -> None:
    """Two writers of the same stream cannot both write its next version."""
    assert row
    with pytest.raises(sa.exc.IntegrityError), database.transaction() as tx:
        tx.execute(journal.insert().values(ROW))


def test_what_is_written_to_the_journal_can_be_read(database: Database, row: int) -> None:
    """The application reads back what it wrote, and may seal it."""
    with database.transaction() as tx:
        tx.execute(
            seals.insert().values(
                {name: value for name, value in _seal(row).items() if name in seals.c},
            ),
        )
        assert tx.execute(sa.select(journal.c.kind).where(journal.c.seq == row)).scalar_one() == ROW["kind"]


def _seal(row: int) -> dict[str, object]:
    return {"position": 1, "xid": 1, "seq": row, "chain": b"\0" * 32, "sealed_at": ROW["at"]}


def test_a_server_that_is_not_there_is_temporary() -> None:
    """With PostgreSQL away a step fails as DatabaseDown, to be tried again (lesson of receiving: nothing is lost)."""
    with (
        closing(Database("postgresql+psycopg://nobody@/none?host=/nonexistent")) as database,
        pytest.raises(DatabaseDown) as told,
        database.transaction(),
    ):
        pass
    assert isinstance(told.value, Temporary)


def cut(database_url: str, tx: sa.Connection) -> None:
    """The server drops the connection of ``tx``, as it does when it is shut down."""
    pid = tx.execute(sa.text("SELECT pg_backend_pid()")).scalar_one()
    owner = sa.create_engine(database_url, poolclass=sa.NullPool)
    with owner.connect() as other:
        assert other.execute(sa.text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid}).scalar_one()


def test_a_cut_connection_is_temporary_and_the_next_step_works(database: Database, database_url: str) -> None:
    """When the server drops the connection in the middle, that step fails as DatabaseDown and the next one succeeds."""
    with pytest.raises(DatabaseDown), database.transaction() as tx:
        cut(database_url, tx)
        tx.execute(sa.text("SELECT 1"))
    with database.transaction() as tx:
        assert tx.execute(sa.text("SELECT 1")).scalar_one() == 1


def test_a_step_does_not_begin_on_a_connection_that_was_cut(database: Database, database_url: str) -> None:
    """PostgreSQL was restarted while nothing was to do: the next steps do not notice."""
    with database.transaction() as one, database.transaction() as other:
        pids = [tx.execute(sa.text("SELECT pg_backend_pid()")).scalar_one() for tx in (one, other)]
    owner = sa.create_engine(database_url, poolclass=sa.NullPool)
    with owner.connect() as killer:
        for pid in pids:
            assert killer.execute(sa.text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid}).scalar_one()
    with database.transaction() as one, database.transaction() as other:
        assert [tx.execute(sa.text("SELECT 1")).scalar_one() for tx in (one, other)] == [1, 1]


def test_a_deadlock_is_a_conflict(database: Database) -> None:
    """Two steps in each other's way: one goes on, the other fails as Conflict and may be tried again."""
    with database.transaction() as tx:
        tx.execute(streams.insert().values([{"stream": "a", "version": 1}, {"stream": "b", "version": 1}]))
    both = threading.Barrier(2)
    told: list[Exception] = []

    def step(first: str, second: str) -> None:
        try:
            with database.transaction() as tx:
                tx.execute(sa.update(streams).where(streams.c.stream == first).values(version=2))
                both.wait(timeout=10)
                tx.execute(sa.update(streams).where(streams.c.stream == second).values(version=2))
        except Conflict as conflict:
            told.append(conflict)

    threads = [threading.Thread(target=step, args=order) for order in (("a", "b"), ("b", "a"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert len(told) == 1


def test_a_statements_own_fault_is_no_trouble_of_ours(database: Database) -> None:
    """A broken rule stays SQLAlchemy's IntegrityError: trying again would not help."""
    with pytest.raises(sa.exc.IntegrityError), database.transaction() as tx:
        tx.execute(streams.insert().values(stream=None, version=1))


def test_errors_do_not_repeat_what_was_written(database: Database, database_url: str) -> None:
    """The words of an error may go to a log, so they hold no parameter of the statement."""
    secret = {"stream": "Nguyễn Văn A"}
    with pytest.raises(DatabaseDown) as down, database.transaction() as tx:
        cut(database_url, tx)
        tx.execute(sa.text("SELECT :stream"), secret)
    with pytest.raises(sa.exc.ProgrammingError) as wrong, database.transaction() as tx:
        tx.execute(sa.text("SELECT :stream FROM nowhere"), secret)
    assert "Nguyễn" not in f"{down.value}{down.value.__cause__}{wrong.value}"


def test_other_drivers_find_the_same_place() -> None:
    """A connection past SQLAlchemy goes where ours go, whatever the path of the socket and the password hold."""
    where = {"host": "/srv/xã Hải+Phúc/it's", "application_name": "a b"}
    url = sa.URL.create("postgresql", "văn thư", "p@ss +?/&%", database="lienthong", query=where)
    database = Database(url.render_as_string(hide_password=False))
    assert conninfo_to_dict(database.conninfo) == {
        "user": "văn thư",
        "password": "p@ss +?/&%",
        "dbname": "lienthong",
        **where,
    }
