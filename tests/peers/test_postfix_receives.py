"""A real Postfix receives from us."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from pathlib import Path

import pytest
import trustme

from gateway.send.courier import Failed, Outcome, Parcel, Relayed
from gateway.send.peer import Manner, Protection
from gateway.send.route import Host, Smarthost
from gateway.send.sink import Sink
from gateway.send.smtp import SmtpCourier
from mailmap.mail.envelope import Notify, Return
from tests.peers.conftest import RETURN
from tests.peers.postfixes import Postfix, postfix

pytestmark = pytest.mark.peer("postfix", "root")

MAILS = (
    b"Subject: mot\r\nFrom: a@gateway.example\r\n\r\n.dau dong\r\n..hai\r\n.\r\ncuoi\r\n",
    b"Subject: hai\r\nFrom: a@gateway.example\r\n\r\n" + b"x" * 900 + b"\r\n",
    b"Subject: ba\r\nFrom: a@gateway.example\r\n\r\n",
)


def sent(port: int, parcels: list[Parcel], manner: Manner | None = None) -> list[Outcome]:
    """What becomes of these parcels at the server on that port."""
    courier = SmtpCourier(Smarthost(Host("localhost", port, "127.0.0.1")), manner or Manner("gateway.example"))
    outcomes = list(courier.send(parcels))
    courier.close()
    return outcomes


def test_postfix_reports_by_our_envelope_id(alone: Postfix, returned: Sink) -> None:
    """NOTIFY, ENVID, ORCPT and RET reach it: its report to the return path names them."""
    asked = Parcel(
        1,
        RETURN,
        "hoa@xa.example",
        (MAILS[0],),
        frozenset({Notify.SUCCESS, Notify.FAILURE}),
        "lt1.1@gateway.example",
        "rfc822;xa+hoa@gateway.example",
        Return.HDRS,
    )
    assert isinstance(sent(alone.port, [asked])[0], Relayed)
    box = (returned.world.mailboxes or {})[RETURN]
    (report,) = Postfix(alone.port, {"box": box}).mails("box")
    mail = email.message_from_bytes(report, policy=email.policy.default)
    status = next(part for part in mail.walk() if part.get_content_type() == "message/delivery-status").as_string()
    assert "Action: delivered" in status
    assert "Original-Envelope-Id: lt1.1@gateway.example" in status
    assert "Original-Recipient: rfc822;xa+hoa@gateway.example" in status


def test_one_connection_and_many_mails(alone: Postfix) -> None:
    """Postfix takes a batch with refusals in it over one connection, pipelined, and keeps the order of answers."""
    known = [Parcel(n, "a@gateway.example", "bao@xa.example", (MAILS[1],)) for n in range(30)]
    parcels = [replace(each, recipient="ai@xa.example") if each.letter % 5 == 2 else each for each in known]
    outcomes = sent(alone.port, parcels)
    assert [type(each) for each in outcomes] == [Failed if n % 5 == 2 else Relayed for n in range(30)]
    assert len(alone.mails("bao@xa.example", 24)) == 24


def test_postfix_that_wants_encryption_gets_it(returned: Sink, tmp_path: Path) -> None:
    """STARTTLS with a certificate we trust; without encryption it takes nothing, and that is our trouble."""
    authority = trustme.CA()
    pem = tmp_path / "postfix.pem"
    authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(str(pem))
    with postfix(["hoa@xa.example"], returned.port, str(pem)) as strict:
        parcel = Parcel(1, "a@gateway.example", "hoa@xa.example", (MAILS[0],))
        (bare,) = sent(strict.port, [parcel], Manner("gateway.example", Protection.NONE))
        (closed,) = sent(strict.port, [parcel], Manner("gateway.example", Protection.OPPORTUNISTIC))
        assert (bare.status, isinstance(bare, Relayed)) == ("4.7.0", False)
        assert isinstance(closed, Relayed)
