"""What happened to documents, mails and the directory: facts in the past tense, frozen, for ever.

Promises:  every event is a frozen dataclass whose name and fields never change their meaning; ``PRIVATE`` names the
           fields that may have to be purged (names, texts, addresses): the journal keeps them under the document's key.
Never:     edited; a new meaning is a new class, an old one gets an upcaster.
Fails:     ``event_of`` raises ValueError for a kind or fields it does not know.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from mailmap.document.event import JSON as JSON  # noqa: PLC0414  told on from here
from mailmap.document.event import Event as Event  # noqa: PLC0414  told on from here
from mailmap.document.later_events import LATER
from mailmap.document.later_events import DeliveryConfirmed as DeliveryConfirmed  # noqa: PLC0414  told on from here
from mailmap.document.later_events import DocumentConfirmed as DocumentConfirmed  # noqa: PLC0414  told on from here
from mailmap.document.later_events import DocumentRecalled as DocumentRecalled  # noqa: PLC0414  told on from here
from mailmap.document.later_events import DocumentReplaced as DocumentReplaced  # noqa: PLC0414  told on from here
from mailmap.document.later_events import EntryCorrected as EntryCorrected  # noqa: PLC0414  told on from here
from mailmap.document.later_events import FieldsCorrected as FieldsCorrected  # noqa: PLC0414  told on from here
from mailmap.document.later_events import RecallAgreed as RecallAgreed  # noqa: PLC0414  told on from here
from mailmap.document.later_events import RecallAsked as RecallAsked  # noqa: PLC0414  told on from here
from mailmap.document.later_events import RecallRefused as RecallRefused  # noqa: PLC0414  told on from here
from mailmap.document.mail_events import MailConcluded as MailConcluded  # noqa: PLC0414  told on from here
from mailmap.document.mail_events import MailDirected as MailDirected  # noqa: PLC0414  told on from here
from mailmap.document.mail_events import MailHandedOver as MailHandedOver  # noqa: PLC0414  told on from here
from mailmap.document.mail_events import MailLocked as MailLocked  # noqa: PLC0414  told on from here
from mailmap.document.mail_events import MailPurged as MailPurged  # noqa: PLC0414  told on from here
from mailmap.document.mail_events import MailReleased as MailReleased  # noqa: PLC0414  told on from here


@dataclass(frozen=True, slots=True)
class DocumentRegistered(Event):
    """A mail became a tracked document. ``sheet`` holds fields, enclosures and sender as JSON (see ``sheet``)."""

    PRIVATE: ClassVar[frozenset[str]] = frozenset({"sheet"})
    document: int
    code: str
    mail: str
    origin: str
    received_at: str
    urgency: str
    kind: str
    standing: str
    sheet: dict[str, JSON]


@dataclass(frozen=True, slots=True)
class DocumentBooked(Event):
    """The outgoing book of ``unit`` took the document under its own number (ND30 Điều 15)."""

    document: int
    unit: str
    year: int
    series: str
    number: int
    suffix: str
    notation: str
    issued: str
    booked_at: str


@dataclass(frozen=True, slots=True)
class FieldsCompleted(Event):
    """The sender told what was missing; ``sheet`` is the whole new sheet."""

    PRIVATE: ClassVar[frozenset[str]] = frozenset({"sheet"})
    document: int
    kind: str
    sheet: dict[str, JSON]


@dataclass(frozen=True, slots=True)
class DeliveryOpened(Event):
    """The document is to reach one unit by one channel."""

    document: int
    delivery: int
    unit: str
    channel: str
    opened_at: str


@dataclass(frozen=True, slots=True)
class DeliveryArrived(Event):
    """Code 01: the document is at the unit."""

    document: int
    delivery: int
    at: str


@dataclass(frozen=True, slots=True)
class DeliveryTold(Event):
    """What the receiving unit says of it: the shape shared by most of the codes below."""

    PRIVATE: ClassVar[frozenset[str]] = frozenset({"words"})
    document: int
    delivery: int
    at: str
    words: str


@dataclass(frozen=True, slots=True)
class DeliveryRefused(DeliveryTold):
    """Code 02: the unit does not take it, with its reason."""


@dataclass(frozen=True, slots=True)
class DeliveryAccepted(Event):
    """Code 03: taken and entered in the unit's book of incoming documents; number None when it keeps its own book."""

    PRIVATE: ClassVar[frozenset[str]] = frozenset({"words"})
    document: int
    delivery: int
    unit: str
    year: int
    series: str
    number: int | None
    at: str
    words: str


@dataclass(frozen=True, slots=True)
class DeliveryAssigned(DeliveryTold):
    """Code 04: given to somebody in the unit."""


@dataclass(frozen=True, slots=True)
class DeliveryStarted(DeliveryTold):
    """Code 05: work on it has begun."""


@dataclass(frozen=True, slots=True)
class DeliveryCompleted(DeliveryTold):
    """Code 06: done."""


@dataclass(frozen=True, slots=True)
class LetterQueued(Event):
    """A mail of ours is to go out: a delivery, receipt, notice or report. ``spec`` says what to compose."""

    PRIVATE: ClassVar[frozenset[str]] = frozenset({"to", "spec"})
    document: int | None
    letter: int
    delivery: int | None
    kind: str
    unit: str
    queued_at: str
    expires_at: str
    to: str
    spec: dict[str, JSON]


@dataclass(frozen=True, slots=True)
class LetterTried(Event):
    """An attempt began; its outcome follows, or never when we died in between."""

    document: int | None
    letter: int
    attempt: int
    at: str


@dataclass(frozen=True, slots=True)
class LetterTold(Event):
    """What peers say of a letter after an attempt or in a report: the shape shared by the outcomes below."""

    PRIVATE: ClassVar[frozenset[str]] = frozenset({"peer"})
    document: int | None
    letter: int
    attempt: int
    at: str
    status: str
    peer: str


@dataclass(frozen=True, slots=True)
class LetterRelayed(LetterTold):
    """The next server took it."""


@dataclass(frozen=True, slots=True)
class LetterDelayed(LetterTold):
    """The next server wants to be asked again."""


@dataclass(frozen=True, slots=True)
class LetterFailed(LetterTold):
    """It will not arrive."""


@dataclass(frozen=True, slots=True)
class LetterUncertain(LetterTold):
    """The connection broke after the last octet: taken or not, nobody told us."""


@dataclass(frozen=True, slots=True)
class LetterDelivered(LetterTold):
    """A report says it lies in the mailbox."""


@dataclass(frozen=True, slots=True)
class LetterDisplayed(LetterTold):
    """A report says somebody opened it."""


@dataclass(frozen=True, slots=True)
class LetterRequeued(Event):
    """A person asked for another attempt."""

    document: int | None
    letter: int
    at: str
    by: str
    expires_at: str


@dataclass(frozen=True, slots=True)
class LetterCancelled(Event):
    """A person stopped it."""

    document: int | None
    letter: int
    at: str
    by: str


@dataclass(frozen=True, slots=True)
class DocumentPurged(Event):
    """The document's key was destroyed, by whom and on what order; the journal stays whole."""

    document: int
    by: str
    order: str


@dataclass(frozen=True, slots=True)
class DirectoryChanged(Event):
    """The change of that number was made in the directory: how many things of each kind, and the digest of its row.

    Who and why stand in the row: ``digest`` is SHA-256 (hexadecimal) over them and the whole diff.
    """

    change: int
    at: str
    units: int
    addresses: int
    successions: int
    digest: str


KINDS: Mapping[str, type[Event]] = {
    kind.__name__: kind
    for kind in (
        DocumentRegistered, DocumentBooked, FieldsCompleted, DeliveryOpened, DeliveryArrived, DeliveryRefused,
        DeliveryAccepted, DeliveryAssigned, DeliveryStarted, DeliveryCompleted, LetterQueued, LetterTried,
        LetterRelayed, LetterDelayed, LetterFailed, LetterUncertain, LetterDelivered, LetterDisplayed,
        LetterRequeued, LetterCancelled, MailConcluded, MailReleased, MailDirected, MailLocked,
        MailHandedOver, MailPurged, DocumentPurged, DirectoryChanged, *LATER,
    )
}  # fmt: skip

_OF_MAILS = (MailConcluded, MailReleased, MailDirected, MailLocked, MailHandedOver, MailPurged)
_NAMES = {kind: tuple(f.name for f in fields(kind)) for kind in KINDS.values()}


def stream_of(event: Event) -> str:
    """The stream an event belongs to: its document's, else its mail's, else its letter's; one of the directory."""
    if isinstance(event, DirectoryChanged):
        return "directory"
    document = getattr(event, "document", None)
    if isinstance(event, _OF_MAILS):
        return f"mail/{event.mail}"
    return f"document/{document}" if document is not None else f"letter/{getattr(event, 'letter')}"  # noqa: B009 the class says which


def split(event: Event) -> tuple[dict[str, Any], dict[str, Any]]:
    """The open and the private fields of an event, as JSON objects."""
    body = {name: getattr(event, name) for name in _NAMES[type(event)]}
    private = {name: body.pop(name) for name in sorted(event.PRIVATE)}
    return body, private


def event_of(kind: str, body: Mapping[str, Any]) -> Event:
    """The event of that kind from its fields (open and private together); ValueError when they do not fit."""
    cls = KINDS.get(kind)
    if cls is None or {f.name for f in fields(cls)} != set(body):
        raise ValueError(f"no event {kind} with fields {sorted(body)}")
    return cls(**body)
