"""The acts of orders: what a unit does with a document after it was sent, and what it is told when it asks.

Promises:  frozen nouns, each one thing to be done.
Never:     does anything; ``gateway/work`` carries them out.
"""

from __future__ import annotations

from dataclasses import dataclass

from mailmap.document.document import Enclosure, Fields
from mailmap.policy.looking import Told


@dataclass(frozen=True, slots=True)
class Show:
    """Mail a proven sender what was asked for: a template and its facts, about a document or about none."""

    template: str
    to: str
    facts: Told = ()
    document: int | None = None
    delivery: int | None = None


@dataclass(frozen=True, slots=True)
class Correct:
    """The sending unit corrects fields of its document; whoever has it is told."""

    document: int
    fields: Fields


@dataclass(frozen=True, slots=True)
class Confirm:
    """The receiving unit vouches for the document of its delivery; ``words`` are its own."""

    document: int
    delivery: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class Recall:
    """The sending unit takes the document back: who has taken it is asked, from others it is taken at once."""

    document: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class Consent:
    """The receiving unit agrees to that (15), or not (16) for a reason."""

    document: int
    delivery: int
    agrees: bool
    words: str = ""


@dataclass(frozen=True, slots=True)
class Replace:
    """A new paper takes the document's place and goes to the same units; ``fields`` are those we are sure of."""

    document: int
    fields: Fields
    enclosures: tuple[Enclosure, ...]
    missing: tuple[str, ...] = ()


Order = Show | Correct | Confirm | Recall | Consent | Replace
