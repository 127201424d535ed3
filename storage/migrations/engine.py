"""The job engine's own tables, brought to what the installed engine needs.

Promises:  an empty database gets the engine's schema; one with an older schema gets the engine's steps that it lacks.
           Which step came last stands in the comment of the engine's main table. Calling twice changes nothing.
Never:     replays the engine's whole history on an empty database: its steps add values to an enum and use them, which
           PostgreSQL before 17 does not allow in one transaction.
Fails:     as PostgreSQL says; the caller's transaction is void.

A step of ours that comes with a newer engine is one call of ``upgrade``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
from procrastinate.schema import SchemaManager
from psycopg import sql

_KNOWN = "SELECT obj_description(to_regclass('procrastinate_jobs'), 'pg_class')"


def upgrade(driver: psycopg.Connection[Any]) -> None:
    """Inside the connection's open transaction."""
    row = driver.execute(_KNOWN).fetchone()
    known = row[0] if row else None
    if known is None:
        driver.execute(SchemaManager.get_schema())
    for step in [step for step in steps() if known is not None and step.stem > known]:
        driver.execute(step.read_bytes())
    driver.execute(sql.SQL("COMMENT ON TABLE procrastinate_jobs IS {}").format(steps()[-1].stem))


def steps() -> list[Path]:
    """The engine's own migrations, the oldest first."""
    return sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))
