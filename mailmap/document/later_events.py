"""What happens to a document after it has been sent: corrected, confirmed, taken back, replaced; past tense, frozen.

Promises:  as ``events``: names and fields never change their meaning.
Never:     edited; a new meaning is a new class.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from mailmap.document.event import JSON, Event


@dataclass(frozen=True, slots=True)
class FieldsCorrected(Event):
    """The sending unit said that fields were wrong: ``before`` has them as they stood, ``sheet`` is the new sheet."""

    PRIVATE: ClassVar[frozenset[str]] = frozenset({"before", "sheet"})
    document: int
    kind: str
    unit: str
    at: str
    before: dict[str, JSON]
    sheet: dict[str, JSON]


@dataclass(frozen=True, slots=True)
class EntryCorrected(Event):
    """The document's entry in the outgoing book of ``unit`` was corrected; ``was`` is the number it bore before."""

    document: int
    unit: str
    year: int
    series: str
    number: int
    suffix: str
    notation: str
    was: str
    issued: str
    at: str


@dataclass(frozen=True, slots=True)
class DocumentConfirmed(Event):
    """Its legal standing was confirmed for everybody: ``by`` whom, and ``how`` ("person")."""

    document: int
    at: str
    by: str
    how: str


@dataclass(frozen=True, slots=True)
class DocumentRecalled(Event):
    """The sending unit takes it back, with its reason."""

    PRIVATE: ClassVar[frozenset[str]] = frozenset({"words"})
    document: int
    unit: str
    at: str
    words: str


@dataclass(frozen=True, slots=True)
class DocumentReplaced(Event):
    """Another document takes its place."""

    document: int
    replacement: int
    at: str


@dataclass(frozen=True, slots=True)
class DeliverySaid(Event):
    """What is said about one delivery: the shape shared by the events below."""

    PRIVATE: ClassVar[frozenset[str]] = frozenset({"words"})
    document: int
    delivery: int
    at: str
    words: str


@dataclass(frozen=True, slots=True)
class DeliveryConfirmed(DeliverySaid):
    """Văn thư of the receiving unit checked the original or its signature."""


@dataclass(frozen=True, slots=True)
class RecallAsked(DeliverySaid):
    """Code 13: the receiving unit is asked to let it be taken back, with the reason."""


@dataclass(frozen=True, slots=True)
class RecallAgreed(DeliverySaid):
    """Code 15: the receiving unit agrees, or had not taken it yet."""


@dataclass(frozen=True, slots=True)
class RecallRefused(DeliverySaid):
    """Code 16: the receiving unit does not agree, with its reason."""


LATER: tuple[type[Event], ...] = (
    FieldsCorrected, EntryCorrected, DocumentConfirmed, DocumentRecalled, DocumentReplaced, DeliveryConfirmed,
    RecallAsked, RecallAgreed, RecallRefused,
)  # fmt: skip
