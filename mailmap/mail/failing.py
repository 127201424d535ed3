"""The signs by which a mail is known as a notice of failure: who wrote it, which subject, which words, which form.

Promises:  each sign by itself, and whether they are enough; two that do not hang together are.
Never:     counts words alone, or the words of a mail that is quoted or returned: people write about failures too.
Fails:     never.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mailmap.mail.automatic import AWAY
from mailmap.mail.bounce_signs import (
    CODE,
    DAEMON,
    FAILING,
    GREETING,
    HEADER_LINE,
    NOBODY,
    RETURNED,
    SENDER,
    SUBJECT,
)
from mailmap.mail.message import Message
from mailmap.mail.returned import RETURNED_TYPES

MAX_LINES = 400  # of a report's own words
MAX_LINE = 1_000
OPENING = 40  # lines in which a report says what it is
MAX_OPENING = 300  # characters of one of these
NEAR = 3  # lines in which it says so even when its subject looks like an answer
MAX_SUBJECT = 1_000

LIBRARY = re.compile(r"\bCDO\b")  # a programming interface that calls itself a mailer
HUMAN = re.compile(r"\s*(re|aw|sv|vs|fw|fwd|wg|tl|ct|trả lời|chuyển tiếp)(\[\d+\])?\s*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Signs:
    """A mail system wrote it; its subject names a failure; its opening words say so; it has the form of a report."""

    wrote: bool
    names: bool
    says: bool
    form: bool

    @property
    def enough(self) -> bool:
        """Whether a machine must have written this about a failure: words alone are never enough."""
        return (self.wrote or self.form) and (self.names or self.says or (self.wrote and self.form))


def signs_of(message: Message) -> Signs:
    """The signs of this mail; what says of itself that it is an absence note or another report has none."""
    if message.header("X-Failed-Recipients"):
        return Signs(wrote=True, names=True, says=True, form=True)
    subject = message.subject[:MAX_SUBJECT]
    if AWAY.match(subject) or _other_report(message):
        return Signs(wrote=False, names=False, says=False, form=False)
    human = HUMAN.match(subject) is not None
    wrote, named = is_mail_system(message), SUBJECT.search(subject) is not None
    form = message.content_type == "multipart/report"
    says = (wrote or named or form) and _says(message.text, NEAR if human else OPENING)
    if human and wrote and not form:
        wrote = _daemon(message) or CODE.search("\n".join(own_words(message.text)[:OPENING])) is not None
    form = form or (named and says and _by_nobody(message))
    return Signs(wrote, named and (says or not human), says, form)


def _other_report(message: Message) -> bool:
    """Whether it is a report about something else: a read receipt (RFC 8098) or a complaint (RFC 5965)."""
    declared = (message.header("Content-Type") or "").lower()
    return message.disposition is not None or "feedback-report" in declared


def _says(text: str, count: int) -> bool:
    """Whether the first lines that hold words speak of a failure."""
    opening = [line[:MAX_OPENING] for line in own_words(text) if line.strip(" *-=#_|")][:count]
    return FAILING.search(" ".join(opening)) is not None


def unsigned(message: Message) -> bool:
    """Whether nothing shows a person: no name, no mail program, no answered mail, no greeting or quote, ASCII only."""
    fields = (message.header(name) for name in ("User-Agent", "X-Mailer", "In-Reply-To", "References"))
    traces = [value for value in fields if value is not None and not LIBRARY.search(value)]
    if traces or message.html is not None or any(box.name for box in message.from_) or _answered(message.subject):
        return False
    lines = message.text.split("\n", MAX_LINES)[:MAX_LINES]
    return message.text.isascii() and not any(line.startswith(">") or GREETING.match(line) for line in lines)


def _answered(subject: str) -> bool:
    """Whether a subject answers one that names a failure; a server puts such words behind the subject it answers."""
    prefix = HUMAN.match(subject)
    rest = subject[prefix.end() : MAX_SUBJECT] if prefix else ""
    return SUBJECT.search(rest.partition(":")[0]) is not None


def _by_nobody(message: Message) -> bool:
    """Whether an address that takes no answers sent a mail back."""
    nobody = any(NOBODY.search(box.address) for box in message.from_)
    return nobody and any(one.declared_type in RETURNED_TYPES for one in message.attachments)


def _daemon(message: Message) -> bool:
    """Whether no person can have written it: a daemon's name, or a null return path."""
    return _null_path(message) or any(DAEMON.search(f"{box.name} {box.address}") for box in message.from_)


def _null_path(message: Message) -> bool:
    return (message.header("Return-Path") or "").replace(" ", "") in {"<>", "<MAILER-DAEMON>"}


def _answers(message: Message) -> bool:
    """Whether a person's own answering machine says that it wrote this."""
    return (message.header("Auto-Submitted") or "").strip().lower().startswith("auto-replied")


def is_mail_system(message: Message) -> bool:
    """Whether a mail server wrote this, by its From field or its null return path."""
    if message.header("From") is not None and not any(box.address for box in message.from_):
        return True
    if any(SENDER.search(f"{box.name} {box.address}"[:MAX_SUBJECT]) for box in message.from_):
        return True
    return _null_path(message) and not _answers(message)


def own_words(text: str) -> list[str]:
    """The lines of the report itself, above the mail that is returned."""
    own: list[str] = []
    for line in text.split("\n", MAX_LINES)[:MAX_LINES]:
        words = line[:MAX_LINE]
        if HEADER_LINE.match(words) or (RETURNED.search(words[:MAX_OPENING]) and any(part.strip() for part in own)):
            break
        own.append(words)
    return own


def looks_like_bounce(message: Message) -> bool:
    """Whether two signs that do not hang together say so."""
    return signs_of(message).enough
