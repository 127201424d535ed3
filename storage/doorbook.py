"""The doorbook: what the doors must know, in files that are mapped into memory.

Promises:  every door answers from the files alone, without a database; it sees a change within half a second of its
           coming; its answers are those of ``mailmap.directory`` on this day, which turns at midnight in ``zone``.
Never:     writes (``doorbook_writer`` does); answers from a file that nobody has vouched for within ``max_age_s``: the
           writer touches it as long as it agrees with the tables.
Fails:     Stale for a missing, broken or too old file: the door says 450 and the sender's server comes again.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

from mailmap.directory import nearness
from mailmap.directory.address import fold
from mailmap.directory.answers import Leads
from mailmap.directory.directory import Snapshot, split
from storage.book import Book, Large
from storage.constfile import BrokenFile
from storage.doorbook_records import Account, Head
from storage.trouble import Temporary

__all__ = ["Account", "Book", "Doorbook", "Head", "Stale", "Standing", "vouch"]

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
_LOOKS = 5  # at files that are just being replaced


class Standing(StrEnum):
    """What the door makes of a recipient; FOREIGN is not one of our domains."""

    KNOWN = "known"
    UNKNOWN = "unknown"
    FOREIGN = "foreign"


class Stale(Temporary):
    """The doorbook is missing, broken, or older than allowed."""


_FileId = tuple[int, int]  # device and inode: while ours is open, no other file gets its number


@dataclass(frozen=True, slots=True)
class _Edition:
    """An open book, the files it is, and when it was last vouched for."""

    book: Book
    base: _FileId
    delta: _FileId
    vouched: float


class Doorbook:
    """The doorbook at ``path``, whichever file that is just now; for one thread or many.

    Keyed addresses are in no book: the door that holds the key tells whether it made them. ``look_every_s`` is how
    long a replaced file may go unseen.
    """

    def __init__(
        self,
        path: Path,
        *,
        max_age_s: float,
        zone: tzinfo = HANOI,
        look_every_s: float = 0.5,
    ) -> None:
        self._path, self._zone = path, zone
        self._max_age, self._look_every = max_age_s, look_every_s
        self._edition: _Edition | None = None
        self._next_look = 0.0

    def standing(self, address: str) -> Standing:
        """What to answer to this recipient now; Stale when nobody can tell."""
        leads = self.directory().where(address, datetime.now(self._zone).date()).leads
        return {Leads.UNKNOWN: Standing.UNKNOWN, Leads.FOREIGN: Standing.FOREIGN}.get(leads, Standing.KNOWN)

    def nearest(self, address: str, limit: int = 3) -> tuple[str, ...]:
        """Addresses of ours that a misspelt one may mean, the nearest first; Stale when nobody can tell."""
        local, domain = split(fold(address))
        return tuple(f"{name}@{domain}" for name in nearness.nearest(local, self._read(), limit))

    def account(self, login: str) -> Account | None:
        """The account with that login, in whatever case; Stale when nobody can tell."""
        return self._read().account(fold(login))

    def directory(self, token_key: bytes = b"") -> Snapshot:
        """All of its answers, for any day; Stale when nobody can tell. Not to be kept: ask again next time."""
        book = self._read()
        return Snapshot(book, book.head.own, token_key)

    def _read(self) -> Book:
        if time.monotonic() >= self._next_look:
            self._next_look = time.monotonic() + self._look_every
            self._edition = self._look(self._edition)
        edition = self._edition
        if edition is None:
            raise Stale(f"no readable {self._path.name}")
        if (age := time.time() - edition.vouched) > self._max_age:
            raise Stale(f"{self._path.name} was last vouched for {age:.0f} s ago")
        return edition.book

    def _look(self, known: _Edition | None) -> _Edition | None:
        for _ in range(_LOOKS):
            try:
                return self._seen(known)
            except FileNotFoundError:
                continue  # the large file was replaced, and its small one is gone: look once more
            except BrokenFile:
                break
        return None

    def _seen(self, known: _Edition | None) -> _Edition:
        seen = self._path.stat()
        file = seen.st_dev, seen.st_ino
        base = known.book.base if known and known.base == file else Large(self._path)
        beside = base.delta_path.stat()
        delta = beside.st_dev, beside.st_ino
        same = known is not None and known.base == file and known.delta == delta
        return _Edition(known.book if known and same else Book(self._path, base), file, delta, seen.st_mtime)


def vouch(path: Path) -> None:
    """Say that the file at ``path`` agrees with the tables at this moment."""
    os.utime(path)
