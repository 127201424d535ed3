"""One attachment of a message, decoded.

Promises:  content is the decoded octets; sha256 and size are of those octets; name is NFC, without path or control
           characters, or None when the mail gave none.
Never:     trusts the declared type; ``type`` is what the content is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What an attachment is for, as a clerk would say."""

    DOCUMENT = "document"
    ANNEX = "annex"
    INLINE = "inline"
    LOGO = "logo"
    SIGNATURE = "signature"
    CALENDAR = "calendar"
    MESSAGE = "message"
    REPORT = "report"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file carried by a mail; ``part`` is its index among the leaves of the MIME tree, from 0."""

    part: int
    name: str | None
    declared_type: str
    type: str
    size: int
    sha256: str
    role: Role
    content: bytes = field(repr=False)
    content_id: str | None = None
