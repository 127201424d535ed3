"""Mails and letters that wait while no job speaks of them.

Promises:  ``mails_waiting`` and ``letters_waiting`` name, oldest first, what only a job can move on; whoever is
           ``alone`` is the only one to look until the commit.
Never:     moves anything; waits for somebody else.
Fails:     as the database does.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Connection

from mailmap.policy.lifecycle import TRANSPORT
from storage.schema import awaiting_seal, letters, mails

_LOCK = sa.text("SELECT pg_try_advisory_xact_lock(:key)")
_KEY = 0x57A7
_SENDABLE = [state.value for state, known in TRANSPORT.items() if "LetterTried" in known]


def alone(tx: Connection) -> bool:
    """Whether nobody else is looking just now."""
    return bool(tx.execute(_LOCK, {"key": _KEY}).scalar_one())


def mails_waiting(tx: Connection, most: int) -> list[int]:
    """Mails without an outcome."""
    query = sa.select(mails.c.id).where(mails.c.outcome.is_(None)).order_by(mails.c.id).limit(most)
    return list(tx.execute(query).scalars())


def letters_waiting(tx: Connection, most: int) -> list[int]:
    """Letters that may be tried, without those whose seal is still to come: the sealer hands them over."""
    unsealed = sa.select(awaiting_seal.c.letter)
    query = sa.select(letters.c.id).where(letters.c.transport.in_(_SENDABLE), letters.c.id.not_in(unsealed))
    return list(tx.execute(query.order_by(letters.c.id).limit(most)).scalars())
