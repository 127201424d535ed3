"""The history of the directory: who changed what, when and why; in the tables, and journaled.

Promises:  ``remember`` writes the row of a change and its fact in the journal, which holds the row's digest, in the
           caller's transaction; ``fault`` finds a row that is not what was journaled, was never, or is gone.
           ``history`` tells changes of a unit or an address, newest first.
Never:     changes a row (the database refuses); puts names, addresses or reasons into the journal.
Fails:     NoSuchChange; the database's own exceptions.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from mailmap.document.events import JSON, DirectoryChanged
from storage import journal
from storage.journal import OPEN
from storage.schema import directory_changes
from storage.trouble import Permanent

AT_ONCE = 20  # changes that are compared together; one may hold a whole import
Told = Mapping[str, JSON]
"""One thing that changed: its table, effect and place, what it was before and is after (None: was not, is no more)."""


class NoSuchChange(Permanent):
    """There is no change of the directory with that number."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Who changes the directory, why, and when (UTC)."""

    by: str
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Past:
    """One change of the directory: its number, who made it, why and when, and what it changed."""

    number: int
    signed: Signature
    diff: tuple[Told, ...]


_ABOUT = sa.text(
    'SELECT id, at, "by", why, (SELECT jsonb_agg(one ORDER BY place) FROM jsonb_array_elements(diff)'
    " WITH ORDINALITY AS d(one, place) WHERE EXISTS (SELECT FROM (VALUES (one -> 'after'), (one -> 'before')) AS v(it)"
    " WHERE CASE one ->> 'table' WHEN 'units' THEN it ->> 'id' = :unit"
    " WHEN 'addresses' THEN it ->> 'address' = :address OR it ->> 'unit' = :unit"
    " ELSE it ->> 'unit' = :unit OR it ->> 'successor' = :unit END)) AS diff"
    " FROM directory_changes c WHERE"
    " (jsonb_path_exists(diff, '$[*].*.id ? (@ == $unit)', CAST(:known AS jsonb))"
    " OR jsonb_path_exists(diff, '$[*].*.unit ? (@ == $unit)', CAST(:known AS jsonb))"
    " OR jsonb_path_exists(diff, '$[*].*.successor ? (@ == $unit)', CAST(:known AS jsonb))"
    " OR jsonb_path_exists(diff, '$[*].*.address ? (@ == $address)', CAST(:known AS jsonb)))"
    " ORDER BY id DESC LIMIT :most"
)
_BESIDE = sa.text(
    "SELECT c.id, c.at, c.\"by\", c.why, c.diff, j.body ->> 'digest' AS digest FROM directory_changes c"
    " LEFT JOIN journal j ON j.stream = 'directory' AND CAST(j.body ->> 'change' AS bigint) = c.id"
    " WHERE c.id > :after ORDER BY c.id LIMIT :most"
)
_LOST = sa.text(
    "SELECT min(CAST(j.body ->> 'change' AS bigint)) FROM journal j LEFT JOIN directory_changes c"
    " ON c.id = CAST(j.body ->> 'change' AS bigint) WHERE j.stream = 'directory' AND c.id IS NULL"
)


def remember(tx: Connection, diff: Sequence[Told], signed: Signature) -> int:
    """Write the row of a change and its fact in the journal; the number of the change. True at the caller's commit."""
    row = {"at": signed.at, "by": signed.by, "why": signed.why, "diff": list(diff)}
    number = int(tx.execute(sa.insert(directory_changes).values(row).returning(directory_changes.c.id)).scalar_one())
    counts = Counter(str(one["table"]) for one in diff)
    at = signed.at.astimezone(UTC).isoformat()
    units, addresses, steps = (counts[table] for table in ("units", "addresses", "successions"))
    event = DirectoryChanged(number, at, units, addresses, steps, digest(signed, diff))
    journal.append(tx, OPEN, [event], actor=signed.by, at=signed.at)
    return number


def digest(signed: Signature, diff: Sequence[Told]) -> str:
    """SHA-256 (hexadecimal) of a change's canonical form: time, by whom, why, and the whole diff."""
    facts = [f"{signed.at.timestamp():.6f}", signed.by, signed.why, list(diff)]
    canonical = json.dumps(facts, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def history(tx: Connection, *, unit: str | None = None, address: str | None = None, most: int = 50) -> list[Past]:
    """The newest changes, newest first; with a unit or a (folded) address only what concerns it, also of each diff.

    A unit is concerned by its own rows, its addresses, what became of it, and what it followed.
    """
    if unit is None and address is None:
        newest = sa.select(directory_changes).order_by(directory_changes.c.id.desc()).limit(most)
        return [_past(row) for row in tx.execute(newest)]
    about = {"unit": unit, "address": address}
    return [_past(row) for row in tx.execute(_ABOUT, about | {"known": json.dumps(about), "most": most})]


def change(tx: Connection, number: int) -> Past:
    """One change with its whole diff; NoSuchChange."""
    row = tx.execute(sa.select(directory_changes).where(directory_changes.c.id == number)).one_or_none()
    if row is None:
        raise NoSuchChange(f"there is no change {number}")
    return _past(row)


def fault(tx: Connection) -> tuple[int, str] | None:
    """The first change that does not hold, and why: 'changed-directory', 'untold-change' or 'missing-change'."""
    return next(_faults(tx), None)


def _faults(tx: Connection) -> Iterator[tuple[int, str]]:
    after = 0
    while rows := tx.execute(_BESIDE, {"after": after, "most": AT_ONCE}).all():
        after = rows[-1].id
        for row in rows:
            if row.digest is None:
                yield row.id, "untold-change"
            elif row.digest != digest(Signature(row.by, row.why, row.at), row.diff):
                yield row.id, "changed-directory"
    lost = tx.execute(_LOST).scalar()
    if lost is not None:
        yield lost, "missing-change"


def _past(row: sa.Row[tuple[object, ...]]) -> Past:
    return Past(row.id, Signature(row.by, row.why, row.at), tuple(row.diff or ()))
