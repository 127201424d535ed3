"""The plug is pulled after every step of the spool and of its forwarding, and what is left is started again.

Promises:  every mail that was answered is entered exactly once with its exact octets; what else is entered is whole and
           entered once; what is entered has its blob; nothing is left behind in the spool. Also when the power goes
           again while all this is mended.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future, wait
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from pathlib import Path
from random import Random
from traceback import format_exc

import pytest

from gateway.receive.forward import Forward
from storage.blobdisk import DiskKeeper
from storage.blobs import key
from storage.spool import Limits, Reader, Record, Spool, SpoolFull, Stored
from tests.crash.paper_disk import Loss, PaperDisk

SPOOL, BLOBS = Path("/spool"), Path("/blobs")
LIMITS = Limits(own_file_over=4096, segment_bytes=16384, segment_age_s=60, keep_free_bytes=1, lock_wait_s=10)
UNKIND = tuple(Loss)
_numbers = count()


@dataclass
class Book:
    """A database that never forgets what was committed: mails by spool id, and where a commit falls among the steps."""

    disk: PaperDisk
    rows: dict[str, str] = field(default_factory=dict)

    def enter(self, records: Sequence[Record]) -> Sequence[str]:
        """As INSERT … ON CONFLICT DO NOTHING, after which both must name the same blob; nothing is under lock."""
        with self.disk.stepping():
            for record in records:
                assert self.rows.setdefault(record.spool_id, record.sha256) == record.sha256, "one id, two mails"
        with self.disk.stepping():
            return ()


@dataclass
class World:
    """A door and a forward on one disk, and what their clients know."""

    disk: PaperDisk
    book: Book
    answered: dict[str, str] = field(default_factory=dict)  # spool id -> SHA-256
    given: set[str] = field(default_factory=set)  # SHA-256 of every mail that was ever handed over
    refused: set[str] = field(default_factory=set)

    @classmethod
    def on(cls, disk: PaperDisk) -> World:
        """A world that begins."""
        return cls(disk, Book(disk))

    def after_cut(self, loss: Loss, chance: Random) -> World:
        """What is left when the power goes now."""
        disk = self.disk.left(loss, chance)
        return World(disk, Book(disk, dict(self.book.rows)), dict(self.answered), set(self.given), set(self.refused))

    def open_door(self) -> Spool:
        """The door process starts."""
        return Spool(SPOOL, "door", files=self.disk, limits=LIMITS)

    def forward(self) -> Forward:
        """The forward process starts."""
        return Forward(Reader(SPOOL, files=self.disk), DiskKeeper(BLOBS, files=self.disk), self.book)

    def send(self, spool: Spool, size: int) -> Future[Stored]:
        """A client sends a mail that no other resembles, and remembers the answer."""
        octets = (b"%d.MAIL" % next(_numbers) * size)[:size]
        digest = sha256(octets).hexdigest()
        self.given.add(digest)
        draft = spool.draft()
        for start in range(0, size, 1500):
            draft.write(memoryview(octets)[start : start + 1500])
        answer = spool.commit(draft, b'{"size":%d}' % size)
        answer.add_done_callback(lambda _: self._note(answer, digest))
        return answer

    def _note(self, answer: Future[Stored], digest: str) -> None:
        if answer.exception():
            self.refused.add(digest)
        else:
            assert answer.result().sha256 == digest
            self.answered[answer.result().spool_id] = digest

    def carry_all(self, forward: Forward) -> None:
        """Forward until nothing waits."""
        forward.reader.adopt()
        while forward.step():
            pass

    def check(self) -> None:
        """The promise at the head of this file."""
        for spool_id, digest in self.answered.items():
            assert self.book.rows.get(spool_id) == digest, f"{spool_id} was answered and is lost"
        assert set(self.book.rows.values()) <= self.given, "something was entered that nobody sent"
        assert not self.refused & set(self.book.rows.values()), "a mail was refused and entered"
        assert max(Counter(self.book.rows.values()).values(), default=1) == 1, "a mail was entered twice"
        self.check_blobs()

    def check_blobs(self) -> None:
        """What is entered can be read: the worker may ask for it at once."""
        for digest in self.book.rows.values():
            octets = self.disk.octets(BLOBS / key(digest))
            assert sha256(octets).hexdigest() == digest, "an entered mail has lost its octets"


def story(world: World) -> None:
    """Small and large mails, alone and together, rotation, forwarding, a full disk, a hang-up, a restart, an end."""
    door, forward = world.open_door(), world.forward()
    world.send(door, 700).result()
    together = [world.send(door, size) for size in (100, 9000, 2500, 4097, 1)]
    world.carry_all(forward)
    gone = door.draft()
    gone.write(bytes(6000))
    gone.discard()
    for answer in together:
        answer.result()
    world.carry_all(forward)
    together = [world.send(door, size) for size in (3900, 3800, 3700, 3600, 3500, 12000)]
    for answer in together:
        answer.result()
    world.disk.room = 300
    with world.disk.standing_still():  # so that the mails behind the first share a batch, and the last one spoils it
        together = [world.send(door, size) for size in (50, 100, 2000)]
    for answer in together:
        wait([answer])
    with suppress(SpoolFull):
        world.send(door, 5000).result()
    world.disk.room = 1 << 40
    world.send(door, 900).result()
    door.close()
    door = world.open_door()
    forward = world.forward()
    together = [world.send(door, size) for size in (4096, 8193, 50)]
    world.carry_all(forward)
    for answer in together:
        answer.result()
    door.close()
    world.carry_all(forward)


def restart(world: World, chance: Random) -> None:
    """Start again what was left: with a door that takes one more mail, or with the forward alone."""
    world.check_blobs()
    if chance.random() < 0.5:
        door = world.open_door()
        world.send(door, chance.choice((10, 6000))).result()
        forward = world.forward()
        world.carry_all(forward)
        door.close()
    else:
        forward = world.forward()
    world.carry_all(forward)
    world.check()
    left = world.disk.names(SPOOL / "door")
    assert sum(name.endswith(".seg") for name in left) <= 1, "a segment was not released"
    assert not [name for name in left if name.endswith(".mail")], "an own file was not taken away"


def restart_with_another_cut(world: World, chance: Random) -> None:
    """The power goes again at some step of the restart, and everything starts once more."""
    steps = count()
    again: list[World] = []
    when, loss = chance.randrange(25), chance.choice(list(Loss))

    def perhaps() -> None:
        if next(steps) == when:
            again.append(world.after_cut(loss, chance))

    world.disk.before_step = perhaps
    restart(world, chance)
    for once_more in again:
        restart(once_more, chance)


def sweep(seed: int, losses: int) -> int:
    """Play the story once, cut it before every step in so many ways, and return at how many steps."""
    world = World.on(PaperDisk())
    cuts = count()
    broken: list[str] = []

    def cut() -> None:
        step = next(cuts)
        for loss in (UNKIND[(step + turn) % len(UNKIND)] for turn in range(losses)):
            chance = Random(f"{seed} {step} {loss}")  # noqa: S311  the same every time
            try:
                restart_with_another_cut(world.after_cut(loss, chance), chance)
            except Exception:  # noqa: BLE001  the story must not hear of it: it would take it for trouble with its disk
                broken.append(f"seed {seed}, step {step}, loss {loss}\n{format_exc()}")

    world.disk.before_step = cut
    story(world)
    cut()
    assert not broken, f"{len(broken)} of {next(cuts)} cuts:\n{broken[0]}"
    assert len(world.answered) + len(world.refused) == 19
    assert len(world.answered) >= 16
    world.check()
    return next(cuts)


def test_every_answered_mail_survives_a_power_cut_at_every_step() -> None:
    """Cut before every write, sync, naming and commit: what was answered is there once, exact; nothing doubles."""
    assert sweep(1, losses=2) > 150


@pytest.mark.full
@pytest.mark.parametrize("seed", range(100, 120))
def test_many_power_cuts(seed: int) -> None:
    """The same with twenty other throws of the dice and other turns of the threads."""
    assert sweep(seed, losses=len(UNKIND)) > 150
