"""``lienthong migrate``: brings the database to this program's schema.

Promises:  may be run again, and by several machines at once; ``serve`` does the same when it starts.
Fails:     exit status 4 when the database is away.
"""

from __future__ import annotations

from gateway.cli.desk import Desk, Exit
from gateway.stores import opened_database
from storage.migrations import HEAD


def migrate(desk: Desk) -> Exit:
    """Migrate, and say to which schema."""
    with opened_database(desk.settings) as database:
        database.migrate()
    desk.answer({"schema": HEAD}, "migrate.done")
    return Exit.OK
