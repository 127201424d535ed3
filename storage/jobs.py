"""The job queue: procrastinate behind one small door.

Promises:  a job deferred in a transaction exists if and only if that transaction commits. A job runs at least once, in
           a thread; it is gone when it succeeded, tried again when it raised, and taken over when its process died.
           Each attempt that ends is told to ``told``.
Never:     runs a job exactly once: a process may die between the work and the note that it is done. What a job does
           must be safe to do twice. Nothing outside ``jobs`` and ``shift`` sees procrastinate.
Fails:     ``defer`` as the caller's transaction does. ``run`` rides out a database that is away and goes on.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import psycopg
import sqlalchemy as sa
from procrastinate import SyncPsycopgConnector
from procrastinate.jobs import Job
from procrastinate.manager import JobManager
from sqlalchemy import Connection

from mailmap.document.events import JSON
from storage.attempts import Ended, Ending, Rules
from storage.database import Database, DatabaseDown, first_line
from storage.shift import TROUBLE, Crew, Shift

QUEUE = "work"
PAUSE_S = 1.0

Tasks = Mapping[str, Callable[..., None]]

# Jobs in the hands of nobody: their worker has gone from the engine's list, or gives no sign of life. A row that is
# locked is being taken over by somebody else, or just being finished.
_ORPHANS = sa.text("""
    SELECT j.id, j.task_name, j.args, j.attempts FROM procrastinate_jobs j
    LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
    WHERE j.status = 'doing' AND (w.id IS NULL OR w.last_heartbeat < now() - make_interval(secs => :silent))
    ORDER BY j.id FOR UPDATE OF j SKIP LOCKED""")
_RETRY = sa.text("SELECT procrastinate_retry_job_v2(:job, now(), NULL, NULL, NULL)")
_FINISH = sa.text("SELECT procrastinate_finish_job_v1(:job, 'failed', false)")
_FORGET = sa.text("""
    DELETE FROM procrastinate_jobs j WHERE j.status NOT IN ('todo', 'doing')
    AND NOT EXISTS (SELECT FROM procrastinate_events e
                    WHERE e.job_id = j.id AND e.at > now() - make_interval(hours => :hours))""")
_BURIED = sa.text("SELECT id, task_name, args, attempts FROM procrastinate_jobs WHERE status = 'failed' ORDER BY id")
_UNSPOKEN = sa.text("""
    SELECT id FROM unnest(CAST(:ids AS bigint[])) AS id EXCEPT
    SELECT CAST(jsonb_array_elements_text(args -> CAST(:name AS text)) AS bigint) FROM procrastinate_jobs
    WHERE task_name = :task AND status IN ('todo', 'doing') ORDER BY 1""")
_WAITING = sa.text("SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')")
_HASTEN = sa.text("""
    UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo' AND queue_name = ANY(:queues)
    AND scheduled_at > now() AND scheduled_at <= now() + :ahead""")


@dataclass(frozen=True, slots=True)
class Buried:
    """A job that was tried too often and waits for a person."""

    job: int
    task: str
    args: Mapping[str, JSON]
    attempts: int


def _nothing(*_: object) -> None:
    """Somebody chose not to listen."""


@dataclass(frozen=True, slots=True)
class Jobs:
    """The door to the queue. ``told`` hears of every attempt that ended, ``troubled`` of every shift that broke.

    ``bury`` is called with a job that will not be tried again, and its arguments, before it is put aside; it may be
    called twice for the same job.
    """

    database: Database
    rules: Rules = field(default_factory=Rules)
    told: Callable[[Ended], None] = _nothing
    troubled: Callable[[Exception], None] = _nothing
    bury: Callable[[Ended, Mapping[str, Any]], None] = _nothing

    def defer(
        self,
        tx: Connection,
        task: str,
        args: Mapping[str, JSON | Sequence[int] | Sequence[str]],
        *,
        at: datetime | None = None,
        lock: str | None = None,
        queue: str = QUEUE,
    ) -> None:
        """Put a job in the queue: it exists once the caller commits, and runs not before ``at``.

        Jobs with the same ``lock`` run one after the other, in the order they were deferred.
        """
        driver = tx.connection.driver_connection
        given: dict[str, Any] = dict(args)
        job = Job(queue=queue, lock=lock, queueing_lock=None, task_name=task, task_kwargs=given, scheduled_at=at)
        JobManager(_connector).defer_job(job, connection=driver)

    def run(self, tasks: Tasks, queues: Sequence[str], concurrency: int, stop: threading.Event) -> None:
        """Run jobs until ``stop`` is set, so many at a time; those that are running then are waited for."""
        while not stop.is_set():
            try:
                self._shift(tasks, queues, concurrency, self.told).work(stop)
            except TROUBLE as trouble:
                self.troubled(_told(trouble))
            stop.wait(PAUSE_S)  # returns at once when we were told to stop

    def run_until_empty(
        self,
        tasks: Tasks,
        queues: Sequence[str] = (QUEUE,),
        *,
        ahead: timedelta = timedelta(0),
        concurrency: int = 1,
    ) -> list[Ended]:
        """Run every job that is due, and those they bring about; how each attempt ended, in order.

        What is set for a time within ``ahead`` counts as due; what these jobs set for later does not.
        """
        ended: list[Ended] = []
        with self.database.transaction() as tx:
            tx.execute(_HASTEN, {"queues": list(queues), "ahead": ahead})
        self._shift(tasks, queues, concurrency, ended.append).empty()
        return ended

    def take_over(self, silent_s: float | None = None) -> int:
        """Put jobs of processes that are silent for so long (default: the rules') back in the queue; how many."""
        silent = self.rules.silent_s if silent_s is None else silent_s
        with self.database.transaction() as tx:
            orphans = tx.execute(_ORPHANS, {"silent": silent}).all()
            for row in orphans:
                self._take_over(tx, row)
        return len(orphans)

    def buried(self, tx: Connection) -> list[Buried]:
        """The jobs that wait for a person."""
        return [Buried(row.id, row.task_name, row.args, row.attempts) for row in tx.execute(_BURIED)]

    def dig_up(self, tx: Connection, job: int) -> None:
        """Try a buried job once more."""
        tx.execute(_RETRY, {"job": job})

    def unspoken(self, tx: Connection, task: str, name: str, ids: Sequence[int]) -> list[int]:
        """Those of ``ids`` that stand in the list ``name`` of no job of that task, waiting or running; rising."""
        return list(tx.execute(_UNSPOKEN, {"ids": list(ids), "name": name, "task": task}).scalars()) if ids else []

    def waiting(self, tx: Connection) -> int:
        """How many jobs are in the queue, those set for later and those running included."""
        count: int = tx.execute(_WAITING).scalar_one()
        return count

    def _take_over(self, tx: Connection, row: sa.Row[Any]) -> None:
        attempts = row.attempts + 1
        ended = Ended(row.task_name, row.id, attempts, self.rules.ending(attempts, None))
        buried = ended.ending is Ending.BURIED
        self.told(ended)
        if buried:
            self.bury(ended, row.args)
        tx.execute(_FINISH if buried else _RETRY, {"job": row.id})

    def _tidy(self) -> None:
        self.take_over()
        with self.database.transaction() as tx:
            tx.execute(_FORGET, {"hours": self.rules.keep_buried_h})

    def _shift(self, tasks: Tasks, queues: Sequence[str], concurrency: int, told: Callable[[Ended], None]) -> Shift:
        crew = Crew(tasks, tuple(queues), concurrency, self.bury)
        return Shift(self.database.conninfo, self.rules, crew, told, self._tidy)


def _told(trouble: Exception) -> Exception:
    """The trouble in words fit for a log: the engine hides the database's own behind one exception of its own."""
    cause = trouble.__cause__
    return DatabaseDown(first_line(cause)) if isinstance(cause, psycopg.Error) else trouble


# Only for its words: every statement goes through the caller's connection, and no other is ever opened.
_connector = SyncPsycopgConnector()
