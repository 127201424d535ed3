"""A real Postfix sends to the whole gateway, and its user is told what we say."""

from __future__ import annotations

import os
import signal
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from gateway.demo.watch import wait
from mailmap.mail.envelope import ForwardPath, Notify, Return
from tests.dialogues.talk import FOLDER
from tests.fakes.raw_client import RawClient
from tests.peers.conftest import Land
from tests.peers.papers import Paper
from tests.peers.site import CLERK
from tests.peers.transcripts import agree, of_wire

pytestmark = pytest.mark.peer("postfix", "root")

DAY_ONE = 0  # long ago
HUYEN, SO = "huyen@nam.test", "so@nam.test"
EVERY = frozenset({Notify.SUCCESS, Notify.FAILURE, Notify.DELAY})


def asked_for(envid: str) -> tuple[str, ...]:
    """The options of sendmail that ask for every report, with the headers only."""
    return ("-N", "success,failure,delay", "-R", "hdrs", "-V", envid)


def test_sendmail_asks_and_the_envelope_has_it_all(land: Land) -> None:
    """NOTIFY, RET, ENVID and ORCPT of ``sendmail`` lie in the stored envelope as they were given; so do the octets."""
    paper = Paper()
    land.town.submit(paper.octets, CLERK, [HUYEN, SO], *asked_for("All+of=it"))
    taken = land.site.by_envid("All+of=it")
    assert taken.envelope.sender == CLERK
    assert taken.envelope.recipients == tuple(ForwardPath(each, EVERY, f"rfc822;{each}") for each in (HUYEN, SO))
    assert taken.envelope.ret is Return.HDRS
    assert taken.octets.endswith(paper.octets.replace(b"\n", b"\r\n"))
    assert (taken.outcome, taken.arrival.trusted, taken.arrival.helo) == ("registered", True, "postfix.example")


def test_each_recipient_asks_for_itself(land: Land) -> None:
    """What one recipient of a mail asks for is not what the other asks for; an ORCPT keeps its case and its signs."""
    with smtplib.SMTP("127.0.0.1", land.town.port) as talk:
        talk.ehlo("client.example")
        talk.mail(CLERK, ["RET=FULL", "ENVID=Two+2BWishes"])
        talk.rcpt(HUYEN, ["NOTIFY=NEVER", "ORCPT=rfc822;Huyen+2BVan+3DThu@Else.Example"])
        talk.rcpt(SO, ["NOTIFY=FAILURE,DELAY"])
        assert talk.data(Paper().octets)[0] == 250
    taken = land.site.by_envid("Two+Wishes")
    assert taken.envelope.ret is Return.FULL
    assert taken.envelope.recipients == (
        ForwardPath(HUYEN, frozenset({Notify.NEVER}), "rfc822;Huyen+Van=Thu@Else.Example"),
        ForwardPath(SO, frozenset({Notify.FAILURE, Notify.DELAY}), f"rfc822;{SO}"),
    )


def test_postfix_pipelines_because_we_offer_it(land: Land) -> None:
    """The envelope and DATA come in one go, the last dot and QUIT in another; the talk is what Postfix says."""
    land.town.submit(Paper().octets, CLERK, [HUYEN, SO], *asked_for("QQ+3=14159"))
    land.site.by_envid("QQ+3=14159")
    talk = land.wire.about(b"ENVID=QQ+2B3+3D14159")
    wait(lambda: (b"221 " in talk.server()) or None)
    together = next(said for said in talk.client() if b"ENVID=" in said)
    assert [line[:4] for line in together.splitlines()] == [b"MAIL", b"RCPT", b"RCPT", b"DATA"]
    agree(of_wire(talk), FOLDER / "094-postfix.txt")


def test_bare_line_ends_are_refused_in_plain_words(land: Land) -> None:
    """What could be read in two ways is not taken, and the answer says what is wrong."""
    with RawClient(land.site.mx) as client:
        client.begin(HUYEN, sender=CLERK)
        said = client.bring(b"Subject: a\r\n\r\none\ntwo\r\n", 554)
    assert said == "554 5.6.0 The mail holds a bare CR, a bare LF or a NUL; lines end in CRLF. Nothing was kept"


def test_our_no_comes_to_the_user_in_our_words(land: Land) -> None:
    """Postfix bounces what we refuse, and quotes us; the other recipient of the same mail has it."""
    land.town.submit(Paper().octets, CLERK, ["khong-co@nam.test", HUYEN], "-V", "half-refused")
    bounce = land.town.letter(CLERK, b"khong-co@nam.test", b"Undelivered Mail Returned to Sender")
    assert b"550 5.1.1 There is no such address here" in b" ".join(bounce.split())
    taken = land.site.by_envid("half-refused")
    assert [path.address for path in taken.envelope.recipients] == [HUYEN]
    assert taken.outcome == "registered"


def test_our_later_is_tried_again(land: Land) -> None:
    """While the doors' directory is stale we say 450; Postfix keeps the mail, and once we know again it is taken."""
    with stale(land):
        wait(lambda: standing(land).startswith("450 4.3.0") or None)
        land.town.submit(Paper().octets, CLERK, [HUYEN], "-V", "later")
        wait(lambda: (b"450 4.3.0 The list of addresses is being renewed" in last(land)) or None)
        assert land.town.queued() >= 1
    assert land.site.by_envid("later").outcome == "registered"


@contextmanager
def stale(land: Land) -> Iterator[None]:
    """Who vouches for the doorbook stands still for the block, and has done so for years."""
    role = land.site.role("directory")
    os.kill(role, signal.SIGSTOP)
    os.utime(land.site.doorbook, (DAY_ONE, DAY_ONE))
    try:
        yield
    finally:
        os.kill(role, signal.SIGCONT)


def standing(land: Land) -> str:
    """What the door says of the district's address now."""
    with RawClient(land.site.mx) as client:
        client.say("EHLO client.test", 250)
        client.say(f"MAIL FROM:<{CLERK}>", 250)
        client.send(f"RCPT TO:<{HUYEN}>\r\n".encode())
        return client.reply()


def last(land: Land) -> bytes:
    """What the door said last to the clerk's server."""
    return land.wire.talks[-1].server()
