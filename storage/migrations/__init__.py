"""The way from any earlier schema to today's, one numbered step after the other.

Promises:  ``upgrade`` brings a database to HEAD in one transaction: all of it or nothing.
Never:     edits a step that was once released; a change is a new step. Steps use nothing from storage/schema.py,
           because a step is history and the schema is today.
Fails:     whatever PostgreSQL says, as sqlalchemy.exc.DBAPIError; then the database is as it was.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

HEAD = "0001"
"""The schema this program works with; a test compares it with the last step."""

# Any number will do, as long as nobody else takes it: it keeps two processes from migrating at once.
_LOCK = 0x6C69656E


def upgrade(tx: sa.Connection) -> None:
    """Take every missing step inside the caller's transaction; a second caller waits for the first."""
    tx.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
    command.upgrade(config(tx), "head")


def config(tx: sa.Connection | None = None) -> Config:
    """Alembic's settings for this folder; with a connection, steps run on it."""
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    settings.attributes["connection"] = tx
    return settings
