"""How the gateway sees a file, without a database and without effect: the core of ``lienthong inspect``.

Promises:  ``look`` answers for every file; ``to_json`` has the one shape that docs/inspect.md describes, whoever fills
           it. What is not asked yet (document, trust, routing, decision) is null or empty, filled with
           ``dataclasses.replace``.
Never:     writes, asks or sends anything.
Fails:     only as ``filetype.sniff`` does, when the machine lacks libmagic.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from time import perf_counter

from gateway.examine.filetype import sniff
from mailmap.document.events import JSON
from mailmap.mail.attachment import Attachment, Role
from mailmap.mail.automatic import is_automatic
from mailmap.mail.message import Mailbox, Message
from mailmap.mail.parse import parse
from mailmap.mail.reply import Kind, read_reply
from mailmap.mail.report import Report, read_report

# A file of one of these types is looked at by itself; everything else is some mail.
FILES = ("application/pdf", "application/zip", "application/msword", "application/vnd.", "image/", "application/x-ole")


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was seen of one file. ``answer`` is the new text of a reply, ``command`` the status word found in it."""

    file: str
    message: Message | None
    attachments: tuple[Attachment, ...]
    report: Report | None = None
    answer: str | None = None
    command: str | None = None
    document: Mapping[str, JSON] | None = None
    trust: str | None = None
    routing: tuple[Mapping[str, JSON], ...] = ()
    decision: Mapping[str, JSON] | None = None
    elapsed_ms: float = 0.0

    def to_json(self) -> dict[str, JSON]:
        """The object of docs/inspect.md, ready for ``json.dumps``."""
        return {
            "file": self.file,
            "message": _message(self.message) if self.message else None,
            "attachments": [_attachment(one) for one in self.attachments],
            "report": _report(self.report) if self.report else None,
            "reply": None if self.answer is None else {"text": self.answer, "command": self.command},
            "document": None if self.document is None else dict(self.document),
            "trust": self.trust,
            "routing": [dict(one) for one in self.routing],
            "decision": None if self.decision is None else dict(self.decision),
            "elapsed_ms": round(self.elapsed_ms, 3),
        }


def look(raw: bytes, name: str) -> Inspection:
    """What these octets are; ``name`` is the file's name, only repeated in the answer."""
    start = perf_counter()
    kind = sniff(raw)
    if kind.startswith(FILES):
        alone = Attachment(0, name, "", kind, len(raw), sha256(raw).hexdigest(), Role.DOCUMENT, raw)
        return Inspection(name, None, (alone,), elapsed_ms=(perf_counter() - start) * 1000)
    message = parse(raw, sniff)
    report = read_report(message)
    answer = _answer(message) if report is None else None
    return Inspection(name, message, message.attachments, report, answer, elapsed_ms=(perf_counter() - start) * 1000)


def _answer(message: Message) -> str | None:
    """The new text when a person answers an earlier mail, by its subject or by the mail it refers to; else None."""
    reply = read_reply(message.text, message.subject)
    answers = reply.kind is Kind.ANSWER or (message.in_reply_to and reply.kind is not Kind.FORWARD)
    return reply.text if answers and is_automatic(message) is None else None


def _message(message: Message) -> dict[str, JSON]:
    return {
        "message_id": message.message_id,
        "subject": message.subject,
        "from": [_mailbox(box) for box in message.from_],
        "to": [_mailbox(box) for box in message.to],
        "date": message.date.isoformat() if message.date else None,
        "defects": list(message.defects),
    }


def _mailbox(box: Mailbox) -> JSON:
    return {"name": box.name, "address": box.address}


def _attachment(one: Attachment) -> JSON:
    return {
        "name": one.name,
        "declared_type": one.declared_type,
        "type": one.type,
        "size": one.size,
        "sha256": one.sha256,
        "role": one.role.value,
    }


def _report(report: Report) -> JSON:
    recipients: list[JSON] = [
        {"address": one.address, "action": one.action.value, "status": one.status} for one in report.recipients
    ]
    return {"kind": report.kind.value, "recipients": recipients}
