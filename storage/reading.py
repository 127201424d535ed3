"""What people ask of the register: one document's whole story, lists of documents, mails by outcome, the pen.

Promises:  plain frozen rows, newest first where a list is long; every accepted mail can be found by its outcome.
Never:     writes, locks, or opens the octets of a mail.
Fails:     UnknownCode for a tracking code nobody gave.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from mailmap.directory.answers import Sentence
from storage.incoming import sentence_of
from storage.schema import deliveries, documents, entries, journal, letters, mails


class UnknownCode(LookupError):
    """No document has that tracking code."""


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One line of the document list; ``state`` is a value of Life, ``replaces`` the code of the document replaced."""

    id: int
    code: str
    origin: str
    symbol: str
    issued: str
    kind: str
    subject: str
    received_at: datetime
    standing: str
    purged: str | None
    state: str
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One recipient unit: what it has done (01–06), its number in its book, and how its letter travelled."""

    id: int
    unit: str
    channel: str
    handling: str
    handled_at: datetime | None
    words: str
    take_back: str
    standing: str
    number: int | None
    year: int | None


@dataclass(frozen=True, slots=True)
class LetterRow:
    """One mail of ours about a document: where it goes and how far it came."""

    id: int
    kind: str
    unit: str
    to: str
    transport: str
    attempts: int
    queued_at: datetime
    told_at: datetime | None
    status: str
    peer: str


@dataclass(frozen=True, slots=True)
class Tracked:
    """One document with its recipients and letters."""

    document: DocumentRow
    deliveries: tuple[DeliveryRow, ...]
    letters: tuple[LetterRow, ...]


@dataclass(frozen=True, slots=True)
class MailRow:
    """One accepted mail and how it ended; ``outcome`` None while it waits."""

    spool_id: str
    received_at: datetime
    sender: str | None
    size: int
    attempts: int
    outcome: str | None
    rule: str | None
    sentence: Sentence | None
    code: str | None


_REPLACED = documents.alias("replaced")
_DOCUMENT = (
    *(documents.c[name] for name in ("id", "code", "origin", "symbol", "issued", "kind", "subject", "received_at")),
    *(documents.c[name] for name in ("standing", "purged", "state")),
    sa.select(_REPLACED.c.code).where(_REPLACED.c.id == documents.c.replaces).scalar_subquery().label("replaces"),
)
_LETTER = tuple(
    letters.c[name]
    for name in ("id", "kind", "unit", "to", "transport", "attempts", "queued_at", "told_at", "status", "peer")
)
_DELIVERY = (
    *(deliveries.c[name] for name in ("id", "unit", "channel", "handling", "handled_at", "words")),
    *(deliveries.c[name] for name in ("take_back", "standing")),
    entries.c.number,
    entries.c.year,
)
_MAIL = (
    *(mails.c[name] for name in ("spool_id", "received_at", "sender", "size", "attempts", "outcome", "rule")),
    mails.c.sentence,
    documents.c.code,
)


def track(tx: Connection, code: str) -> Tracked:
    """The whole story of one document by its tracking code."""
    row = tx.execute(sa.select(*_DOCUMENT).where(documents.c.code == code)).one_or_none()
    if row is None:
        raise UnknownCode(code)
    reached = sa.select(*_DELIVERY).select_from(deliveries.outerjoin(entries, entries.c.delivery == deliveries.c.id))
    sent = sa.select(*_LETTER).where(letters.c.document == row.id).order_by(letters.c.id)
    where = deliveries.c.document == row.id
    rows = tx.execute(reached.where(where).order_by(deliveries.c.id)).all()
    return Tracked(
        DocumentRow(*row), tuple(DeliveryRow(*r) for r in rows), tuple(LetterRow(*r) for r in tx.execute(sent).all())
    )


def listed(tx: Connection, *, unit: str | None = None, most: int = 50) -> list[DocumentRow]:
    """The newest documents, of one sending unit or of all."""
    query = sa.select(*_DOCUMENT).order_by(documents.c.id.desc()).limit(most)
    if unit is not None:
        query = query.where(documents.c.origin == unit)
    return [DocumentRow(*row) for row in tx.execute(query).all()]


def ended(tx: Connection, *, outcome: str | None = None, most: int = 50) -> list[MailRow]:
    """The newest accepted mails, with one outcome ('waiting' for none yet) or with any."""
    query = sa.select(*_MAIL).select_from(mails.outerjoin(documents, documents.c.id == mails.c.document))
    query = query.order_by(mails.c.id.desc()).limit(most)
    if outcome is not None:
        query = query.where(mails.c.outcome.is_(None) if outcome == "waiting" else mails.c.outcome == outcome)
    return [_mail(row) for row in tx.execute(query).all()]


def tally(tx: Connection) -> dict[str, int]:
    """How many accepted mails ended in each outcome; 'waiting' for those without one yet."""
    query = sa.select(sa.func.coalesce(mails.c.outcome, "waiting"), sa.func.count()).group_by(sa.text("1"))
    return {row[0]: row[1] for row in tx.execute(query).all()}


def entries_of(tx: Connection, unit: str, direction: str, year: int) -> list[tuple[int, str, str, str]]:
    """One book: number, suffix, notation and tracking code of each entry, in order."""
    query = (
        sa.select(entries.c.number, entries.c.suffix, entries.c.notation, documents.c.code)
        .join(documents, documents.c.id == entries.c.document)
        .where(entries.c.unit == unit, entries.c.direction == direction, entries.c.year == year)
        .order_by(entries.c.number, entries.c.suffix)
    )
    return [(row[0], row[1], row[2], row[3]) for row in tx.execute(query).all()]


def _mail(row: Any) -> MailRow:
    head = (row.spool_id, row.received_at, row.sender, row.size, row.attempts, row.outcome, row.rule)
    return MailRow(*head, sentence_of(row.sentence), row.code)


def taken_out(tx: Connection, spool_id: str) -> list[tuple[datetime, str]]:
    """When a mail under lock was taken out, and by whom, oldest first."""
    ours = sa.and_(journal.c.stream == f"mail/{spool_id}", journal.c.kind == "MailHandedOver")
    query = sa.select(journal.c.at, journal.c.actor).where(ours).order_by(journal.c.seq)
    return [(row.at, row.actor) for row in tx.execute(query)]
