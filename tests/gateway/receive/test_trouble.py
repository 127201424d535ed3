"""Trouble of ours is always 'later', tells nothing, and ends at the connection it happened to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.doorbook import Standing
from tests.fakes.doorbook import PaperDoorbook
from tests.fakes.patience import eventually
from tests.fakes.raw_client import RawClient
from tests.fakes.running_door import RunningDoor, settings


class Mad(Exception):
    """Nobody foresaw this."""


class MadDoorbook(PaperDoorbook):
    """A doorbook with a bug."""

    def standing(self, address: str) -> Standing:
        """Fail for one address."""
        if address.startswith("mad"):
            raise Mad("secret words of clerk@nam.test")
        return super().standing(address)


@pytest.fixture
def door(tmp_path: Path) -> Iterator[RunningDoor]:
    """A door with a mad doorbook."""
    running = RunningDoor(tmp_path, settings())
    running.doorbook = MadDoorbook({"huyen@nam.test"}, {"nam.test"})
    with running:
        yield running


def test_a_bug_is_451_and_the_end(door: RunningDoor) -> None:
    """The peer hears 'later' and no more; nobody can tell any more where this talk is, so it ends."""
    with RawClient(door.port) as client:
        client.begin()
        assert client.say("RCPT TO:<mad@nam.test>", 451) == "451 4.3.0 Trouble on this server; please try again later"
        client.expect_closed()


def test_the_story_is_in_the_log_without_its_words(door: RunningDoor, capsys: pytest.CaptureFixture[str]) -> None:
    """Kind and place are logged; what the exception says may name people."""
    with RawClient(door.port) as client:
        client.begin()
        client.say("RCPT TO:<mad@nam.test>", 451)
        client.expect_closed()
    told = capsys.readouterr()
    assert "Mad" in told.out + told.err
    assert "secret words" not in told.out + told.err


def test_the_next_peer_is_served(door: RunningDoor) -> None:
    """One talk's trouble is not another's."""
    with RawClient(door.port) as client, RawClient(door.port) as other:
        client.begin()
        other.begin()
        client.say("RCPT TO:<mad@nam.test>", 451)
        other.bring(b"x\r\n")
    assert len(door.mails()) == 1


def test_a_disk_that_fails_half_way_is_451(door: RunningDoor) -> None:
    """A large mail that cannot be synced: nothing is kept, and the talk goes on."""
    with RawClient(door.port) as client:
        door.disk.broken = True
        client.begin()
        client.bring(b"x" * 3_000_000 + b"\r\n", 451)
        client.say("NOOP", 250)
    assert door.mails() == []
    assert eventually(lambda: list(door.folder.rglob("*.mail")) == [])


def test_a_slow_disk_is_not_the_peers_fault(tmp_path: Path) -> None:
    """No time limit runs while the peer waits for us: it hears 250, late."""
    with RunningDoor(tmp_path, settings(idle=0.2, block=0.2)) as door, RawClient(door.port) as client:
        door.disk.gate.clear()
        client.begin()
        client.say("DATA", 354)
        client.send(b"x\r\n.\r\n")
        client.socket.settimeout(1.0)
        with pytest.raises(TimeoutError):
            client.socket.recv(1)
        door.disk.gate.set()
        client.expect(250)
