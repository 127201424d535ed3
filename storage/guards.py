"""What the database itself refuses, whoever asks: who may do what with which table, and what is never changed.

Promises:  ``statements`` is everything a database holds beyond the tables of storage/schema.py; on top of
           ``metadata.create_all`` it equals the sum of the migrations (a test compares them in pg_catalog).
Never:     runs a statement; migrations do, with words of their own, because a migration is history.
Fails:     nothing here can fail. A refused statement fails in PostgreSQL: 42501 (no right) or 23001 (append-only).
"""

from __future__ import annotations

from collections.abc import Iterable

ROLE = "lienthong_app"
"""Every connection of the application acts as this role; it owns nothing."""

APPEND_ONLY = ("journal", "seals", "directory_changes")
"""Tables whose rows are never changed or removed, not by the owner either: a trigger refuses."""

RIGHTS = {
    "journal": "SELECT, INSERT",
    "seals": "SELECT, INSERT",
    "directory_changes": "SELECT, INSERT",
    "document_keys": "SELECT, INSERT, UPDATE",  # purging writes null over the key; the row stays
    "locked": "SELECT, INSERT, UPDATE",  # the same
}
"""What ROLE may do with these tables; with every other table it may SELECT, INSERT, UPDATE and DELETE."""

# Roles belong to the whole server, so another database may have made it, even at this moment. A superuser may take any
# role; whoever else migrates must be a member, and may be one already by the administrator's hand.
_MAKE_ROLE = f"""
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN
        CREATE ROLE {ROLE} NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    RAISE NOTICE 'role {ROLE} is there already';
END
$$
"""

_JOIN_ROLE = f"""
DO $$
BEGIN
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = CURRENT_USER) THEN
        GRANT {ROLE} TO CURRENT_USER;
    END IF;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE NOTICE 'role {ROLE} must be granted to % by an administrator', CURRENT_USER;
END
$$
"""  # noqa: S608  nothing in it comes from outside

_REFUSE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END
$$
"""


def statements(tables: Iterable[str]) -> tuple[str, ...]:
    """The statements for these tables, the job engine's and alembic's, which must all exist; in order."""
    triggers = (line for table in APPEND_ONLY for line in _append_only(table))
    grants = (f"GRANT {_rights(table)} ON {table} TO {ROLE}" for table in tables)
    return (_MAKE_ROLE, _JOIN_ROLE, _REFUSE, *triggers, *grants, *_BESIDE)


def _append_only(table: str) -> tuple[str, str]:
    trigger = f"{table}_append_only"
    return (
        f"CREATE TRIGGER {trigger} BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} EXECUTE FUNCTION refuse_change()",
        # Also in a session that pretends to be a replica, where ordinary triggers are silent.
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}",
    )


def _rights(table: str) -> str:
    return RIGHTS.get(table, "SELECT, INSERT, UPDATE, DELETE")


_BESIDE = (
    *(
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON procrastinate_{name} TO {ROLE}"
        for name in ("jobs", "events", "workers", "periodic_defers")
    ),
    *(
        f"GRANT USAGE ON SEQUENCE procrastinate_{name}_id_seq TO {ROLE}"
        for name in ("jobs", "events", "periodic_defers")
    ),
    f"GRANT USAGE ON SEQUENCE ids TO {ROLE}",
    f"GRANT SELECT ON alembic_version TO {ROLE}",
)
