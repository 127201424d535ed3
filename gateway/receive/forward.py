"""From the spool to the places where mail is worked on: blob, row and job, then the spool may let go.

Promises:  commit point A′: the octets are durable as blobs first, then rows and jobs commit in one transaction, then
           the spool is told. Dying between two of these repeats work and doubles nothing: blobs are named by their
           octets, rows by their spool id, and only new rows get a job.
           With PostgreSQL away it waits, and nobody at the door notices. A mail that went under lock before the spool
           was told leaves no blob behind when its record comes again.
Never:     skips a record because another was bad; a damaged one is told, and stays where it is.
Fails:     Temporary and OSError are told and tried again after a pause; anything else ends the role.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from gateway import maillog
from storage import arrivals
from storage.database import Database
from storage.failpoints import reach
from storage.jobs import Jobs
from storage.spool import Reader, Record
from storage.trouble import Temporary

TASK = "register"
MAILS_A_JOB = 16
MOST = 256
MOST_OCTETS = 32 << 20
PAUSE = 0.02
LOOK_AROUND = 1.0
TROUBLED_PAUSE = 0.5
LONGEST_PAUSE = 15.0


class Keeper(Protocol):
    """Where octets come to stay; storage.blobs.Blobs."""

    def put_many(self, blobs: Iterable[tuple[bytes | Path, str]]) -> None:
        """Return when all are durable."""

    def forget(self, name: str) -> None:
        """Return when that one is gone."""


class Ledger(Protocol):
    """Where mails are entered."""

    def enter(self, records: Sequence[Record]) -> Sequence[str]:
        """In one transaction, each at most once ever; the blobs of those that nobody may have any more."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The ledger of the running gateway: rows in ``mails``, and a job for each handful of new ones."""

    database: Database
    jobs: Jobs

    def enter(self, records: Sequence[Record]) -> Sequence[str]:
        """Commit point A′. Mails that came before may be under lock by now: their blobs come back."""
        with self.database.transaction() as tx:
            fresh = arrivals.enter(tx, records)
            reach("forward.after-insert")
            for start in range(0, len(fresh), MAILS_A_JOB):
                self.jobs.defer(tx, TASK, {"mails": fresh[start : start + MAILS_A_JOB]})
            reach("forward.before-commit")
            return arrivals.unwanted(tx, records) if len(fresh) < len(records) else ()


@dataclass(frozen=True, slots=True)
class Forward:
    """Carries batches from the reader to the keeper and the ledger."""

    reader: Reader
    keeper: Keeper
    ledger: Ledger

    def step(self) -> int:
        """Carry one batch; how many mails it held."""
        batch = self.reader.take(MOST, MOST_OCTETS)
        if not batch:
            return 0
        for stretch in batch.damaged:
            maillog.spool_damaged(stretch.segment.parent.name, stretch.segment.name, stretch.offset, stretch.end)
        if batch.records:
            reach("forward.before-blobs")
            self.keeper.put_many((record.octets, record.sha256) for record in batch.records)
            unwanted = self.ledger.enter(batch.records)
            reach("forward.after-commit")
            for name in unwanted:
                self.keeper.forget(name)
        self.reader.confirm(batch)
        return len(batch.records)


def run_forward(forward: Forward, stop: threading.Event) -> None:
    """Carry until told to stop; what waits then is carried by the next run."""
    pause, look_at = TROUBLED_PAUSE, 0.0
    while not stop.is_set():
        try:
            if time.monotonic() >= look_at:
                _adopt(forward.reader)
                look_at = time.monotonic() + LOOK_AROUND
            carried = forward.step()
        except (Temporary, OSError) as trouble:
            maillog.forward_waits(trouble)
            stop.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
            continue
        pause = TROUBLED_PAUSE
        if not carried:
            stop.wait(PAUSE)


def _adopt(reader: Reader) -> None:
    if cut := reader.adopt():
        maillog.spool_cut(cut)
