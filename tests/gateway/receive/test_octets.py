"""Over a real socket, in clear and under TLS, on both event loops: what was sent is what is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from random import Random

import pytest

from gateway.receive.smtp.settings import Tls
from tests.fakes.raw_client import HELLO, RawClient
from tests.fakes.running_door import MX, RunningDoor, settings
from tests.fakes.tls import certificate, trusting

MIB = 1 << 20
PIECES = (b"\r\n", b".", b"\r\n.", b"\r\n..", b"x" * 70, b".x", "xã Hải Phúc".encode(), b"=" * 3000)


@pytest.fixture(scope="module", params=["uvloop", "asyncio"])
def door(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[RunningDoor]:
    """An MX door with STARTTLS."""
    folder = tmp_path_factory.mktemp("door")
    doors = settings(replace(MX, tls=Tls.STARTTLS), certificate=certificate(folder), size=8 * MIB)
    with RunningDoor(folder / "spool", doors, loop=request.param) as running:
        yield running


def written(chance: Random, size: int) -> bytes:
    """A body of about that size, full of dots in awkward places, its lines ended by CRLF."""
    body = bytearray()
    while len(body) < size:
        body += chance.choice(PIECES)
    return bytes(body) + b"\r\n"


def stuffed(body: bytes) -> bytes:
    """As it goes over the wire."""
    return b"." * body.startswith(b".") + body.replace(b"\r\n.", b"\r\n..") + b".\r\n"


def scattered(chance: Random, stream: bytes) -> list[bytes]:
    """The stream in pieces of every size."""
    cuts = sorted({0, len(stream), *(chance.randrange(len(stream)) for _ in range(chance.randrange(12)))})
    return [stream[start:end] for start, end in pairwise(cuts)]


def last(door: RunningDoor) -> bytes:
    """The octets of the newest mail."""
    return door.mails()[-1].octets


@pytest.mark.parametrize("encrypted", [False, True])
@pytest.mark.parametrize("size", [0, 50, 10_000, 40_000, 300_000, 3 * MIB])
def test_a_body_reaches_the_spool_exactly(door: RunningDoor, size: int, *, encrypted: bool) -> None:
    """Short or long, in memory or in its own file, in whatever pieces it comes, and the next command is not lost."""
    chance = Random(size)  # noqa: S311  the same bodies in every run
    with RawClient(door.port) as client:
        if encrypted:
            client.say(HELLO, 250)
            client.say("STARTTLS", 220)
            client.encrypt(trusting())
        for _ in range(3):
            body = written(chance, size)
            client.begin()
            client.say("DATA", 354)
            for piece in scattered(chance, stuffed(body) + b"NOOP\r\n"):
                client.send(piece)
            client.expect(250, 250)
            assert last(door) == body


@pytest.mark.parametrize("size", [1, 10_000, 3 * MIB])
def test_chunks_reach_the_spool_exactly(door: RunningDoor, size: int) -> None:
    """BDAT, all chunks and a following command sent in one go."""
    chance = Random(size)  # noqa: S311  the same bodies in every run
    with RawClient(door.port) as client:
        for _ in range(3):
            body = written(chance, size)
            chunks = scattered(chance, body)
            client.begin()
            commands = [b"BDAT %d\r\n%b" % (len(chunk), chunk) for chunk in chunks]
            client.send(b"".join([*commands, b"BDAT 0 LAST\r\nNOOP\r\n"]))
            client.expect(*[250] * (len(chunks) + 2))
            assert last(door) == body


def test_lines_of_any_length_are_taken(door: RunningDoor) -> None:
    """Real mail has lines over 1,000 octets; refusing them would lose it."""
    body = b"x" * 200_000 + b"\r\n"
    with RawClient(door.port) as client:
        client.begin()
        client.bring(body)
    assert last(door) == body


def test_a_body_that_came_with_its_command_is_taken(door: RunningDoor) -> None:
    """What was read ahead of 354 is fed to the body first."""
    with RawClient(door.port) as client:
        client.begin()
        client.send(b"DATA\r\nahead\r\n.\r\nQUIT\r\n")
        client.expect(354, 250, 221)
        client.expect_closed()
    assert last(door) == b"ahead\r\n"


def test_the_end_of_the_clients_words_is_not_the_end_of_ours(door: RunningDoor) -> None:
    """A client that sends everything and closes its half still hears all replies."""
    with RawClient(door.port) as client:
        client.send(b"EHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<xa@nam.test>\r\nDATA\r\nall\r\n.\r\nNOOP\r\n")
        client.socket.shutdown(1)
        client.expect(250, 250, 250, 354, 250, 250)
        client.expect_closed()
    assert last(door) == b"all\r\n"
