"""Encryption and login of the courier, with real certificates."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import trustme

from gateway.send.courier import Delayed, Outcome, Parcel, Relayed
from gateway.send.peer import Manner, Protection
from gateway.send.route import Host, Smarthost
from gateway.send.smtp import SmtpCourier
from gateway.send.world import World

Make = Callable[..., Parcel]
Couriers = Callable[[Manner], SmtpCourier]


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """A certificate authority of our own."""
    return trustme.CA()


@pytest.fixture
def server_tls(authority: trustme.CA) -> ssl.SSLContext:
    """What the peer proves itself with, as localhost."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    return context


@pytest.fixture
def trusting(authority: trustme.CA) -> ssl.SSLContext:
    """A context that trusts the authority, and checks names."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@contextmanager
def scripted(*answers: bytes) -> Iterator[int]:
    """A peer that gives these answers to whatever comes, then waits for the end; the port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def talk() -> None:
        client, _ = listener.accept()
        with client:
            said = b""
            for answer in answers:
                if said and not _heard(client, content=said.startswith(b"354")):
                    return
                client.sendall(answer)
                said = answer
            while client.recv(65536):
                pass

    thread = threading.Thread(target=talk)
    thread.start()
    yield listener.getsockname()[1]
    thread.join(10)
    listener.close()


def _heard(client: socket.socket, *, content: bool) -> bytes:
    """What the client says now; its content whole, up to the final dot, however it is cut on the way."""
    heard = client.recv(65536)
    while content and not heard.endswith(b"\r\n.\r\n"):
        more = client.recv(65536)
        if not more:
            return b""
        heard += more
    return heard


def sent_to(port: int, parcel: Parcel, manner: Manner) -> Outcome:
    """The outcome of one parcel given to a scripted peer."""
    courier = SmtpCourier(Smarthost(Host("localhost", port, "127.0.0.1")), manner)
    (outcome,) = courier.send([parcel])
    courier.close()
    return outcome


def test_encryption_is_used_when_offered(
    courier: SmtpCourier, parcel: Make, world: World, server_tls: ssl.SSLContext
) -> None:
    """Opportunistic: the peer need not prove who it is (RFC 7435), but the wire is closed."""
    world.tls, world.needs_tls = server_tls, True
    assert isinstance(courier.send([parcel()])[0], Relayed)


def test_required_means_required(courier_of: Couriers, parcel: Make, world: World) -> None:
    """A peer without encryption gets nothing, and the mail waits: it is not the sender's fault."""
    outcome = courier_of(Manner("gateway.example", Protection.REQUIRED)).send([parcel()])[0]
    assert (type(outcome), outcome.status) == (Delayed, "4.7.0")
    assert world.taken == 0


def test_required_wants_a_certificate_we_trust(
    courier_of: Couriers, parcel: Make, world: World, server_tls: ssl.SSLContext, trusting: ssl.SSLContext
) -> None:
    """Anybody can encrypt; required encryption also says with whom."""
    world.tls = server_tls
    stranger = courier_of(Manner("gateway.example", Protection.REQUIRED)).send([parcel()])[0]
    assert isinstance(stranger, Delayed)
    known = courier_of(Manner("gateway.example", Protection.REQUIRED, trust=trusting)).send([parcel()])[0]
    assert isinstance(known, Relayed)


def test_broken_encryption_is_worse_than_none(courier: SmtpCourier, parcel: Make, world: World) -> None:
    """Opportunistic: a peer whose handshake fails gets the mail in the clear on a new connection."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)  # without a certificate no handshake succeeds
    world.tls = context
    assert isinstance(courier.send([parcel()])[0], Relayed)
    assert world.connections == 2


@pytest.mark.parametrize("ways", ["PLAIN LOGIN", "LOGIN"])
def test_the_login_is_given_encrypted(
    courier_of: Couriers, parcel: Make, world: World, server_tls: ssl.SSLContext, ways: str
) -> None:
    """AUTH PLAIN, or LOGIN where the peer knows nothing else."""
    world.tls, world.login, world.ways = server_tls, ("cổng", "mật khẩu"), ways
    courier = courier_of(Manner("gateway.example", login="cổng", password="mật khẩu"))
    assert isinstance(courier.send([parcel()])[0], Relayed)


def test_a_wrong_password_is_our_trouble(
    courier_of: Couriers, parcel: Make, world: World, server_tls: ssl.SSLContext
) -> None:
    """Our own trouble is never a failure told to the sender of a document."""
    world.tls, world.login = server_tls, ("cong", "dung")
    outcome = courier_of(Manner("gateway.example", login="cong", password="sai")).send([parcel()])[0]
    assert (type(outcome), outcome.status) == (Delayed, "4.7.0")
    assert "535" in outcome.peer


def test_no_login_where_one_is_wanted_is_our_trouble(courier: SmtpCourier, parcel: Make, world: World) -> None:
    """530 speaks of us, not of the mail: it waits until somebody mends the settings."""
    world.login = ("cong", "dung")
    outcome = courier.send([parcel()])[0]
    assert (type(outcome), outcome.status) == (Delayed, "4.7.0")


def test_a_password_is_not_shown_in_the_clear(courier_of: Couriers, parcel: Make, world: World) -> None:
    """Without encryption a login stays unsaid, unless the settings chose no encryption at all."""
    world.login = ("cong", "dung")
    shy = courier_of(Manner("gateway.example", login="cong", password="dung")).send([parcel()])[0]
    assert isinstance(shy, Delayed)
    bold = courier_of(Manner("gateway.example", Protection.NONE, login="cong", password="dung")).send([parcel()])[0]
    assert isinstance(bold, Relayed)


def test_octets_slipped_in_before_encryption_end_the_talk(parcel: Make) -> None:
    """What a peer said in the clear behind its 220 is never read as if it had been encrypted."""
    answers = (b"220 hi\r\n", b"250-hi\r\n250 STARTTLS\r\n", b"220 go\r\n250 evil\r\n")
    with scripted(*answers) as port:
        outcome = sent_to(port, parcel(), Manner("gateway.example", Protection.REQUIRED))
    assert isinstance(outcome, Delayed)
    assert "before encryption" in outcome.peer


@pytest.mark.parametrize(
    "greeting",
    [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"\xff\xfe\r\n",
        b"220-" + b"x" * 70_000,
        b"220-a\r\n250 b\r\n",
        b"554 no\r\n",
    ],
)
def test_whatever_answers_is_not_always_a_mail_server(parcel: Make, greeting: bytes) -> None:
    """Nonsense, endless greetings and refusals at the door delay; they break nothing."""
    with scripted(greeting) as port:
        outcome = sent_to(port, parcel(), Manner("gateway.example", reply_s=2))
    assert (type(outcome), outcome.status) == (Delayed, "4.4.1")


def test_a_silent_peer_is_left_in_time(parcel: Make) -> None:
    """Nobody waits longer than the settings say."""
    with scripted(b"220-") as port:
        outcome = sent_to(port, parcel(), Manner("gateway.example", reply_s=0.3))
    assert isinstance(outcome, Delayed)


def test_a_peer_without_esmtp_is_greeted_as_before(parcel: Make) -> None:
    """HELO still works where EHLO does not (RFC 5321 section 3.2)."""
    ok = b"250 ok\r\n"
    with scripted(b"220 hi\r\n", b"502 what?\r\n", ok, ok, ok, b"354 go\r\n", ok) as port:
        outcome = sent_to(port, parcel(), Manner("gateway.example", reply_s=2))
    assert isinstance(outcome, Relayed)


def test_words_of_a_peer_are_one_line_of_what_can_be_seen(parcel: Make) -> None:
    """A peer cannot write into our records what our own readers would misread."""
    ok = b"250 ok\r\n"
    refusal = b"550-5.1.1 no\x1b[31m\r\n550 5.1.1 " + b"y" * 2000 + b"\r\n"
    with scripted(b"220 hi\r\n", b"250 hi\r\n", ok, refusal) as port:
        outcome = sent_to(port, parcel(), Manner("gateway.example", reply_s=2))
    assert outcome.status == "5.1.1"
    assert outcome.peer.isprintable()
    assert len(outcome.peer) < 600
