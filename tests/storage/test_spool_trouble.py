"""The spool in trouble: a full disk, a failing one, and what is shared and what is not."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from pathlib import Path
from random import Random

import pytest

from storage.spool import Limits, Reader, Spool, SpoolBroken, SpoolFull, Stored
from tests.crash.paper_disk import Loss, PaperDisk

ROOT = Path("/spool")
LIMITS = Limits(own_file_over=4096, segment_bytes=1 << 20, keep_free_bytes=1)
EIO = OSError(errno.EIO, "the disk fails")


@pytest.fixture
def disk() -> PaperDisk:
    """A disk that does as it is told."""
    return PaperDisk()


@pytest.fixture
def spool(disk: PaperDisk) -> Iterator[Spool]:
    """A spool on it."""
    opened = Spool(ROOT, "door", files=disk, limits=LIMITS)
    yield opened
    disk.before_step = lambda: None
    opened.close()


def send(spool: Spool, size: int) -> Future[Stored]:
    """Hand a mail of that size over."""
    draft = spool.draft()
    draft.write(bytes(size))
    return spool.commit(draft, b"{}")


def sizes(disk: PaperDisk) -> list[int]:
    """The sizes of the mails that a reader finds."""
    return [record.size for record in Reader(ROOT, files=disk).take(99, 1 << 20).records]


def steps(disk: PaperDisk, doing: Callable[[], object]) -> int:
    """How many steps the disk takes for something."""
    taken: list[None] = []
    disk.before_step = lambda: taken.append(None)
    doing()
    disk.before_step = lambda: None
    return len(taken)


def test_all_that_wait_share_one_sync(disk: PaperDisk, spool: Spool) -> None:
    """Thirty mails that come while the disk is busy cost two syncs: the one under way, and one for all the others."""

    def thirty() -> None:
        with disk.standing_still():
            answers = [send(spool, 10) for _ in range(30)]
        wait(answers)

    writes = 2 * 30  # head and octets of each
    assert steps(disk, thirty) <= writes + 2


def test_a_small_mail_does_not_wait_for_a_large_one(disk: PaperDisk, spool: Spool) -> None:
    """While an own file is being synced, small mails are answered."""
    large = spool.draft()
    large.write(bytes(9000))
    answers: list[Future[Stored]] = []

    def first_step_of_the_large() -> None:
        disk.before_step = lambda: None
        answers.append(send(spool, 10))

    disk.before_step = first_step_of_the_large
    last = spool.commit(large, b"{}")
    wait([last])
    assert answers[0].result().size == 10


def test_a_full_disk_refuses_and_keeps_nothing(disk: PaperDisk, spool: Spool) -> None:
    """SpoolFull for a small mail from commit, for a large one from write; afterwards all goes on (lesson 41)."""
    send(spool, 5).result()
    disk.room = 100
    assert isinstance(send(spool, 300).exception(), SpoolFull)
    with pytest.raises(SpoolFull):
        send(spool, 5000)
    assert [name for name in disk.names(ROOT / "door") if name.endswith(".mail")] == []
    disk.room = 1 << 30
    send(spool, 6).result()
    assert sizes(disk) == [5, 6]


def failing(disk: PaperDisk, times: int) -> None:
    """Let the next so many steps fail."""
    left = [EIO] * times

    def fail() -> None:
        if left:
            raise left.pop()

    disk.before_step = fail


@pytest.mark.parametrize("size", [300, 5000])
def test_a_failed_write_is_undone(disk: PaperDisk, spool: Spool, size: int) -> None:
    """The session hears it, nothing of its mail stays, and the next one is stored."""
    send(spool, 5).result()
    draft = spool.draft()
    draft.write(bytes(size))
    failing(disk, 1)
    assert isinstance(spool.commit(draft, b"{}").exception(), OSError)
    send(spool, 6).result()
    assert sizes(disk) == [5, 6]


def test_a_disk_that_cannot_undo_breaks_the_spool(disk: PaperDisk, spool: Spool) -> None:
    """Nothing is taken on a disk whose state nobody knows; a restart looks what is there, and goes on."""
    send(spool, 5).result()
    failing(disk, 2)
    assert isinstance(send(spool, 300).exception(), OSError)
    assert isinstance(send(spool, 300).exception(), SpoolBroken)
    assert sizes(disk) == [5]
    spool.close()
    again = Spool(ROOT, "door", files=disk, limits=LIMITS)
    send(again, 6).result()
    again.close()
    assert sizes(disk) == [5, 6]


def test_a_bug_leaves_no_session_waiting(disk: PaperDisk, spool: Spool) -> None:
    """Whatever goes wrong in the committer, its batch hears of it, and the next is served."""

    def bug() -> None:
        disk.before_step = lambda: None
        raise ZeroDivisionError

    disk.before_step = bug
    assert isinstance(send(spool, 10).exception(), ZeroDivisionError)
    assert send(spool, 11).result().size == 11


def test_a_reader_sees_nothing_that_is_not_durable(disk: PaperDisk, spool: Spool) -> None:
    """At no step of a commit does the reader see the mail; after the answer it does."""
    seen: list[int] = []
    disk.before_step = lambda: seen.extend(sizes(disk))
    answer = send(spool, 300)
    wait([answer])
    disk.before_step = lambda: None
    assert seen == []
    assert sizes(disk) == [300]


def test_a_living_door_is_not_adopted(disk: PaperDisk, spool: Spool) -> None:
    """The reader recovers what a dead door left, and keeps its hands off while one lives."""
    send(spool, 5).result()
    reader = Reader(ROOT, files=disk)
    assert steps(disk, reader.adopt) == 0
    dead = disk.left(Loss.KILLED, Random())  # noqa: S311  nothing is left to chance
    reader = Reader(ROOT, files=dead)
    assert steps(dead, reader.adopt) > 0
    assert steps(dead, reader.adopt) == 0  # once is enough
    batch = reader.take(9, 99)
    assert [record.size for record in batch.records] == [5]
