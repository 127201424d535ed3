"""Units: organisations, or parts of them, as they are for a period.

Promises:  a unit is whole and immutable; names are NFC; a period is [valid_from, valid_until). A unit that was renamed
           or moved keeps its id and its books: it has one ``Unit`` per period, and the periods do not overlap.
Never:     decides who answers to a name (``directory``), or what follows a unit that ended (``succession``).
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
class Way:
    """One way in to a unit: a channel and where on it; ``to`` is a mailbox address for MAIL and LINK, else our key."""

    channel: Channel
    to: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit in one period. ``id`` is our own stable key; ``short`` is the local part of its gateway address.

    ``book`` says whether the gateway keeps its books; ``accepts_itself`` that arrivals are accepted without a person;
    ``contact`` is the mailbox address to which documents for it are sent, '' when nobody has mapped one yet;
    ``fallback`` what is tried after it, in this order. ``organ_id`` is its code by QĐ 20/2020/QĐ-TTg,
    ``qcvn_id`` by QCVN 102:2016, ``tax_code`` a business's; '' where none is known. ``other_names`` are further names
    people write; ``basis`` is the decision that made it so.
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
    qcvn_id: str = ""
    tax_code: str = ""
    other_names: tuple[str, ...] = ()
    fallback: tuple[Way, ...] = ()
    basis: str = ""

    def lives_on(self, day: date) -> bool:
        """Whether the unit exists, as it is described here, on that day."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)

    def ways(self) -> tuple[Way, ...]:
        """Every way in, the first one first; a mail without a mailbox is no way."""
        every = (Way(self.channel, self.contact), *self.fallback)
        return tuple(way for way in every if way.to or way.channel not in {Channel.MAIL, Channel.LINK})
