"""No peer can make the door hold more, wait longer or work harder than the settings allow."""

from __future__ import annotations

import time
from dataclasses import replace
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

from gateway.receive.smtp.crowd import Crowd
from gateway.receive.smtp.settings import Certificate, DoorSettings, Limits, Listener, Tls
from mailmap.mail.envelope import Door
from tests.fakes.patience import eventually
from tests.fakes.raw_client import RawClient
from tests.fakes.running_door import MX, RunningDoor, settings

MIB = 1 << 20
HERE = ip_address("127.0.0.1")


def trickle(client: RawClient, seconds: float) -> str:
    """One octet now and then, until the door says something or the time is over."""
    end = time.monotonic() + seconds
    client.socket.settimeout(0.05)
    while time.monotonic() < end:
        client.send(b"x")
        try:
            return client.line()
        except TimeoutError:
            continue
    return "the door bore it"


def test_trickling_does_not_buy_time(tmp_path: Path) -> None:
    """An octet now and then is not progress: a mail must bring a block in its time."""
    with RunningDoor(tmp_path, settings(block=0.4)) as door, RawClient(door.port) as client:
        client.begin()
        client.say("DATA", 354)
        assert trickle(client, 10).startswith("421 4.4.2 The mail comes too slowly")
    assert door.mails() == []


def test_a_trickled_command_does_not_buy_time(tmp_path: Path) -> None:
    """The time for a command runs from the last reply, not from the last octet."""
    with RunningDoor(tmp_path, settings(idle=0.4)) as door, RawClient(door.port) as client:
        assert trickle(client, 10).startswith("421 4.4.2 Nothing came")


def test_a_steady_mail_may_take_longer_than_a_block(tmp_path: Path) -> None:
    """Each 64 KiB buys new time: a large mail over a slow line is no offence."""
    with RunningDoor(tmp_path, settings(block=0.5)) as door, RawClient(door.port) as client:
        client.begin()
        client.say("DATA", 354)
        begun = time.monotonic()
        while time.monotonic() < begun + 1.0:
            client.send(b"x" * 65_536)
            time.sleep(0.05)
        client.send(b"\r\n.\r\n")
        client.expect(250)


def test_a_peer_that_does_not_read_is_cut_off(tmp_path: Path) -> None:
    """Replies do not pile up: whoever sends commands and reads nothing is made to wait, then cut off."""
    with RunningDoor(tmp_path, settings(idle=0.3, commands=10**9)) as door, RawClient(door.port) as client:
        client.socket.settimeout(0.5)
        with pytest.raises(OSError, match=r"timed out|reset|Broken pipe"):
            for _ in range(2000):
                client.send(b"NOOP\r\n" * 10_000)


def test_a_mail_without_end_is_not_heard_out(tmp_path: Path) -> None:
    """A mail far beyond the limit is cut off; one a little beyond it is heard to its end."""
    with RunningDoor(tmp_path, settings(size=65_536)) as door, RawClient(door.port) as client:
        client.begin()
        client.say("DATA", 354)
        sent = 0
        with pytest.raises(OSError, match=r"reset|Broken pipe"):
            while sent < 64 * MIB:
                client.send(b"x" * 65_536)
                sent += 65_536
        assert sent < 16 * MIB
    assert door.mails() == []


def test_a_full_disk_is_told_at_the_end(tmp_path: Path) -> None:
    """Lesson 41: a mail that finds no room half-way is refused for now, and the talk goes on."""
    with RunningDoor(tmp_path, settings()) as door, RawClient(door.port) as client:
        door.disk.full = True
        client.begin()
        assert "4.3.1" in client.bring(b"x" * 3 * MIB + b"\r\n", 452)
        client.begin()
        client.bring(b"small\r\n")
    assert [mail.octets for mail in door.mails()] == [b"small\r\n"]


def test_connections_are_counted_over_all_processes(tmp_path: Path) -> None:
    """Two doors that share a crowd see each other's connections; whoever leaves makes room."""
    path = tmp_path / "crowd"
    doors = settings(connections=1)
    first, second = Crowd(0, 2, path), Crowd(1, 2, path)
    with RunningDoor(tmp_path / "a", doors, first) as one, RunningDoor(tmp_path / "b", doors, second) as two:
        with RawClient(one.port), RawClient(two.port, greeted=False) as refused:
            refused.expect(421)
        assert eventually(lambda: second.in_all() == 0)
        with RawClient(two.port) as client:
            client.say("QUIT", 221)


def test_trusted_networks_are_exempt_from_the_limit_per_address(tmp_path: Path) -> None:
    """A relay in front of us brings everybody's mail over its own address, and vouches for it."""
    doors = replace(settings(connections_per_address=1), trusted_networks=(ip_network("127.0.0.0/8"),))
    with RunningDoor(tmp_path, doors) as door, RawClient(door.port), RawClient(door.port) as second:
        second.begin()
        second.bring(b"x\r\n")
        assert door.mails()[0].arrival.trusted


def test_a_seat_taken_anew_is_counted_anew(tmp_path: Path) -> None:
    """What a process that died had counted is forgotten when its successor takes the seat."""
    path = tmp_path / "crowd"
    dead, other = Crowd(0, 2, path), Crowd(1, 2, path)
    for crowd in (dead, other):
        crowd.enter(HERE)
    assert (other.in_all(), other.of(HERE)) == (2, 2)
    Crowd(0, 2, path)
    assert (other.in_all(), other.of(HERE)) == (1, 1)


def test_addresses_are_counted_apart() -> None:
    """One IPv4 address is one peer; one IPv6 /64 is one peer; an unknown address counts in all only."""
    crowd = Crowd()
    for text in ("192.0.2.1", "2001:db8::1", "2001:db8::2"):
        crowd.enter(ip_address(text))
    crowd.enter(None)
    assert crowd.in_all() == 4
    assert [crowd.of(ip_address(a)) for a in ("192.0.2.1", "192.0.2.2", "2001:db8::3")] == [1, 0, 2]
    assert crowd.of(None) == 0


def test_settings_that_do_not_fit_are_refused() -> None:
    """An administrator hears of a mistake before anything is served."""
    with pytest.raises(ValueError, match="certificate"):
        DoorSettings("door.test", (Listener(Door.MX, "::", 25),))
    with pytest.raises(ValueError, match="plain connection"):
        Listener(Door.SUBMISSION, "::", 587, Tls.NONE)
    with pytest.raises(ValueError, match="mx or submission"):
        Listener(Door.IMAP, "::", 25)
    with pytest.raises(ValueError, match="domain name"):
        DoorSettings("xã.test", (MX,), Certificate(Path("a"), Path("b")))
    with pytest.raises(ValueError, match="at least 1"):
        Limits(recipients=0)
    with pytest.raises(ValueError, match="above 0"):
        Limits(idle=0)
