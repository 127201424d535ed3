"""From octets to a Message: total, quick and careful.

Promises:  every byte string becomes a Message; what could not be read is named in its defects. No string of it holds
           NUL, other control characters or lone surrogates. Work is linear in the size of the mail; bodies are found by
           searching for boundaries and decoded once.
Never:     raises for any octets; opens what it finds (enclosed mails, archives, winmail.dat stay attachments).
Fails:     only when ``sniff`` does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from mailmap.mail.addresses import mailboxes
from mailmap.mail.attachment import Attachment
from mailmap.mail.body import Body, read_body
from mailmap.mail.dates import read_date
from mailmap.mail.digest import digest
from mailmap.mail.header import Header, read_header
from mailmap.mail.message import Mailbox, Message
from mailmap.mail.parameters import file_name
from mailmap.mail.roles import Clue, roles
from mailmap.mail.saved import as_sent, unwrapped
from mailmap.mail.tree import Part, read_tree
from mailmap.mail.words import raw_text, readable

MAX_DEFECTS = 50
MAX_REFERENCES = 200
MAX_MESSAGE_ID = 998  # RFC 5322 section 2.1.1: the longest line

SINGLE = {
    key.lower(): key
    for key in ("From", "To", "Cc", "Subject", "Date", "Message-ID", "Sender", "Reply-To", "In-Reply-To")
}
REQUIRED = frozenset({"from", "date"})
BLANK_LINES = re.compile(rb"(?:\xef\xbb\xbf)?(?:[ \t]*[\r\n]+)*")  # and the mark of a text saved as UTF-8
MESSAGE_ID = re.compile(r"<[^<>\s]{1,998}>")
CONTENT_ID = re.compile(r"cid:([^\s\"'<>)]{1,250})", re.IGNORECASE)
DELIVERY = frozenset({"message/delivery-status", "message/global-delivery-status"})
DISPOSITION = frozenset({"message/disposition-notification", "message/global-disposition-notification"})
RETURNED = frozenset({"message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers"})

Sniff = Callable[[bytes], str]


@dataclass(frozen=True, slots=True)
class _Reports:
    """The machine-readable parts of a report (RFC 6522), if this is one."""

    delivery_status: bytes | None
    disposition: bytes | None
    returned: bytes | None

    @classmethod
    def of(cls, root: Part, attachments: tuple[Attachment, ...]) -> _Reports:
        """What these attachments hold of them."""
        status = cls._joined(attachments, DELIVERY)
        disposition = cls._joined(attachments, DISPOSITION)
        reporting = root.declared == "multipart/report" or status is not None or disposition is not None
        returned = next((a.content for a in attachments if a.declared_type in RETURNED), None)
        return cls(status, disposition, returned if reporting else None)

    @staticmethod
    def _joined(attachments: tuple[Attachment, ...], types: frozenset[str]) -> bytes | None:
        """All parts of these types as one; some servers write one part for each recipient."""
        found = [a.content for a in attachments if a.declared_type in types]
        return b"\r\n\r\n".join(found) if found else None


@dataclass(frozen=True, slots=True)
class _Leaf:
    """One leaf that is not body text, decoded."""

    number: int
    declared: str
    name: str | None
    content: bytes
    inline: bool = False
    content_id: str | None = None


def parse(raw: bytes, sniff: Sniff) -> Message:
    """The message these octets are; ``sniff`` tells the media type of an attachment from its whole content."""
    defects: list[str] = []
    sent = as_sent(raw, defects)
    header = read_header(sent, _behind_blank_lines(sent, defects), len(sent), defects)
    _header_defects(raw, header, defects)
    octets = unwrapped(sent, header, defects)
    root = read_tree(octets, header, defects)
    body = read_body(root, octets, defects)
    attachments = _attachments(_leaves(root, body, octets, defects), body, sniff)
    reports = _Reports.of(root, attachments)
    boxes = {key: _boxes(header, key, defects) for key in ("from", "to", "cc", "sender", "reply-to")}
    return Message(
        message_id=_message_id(header, defects),
        subject=readable(header.first("subject") or b"", defects),
        from_=boxes["from"],
        to=boxes["to"],
        date=_date(header, defects),
        digest=digest(sent, header),
        size=len(raw),
        cc=boxes["cc"],
        sender=next(iter(boxes["sender"]), None),
        reply_to=boxes["reply-to"],
        in_reply_to=_references(header, "in-reply-to"),
        references=_references(header, "references"),
        text=body.text,
        html=body.html,
        attachments=attachments,
        hops=len(header.every("received")),
        loop=tuple(readable(value, defects) for value in header.every("x-lienthong-loop")),
        headers=tuple((field.name, readable(field.value, defects)) for field in header.fields),
        delivery_status=reports.delivery_status,
        disposition=reports.disposition,
        returned=reports.returned,
        content_type=root.type,
        defects=tuple(dict.fromkeys(defects))[:MAX_DEFECTS],
    )


def _behind_blank_lines(raw: bytes, defects: list[str]) -> int:
    blank = BLANK_LINES.match(raw)
    if blank is None or not blank.end():
        return 0
    if blank[0].strip(b"\xef\xbb\xbf"):
        defects.append("blank lines before the header")
    return blank.end()


def _header_defects(raw: bytes, header: Header, defects: list[str]) -> None:
    """What is missing, double or cut: RFC 5322 section 3.6 wants one From and one Date, and the others at most once."""
    if not raw:
        defects.append("empty mail")
    for key, name in SINGLE.items():
        count = len(header.every(key))
        if count > 1:
            defects.append(f"more than one {name} field")
        elif not count and key in REQUIRED:
            defects.append(f"no {name} field")


def _boxes(header: Header, key: str, defects: list[str]) -> tuple[Mailbox, ...]:
    """The mailboxes of To and Cc wherever they stand; of the others the first field counts."""
    values = header.every(key)
    shown = values if key in {"to", "cc"} else values[:1]
    found = tuple(box for value in shown for box in mailboxes(raw_text(value, defects), defects))
    if key == "from" and values and not any(box.address for box in found):
        defects.append("no address in the From field")
    return found


def _date(header: Header, defects: list[str]) -> datetime | None:
    value = header.first("date")
    return read_date(readable(value, defects), defects) if value else None


def _message_id(header: Header, defects: list[str]) -> str | None:
    """The Message-ID with its brackets, as it is written in answers; without brackets it is kept as it stands."""
    text = readable(header.first("message-id") or b"", defects)[:MAX_MESSAGE_ID]
    match = MESSAGE_ID.search(text)
    if text and match is None:
        defects.append("unusual Message-ID")
    return match[0] if match else text or None


def _references(header: Header, key: str) -> tuple[str, ...]:
    """Every message id of these fields, in their order, each once."""
    ids = [found for value in header.every(key) for found in MESSAGE_ID.findall(readable(value, []))]
    return tuple(dict.fromkeys(ids))[-MAX_REFERENCES:]


def _leaves(root: Part, body: Body, raw: bytes, defects: list[str]) -> list[_Leaf]:
    """The leaves nobody has read as body text, and the files that stood inside the text."""
    read = {id(part) for part in body.parts}
    found = []
    count = 0
    for count, part in enumerate(root.leaves(), 1):
        content = b"" if id(part) in read else part.content(raw, defects)
        if content or part.name:
            inline = part.disposition != "attachment"
            found.append(_Leaf(count - 1, part.declared, part.name, content, inline, part.content_id))
    for number, (name, content) in enumerate(body.enclosed, count):
        found.append(_Leaf(number, "", file_name(readable(name.encode(), []), defects), content))
    return found


def _attachments(leaves: Iterable[_Leaf], body: Body, sniff: Sniff) -> tuple[Attachment, ...]:
    """The leaves with their true types, digests and roles."""
    found = list(leaves)
    types = [sniff(leaf.content) for leaf in found]
    cited = set(CONTENT_ID.findall(body.html or ""))
    clues = [_clue(leaf, kind, cited) for leaf, kind in zip(found, types, strict=True)]
    return tuple(
        Attachment(
            part=leaf.number,
            name=leaf.name,
            declared_type=leaf.declared,
            type=kind,
            size=len(leaf.content),
            sha256=sha256(leaf.content).hexdigest(),
            role=role,
            content=leaf.content,
            content_id=leaf.content_id,
        )
        for leaf, kind, role in zip(found, types, roles(clues), strict=True)
    )


def _clue(leaf: _Leaf, kind: str, cited: set[str]) -> Clue:
    shown = leaf.content_id is not None and leaf.content_id in cited
    return Clue(leaf.declared, kind, leaf.name, len(leaf.content), leaf.inline, shown)
