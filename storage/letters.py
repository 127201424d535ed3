"""Letters on their way out: claimed for an attempt, with all that is needed to write them.

Promises:  a claimed letter is locked until the caller's commit and comes with its document, its fellow recipients and
           the frame that was posted before, if any; a letter somebody else is claiming right now is passed over.
Never:     moves a letter; events do, through the register.
Fails:     as the database does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from mailmap.document.document import Standing
from mailmap.policy.lifecycle import HANDLING, TRANSPORT, Handling, Transport
from storage.schema import deliveries, documents, entries, letters, mails, posted

# A letter found while sending belongs to an attempt that died: nobody else holds its row.
_SENDABLE = [state.value for state, known in TRANSPORT.items() if "LetterTried" in known]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of ``letters``; ``attempts`` are those that began, ``told_at`` when the last of them ended."""

    id: int
    document: int | None
    delivery: int | None
    kind: str
    unit: str
    to: str
    spec: Mapping[str, Any]
    transport: str
    attempts: int
    queued_at: datetime
    expires_at: datetime
    told_at: datetime | None


@dataclass(frozen=True, slots=True)
class Matter:
    """A document as letters speak of it; ``sheet`` None once purged, ``units`` are its recipients in order.

    ``sender`` is the reverse path of the mail it came with (None: null), ``blob`` where that mail's octets lie,
    ``vouched`` are the deliveries whose receiver confirmed it.
    """

    id: int
    code: str
    origin: str
    received_at: datetime
    urgency: str
    standing: str
    sheet: Mapping[str, Any] | None
    sender: str | None
    blob: str | None
    units: tuple[str, ...]
    vouched: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Posted:
    """What was posted for a letter: its Message-ID, the frame of its octets, and how many octets they are."""

    letter: int
    message_id: str
    frame: bytes
    size: int


@dataclass(frozen=True, slots=True)
class Unsent:
    """A delivery for which no letter was ever written; its place in the unit's book, if it has one."""

    document: int
    delivery: int
    unit: str
    handling: str
    number: int | None
    year: int | None

    @property
    def taken(self) -> bool:
        """Whether the unit has accepted it all the same (by itself)."""
        return "DeliveryAccepted" not in HANDLING[Handling(self.handling)]


_MATTERS = sa.select(
    documents.c.id,
    documents.c.code,
    documents.c.origin,
    documents.c.received_at,
    documents.c.urgency,
    documents.c.standing,
    documents.c.sheet,
    mails.c.envelope["sender"].astext.label("sender"),
    mails.c.blob,
).select_from(documents.outerjoin(mails, mails.c.spool_id == documents.c.mail))
_COLUMNS = [letters.c[name] for name in Row.__slots__]


def claim(tx: Connection, ids: Sequence[int]) -> list[Row]:
    """Those of these letters that may be tried now, locked, in order of id."""
    wanted = sa.and_(letters.c.id.in_(ids), letters.c.transport.in_(_SENDABLE))
    query = sa.select(*_COLUMNS).where(wanted).order_by(letters.c.id).with_for_update(skip_locked=True)
    return [Row(*row) for row in tx.execute(query)]


def current(tx: Connection, ids: Sequence[int]) -> dict[int, Row]:
    """These letters as they are now, locked."""
    query = sa.select(*_COLUMNS).where(letters.c.id.in_(ids)).order_by(letters.c.id).with_for_update()
    return {row.id: Row(*row) for row in tx.execute(query)}


def died(row: Row) -> bool:
    """Whether an attempt at this letter began and never told how it ended."""
    return Transport(row.transport) is Transport.SENDING


def matters(tx: Connection, ids: Sequence[int]) -> dict[int, Matter]:
    """What letters may say of these documents."""
    units: dict[int, list[str]] = defaultdict(list)
    vouched: dict[int, list[int]] = defaultdict(list)
    columns = (deliveries.c[name] for name in ("document", "id", "unit", "standing"))
    addressed = sa.select(*columns).where(deliveries.c.document.in_(ids))
    for document, delivery, unit, standing in tx.execute(addressed.order_by(deliveries.c.id)):
        units[document].append(unit)
        vouched[document] += [delivery] if standing == Standing.CONFIRMED else []
    rows = tx.execute(_MATTERS.where(documents.c.id.in_(ids))).mappings()
    return {row["id"]: Matter(**row, units=tuple(units[row["id"]]), vouched=tuple(vouched[row["id"]])) for row in rows}


def unsent(tx: Connection, units: Sequence[str]) -> list[Unsent]:
    """What these units should have been sent; documents that were purged are left out."""
    columns = (
        *(deliveries.c[name] for name in ("document", "id", "unit", "handling")),
        entries.c.number,
        entries.c.year,
    )
    whole = (
        deliveries.join(documents, documents.c.id == deliveries.c.document)
        .outerjoin(letters, letters.c.delivery == deliveries.c.id)
        .outerjoin(entries, entries.c.delivery == deliveries.c.id)
    )
    mute = sa.and_(deliveries.c.unit.in_(units), letters.c.id.is_(None), documents.c.purged.is_(None))
    rows = tx.execute(sa.select(*columns).select_from(whole).where(mute).order_by(deliveries.c.id))
    return [Unsent(*row) for row in rows]


def posted_before(tx: Connection, ids: Sequence[int]) -> dict[int, Posted]:
    """What was already posted for these letters."""
    query = sa.select(*(posted.c[name] for name in Posted.__slots__)).where(posted.c.letter.in_(ids))
    return {row.letter: Posted(*row) for row in tx.execute(query)}


def forget(tx: Connection, document: int) -> None:
    """Let go of what was posted about a document; whoever purges it calls this too."""
    about = sa.select(letters.c.id).where(letters.c.document == document)
    tx.execute(posted.delete().where(posted.c.letter.in_(about)))


def forget_these(tx: Connection, ids: Sequence[int]) -> None:
    """Let go of what was posted for these letters."""
    tx.execute(posted.delete().where(posted.c.letter.in_(ids)))


def post(tx: Connection, frames: Sequence[Posted]) -> None:
    """Note what is about to leave; what was noted before stays."""
    if frames:
        rows = [{name: getattr(each, name) for name in Posted.__slots__} for each in frames]
        tx.execute(insert(posted).on_conflict_do_nothing(), rows)
