"""The sum of the migrations is the schema that the program speaks of, down to triggers and rights."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing

import psycopg
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from procrastinate.schema import SchemaManager
from psycopg import sql

from storage import guards, migrations
from storage.database import Database, NotMigrated
from storage.migrations import engine, first
from storage.schema import metadata

# One row per thing a database holds, told so that the same thing gives the same row in every database.
CATALOG = {
    "columns": """
        SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
               pg_get_expr(d.adbin, d.adrelid)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped""",
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'""",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": """
        SELECT tgrelid::regclass::text, tgname, tgenabled::text, pg_get_triggerdef(oid)
        FROM pg_trigger WHERE NOT tgisinternal""",
    "functions": """
        SELECT proname, pg_get_function_identity_arguments(oid), regexp_replace(prosrc, '\\s+', ' ', 'g')
        FROM pg_proc WHERE pronamespace = 'public'::regnamespace""",
    "rights": """
        SELECT c.relname, g.grantee::regrole::text, g.privilege_type
        FROM pg_class c, aclexplode(c.relacl) g
        WHERE c.relnamespace = 'public'::regnamespace AND g.grantee <> c.relowner""",
    "sequences": "SELECT sequencename, data_type::text FROM pg_sequences WHERE schemaname = 'public'",
    "enums": """
        SELECT t.typname, array_agg(e.enumlabel::text ORDER BY e.enumlabel)
        FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid GROUP BY 1""",
}


def rows(tx: sa.Connection, thing: str) -> list[str]:
    """The catalogue's rows about one kind of thing, as sorted text."""
    return sorted(str(tuple(row)) for row in tx.execute(sa.text(CATALOG[thing].replace(":", "\\:"))))


def check(url: str) -> None:
    """The look that every process takes at its start."""
    with closing(Database(url)) as database:
        database.check()


@pytest.fixture(scope="module")
def by_migrations(database_url: str) -> Iterator[sa.Connection]:
    """A database that took every step."""
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    with engine.connect() as tx:
        yield tx


@pytest.fixture(scope="module")
def by_schema(new_database: Callable[..., str]) -> Iterator[sa.Connection]:
    """A database made at once: the job engine's schema, our tables, what the database refuses."""
    engine = sa.create_engine(new_database(), poolclass=sa.NullPool)
    with engine.begin() as tx:
        driver = tx.connection.driver_connection
        assert driver is not None
        driver.execute(SchemaManager.get_schema())
        metadata.create_all(tx)
        command.ensure_version(migrations.config(tx))
        for statement in guards.statements(metadata.tables):
            driver.execute(statement)
        yield tx


def test_alembic_sees_no_difference(by_migrations: sa.Connection) -> None:
    """After all steps autogenerate has nothing to add, remove or change."""
    context = MigrationContext.configure(
        by_migrations,
        opts={
            "compare_server_default": True,
            "include_name": lambda name, kind, _: kind != "table" or not name.startswith("procrastinate_"),
        },
    )
    assert compare_metadata(context, metadata) == []


@pytest.mark.parametrize("thing", CATALOG)
def test_the_catalogue_sees_no_difference(
    by_migrations: sa.Connection,
    by_schema: sa.Connection,
    thing: str,
) -> None:
    """Both ways to a database lead to the same tables, triggers, functions and rights."""
    expected = rows(by_schema, thing)
    assert expected
    assert rows(by_migrations, thing) == expected


@pytest.mark.parametrize("left", [0, 1, 3])
def test_an_older_engine_is_brought_up_to_date(
    by_schema: sa.Connection,
    new_database: Callable[..., str],
    left: int,
) -> None:
    """A database made with an earlier job engine gets the steps that it lacks, and equals a new one."""
    owner = sa.create_engine(new_database(), poolclass=sa.NullPool)
    taken = engine.steps()[: len(engine.steps()) - left]
    with owner.begin() as tx:
        driver = tx.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        for step in taken:
            driver.execute(step.read_bytes())
        driver.execute(sql.SQL("COMMENT ON TABLE procrastinate_jobs IS {}").format(taken[-1].stem))
        for _ in range(2):
            engine.upgrade(driver)
        expected = [row for row in rows(by_schema, "functions") if "procrastinate" in row]
        assert expected
        assert rows(tx, "functions") == expected


def test_the_program_knows_its_last_step() -> None:
    """The number the program checks at start is the number of the last step."""
    assert ScriptDirectory.from_config(migrations.config()).get_current_head() == migrations.HEAD


def test_the_first_step_is_written_from_the_tables() -> None:
    """Until a version is released the first step is today's schema: ``python -m storage.migrations.first``."""
    assert first.STEP.read_text() == first.written()


def test_migrating_twice_changes_nothing(by_migrations: sa.Connection, database_url: str) -> None:
    """Every process may migrate at its start."""
    before = {thing: rows(by_migrations, thing) for thing in CATALOG}
    Database(database_url).migrate()
    assert {thing: rows(by_migrations, thing) for thing in CATALOG} == before


def test_an_empty_database_is_named_as_such(new_database: Callable[..., str]) -> None:
    """A start on a database without a schema ends with one plain sentence, not with a missing table."""
    with pytest.raises(NotMigrated, match=r"no schema|schema none"):
        check(new_database())


def test_another_programs_schema_is_refused(new_database: Callable[..., str], template: str) -> None:
    """An older or newer schema stops the start, and the sentence names both."""
    url = new_database(template)
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as tx:
        tx.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NotMigrated, match=f"9999.*{migrations.HEAD}"):
        check(url)
