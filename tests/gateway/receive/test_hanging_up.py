"""Clients go at every moment; what was whole is kept, what was not leaves nothing behind."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.patience import eventually
from tests.fakes.raw_client import RawClient
from tests.fakes.running_door import RunningDoor, settings

MIB = 1 << 20
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: close with a reset


@pytest.fixture
def door(tmp_path: Path) -> Iterator[RunningDoor]:
    """An MX door."""
    with RunningDoor(tmp_path, settings()) as running:
        yield running


def go(client: RawClient, *, rudely: bool) -> None:
    """Hang up, with or without a goodbye of TCP."""
    if rudely:
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    client.socket.close()


@pytest.mark.parametrize("rudely", [False, True])
@pytest.mark.parametrize("octets", [0, 100, 3 * MIB])
def test_half_a_mail_leaves_nothing(door: RunningDoor, octets: int, *, rudely: bool) -> None:
    """Issue of every crash and cut: no record, no file of its own, no connection counted."""
    client = RawClient(door.port)
    client.begin()
    client.say("DATA", 354)
    client.send(b"x" * octets)
    go(client, rudely=rudely)
    assert eventually(lambda: door.crowd.in_all() == 0)
    assert eventually(lambda: list(door.folder.rglob("*.mail")) == [])
    assert door.mails() == []


@pytest.mark.parametrize("rudely", [False, True])
def test_a_whole_mail_is_kept_though_nobody_waits_for_the_answer(door: RunningDoor, *, rudely: bool) -> None:
    """After the final dot the write goes on, whatever the client does; should it send again, that is known later."""
    door.disk.gate.clear()
    client = RawClient(door.port)
    client.begin()
    client.say("DATA", 354)
    client.send(b"whole\r\n.\r\n")
    assert eventually(lambda: door.disk.waiting > 0)
    go(client, rudely=rudely)
    assert eventually(lambda: door.crowd.in_all() == 0 or not rudely)
    assert door.mails() == []
    door.disk.gate.set()
    assert eventually(lambda: len(door.mails()) == 1)
    assert door.mails()[0].octets == b"whole\r\n"


def test_a_mail_being_stored_survives_the_stop(tmp_path: Path) -> None:
    """The server is stopped without patience while a mail waits for the disk: the write is still waited for."""
    with RunningDoor(tmp_path, settings(stopping=0.0)) as door, RawClient(door.port) as client:
        door.disk.gate.clear()
        client.begin()
        client.send(b"DATA\r\nwhole\r\n.\r\n")
        assert eventually(lambda: door.disk.waiting > 0)
        door.stop()
        client.expect_closed()
    assert [mail.octets for mail in door.mails()] == [b"whole\r\n"]


def test_a_chunk_cut_short_leaves_nothing(door: RunningDoor) -> None:
    """BDAT LAST with fewer octets than announced is no mail."""
    with RawClient(door.port) as client:
        client.begin()
        client.send(b"BDAT 100 LAST\r\nnot a hundred\r\n")
    assert eventually(lambda: door.crowd.in_all() == 0)
    assert door.mails() == []
