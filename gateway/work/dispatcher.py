"""The dispatcher: takes "send" jobs, writes their letters, hands them to the courier, records what became of them.

Promises:  commit point D: what the peers said, the next attempt and the word to the sender are one transaction. The
           attempt is counted before the first octet leaves, and what leaves is kept before it does. A letter whose
           attempt died with its process is tried again alone, with the same Message-ID and the same octets.
Never:     sends an uncertain letter again; lets one letter that cannot be written stop the others.
Fails:     Temporary errors go back to the job queue. After the courier has spoken, the database is waited for up to
           ``PATIENCE_S`` seconds, because what is not recorded is sent twice.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from gateway import maillog
from gateway.send.courier import Courier, Failed, Outcome, Uncertain
from gateway.work.postroom import Claimed, Postroom, Ready, Spoiled, portions
from gateway.work.scribe import Desk, Scribe
from gateway.work.settling import Patience, Settling
from mailmap.directory.answers import Directory
from mailmap.document.events import JSON, Event, LetterTried, LetterUncertain
from storage import letters as store
from storage.database import Database
from storage.failpoints import reach
from storage.letters import Row
from storage.trouble import Temporary

TASK = "send"
QUEUE = "send"
AT_ONCE = 16
MOST_DEATHS = 3  # a letter that took its process down so often is left to a person
PATIENCE_S = 120.0
OUR_FAULT = "5.3.0"  # RFC 3463: other or undefined mail system status
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
            claimed = self._claim(letters[start : start + AT_ONCE], since)
            reach("send.claimed")
            for portion in portions(claimed):
                self._carry(portion)

    # --- the attempt begins ---

    def _claim(self, ids: Sequence[int], since: int | None) -> list[Claimed]:
        now = self.clock().isoformat()
        with self.database.transaction() as tx:
            rows = store.claim(tx, ids)
            events: list[Event] = []
            trying: list[Row] = []
            for row in rows:
                if not store.died(row) or (since is not None and row.attempts - since < MOST_DEATHS):
                    trying.append(row)
                    events.append(LetterTried(row.document, row.id, row.attempts + 1, now))
                elif since is None:
                    args: dict[str, JSON] = {"letters": [row.id], "since": row.attempts}
                    self.desk.jobs.defer(tx, TASK, args, lock=f"letter/{row.id}", queue=QUEUE)
                else:
                    maillog.letter_deadly(row.id, row.attempts - since)
                    events.append(LetterUncertain(row.document, row.id, row.attempts, now, "4.3.0", ""))
            Scribe(tx, self.desk, self.clock(), events).write(actor="gateway")
            return self._with_context(tx, trying)

    def _with_context(self, tx: Connection, rows: Sequence[Row]) -> list[Claimed]:
        matters = store.matters(tx, [row.document for row in rows if row.document is not None])
        posted = store.posted_before(tx, [row.id for row in rows])
        claimed = []
        for row in rows:
            matter = matters.get(row.document) if row.document is not None else None
            claimed.append(Claimed(row, row.attempts + 1, matter, posted.get(row.id)))
        return claimed

    # --- the octets leave ---

    def _carry(self, portion: Sequence[Claimed]) -> None:
        directory = self.directory()
        made = list(self.postroom.make_ready(portion, directory))
        spoiled = [one for one in made if isinstance(one, Spoiled)]
        ready = [one for one in made if isinstance(one, Ready)]
        self._keep(ready)
        ended = [self._buried(one) for one in spoiled] + self._sent(ready)
        reach("send.carried")
        self._settle_patiently(ended, directory)

    def _keep(self, ready: Sequence[Ready]) -> None:
        reach("send.before-keep")
        fresh = self.postroom.keep(ready)
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
            outcomes = [Uncertain(ready[0].claimed.row.id, "4.3.0", "")]
        return [(one.claimed, outcome) for one, outcome in zip(ready, outcomes, strict=True)]

    # --- the outcome ---

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
