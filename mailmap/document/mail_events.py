"""What happened to accepted mails: facts in the past tense, frozen, for ever.

Promises:  as ``events``: names and fields never change their meaning.
Never:     edited; a new meaning is a new class.
"""

from __future__ import annotations

from dataclasses import dataclass

from mailmap.document.event import Event


@dataclass(frozen=True, slots=True)
class MailConcluded(Event):
    """An accepted mail ended in its one outcome."""

    mail: str
    outcome: str
    rule: str
    document: int | None


@dataclass(frozen=True, slots=True)
class MailReleased(Event):
    """A person, or a new mapping, let a held mail go on."""

    mail: str
    by: str


@dataclass(frozen=True, slots=True)
class MailDirected(Event):
    """A person chose the unit that takes what this mail sends to units that ended without a successor."""

    mail: str
    unit: str


@dataclass(frozen=True, slots=True)
class MailLocked(Event):
    """A mail with a mark of state secrecy went under lock, with that number there; the degree is not told here."""

    mail: str
    locked: int


@dataclass(frozen=True, slots=True)
class MailHandedOver(Event):
    """An officer took a mail under lock out into a file."""

    mail: str
    locked: int
    at: str
    by: str


@dataclass(frozen=True, slots=True)
class MailPurged(Event):
    """The key of a mail under lock was destroyed, by whom and on what order.

    ``letters`` are the numbers of the notices to its sender, of which only the number stays.
    """

    mail: str
    locked: int
    at: str
    by: str
    order: str
    letters: list[int]
