"""What waits, and for whom: for us, for a peer, for a person.

Promises:  ``look`` counts once, as of one moment.
Never:     moves anything; names a person or an address.
Fails:     as the database does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Backlog:
    """Mails without an outcome and since when the oldest waits; mails put aside as dead, or held in the pen.

    Letters that a peer does not take yet, and those of which nobody knows whether they arrived; names of units that
    documents wait for and that have no mailbox; codes of documents that go to nobody, because their sender has not said
    yet whom a name means.
    """

    waiting: int
    since: datetime | None
    dead: int
    held: int
    delayed: int
    uncertain: int
    mute: tuple[str, ...]
    nowhere: tuple[str, ...] = ()


_LOOK = sa.text("""
    SELECT (SELECT count(*) FROM mails WHERE outcome IS NULL) AS waiting,
           (SELECT min(received_at) FROM mails WHERE outcome IS NULL) AS since,
           (SELECT count(*) FROM mails WHERE outcome = 'dead-letter') AS dead,
           (SELECT count(*) FROM mails WHERE outcome = 'held') AS held,
           (SELECT count(*) FROM letters WHERE transport = 'delayed') AS delayed,
           (SELECT count(*) FROM letters WHERE transport = 'uncertain') AS uncertain,
           ARRAY(SELECT DISTINCT u.name FROM units u JOIN deliveries d ON d.unit = u.id
                 JOIN documents o ON o.id = d.document AND o.purged IS NULL
                 WHERE u.contact = '' AND NOT EXISTS (SELECT FROM letters l WHERE l.delivery = d.id)
                 ORDER BY 1) AS mute,
           ARRAY(SELECT o.code FROM documents o WHERE o.purged IS NULL
                 AND NOT EXISTS (SELECT FROM deliveries d WHERE d.document = o.id) ORDER BY o.id) AS nowhere""")


def look(tx: Connection) -> Backlog:
    """The backlog now."""
    row = tx.execute(_LOOK).one()
    counts = (row.waiting, row.since, row.dead, row.held, row.delayed, row.uncertain)
    return Backlog(*counts, tuple(row.mute), tuple(row.nowhere))
