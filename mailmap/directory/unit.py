"""Units: organisations, or parts of them, that exist for a period.

Promises:  a unit is whole and immutable; names are NFC; a period is [valid_from, valid_until).
Never:     decides who answers to a name; that is ``directory``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class UnitKind(StrEnum):
    """The tiers and kinds of unit that take part."""

    PROVINCE = "province"
    DEPARTMENT = "department"
    DISTRICT = "district"
    COMMUNE = "commune"
    DIVISION = "division"
    BUSINESS = "business"
    OTHER = "other"


class Channel(StrEnum):
    """How a unit takes part: by ordinary mail, a mailbox folder, edXML packets, the API, or a secure link."""

    MAIL = "mail"
    MAILBOX = "mailbox"
    EDOC = "edoc"
    API = "api"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit. ``id`` is our own stable key; ``short`` is the local part of its gateway address.

    ``book`` says whether the gateway keeps its books; ``accepts_itself`` that arrivals are accepted without a person;
    ``contact`` is the mailbox address to which documents for it are sent, '' when nobody has mapped one yet.
    """

    id: str
    name: str
    kind: UnitKind
    short: str
    parent: str | None = None
    contact: str = ""
    channel: Channel = Channel.MAIL
    book: bool = True
    accepts_itself: bool = False
    valid_from: date = date.min
    valid_until: date | None = None
    organ_id: str = ""

    def lives_on(self, day: date) -> bool:
        """Whether the unit exists on that day."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)
