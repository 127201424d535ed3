"""Forward: each record of the spool becomes one blob, one row, one job; also done twice, also without a database."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from time import monotonic

import pytest
import sqlalchemy as sa
from obstore.store import LocalStore

from gateway.receive.forward import MAILS_A_JOB, Forward, Rows, run_forward
from mailmap.mail.envelope import Arrival, Door, Envelope, ForwardPath, pack
from storage import blobs
from storage.arrivals import SpoolIdTaken
from storage.blobdisk import DiskKeeper
from storage.blobs import Blobs, BlobsAway
from storage.database import Database
from storage.embedded import Embedded
from storage.jobs import Jobs
from storage.schema import mails
from storage.spool import Limits, Reader, Record, Spool, Stored
from tests.fakes.poor_disk import PoorDisk

AT = datetime(2026, 3, 2, 7, 30, 0, 250, tzinfo=UTC)
ENVELOPE = Envelope("vt@xã.example", (ForwardPath("huyen@nam.test"),), smtputf8=True)
PACKED = pack(ENVELOPE, Arrival(Door.MX, AT, "192.0.2.7", "mx.example"))
JOBS = sa.text("SELECT task_name, args FROM procrastinate_jobs ORDER BY id")


@dataclass(frozen=True)
class Post:
    """A spool with its door, and where forward carries to."""

    root: Path
    spool: Spool
    database: Database
    blobs: Blobs

    def forward(self) -> Forward:
        """A forward process that starts now."""
        reader = Reader(self.root / "spool")
        reader.adopt()
        return Forward(reader, self.blobs, Rows(self.database, Jobs(self.database)))

    def send(self, *octets: bytes) -> list[Stored]:
        """Mails come in by the door."""
        drafts = [self.spool.draft() for _ in octets]
        for draft, mail in zip(drafts, octets, strict=True):
            draft.write(mail)
        return [one.result() for one in [self.spool.commit(draft, PACKED) for draft in drafts]]

    def rows(self) -> Sequence[sa.Row[tuple[object, ...]]]:
        """What was entered."""
        with self.database.transaction() as tx:
            return tx.execute(sa.select(mails).order_by(mails.c.id)).all()

    def jobs(self) -> list[list[int]]:
        """The mails of each job."""
        with self.database.transaction() as tx:
            found = tx.execute(JOBS).all()
        assert {row.task_name for row in found} <= {"register"}
        return [row.args["mails"] for row in found]


@pytest.fixture
def post(tmp_path: Path, database: Database) -> Iterator[Post]:
    """A door that is open, an empty database."""
    with database.transaction() as tx:
        tx.execute(sa.text("DELETE FROM mails"))
        tx.execute(sa.text("DELETE FROM procrastinate_jobs"))
    spool = Spool(tmp_path / "spool", "door", limits=Limits(own_file_over=4096, keep_free_bytes=1))
    yield Post(tmp_path, spool, database, blobs.on_disk(tmp_path / "blobs"))
    spool.close()


def test_a_record_becomes_a_row_a_blob_and_a_job(post: Post) -> None:
    """All that was known of the mail is in its row; its octets are kept under their digest."""
    small, large = post.send(b"small", bytes(9000))
    assert post.forward().step() == 2
    rows = {row.spool_id: row for row in post.rows()}
    assert rows.keys() == {small.spool_id, large.spool_id}
    row = rows[large.spool_id]
    assert (row.blob, row.size, row.received_at) == (large.sha256, 9000, AT)
    assert row.envelope == json.loads(PACKED)
    assert (row.attempts, row.outcome, row.digest) == (0, None, None)
    assert post.blobs.get(large.sha256) == bytes(9000)
    assert post.blobs.get(small.sha256) == b"small"
    assert post.jobs() == [[one.id for one in post.rows()]]


def test_what_was_entered_is_not_entered_again(post: Post) -> None:
    """Dying before the spool was told: the same records come again, no row and no job doubles; new ones go on."""
    post.send(b"one", b"two")
    first = post.forward()
    batch = first.reader.take(99, 99)
    first.ledger.enter(batch.records)
    post.send(b"three")
    assert post.forward().step() == 3
    assert [row.size for row in post.rows()] == [3, 3, 5]
    assert [len(job) for job in post.jobs()] == [2, 1]


def test_many_mails_are_shared_out_over_jobs(post: Post) -> None:
    """A job carries a handful of mails, so that several workers have work, and each mail is in one job."""
    post.send(*(b"%d" % number for number in range(40)))
    assert post.forward().step() == 40
    assert [len(job) for job in post.jobs()] == [MAILS_A_JOB, MAILS_A_JOB, 8]
    assert sorted(mail for job in post.jobs() for mail in job) == [row.id for row in post.rows()]


def test_the_spool_is_empty_when_all_is_carried(post: Post) -> None:
    """Nothing lies twice: what is in blobs and rows is let go of."""
    post.send(b"one", bytes(9000))
    post.spool.close()
    forward = post.forward()
    while forward.step():
        pass
    left = sorted(path.suffix or path.name for path in (post.root / "spool" / "door").iterdir())
    assert left == [".seg", "gauge", "lock"]


def test_damage_in_the_spool_stops_no_other_mail(post: Post) -> None:
    """The mail that cannot be read is told and stays, its neighbours go on (lesson 1)."""
    lost, kept = post.send(bytes(9000), b"kept")
    (post.root / "spool" / "door" / f"{lost.spool_id}.mail").write_bytes(bytes(8999))
    forward = post.forward()
    assert forward.step() == 1
    assert [row.spool_id for row in post.rows()] == [kept.spool_id]
    assert forward.step() == 0


def test_two_mails_never_share_a_row(post: Post) -> None:
    """Should two owners ever give one id to two mails, the second is not taken for the first."""
    first = Record("S-0000-00000-TWICE", 1, "aa" * 32, PACKED, b"1")
    other = Record("S-0000-00000-TWICE", 1, "bb" * 32, PACKED, b"2")
    rows = Rows(post.database, Jobs(post.database))
    rows.enter([first])
    rows.enter([first])
    with pytest.raises(SpoolIdTaken):
        rows.enter([other])
    assert [row.blob for row in post.rows()] == ["aa" * 32]


def wait_for(post: Post, forward: Forward, mails_entered: int) -> None:
    """Let forward run as the process does until so many mails are entered."""
    stop = Event()
    running = Thread(target=run_forward, args=(forward, stop))
    running.start()
    try:
        deadline = monotonic() + 30
        while len(post.rows()) < mails_entered:
            assert monotonic() < deadline
            stop.wait(0.01)
    finally:
        stop.set()
        running.join()


def test_forward_runs_until_it_is_stopped(post: Post) -> None:
    """It finds mail that comes while it runs, also by a door that opens later."""
    forward = post.forward()
    later = Spool(post.root / "spool", "later", limits=Limits(keep_free_bytes=1))
    draft = later.draft()
    draft.write(b"by another door")
    later.commit(draft, PACKED).result()
    post.send(b"by the first")
    wait_for(post, forward, 2)
    assert forward.step() == 0
    later.close()


def test_a_full_disk_is_waited_for(post: Post) -> None:
    """Lesson 41: the blobs find no room; the mail stays in the spool, and is carried, once, when there is some."""
    disk = PoorDisk()
    root = post.root / "poor"
    poor = replace(post, blobs=Blobs(LocalStore(root, mkdir=True), DiskKeeper(root, files=disk)))
    disk.full = True
    post.send(b"waits for room")
    forward = poor.forward()
    with pytest.raises(BlobsAway):
        forward.step()
    assert post.rows() == []
    disk.full = False
    wait_for(poor, forward, 1)
    assert [row.size for row in post.rows()] == [len(b"waits for room")]


def test_a_dead_database_is_waited_for(post: Post, tmp_path: Path) -> None:
    """PostgreSQL goes away: the door goes on answering; it comes back: everything is carried, once."""
    server = Embedded(tmp_path / "postgres")
    own = Database(server.start())
    own.migrate()
    post = Post(post.root, post.spool, own, post.blobs)
    forward = post.forward()
    post.send(b"before")
    assert forward.step() == 1
    server.stop()
    post.send(b"meanwhile")
    stop = Event()
    running = Thread(target=run_forward, args=(forward, stop))
    running.start()
    post.send(b"meanwhile too")
    server.start()
    try:
        deadline = monotonic() + 30
        while len(post.rows()) < 3:
            assert monotonic() < deadline
            stop.wait(0.05)
    finally:
        stop.set()
        running.join()
        own.close()
        server.stop()
