"""What a mail says, as a value: every byte string is some message, with defects.

Promises:  a Message is whole, immutable and NFC; what could not be read is named in ``defects`` in plain words.
Never:     drops octets in silence: an unreadable mail is a message whose defects say so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from mailmap.mail.attachment import Attachment


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A display name and an address as written in a header field (RFC 5322 section 3.4); address may be ''."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Message:
    """The header fields we read, the text a person wrote, the attachments, and what is wrong with it.

    ``digest`` is the hex SHA-256 of the octets without the trace header fields (see ``digest``), so that two copies of
    one mail have one digest. ``message_id``, ``in_reply_to`` and ``references`` keep their angle brackets.
    ``hops`` counts Received fields; ``loop`` holds the values of our own loop marker (X-Lienthong-Loop).
    ``text`` is the plain body, from the HTML part when there is no plain one; ``delivery_status`` and ``disposition``
    are the raw report parts of RFC 3464 and RFC 8098, and ``returned`` the returned message or header, when present.
    """

    message_id: str | None
    subject: str
    from_: tuple[Mailbox, ...]
    to: tuple[Mailbox, ...]
    date: datetime | None
    digest: str
    size: int
    cc: tuple[Mailbox, ...] = ()
    sender: Mailbox | None = None
    reply_to: tuple[Mailbox, ...] = ()
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    text: str = ""
    html: str | None = None
    attachments: tuple[Attachment, ...] = ()
    defects: tuple[str, ...] = ()
    hops: int = 0
    loop: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    delivery_status: bytes | None = field(default=None, repr=False)
    disposition: bytes | None = field(default=None, repr=False)
    returned: bytes | None = field(default=None, repr=False)
    content_type: str = "text/plain"

    def header(self, name: str) -> str | None:
        """The first field of that name, decoded, or None."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)
