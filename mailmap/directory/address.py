"""Addresses: mailbox addresses mapped to a unit for a period, with what they may do.

Promises:  ``fold`` gives one spelling for addresses that reach the same mailbox (case folded, NFC, domain in IDNA
           A-labels left as written).
Never:     invents an address: what has no '@' folds to itself, lower case.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class May(StrEnum):
    """What an address may do in the name of its unit."""

    SEND = "send"
    RECEIVE = "receive"
    STATUS = "status"
    RECALL = "recall"
    ADMINISTER = "administer"


ORDINARY = frozenset({May.SEND, May.RECEIVE, May.STATUS})


@dataclass(frozen=True, slots=True)
class Address:
    """A folded address, its unit, what it may do, and from when until when (exclusive)."""

    address: str
    unit: str
    may: frozenset[May] = ORDINARY
    role: str = ""
    valid_from: date = date.min
    valid_until: date | None = None

    def lives_on(self, day: date) -> bool:
        """Whether the mapping holds on that day."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)


def fold(address: str) -> str:
    """One spelling per mailbox: NFC, no surrounding space or angle brackets, case folded."""
    return unicodedata.normalize("NFC", address).strip().strip("<>").strip().casefold()
