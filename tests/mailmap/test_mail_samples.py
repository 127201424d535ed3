"""Real mails that are not part of this project: broken ones and bounces of many servers."""

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
