"""The whole gateway, as ``lienthong serve`` runs it, for tests with real peers.

Promises:  every role in processes of its own, on the run's PostgreSQL; doors for other servers and for people who log
           in, with the certificate of tests/fakes/tls; the names of the talks in tests/dialogues, so that those can be
           played here too. What it did is read from its database. All is stopped when the block ends.
Fails:     RuntimeError with the log's last lines when the gateway does not become ready in time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from gateway.app import Office, office
from gateway.demo.watch import wait
from mailmap.directory.unit import Unit, UnitKind
from mailmap.mail.envelope import Arrival, Envelope, unpack
from storage import accounts, reading
from storage.doorbook import Account, Doorbook, Stale
from storage.reading import Tracked
from storage.schema import documents, letters, mails
from tests.fakes.tls import certificate
from tests.offices import ODD, enter, mapped
from tests.ports import free_port
from tests.whole_gateway import Gateway, Sections, account

DOMAIN = "nam.test"
CLERK = "vanthu@xa.example"
DISTRICT = "vanthu@huyen.example"
NOBODY = "vanthu@an.example"  # mapped, but there is no such mailbox
FAR = "vanthu@so.example"  # behind a server that knows no DSN
UNITS = (
    ("tinh", "UBND tỉnh Nam Định", UnitKind.PROVINCE, None, "vanthu@tinh.example"),
    ("huyen", "UBND huyện Hải Hậu", UnitKind.DISTRICT, "tinh", DISTRICT),
    ("xa", "UBND xã Hải Phúc", UnitKind.COMMUNE, "huyen", CLERK),
    ("an", "UBND xã Hải An", UnitKind.COMMUNE, "huyen", NOBODY),
    ("so", "Sở Nội vụ", UnitKind.DEPARTMENT, "tinh", FAR),
)
PASSWORD = "right"


@dataclass(frozen=True, slots=True)
class Taken:
    """A mail that was taken and concluded: its number, envelope, arrival, octets, outcome, and its document's code."""

    spool_id: str
    envelope: Envelope
    arrival: Arrival
    octets: bytes
    outcome: str
    code: str


@dataclass(frozen=True, slots=True)
class Site:
    """The running gateway: its doors, and what it did."""

    office: Office
    mx: int
    submission: int
    submissions: int
    log: Path

    def role(self, name: str) -> int:
        """The process id of that role, as the log tells it."""
        told = map(json.loads, filter(_is_json, self.log.read_text("utf-8").splitlines()))
        return next(one["pid"] for one in told if one["event"] == "role_started" and one["role"] == name)

    @property
    def doorbook(self) -> Path:
        """The file by which the doors know addresses."""
        return self.office.state.doorbook

    def taken(self, where: sa.ColumnElement[bool]) -> Taken:
        """The (last) mail of which that is true, once it is concluded."""
        return wait(lambda: self._taken(where))

    def by_number(self, spool_id: str) -> Taken:
        """The mail that was answered with that number."""
        return self.taken(mails.c.spool_id == spool_id)

    def by_envid(self, envid: str) -> Taken:
        """The mail with that envelope id."""
        return self.taken(mails.c.envelope["envid"].astext == envid)

    def story(self, code: str, until: Callable[[Tracked], bool]) -> Tracked:
        """All that is known of a document, once that is true of it."""

        def look() -> Tracked | None:
            with self.office.database.transaction() as tx:
                found = reading.track(tx, code)
            return found if until(found) else None

        return wait(look)

    def template(self, letter: int) -> str:
        """By which template that letter was written."""
        with self.office.database.transaction() as tx:
            return str(tx.execute(sa.select(letters.c.spec["template"].astext).where(letters.c.id == letter)).scalar())

    def _taken(self, where: sa.ColumnElement[bool]) -> Taken | None:
        columns = (mails.c.spool_id, mails.c.envelope, mails.c.blob, mails.c.outcome, documents.c.code)
        whence = mails.outerjoin(documents, documents.c.id == mails.c.document)
        query = sa.select(*columns).select_from(whence).where(where, mails.c.outcome.is_not(None))
        with self.office.database.transaction() as tx:
            row = tx.execute(query.order_by(mails.c.id.desc()).limit(1)).one_or_none()
        if row is None:
            return None
        envelope, arrival = unpack(json.dumps(row.envelope).encode())
        return Taken(row.spool_id, envelope, arrival, self.office.blobs.get(row.blob), row.outcome, row.code or "")


@contextmanager
def site(root: Path, database: str, mx: int, smarthost: int) -> Iterator[Site]:
    """The gateway for the block, over a migrated, otherwise empty database."""
    root.mkdir(parents=True, exist_ok=True)
    submission, submissions = free_port(), free_port()
    pair = certificate(root)
    own: Sections = {
        "gateway": {"domains": [DOMAIN], "host_name": "door.test"},
        "smtp": {
            "submission": [f"127.0.0.1:{submission}"],
            "submissions": [f"127.0.0.1:{submissions}"],
            "tls_certificate": str(pair.chain),
            "tls_key": str(pair.key),
        },
        "database": {"url": database},
        "send": {"concurrency": 2},
        "work": {"concurrency": 2},
        "log": {"format": "json"},
    }
    gateway = Gateway(root, mx, smarthost, own)
    gateway.settle()
    with office(gateway.settings) as at:
        _settle(at)
        with gateway.serving():
            _until_known(at, "clerk")
            yield Site(at, mx, submission, submissions, root / "serve.log")


def _settle(at: Office) -> None:
    """The units, and one account that may send as the commune."""
    now = datetime.now(UTC)
    with at.database.transaction() as tx:
        some = [Unit(id_, name, kind, id_, parent, to, valid_from=ODD) for id_, name, kind, parent, to in UNITS]
        enter(tx, some, mapped(*some))
        accounts.add(tx, account("clerk", PASSWORD, CLERK), now)


def _is_json(line: str) -> bool:
    return line.startswith("{")


def _until_known(at: Office, login: str) -> None:
    """Return when the doors know the account."""

    def look() -> Account | None:
        try:
            return Doorbook(at.state.doorbook, max_age_s=60).account(login)
        except Stale:
            return None

    wait(look)
