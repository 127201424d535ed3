"""A letter as the octets of a mail.

Promises:  deterministic: the same letter, letterhead, templates and files give the same octets, and the same
           Message-ID for every attempt; CRLF line ends, 7-bit, lines of at most 76 octets that we make ourselves.
           Whatever answers people comes from the null sender and is marked as automatic (RFC 3834 section 3.1.7,
           RFC 3464 section 2); a delivery has a return path of its own.
Never:     encodes an attachment again that was encoded before: the encoded octets come in and are shared.
Fails:     NoTemplate, jinja2.UndefinedError: a letter nobody can write. The caller buries it alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from mailmap.writing import headers, parts, report
from mailmap.writing.filenames import names
from mailmap.writing.letter import Kind, Letter, Letterhead
from mailmap.writing.parts import Encoded, Piece
from mailmap.writing.templates import Templates, Written
from mailmap.writing.tokens import Purpose, make

LOOP = "X-Lienthong-Loop"
DOCUMENT = "X-Lienthong-Document"
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,900}>", re.ASCII)
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Composed:
    """A mail ready to go: its Message-ID, reverse path (None is the null sender), forward path and octets in pieces."""

    message_id: str
    sender: str | None
    recipient: str
    pieces: tuple[Piece, ...]

    def octets(self) -> tuple[bytes, ...]:
        """The whole mail, still in pieces: what is shared stays shared."""
        return tuple(piece.base64 if isinstance(piece, Encoded) else piece for piece in self.pieces)


def compose(
    letter: Letter,
    head: Letterhead,
    templates: Templates,
    files: Sequence[Encoded] = (),
    returned: bytes = b"",
) -> Composed:
    """Write a letter.

    ``files`` are the spec's enclosures in their order; ``returned`` is the raw mail a report is about.
    """
    reply_to = f"{make(head.token_key, Purpose.REPLY, letter.id)}@{head.domain}"
    written = templates.write(letter, head, Answers(letter, reply_to))
    fields = b"".join(_fields(letter, head, written, reply_to))
    pieces = (fields, *_body(letter, head, written, files, returned))
    return Composed(message_id(letter, head), return_path(letter.kind, letter.id, head), letter.to, pieces)


def message_id(letter: Letter, head: Letterhead) -> str:
    """The Message-ID of a letter, from its document and its own id: one for every attempt."""
    return f"<lt{letter.document or 0}.{letter.id}@{head.host}>"


@dataclass(frozen=True, slots=True)
class Answers:
    """Links that open a mail with the answer already written in it (RFC 6068)."""

    letter: Letter
    address: str

    def __call__(self, label: str) -> str:
        """The link for a label such as 'Từ chối: (lý do)' or '2 – UBND xã': what follows is for the reader alone."""
        number, _, said = label.partition(" – ")
        words, colon, _ = number.partition(" (")[0].partition(":")
        colon = colon or ":" * said.endswith(")") * (": (" in said)
        about = self.letter.about
        name = " ".join(filter(None, (about.symbol, f"[{about.code}]"))) if about else ""
        subject = f"{words}: {name}" if name else words
        body = f"{words}: " if colon else words
        return f"mailto:{quote(self.address, safe='@+-')}?subject={quote(subject, safe='')}&body={quote(body, safe='')}"


def return_path(kind: Kind, letter: int, head: Letterhead) -> str | None:
    """The reverse path of a letter: its own for a delivery, the null sender for all that answers people."""
    if kind is not Kind.DELIVERY:
        return None
    return f"{make(head.token_key, Purpose.RETURN, letter)}@{head.domain}"


def _fields(letter: Letter, head: Letterhead, written: Written, reply_to: str) -> list[bytes]:
    spec = letter.spec
    fields = [
        headers.date(letter.queued_at),
        headers.mailbox("From", written.author, head.address),
        headers.mailbox("Reply-To", head.name, reply_to),
        headers.mailbox("To", letter.addressee, letter.to),
        headers.unstructured("Subject", written.subject),
        headers.field("Message-ID", [message_id(letter, head)]),
    ]
    fields += _thread(letter, head)
    if letter.kind is not Kind.DELIVERY:
        fields.append(headers.field("Auto-Submitted", ["auto-replied" if spec.answers else "auto-generated"]))
    suppressed = ["OOF,", "AutoReply"] if letter.kind is Kind.DELIVERY else ["All"]
    fields.append(headers.field("X-Auto-Response-Suppress", suppressed))
    if letter.about is not None:
        fields.append(headers.field(DOCUMENT, [letter.about.code]))
    return [*fields, headers.field(LOOP, [head.host]), headers.field("MIME-Version", ["1.0"])]


def _thread(letter: Letter, head: Letterhead) -> list[bytes]:
    """What ties the letters about one document together in a mail program, also when the first is not there."""
    answered = [letter.spec.answers] if _MESSAGE_ID.fullmatch(letter.spec.answers) else []
    root = [f"<lt{letter.document}@{head.host}>"] if letter.document is not None else []
    fields = [headers.field("In-Reply-To", answered)] if answered else []
    return [*fields, headers.field("References", [*root, *answered])] if root or answered else fields


def _body(
    letter: Letter, head: Letterhead, written: Written, files: Sequence[Encoded], returned: bytes
) -> tuple[Piece, ...]:
    words = (parts.text("text/plain", written.text),), (parts.text("text/html", written.html),)
    alternative = parts.multipart("alternative", _boundary(letter, "a"), words)
    spec = letter.spec
    if letter.kind is Kind.REPORT and spec.asked is not None and spec.fate is not None:
        machine = (report.status_part(head.host, spec.asked, spec.fate),)
        third = [(report.returned_part(spec.asked, spec.fate, returned),)] if returned else []
        kind = "report; report-type=delivery-status"
        return parts.multipart(kind, _boundary(letter, "r", returned), [alternative, machine, *third])
    about = letter.about
    if letter.kind is not Kind.DELIVERY or about is None or not about.enclosures:
        return alternative
    attached = [
        parts.attachment(name, _type(enclosure.type), content)
        for name, enclosure, content in zip(names(about), about.enclosures, files, strict=True)
    ]
    return parts.multipart("mixed", _boundary(letter, "m"), [alternative, *attached])


def _type(media_type: str) -> str:
    return media_type if _MEDIA_TYPE.fullmatch(media_type) else "application/octet-stream"


def _boundary(letter: Letter, level: str, content: bytes = b"") -> str:
    boundary = f"=_lt{letter.id}{level}"
    while boundary.encode("ascii") in content:  # a report may return a mail that knows our boundaries
        boundary += "_"
    return boundary
