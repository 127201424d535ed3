"""Everything the tables hold about one unit that its own rows do not say.

Promises:  its addresses of all days, the units whose place it took, its books by year, and when it was last heard from.
Never:     writes, locks, or opens a mail.
Fails:     the database's own exceptions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from mailmap.directory.address import Address, Form, May
from mailmap.directory.proof import Proof
from mailmap.directory.succession import Succession, Turn
from storage.schema import addresses, deliveries, documents, entries, successions


@dataclass(frozen=True, slots=True)
class Book:
    """One book of one year: 'in' or 'out', how many numbers were given in it, and the highest."""

    direction: str
    year: int
    count: int
    last: int


@dataclass(frozen=True, slots=True)
class Heard:
    """When a unit last sent a document, and last did something with one it received; None: never."""

    sent: datetime | None
    handled: datetime | None


def mailboxes(tx: Connection, unit_id: str) -> list[Address]:
    """Every mapping to this unit, of all days, by address."""
    query = sa.select(addresses).where(addresses.c.unit == unit_id)
    rows = tx.execute(query.order_by(addresses.c.address, addresses.c.valid_from))
    return [
        Address(
            row.address,
            row.unit,
            frozenset(map(May, row.may)),
            row.role,
            row.valid_from,
            row.valid_until,
            Form(row.form),
            Proof(row.needs),
        )
        for row in rows
    ]


def predecessors(tx: Connection, unit_id: str) -> list[Succession]:
    """The steps by which other units led to this one, by day."""
    query = sa.select(successions).where(successions.c.successor == unit_id, successions.c.unit != unit_id)
    rows = tx.execute(query.order_by(successions.c.on, successions.c.unit))
    return [Succession(row.unit, row.on, Turn(row.turn), row.successor, row.basis) for row in rows]


def books(tx: Connection, unit_id: str) -> list[Book]:
    """Its books, the newest year first."""
    by = (entries.c.direction, entries.c.year)
    query = sa.select(*by, sa.func.count(), sa.func.max(entries.c.number)).where(entries.c.unit == unit_id)
    rows = tx.execute(query.group_by(*by).order_by(entries.c.year.desc(), entries.c.direction))
    return [Book(*row) for row in rows]


def heard(tx: Connection, unit_id: str) -> Heard:
    """When it last sent something, and last did something with what it got."""
    sent = sa.select(sa.func.max(documents.c.received_at)).where(documents.c.origin == unit_id)
    handled = sa.select(sa.func.max(deliveries.c.handled_at)).where(deliveries.c.unit == unit_id)
    return Heard(*tx.execute(sa.select(sent.scalar_subquery(), handled.scalar_subquery())).one())
