"""Reports about mail we sent: delivery status (RFC 3464) and disposition (RFC 8098) notifications, and prose.

Promises:  a report is whole and immutable. It names each recipient as the sender wrote it (Original-Recipient before
           Final-Recipient), in the words of its peer, and which mail of ours it is about, as far as it says so.
Never:     decides what a report means for a letter of ours; the rules do. Takes no ordinary mail for a report: a report
           part alone is not enough when a person wrote the mail around it.
Fails:     never; a report whose recipients cannot be read has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from itertools import islice

from mailmap.mail.addresses import mailboxes
from mailmap.mail.bounces import Bounced, read_bounce, returned_to
from mailmap.mail.cause import explain
from mailmap.mail.cause_signs import Cause
from mailmap.mail.failing import MAX_SUBJECT, is_mail_system, looks_like_bounce, own_words
from mailmap.mail.message import Message
from mailmap.mail.parse import parse
from mailmap.mail.waiting import said, waited
from mailmap.mail.words import readable

MAX_REPORT = 1_048_576  # octets of a report part that are read
MAX_GROUPS = 5_000  # recipients of one report
MAX_EXPLAINED = 100  # recipients whose cause is looked for; a letter of ours goes to one
MAX_WHOLE = 4_000  # characters of the words of a report that are asked for a cause
MAX_RETURNED = 65_536

FIELD = re.compile(rb"([A-Za-z0-9-]{1,60})[ \t]*:(.*)", re.DOTALL)
GAP = re.compile(rb"\r?\n[ \t]*(?:\r?\n[ \t]*)+")
FOLD = re.compile(rb"\r?\n[ \t]+")
STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
ORIGINAL_ID = re.compile(rb"^message-id[ \t]*:\s*(<[^<>\s]{1,998}>)", re.IGNORECASE | re.MULTILINE)
TOLD_ID = re.compile(r"message-id[ \t]*:\s*(<[^<>\s]{1,998}>)", re.IGNORECASE)


class ReportKind(StrEnum):
    """What kind of report a mail is."""

    DSN = "dsn"
    MDN = "mdn"


class Action(StrEnum):
    """What happened to one recipient, in the words of RFC 3464 section 2.3.3 and RFC 8098 section 3.2.6."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    RELAYED = "relayed"
    EXPANDED = "expanded"
    DISPLAYED = "displayed"
    DELETED = "deleted"


ACTIONS = {
    "fail": Action.FAILED,
    "error": Action.FAILED,
    "delay": Action.DELAYED,
    "deliver": Action.DELIVERED,
    "relay": Action.RELAYED,
    "expand": Action.EXPANDED,
}


@dataclass(frozen=True, slots=True)
class Reported:
    """One recipient of a report; ``status`` is d.d.d or '', ``diagnostic`` the peer's own words or ''.

    ``why`` is worked out from both, else from the words of the whole report, and ``waited`` is for how long it was
    tried, if that is told; of what arrived neither says anything.
    """

    address: str
    action: Action
    status: str = ""
    diagnostic: str = ""
    why: Cause = Cause.UNKNOWN
    waited: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A report, its recipients, and what it says of the mail it reports on."""

    kind: ReportKind
    recipients: tuple[Reported, ...]
    original_message_id: str | None = None
    envelope_id: str | None = None


def read_report(message: Message) -> Report | None:
    """What this mail reports about mail of ours, or None when it is no report."""
    if message.disposition is not None and _is_report(message, "disposition-notification"):
        return _disposition(message, message.disposition)
    recipients: tuple[Reported, ...] = ()
    if message.delivery_status is not None and _is_report(message, "delivery-status"):
        recipients = tuple(_delivered(message.delivery_status))
    bounced = read_bounce(message) if not recipients else None
    if bounced is not None:
        recipients = tuple(_from_prose(bounced))
    if not recipients:
        recipients = _enclosed(message) or tuple(_from_prose(returned_to(message) if bounced is not None else ()))
    if not recipients and bounced is None and not (message.delivery_status and looks_like_bounce(message)):
        return None
    recipients = tuple(_explained(recipients, message))
    return Report(ReportKind.DSN, recipients, _original_id(message), _envelope_id(message))


def _is_report(message: Message, kind: str) -> bool:
    """Whether a report part belongs to a report: declared as one, or written by a mail system (RFC 6522)."""
    declared = (message.header("Content-Type") or "").lower()
    return message.content_type == "multipart/report" or kind in declared or is_mail_system(message)


def _from_prose(bounced: Iterable[Bounced]) -> Iterator[Reported]:
    for one in bounced:
        yield Reported(one.address, Action.DELAYED if one.delayed else Action.FAILED, one.status, one.words)


def _explained(recipients: Iterable[Reported], message: Message) -> Iterator[Reported]:
    """The recipients with why: each by what is said of it, else by what the whole report says."""
    whole = "\n".join([message.subject[:MAX_SUBJECT], *own_words(message.text)])[:MAX_WHOLE]
    told = said(whole)
    for number, one in enumerate(recipients):
        failed = one.action is Action.FAILED
        if number >= MAX_EXPLAINED or (not failed and one.action is not Action.DELAYED):
            yield one
            continue
        why = explain(one.status, one.diagnostic, whole, failed=failed)
        yield replace(one, why=why, waited=one.waited or told)


def _enclosed(message: Message) -> tuple[Reported, ...]:
    """The recipients of a report that a gateway wrapped in another mail with the same subject."""
    if not looks_like_bounce(message):
        return ()
    for attachment in message.attachments:
        if attachment.declared_type == "message/rfc822":
            inner = parse(attachment.content, lambda _: "application/octet-stream")
            if inner.delivery_status is not None and inner.subject == message.subject:
                return tuple(_delivered(inner.delivery_status))
    return ()


def _delivered(part: bytes) -> Iterator[Reported]:
    """The recipients of a message/delivery-status part (RFC 3464 section 2.3), each once."""
    seen: set[str] = set()
    first: Mapping[str, str] = {}
    for fields in islice(_groups(part), MAX_GROUPS):
        first = first or fields
        address = _recipient(fields)
        action = _action(fields.get("action", ""), fields.get("status", ""))
        if not address or action is None or address.lower() in seen:
            continue
        seen.add(address.lower())
        status = STATUS.search(fields.get("status", ""))
        words = _typed(fields.get("diagnostic-code", ""))
        tried = waited(first, fields) if action in {Action.FAILED, Action.DELAYED} else None
        yield Reported(address, action, status[0] if status else "", words, waited=tried)


def _groups(part: bytes) -> Iterator[Mapping[str, str]]:
    """The groups of fields between blank lines, names in lower case; of equal names the first counts."""
    for block in GAP.split(part[:MAX_REPORT]):
        fields: dict[str, str] = {}
        for line in FOLD.sub(b" ", block).splitlines():
            match = FIELD.match(line)
            if match:
                fields.setdefault(match[1].decode("ascii").lower(), readable(match[2], []))
        if fields:
            yield fields


def _recipient(fields: Mapping[str, str]) -> str:
    """The address as the sender knew it; X.400 and local names only when nothing better is there."""
    named = [fields[name] for name in ("original-recipient", "final-recipient", "x-actual-recipient") if name in fields]
    for value in named:
        found = mailboxes(_typed(value), [])
        if found and found[0].address:
            return found[0].address
    return _typed(named[0]).strip("<>") if named else ""


def _typed(value: str) -> str:
    """The value behind its type: ``rfc822; a@b`` is a@b."""
    kind, semicolon, rest = value.partition(";")
    return rest.strip() if semicolon and re.fullmatch(r"[A-Za-z0-9-]{1,40}", kind.strip()) else value.strip()


def _action(word: str, status: str) -> Action | None:
    """The action by its first letters (servers write "failure", "Failed (…)"), else by the class of the status."""
    word = word.lower()
    for start, action in ACTIONS.items():
        if word.startswith(start):
            return action
    return {"5": Action.FAILED, "4": Action.DELAYED, "2": Action.DELIVERED}.get(status.strip()[:1])


def _disposition(message: Message, part: bytes) -> Report:
    """A disposition notification (RFC 8098 section 3.2)."""
    fields: dict[str, str] = {}
    for group in _groups(part):
        fields = {**group, **fields}
    told = fields.get("disposition", "").lower()
    mode, _, kind = told.partition(";")
    address = _recipient(fields)
    action = _read(kind.strip(), automatic="automatic-action" in mode)
    named = (Reported(address, action, diagnostic=fields.get("error", "")),) if address else ()
    original = fields.get("original-message-id", "").strip() or _original_id(message)
    return Report(ReportKind.MDN, tuple(_explained(named, message)), original, _envelope_id(message))


def _read(kind: str, *, automatic: bool) -> Action:
    """Displayed, deleted by a person, or thrown away by a machine before anyone saw it, which is a failure."""
    if kind.startswith("deleted"):
        return Action.FAILED if automatic else Action.DELETED
    if kind.startswith(("failed", "error")):
        return Action.FAILED
    return Action.DISPLAYED if kind.startswith("displayed") else Action.DELIVERED


def _original_id(message: Message) -> str | None:
    """The Message-ID of the mail reported on: from what was returned, from the text, else what the report answers."""
    match = ORIGINAL_ID.search((message.returned or b"")[:MAX_RETURNED])
    if match:
        return readable(match[1], [])
    told = TOLD_ID.search(message.text[:MAX_RETURNED])
    return told[1] if told else next(iter(message.in_reply_to), None)


def _envelope_id(message: Message) -> str | None:
    """ENVID as we gave it (RFC 3464 section 2.2.1)."""
    groups: Iterable[Mapping[str, str]] = _groups(message.delivery_status or b"")
    return next((group["original-envelope-id"] for group in groups if group.get("original-envelope-id")), None)
