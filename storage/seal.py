"""The sealer: chains committed journal rows, in batches, one sealer at a time.

Promises:  every committed row gets exactly one place in the chain; a letter that waits for its seal is handed over
           in the same transaction as the seal; ``verify`` walks the chain and names the first place where it does
           not hold.
Never:     holds up a writer: rows not yet committed are chained in a later round.
Fails:     nothing half done: a seal and the letters it frees commit together.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import directory_history
from storage.schema import seals

BATCH = 2000
GENESIS = b"\0" * 32
_LOCK = 0x5EA1

_LAST = sa.select(seals.c.position, seals.c.chain).order_by(seals.c.position.desc()).limit(1)

_COLUMNS = "j.seq, j.stream, j.version, j.kind, j.at, j.actor, j.body, j.document, j.secret"

_TAKE = sa.text(
    "WITH taken AS (DELETE FROM unsealed WHERE seq IN"  # noqa: S608 the columns are ours
    " (SELECT seq FROM unsealed ORDER BY seq LIMIT :most) RETURNING seq)"
    f" SELECT {_COLUMNS} FROM journal j JOIN taken ON taken.seq = j.seq ORDER BY j.seq"
)
_WALK = sa.text(
    f"SELECT s.position, s.chain, {_COLUMNS} FROM seals s LEFT JOIN journal j ON j.seq = s.seq"  # noqa: S608 ours too
    " WHERE s.position > :after ORDER BY s.position LIMIT :most"
)
_FREED = sa.text("DELETE FROM awaiting_seal WHERE seq = ANY(CAST(:seqs AS bigint[])) RETURNING letter")
_MISSED = sa.text(
    "SELECT min(j.seq) FROM journal j LEFT JOIN seals s ON s.seq = j.seq LEFT JOIN unsealed u ON u.seq = j.seq"
    " WHERE s.seq IS NULL AND u.seq IS NULL"
)


@dataclass(frozen=True, slots=True)
class Sealed:
    """One round: how many rows were chained, and which letters now may go."""

    rows: int
    letters: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a walk of the chain found: rows that hold, and the first that does not ('' when all hold)."""

    rows: int
    broken_at: int | None
    why: str

    @property
    def holds(self) -> bool:
        """Whether the whole chain holds."""
        return self.broken_at is None


def seal(tx: Connection, at: datetime) -> Sealed:
    """Chain the committed rows that have no seal yet; nothing when another sealer is at work."""
    if not tx.execute(sa.select(sa.func.pg_try_advisory_xact_lock(_LOCK))).scalar_one():
        return Sealed(0, ())
    rows = tx.execute(_TAKE, {"most": BATCH}).all()
    if not rows:
        return Sealed(0, ())
    last = tx.execute(_LAST).one_or_none()
    position, chain = last or (0, GENESIS)
    tx.execute(seals.insert(), list(_links(rows, position, bytes(chain), at)))
    freed = tx.execute(_FREED, {"seqs": [row.seq for row in rows]}).scalars()
    return Sealed(len(rows), tuple(sorted(freed)))


def verify(tx: Connection) -> Verdict:
    """Walk the whole chain: every link, that no row was left out of it, and what it says of the directory's changes.

    For those ``broken_at`` is the number of the change.
    """
    position, chain = 0, GENESIS
    while rows := tx.execute(_WALK, {"after": position, "most": BATCH}).all():
        for row in rows:
            why = _fault(row, position + 1, chain)
            if why:
                return Verdict(position, row.position, why)
            position, chain = row.position, bytes(row.chain)
    missed = tx.execute(_MISSED).scalar()
    if missed is not None:
        return Verdict(position, missed, "unsealed-row")
    fault = directory_history.fault(tx)
    if fault is not None:
        return Verdict(position, *fault)
    return Verdict(position, None, "")


def _links(rows: Sequence[Any], position: int, chain: bytes, at: datetime) -> Iterator[dict[str, Any]]:
    for row in rows:
        position += 1
        chain = _link(chain, row)
        yield {"position": position, "seq": row.seq, "chain": chain, "sealed_at": at}


def _fault(row: Any, position: int, chain: bytes) -> str:
    if row.seq is None:
        return "missing-row"
    if row.position != position:
        return "missing-seal"
    return "" if _link(chain, row) == bytes(row.chain) else "changed-row"


def _link(chain: bytes, row: Any) -> bytes:
    """SHA-256 over the previous link and the row's canonical form; the secret enters by its digest."""
    secret = None if row.secret is None else hashlib.sha256(row.secret).hexdigest()
    at = row.at.timestamp()
    facts = [row.seq, row.stream, row.version, row.kind, f"{at:.6f}", row.actor, row.body, row.document, secret]
    canonical = json.dumps(facts, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(chain + canonical.encode()).digest()
