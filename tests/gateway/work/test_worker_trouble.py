"""The worker when our own house is in trouble: no mail pays for it, however long it lasts."""

from __future__ import annotations

import base64
import email
import email.policy
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from obstore.store import LocalStore

from gateway.work.worker import Worker
from storage.attempts import Ended, Ending
from storage.blobdisk import DiskKeeper
from storage.blobs import Blobs, BlobsAway
from tests.fakes.poor_disk import PoorDisk
from tests.gateway.work.posting import TO_DISTRICT, paper
from tests.offices import World
from tests.pdf_files import PDF

LONG = 12  # attempts, far more than a mail has of its own


class Closed(Blobs):
    """A store of blobs that answers nobody while it is ``closed``."""

    closed = True

    def get(self, sha256: str) -> bytes:
        """See Blobs."""
        if self.closed:
            raise BlobsAway("closed")
        return super().get(sha256)


def with_new_file(number: int) -> bytes:
    """A paper whose file no store holds yet."""
    mail = email.message_from_bytes(paper(number), policy=email.policy.SMTP)
    file = next(part for part in mail.walk() if part.get_filename())
    file.set_payload(base64.encodebytes(PDF + b"%%%d" % number))
    return mail.as_bytes()


def turn(world: World, worker: Worker) -> list[Ended]:
    """Every job that is due within a day, once."""
    return world.office.jobs.run_until_empty(worker.tasks(), ahead=timedelta(days=1))


def test_a_store_that_is_away_makes_no_dead_letter(world: World) -> None:
    """Our trouble counts for no attempt: the mails wait, and are registered when the store is back."""
    root = Path(world.office.state.blobs)
    store = Closed(LocalStore(root), DiskKeeper(root))
    worker = replace(world.office.worker(), blobs=store)
    numbers = [world.arrive(paper(number), [TO_DISTRICT]) for number in (301, 302)]
    for _ in range(LONG):
        assert {one.ending for one in turn(world, worker)} == {Ending.AGAIN}
    assert [world.outcome(number).outcome for number in numbers] == [None, None]
    store.closed = False
    turn(world, worker)
    assert [world.outcome(number).outcome for number in numbers] == ["registered", "registered"]


def test_a_full_disk_makes_no_dead_letter(world: World) -> None:
    """Lesson 41: the attachments find no room; the mail waits until there is some, and is registered once."""
    root, disk = Path(world.office.state.blobs), PoorDisk()
    worker = replace(world.office.worker(), blobs=Blobs(LocalStore(root), DiskKeeper(root, files=disk)))
    number = world.arrive(with_new_file(303), [TO_DISTRICT])
    disk.full = True
    for _ in range(LONG):
        assert [type(one.error) for one in turn(world, worker)] == [BlobsAway]
    assert world.outcome(number).outcome is None
    disk.full = False
    turn(world, worker)
    assert world.outcome(number).outcome == "registered"
