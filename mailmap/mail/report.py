"""Reports about mail we sent: delivery status (RFC 3464) and disposition (RFC 8098) notifications.

Promises:  a report is whole and immutable, in the words of its peer.
Never:     decides what a report means for a letter of ours; the rules do.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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


@dataclass(frozen=True, slots=True)
class Reported:
    """One recipient of a report; ``status`` is d.d.d or '', ``diagnostic`` the peer's own words or ''."""

    address: str
    action: Action
    status: str = ""
    diagnostic: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A report, its recipients, and what it says of the mail it reports on."""

    kind: ReportKind
    recipients: tuple[Reported, ...]
    original_message_id: str | None = None
    envelope_id: str | None = None
