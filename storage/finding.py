"""Finds documents for whoever asks: by tracking code, symbol, number, số đến or words of the trích yếu.

Promises:  only documents that one of the given units sent or received, the newest first, never more than asked for.
Never:     finds what was purged by its words; writes; locks.
Fails:     as the database does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from mailmap.document.spelling import tidy, words
from mailmap.policy.looking import Query
from storage.schema import deliveries, documents, entries

RECENT = 2000  # documents whose trích yếu is looked through for words


@dataclass(frozen=True, slots=True)
class Recipient:
    """One delivery of a found document: the unit, its state and since when, its number, its words."""

    delivery: int
    unit: str
    handling: str
    handled_at: datetime | None
    words: str
    take_back: str
    standing: str
    number: int | None
    year: int | None


@dataclass(frozen=True, slots=True)
class Match:
    """One found document with its recipients in their order."""

    id: int
    code: str
    origin: str
    symbol: str
    issued: str
    subject: str
    standing: str
    state: str
    received_at: datetime
    recipients: tuple[Recipient, ...]


def find(tx: Connection, units: Sequence[str], query: Query, most: int) -> list[Match]:
    """What these units sent or received and the query names."""
    reached = sa.select(deliveries.c.document).where(deliveries.c.unit.in_(units))
    ours = sa.or_(documents.c.origin.in_(units), documents.c.id.in_(reached))
    rows = sa.select(documents.c.id, documents.c.subject).where(ours).order_by(documents.c.id.desc())
    named = _named(query, units)
    if named is not None:
        return matches(tx, [row.id for row in tx.execute(rows.where(named).limit(most))])
    if not query.said:
        return []
    wanted = set(query.said)
    recent = tx.execute(rows.where(documents.c.purged.is_(None)).limit(RECENT))
    told = (row.id for row in recent if wanted <= {word.plain for word in words(tidy(row.subject))})
    return matches(tx, [id_ for _, id_ in zip(range(most), told, strict=False)])


def matches(tx: Connection, ids: Sequence[int]) -> list[Match]:
    """These documents, in this order."""
    if not ids:
        return []
    columns = [documents.c[name] for name in Match.__slots__ if name != "recipients"]
    found = {row.id: row for row in tx.execute(sa.select(*columns).where(documents.c.id.in_(ids)))}
    by = _recipients(tx, ids)
    return [_match(found[id_], tuple(by.get(id_, ()))) for id_ in ids if id_ in found]


def _match(row: Sequence[Any], recipients: tuple[Recipient, ...]) -> Match:
    values = dict(zip(Match.__slots__, row, strict=False))
    return Match(**values, recipients=recipients)


def _named(query: Query, units: Sequence[str]) -> sa.ColumnElement[bool] | None:
    """The condition of a query that names one document, or a few; None for words."""
    if query.code:
        return documents.c.code == query.code
    if query.symbol:
        written = str(query.symbol)
        return sa.or_(documents.c.symbol == written, documents.c.symbol.startswith(f"{written}-", autoescape=True))
    if query.number is not None:
        return documents.c.symbol.regexp_match(f"^0*{query.number}[a-z]?(/|-)")
    if query.arrival is None:
        return None
    number, year = query.arrival
    arrived = sa.select(entries.c.document).where(
        entries.c.direction == "in", entries.c.unit.in_(units), entries.c.number == number
    )
    return documents.c.id.in_(arrived if year is None else arrived.where(entries.c.year == year))


def _recipients(tx: Connection, ids: Sequence[int]) -> dict[int, list[Recipient]]:
    names = ("id", "unit", "handling", "handled_at", "words", "take_back", "standing")
    query = (
        sa.select(deliveries.c.document, *(deliveries.c[name] for name in names), entries.c.number, entries.c.year)
        .select_from(deliveries.outerjoin(entries, entries.c.delivery == deliveries.c.id))
        .where(deliveries.c.document.in_(ids))
        .order_by(deliveries.c.id)
    )
    found: dict[int, list[Recipient]] = {}
    row: Any
    for row in tx.execute(query):
        found.setdefault(row.document, []).append(Recipient(*row[1:]))
    return found
