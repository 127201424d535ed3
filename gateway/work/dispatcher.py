"""The dispatcher: takes "send" jobs, writes their letters, hands them to the courier, records what became of them.

Promises:  commit point D: what the peers said, the next attempt and the word to the sender are one transaction. The
           attempt is counted before the first octet leaves, and what leaves is kept before it does. A letter whose
           attempt died with its process is tried again alone, with the same Message-ID and the same octets.
Never:     sends an uncertain letter again; lets one letter that cannot be written stop the others; writes to anybody
           about a document that was purged.
Fails:     Our own trouble before anything left is a delay like a peer's. Temporary errors of the database before and
           after go back to the job queue. After the courier has spoken, the database is waited for up to
           ``PATIENCE_S`` seconds, because what is not recorded is sent twice.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from gateway import maillog
from gateway.send.courier import Courier, Delayed, Failed, Outcome, Uncertain
from gateway.work.postroom import Claimed, Postroom, Ready, Spoiled, portions
from gateway.work.scribe import Desk, Scribe
from gateway.work.settling import Patience, Settling
from mailmap.directory.answers import Directory
from mailmap.document.events import JSON, LetterCancelled, LetterTried, LetterUncertain
from storage import letters as store
from storage.database import Database
from storage.failpoints import reach
from storage.letters import Matter, Row
from storage.trouble import Temporary

TASK = "send"
QUEUE = "send"
AT_ONCE = 16
MOST_DEATHS = 3  # a letter that took its process down so often is left to a person
PATIENCE_S = 120.0
OUR_FAULT, OUR_DELAY = "5.3.0", "4.3.0"  # RFC 3463: other or undefined mail system status
_PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)  # together about PATIENCE_S

Ended = tuple[Claimed, Outcome]


@dataclass(frozen=True, slots=True)
class Dispatcher:
    """Sends letters. ``directory`` gives the snapshot of the moment; ``stop`` ends waits."""

    database: Database
    desk: Desk
    postroom: Postroom
    courier: Courier
    directory: Callable[[], Directory]
    clock: Callable[[], datetime]
    patience: Patience = field(default_factory=Patience)
    stop: threading.Event = field(default_factory=threading.Event)

    def tasks(self) -> Mapping[str, Callable[..., None]]:
        """What this dispatcher does, by the name of the job."""
        return {TASK: self.send}

    def send(self, letters: Sequence[int], since: int | None = None) -> None:
        """Try these letters once, those of them that may be tried.

        ``since`` stands in jobs for one letter whose attempt died: how many attempts had begun by then.
        """
        for start in range(0, len(letters), AT_ONCE):
            directory = self.directory()
            claimed = self._claim(letters[start : start + AT_ONCE], since)
            reach("send.claimed")
            for portion in portions(claimed):
                self._carry(portion, directory)

    # --- the attempt begins ---

    def _claim(self, ids: Sequence[int], since: int | None) -> list[Claimed]:
        with self.database.transaction() as tx:
            rows = store.claim(tx, ids)
            matters = store.matters(tx, [row.document for row in rows if row.document is not None])
            scribe = Scribe(tx, self.desk, self.clock())
            trying = [row for row in rows if self._begins(scribe, row, _matter(row, matters), since)]
            scribe.write(actor="gateway")
            posted = store.posted_before(tx, [row.id for row in trying])
            reach("send.before-claim")
            return [Claimed(row, row.attempts + 1, _matter(row, matters), posted.get(row.id)) for row in trying]

    def _begins(self, scribe: Scribe, row: Row, matter: Matter | None, since: int | None) -> bool:
        """Whether an attempt begins now; it is counted then."""
        stamp, died = scribe.stamp, store.died(row)
        purged = not row.spec or (matter is not None and matter.sheet is None)
        if purged:  # nothing is left to say, nor a key to say it under
            scribe.events += [] if died else [LetterCancelled(row.document, row.id, stamp, "purge")]
            return False
        if not died or (since is not None and row.attempts - since < MOST_DEATHS):
            scribe.events.append(LetterTried(row.document, row.id, row.attempts + 1, stamp))
            return True
        if since is None:
            args: dict[str, JSON] = {"letters": [row.id], "since": row.attempts}
            self.desk.jobs.defer(scribe.tx, TASK, args, lock=f"letter/{row.id}", queue=QUEUE)
        else:
            maillog.letter_deadly(row.id, row.attempts - since)
            scribe.events.append(LetterUncertain(row.document, row.id, row.attempts, stamp, OUR_DELAY, ""))
        return False

    # --- the octets leave ---

    def _carry(self, portion: Sequence[Claimed], directory: Directory) -> None:
        try:
            made = list(self.postroom.make_ready(portion, directory))
            spoiled = [one for one in made if isinstance(one, Spoiled)]
            ready = [one for one in made if isinstance(one, Ready)]
            self._keep(ready)
        except Temporary as trouble:  # nothing has left: the letters are late, and no attempt has died
            maillog.letters_wait(len(portion), trouble)
            self._settle_apart([(one, Delayed(one.row.id, OUR_DELAY, "")) for one in portion], directory)
            return
        ended = [self._buried(one) for one in spoiled] + self._sent(ready)
        reach("send.carried")
        self._settle_apart(ended, directory)

    def _keep(self, ready: Sequence[Ready]) -> None:
        reach("send.before-keep")
        fresh = [one.posted for one in ready if one.posted is not None]
        if fresh:
            with self.database.transaction() as tx:
                store.post(tx, fresh)
        reach("send.kept")

    def _buried(self, one: Spoiled) -> Ended:
        maillog.letter_spoiled(one.claimed.row.id, one.error)
        return one.claimed, Failed(one.claimed.row.id, OUR_FAULT, "")

    def _sent(self, ready: Sequence[Ready]) -> list[Ended]:
        try:
            outcomes = self.courier.send([one.parcel for one in ready])
        except Temporary:
            raise
        except Exception as error:
            if len(ready) > 1:  # the job comes again, and each of these is then tried alone
                raise
            maillog.letter_spoiled(ready[0].claimed.row.id, error)
            outcomes = [Uncertain(ready[0].claimed.row.id, OUR_DELAY, "")]
        return [(one.claimed, outcome) for one, outcome in zip(ready, outcomes, strict=True)]

    # --- the outcome ---

    def _settle_apart(self, ended: Sequence[Ended], directory: Directory) -> None:
        """Settle; a bug stops the one letter that shows it. To raise now would send them all again."""
        try:
            self._settle_patiently(ended, directory)
        except Temporary:
            raise
        except Exception as error:  # noqa: BLE001  see above
            if len(ended) == 1:
                maillog.letter_spoiled(ended[0][0].row.id, error)
                return
            for one in ended:
                self._settle_apart([one], directory)

    def _settle_patiently(self, ended: Sequence[Ended], directory: Directory) -> None:
        for pause in _PAUSES:
            try:
                return self._settle(ended, directory)
            except Temporary as trouble:
                maillog.outcome_waits(len(ended), trouble)
                self.stop.wait(pause)
        return self._settle(ended, directory)

    def _settle(self, ended: Sequence[Ended], directory: Directory) -> None:
        now = self.clock()
        with self.database.transaction() as tx:  # commit point D
            scribe = Scribe(tx, self.desk, now)
            current = store.current(tx, [claimed.row.id for claimed, _ in ended])
            settled = Settling(scribe, directory, self.patience).settle(ended, current)
            scribe.write(actor="gateway")
            for at, ids in settled.again.items():
                self.desk.jobs.defer(tx, TASK, {"letters": [*ids]}, at=at, queue=QUEUE)
            reach("send.before-commit")
        reach("send.after-commit")
        for claimed, outcome in ended:
            maillog.sent(claimed.row.id, claimed.attempt, type(outcome).__name__.lower(), outcome.status)


def _matter(row: Row, matters: Mapping[int, Matter]) -> Matter | None:
    return None if row.document is None else matters[row.document]
