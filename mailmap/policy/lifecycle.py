"""The transition tables: the only movers of a status.

Promises:  ``move`` returns the next state or raises IllegalTransition; every pair not in a table is refused.
Never:     looks at anything but the state and the event's name.
Fails:     IllegalTransition, a sentence naming the event and the state.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

S = TypeVar("S", bound=StrEnum)


class Transport(StrEnum):
    """How far one letter has travelled, in the words of RFC 3464 and RFC 8098."""

    QUEUED = "queued"
    SENDING = "sending"
    RELAYED = "relayed"
    DELAYED = "delayed"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    DELIVERED = "delivered"
    DISPLAYED = "displayed"
    CANCELLED = "cancelled"


class Handling(StrEnum):
    """What the receiving unit has done; the values are the national status codes (QCVN 102:2016)."""

    NONE = "00"
    ARRIVED = "01"
    REFUSED = "02"
    ACCEPTED = "03"
    ASSIGNED = "04"
    IN_WORK = "05"
    COMPLETED = "06"


class TakeBack(StrEnum):
    """How the sender's wish to take a delivery back stands; the national status codes (QCVN 102:2016)."""

    NONE = "00"
    ASKED = "13"
    AGREED = "15"
    REFUSED = "16"


class Life(StrEnum):
    """What became of a document as a whole."""

    REGISTERED = "registered"
    RECALLED = "recalled"
    REPLACED = "replaced"


class IllegalTransition(ValueError):
    """An event came that the state does not know."""


def move(table: Mapping[S, Mapping[str, S]], state: S, event: str) -> S:
    """The state after ``event`` (the name of an event class in ``mailmap.document.events``)."""
    try:
        return table[state][event]
    except KeyError:
        raise IllegalTransition(f"{event} while {state.value}") from None


TRANSPORT: Mapping[Transport, Mapping[str, Transport]] = {
    Transport.QUEUED: {"LetterTried": Transport.SENDING, "LetterCancelled": Transport.CANCELLED},
    Transport.SENDING: {
        "LetterTried": Transport.SENDING,  # we died between an attempt and its outcome; the next attempt shows it
        "LetterRelayed": Transport.RELAYED,
        "LetterDelayed": Transport.DELAYED,
        "LetterFailed": Transport.FAILED,
        "LetterUncertain": Transport.UNCERTAIN,
        "LetterDelivered": Transport.DELIVERED,  # a report can be faster than our own commit
        "LetterDisplayed": Transport.DISPLAYED,
    },
    Transport.DELAYED: {
        "LetterTried": Transport.SENDING,
        "LetterFailed": Transport.FAILED,
        "LetterRequeued": Transport.QUEUED,
        "LetterCancelled": Transport.CANCELLED,
    },
    Transport.UNCERTAIN: {
        "LetterRequeued": Transport.QUEUED,
        "LetterFailed": Transport.FAILED,
        "LetterDelivered": Transport.DELIVERED,
        "LetterDisplayed": Transport.DISPLAYED,
        "LetterCancelled": Transport.CANCELLED,
    },
    Transport.RELAYED: {
        "LetterDelayed": Transport.RELAYED,  # their delay report changes nothing we must do
        "LetterFailed": Transport.FAILED,
        "LetterDelivered": Transport.DELIVERED,
        "LetterDisplayed": Transport.DISPLAYED,
    },
    Transport.DELIVERED: {"LetterDisplayed": Transport.DISPLAYED},
    Transport.DISPLAYED: {"LetterDelivered": Transport.DISPLAYED},
    Transport.FAILED: {
        "LetterRequeued": Transport.QUEUED,
        "LetterDelivered": Transport.DELIVERED,
        "LetterDisplayed": Transport.DISPLAYED,
    },
    Transport.CANCELLED: {"LetterRequeued": Transport.QUEUED},
}

HANDLING: Mapping[Handling, Mapping[str, Handling]] = {
    Handling.NONE: {
        "DeliveryArrived": Handling.ARRIVED,
        "DeliveryRefused": Handling.REFUSED,
        "DeliveryAccepted": Handling.ACCEPTED,
    },
    Handling.ARRIVED: {"DeliveryRefused": Handling.REFUSED, "DeliveryAccepted": Handling.ACCEPTED},
    Handling.REFUSED: {"DeliveryAccepted": Handling.ACCEPTED},
    Handling.ACCEPTED: {
        "DeliveryAssigned": Handling.ASSIGNED,
        "DeliveryStarted": Handling.IN_WORK,
        "DeliveryCompleted": Handling.COMPLETED,
    },
    Handling.ASSIGNED: {
        "DeliveryAssigned": Handling.ASSIGNED,
        "DeliveryStarted": Handling.IN_WORK,
        "DeliveryCompleted": Handling.COMPLETED,
    },
    Handling.IN_WORK: {"DeliveryAssigned": Handling.ASSIGNED, "DeliveryCompleted": Handling.COMPLETED},
    Handling.COMPLETED: {},
}

TAKE_BACK: Mapping[TakeBack, Mapping[str, TakeBack]] = {
    TakeBack.NONE: {"RecallAsked": TakeBack.ASKED},
    TakeBack.ASKED: {"RecallAgreed": TakeBack.AGREED, "RecallRefused": TakeBack.REFUSED},
    TakeBack.REFUSED: {"RecallAsked": TakeBack.ASKED, "RecallAgreed": TakeBack.AGREED},
    TakeBack.AGREED: {},
}

LIFE: Mapping[Life, Mapping[str, Life]] = {
    Life.REGISTERED: {"DocumentRecalled": Life.RECALLED, "DocumentReplaced": Life.REPLACED},
    Life.RECALLED: {"DocumentRecalled": Life.RECALLED, "DocumentReplaced": Life.REPLACED},
    Life.REPLACED: {},
}

EVENT_OF: Mapping[Handling, str] = {
    Handling.ARRIVED: "DeliveryArrived",
    Handling.REFUSED: "DeliveryRefused",
    Handling.ACCEPTED: "DeliveryAccepted",
    Handling.ASSIGNED: "DeliveryAssigned",
    Handling.IN_WORK: "DeliveryStarted",
    Handling.COMPLETED: "DeliveryCompleted",
}


def steps(state: Handling, to: Handling) -> tuple[Handling, ...]:
    """The statuses that lead from ``state`` to ``to``, booking (03) made up for on the way; () when none do.

    Who says "đang xử lý" of what was never booked has taken it; who refused it must say that he takes it after all.
    """
    if EVENT_OF.get(to) in HANDLING[state]:
        return (to,)
    taken = state in (Handling.NONE, Handling.ARRIVED) and EVENT_OF.get(to) in HANDLING[Handling.ACCEPTED]
    return (Handling.ACCEPTED, to) if taken else ()
