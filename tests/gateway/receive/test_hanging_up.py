"""Clients go at every moment; what was whole is kept, what was not leaves nothing behind."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.receive.intake import Intake
from gateway.receive.smtp.crowd import Crowd
from gateway.receive.smtp.doorkeeper import Doorkeeper
from gateway.receive.smtp.hall import Behind, Hall
from storage.spool import Spool
from tests.fakes.doorbook import PaperDoorbook
from tests.fakes.patience import eventually
from tests.fakes.raw_client import RawClient
from tests.fakes.running_door import MX, RunningDoor, settings

MIB = 1 << 20
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: close with a reset


class Gone(asyncio.Transport):
    """The transport of a connection that is lost."""

    def is_closing(self) -> bool:
        """It is."""
        return True


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


@pytest.mark.parametrize("proxy", [False, True])
def test_whoever_goes_at_once_is_not_counted_for_ever(tmp_path: Path, *, proxy: bool) -> None:
    """A peer that is gone before it was greeted leaves the count as it was."""
    with RunningDoor(tmp_path, settings(replace(MX, proxy=proxy))) as door:
        for _ in range(50):
            client = RawClient(door.port, greeted=False)
            client.send(b"PROXY TCP4 192.0.2.7 198.51.100.1 4711 25\r\n" * proxy)
            go(client, rudely=True)
        with RawClient(door.port, greeted=False) as last:
            last.send(b"PROXY TCP4 192.0.2.8 198.51.100.1 4711 25\r\n" * proxy)
            last.expect(220)
        assert eventually(lambda: door.crowd.in_all() == 0)


@pytest.mark.parametrize("octets", [b"", b"PROXY TCP4 192.0.2.7 198.51.100.1 4711 25\r\n"])
def test_a_loss_before_the_first_step_is_noticed(tmp_path: Path, octets: bytes) -> None:
    """The loop may tell of a connection, its octets and its loss before the conversation gets its first turn."""

    async def come_and_go() -> int:
        loop = asyncio.get_running_loop()
        with closing(Spool(tmp_path, "door")) as spool:
            behind = Behind(Intake(spool), PaperDoorbook((), ()), "".__eq__, Crowd())
            hall = Hall(settings(), behind, loop)
            keeper = Doorkeeper(hall, replace(MX, proxy=bool(octets)))
            keeper.connection_made(Gone())
            keeper.data_received(octets)
            keeper.connection_lost(None)
            await hall.clear()
            return behind.crowd.in_all()

    assert asyncio.run(come_and_go()) == 0


def test_a_chunk_cut_short_leaves_nothing(door: RunningDoor) -> None:
    """BDAT LAST with fewer octets than announced is no mail."""
    with RawClient(door.port) as client:
        client.begin()
        client.send(b"BDAT 100 LAST\r\nnot a hundred\r\n")
    assert eventually(lambda: door.crowd.in_all() == 0)
    assert door.mails() == []
