"""The worker: takes "register" jobs, reads their mails, and has them concluded.

Promises:  the attempt is counted before a mail is looked at; a mail that stops its batch is tried alone, the others
           go on without it; one whose scans must be recognised goes to a queue of its own. A mail that fails too
           often becomes a dead letter with its octets kept. Attempts that met
           Temporary trouble do not count.
Never:     loses a mail: until its outcome is committed it waits.
Fails:     Temporary errors go back to the job queue, which asks again later.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway import maillog
from gateway.examine.understanding import Understander
from gateway.work.classified import TASK as FORGET
from gateway.work.classified import Forgetting
from gateway.work.prepare import Prepared, prepare
from gateway.work.registrar import Registrar
from mailmap.directory.answers import Directory
from storage import incoming
from storage.blobs import Blobs
from storage.database import Database
from storage.failpoints import reach
from storage.incoming import Waiting
from storage.jobs import Jobs
from storage.trouble import Temporary

TASK = "register"
SCANS = "scans"  # the queue of mails whose pages must be recognised: seconds each, so they hold up nobody else


@dataclass(frozen=True, slots=True)
class Worker:
    """Runs one batch of mails through reading and registering."""

    database: Database
    blobs: Blobs
    jobs: Jobs
    registrar: Registrar
    directory: Callable[[], Directory]
    understander: Understander
    clock: Callable[[], datetime]

    def tasks(self) -> Mapping[str, Callable[..., None]]:
        """What this worker does, by the name of the job."""
        return {TASK: self.register, FORGET: Forgetting(self.database, self.registrar.desk.strongroom).forget}

    def register(self, mails: Sequence[int], *, recognise: bool = False) -> None:
        """Conclude these mails; those that have failed before are split off and tried each alone."""
        with self.database.transaction() as tx:  # the attempt counts before anybody looks
            claimed = incoming.claim(tx, mails)
            alone = [one for one in claimed if one.attempt > 1] if len(claimed) > 1 else []
            for one in alone:
                self.jobs.defer(tx, TASK, {"mails": [one.id]}, lock=f"mail/{one.id}")
            reach("register.before-claim")
        reach("register.claimed")
        apart = {one.id for one in alone}
        self._conclude([one for one in claimed if one.id not in apart], recognise=recognise)

    def _conclude(self, batch: Sequence[Waiting], *, recognise: bool) -> None:
        try:
            read = self._prepared(batch, recognise=recognise)
            self._put_off([mail.waiting for mail in read if mail.waits])
            prepared = [mail for mail in read if not mail.waits]
            open_ones = (mail for mail in prepared if not mail.classified)
            self.blobs.put_many([(one.content, one.sha256) for mail in open_ones for one in mail.carried])
            self.registrar.conclude(prepared, self.directory(), self.clock())
        except Temporary:
            self._uncount(batch)
            raise
        except Exception as error:
            if len(batch) == 1:
                raise
            maillog.batch_split(len(batch), error)
            self._split(batch)

    def _uncount(self, batch: Sequence[Waiting]) -> None:
        """Trouble of ours is no mail's fault: however long it lasts, it makes nobody a dead letter."""
        with self.database.transaction() as tx:
            incoming.uncount(tx, [one.id for one in batch])

    def _put_off(self, scans: Sequence[Waiting]) -> None:
        """Mails with pages to recognise: each gets a job of its own, and this attempt was none."""
        if not scans:
            return
        with self.database.transaction() as tx:
            incoming.uncount(tx, [one.id for one in scans])
            for one in scans:
                self.jobs.defer(tx, TASK, {"mails": [one.id], "recognise": True}, lock=f"mail/{one.id}", queue=SCANS)

    def _split(self, batch: Sequence[Waiting]) -> None:
        """One of these spoiled the batch: each gets a job of its own."""
        with self.database.transaction() as tx:
            for one in batch:
                self.jobs.defer(tx, TASK, {"mails": [one.id]}, lock=f"mail/{one.id}")

    def _prepared(self, batch: Sequence[Waiting], *, recognise: bool) -> list[Prepared]:
        limit = self.registrar.bench.policy.max_attempts
        # What has failed too often is not even opened: its rule needs no octets.
        raws = [b"" if one.attempt > limit else self.blobs.get(one.blob) for one in batch]
        return prepare(batch, raws, self.understander, recognise=recognise)
