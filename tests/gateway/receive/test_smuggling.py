"""Only CRLF . CRLF ends a mail; what other servers took for an end is refused, and nothing behind it becomes a mail."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.raw_client import RawClient
from tests.fakes.running_door import RunningDoor, settings

SMUGGLED = b"MAIL FROM:<boss@else.test>\r\nRCPT TO:<xa@nam.test>\r\nDATA\r\nforged\r\n.\r\n"
FALSE_ENDS = [
    b"\n.\n",
    b"\n.\r\n",
    b"\r.\r",
    b"\r.\r\n",
    b"\r\n.\r",
    b"\r\n.\n",
    b"\n\n.\r\n",
    b"\r\r\n.\r\r\n",
    b"\r\n\0.\r\n",
]


@pytest.fixture
def door(tmp_path: Path) -> Iterator[RunningDoor]:
    """An MX door."""
    with RunningDoor(tmp_path, settings()) as running:
        yield running


@pytest.mark.parametrize("false_end", FALSE_ENDS)
def test_a_false_end_ends_nothing(door: RunningDoor, false_end: bytes) -> None:
    """The smuggled commands are text of a mail that is refused; the door hears one mail, and keeps none."""
    with RawClient(door.port) as client:
        client.begin()
        client.say("DATA", 354)
        client.send(b"real\r\n" + false_end.join([b"text", SMUGGLED]))
        client.expect(554)
        client.say("NOOP", 250)
    assert door.mails() == []


@pytest.mark.parametrize("bare", [b"a\nb\r\n", b"a\rb\r\n", b"a\0b\r\n", b"\n", b"\r", b"a\r\n\n", b"a\r\n\r"])
def test_bare_octets_in_chunks_are_refused_too(door: RunningDoor, bare: bytes) -> None:
    """Chunks are counted, so nothing can be smuggled in; but it must not be relayed to where it could."""
    with RawClient(door.port) as client:
        client.begin()
        client.send(b"BDAT %d LAST\r\n%b" % (len(bare), bare))
        client.expect(554)
    assert door.mails() == []


@pytest.mark.parametrize("edge", [1, 2, 3])
def test_a_line_end_cut_between_chunks_is_whole(door: RunningDoor, edge: int) -> None:
    """CR at the end of one chunk and LF at the start of the next are one line end."""
    body = b"a\r\nb\r\n"
    with RawClient(door.port) as client:
        client.begin()
        client.send(b"BDAT %d\r\n%bBDAT %d LAST\r\n%b" % (edge, body[:edge], len(body) - edge, body[edge:]))
        client.expect(250, 250)
    assert door.mails()[-1].octets == body
