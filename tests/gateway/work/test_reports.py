"""Reports where the submitting envelope asked for them, and only there: RFC 3461 and RFC 3464, in both directions."""

from __future__ import annotations

import base64
import email
from email.message import EmailMessage, Message

import pytest

from mailmap.mail.envelope import ForwardPath, Notify, Return
from mailmap.writing import tokens
from mailmap.writing.tokens import Purpose
from tests.gateway.work.posting import TO_DISTRICT, Post, told, words
from tests.offices import CLERK, DISTRICT, DOMAIN
from tests.pdf_files import PDF

SUCCESS, FAILURE, DELAY = frozenset({Notify.SUCCESS}), frozenset({Notify.FAILURE}), frozenset({Notify.DELAY})
NEVER = frozenset({Notify.NEVER})
ORCPT = "rfc822;huyen@haihau.example"


@pytest.fixture(autouse=True)
def _fair_weather(post: Post) -> None:
    """Every test begins in a world that knows DSN, on a fresh connection."""
    post.outside.withheld = ()
    post.sink.hang_up()


def relayed(post: Post, number: int, *asked: frozenset[Notify], ret: Return | None = None) -> str:
    """A paper that the peer has taken, with what its envelope asked for; its tracking code."""
    notify = asked[0] if asked else frozenset()
    code = post.registered(number, ForwardPath(TO_DISTRICT, notify, ORCPT), ret=ret, envid=f"QQ+{number}")
    post.sent()
    assert post.delivery(code).transport == "relayed"
    return code


def reported(post: Post, code: str, action: str, status: str, words: str = "") -> None:
    """The peer's report about the delivery letter comes back to its return path, and what follows is sent."""
    token = tokens.make(post.world.office.keys.token_key, Purpose.RETURN, int(post.delivery(code).id))
    told = f"Final-Recipient: rfc822; {DISTRICT}\r\nAction: {action}\r\nStatus: {status}\r\n"
    raw = (
        f"From: <mailer-daemon@haihau.namdinh.example>\r\nSubject: {action} {code}\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nSo it is.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"{told}Diagnostic-Code: smtp; {words}\r\n\r\n--b--\r\n"
    )
    assert post.world.conclude(raw.encode(), [f"{token}@{DOMAIN}"], sender=None).outcome == "report"
    post.sent()


def kinds(post: Post, code: str) -> list[str]:
    """What letters were written about that document."""
    return [str(row.kind) for row in post.letters(code)]


def reports(post: Post, code: str) -> list[EmailMessage]:
    """The reports that lie in the clerk's mailbox about that document."""
    return [mail for mail in post.about(CLERK, code) if mail.get_content_type() == "multipart/report"]


def test_a_peer_without_dsn_is_the_last_that_can_be_told_of(post: Post) -> None:
    """RFC 3461: only when the next server tells nothing more is "relayed" the truth, and then it is told."""
    post.outside.withheld = ("DSN",)
    (report,) = reports(post, relayed(post, 201, SUCCESS))
    message, recipient = told(report)
    assert (recipient["Action"], recipient["Status"]) == ("relayed", "2.0.0")
    assert (message["Original-Envelope-Id"], recipient["Original-Recipient"]) == ("QQ+201", ORCPT)
    assert (recipient["Remote-MTA"], recipient["Diagnostic-Code"][:14]) == ("dns; 127.0.0.1", "smtp; 250 2.0.")


def test_a_peer_that_reports_is_waited_for(post: Post) -> None:
    """Success is told once, when it is true: as delivered when the peer says so, with ENVID and ORCPT as given."""
    code = relayed(post, 202, SUCCESS)
    assert reports(post, code) == []
    reported(post, code, "delivered", "2.0.0", "250 2.0.0 Delivered to Maildir")
    (report,) = reports(post, code)
    message, recipient = told(report)
    assert (recipient["Action"], recipient["Status"]) == ("delivered", "2.0.0")
    assert (message["Original-Envelope-Id"], recipient["Original-Recipient"]) == ("QQ+202", ORCPT)
    assert recipient["Final-Recipient"] == f"rfc822; {TO_DISTRICT}"
    assert "UBND huyện Hải Hậu" in words(report).splitlines()[0]


def test_a_peer_may_relay_out_of_sight(post: Post) -> None:
    """What the peer's peer never tells is told as relayed, however often the peer says it."""
    code = relayed(post, 203, SUCCESS)
    reported(post, code, "relayed", "2.0.0")
    reported(post, code, "relayed", "2.1.5")
    assert [told(report)[1]["Action"] for report in reports(post, code)] == ["relayed"]


def test_who_did_not_ask_for_success_is_not_told_of_it(post: Post) -> None:
    """No NOTIFY at all means failure and delay (RFC 3461 section 4.1)."""
    for number, asked in ((204, frozenset()), (205, FAILURE), (206, NEVER)):
        code = relayed(post, number, frozenset(asked))
        reported(post, code, "delivered", "2.0.0")
        assert post.delivery(code).transport == "delivered"
        assert kinds(post, code) == ["delivery", "receipt"]


@pytest.mark.parametrize("number", [207, 208])
def test_a_failure_far_away_is_told_like_one_nearby(post: Post, number: int) -> None:
    """Lesson 33: the plain notice for people, the report for machines, and as much of the mail as RET says."""
    ret = Return.FULL if number == 207 else Return.HDRS
    code = relayed(post, number, FAILURE, ret=ret)
    reported(post, code, "failed", "5.1.1", "550 5.1.1 no such user")
    assert post.delivery(code).transport == "failed"
    (report,) = reports(post, code)
    assert "không tồn tại. Xin báo người quản trị" in words(report)
    message, recipient = told(report)
    assert (recipient["Action"], recipient["Status"]) == ("failed", "5.1.1")
    assert (message["Original-Envelope-Id"], recipient["Original-Recipient"]) == (f"QQ+{number}", ORCPT)
    assert recipient["Diagnostic-Code"] == "smtp; 550 5.1.1 no such user"
    returned = list(report.iter_parts())[2]
    assert returned.get_content_type() == ("message/global" if ret is Return.FULL else "text/rfc822-headers")
    assert (PDF in files(returned)) is (ret is Return.FULL)


def files(returned: Message) -> list[bytes]:
    """The files of a mail that came back in base64."""
    inner = returned.get_payload()
    octets = base64.b64decode(str(inner[0].get_payload())) if isinstance(inner, list) else b""
    return [part.get_payload(decode=True) for part in email.message_from_bytes(octets).walk() if part.get_filename()]


@pytest.mark.parametrize(("number", "asked"), [(209, NEVER), (210, SUCCESS)])
def test_who_asked_for_no_failure_is_not_told_of_one(post: Post, number: int, asked: frozenset[Notify]) -> None:
    """NOTIFY=NEVER is never, also when the peer reports; whoever tracks the document sees the state."""
    code = relayed(post, number, asked)
    reported(post, code, "failed", "5.1.1", "550 5.1.1 no such user")
    assert post.delivery(code).transport == "failed"
    assert kinds(post, code) == ["delivery", "receipt"]


def test_a_delay_far_away_is_told_once(post: Post) -> None:
    """A peer that reports a delay every hour makes one warning, without a promise of ours how long it tries."""
    code = relayed(post, 211, DELAY)
    reported(post, code, "delayed", "4.4.1", "connection refused")
    reported(post, code, "delayed", "4.4.2", "connection lost")
    assert post.delivery(code).transport == "relayed"
    (report,) = reports(post, code)
    _, recipient = told(report)
    assert (recipient["Action"], recipient["Status"], recipient["Will-Retry-Until"]) == ("delayed", "4.4.1", None)
    assert recipient["Diagnostic-Code"] == "x-lienthong; connection refused"
    assert "Chưa cần gửi lại văn bản" in words(report)


def test_after_all_this_register_and_journal_agree(post: Post) -> None:
    """House rule: the register rebuilt from the journal equals the living one after every scenario."""
    assert post.world.unlike_its_journal() == []
