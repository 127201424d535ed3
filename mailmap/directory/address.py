"""Addresses: mailbox addresses mapped to a unit for a period, with what they may do.

Promises:  ``fold`` gives one spelling for addresses that reach the same mailbox (case folded, NFC, domain in IDNA
           A-labels left as written). ``keys_of`` names every mapping that may speak for an address, the nearest first.
Never:     invents an address: what has no '@' folds to itself, lower case.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mailmap.directory.proof import Proof

EVERYBODY = "*@"  # before a domain: whoever writes from it


class May(StrEnum):
    """What an address may do in the name of its unit."""

    SEND = "send"
    RECEIVE = "receive"
    STATUS = "status"
    RECALL = "recall"
    ADMINISTER = "administer"


class Form(StrEnum):
    """What a mapping is of: a mailbox, another name of one, one tag of one (RFC 5233), or everybody of a domain.

    An ALIAS is understood as a sender, but nothing is ever sent to it.
    """

    EXACT = "exact"
    ALIAS = "alias"
    TAG = "tag"
    DOMAIN = "domain"


ORDINARY = frozenset({May.SEND, May.RECEIVE, May.STATUS})


@dataclass(frozen=True, slots=True)
class Address:
    """A folded address, its unit, what it may do, and from when until when (exclusive).

    A DOMAIN is written '*@domain'. ``role`` is who sits there (văn thư, a division, a person); ``needs`` the proof this
    address must show beyond what the act needs of everybody.
    """

    address: str
    unit: str
    may: frozenset[May] = ORDINARY
    role: str = ""
    valid_from: date = date.min
    valid_until: date | None = None
    form: Form = Form.EXACT
    needs: Proof = Proof.NONE

    def lives_on(self, day: date) -> bool:
        """Whether the mapping holds on that day."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)


def fold(address: str) -> str:
    """One spelling per mailbox: NFC, no surrounding space or angle brackets, case folded."""
    return unicodedata.normalize("NFC", address).strip().strip("<>").strip().casefold()


def form_of(folded: str) -> Form:
    """What a mapping of this text is of, when nobody says so."""
    local, _, _ = folded.rpartition("@")
    return Form.DOMAIN if local == "*" else Form.TAG if "+" in local else Form.EXACT


def keys_of(folded: str) -> tuple[str, ...]:
    """The mappings that may speak for a sender, the nearest first: itself, itself without its tag, its domain."""
    local, at, domain = folded.rpartition("@")
    if not at or not local or local == "*":
        return (folded,)
    bare = local.partition("+")[0]
    return tuple(dict.fromkeys((folded, f"{bare or local}@{domain}", f"{EVERYBODY}{domain}")))
