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
    """What a recipient address of ours leads to."""

    UNIT = "unit"
    REPLY = "reply"
    RETURN = "return"
    INTAKE = "intake"
    POSTMASTER = "postmaster"
    FOREIGN = "foreign"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Who:
    """Whose address this is on that day; ``unit`` None when nobody mapped it."""

    address: str
    unit: Unit | None
    may: frozenset[May]
    why: Sentence


@dataclass(frozen=True, slots=True)
class Where:
    """Where a recipient leads; ``letter`` is set for keyed REPLY and RETURN addresses."""

    recipient: str
    leads: Leads
    unit: Unit | None
    why: Sentence
    letter: int | None = None


class Directory(Protocol):
    """An immutable snapshot that answers for any day."""

    def who(self, address: str, on: date) -> Who:
        """Whose address is this."""

    def where(self, recipient: str, on: date) -> Where:
        """Where would a mail to this recipient go."""

    def unit(self, unit_id: str) -> Unit | None:
        """The unit with that id, living or not."""
