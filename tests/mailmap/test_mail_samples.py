"""Real mails that are not part of this project: broken ones, bounces of many servers, answers of many programs."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from gateway.examine.filetype import sniff
from mailmap.mail.parse import parse
from mailmap.mail.reply import read_reply
from mailmap.mail.report import Action, read_report
from tests.samples import files, folder

# How each answer among the samples begins and ends once quotes and signature are gone; without "…" it is the whole.
REPLIES = {
    "correct_sig.txt": "this is an email with a correct -- signature.",
    "email_1.txt": "Hi folks … Java HTTP API.",
    "email_2.txt": 'Hi, … all individually."',
    "email_2_1.txt": "Outlook with a reply",
    "email_3.txt": "Oh thanks. … be great.",
    "email_4.txt": "Awesome! I haven't had another problem with it.",
    "email_5.txt": "One: Here's … for a while.",
    "email_6.txt": "I get proper rendering as well.",
    **{f"email_{n}.txt": "Fusce bibendum, … nec nibh." for n in (7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 22, 23)},
    "email_19.txt": "On Thursday, I get proper rendering.",
    "email_20.txt": "On Thursday.",
    "email_21.txt": "On Thursday: … id est laborum.",
    "email_23_1.txt": "Fusce bibendum, … nec nibh.",
    "email_blackberry.txt": "Here is another email",
    "email_bullets.txt": "test 2 this … and another",
    "email_custom_quote_header.txt": "Thank you!",
    "email_customer_quote_header_2.txt": "Thank you very much.",
    "email_customer_quote_header_3.txt": "bonjour, … merci d'avance",
    "email_iphone.txt": "Here is another email",
    "email_issue_77.txt": "Bonjour Test, … Text paragraph 2",
    "email_multi_word_sent_from_my_mobile_device.txt": "Here is another email",
    "email_norwegian_gmail.txt": "Fusce bibendum, … nec nibh.",
    "email_one_is_not_on.txt": "Thank, this … when I run...",
    "email_sent_from_my_not_signature.txt": "Here is another email … my mobile phone.",
    "email_thread.txt": "This is new email reply in thread from bellow.",
    "email_unquoted_reply.txt": "This is my reply.",
    "email_w10_mail.txt": "Great thanks Bort, going for a test now. … Braxton",
    "email_zimbra_free_en.txt": "Bonjour Toby, … Michael Scott",
    "email_zimbra_free_fr.txt": "Bonjour Test, … Michael Scott",
    "sig_no_empty_line.txt": "this is an email with a signature with no empty line above.",
}


@pytest.mark.parametrize(
    "mail", files("mail/malformed", "*.eml") + files("mail/bounces", "*.txt"), ids=lambda mail: mail.name
)
def test_every_sample_is_answered_within_a_second(mail: Path) -> None:
    """lesson 1: parse, report and reply give an answer for each, none over one second of work."""
    folder(f"mail/{mail.parent.name}")
    before = time.process_time()
    message = parse(mail.read_bytes(), sniff)
    report = read_report(message)
    reply = read_reply(message.text, message.subject)
    assert time.process_time() - before < 1.0
    assert message.size == mail.stat().st_size
    assert report is None or mail.parent.name == "bounces" or "bounce" in mail.name or "report" in mail.name
    assert len(reply.text) <= len(message.text)


def test_failed_recipients_of_real_bounces_are_found() -> None:
    """lesson 33: of the recipients that 116 bounces name, all but the two of one server are found, none invented."""
    place = folder("mail/bounces")
    wanted, found = set(), set()
    for name, expected in json.loads((place / "expected.json").read_text("utf-8")).items():
        report = read_report(parse((place / name).read_bytes(), sniff))
        wanted |= {(name, address.lower(), expected["temporary"]) for address in expected["recipients"]}
        for one in report.recipients if report else ():
            found.add((name, one.address.lower(), one.action is Action.DELAYED))
    assert {name for name, _, _ in wanted - found} <= {"yale_01.txt"}
    assert {name for name, _, _ in found - wanted} <= {"simple_42.txt"}  # its address was cut by whoever kept it


@pytest.mark.parametrize("name", ["groupwise_03.txt", "qmail_08.txt"])
def test_ordinary_mails_among_the_bounces_are_none(name: str) -> None:
    """An order of rooms and an automatic thank-you lie among the bounces: they report nothing."""
    assert read_report(parse((folder("mail/bounces") / name).read_bytes(), sniff)) is None


@pytest.mark.parametrize("name", REPLIES)
def test_the_new_words_of_real_answers_are_found(name: str) -> None:
    """What a person added begins and ends where a reader says it does; each sample was read once and its end noted."""
    text = (folder("mail/replies") / name).read_text("utf-8")
    start, _, end = REPLIES[name].partition(" … ")
    said = " ".join(read_reply(text, "").text.split())
    if not end:
        assert said == start
    assert said.startswith(start)
    assert said.endswith(end)
