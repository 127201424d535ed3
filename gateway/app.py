"""The only place where objects meet.

Promises:  ``office`` opens what commands and roles share (database, blobs, keys, jobs, directory) and closes it again;
           nobody else builds these.
Never:     decides anything; starts a process (``supervisor`` does).
Fails:     what the rooms raise when they cannot open: NoKeys, NoServer, DatabaseDown, NotMigrated.
"""

from __future__ import annotations

import threading
import tomllib
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from gateway import fitting, maillog
from gateway.examine.understanding import shared
from gateway.send.courier import Courier
from gateway.settings import Settings
from gateway.state import State
from gateway.stores import opened_blobs, opened_database
from gateway.words import CONFIG, words
from gateway.work.dispatcher import Dispatcher
from gateway.work.facts import Bench
from gateway.work.postroom import Postroom
from gateway.work.registrar import Registrar
from gateway.work.scribe import Desk
from gateway.work.settling import Patience
from gateway.work.stationery import letterhead, templates
from gateway.work.worker import Worker
from mailmap.directory.answers import Directory
from mailmap.directory.directory import OwnNames
from mailmap.policy.commands import Phrases, phrases_of
from storage.accounts import may_send_as
from storage.attempts import Rules
from storage.blobs import Blobs
from storage.database import Database
from storage.directories import Directories
from storage.jobs import Jobs
from storage.keys import Keys
from storage.payloads import Payloads
from storage.strongroom import Strongroom


def now() -> datetime:
    """The clock: UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Office:
    """What commands and roles share, open."""

    settings: Settings
    state: State
    keys: Keys
    database: Database
    blobs: Blobs
    vault: Payloads
    jobs: Jobs
    directories: Directories
    clock: Callable[[], datetime] = now

    @property
    def desk(self) -> Desk:
        """What every step of the registrar needs."""
        return Desk(
            self.vault,
            self.jobs,
            self.keys.tracking_key,
            Strongroom(self.keys, self.blobs),
            language=self.settings.gateway.language.value,
            letter_lifetime=timedelta(hours=self.settings.send.retry_lifetime_h),
            first_number=self.settings.books.first_number,
            officers=self.settings.classified.officers,
            max_notices=fitting.policy(self.settings).max_notices,
        )

    def directory(self) -> Directory:
        """Who is who, as of this moment."""
        with self.database.transaction() as tx:
            return self.directories.load(tx)

    def worker(self) -> Worker:
        """The worker of "register" jobs."""
        spoken = words(self.settings.gateway.language)
        bench = Bench(fitting.policy(self.settings), phrases(), spoken, self._may_send_as)
        registrar = Registrar(self.database, self.desk, bench)
        return Worker(self.database, self.blobs, self.jobs, registrar, self.directory, shared(), self.clock)

    def dispatcher(self, courier: Courier, stop: threading.Event) -> Dispatcher:
        """The dispatcher of "send" jobs."""
        asked = self.settings.send
        postroom = Postroom(self.blobs, templates(), letterhead(self.settings, self.keys.token_key), asks=asked.dsn)
        patience = Patience(warning=timedelta(hours=asked.delay_warning_h) if asked.delay_warning_h else None)
        return Dispatcher(
            self.database, self.desk, postroom, courier, self.directory, self.clock, patience=patience, stop=stop
        )

    def _may_send_as(self, login: str) -> Collection[str]:
        with self.database.transaction() as tx:
            return may_send_as(tx, login)


@contextmanager
def office(settings: Settings, *, migrate: bool = False, clock: Callable[[], datetime] = now) -> Iterator[Office]:
    """Open everything but the doors; unless ``migrate`` is asked for, the database must be migrated."""
    state = State.of(settings)
    keys = Keys.load(state.keys)
    with opened_database(settings) as database:
        if migrate:
            database.migrate()
        database.check()
        rules = Rules(silent_s=settings.work.takeover_s)
        jobs = Jobs(database, rules, told=maillog.job_ended, troubled=maillog.jobs_wait)
        directories = Directories(database, own_names(settings), keys.token_key)
        try:
            shared = settings, state, keys, database, opened_blobs(settings), Payloads(keys), jobs, directories
            yield Office(*shared, clock)
        finally:
            directories.close()


def own_names(settings: Settings) -> OwnNames:
    """The names by which the gateway knows itself."""
    return OwnNames(frozenset(settings.gateway.domains), frozenset(settings.gateway.intake))


def phrases() -> Phrases:
    """The words with which units answer (config/commands.toml)."""
    return phrases_of(tomllib.loads((CONFIG / "commands.toml").read_text("utf-8")))
