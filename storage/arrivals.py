"""Accepted mails get their row, once.

Promises:  ``enter`` gives a mail the row of its spool id, or finds that it has it: after a crash the same records come
           again, and nothing doubles.
Never:     looks into the mail; ends the caller's transaction.
Fails:     SpoolIdTaken, a bug: two different mails under one spool id. The one that came second stays in the spool.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from storage.incoming import holding
from storage.schema import UNDER_LOCK, mails
from storage.spool import Record


class SpoolIdTaken(Exception):
    """Another mail has this spool id already."""


_ENTER = insert(mails).on_conflict_do_nothing(index_elements=[mails.c.spool_id]).returning(mails.c.id)


def enter(tx: Connection, records: Sequence[Record]) -> list[int]:
    """Rows for those that have none; their numbers, rising."""
    if not records:
        return []
    fresh = sorted(tx.execute(_ENTER, [_row(record) for record in records]).scalars())
    if len(fresh) < len(records):
        _check_same(tx, records)
    return fresh


def _row(record: Record) -> dict[str, object]:
    envelope = json.loads(record.envelope)
    return {
        "spool_id": record.spool_id,
        "blob": record.sha256,
        "size": record.size,
        "envelope": envelope,
        "received_at": datetime.fromisoformat(envelope["at"]),
    }


def _check_same(tx: Connection, records: Sequence[Record]) -> None:
    """Owners' tags are drawn by chance: should two ever give one id, no mail may be taken for the other."""
    blobs = {record.spool_id: record.sha256 for record in records}
    known = sa.select(mails.c.spool_id, mails.c.blob).where(mails.c.spool_id.in_(blobs))
    for row in tx.execute(known):
        if row.blob not in {blobs[row.spool_id], UNDER_LOCK}:
            raise SpoolIdTaken(row.spool_id)


def unwanted(tx: Connection, records: Sequence[Record]) -> list[str]:
    """The blobs of mails that went under lock before the spool was told that they had come: nobody may have them."""
    spool_ids = [record.spool_id for record in records]
    under_lock = sa.and_(mails.c.spool_id.in_(spool_ids), mails.c.blob == UNDER_LOCK)
    shut = set(tx.execute(sa.select(mails.c.spool_id).where(under_lock)).scalars())
    names = {record.sha256 for record in records if record.spool_id in shut}
    return sorted(names - holding(tx, sorted(names))) if names else []
