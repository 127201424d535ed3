"""What a person orders: release or refuse a held mail, try a letter again or stop it.

Promises:  every order is one transaction and stands in the journal with who gave it.
Never:     moves what is not waiting: an order that does not fit is refused with a sentence.
Fails:     UnknownMail, UnknownLetter, IllegalTransition; nothing is changed then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from gateway.work.scribe import Desk, Scribe
from gateway.work.worker import TASK
from mailmap.directory.answers import Sentence
from mailmap.document.events import LetterCancelled, LetterRequeued, MailConcluded, MailReleased
from storage import incoming
from storage.database import Database
from storage.schema import letters


class UnknownLetter(LookupError):
    """No letter with that number was ever written."""


@dataclass(frozen=True, slots=True)
class Orders:
    """Carries out the orders of one person (``by``) at one moment."""

    database: Database
    desk: Desk
    by: str
    now: datetime

    def release(self, spool_id: str) -> None:
        """Let a held mail be judged again; the person's word is its proof."""
        with self.database.transaction() as tx:
            self._release(tx, spool_id)

    def release_from(self, sender: str) -> Sequence[str]:
        """Let every mail go on that waited for this address to be mapped; their numbers. Proof stays what it was."""
        with self.database.transaction() as tx:
            waiting = incoming.held_from(tx, sender)
            for spool_id in waiting:
                self._release(tx, spool_id, vouch=False)
        return waiting

    def refuse(self, spool_id: str, reason: str) -> None:
        """End a held mail as refused, for a reason that its record keeps."""
        with self.database.transaction() as tx:
            sentence = Sentence.of("rule.refused-by-person", by=self.by, reason=reason)
            incoming.refuse(tx, spool_id, sentence, self.now)
            Scribe(tx, self.desk, self.now, [MailConcluded(spool_id, "refused", "person", None)]).write(actor=self.by)

    def retry(self, letter: int) -> None:
        """Try a letter again that is delayed, uncertain, failed or cancelled; its lifetime begins anew."""
        with self.database.transaction() as tx:
            document = _document_of(tx, letter)
            expires = (self.now + self.desk.letter_lifetime).isoformat()
            again = LetterRequeued(document, letter, self.now.isoformat(), self.by, expires)
            Scribe(tx, self.desk, self.now, [again], ready=[letter]).write(actor=self.by)

    def cancel(self, letter: int) -> None:
        """Stop a letter that has not left yet."""
        with self.database.transaction() as tx:
            stopped = LetterCancelled(_document_of(tx, letter), letter, self.now.isoformat(), self.by)
            Scribe(tx, self.desk, self.now, [stopped]).write(actor=self.by)

    def _release(self, tx: Connection, spool_id: str, *, vouch: bool = True) -> None:
        mail = incoming.release(tx, spool_id, self.by if vouch else None)
        Scribe(tx, self.desk, self.now, [MailReleased(spool_id, self.by)]).write(actor=self.by)
        self.desk.jobs.defer(tx, TASK, {"mails": [mail]})


def _document_of(tx: Connection, letter: int) -> int | None:
    row = tx.execute(sa.select(letters.c.document).where(letters.c.id == letter)).one_or_none()
    if row is None:
        raise UnknownLetter(str(letter))
    document: int | None = row.document
    return document
