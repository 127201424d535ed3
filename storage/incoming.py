"""Accepted mails: claimed, concluded with their one outcome, held and released.

Promises:  ``claim`` counts the attempt before anybody looks at the mail; an outcome is written once; a held mail keeps
           its octets and can be released, but for one that is under lock (``strongroom`` has it).
Never:     reads the mail itself; forgets one.
Fails:     UnknownMail for a spool id nobody accepted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from mailmap.directory.answers import Sentence
from mailmap.mail.envelope import Arrival, Envelope, unpack
from storage.schema import UNDER_LOCK, mails


class UnknownMail(LookupError):
    """No mail with that number was accepted here."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mail without an outcome: where its octets lie, how it came, and the attempt that now begins (1 is first).

    ``released_by`` let it go on, and said that ``released_to`` takes what it sends to units without a successor.
    """

    id: int
    spool_id: str
    blob: str
    size: int
    envelope: Envelope
    arrival: Arrival
    received_at: datetime
    attempt: int
    released_by: str | None
    released_to: str | None = None


@dataclass(frozen=True, slots=True)
class Conclusion:
    """How one mail ended: the columns of its row; ``sender`` and ``digest`` None for one that is under lock."""

    mail: int
    sender: str | None
    digest: str | None
    outcome: str
    rule: str
    sentence: Sentence
    document: int | None


_CLAIM = sa.text(
    "UPDATE mails SET attempts = attempts + 1 WHERE id = ANY(CAST(:ids AS bigint[])) AND outcome IS NULL"
    " RETURNING id, spool_id, blob, size, envelope, received_at, attempts, released_by, released_to"
)
_UNCOUNT = sa.text(
    "UPDATE mails SET attempts = greatest(attempts - 1, 0) WHERE id = ANY(CAST(:ids AS bigint[])) AND outcome IS NULL"
)
_COPIES = sa.text(
    "SELECT m.id, m.digest, m.sender, m.envelope, d.id AS document, d.code"
    " FROM unnest(CAST(:digests AS text[]), CAST(:senders AS text[])) AS w(digest, sender)"
    " JOIN mails m ON m.digest = w.digest AND m.sender = w.sender"
    " AND (m.outcome = ANY(CAST(:settled AS text[])) OR m.document IS NOT NULL)"
    " LEFT JOIN documents d ON d.id = m.document ORDER BY m.id"
)
_REACHED = sa.text(
    "SELECT document, array_agg(unit) AS units FROM deliveries WHERE document = ANY(CAST(:ids AS bigint[]))"
    " GROUP BY document"
)
_LOCK = sa.text("SELECT pg_advisory_xact_lock(k) FROM (SELECT unnest(CAST(:keys AS bigint[])) k ORDER BY 1) keys")
_CONCLUDE = (
    mails.update()
    .where(mails.c.id == sa.bindparam("b_id"), mails.c.outcome.is_(None))
    .values({name: sa.bindparam(f"b_{name}") for name in ("sender", "digest", "outcome", "rule", "sentence")})
    .values(document=sa.bindparam("b_document"), concluded_at=sa.bindparam("b_at"))
)
# Only these make a second copy a duplicate, and what became a document though part of it waits for a person.
SETTLED = ("registered", "reply", "report")


def claim(tx: Connection, ids: Sequence[int]) -> list[Waiting]:
    """The mails of these that still wait, their attempts counted, in order of id."""
    rows = tx.execute(_CLAIM, {"ids": list(ids)}).all()
    return sorted((_waiting(row) for row in rows), key=lambda waiting: waiting.id)


def uncount(tx: Connection, ids: Sequence[int]) -> None:
    """Take back the attempt that ``claim`` counted for those of these mails that still wait."""
    tx.execute(_UNCOUNT, {"ids": list(ids)})


def lock(tx: Connection, keys: Sequence[int]) -> None:
    """Hold these 64-bit keys until the commit, so that two copies of one mail are judged one after the other."""
    tx.execute(_LOCK, {"keys": sorted(set(keys))}).all()


def unfinished(tx: Connection, ids: Sequence[int]) -> set[int]:
    """Those of these mails that still have no outcome, locked until the commit."""
    waits = sa.and_(mails.c.id.in_(ids), mails.c.outcome.is_(None))
    return set(tx.execute(sa.select(mails.c.id).where(waits).order_by(mails.c.id).with_for_update()).scalars())


@dataclass(frozen=True, slots=True)
class Copies:
    """Mails with one content from one sender that came to something: the first, its document, and whom all reached."""

    first: int
    document: int | None
    code: str
    units: frozenset[str]
    recipients: tuple[str, ...]


def copies(tx: Connection, wanted: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Copies]:
    """By (digest, sender): what came before with the same content from the same sender, where anything did."""
    arrays = {"digests": [digest for digest, _ in wanted], "senders": [sender for _, sender in wanted]}
    found: dict[tuple[str, str], list[Any]] = {}
    for row in tx.execute(_COPIES, arrays | {"settled": list(SETTLED)}):
        found.setdefault((row.digest, row.sender), []).append(row)
    documents_ = [rows[0].document for rows in found.values() if rows[0].document is not None]
    reached = {row.document: row.units for row in tx.execute(_REACHED, {"ids": documents_})} if documents_ else {}
    return {key: _copies(rows, reached.get(rows[0].document, ())) for key, rows in found.items()}


def _copies(rows: Sequence[Any], units: Sequence[str]) -> Copies:
    first = rows[0]
    recipients = tuple(path[0] for row in rows for path in row.envelope["recipients"])
    return Copies(first.id, first.document, first.code or "", frozenset(units), recipients)


def conclude(tx: Connection, ends: Sequence[Conclusion], at: datetime) -> None:
    """Write each mail's one outcome."""
    if ends:
        tx.execute(_CONCLUDE, [_columns(end) | {"b_at": at} for end in ends])


def release(tx: Connection, spool_id: str, by: str | None, to: str | None = None) -> int:
    """Let a mail that waits for a person be judged again; its id.

    ``by`` stands for a held mail's proof, unless it is None; a dead letter is as well proven as it was. The unit ``to``
    takes what the mail sends to units without a successor.
    """
    vouched = sa.case((mails.c.outcome == "held", by), else_=mails.c.released_by)
    fresh = {"outcome": None, "rule": None, "sentence": None, "concluded_at": None, "attempts": 0}
    again = (
        mails.update().where(_waits_for_a_person(spool_id)).values(fresh | {"released_by": vouched, "released_to": to})
    )
    row = tx.execute(again.returning(mails.c.id)).one_or_none()
    if row is None:
        raise UnknownMail(spool_id)
    return int(row.id)


def refuse(tx: Connection, spool_id: str, why: Sentence, at: datetime) -> None:
    """End a mail that waits for a person as refused by one."""
    sentence = {"key": why.key, "facts": dict(why.facts)}
    end = {"outcome": "refused", "rule": "person", "sentence": sentence, "concluded_at": at}
    if tx.execute(mails.update().where(_waits_for_a_person(spool_id)).values(end)).rowcount == 0:
        raise UnknownMail(spool_id)


def _waits_for_a_person(spool_id: str) -> sa.ColumnElement[bool]:
    """What is under lock waits for its officers, not for whoever looks after the pen."""
    waits = mails.c.outcome.in_(("held", "dead-letter"))
    return sa.and_(mails.c.spool_id == spool_id, waits, mails.c.blob != UNDER_LOCK)


def strip(tx: Connection, mail: int, size: int) -> None:
    """Leave nothing in the row of a mail that goes under lock but that it came, when, and about how large it is."""
    bare = {"blob": UNDER_LOCK, "size": size, "envelope": {"sender": None, "recipients": []}}
    tx.execute(mails.update().where(mails.c.id == mail).values(bare))


def holding(tx: Connection, blobs: Sequence[str]) -> set[str]:
    """Those of these blobs that are the octets of some mail."""
    return set(tx.execute(sa.select(mails.c.blob).where(mails.c.blob.in_(blobs))).scalars())


def held_from(tx: Connection, sender: str) -> list[str]:
    """The spool ids of mails held because nobody had mapped this sender."""
    waits = sa.and_(mails.c.sender == sender, mails.c.outcome == "held", mails.c.rule == "unmapped-sender")
    return list(tx.execute(sa.select(mails.c.spool_id).where(waits).order_by(mails.c.id)).scalars())


OPEN = (  # the rules that wait for a successor
    "successor-open",
    "correspondence-open",
    "further-recipients-open",
    "sender-successor-open",
    "answer-successor-open",
)


@dataclass(frozen=True, slots=True)
class Held:
    """A mail that waits for a unit's successor: from whom, to whom, and when it was accepted."""

    spool_id: str
    sender: str
    recipients: tuple[str, ...]
    received_at: datetime


def held_open(tx: Connection) -> list[Held]:
    """The mails held because a unit ended and nobody had said who follows, oldest first."""
    columns = (mails.c.spool_id, mails.c.sender, mails.c.envelope, mails.c.received_at)
    query = sa.select(*columns).where(mails.c.outcome == "held", mails.c.rule.in_(OPEN)).order_by(mails.c.id)
    return [Held(row[0], row[1], tuple(path[0] for path in row[2]["recipients"]), row[3]) for row in tx.execute(query)]


def sentence_of(column: Mapping[str, Any] | None) -> Sentence | None:
    """The sentence as the table keeps it."""
    return None if column is None else Sentence.of(column["key"], **column["facts"])


def _columns(end: Conclusion) -> dict[str, Any]:
    return {
        "b_id": end.mail,
        "b_sender": end.sender,
        "b_digest": end.digest,
        "b_outcome": end.outcome,
        "b_rule": end.rule,
        "b_sentence": {"key": end.sentence.key, "facts": dict(end.sentence.facts)},
        "b_document": end.document,
    }


def _waiting(row: Any) -> Waiting:
    envelope, arrival = unpack(json.dumps(row.envelope).encode())
    head = (row.id, row.spool_id, row.blob, row.size)
    return Waiting(*head, envelope, arrival, row.received_at, row.attempts, row.released_by, row.released_to)
