"""0001: the whole house: the job engine's tables, ours, and what the database refuses.

Promises:  leads from an empty database to 0001.
Never:     goes back; a backup does.
Fails:     as PostgreSQL says; then nothing has changed.
"""

from __future__ import annotations

from pathlib import Path

import psycopg
from alembic import op

from storage.migrations import engine

revision = "0001"
down_revision = None


def upgrade() -> None:
    """The engine's schema, then 0001.sql."""
    driver = op.get_bind().connection.driver_connection
    assert isinstance(driver, psycopg.Connection)  # noqa: S101  the only driver there is
    engine.upgrade(driver)
    driver.execute(Path(__file__).with_name("0001.sql").read_bytes())
