"""What alembic runs for every command: it takes our connection and our tables.

Promises:  steps run on the connection given in the settings, inside its transaction.
Never:     opens a connection, reads an ini file, or commits.
Fails:     KeyError when it is started other than through ``storage.migrations``.
"""

from __future__ import annotations

from alembic import context

from storage.schema import metadata


def _ours(name: str | None, kind: str, _: object) -> bool:
    """The job engine keeps tables of its own in the same schema; they are not ours to compare."""
    return not (kind == "table" and name and name.startswith("procrastinate_"))


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    include_name=_ours,
    compare_type=True,
    compare_server_default=True,
)
context.run_migrations()
