"""What a person orders: release or refuse a mail that waits for a person, try a letter again or stop it.

Promises:  every order is one transaction and stands in the journal with who gave it. A letter that is tried again goes
           to the mailbox its unit has now.
Never:     moves what is not waiting: an order that does not fit is refused with a sentence.
Fails:     UnknownMail, UnknownLetter, NotNow; nothing is changed then.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from gateway.work.pen import settled
from gateway.work.scribe import HANOI, Desk, Scribe
from gateway.work.worker import TASK
from mailmap.directory.address import fold
from mailmap.directory.answers import Directory, Sentence
from mailmap.directory.succession import Standing
from mailmap.directory.unit import Unit
from mailmap.document.document import Standing as Legal
from mailmap.document.events import (
    JSON,
    DocumentConfirmed,
    LetterCancelled,
    LetterRequeued,
    MailConcluded,
    MailDirected,
    MailReleased,
)
from mailmap.policy.lifecycle import TRANSPORT, Transport
from mailmap.writing.letter import Kind
from storage import incoming, lookup, reading
from storage import letters as store
from storage.database import Database
from storage.schema import letters


class UnknownLetter(LookupError):
    """No letter with that number was ever written."""


class NotNow(ValueError):
    """The letter's state does not allow the order."""

    def __init__(self, state: Transport) -> None:
        super().__init__(state.value)
        self.state = state


@dataclass(frozen=True, slots=True)
class Orders:
    """Carries out the orders of one person (``by``) at one moment."""

    database: Database
    desk: Desk
    by: str
    now: datetime

    def release(self, spool_id: str, to: str | None = None) -> None:
        """Let a held mail be judged again, the person's word being its proof; or have a dead letter tried again.

        The unit with the id ``to`` takes what the mail sends to units that ended without a successor.
        """
        with self.database.transaction() as tx:
            self._release(tx, spool_id, to=to)

    def release_from(self, sender: str) -> Sequence[str]:
        """Let every mail go on that waited for this address to be mapped; their numbers. Proof stays what it was."""
        with self.database.transaction() as tx:
            waiting = incoming.held_from(tx, sender)
            for spool_id in waiting:
                self._release(tx, spool_id, vouch=False)
        return waiting

    def release_settled(self, directory: Directory) -> Sequence[str]:
        """Let every mail go on that waited for a unit's successor who is known by now; proof stays what it was."""
        with self.database.transaction() as tx:
            waiting = settled(tx, directory, self.now)
            for spool_id in waiting:
                self._release(tx, spool_id, vouch=False)
        return waiting

    def refuse(self, spool_id: str, reason: str) -> None:
        """End a held mail or a dead letter as refused, for a reason that its record keeps."""
        with self.database.transaction() as tx:
            sentence = Sentence.of("rule.refused-by-person", by=self.by, reason=reason)
            incoming.refuse(tx, spool_id, sentence, self.now)
            Scribe(tx, self.desk, self.now, [MailConcluded(spool_id, "refused", "person", None)]).write(actor=self.by)

    def retry(self, letter: int, directory: Directory) -> int:
        """Try a letter again that is delayed, uncertain, failed or cancelled; its lifetime begins anew.

        Where the unit has another mailbox by now, another letter goes there instead. The letter that will leave.
        """
        with self.database.transaction() as tx:
            row = _row(tx, letter, "LetterRequeued")
            scribe = Scribe(tx, self.desk, self.now)
            mailbox = _other_mailbox(row, directory, self.now.astimezone(HANOI).date())
            if mailbox is None:
                expires = (self.now + self.desk.letter_lifetime).isoformat()
                scribe.events.append(LetterRequeued(row.document, letter, scribe.stamp, self.by, expires))
                scribe.ready.append(letter)
            else:
                scribe.events += _given_up(row, scribe.stamp, self.by)
                letter = scribe.letter(row.kind, mailbox, row.spec, unit=row.unit, of=(row.document, row.delivery))
            scribe.write(actor=self.by)
        return letter

    def cancel(self, letter: int) -> None:
        """Stop a letter that has not left yet."""
        with self.database.transaction() as tx:
            row = _row(tx, letter, "LetterCancelled")
            stopped = LetterCancelled(row.document, letter, self.now.isoformat(), self.by)
            Scribe(tx, self.desk, self.now, [stopped]).write(actor=self.by)

    def confirm(self, code: str) -> bool:
        """Vouch for a document in the name of văn thư; False when somebody had before. UnknownCode for no such code."""
        with self.database.transaction() as tx:
            found = reading.track(tx, code).document
            lookup.sheet_of(tx, found.id)  # locked
            if found.standing == Legal.CONFIRMED:
                return False
            scribe = Scribe(tx, self.desk, self.now)
            scribe.events.append(DocumentConfirmed(found.id, scribe.stamp, self.by, "person"))
            scribe.write(actor=self.by)
        return True

    def _release(self, tx: Connection, spool_id: str, *, vouch: bool = True, to: str | None = None) -> None:
        mail = incoming.release(tx, spool_id, self.by if vouch else None, to)
        directed = [MailDirected(spool_id, to)] if to else []
        Scribe(tx, self.desk, self.now, [MailReleased(spool_id, self.by), *directed]).write(actor=self.by)
        self.desk.jobs.defer(tx, TASK, {"mails": [mail]})


def send_unsent(scribe: Scribe, units: Iterable[Unit], by: str) -> int:
    """Letters for the documents these units should have had before anybody knew their mailboxes; how many."""
    known = {unit.id: unit.contact for unit in units if unit.contact}
    unsent = store.unsent(scribe.tx, list(known))
    for one in unsent:
        facts: dict[str, JSON] = {"taken": one.taken, "number": one.number, "year": one.year}
        spec: dict[str, JSON] = {"template": "delivery", "facts": facts}
        scribe.letter("delivery", known[one.unit], spec, unit=one.unit, of=(one.document, one.delivery))
    if unsent:
        scribe.write(actor=by)
    return len(unsent)


_ASKED = ("id", "document", "delivery", "kind", "unit", "to", "spec", "transport")
_ROW = sa.select(*(letters.c[name] for name in _ASKED))


def _row(tx: Connection, letter: int, event: str) -> Any:
    """The letter, locked, if that event can happen to it now."""
    row = tx.execute(_ROW.where(letters.c.id == letter).with_for_update()).one_or_none()
    if row is None:
        raise UnknownLetter(str(letter))
    state = Transport(row.transport)
    if event not in TRANSPORT[state]:
        raise NotNow(state)
    return row


def _other_mailbox(row: Any, directory: Directory, today: date) -> str | None:
    """Where the unit, or who took its place, takes its documents now, when that is not where this delivery went."""
    line = directory.successors(row.unit, today) if row.kind == Kind.DELIVERY and row.spec else None
    unit = line.unit if line and line.standing is Standing.LIVES else None
    moved = unit is not None and unit.contact and fold(unit.contact) != fold(row.to)
    return unit.contact if unit and moved else None


def _given_up(row: Any, stamp: str, by: str) -> list[LetterCancelled]:
    """Another letter takes this one's place; one that has failed needs no stopping."""
    waits = "LetterCancelled" in TRANSPORT[Transport(row.transport)]
    return [LetterCancelled(row.document, row.id, stamp, by)] if waits else []
