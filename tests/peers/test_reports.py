"""What became of a document, told by real servers to us and by us to the clerk who asked (RFC 3461, RFC 3464)."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import EmailMessage

import pytest

from gateway.demo.watch import wait
from mailmap.mail.envelope import Door
from mailmap.policy.lifecycle import Handling
from storage.reading import Tracked
from storage.schema import mails
from tests.gateway.work.posting import told, words
from tests.peers.conftest import Land
from tests.peers.dovecots import Dovecot, dovecot
from tests.peers.papers import Paper
from tests.peers.site import CLERK, DISTRICT, FAR, Taken

pytestmark = [pytest.mark.peer("postfix", "root")]

HUYEN, AN, SO = "huyen@nam.test", "an@nam.test", "so@nam.test"
# What each mail asks of ``sendmail``, and to whom it goes; all are sent at once, and each test looks at one.
ASKED: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "success": (HUYEN, ("-N", "success", "-R", "hdrs")),
    "far": (SO, ("-N", "success,failure")),
    "failure": (AN, ("-N", "failure", "-R", "full")),
    "headers": (AN, ("-N", "failure", "-R", "hdrs")),
    "nothing": (AN, ()),
    "never": (AN, ("-N", "never")),
    "only-success": (AN, ("-N", "success")),
}


@dataclass(frozen=True, slots=True)
class Sent:
    """A paper that a clerk sent, and how it was taken."""

    paper: Paper
    taken: Taken


@pytest.fixture(scope="module")
def sent(land: Land) -> Mapping[str, Sent]:
    """Every paper, taken; by its envelope id."""
    papers = {envid: Paper() for envid in ASKED}
    for envid, (to, asked) in ASKED.items():
        land.town.submit(papers[envid].octets, CLERK, [to], *asked, "-V", envid)
    return {envid: Sent(paper, land.site.by_envid(envid)) for envid, paper in papers.items()}


@pytest.fixture(scope="module")
def imap(land: Land) -> Iterator[Dovecot]:
    """The mailboxes of the town, as mail programs see them."""
    with dovecot(land.town.mailboxes[CLERK].parent) as server:
        yield server


def ended(land: Land, one: Sent, transport: str) -> Tracked:
    """The story of a document once its delivery letter is in that state and all other letters have left."""

    def over(story: Tracked) -> bool:
        ways = {letter.kind: letter.transport for letter in story.letters}
        return ways.pop("delivery") == transport and set(ways.values()) <= {"relayed"}

    return land.site.story(one.taken.code, over)


def reported(land: Land, one: Sent) -> EmailMessage:
    """The report about that document in the clerk's mailbox."""
    marks = f"X-Lienthong-Document: {one.taken.code}".encode(), b"Content-Type: multipart/report"
    mail = email.message_from_bytes(land.town.letter(CLERK, *marks), policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def test_success_is_told_as_delivered(land: Land, sent: Mapping[str, Sent]) -> None:
    """We ask Postfix, its report moves the letter to delivered and the document to 01, and the clerk gets ours."""
    story = ended(land, sent["success"], "delivered")
    assert [one.handling for one in story.deliveries] == [Handling.ARRIVED.value]
    report = reported(land, sent["success"])
    message, recipient = told(report)
    assert message["Original-Envelope-Id"] == "success"
    assert message["Reporting-MTA"] == "dns; door.test"
    assert recipient["Original-Recipient"] == f"rfc822;{HUYEN}"
    assert recipient["Final-Recipient"] == f"rfc822; {HUYEN}"
    assert (recipient["Action"], recipient["Status"]) == ("delivered", "2.0.0")
    assert "UBND huyện Hải Hậu" in words(report).splitlines()[0]
    assert [part.get_content_type() for part in report.iter_parts()][2] == "text/rfc822-headers"


def test_the_peers_report_came_in_by_the_front_door(land: Land, sent: Mapping[str, Sent]) -> None:
    """From the null sender, encrypted, to the letter's own return path; its outcome is "report"."""
    story = ended(land, sent["success"], "delivered")
    (letter,) = (one.id for one in story.letters if one.kind == "delivery")
    came = land.site.taken(mails.c.envelope["recipients"].astext.like(f"%tra+{letter}-%"))
    assert (came.envelope.sender, came.outcome) == (None, "report")
    assert came.arrival.door is Door.MX
    assert b"Original-Envelope-Id: lt" in came.octets


def test_where_nobody_tells_more_it_is_told_as_relayed(land: Land, sent: Mapping[str, Sent]) -> None:
    """The last server knows no DSN: Postfix says "relayed", and so do we, and the document has not arrived for us."""
    story = land.site.story(sent["far"].taken.code, lambda story: any(one.kind == "report" for one in story.letters))
    assert [one.transport for one in story.letters if one.kind == "delivery"] == ["relayed"]
    assert [one.handling for one in story.deliveries] == [Handling.NONE.value]
    message, recipient = told(reported(land, sent["far"]))
    assert (message["Original-Envelope-Id"], recipient["Action"]) == ("far", "relayed")
    there = [path.read_bytes() for path in (land.far.world.mailboxes or {})[FAR].glob("new/*")]
    assert sum(sent["far"].taken.code.encode() in mail for mail in there) == 1


@pytest.mark.parametrize("envid", ["failure", "headers", "nothing"])
def test_failure_is_told_in_plain_words(land: Land, sent: Mapping[str, Sent], envid: str) -> None:
    """Lesson 33: Postfix's bounce fails the letter; the clerk reads what to do, and has back what RET says."""
    ended(land, sent[envid], "failed")
    report = reported(land, sent[envid])
    assert "Không gửi được Công văn" in words(report).splitlines()[0]
    assert "không tồn tại. Xin báo người quản trị" in words(report)
    message, recipient = told(report)
    assert (message["Original-Envelope-Id"], recipient["Original-Recipient"]) == (envid, f"rfc822;{AN}")
    assert (recipient["Action"], recipient["Status"]) == ("failed", "5.1.1")
    assert "User unknown" in recipient["Diagnostic-Code"]
    returned = list(report.iter_parts())[2].as_bytes()
    assert (b"message/global" in returned) is (envid == "failure")


@pytest.mark.parametrize("envid", ["never", "only-success"])
def test_who_asked_for_no_failure_gets_none(land: Land, sent: Mapping[str, Sent], envid: str) -> None:
    """The letter failed, and whoever tracks the document sees it; nothing but the receipt was written."""
    story = ended(land, sent[envid], "failed")
    assert sorted(one.kind for one in story.letters) == ["delivery", "receipt"]


@pytest.mark.peer("dovecot")
def test_the_district_reads_it_in_its_mail_program(land: Land, sent: Mapping[str, Sent], imap: Dovecot) -> None:
    """Through Dovecot: the subject names the paper, the text says what to do, the file has every octet."""
    one = sent["success"]
    ended(land, one, "delivered")
    (octets,) = imap.mails(DISTRICT, "X-Lienthong-Document", one.taken.code)
    mail = email.message_from_bytes(octets, policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    assert f"số {one.paper.number}/UBND-VP" in str(mail["Subject"])
    assert "UBND xã Hải Phúc gửi UBND huyện Hải Hậu" in words(mail)
    (pdf,) = mail.iter_attachments()
    assert pdf.get_content() == one.paper.pdf
    kept = wait(lambda: two(imap.mails(CLERK, "X-Lienthong-Document", one.taken.code)))
    assert sum(b"multipart/report" in mail for mail in kept) == 1


def two(mails: list[bytes]) -> list[bytes] | None:
    """The receipt on registration and the report that was asked for, once both are there."""
    return mails if len(mails) == 2 else None


@pytest.mark.peer("dovecot")
def test_a_mail_of_20_mib_comes_through(land: Land, imap: Dovecot) -> None:
    """We take it from Postfix whole, and its file is in the district's mail program octet by octet, three queues on."""
    paper = Paper(bytes(range(256)) * (15 << 12))
    assert len(paper.octets) > 20 << 20
    land.town.submit(paper.octets, CLERK, [HUYEN], "-N", "never", "-V", "large")
    taken = land.site.by_envid("large")
    assert taken.octets.endswith(paper.octets.replace(b"\n", b"\r\n"))
    octets = wait(lambda: next(iter(imap.mails(DISTRICT, "X-Lienthong-Document", taken.code)), None))
    mail = email.message_from_bytes(octets, policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    (pdf,) = mail.iter_attachments()
    assert pdf.get_content() == paper.pdf
