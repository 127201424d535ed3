"""People and load balancers come in over TLS, with the clients they really use."""

from __future__ import annotations

import shutil
import smtplib
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import replace

import pytest

from gateway.receive.smtp.settings import Listener, Tls
from mailmap.mail.envelope import Door
from tests.fakes.patience import eventually
from tests.fakes.raw_client import RawClient
from tests.fakes.running_door import MX, RunningDoor, settings
from tests.fakes.tls import certificate, trusting

BODY = b"Subject: x\r\n\r\nhello\r\n"
SUBMISSION = Listener(Door.SUBMISSION, "127.0.0.1", 0, Tls.STARTTLS)
SUBMISSIONS = replace(SUBMISSION, tls=Tls.IMPLICIT)
BEHIND = replace(SUBMISSIONS, proxy=True)
LOGIN = "AUTH PLAIN AGNsZXJrAHJpZ2h0"  # clerk, right


@pytest.fixture(scope="module", params=["uvloop", "asyncio"])
def door(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[RunningDoor]:
    """Ports 587, 465, 465 behind a load balancer, and 25, under other numbers."""
    folder = tmp_path_factory.mktemp("door")
    doors = settings(SUBMISSION, SUBMISSIONS, BEHIND, replace(MX, tls=Tls.STARTTLS), certificate=certificate(folder))
    with RunningDoor(folder / "spool", doors, loop=request.param) as running:
        yield running


def newest(door: RunningDoor) -> tuple[str | None, bool, str, bytes]:
    """Login, TLS, peer and octets of the newest mail."""
    mail = door.mails()[-1]
    return mail.arrival.login, mail.arrival.tls, mail.arrival.peer, mail.octets


def test_smtplib_submits_with_starttls(door: RunningDoor) -> None:
    """587: STARTTLS, AUTH, a mail."""
    with smtplib.SMTP("127.0.0.1", door.ports[0], timeout=20) as client:
        client.starttls(context=trusting())
        client.login("clerk", "right")
        client.sendmail("clerk@nam.test", ["huyen@nam.test"], BODY)
    assert newest(door) == ("clerk", True, "127.0.0.1", BODY)


def test_smtplib_submits_over_implicit_tls(door: RunningDoor) -> None:
    """465: TLS from the first octet, and AUTH is offered there, which aiosmtpd alone refuses."""
    with smtplib.SMTP_SSL("127.0.0.1", door.ports[1], timeout=20, context=trusting()) as client:
        client.login("clerk", "right")
        client.sendmail("clerk@nam.test", ["huyen@nam.test"], BODY)
    assert newest(door) == ("clerk", True, "127.0.0.1", BODY)


def test_the_talk_of_thunderbird(door: RunningDoor) -> None:
    """EHLO, STARTTLS, EHLO, AUTH PLAIN, MAIL with BODY and SIZE, RCPT, DATA, QUIT, as Thunderbird has it."""
    with RawClient(door.ports[0]) as client:
        assert "STARTTLS" in client.say("EHLO [192.168.1.5]", 250)
        client.say("STARTTLS", 220)
        client.encrypt(trusting())
        assert "AUTH PLAIN LOGIN" in client.say("EHLO [192.168.1.5]", 250)
        client.say(LOGIN, 235)
        client.say("MAIL FROM:<clerk@nam.test> BODY=8BITMIME SIZE=431", 250)
        client.say("RCPT TO:<huyen@nam.test>", 250)
        client.bring("Subject: công văn\r\n\r\nKính gửi\r\n".encode())
        client.say("QUIT", 221)
        client.expect_closed()
    assert newest(door)[0] == "clerk"


@pytest.mark.parametrize("at_once", [False, True])
def test_a_load_balancer_announces_the_peer_before_tls(door: RunningDoor, *, at_once: bool) -> None:
    """The PROXY line comes in clear, the handshake behind it, also when both arrive together."""
    with RawClient(door.ports[2], greeted=False) as client:
        client.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, at_once)
        client.send(b"PROXY TCP4 192.0.2.7 198.51.100.1 4711 465\r\n")
        if not at_once:
            assert eventually(lambda: door.crowd.in_all() > 0)
        client.encrypt(trusting())
        client.expect(220)
        client.say("EHLO c", 250)
        client.say(LOGIN, 235)
        client.say("MAIL FROM:<xa@nam.test>", 250)
        client.say("RCPT TO:<huyen@nam.test>", 250)
        client.bring(BODY)
    assert newest(door) == ("clerk", True, "192.0.2.7", BODY)


@pytest.mark.parametrize("octets", [b"EHLO plain\r\n", b"\x16\x03\x01\xff\xffnonsense", b""])
def test_a_handshake_that_fails_ends_the_connection(door: RunningDoor, octets: bytes) -> None:
    """Whoever begins in clear where TLS is meant, or goes away, is let go, and nothing hangs."""
    with RawClient(door.ports[1], greeted=False) as client:
        client.send(octets)
        client.socket.shutdown(1)
        while client.socket.recv(4096):
            pass
    assert eventually(lambda: door.crowd.in_all() == 0)


def test_half_a_mail_under_tls_leaves_nothing(door: RunningDoor) -> None:
    """A client that goes in the middle of an encrypted mail leaves no record and no connection."""
    before = len(door.mails())
    with RawClient(door.ports[3]) as client:
        client.say("EHLO c", 250)
        client.say("STARTTLS", 220)
        client.encrypt(trusting())
        client.begin()
        client.say("DATA", 354)
        client.send(b"x" * 3_000_000)
    assert eventually(lambda: door.crowd.in_all() == 0)
    assert len(door.mails()) == before
    assert [path for path in door.folder.rglob("*.mail") if path.stat().st_size > 1_000_000] == []


def test_an_old_tls_is_refused(door: RunningDoor) -> None:
    """Below TLS 1.2 there is no encryption worth the name."""
    with RawClient(door.ports[1], greeted=False) as client:
        client.send(
            b"\x16\x03\x01\x00\x2f\x01\x00\x00\x2b\x03\x01" + bytes(32) + b"\x00\x00\x04\x00\x2f\x00\xff\x01\x00"
        )
        answer = client.socket.recv(4096)
    assert answer[:1] in (b"\x15", b"")  # an alert, or silence


@pytest.mark.peer("swaks")
@pytest.mark.parametrize(("port", "options"), [(0, ["--tls"]), (1, ["--tls-on-connect"])])
def test_swaks_submits(door: RunningDoor, port: int, options: list[str]) -> None:
    """The testing tool every mail administrator has."""
    swaks = shutil.which("swaks") or "swaks"
    told = ["--server", "127.0.0.1", "--port", str(door.ports[port]), "--from", "clerk@nam.test", "--to", "xa@nam.test"]
    login = ["--auth", "PLAIN", "--auth-user", "clerk", "--auth-password", "right", "--body", "xin chào"]
    ran = subprocess.run([swaks, *told, *options, *login], capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stdout
    assert "Stored as S-" in ran.stdout
    assert newest(door)[0] == "clerk"
