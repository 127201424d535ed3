"""``look``: the one shape in which the gateway shows what it sees."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

from gateway.examine.understanding import shared
from gateway.inspect import Inspection
from gateway.inspect import look as looked
from tests.pdf_files import PDF

KEYS = ["file", "message", "attachments", "report", "reply", "document", "trust", "routing", "decision", "elapsed_ms",
    "unread", "automatic"]  # fmt: skip
HEAD = "From: =?utf-8?B?VsSDbiB0aMaw?= <a@xa.vn>\r\nTo: b@huyen.vn\r\nDate: Mon, 5 Aug 2024 14:05:00 +0700\r\n"


def look(raw: bytes, name: str) -> Inspection:
    """What is seen of these octets today."""
    return looked(raw, name, shared(), date(2024, 8, 6))


def shown(raw: bytes, name: str = "a.eml") -> dict[str, object]:
    """The JSON object, through JSON text and back."""
    found: dict[str, object] = json.loads(json.dumps(look(raw, name).to_json(), ensure_ascii=False))
    assert list(found) == KEYS
    return found


def test_a_mail_is_shown_in_the_documented_shape() -> None:
    """docs/inspect.md: message, attachments, and null for what was not asked."""
    part = "Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=A.PDF\r\n\r\n"
    head = f"{HEAD}Message-ID: <1@xa>\r\nSubject: S\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    found = shown(f"{head}--b\r\n\r\nx\r\n--b\r\n{part}".encode() + PDF + b"\r\n--b--\r\n")
    assert found["message"] == {
        "message_id": "<1@xa>",
        "subject": "S",
        "from": [{"name": "Văn thư", "address": "a@xa.vn"}],
        "to": [{"name": "", "address": "b@huyen.vn"}],
        "date": "2024-08-05T14:05:00+07:00",
        "defects": [],
    }
    (attachment,) = found["attachments"]  # type: ignore[misc]  # JSON
    assert (attachment["name"], attachment["type"], attachment["role"]) == ("A.PDF", "application/pdf", "document")
    assert (attachment["declared_type"], len(attachment["sha256"])) == ("application/octet-stream", 64)
    assert (found["report"], found["reply"], found["decision"], found["routing"]) == (None, None, None, [])


def test_an_answer_shows_its_new_words() -> None:
    """A reply is text and command; the command is filled by whoever reads status words."""
    raw = f"{HEAD}Subject: TL: x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nĐã nhận.\r\n\r\n> cũ\r\n".encode()
    assert shown(raw)["reply"] == {"text": "Đã nhận.", "command": None}
    filled = replace(look(raw, "a"), command="accepted", decision={"rule": "r", "outcome": "reply", "sentence": "s"})
    assert filled.to_json()["reply"] == {"text": "Đã nhận.", "command": "accepted"}
    assert filled.to_json()["decision"] == {"rule": "r", "outcome": "reply", "sentence": "s"}


def test_a_forward_and_an_absence_note_are_no_answers() -> None:
    """lesson 35: what is forwarded is a new mail, whatever it refers to; a program's answer is no person's word."""
    assert shown(f"{HEAD}Subject: CT: x\r\nIn-Reply-To: <1@a>\r\n\r\nx\r\n".encode())["reply"] is None
    assert shown(f"{HEAD}Subject: Re: x\r\nAuto-Submitted: auto-replied\r\n\r\nx\r\n".encode())["reply"] is None


def test_a_report_shows_its_recipients() -> None:
    """A bounce is shown by address, action, status, cause, and for how long it was tried."""
    head = "From: MAILER-DAEMON@mx\r\nSubject: failure notice\r\n\r\n"
    text = f"{head}Could not be delivered:\r\n\r\n<u@b.vn>:\r\n550 5.1.1 no\r\n"
    told = {"address": "u@b.vn", "action": "failed", "status": "5.1.1"}
    recipients = [{**told, "why": "no-user", "waited_hours": None}]
    assert shown(text.encode())["report"] == {"kind": "dsn", "recipients": recipients}


def test_an_absence_note_shows_its_day() -> None:
    """What a program sent by itself is named, and until when its sender is away; a person's mail is not."""
    note = f"{HEAD}Subject: Automatic reply: x\r\n\r\nI am out of the office until 12 August.\r\n"
    assert shown(note.encode())["automatic"] == {"kind": "out-of-office", "until": "2024-08-12"}
    assert shown(f"{HEAD}Subject: x\r\n\r\nx\r\n".encode())["automatic"] is None


def test_a_document_by_itself_is_one_attachment() -> None:
    """A PDF on the command line is no mail: the file itself is looked at."""
    found = shown(PDF, "12-CV-UBND.pdf")
    assert found["message"] is None
    assert [one["type"] for one in found["attachments"]] == ["application/pdf"]  # type: ignore[attr-defined]  # JSON
