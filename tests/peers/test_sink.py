"""The sink that stands for the world in the demo, in tests and in benches is held against a real Postfix."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.send.courier import Delayed, Failed, Outcome, Parcel, Relayed
from gateway.send.peer import Manner
from gateway.send.route import Host, Smarthost
from gateway.send.sink import Sink
from gateway.send.smtp import SmtpCourier
from gateway.send.world import Fault, World
from tests.fakes.raw_client import RawClient
from tests.peers.conftest import BOXES, LIMIT
from tests.peers.postfixes import Postfix

pytestmark = pytest.mark.peer("postfix", "root")

MAIL, RCPT = "MAIL FROM:<a@gateway.example>", "RCPT TO:<lan@xa.example>"
_SHAPE = re.compile(r"(\d{3}) (\d\.\d{1,3}\.\d{1,3})?")

# What a client says in one connection; with the faults the sink needs to do what that Postfix is set to do.
TALKS: dict[str, tuple[list[str], set[Fault]]] = {
    "small-talk": (["NOOP", "RSET", "VRFY hoa@xa.example", "HELP", "FOO", "STARTTLS", "AUTH PLAIN x", "QUIT"], set()),
    "nameless": (["EHLO", "HELO", MAIL, "HELO me.example", RCPT], set()),
    "out-of-order": ([RCPT, "DATA", MAIL, MAIL, "DATA", "RCPT TO:<ai@xa.example>", "DATA"], set()),
    "a-mail": ([MAIL, "RCPT TO:<HOA@xa.example>", "DATA", "x\r\n.", "DATA", MAIL, "RSET", RCPT, "QUIT"], set()),
    "unknown": ([MAIL, "RCPT TO:<ai@xa.example>", RCPT, "RCPT TO:<oanh@xa.example>", "DATA", "x\r\n."], set()),
    "announced-too-big": ([f"{MAIL} SIZE=2000000", f"{MAIL} SIZE=20", RCPT], set()),
    "too-big": ([MAIL, RCPT, "DATA", ("y" * 98 + "\r\n") * 11_000 + ".", MAIL], set()),
    "greylisted": ([MAIL, "RCPT TO:<cham@xa.example>", "DATA", "RSET", "DATA"], {Fault.GREYLIST}),
    "senders": (["MAIL a@gateway.example", "MAIL FROM:", "MAIL", "MAIL FROM:<a>b>", "MAIL FROM:<>"], set()),
    "recipients": ([MAIL, "RCPT", "RCPT TO:", "RCPT TO:<>", "RCPT TO:lan@xa.example"], set()),
    "options": ([f"{MAIL} FOO=x", f"{MAIL} RET=SOME", f"{MAIL} SIZE=x", f"{MAIL} BODY=8BITMIME RET=HDRS"], set()),
    "reports": ([MAIL, f"{RCPT} FOO=1", f"{RCPT} NOTIFY=SUCCESS,NEVER", f"{RCPT} NOTIFY=DELAY ORCPT=rfc822;a"], set()),
    "other-scripts": (["MAIL FROM:<vănthư@gateway.example> SMTPUTF8", RCPT], set()),
}


@pytest.fixture
def world(tmp_path: Path) -> World:
    """The same mailboxes and the same limit."""
    return World({address: tmp_path / address for address in BOXES}, limit=LIMIT)


@pytest.fixture
def sink(world: World) -> Iterator[Sink]:
    """The sink of that world."""
    sink = Sink(world)
    sink.start()
    yield sink
    sink.stop()


def answers(port: int, said: list[str]) -> list[tuple[str, str | None]]:
    """Code and enhanced status of each answer to these lines after EHLO."""
    with RawClient(port) as client:
        client.say("EHLO me.example", 250)
        replies = []
        for line in said:
            client.send(line.encode() + b"\r\n")
            replies.append(client.reply())
    return [(shape[1], shape[2]) for shape in map(_SHAPE.match, replies) if shape]


@pytest.mark.parametrize("name", TALKS)
def test_the_sink_answers_as_postfix_does(alone: Postfix, sink: Sink, world: World, name: str) -> None:
    """The same lines have the same codes and statuses: known and unknown, too big, not now, out of order, malformed."""
    said, faults = TALKS[name]
    world.faults |= faults
    real = answers(alone.port, said)
    assert answers(sink.port, said) == real
    assert len(real) == len(said)


def test_the_sink_offers_nothing_that_postfix_does_not(alone: Postfix, sink: Sink) -> None:
    """Whoever gets along with its extensions gets along with those of a real server."""
    offers = []
    for port in (alone.port, sink.port):
        with RawClient(port) as client:
            lines = client.say("EHLO me.example", 250).splitlines()[1:]
        offers.append({line[4:] for line in lines})
    assert offers[1] <= offers[0]


def sent(port: int, parcels: list[Parcel]) -> list[Outcome]:
    """What becomes of these parcels at the server on that port."""
    courier = SmtpCourier(Smarthost(Host("localhost", port, "127.0.0.1")), Manner("gateway.example"))
    outcomes = list(courier.send(parcels))
    courier.close()
    return outcomes


def test_our_courier_fares_alike_with_both(alone: Postfix, sink: Sink, world: World) -> None:
    """The same parcels have the same outcomes and statuses, and the same octets lie in the Maildirs."""
    world.faults.add(Fault.GREYLIST)
    first = Parcel(1, "a@gateway.example", "lan@xa.example", (b"Subject: mot\r\n\r\n.dau\r\n..hai\r\n.\r\ncuoi\r\n",))
    parcels = [
        first,
        replace(first, letter=2, recipient="ai@xa.example"),
        replace(first, letter=3, pieces=(b"Subject: to\r\n\r\n" + b"x\r\n" * 400_000,)),
        replace(first, letter=4, recipient="cham@xa.example"),
        replace(first, letter=5, sender=None, pieces=(b"Subject: hai\r\n\r\n" + b"x" * 900 + b"\r\n",)),
        replace(first, letter=6, pieces=(b"Subject: ba\r\n\r\n",)),
    ]
    world.seen.update({(sender, "lan@xa.example"): 1 for sender in ("a@gateway.example", "")})
    real, ours = sent(alone.port, parcels), sent(sink.port, parcels)
    assert [(type(each), each.status) for each in ours] == [(type(each), each.status) for each in real]
    assert [type(each) for each in real] == [Relayed, Failed, Failed, Delayed, Relayed, Relayed]
    alone.letter("lan@xa.example", b"Subject: ba\n")
    there = sorted(body(mail) for mail in alone.mails("lan@xa.example") if b"Subject: " in mail)
    here = sorted(body(path.read_bytes()) for path in (world.mailboxes or {})["lan@xa.example"].glob("new/*"))
    assert here == there


def body(mail: bytes) -> bytes:
    """A mail without its header, which every server adds to."""
    return mail.partition(b"\n\n")[2]
