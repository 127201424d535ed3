"""The SMTP courier against a server on a real socket that behaves, or does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.send.courier import Delayed, Failed, Outcome, Parcel, Relayed, Uncertain
from gateway.send.peer import Manner
from gateway.send.sink import Sink
from gateway.send.smtp import SmtpCourier
from gateway.send.world import Fault, World
from mailmap.mail.envelope import Notify, Return

Make = Callable[..., Parcel]
BIG = b"Subject: to\r\n\r\n" + b"0123456789abcdef\r\n" * 200_000
HUGE = BIG * 12  # more than the buffers between two sockets hold


def the_mail(tmp_path: Path) -> bytes:
    """The one mail in the mailbox, without the two trace fields."""
    (found,) = (tmp_path / "hoa" / "new").iterdir()
    return found.read_bytes().split(b"\n", 2)[2]


def test_octets_arrive_as_they_left(courier: SmtpCourier, parcel: Make, tmp_path: Path, sink: Sink) -> None:
    """Dots at the head of lines, the lone dot too, are the content's own and come through."""
    (outcome,) = courier.send([parcel()])
    assert outcome == Relayed(1, "2.0.0", "localhost: 250 2.0.0 Ok: queued as 1")
    assert the_mail(tmp_path) == b"".join(parcel().pieces).replace(b"\r\n", b"\n")
    assert sink.world.connections == 1


def test_each_recipient_has_its_own_outcome_in_order(courier: SmtpCourier, parcel: Make) -> None:
    """lesson 38: one refusal says nothing about the others, and the connection goes on."""
    parcels = [parcel(1), parcel(2, to="ai@xa.example"), parcel(3, to="ai@xa.example"), parcel(4)]
    outcomes = courier.send(parcels)
    assert [type(each) for each in outcomes] == [Relayed, Failed, Failed, Relayed]
    assert [each.letter for each in outcomes] == [1, 2, 3, 4]
    assert outcomes[1].status == "5.1.1"
    assert "User unknown" in outcomes[1].peer


@pytest.mark.parametrize("withheld", [(), ("PIPELINING",), ("PIPELINING", "DSN", "SIZE", "ENHANCEDSTATUSCODES")])
def test_one_connection_carries_many_mails(
    courier: SmtpCourier, parcel: Make, world: World, withheld: tuple[str, ...]
) -> None:
    """Batches share connections, whatever the peer can or cannot do."""
    world.withheld = withheld
    for _ in range(3):
        outcomes = courier.send([parcel(n, to="ai@xa.example" if n % 3 == 0 else "hoa@xa.example") for n in range(10)])
        assert [type(each) for each in outcomes] == [Failed if n % 3 == 0 else Relayed for n in range(10)]
    assert world.connections == 1


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault.GREYLIST, Delayed(1, "4.2.0", "")),
        (Fault.FULL, Delayed(1, "4.3.1", "")),
        (Fault.BUSY, Delayed(1, "4.4.1", "")),
        (Fault.REFUSE_DATA, Failed(1, "5.6.0", "")),
        (Fault.DROP_KEEPING, Uncertain(1, "4.4.2", "")),
        (Fault.DROP_LOSING, Uncertain(1, "4.4.2", "")),
        (Fault.DROP_MIDDLE, Delayed(1, "4.4.2", "")),
    ],
)
def test_trouble_is_a_value(courier: SmtpCourier, parcel: Make, world: World, fault: Fault, expected: Outcome) -> None:
    """lesson 37: what was lost before the last dot waits; what was lost after it is uncertain."""
    world.faults.add(fault)
    (outcome,) = courier.send([parcel(octets=HUGE if fault is Fault.DROP_MIDDLE else BIG)])
    assert replace(outcome, peer="") == expected
    assert outcome.peer


def test_greylisting_passes_by_waiting(courier: SmtpCourier, parcel: Make, world: World) -> None:
    """The second attempt is taken, on the connection of the first."""
    world.faults.add(Fault.GREYLIST)
    assert [type(courier.send([parcel()])[0]) for _ in range(2)] == [Delayed, Relayed]
    assert world.connections == 1


def test_silence_after_the_last_dot_is_uncertain(
    courier_of: Callable[[Manner], SmtpCourier], parcel: Make, world: World
) -> None:
    """lesson 37: a peer that keeps the mail and answers too late did not fail."""
    world.faults.add(Fault.SLOW)
    courier = courier_of(Manner("gateway.example", reply_s=0.2))
    assert isinstance(courier.send([parcel()])[0], Uncertain)


def test_a_lost_peer_costs_one_wait_per_batch(courier: SmtpCourier, parcel: Make, sink: Sink) -> None:
    """When nobody is there, all wait, and nobody is asked fifty times."""
    sink.stop()
    outcomes = courier.send([parcel(n) for n in range(50)])
    assert {(type(each), each.status) for each in outcomes} == {(Delayed, "4.4.1")}
    assert [each.letter for each in outcomes] == list(range(50))


def test_a_kept_connection_that_went_stale_is_replaced(
    courier: SmtpCourier, parcel: Make, sink: Sink, world: World
) -> None:
    """A peer that hung up between two batches delays nothing."""
    courier.send([parcel()])
    sink.hang_up()
    assert isinstance(courier.send([parcel(2)])[0], Relayed)
    assert world.connections == 2


def test_one_uncertain_mail_does_not_spoil_the_next(courier: SmtpCourier, parcel: Make, world: World) -> None:
    """After a broken connection the batch goes on over a new one."""
    world.faults.add(Fault.DROP_KEEPING)
    outcomes = courier.send([parcel(1), parcel(2)])
    assert [type(each) for each in outcomes] == [Uncertain, Uncertain]
    assert world.connections == 2


def test_the_envelope_carries_what_the_peer_understands(courier: SmtpCourier, parcel: Make, world: World) -> None:
    """DSN parameters travel in xtext (RFC 3461 section 4), the null sender as <>."""
    asked = replace(parcel(), sender=None, envid="a+b=c", ret=Return.HDRS, orcpt="rfc822;hoa+x@xa.example")
    courier.send([replace(asked, notify=frozenset({Notify.FAILURE, Notify.SUCCESS}))])
    mail, rcpt = world.envelopes[0]
    assert mail == f"MAIL FROM:<> SIZE={parcel().size} RET=HDRS ENVID=a+2Bb+3Dc"
    assert rcpt == "RCPT TO:<hoa@xa.example> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;hoa+2Bx@xa.example"


def test_extensions_are_used_only_when_offered(courier: SmtpCourier, parcel: Make, world: World) -> None:
    """A peer without DSN and SIZE sees a bare envelope."""
    world.withheld = ("DSN", "SIZE")
    courier.send([replace(parcel(), envid="x", ret=Return.FULL, notify=frozenset({Notify.NEVER}))])
    assert world.envelopes == [("MAIL FROM:<tra+1-x@gateway.example>", "RCPT TO:<hoa@xa.example>")]


def test_a_mail_above_the_peers_limit_is_not_sent(courier: SmtpCourier, parcel: Make, world: World) -> None:
    """lesson 27: too big is known before the first octet, and said plainly."""
    world.limit = 1000
    small, big = courier.send([parcel(1), parcel(2, octets=BIG)])
    assert isinstance(small, Relayed)
    assert (type(big), big.status) == (Failed, "5.3.4")
    assert world.taken == 1


def test_addresses_in_other_scripts_need_a_peer_that_knows_them(
    courier: SmtpCourier, parcel: Make, world: World, tmp_path: Path
) -> None:
    """SMTPUTF8 (RFC 6531) is named when used, and its absence is a plain failure."""
    world.mailboxes = {"vănthư@xa.example": tmp_path / "hoa"}
    assert isinstance(courier.send([parcel(to="vănthư@xa.example")])[0], Relayed)
    assert world.envelopes[0][0].endswith(" SMTPUTF8")


def test_addresses_in_other_scripts_fail_where_nobody_knows_them(
    courier: SmtpCourier, parcel: Make, world: World
) -> None:
    """Without SMTPUTF8 there is no way to write the envelope."""
    world.withheld = ("SMTPUTF8",)
    (outcome,) = courier.send([parcel(to="vănthư@xa.example")])
    assert (type(outcome), outcome.status) == (Failed, "5.6.7")


@pytest.mark.parametrize("address", ["a b@x", "a@x>\r\nRCPT TO:<b@x", "", "a\0@x", "<a@x>"])
def test_no_address_can_say_more_than_an_address(
    courier: SmtpCourier, parcel: Make, world: World, address: str
) -> None:
    """A recipient that would break out of its command fails alone."""
    world.mailboxes = None
    bad, good = courier.send([parcel(1, to=address), parcel(2)])
    assert (type(bad), bad.status) == (Failed, "5.1.3")
    assert isinstance(good, Relayed)
    assert world.taken == 1
