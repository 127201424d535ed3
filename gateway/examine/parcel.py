"""A mail as plain octets: how a child tells what it parsed, and how it is believed.

Promises:  ``unpacked(packed(x)) == x``. What comes back is made anew, field by field, from values of the expected
           shape; sizes and digests of attachments are worked out here again from their octets.
Never:     unpickles, imports or calls anything named in the octets; believes a digest under which a blob would be kept.
Fails:     with NotPlain for anything of another shape.

Form: one line of JSON, then the octets of the attachments and of the report parts, one after the other, as long as the
line says.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256

from pydantic import TypeAdapter, ValidationError

from gateway.examine.plain import NotPlain, Part, dumped, loaded
from mailmap.mail.attachment import Attachment, Role
from mailmap.mail.message import Message
from mailmap.mail.reply import Reply
from mailmap.mail.report import Report

PAPERS = (Role.DOCUMENT, Role.ANNEX)
MOST_PAPERS = 8  # of one mail are read; no clerk sends more documents at once
RAW = ("delivery_status", "disposition", "returned")
LONGEST_REASON = 40


@dataclass(frozen=True, slots=True)
class Parcel:
    """What one child made of a mail.

    ``parts`` has, by the place of an attachment, what its own text says; ``failed`` the class of the error its reader
    ended with.
    """

    message: Message
    reply: Reply
    report: Report | None
    parts: Mapping[int, Part] = field(default_factory=dict)
    failed: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Line:
    """The first line: ``lengths`` of the octets that follow, None for a report part there is none of."""

    message: Message
    reply: Reply
    report: Report | None
    lengths: tuple[int | None, ...]
    parts: dict[int, str]
    failed: dict[int, str]


_LINE = TypeAdapter(_Line)


def papers_of(attachments: tuple[Attachment, ...]) -> list[int]:
    """Which attachments may be a document, by their places: documents before annexes, not too many."""
    places = [place for role in PAPERS for place, one in enumerate(attachments) if one.role is role]
    return sorted(places[:MOST_PAPERS])


def packed(parcel: Parcel) -> bytes:
    """The parcel as octets."""
    return b"".join(pieces(parcel))


def pieces(parcel: Parcel) -> list[bytes]:
    """The same, not yet put together: what is large is copied no more often than it must be."""
    message = parcel.message
    octets = [*(one.content for one in message.attachments), *(getattr(message, name) for name in RAW)]
    bare = tuple(replace(one, content=b"") for one in message.attachments)
    emptied = replace(message, attachments=bare, delivery_status=None, disposition=None, returned=None)
    lengths = tuple(None if each is None else len(each) for each in octets)
    parts = {place: dumped(part).decode("ascii") for place, part in parcel.parts.items()}
    line = _Line(emptied, parcel.reply, parcel.report, lengths, parts, dict(parcel.failed))
    return [_LINE.dump_json(line), b"\n", *filter(None, octets)]


def unpacked(octets: bytes) -> Parcel:
    """The parcel these octets describe."""
    end = octets.find(b"\n")
    try:
        line = _LINE.validate_json(octets[:end] if end >= 0 else octets, strict=True)
    except ValidationError:
        raise NotPlain(NotPlain.__doc__) from None  # the cause would quote the mail
    *contents, status, disposition, returned = _cut(memoryview(octets)[end + 1 :], line)
    attachments = zip(line.message.attachments, contents, strict=True)
    message = replace(
        line.message,
        attachments=tuple(_weighed(one, content or b"") for one, content in attachments),
        delivery_status=status,
        disposition=disposition,
        returned=returned,
    )
    parts = {place: loaded(text.encode()) for place, text in line.parts.items()}
    failed = {place: reason[:LONGEST_REASON] for place, reason in line.failed.items()}
    return Parcel(message, line.reply, line.report, parts, failed)


def _cut(octets: memoryview, line: _Line) -> Iterator[bytes | None]:
    """The octets behind the line, cut as it says."""
    if len(line.lengths) != len(line.message.attachments) + len(RAW):
        raise NotPlain(NotPlain.__doc__)
    start = 0
    for length in line.lengths:
        if length is not None and not 0 <= length <= len(octets) - start:
            raise NotPlain(NotPlain.__doc__)
        yield None if length is None else bytes(octets[start : start + length])
        start += length or 0


def _weighed(one: Attachment, content: bytes) -> Attachment:
    return replace(one, content=content, size=len(content), sha256=sha256(content).hexdigest())


def named(kinds: list[str]) -> bytes:
    """Media types as octets."""
    return json.dumps(kinds).encode()


def kinds_of(octets: bytes, count: int) -> list[str]:
    """So many media types, as a child told them."""
    try:
        told = json.loads(octets)
    except ValueError:
        raise NotPlain(NotPlain.__doc__) from None
    words = [one for one in told if isinstance(one, str) and one.isascii()] if isinstance(told, list) else []
    if len(words) != count:
        raise NotPlain(NotPlain.__doc__)
    return words
