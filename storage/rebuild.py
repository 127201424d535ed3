"""The register once more, from the journal alone.

Promises:  ``compare`` replays every event into empty copies of the register's tables and lists each row that
           differs from the living ones; ``rebuild`` puts the replayed tables in the living ones' place.
Never:     changes a living table in ``compare``; keeps its copies after the transaction.
Fails:     IllegalTransition when the journal itself does not fit together: the caller's transaction is void.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import journal
from storage.journal import BATCH, Vault
from storage.projection import project

TABLES = ("documents", "deliveries", "letters", "entries", "books")


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that stands only in the living register ('extra') or only in the replayed one ('missing')."""

    table: str
    kind: str
    row: str


def compare(tx: Connection, vault: Vault, tell: Callable[[int], None], *, most: int = 50) -> list[Difference]:
    """Replay into temporary tables and compare row by row; at most ``most`` differences a table."""
    _replay(tx, vault, tell)
    found: list[Difference] = []
    for table in TABLES:
        found += _differences(tx, table, "extra", f"public.{table}", f"pg_temp.{table}", most)
        found += _differences(tx, table, "missing", f"pg_temp.{table}", f"public.{table}", most)
    _drop(tx)
    return found


def rebuild(tx: Connection, vault: Vault, tell: Callable[[int], None]) -> int:
    """Replace the register's rows by the replayed ones; how many events were replayed."""
    replayed = _replay(tx, vault, tell)
    for table in TABLES:
        tx.execute(sa.text(f"DELETE FROM public.{table}"))  # noqa: S608 the names are ours
        tx.execute(sa.text(f"INSERT INTO public.{table} SELECT * FROM pg_temp.{table}"))  # noqa: S608 the same
    _drop(tx)
    return replayed


def _replay(tx: Connection, vault: Vault, tell: Callable[[int], None]) -> int:
    """Temporary tables come before the living ones in the search path, so ``project`` writes into them."""
    tx.execute(sa.text("LOCK TABLE public.streams IN SHARE MODE"))  # no event may come in while we compare
    for table in TABLES:
        tx.execute(sa.text(f"CREATE TEMPORARY TABLE {table} (LIKE public.{table} INCLUDING ALL)"))
    waiting, replayed = [], 0
    for row in journal.read(tx, vault):
        waiting.append(row.event)
        if len(waiting) == BATCH:
            project(tx, waiting)
            replayed += len(waiting)
            tell(replayed)
            waiting = []
    project(tx, waiting)
    tell(replayed + len(waiting))
    return replayed + len(waiting)


def _differences(tx: Connection, table: str, kind: str, left: str, right: str, most: int) -> list[Difference]:
    rows = f"SELECT * FROM {left} EXCEPT ALL SELECT * FROM {right}"  # noqa: S608 the names are ours
    query = f"SELECT CAST(l AS text) FROM ({rows}) l LIMIT :most"  # noqa: S608 the same
    return [Difference(table, kind, str(row)) for row in tx.execute(sa.text(query), {"most": most}).scalars()]


def _drop(tx: Connection) -> None:
    for table in TABLES:
        tx.execute(sa.text(f"DROP TABLE pg_temp.{table}"))
