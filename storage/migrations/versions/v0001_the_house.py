"""0001: the whole house: the job engine's tables, ours, and what the database refuses.

Promises:  leads from an empty database to 0001.
Never:     goes back; a backup does.
Fails:     as PostgreSQL says; then nothing has changed.
"""

from __future__ import annotations

from pathlib import Path

import psycopg
from alembic import op
from procrastinate.schema import SchemaManager

revision = "0001"
down_revision = None

# The engine ships its own history. Taking it step by step up to a named one keeps this step the same for ever, also
# when a later engine brings a newer schema; that will be a step of ours.
ENGINE_UP_TO = "03.04.00_50"


def upgrade() -> None:
    """Run the engine's steps, then 0001.sql."""
    steps = sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    for step in [s for s in steps if s.name[: len(ENGINE_UP_TO)] <= ENGINE_UP_TO]:
        _run(step)
    _run(Path(__file__).with_name("0001.sql"))


def _run(step: Path) -> None:
    # The driver's own connection takes many statements at once, and no % in them is a placeholder.
    driver = op.get_bind().connection.driver_connection
    assert isinstance(driver, psycopg.Connection)  # noqa: S101  the only driver there is
    driver.execute(step.read_bytes())
