"""The pen: which of the mails that wait for a unit's successor can go on, because one is known by now.

Promises:  a mail is named only when nothing in it waits any more: its sender's unit, the units it is sent to, and those
           whose letters it answers all lead to one that lives.
Never:     releases anything itself; names what waits for another reason.
Fails:     what the database raises.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from mailmap.directory.answers import Directory, Leads
from mailmap.policy.case import HANOI
from storage import incoming, lookup
from storage.incoming import Held


def settled(tx: Connection, directory: Directory, now: datetime) -> list[str]:
    """The spool ids of those mails, oldest first."""
    return [one.spool_id for one in incoming.held_open(tx) if _goes_on(tx, one, directory, now)]


def _goes_on(tx: Connection, held: Held, directory: Directory, now: datetime) -> bool:
    accepted, today = held.received_at.astimezone(HANOI).date(), now.astimezone(HANOI).date()
    where = [directory.where(recipient, accepted, today) for recipient in held.recipients]
    letters = {one.letter: accepted for one in where if one.letter is not None}
    answered = lookup.addressed(tx, directory, letters, now).values()
    known = directory.who(held.sender, today).unit is not None
    return known and all(one.leads is not Leads.UNSETTLED for one in where) and all(one.settled for one in answered)
