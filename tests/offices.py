"""A small real office for tests of the hands: real PostgreSQL, real files, a little province.

Promises:  everything is opened by ``gateway.app.office``, as the running gateway does; mails are put in as the doors
           would leave them, and jobs run through the real queue until none is left.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa

from gateway.app import Office, office
from gateway.settings import Settings
from gateway.work.worker import SCANS
from mailmap.directory.address import Address
from mailmap.directory.succession import Succession
from mailmap.directory.unit import Unit, UnitKind
from mailmap.mail.envelope import Arrival, Door, Envelope, ForwardPath, pack
from storage import arrivals, directory, reading, rebuild
from storage.directory_history import Signature, remember
from storage.jobs import QUEUE
from storage.keys import Keys
from storage.reading import MailRow
from storage.rebuild import Difference
from storage.schema import letters
from storage.spool import Record

DOMAIN = "lienthong.namdinh.example"
CLERK = "vanthu.haiphuc@haihau.namdinh.example"
DISTRICT = "vanthu@haihau.namdinh.example"
ODD = date(2000, 1, 1)

UNITS = (
    ("namdinh", "UBND tỉnh Nam Định", UnitKind.PROVINCE, None, "vanthu@namdinh.example"),
    ("haihau", "UBND huyện Hải Hậu", UnitKind.DISTRICT, "namdinh", DISTRICT),
    ("haiphuc.haihau", "UBND xã Hải Phúc", UnitKind.COMMUNE, "haihau", CLERK),
    ("haian.haihau", "UBND xã Hải An", UnitKind.COMMUNE, "haihau", "vanthu.haian@haihau.namdinh.example"),
)


@dataclass(slots=True)
class Clock:
    """The office's clock: the time it is, or the time somebody set, which stands still."""

    now: datetime | None = None

    def __call__(self) -> datetime:
        """The time (UTC)."""
        return self.now or datetime.now(UTC)


class World:
    """An open office with its province and its clock, and what tests do with it."""

    def __init__(self, at: Office, clock: Clock) -> None:
        self.office, self.clock = at, clock
        self._numbers = count(1)

    def arrive(self, raw: bytes, to: Sequence[str], *, trusted: bool = True, sender: str | None = CLERK) -> str:
        """A mail as forward leaves it: blob, row and job; its number."""
        number = f"S-TEST-{next(self._numbers):04d}"
        envelope = Envelope(sender, tuple(ForwardPath(each) for each in to))
        arrival = Arrival(Door.MX, self.clock(), "192.0.2.1", "mail.example", trusted=trusted)
        sha256 = hashlib.sha256(raw).hexdigest()
        self.office.blobs.put(raw, sha256)
        record = Record(number, len(raw), sha256, pack(envelope, arrival), raw)
        with self.office.database.transaction() as tx:
            fresh = arrivals.enter(tx, [record])
            self.office.jobs.defer(tx, "register", {"mails": [*fresh]})
        return number

    def work(self) -> None:
        """Run every job of the registrar until none is left."""
        ended = self.office.jobs.run_until_empty(self.office.worker().tasks(), (QUEUE, SCANS))
        assert all(one.error is None for one in ended), [one.error for one in ended]

    def outcome(self, number: str) -> MailRow:
        """How that mail ended."""
        with self.office.database.transaction() as tx:
            return next(row for row in reading.ended(tx, most=1000) if row.spool_id == number)

    def conclude(self, raw: bytes, to: Sequence[str], *, trusted: bool = True, sender: str | None = CLERK) -> MailRow:
        """The mail arrives and is worked on; how it ended."""
        number = self.arrive(raw, to, trusted=trusted, sender=sender)
        self.work()
        return self.outcome(number)

    def unlike_its_journal(self) -> list[Difference]:
        """Where the register rebuilt from the journal differs from the living one."""
        with self.office.database.transaction() as tx:
            return rebuild.compare(tx, self.office.vault, lambda _: None)

    def written(self, code: str, template: str) -> list[sa.Row[tuple[object, ...]]]:
        """The letters of that template about a document, oldest first."""
        with self.office.database.transaction() as tx:
            document = reading.track(tx, code).document.id
            rows = tx.execute(sa.select(letters).where(letters.c.document == document).order_by(letters.c.id)).all()
        return [row for row in rows if row.spec["template"] == template]


@contextmanager
def opened_world(database_url: str, root: Path, officers: Sequence[str] = ()) -> Iterator[World]:
    """A world over a migrated, otherwise empty database."""
    settings = Settings.model_validate(
        {
            "gateway": {"domains": [DOMAIN], "state_directory": str(root)},
            "database": {"url": database_url},
            "trust": {"relay_networks": ["192.0.2.0/24"]},
            "classified": {"officers": [*officers]},
        }
    )
    root.mkdir(parents=True, exist_ok=True)
    Keys.create(root / "keys.json")
    clock = Clock()
    with office(settings, clock=clock) as at:
        _settle(at)
        yield World(at, clock)


def province() -> list[Unit]:
    """The units of the little province, each under its short name."""
    return [Unit(id_, name, kind, id_, parent, contact, valid_from=ODD) for id_, name, kind, parent, contact in UNITS]


def mapped(*some: Unit) -> list[Address]:
    """The mappings of these units' own mailboxes."""
    return [Address(unit.contact, unit.id, valid_from=ODD) for unit in some if unit.contact]


def enter(
    tx: sa.Connection, some: Sequence[Unit], mappings: Sequence[Address] = (), steps: Sequence[Succession] = ()
) -> None:
    """Write these into the directory, with a row of history."""
    directory.put(tx, some, mappings, steps)
    remember(tx, [], Signature("test", "world", datetime.now(UTC)))


def _settle(at: Office) -> None:
    with at.database.transaction() as tx:
        enter(tx, province(), mapped(*province()))


@pytest.fixture(scope="module")
def world(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One world for the tests of a module."""
    with opened_world(database_url, tmp_path_factory.mktemp("office")) as one:
        yield one


MailMaker = Callable[..., bytes]
