"""How the gateway sees a file, without a database and without effect: the core of ``lienthong inspect``.

Promises:  ``look`` answers for every file; ``to_json`` has the one shape that docs/inspect.md describes, whoever fills
           it. What is not asked yet (document, trust, routing, decision) is null or empty, filled with
           ``dataclasses.replace``.
Never:     writes, asks or sends anything; reads the file's octets in this process.
Fails:     with SandboxDown when no process can be started to read in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from time import perf_counter

from gateway.examine.understanding import Understander, Understood
from mailmap.document.document import Fields
from mailmap.document.events import JSON
from mailmap.mail.absence import away_until, note_of
from mailmap.mail.attachment import Attachment
from mailmap.mail.automatic import is_automatic
from mailmap.mail.message import Mailbox, Message
from mailmap.mail.reply import Kind, Reply
from mailmap.mail.report import Action, Report, Reported
from mailmap.policy.decision import Unread

# A file of one of these types is looked at by itself; everything else is some mail.
FILES = (
    "application/pdf", "application/zip", "application/msword", "application/vnd.", "application/rtf", "image/",
    "application/x-ole", "application/x-7z", "application/x-rar", "application/gzip", "application/x-tar",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was seen of one file. ``answer`` is the new text of a reply, ``command`` the status word found in it.

    ``reply`` is the whole text as it was taken apart; ``fields`` are what mail and papers tell together.
    """

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
    reply: Reply = Reply("", "", "")  # noqa: RUF009  frozen
    fields: Fields = Fields()  # noqa: RUF009  frozen
    unread: tuple[Unread, ...] = ()

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
            "unread": [{"name": one.name, "reason": one.reason} for one in self.unread],
            "automatic": _automatic(self.message) if self.message and not self.report else None,
        }


def look(raw: bytes, name: str, understander: Understander, today: date) -> Inspection:
    """What these octets are; ``name`` is the file's name, as whoever sends it would give it."""
    start = perf_counter()
    kind = understander.kind(raw)
    held = understander.mail_in(raw, kind)
    alone = held is None and kind.startswith(FILES)
    if alone:
        found = understander.file(raw, name.replace("\\", "/").rpartition("/")[2], kind, today)
    else:
        found = understander.understand(held or raw, today, recognise=True)
    mail = None if alone else found.message
    return _seen(name, found, mail, (perf_counter() - start) * 1000)


def _seen(name: str, found: Understood, mail: Message | None, elapsed_ms: float) -> Inspection:
    answer = _answer(mail, found.reply) if mail and found.report is None else None
    return Inspection(
        name, mail, found.message.attachments, found.report, answer, elapsed_ms=elapsed_ms, reply=found.reply,
        fields=found.fields, unread=found.unread,
    )  # fmt: skip


def _answer(message: Message, reply: Reply) -> str | None:
    """The new text when a person answers an earlier mail, by its subject or by the mail it refers to; else None."""
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
    recipients: list[JSON] = [_reported(one) for one in report.recipients]
    return {"kind": report.kind.value, "recipients": recipients}


def _reported(one: Reported) -> JSON:
    missed = one.action in {Action.FAILED, Action.DELAYED}
    hours = round(one.waited.total_seconds() / 3600, 1) if one.waited is not None else None
    told = {"address": one.address, "action": one.action.value, "status": one.status}
    return {**told, "why": one.why.value if missed else None, "waited_hours": hours}


def _automatic(message: Message) -> JSON:
    note, until = note_of(message), away_until(message)
    return None if note is None else {"kind": note.value, "until": until.isoformat() if until else None}
