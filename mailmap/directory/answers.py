"""What the directory answers, each with its reason.

Promises:  every answer carries one key of ``config/locale`` and its facts, so that it can be told to a clerk.
Never:     an answer without a reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from mailmap.directory.address import May
from mailmap.directory.proof import Proof
from mailmap.directory.succession import Heir, Succession
from mailmap.directory.unit import Unit


@dataclass(frozen=True, slots=True)
class Sentence:
    """One plain sentence: a locale key and the facts it names. Stored as JSON, said in the reader's language."""

    key: str
    facts: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, key: str, **facts: object) -> Sentence:
        """A sentence from keyword facts, in a stable order."""
        return cls(key, tuple(sorted((name, str(fact)) for name, fact in facts.items())))


class Leads(StrEnum):
    """What a recipient address of ours leads to; UNSETTLED is a unit that ended, whose successor a person names."""

    UNIT = "unit"
    UNSETTLED = "unsettled"
    REPLY = "reply"
    RETURN = "return"
    INTAKE = "intake"
    POSTMASTER = "postmaster"
    FOREIGN = "foreign"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Who:
    """Whose address this is on that day; ``unit`` None when nobody mapped it, or when it ended without one successor.

    ``needs`` is the proof this address must show; ``steps`` lead from the unit it was mapped to, to ``unit``.
    """

    address: str
    unit: Unit | None
    may: frozenset[May]
    why: Sentence
    needs: Proof = Proof.NONE
    steps: tuple[Succession, ...] = ()


@dataclass(frozen=True, slots=True)
class Where:
    """Where a recipient leads; ``letter`` is set for keyed REPLY and RETURN addresses, ``steps`` as in ``Who``."""

    recipient: str
    leads: Leads
    unit: Unit | None
    why: Sentence
    letter: int | None = None
    steps: tuple[Succession, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What one name among the recipients that were written in a text means to this sender on this day.

    ``mention`` is the name as it was written. Exactly one holds: ``units`` are certain; or ``choices`` are what it may
    mean, the likeliest first, to be asked; or both are empty, and ``why`` says so (also for what needs no delivery).
    """

    mention: str
    units: tuple[Unit, ...]
    choices: tuple[Unit, ...]
    why: Sentence
    steps: tuple[Succession, ...] = ()


class Directory(Protocol):
    """An immutable snapshot that answers for any day."""

    def who(self, address: str, on: date) -> Who:
        """Whose address is this."""

    def where(self, recipient: str, on: date, living: date | None = None) -> Where:
        """Where would a mail to this recipient, accepted on one day, go on another (``living``; None: the same)."""

    def find(self, text: str, sender: Unit | None, on: date) -> tuple[Found, ...]:
        """What the recipients written in a text ("Kính gửi: …") mean when this unit writes them, in their order."""

    def successors(self, unit_id: str, on: date) -> Heir:
        """The unit that stands for this one on that day, and how it came to."""

    def unit(self, unit_id: str, on: date) -> Unit | None:
        """The unit with that id as it is on that day, or was when it ended, or will be."""
