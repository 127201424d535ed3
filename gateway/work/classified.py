"""Mails that bear a mark of state secrecy: put under lock, told to the officers, handed over or destroyed on order.

Promises:  the mail goes under lock in the transaction of its outcome, with a job that takes away what was readable of
           it; each officer, and the sender where the decision says so, gets a notice that tells nothing of the mail,
           once for all copies of it. Who took it out, and who destroyed it on what order, stands in the journal.
Never:     passes such a mail on, writes a word of it anywhere, or tells any address more than the settings allow a day.
Fails:     as ``storage.strongroom`` does; the caller's transaction is void then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from gateway.work.case import Case
from gateway.work.scribe import Desk, Scribe
from mailmap.document.events import JSON, LetterCancelled, LetterQueued, MailHandedOver, MailLocked, MailPurged
from mailmap.policy.decision import Act, Lock
from mailmap.policy.lifecycle import TRANSPORT, Transport
from storage import letters, lookup
from storage.database import Database
from storage.strongroom import Content, Purge, Strongroom, shown
from storage.trouble import Temporary

TASK = "forget"
TO_SENDER, TO_OFFICER = "not-passed-on", "locked-away"


def lock(scribe: Scribe, case: Case, act: Lock) -> None:
    """Put the mail under lock, and tell those who are to hear of it."""
    mail, room = case.mail, scribe.desk.strongroom
    same = f"{mail.message.digest} {mail.sender}"
    shut = room.lock_away(scribe.tx, mail.waiting, act.degree.value, same, scribe.now)
    scribe.events.append(MailLocked(mail.waiting.spool_id, shut.id))
    scribe.desk.jobs.defer(scribe.tx, TASK, {"number": shut.id})
    if not shut.first:
        return
    _tell_officers(scribe, shut.id)
    if act.to:
        at: dict[str, JSON] = {"at": mail.waiting.received_at.isoformat()}
        spec: dict[str, JSON] = {"template": TO_SENDER, "facts": at}
        room.told(scribe.tx, shut.id, scribe.letter("notice", act.to, spec, of=(None, None)))


def _tell_officers(scribe: Scribe, number: int) -> None:
    """A notice with the number alone; who has had too many today finds the others in the list."""
    officers, most = scribe.desk.officers, scribe.desk.max_notices
    told = lookup.told(scribe.tx, officers, scribe.now - lookup.DAY) if officers else {}
    queued = [event.to for event in scribe.events if isinstance(event, LetterQueued)]
    for officer in officers:
        if told.get(officer, 0) + queued.count(officer) < most:
            spec: dict[str, JSON] = {"template": TO_OFFICER, "facts": {"number": number}}
            scribe.letter("notice", officer, spec, of=(None, None))


LOCKING: Mapping[type[Act], Callable[..., None]] = {Lock: lock}


class NoticeLeaving(Temporary):
    """The notice to the sender is leaving at this moment; try again in a minute."""


@dataclass(frozen=True, slots=True)
class Forgetting:
    """Does the jobs that take away what is readable of a mail under lock."""

    database: Database
    strongroom: Strongroom

    def forget(self, number: int) -> None:
        """Take it away; again and again until it is noted as gone."""
        with self.database.transaction() as tx:
            self.strongroom.forget(tx, number)


@dataclass(frozen=True, slots=True)
class Officer:
    """One officer (``by``) at one moment."""

    database: Database
    desk: Desk
    by: str
    now: datetime

    def take_out(self, number: int) -> Content:
        """The mail, for a file outside; the journal says who has it now. UnknownLocked, Destroyed."""
        with self.database.transaction() as tx:
            content = self.desk.strongroom.open(tx, number)
            scribe = Scribe(tx, self.desk, self.now)
            scribe.events.append(MailHandedOver(_mail(tx, number), number, scribe.stamp, self.by))
            scribe.write(actor=self.by)
        return content

    def purge(self, number: int, order: str) -> Purge:
        """Destroy the mail and its copies on that order: the keys at the commit, their octets after it.

        UnknownLocked, Destroyed, NoticeLeaving.
        """
        with self.database.transaction() as tx:
            purged = self.desk.strongroom.purge(tx, number, self.by, order, self.now)
            scribe = Scribe(tx, self.desk, self.now)
            self._purge_letters(scribe, purged)
            for one, mail in purged.locked:
                gone = [*purged.letters] if one == purged.locked[0][0] else []
                scribe.events.append(MailPurged(mail, one, scribe.stamp, self.by, order, gone))
                self.desk.jobs.defer(tx, TASK, {"number": one})
            scribe.write(actor=self.by)
            letters.forget_these(tx, purged.letters)
        for one, _ in purged.locked:  # the jobs are there in case we die here
            Forgetting(self.database, self.desk.strongroom).forget(one)
        return purged

    def _purge_letters(self, scribe: Scribe, purged: Purge) -> None:
        """Notices that have not left are stopped; of all of them nobody reads any more to whom they went."""
        for row in letters.current(scribe.tx, purged.letters).values():
            if Transport(row.transport) is Transport.SENDING:  # its outcome could not be written any more
                raise NoticeLeaving(NoticeLeaving.__doc__)
            if "LetterCancelled" in TRANSPORT[Transport(row.transport)]:
                scribe.events.append(LetterCancelled(None, row.id, scribe.stamp, self.by))


def _mail(tx: Connection, number: int) -> str:
    return shown(tx, number).mail
