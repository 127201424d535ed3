"""A real Postfix receives from us."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import trustme

from gateway.send.courier import Failed, Outcome, Parcel, Relayed
from gateway.send.peer import Manner, Protection
from gateway.send.route import Host, Smarthost
from gateway.send.sink import Sink
from gateway.send.smtp import SmtpCourier
from gateway.send.world import World
from mailmap.mail.envelope import Notify, Return
from tests.peers.postfixes import Postfix, postfix

pytestmark = pytest.mark.peer("postfix", "root")

MAILS = (
    b"Subject: mot\r\nFrom: a@gateway.example\r\n\r\n.dau dong\r\n..hai\r\n.\r\ncuoi\r\n",
    b"Subject: hai\r\nFrom: a@gateway.example\r\n\r\n" + b"x" * 900 + b"\r\n",
    b"Subject: ba\r\nFrom: a@gateway.example\r\n\r\n",
)
BOXES = ("hoa@xa.example", "lan@xa.example", "bao@xa.example")


@pytest.fixture(scope="module")
def returned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sink]:
    """Where Postfix sends its reports: a server of ours with one mailbox."""
    box = tmp_path_factory.mktemp("returned") / "box"
    sink = Sink(World({"tra+1-x@gateway.example": box}))
    sink.start()
    yield sink
    sink.stop()


@pytest.fixture(scope="module")
def server(returned: Sink) -> Iterator[Postfix]:
    """The Postfix of this module."""
    with postfix(BOXES, returned.port) as running:
        yield running


def sent(port: int, parcels: list[Parcel], manner: Manner | None = None) -> list[Outcome]:
    """What becomes of these parcels at the server on that port."""
    courier = SmtpCourier(Smarthost(Host("localhost", port, "127.0.0.1")), manner or Manner("gateway.example"))
    outcomes = list(courier.send(parcels))
    courier.close()
    return outcomes


def test_postfix_reports_by_our_envelope_id(server: Postfix, returned: Sink) -> None:
    """NOTIFY, ENVID, ORCPT and RET reach it: its report to the return path names them."""
    asked = Parcel(
        1,
        "tra+1-x@gateway.example",
        "hoa@xa.example",
        (MAILS[0],),
        frozenset({Notify.SUCCESS, Notify.FAILURE}),
        "lt1.1@gateway.example",
        "rfc822;xa+hoa@gateway.example",
        Return.HDRS,
    )
    assert isinstance(sent(server.port, [asked])[0], Relayed)
    box = (returned.world.mailboxes or {})["tra+1-x@gateway.example"]
    (report,) = Postfix(server.port, {"box": box}).mails("box")
    mail = email.message_from_bytes(report, policy=email.policy.default)
    status = next(part for part in mail.walk() if part.get_content_type() == "message/delivery-status").as_string()
    assert "Action: delivered" in status
    assert "Original-Envelope-Id: lt1.1@gateway.example" in status
    assert "Original-Recipient: rfc822;xa+hoa@gateway.example" in status


def test_one_connection_and_many_mails(server: Postfix) -> None:
    """Postfix takes a batch with refusals in it over one connection, pipelined, and keeps the order of answers."""
    known = [Parcel(n, "a@gateway.example", "bao@xa.example", (MAILS[1],)) for n in range(30)]
    parcels = [replace(each, recipient="ai@xa.example") if each.letter % 5 == 2 else each for each in known]
    outcomes = sent(server.port, parcels)
    assert [type(each) for each in outcomes] == [Failed if n % 5 == 2 else Relayed for n in range(30)]
    assert len(server.mails("bao@xa.example", 24)) == 24


def test_postfix_that_wants_encryption_gets_it(returned: Sink, tmp_path: Path) -> None:
    """STARTTLS with a certificate we trust; without encryption it takes nothing, and that is our trouble."""
    authority = trustme.CA()
    pem = tmp_path / "postfix.pem"
    authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(str(pem))
    with postfix(["hoa@xa.example"], returned.port, str(pem)) as server:
        parcel = Parcel(1, "a@gateway.example", "hoa@xa.example", (MAILS[0],))
        (bare,) = sent(server.port, [parcel], Manner("gateway.example", Protection.NONE))
        (closed,) = sent(server.port, [parcel], Manner("gateway.example", Protection.OPPORTUNISTIC))
        assert (bare.status, isinstance(bare, Relayed)) == ("4.7.0", False)
        assert isinstance(closed, Relayed)
