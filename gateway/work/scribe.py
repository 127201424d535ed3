"""The scribe: turns the acts of decisions into events, ids, numbers and letters, for one transaction.

Promises:  after ``write`` everything decided is in the journal, the register and the job queue of this transaction;
           deliveries and notices are handed to the dispatcher, receipts wait for their seal.
Never:     decides, commits, or sends.
Fails:     what the register raises: the caller's transaction is void.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection

from mailmap.directory.unit import Unit
from mailmap.document.events import JSON, Event, LetterQueued
from storage import register
from storage.jobs import Jobs
from storage.journal import Vault
from storage.register import Series
from storage.schema import awaiting_seal
from storage.strongroom import Strongroom

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
IDS_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Desk:
    """What every step needs: the vault, the job queue, the strongroom, and the settings the registrar obeys.

    ``officers`` are told of what goes under lock; ``max_notices`` bounds how many notices one address gets in a day.
    """

    vault: Vault
    jobs: Jobs
    tracking_key: bytes
    strongroom: Strongroom
    language: str = "vi"
    letter_lifetime: timedelta = timedelta(days=5)
    first_number: int = 1
    officers: tuple[str, ...] = ()
    max_notices: int = 30


@dataclass(slots=True)
class Scribe:
    """Collects what one transaction has to write. Not shared between transactions."""

    tx: Connection
    desk: Desk
    now: datetime
    events: list[Event] = field(default_factory=list)
    ready: list[int] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)
    _numbers: dict[str, int] = field(default_factory=dict)  # the next of each unit that got one in this transaction
    _ids: Iterator[int] = field(default_factory=lambda: iter(()))

    @property
    def stamp(self) -> str:
        """Now, as events carry it."""
        return self.now.isoformat()

    @property
    def year(self) -> int:
        """The book year: it turns at midnight in Hà Nội."""
        return self.now.astimezone(HANOI).year

    def new_id(self) -> int:
        """A fresh id for a document, delivery or letter."""
        for id_ in self._ids:
            return id_
        self._ids = iter(register.new_ids(self.tx, IDS_AT_ONCE))
        return next(self._ids)

    def arrival_numbers(self, units: Sequence[Unit]) -> dict[str, int | None]:
        """By id: the next số đến of each of these units, without gaps; None for one that keeps its own book."""
        booked = [unit.id for unit in units if unit.book]
        unopened = [Series(unit, "in", self.year) for unit in booked if unit not in self._numbers]
        numbers = register.next_numbers(self.tx, unopened, self.desk.first_number)
        self._numbers |= {series.unit: number for series, number in zip(unopened, numbers, strict=True)}
        given = {unit: self._numbers[unit] for unit in booked}
        self._numbers |= {unit: number + 1 for unit, number in given.items()}  # the books themselves move at the end
        return {unit.id: given.get(unit.id) for unit in units}

    def letter(
        self, kind: str, to: str, spec: Mapping[str, JSON], *, unit: str = "", of: tuple[int | None, int | None]
    ) -> int:
        """Queue a letter; ``of`` is (document, delivery). A receipt waits for the seal of what it tells."""
        letter = self.new_id()
        expires = (self.now + self.desk.letter_lifetime).isoformat()
        full = {"language": self.desk.language, **spec}
        document, delivery = of
        self.events.append(
            LetterQueued(document, letter, delivery, kind, unit, self.stamp, expires, to, full)
        )  # fmt: skip
        (self.waiting if kind == "receipt" else self.ready).append(letter)
        return letter

    def write(self, actor: str) -> None:
        """Journal, register, jobs: all in this transaction; true at its commit."""
        seqs = register.record(self.tx, self.desk.vault, self.events, actor=actor, at=self.now)
        if self.waiting:
            rows = [{"letter": letter, "seq": seqs[-1]} for letter in self.waiting]
            self.tx.execute(sa.insert(awaiting_seal), rows)
        if self.ready:
            self.desk.jobs.defer(self.tx, "send", {"letters": list(self.ready)}, queue="send")
