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
