"""Notices of mail servers in every wording we know of: who failed, for good or not yet, and why; and no other mail."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.examine.filetype import sniff
from mailmap.mail.bounce_signs import bare
from mailmap.mail.failing import own_words
from mailmap.mail.message import Message
from mailmap.mail.parse import parse
from mailmap.mail.report import Action, Report, read_report
from tests.mailmap.mails import letter
from tests.mailmap.notices import Notice, notices
from tests.samples import files, folder

DAEMON = "Mail Delivery System <MAILER-DAEMON@mx.example.vn>"


def told(report: Report | None) -> set[tuple[str, ...]]:
    """What a report says of each recipient, as the notices' own lines say it."""
    return {(one.address, one.action.value, one.why.value) for one in report.recipients} if report else set()


@pytest.mark.parametrize("notice", notices("failures.txt"), ids=lambda notice: notice.kind)
def test_each_kind_of_notice_is_read_whole(notice: Notice) -> None:
    """Whoever words it: recipient, whether it is still tried, and cause; a notice that names none is a report."""
    report = read_report(notice.message)
    assert report is not None
    assert told(report) == {line for line in notice.expected if line != ("none",)}


@pytest.mark.parametrize("notice", notices("ordinary.txt"), ids=lambda notice: notice.kind)
def test_no_other_mail_is_taken_for_a_report(notice: Notice) -> None:
    """lesson 33: a person or a program that speaks of a failure, quotes or forwards a notice, reports nothing."""
    assert read_report(notice.message) is None


def test_real_bounces_are_read_within_the_bounds(record_property: Callable[[str, object], None]) -> None:
    """Of the recipients that real bounces name ≥ 95 % are found, ≥ 97 % of what is found is right, the flag ≥ 95 %."""
    place = folder("mail/bounces")
    wanted: dict[tuple[str, str], bool] = {}
    found: dict[tuple[str, str], bool] = {}
    for name, expected in json.loads((place / "expected.json").read_text("utf-8")).items():
        report = read_report(parse((place / name).read_bytes(), sniff))
        wanted |= {(name, address.lower()): expected["temporary"] for address in expected["recipients"]}
        for one in report.recipients if report else ():
            found[name, one.address.lower()] = one.action is Action.DELAYED
    right = wanted.keys() & found.keys()
    flags = sum(wanted[one] == found[one] for one in right)
    for name, part, whole in (("recall", right, wanted), ("precision", right, found)):
        record_property(name, f"{len(part)}/{len(whole)}")
    record_property("flag", f"{flags}/{len(right)}")
    assert len(right) >= 0.95 * len(wanted)
    assert len(right) >= 0.97 * len(found)
    assert flags >= 0.95 * len(right)


def test_no_sample_answer_is_a_report_and_few_broken_mails_are() -> None:
    """Answers of people and broken mails are no reports, but for the bounces that lie among the broken ones."""
    folder("mail/replies")
    taken = {mail.name for mail in files("mail/replies", "*") if read_report(parse(mail.read_bytes(), sniff))}
    assert taken == set()
    broken = {mail.name for mail in files("mail/malformed", "*.eml") if read_report(parse(mail.read_bytes(), sniff))}
    assert {name for name in broken if "bounce" not in name and "report" not in name} == set()


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Warning: message delayed 24 hours", "u@b.vn has not yet been delivered. Attempts will continue."),
        ("Warning: could not send message for past 4 hours", "<u@b.vn>... Deferred: Connection refused"),
        ("Delivery failure notification", "Could not be delivered to:\n\nu@b.vn\n\nDelivery attempts will continue."),
        ("Delivery Status Notification (Delay)", "Delivery has been delayed:\n\n  u@b.vn\n"),
        ("Cảnh báo: thư chưa gửi được", "Thư gửi tới u@b.vn chưa chuyển được, hệ thống sẽ tiếp tục thử lại."),
        ("Canh bao: thu chua gui duoc", "Thu gui toi u@b.vn chua chuyen duoc, he thong se tiep tuc thu lai."),
    ],
)
def test_what_is_still_tried_is_a_delay(subject: str, text: str) -> None:
    """The words of a notice say whether the server goes on, with and without diacritics."""
    assert [one.action for one in bounced(subject, text).recipients] == [Action.DELAYED]


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Returned mail: Deferred", "<u@b.vn>... Deferred: Connection timed out\n"),
        ("Undelivered Mail Returned to Sender", "<u@b.vn>: temporary failure. Giving back.\n"),
        ("failure notice", "<u@b.vn>:\nTemporary error 451.\nI'm not going to try again.\n"),
        ("Mail delivery failed: returning message to sender", "  u@b.vn\n    retry timeout exceeded\n"),
    ],
)
def test_what_went_back_has_failed(subject: str, text: str) -> None:
    """Passing trouble that was not overcome is a failure."""
    assert [one.action for one in bounced(subject, text).recipients] == [Action.FAILED]


def test_the_returned_mail_is_not_read_for_recipients_that_the_notice_names() -> None:
    """Addresses below the line where the returned mail begins are those of another mail."""
    text = "<u@b.vn>:\nUser unknown\n\n--- Below this line is a copy of the message.\n\nTo: v@b.vn\n<w@b.vn>: x\n"
    assert [one.address for one in bounced("failure notice", text).recipients] == ["u@b.vn"]


def test_blanks_before_the_header_hide_no_report() -> None:
    """A mail saved from a web page may begin with a line of blanks; its header is read all the same."""
    raw = b"   \r\nFrom: MAILER-DAEMON@b.vn\r\nSubject: failure notice\r\n\r\n<u@b.vn>:\r\nUser unknown\r\n"
    report = read_report(parse(raw, sniff))
    assert [one.address for one in (report.recipients if report else ())] == ["u@b.vn"]


@given(st.text(max_size=400), st.text(max_size=60), st.sampled_from([DAEMON, "a@xa.vn", "", "<>"]))
def test_any_notice_is_answered(text: str, subject: str, author: str) -> None:
    """No words, whoever writes them, are an error."""
    line = " ".join(subject.splitlines())
    report = read_report(letter(f"could not be delivered\n{text}", f"failure notice {line}", author=author))
    assert report is None or all(one.address for one in report.recipients)


HOSTILE = {
    "addresses": "u@b.vn " * 150_000,
    "address lines": "u@b.vn:\n" * 130_000,
    "no end of an address": "a" * 1_000_000 + "@",
    "dots": "u@" + "b." * 500_000,
    "brackets": "<" * 1_000_000,
    "failures": "fail" * 250_000,
    "unknown users": "user " * 200_000,
    "spaces": " " * 1_000_000,
    "colons": "failed recipient:\n " * 60_000,
    "codes": "550 5.1.1 " * 100_000,
    "dashes": "-" * 1_000_000,
    "Vietnamese": "không gửi được thư " * 50_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_million_characters_cost_less_than_a_second(kind: str) -> None:
    """Work is linear, whatever stands in the notice, its subject or its status part."""
    status = f"Final-Recipient: rfc822; {HOSTILE[kind]}\r\nAction: failed\r\nDiagnostic-Code: {HOSTILE[kind]}\r\n"
    mails = [
        letter(HOSTILE[kind], "failure notice", author=DAEMON),
        letter("u@b.vn: failed", f"failure notice {HOSTILE[kind][:100_000]}".replace("\n", " "), author=DAEMON),
        parted(status),
    ]
    for mail in mails:
        before = time.process_time()
        read_report(mail)
        assert time.process_time() - before < 1.0


def test_many_recipients_are_read_in_a_second() -> None:
    """A report of thousands of recipients names them all; only the first are asked for their cause."""
    groups = "".join(
        f"\r\nFinal-Recipient: rfc822; u{n}@b.vn\r\nAction: failed\r\nDiagnostic-Code: smtp; {'x ' * 60}\r\n"
        for n in range(4_000)
    )
    mail = parted(f"Reporting-MTA: dns; mx.vn\r\n{groups}")
    before = time.process_time()
    report = read_report(mail)
    assert time.process_time() - before < 1.0
    assert report is not None
    assert len(report.recipients) == 4_000


def test_vietnamese_phrases_are_known_without_their_marks() -> None:
    """Servers and people leave diacritics out; letters that have none stand for themselves."""
    assert bare("đầy thư") == "[đd][ầa]y th[ưu]"


def test_the_words_of_a_notice_end_where_the_returned_mail_begins() -> None:
    """A line that announces the returned mail, or the first field of it, ends the notice; a first line does not."""
    assert own_words("failed\n--- Original message ---\nx") == ["failed"]
    assert own_words("--- Original message ---\nfailed\nReceived: from x") == ["--- Original message ---", "failed"]


def bounced(subject: str, text: str) -> Report:
    """The report of a mail with these words from a mail system."""
    report = read_report(letter(text, subject, author=DAEMON))
    assert report is not None
    return report


def parted(status: str) -> Message:
    """A mail with this status part."""
    head = f"From: {DAEMON}\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
    machine = f"Content-Type: message/delivery-status\r\n\r\n{status}"
    return parse(f"{head}--b\r\n\r\nNot delivered.\r\n--b\r\n{machine}\r\n--b--\r\n".encode(), sniff)
