"""The writer of the doorbook: keeps it as the tables are. One of it works at a time.

Promises:  after ``tend`` the doorbook agrees with the tables as they were during the call, and is vouched for at least
           every ``VOUCH_S``; files that agree already are not written again, those lost or damaged meanwhile are.
           A change costs what it changes: it goes into a small file beside the large one. When that has grown, a new
           large one is made in a thread of its own, and changes are still written meanwhile.
Never:     touches a doorbook that does not agree; holds the directory in memory as a whole; leaves the doors, at any
           moment, without a large file and the small one that belongs to it.
Fails:     DatabaseDown (Temporary): the old files stand, and grow stale by themselves; OSError when the disk refuses.
           What failed in the other thread is raised by the next ``tend``, after its own work, and tried again.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy import Connection

from mailmap.directory.directory import OwnNames
from storage import constfile, doorbook, doorbook_content, doorbook_delta
from storage import doorbook_records as of
from storage.book import Book, Large, delta_path
from storage.constfile import BrokenFile
from storage.database import Database
from storage.doorbook_content import Content
from storage.doorbook_delta import Small
from storage.doorbook_records import Head, Record
from storage.failpoints import reach
from storage.trouble import Temporary

VOUCH_S = 5.0
SMALL = 500  # changed things that never ask for a new large file
SHARE = 100  # one changed thing to so many records asks for one
AGAIN_S = 60.0  # after a large file that could not be made
HUGE = 4  # so many times that, and it is not worth while to write a small file first

_ACCOUNTS_STATE = sa.text("SELECT concat(count(*), ' ', sum(hashtextextended(accounts::text, 0))) FROM accounts")
_ONE_MOMENT = sa.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


class Abandoned(Temporary):
    """The gateway stops before the new doorbook was whole."""


class DoorbookWriter:
    """Tends the doorbook at ``path`` for the gateway with these names; looks at the files before it vouches for them.

    ``small`` is how many changed things a small file may hold, whatever the size of the large one.
    """

    def __init__(
        self, database: Database, path: Path, own: OwnNames, *, vouch_every_s: float = VOUCH_S, small: int = SMALL
    ) -> None:
        self._database, self._path, self._own, self._most_small = database, path, own, small
        self._book: Book | None = None
        self._small: Small | None = None
        self._vouch_every, self._vouch_at = vouch_every_s, 0.0
        self._aside = ThreadPoolExecutor(1, "doorbook")
        self._renewal: Future[Path] | None = None
        self._renew_at = 0.0
        self._stop = Event()

    def tend(self) -> bool:
        """Make the doorbook agree with the tables and vouch for it; True when anything was written."""
        vouches = time.monotonic() >= self._vouch_at
        if vouches:
            self._open()
        with self._moment() as tx:
            head = Head(self._own, state(tx))
            stale = self._book is None or replace(self._book.head, identity="") != head
            if stale:
                self._write(tx, head)
        if stale or vouches:
            doorbook.vouch(self._path)
            self._vouch_at = time.monotonic() + self._vouch_every
        self._renew()
        return stale

    def close(self) -> None:
        """Abandon what is being made."""
        self._stop.set()
        self._aside.shutdown()

    def _open(self) -> None:
        """Look at what an earlier writer, or this one, wrote; nothing when that is not readable."""
        known = self._book
        try:
            self._book = Book(self._path)
        except (FileNotFoundError, BrokenFile):
            self._book = None
        if self._book and not (known and known.head.identity == self._book.head.identity):
            self._small = Small(self._book.base)

    def _write(self, tx: Connection, head: Head) -> None:
        """The small file anew; both, when the large one is of no use any more."""
        book, small = self._book, self._small
        if not book or not small or book.head.own != self._own or not small.follow(tx, HUGE * self._room(book.base)):
            self._settle(tx, self._large(tx, head), head)
            return
        head = replace(head, identity=book.head.identity)
        constfile.write(book.base.delta_path, small.records(head))
        self._book = Book(self._path, book.base)

    def _large(self, tx: Connection, head: Head) -> Path:
        """A large file beside the one in use."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        return _write_large(self._path, head, doorbook_content.of_tables(tx), self._stop)

    def _settle(self, tx: Connection, fresh: Path, head: Head) -> None:
        """Put a new large file in its place, with the small one that makes it agree with the tables."""
        base = Large(fresh)
        small = Small(base)
        if base.head.own != self._own or not small.follow(tx):
            fresh.unlink()
            raise Abandoned("the tables were replaced while a doorbook was made of them")
        head = replace(head, identity=base.head.identity)
        _put_in_place(self._path, fresh, small.records(head))
        self._book, self._small = Book(self._path), small
        if self._renewal is None:
            _sweep(self._book.base.delta_path, self._path)

    def _renew(self) -> None:
        """Begin a new large file when the small one has grown; put it in place when it is ready."""
        if self._renewal is None:
            grown = self._book and self._small and self._small.changed.size() > self._room(self._book.base)
            if grown and time.monotonic() >= self._renew_at:
                self._renewal = self._aside.submit(self._make)
            return
        if self._renewal.done():
            renewal, self._renewal = self._renewal, None
            self._renew_at = time.monotonic() + AGAIN_S
            fresh = renewal.result()
            with self._moment() as tx:
                self._settle(tx, fresh, Head(self._own, state(tx)))
            doorbook.vouch(self._path)
            self._renew_at = 0.0

    def _make(self) -> Path:
        with self._moment() as tx:
            return self._large(tx, Head(self._own, state(tx)))

    def _room(self, base: Large) -> int:
        return max(self._most_small, base.records // SHARE)

    @contextmanager
    def _moment(self) -> Iterator[Connection]:
        """A transaction that sees the tables as they are at one moment."""
        with self._database.transaction() as tx:
            tx.execute(_ONE_MOMENT)
            yield tx


def write(path: Path, head: Head, content: Content) -> None:
    """A whole doorbook of this content, and nothing that changed since."""
    fresh = _write_large(path, head, content)
    _put_in_place(path, fresh, [of.head_record(Large(fresh).head)])
    _sweep(Large(path).delta_path, path)


def state(tx: Connection) -> str:
    """What changes when anything in the doorbook must change; the first word marks the newest change of units."""
    return f"{doorbook_delta.mark(tx)} {tx.execute(_ACCOUNTS_STATE).scalar_one()}"


def _write_large(path: Path, head: Head, content: Content, stop: Event | None = None) -> Path:
    head = replace(head, identity=uuid4().hex)
    fresh = path.with_name(f"{path.name}.{head.identity}.next")
    with closing(_until(stop or Event(), doorbook_content.records(head, content))) as records:
        constfile.write(fresh, records)
    return fresh


def _until(stop: Event, records: Generator[Record, None, None]) -> Generator[Record, None, None]:
    with closing(records):
        for record in records:
            if stop.is_set():
                raise Abandoned("the gateway stops")
            yield record


def _put_in_place(path: Path, fresh: Path, changed: Iterable[Record]) -> None:
    """First the small file, which nobody looks for yet; the large one under its name makes both true at once."""
    constfile.write(delta_path(path, Large(fresh).head.identity), changed)
    reach("doorbook.before-switch")
    constfile.rename(fresh, path)
    reach("doorbook.after-switch")


def _sweep(delta: Path, path: Path) -> None:
    """Take away what belongs to no large file in use: those of the past, and what a crash left."""
    for left in (*path.parent.glob(f"{path.name}.*.delta*"), *path.parent.glob(f"{path.name}.*.next*")):
        if left != delta:
            left.unlink(missing_ok=True)
