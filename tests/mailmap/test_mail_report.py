"""Reports: what became of mail we sent, as servers tell it, and no other mail ever."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mailmap.mail.message import Message
from mailmap.mail.parse import parse
from mailmap.mail.report import Action, Report, ReportKind, read_report
from tests.mailmap.mails import letter, typed

DAEMON = "Mail Delivery System <MAILER-DAEMON@mx.example.vn>"


def report(parts: list[tuple[str, str]], kind: str = "delivery-status", author: str = DAEMON) -> Message:
    """A multipart/report of these (type, content) parts."""
    body = "".join(f"--b\r\nContent-Type: {name}\r\n\r\n{content}\r\n" for name, content in parts)
    head = f"From: {author}\r\nContent-Type: multipart/report; report-type={kind}; boundary=b\r\n\r\n"
    return parse(f"{head}{body}--b--\r\n".encode(), typed)


def dsn(groups: str, returned: str = "Message-ID: <ours@gw.vn>\r\nSubject: x\r\n") -> Report:
    """The report of a delivery-status part with these groups of fields."""
    text = ("text/plain", "Your mail could not be delivered.")
    parts = [
        text,
        ("message/delivery-status", f"Reporting-MTA: dns; mx.vn\r\n{groups}"),
        ("text/rfc822-headers", returned),
    ]
    found = read_report(report(parts))
    assert found is not None
    return found


def test_a_delivery_report_names_the_recipient_as_we_wrote_it() -> None:
    """RFC 3464: the original recipient stands before the final one; status and diagnosis are the peer's own words."""
    found = dsn(
        "Original-Envelope-Id: D-42\r\n\r\n"
        "Final-Recipient: rfc822; inner@b.vn\r\nOriginal-Recipient: rfc822;Outer@b.vn\r\n"
        "Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1\r\n unknown user\r\n"
    )
    assert (found.kind, found.envelope_id, found.original_message_id) == (ReportKind.DSN, "D-42", "<ours@gw.vn>")
    (one,) = found.recipients
    assert (one.address, one.action, one.status) == ("Outer@b.vn", Action.FAILED, "5.1.1")
    assert one.diagnostic == "550 5.1.1 unknown user"


@pytest.mark.parametrize(
    ("word", "status", "action"),
    [
        ("failed", "5.0.0", Action.FAILED),
        ("Failure (User unknown)", "", Action.FAILED),
        ("error", "5.0.0", Action.FAILED),
        ("delayed", "4.4.1", Action.DELAYED),
        ("delivered", "2.0.0", Action.DELIVERED),
        ("relayed", "2.0.0", Action.RELAYED),
        ("expanded", "2.0.0", Action.EXPANDED),
        ("", "5.2.2", Action.FAILED),
        ("", "4.2.2", Action.DELAYED),
    ],
)
def test_actions_are_the_words_of_the_standard(word: str, status: str, action: Action) -> None:
    """RFC 3464 section 2.3.3, also as servers bend it; without an action the class of the status decides."""
    found = dsn(f"\r\nFinal-Recipient: rfc822; a@b.vn\r\nAction: {word}\r\nStatus: {status}\r\n")
    assert [one.action for one in found.recipients] == [action]


def test_each_recipient_is_told_once_and_none_is_lost() -> None:
    """Several groups are several recipients; a repeated one counts once."""
    groups = "".join(f"\r\nFinal-Recipient: rfc822;{name}@b.vn\r\nAction: failed\r\n" for name in "abca")
    assert [one.address for one in dsn(groups).recipients] == ["a@b.vn", "b@b.vn", "c@b.vn"]


@pytest.mark.parametrize(
    ("disposition", "action"),
    [
        ("manual-action/MDN-sent-manually; displayed", Action.DISPLAYED),
        ("manual-action/MDN-sent-automatically; deleted", Action.DELETED),
        ("automatic-action/MDN-sent-automatically; deleted", Action.FAILED),
        ("automatic-action/MDN-sent-automatically; processed", Action.DELIVERED),
    ],
)
def test_a_read_receipt_says_what_the_reader_did(disposition: str, action: Action) -> None:
    """RFC 8098; what a machine threw away before anyone saw it has failed."""
    fields = f"Final-Recipient: rfc822;a@b.vn\r\nOriginal-Message-ID: <ours@gw.vn>\r\nDisposition: {disposition}\r\n"
    parts = [("text/plain", "read"), ("message/disposition-notification", fields)]
    found = read_report(report(parts, "disposition-notification", "A <a@b.vn>"))
    assert found is not None
    assert (found.kind, found.original_message_id) == (ReportKind.MDN, "<ours@gw.vn>")
    assert [(one.address, one.action) for one in found.recipients] == [("a@b.vn", action)]


PROSE = {
    "qmail": """failure notice
Hi. This is the qmail-send program at mx.
I'm afraid I wasn't able to deliver your message to the following addresses.

<u@b.vn>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

From: other@c.vn
""",
    "exim": """Mail delivery failed: returning message to sender
A message that you sent could not be delivered to one or more of its
recipients. The following address(es) failed:

  u@b.vn
    host mx.b.vn: 550 5.1.1 unknown

------ This is a copy of the message, including all the headers. ------
To: other@c.vn
""",
    "exchange": """Undeliverable: x
Delivery has failed to these recipients or groups:

U (u@b.vn)
The address could not be found.

Diagnostic information for administrators:

u@b.vn
#550 5.1.1 RESOLVER.ADR.RecipNotFound ##

Original message headers:

From: other@c.vn
""",
    "opensmtpd": """Delivery status notification: error
An error has occurred while attempting to deliver a message for
the following list of recipients:

u@b.vn: 550 5.1.1 unknown

Below is a copy of the original message:
""",
    "a Vietnamese server": """Thư không gửi được
Không thể gửi thư của bạn tới địa chỉ sau:

<u@b.vn>: 550 5.1.1 không tồn tại
""",
}


@pytest.mark.parametrize("server", PROSE)
def test_bounces_in_prose_are_understood(server: str) -> None:
    """lesson 33: whoever words it, the failed recipient and the status are found; the returned mail is not read."""
    subject, _, text = PROSE[server].partition("\n")
    found = read_report(letter(text, subject, author=DAEMON))
    assert found is not None
    assert [(one.address, one.action, one.status) for one in found.recipients] == [("u@b.vn", Action.FAILED, "5.1.1")]


def test_a_warning_is_a_delay() -> None:
    """What is still being tried has not failed."""
    text = "Your message to u@b.vn has not yet been delivered. Delivery attempts will continue for 4 days.\n"
    found = read_report(letter(text, "Warning: message delayed 24 hours", author=DAEMON))
    assert found is not None
    assert [(one.address, one.action) for one in found.recipients] == [("u@b.vn", Action.DELAYED)]


def test_a_bounce_without_a_readable_recipient_is_still_no_document() -> None:
    """A report that names nobody is a report without recipients."""
    found = read_report(letter("The following mail could not be delivered.", "Mail delivery failed", author=DAEMON))
    assert found == Report(ReportKind.DSN, ())


ORDINARY = {
    "a document": "Công văn số 12/CV-UBND\nKính gửi UBND huyện, xã gửi kèm công văn.",
    "a clerk tells of a bounce": "Thư không gửi được\nThư gửi tới <u@b.vn> không gửi được, hộp thư đầy. Nhờ kiểm tra.",
    "an answer to a bounce": """Re: Undelivered Mail Returned to Sender
Chị kiểm tra giúp em địa chỉ này.

> <u@b.vn>: host mx said: 550 5.1.1 User unknown
> could not be delivered
""",
    "a forwarded bounce": """FW: Undeliverable: Công văn số 12
Em gửi lại chị thư báo lỗi.

-----Original Message-----
From: MAILER-DAEMON@mx
Your message could not be delivered to <u@b.vn>
""",
    "a clerk names the address": "Không gửi được thư\nĐịa chỉ lỗi: u@b.vn\nThư gửi đến u@b.vn không gửi được.",
    "a complaint about the post": """Delivery problem
The parcel could not be delivered to our office, user a@b.vn complained.
""",
    "a delivery note": "Delivery status notification of order 12\nOrder 12 was delivered to Mr A.",
}


@pytest.mark.parametrize("name", ORDINARY)
def test_no_ordinary_mail_is_taken_for_a_bounce(name: str) -> None:
    """A person's words about a failure are no report; a machine must have written them."""
    subject, _, text = ORDINARY[name].partition("\n")
    assert read_report(letter(text, subject, author="Nguyễn Văn A <a@xa.vn>")) is None
    assert read_report(letter(text, subject, author="a@xa.vn")) is None


def test_an_absence_note_is_no_bounce() -> None:
    """An automatic answer may speak of addresses that are no longer valid: it reports no failed mail of ours."""
    text = "I am out of the office. The address u@b.vn is no longer valid, your mail will not be delivered."
    extra = ("Return-Path: <>", "Auto-Submitted: auto-replied")
    assert read_report(letter(text, "Automatic reply: Công văn", extra)) is None


def test_a_report_part_in_a_persons_mail_is_an_attachment() -> None:
    """A colleague who attaches a bounce has not sent one."""
    part = "Reporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; u@b.vn\r\nAction: failed\r\n"
    body = f"--b\r\n\r\nXem giúp.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n{part}\r\n--b--\r\n"
    mail = f"From: A <a@xa.vn>\r\nSubject: nhờ\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n{body}"
    assert read_report(parse(mail.encode(), typed)) is None


@pytest.mark.parametrize(
    ("words", "hours"),
    [
        ("has not yet been delivered after more than 24 hours on the queue", 24),
        ("Warning: could not send message for past 4 hours", 4),
        ("Cannot deliver; delayed 48 hours", 48),
        ("aborted after 5.0 hour(s)", 5),
        ("Thư chưa đến được sau 4 giờ", 4),
        ("Thu chua den duoc sau 2 ngay", 48),
        ("Delivery attempts will continue to be made for 5 day(s).", None),
        ("after 9999 days", None),
    ],
)
def test_for_how_long_it_was_tried_is_read(words: str, hours: int | None) -> None:
    """What is told of the past, never what a server promises for the time to come."""
    found = read_report(letter(f"could not be delivered\n\nu@b.vn\n\n{words}\n", "failure notice", author=DAEMON))
    (one,) = found.recipients if found else ()
    assert one.waited == (None if hours is None else timedelta(hours=hours))


def test_the_fields_of_a_report_say_for_how_long() -> None:
    """RFC 3464 sections 2.2.5 and 2.3.7: from the arrival to the last attempt; an impossible time is none."""
    group = "Final-Recipient: rfc822; a@b.vn\r\nAction: failed\r\nLast-Attempt-Date: Mon, 5 Aug 2024 14:00:00 +0700\r\n"
    for arrived, hours in (("Sat, 3 Aug 2024 14:00:00 +0700", 48), ("Tue, 6 Aug 2024 14:00:00 +0700", None)):
        (one,) = dsn(f"Arrival-Date: {arrived}\r\n\r\n{group}").recipients
        assert one.waited == (None if hours is None else timedelta(hours=hours))
