"""How the deliveries of a document went: who has it, who has accepted it, and by which letter.

Promises:  one row per delivery, in order, with its newest delivery letter; locked until the caller's commit.
Never:     writes.
Fails:     as the database does.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from mailmap.policy.lifecycle import HANDLING, Handling, Transport
from storage.schema import deliveries, letters


@dataclass(frozen=True, slots=True)
class Sent:
    """One delivery; ``letter`` None and ``to`` '' when no letter was ever written (no mailbox was known)."""

    document: int
    delivery: int
    unit: str
    handling: str
    take_back: str
    letter: int | None
    to: str
    transport: str
    attempts: int

    @property
    def accepted(self) -> bool:
        """Whether the unit has taken it (03 or further)."""
        return Handling(self.handling) not in {Handling.NONE, Handling.ARRIVED, Handling.REFUSED}

    @property
    def told(self) -> bool:
        """Whether its letter may be in the unit's mailbox: an attempt has begun, or the unit has answered."""
        answered = "DeliveryArrived" not in HANDLING[Handling(self.handling)]
        left = self.attempts > 0 and self.transport != Transport.CANCELLED
        return bool(self.to) and (left or answered)


def sent(tx: Connection, document: int) -> list[Sent]:
    """Every delivery of the document."""
    tx.execute(sa.select(deliveries.c.id).where(deliveries.c.document == document).with_for_update())
    newer = letters.alias("newer")
    about = sa.and_(newer.c.delivery == deliveries.c.id, newer.c.kind == "delivery")
    own = letters.c.id == sa.select(sa.func.max(newer.c.id)).where(about).scalar_subquery()
    columns = (
        *(deliveries.c[name] for name in ("document", "id", "unit", "handling", "take_back")),
        *(letters.c.id, sa.func.coalesce(letters.c.to, ""), sa.func.coalesce(letters.c.transport, "queued")),
        sa.func.coalesce(letters.c.attempts, 0),
    )
    query = sa.select(*columns).select_from(deliveries.outerjoin(letters, own)).where(deliveries.c.document == document)
    return [Sent(*row) for row in tx.execute(query.order_by(deliveries.c.id))]
