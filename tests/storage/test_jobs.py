"""The job queue: nothing is lost, nothing loops for ever, and what a dead process held is taken over."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from psycopg_pool import PoolTimeout

from storage.attempts import Ended, Ending, Rules
from storage.database import Database, DatabaseDown
from storage.jobs import QUEUE, Jobs
from storage.trouble import Temporary
from tests.waiting import until

QUICK = Rules(most_attempts=3, first_pause_s=60, silent_s=0.9, poll_s=0.05)
HOUR = timedelta(hours=1)
DEADLINE_S = 20.0

# A process that runs jobs; "die" jobs take it down the hard way.
WORKER = """
import os, signal, sys, threading
from storage.attempts import Rules
from storage.database import Database, DatabaseDown
from storage.jobs import Jobs
def die(): os.kill(os.getpid(), signal.SIGKILL)
jobs = Jobs(Database(sys.argv[1]), rules=Rules(silent_s=0.9, poll_s=0.05))
jobs.run({"die": die, "note": lambda: None}, ["work"], 1, threading.Event())
"""


class Notes(list[str]):
    """What the jobs of one test did, in order, and a wait for it."""

    def note(self, word: str) -> None:
        """The task: write down a word."""
        self.append(word)

    def wait(self, *words: str) -> None:
        """Return once all these words are there."""
        until(lambda: set(words) <= set(self))


@pytest.fixture(autouse=True)
def _empty(database: Database) -> None:
    """Start each test with an empty queue."""
    with database.transaction() as tx:
        tx.execute(sa.text("DELETE FROM procrastinate_jobs"))
        tx.execute(sa.text("DELETE FROM procrastinate_workers"))


@pytest.fixture
def jobs(database: Database) -> Jobs:
    """A queue with short patience."""
    return Jobs(database, rules=QUICK)


@pytest.fixture
def notes() -> Notes:
    """An empty notebook."""
    return Notes()


def defer(jobs: Jobs, task: str, *words: str, at: datetime | None = None, lock: str | None = None) -> None:
    """One job per word, or one without arguments, in one transaction."""
    with jobs.database.transaction() as tx:
        for args in [{"word": word} for word in words] or [{}]:
            jobs.defer(tx, task, args, at=at, lock=lock)


def waiting(jobs: Jobs) -> int:
    """How many jobs are in the queue."""
    with jobs.database.transaction() as tx:
        return jobs.waiting(tx)


@contextmanager
def running(jobs: Jobs, tasks: Mapping[str, Callable[..., None]], concurrency: int = 2) -> Iterator[threading.Event]:
    """The real loop in a thread; the event stops it, at the latest at the end of the block."""
    stop = threading.Event()
    loop = threading.Thread(target=jobs.run, args=(tasks, [QUEUE], concurrency, stop))
    loop.start()
    try:
        yield stop
    finally:
        stop.set()
        loop.join(DEADLINE_S)
        assert not loop.is_alive()


def raising(error: Exception) -> Callable[..., None]:
    """A task that always raises."""

    def task(**_: str) -> None:
        raise error

    return task


def test_a_job_exists_only_once_its_transaction_commits(jobs: Jobs, notes: Notes) -> None:
    """Work and the job that follows from it are committed together, or neither."""
    with pytest.raises(ZeroDivisionError), jobs.database.transaction() as tx:
        jobs.defer(tx, "note", {"word": "never"})
        _ = 1 // 0
    defer(jobs, "note", "kept")
    jobs.run_until_empty({"note": notes.note})
    assert notes == ["kept"]


def test_a_job_that_succeeded_is_gone(jobs: Jobs, notes: Notes) -> None:
    """The queue holds what is to be done, not what was done."""
    defer(jobs, "note", "a", "b")
    ended = jobs.run_until_empty({"note": notes.note})
    assert [one.ending for one in ended] == [Ending.DONE, Ending.DONE]
    assert waiting(jobs) == 0
    with jobs.database.transaction() as tx:
        assert tx.execute(sa.text("SELECT count(*) FROM procrastinate_jobs")).scalar_one() == 0


def test_jobs_that_follow_from_jobs_are_run_too(jobs: Jobs, notes: Notes) -> None:
    """run_until_empty ends when there is nothing left, not when the first round is over."""

    def follow(word: str) -> None:
        notes.note(word)
        if len(word) < 4:
            defer(jobs, "follow", word + "x")

    defer(jobs, "follow", "x")
    jobs.run_until_empty({"follow": follow})
    assert notes == ["x", "xx", "xxx", "xxxx"]


def test_a_job_waits_for_its_time(jobs: Jobs, notes: Notes) -> None:
    """A job set for later does not run before; a test may look ahead instead of sleeping."""
    defer(jobs, "note", "later", at=datetime.now(UTC) + HOUR)
    assert jobs.run_until_empty({"note": notes.note}, ahead=HOUR / 2) == []
    jobs.run_until_empty({"note": notes.note}, ahead=2 * HOUR)
    assert notes == ["later"]


def test_jobs_with_one_lock_run_one_after_the_other(jobs: Jobs, notes: Notes) -> None:
    """The same lock means: in order, and never two at a time, however many threads there are."""
    inside = threading.Lock()

    def task(word: str) -> None:
        assert inside.acquire(blocking=False)
        notes.note(word)
        inside.release()

    defer(jobs, "task", *"abcdefgh", lock="one")
    ended = jobs.run_until_empty({"task": task}, concurrency=4)
    assert notes == list("abcdefgh")
    assert {one.ending for one in ended} == {Ending.DONE}


def test_a_job_that_is_announced_starts_at_once(jobs: Jobs, notes: Notes) -> None:
    """A committed job wakes a waiting worker by LISTEN and NOTIFY, long before it would poll."""
    slow = replace(jobs, rules=replace(QUICK, poll_s=600))
    with running(slow, {"note": notes.note}):
        until(lambda: _listening(jobs))
        defer(jobs, "note", "heard")
        notes.wait("heard")
    assert waiting(jobs) == 0


def _listening(jobs: Jobs) -> bool:
    query = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()"
    with sa.create_engine(jobs.database.url, poolclass=sa.NullPool).connect() as owner:
        return bool(owner.execute(sa.text(query)).scalar_one())


def test_temporary_trouble_is_tried_without_end(jobs: Jobs) -> None:
    """Trouble that passes never buries a job, however long it lasts."""
    defer(jobs, "down")
    for attempt in range(1, 8):
        (ended,) = jobs.run_until_empty({"down": raising(Temporary("away"))}, ahead=HOUR)
        assert (ended.attempts, ended.ending) == (attempt, Ending.AGAIN)
    assert jobs.run_until_empty({"down": lambda: None}, ahead=HOUR)[0].ending is Ending.DONE


def test_a_job_that_always_fails_is_buried_and_can_be_dug_up(jobs: Jobs, notes: Notes) -> None:
    """A bug does not loop: after the last attempt the job is put aside, told, and handed to ``bury``."""
    heard: list[tuple[Ended, Mapping[str, object]]] = []
    strict = replace(jobs, bury=lambda ended, args: heard.append((ended, args)))
    broken = {"broken": raising(KeyError())}
    defer(jobs, "broken", "x")
    told = [strict.run_until_empty(broken, ahead=HOUR)[0] for _ in range(3)]
    assert [one.ending for one in told] == [Ending.AGAIN, Ending.AGAIN, Ending.BURIED]
    assert heard == [(told[-1], {"word": "x"})]
    assert strict.run_until_empty(broken, ahead=HOUR) == []
    with jobs.database.transaction() as tx:
        (buried,) = jobs.buried(tx)
        assert (buried.task, buried.args, buried.attempts) == ("broken", {"word": "x"}, 3)
        jobs.dig_up(tx, buried.job)
    assert strict.run_until_empty({"broken": notes.note})[0].ending is Ending.DONE


def test_pauses_grow_to_a_limit() -> None:
    """Each attempt waits twice as long as the one before, until the longest pause."""
    rules = Rules(first_pause_s=1, longest_pause_s=10)
    assert [rules.pause(n).total_seconds() for n in (1, 2, 3, 4, 5, 500)] == [1, 2, 4, 8, 10, 10]


def test_the_loop_ends_after_the_jobs_it_began(jobs: Jobs, notes: Notes) -> None:
    """Stopping waits for the job that is running and begins no other."""
    begun, go_on = threading.Event(), threading.Event()

    def slow(word: str) -> None:
        begun.set()
        assert go_on.wait(DEADLINE_S)
        notes.note(word)

    defer(jobs, "slow", "first", "second")
    with running(jobs, {"slow": slow}, concurrency=1) as stop:
        assert begun.wait(DEADLINE_S)
        stop.set()
        threading.Timer(0.3, go_on.set).start()
    assert notes == ["first"]
    assert waiting(jobs) == 1


def worker(database: Database, **environment: str) -> subprocess.Popen[bytes]:
    """A process of its own that runs jobs."""
    words = [sys.executable, "-c", WORKER, database.url.render_as_string(hide_password=False)]
    return subprocess.Popen(words, env=os.environ | environment)


@pytest.mark.parametrize("point", ["jobs.claimed", "jobs.done"])
def test_the_jobs_of_a_killed_process_are_taken_over(jobs: Jobs, notes: Notes, point: str) -> None:
    """kill -9 between claiming a job and crossing it off: another process runs it within a few seconds."""
    defer(jobs, "note", "again")
    with jobs.database.transaction() as tx:
        tx.execute(sa.text("UPDATE procrastinate_jobs SET args = '{}'"))
    assert worker(jobs.database, LIENTHONG_FAILPOINT=point).wait(DEADLINE_S) == -signal.SIGKILL
    told: list[Ended] = []
    with running(replace(jobs, told=told.append), {"note": lambda: notes.note("again")}):
        notes.wait("again")
    assert [one.ending for one in told] == [Ending.TAKEN_OVER, Ending.DONE]
    assert told[-1].attempts == 2


def test_a_job_that_kills_its_process_does_not_loop(jobs: Jobs) -> None:
    """Poison that takes the process down counts as an attempt each time, and is buried like any other bug."""
    heard: list[Ended] = []
    strict = replace(jobs, told=heard.append)
    defer(jobs, "die")
    for _ in range(QUICK.most_attempts):
        assert worker(jobs.database).wait(DEADLINE_S) == -signal.SIGKILL
        assert strict.take_over(silent_s=0) == 1
    assert [one.ending for one in heard] == [Ending.TAKEN_OVER, Ending.TAKEN_OVER, Ending.BURIED]
    assert waiting(jobs) == 0


@pytest.mark.parametrize("stopping", [False, True])
def test_a_living_process_keeps_its_jobs(jobs: Jobs, *, stopping: bool) -> None:
    """A job that takes longer than the silence of a dead process is not taken from one that is alive, or is ending."""
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        begun.set()
        assert go_on.wait(DEADLINE_S)

    defer(jobs, "slow")
    with running(jobs, {"slow": slow}) as stop:
        assert begun.wait(DEADLINE_S)
        if stopping:
            stop.set()
        ends = time.monotonic() + 2 * QUICK.silent_s
        while time.monotonic() < ends:
            assert jobs.take_over() == 0
            time.sleep(0.05)
        go_on.set()


def cut(server: sa.URL, database: Database, last: str = "") -> None:
    """The server drops every connection to this database whose last statement holds the word ``last``."""
    these = "SELECT pid FROM pg_stat_activity WHERE datname = :name AND query LIKE :words"
    facts = {"name": database.url.database, "words": f"%{last}%"}
    engine = sa.create_engine(server, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as admin:
        pids: set[int] = set()

        def found() -> bool:
            """One of them may be saying something else just now."""
            pids.update(admin.execute(sa.text(these), facts).scalars())
            return bool(pids)

        until(found)
        for pid in pids:
            admin.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        until(lambda: not pids & set(admin.execute(sa.text(these), facts | {"words": "%"}).scalars()))


def test_a_restart_of_the_database_is_ridden_out(jobs: Jobs, notes: Notes, server: sa.URL) -> None:
    """When every connection breaks, the loop says so, connects again and goes on."""
    troubles: list[Exception] = []
    with running(replace(jobs, troubled=troubles.append), {"note": notes.note}):
        defer(jobs, "note", "before")
        notes.wait("before")
        cut(server, jobs.database)
        until(lambda: bool(troubles))
        jobs.database.close()
        defer(jobs, "note", "after")
        notes.wait("after")
    assert notes == ["before", "after"]


def test_a_database_that_is_away_is_waited_for(jobs: Jobs, notes: Notes, server: sa.URL) -> None:
    """While nobody can connect the loop says so and tries again; once it is back the work goes on."""
    troubles: list[Exception] = []
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)

    def allow(*, connections: bool) -> None:
        with admin.connect() as tx:
            tx.execute(sa.text(f"ALTER DATABASE {jobs.database.url.database} ALLOW_CONNECTIONS {connections}"))

    with running(replace(jobs, troubled=troubles.append), {"note": notes.note}):
        defer(jobs, "note", "before")
        notes.wait("before")
        try:
            allow(connections=False)
            cut(server, jobs.database)
            until(lambda: bool(troubles))
        finally:
            allow(connections=True)
        jobs.database.close()
        defer(jobs, "note", "after")
        notes.wait("after")
    assert {type(trouble) for trouble in troubles} <= {DatabaseDown, PoolTimeout}


@pytest.mark.parametrize("last", ["", "procrastinate_fetch_job"])
def test_a_job_that_could_not_be_crossed_off_is_not_forgotten(jobs: Jobs, server: sa.URL, last: str) -> None:
    """When the connection breaks while a job runs, its end cannot be noted: it runs again rather than never.

    Also when only the one connection breaks that would have noted it, and the loop itself goes on.
    """
    runs: list[int] = []
    calm = replace(jobs, rules=replace(QUICK, silent_s=3))  # no heartbeat finds the broken connection first

    def task() -> None:
        runs.append(1)
        if len(runs) == 1:
            cut(server, jobs.database, last)

    defer(jobs, "task")
    with running(calm, {"task": task}, concurrency=1):
        until(lambda: len(runs) >= 2)
        jobs.database.close()
        until(lambda: waiting(jobs) == 0)
    assert len(runs) == 2
