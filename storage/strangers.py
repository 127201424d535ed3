"""Strangers: senders whose mail is held because nobody has mapped them.

Promises:  ``neighbours`` names those of one domain together, because an office's mailboxes lie in one domain.
Never:     takes the customers of a public mail provider for neighbours: they share nothing but the provider.
Fails:     the database's own exceptions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from mailmap.directory.address import fold
from mailmap.directory.webmail import PUBLIC


@dataclass(frozen=True, slots=True)
class Stranger:
    """An unmapped sender: how many of its mails are held, and since when (UTC)."""

    address: str
    mails: int
    since: datetime


_WAITING = sa.text(
    "SELECT DISTINCT sender FROM mails WHERE outcome = 'held' AND rule = 'unmapped-sender' ORDER BY sender"
)
_NEIGHBOURS = sa.text(
    "SELECT sender, count(*), min(received_at) FROM mails WHERE outcome = 'held' AND rule = 'unmapped-sender'"
    " AND substring(sender FROM '[^@]*$') = :domain AND sender <> :address"
    " GROUP BY sender ORDER BY count(*) DESC, sender"
)


def waiting(tx: Connection) -> list[str]:
    """Every unmapped sender whose mail is held."""
    return list(tx.execute(_WAITING).scalars())


def neighbours(tx: Connection, address: str) -> list[Stranger]:
    """The other unmapped senders of that address's domain whose mail is held, those with most mails first."""
    folded = fold(address)
    domain = folded.rpartition("@")[2]
    if domain in PUBLIC or domain == folded:
        return []
    return [Stranger(*row) for row in tx.execute(_NEIGHBOURS, {"domain": domain, "address": folded})]
