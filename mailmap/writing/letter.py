"""What is to be written: a letter, its spec, the document it is about, and the letterhead.

Promises:  these nouns are all that a letter is made from; the same nouns make the same octets.
Never:     words of a language; those stand in config/templates.
Fails:     ``read_spec`` raises NoSpec for JSON that is none (the spec of a purged letter is ``{}``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from mailmap.document.document import Enclosure
from mailmap.policy.question import Question, of_wire

Fact = str | int | None | tuple[str, ...]


class NoSpec(ValueError):
    """No letter can be written from this spec."""


class Kind(StrEnum):
    """What a letter is for; the value stands in ``letters.kind``."""

    DELIVERY = "delivery"
    RECEIPT = "receipt"
    NOTICE = "notice"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the submitting envelope asked for one recipient (RFC 3461); '' where it asked nothing.

    The forward path as given, the words of NOTIFY in order, ORCPT with its type, ENVID, and RET.
    """

    recipient: str
    notify: tuple[str, ...] = ()
    orcpt: str = ""
    envid: str = ""
    ret: str = ""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one recipient, for a report (RFC 3464 section 2.3).

    An Action, a status d.d.d, and the peer's own words; times are ISO, '' is 'not known'.
    """

    action: str
    status: str
    peer: str = ""
    at: str = ""
    retried_until: str = ""
    arrived_at: str = ""


@dataclass(frozen=True, slots=True)
class Spec:
    """The spec of a queued letter: a template of config/templates and what fills it beside the document.

    ``answers`` is the Message-ID of the mail this letter answers; ``asked`` stands in deliveries and reports, ``fate``
    in reports, ``question`` in letters that ask which units are meant.
    """

    template: str
    language: str = "vi"
    facts: tuple[tuple[str, Fact], ...] = ()
    answers: str = ""
    asked: Asked | None = None
    fate: Fate | None = None
    question: Question | None = None


@dataclass(frozen=True, slots=True)
class About:
    """The document a letter is about, in the words of its reader; '' is 'not read'.

    ``kind`` is a name ("Công văn"), ``urgency`` a value of Urgency, ``issued`` and ``due`` are ISO dates,
    ``received_at`` an ISO time, ``origin`` and ``recipients`` names of units, ``missing`` names of fields
    that are still asked for, ``standing`` a value of Standing, ``enclosures`` the files that travel with it.
    """

    code: str
    symbol: str = ""
    issued: str = ""
    kind: str = ""
    subject: str = ""
    urgency: str = "normal"
    due: str = ""
    origin: str = ""
    received_at: str = ""
    recipients: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    standing: str = "information"
    enclosures: tuple[Enclosure, ...] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """One row of ``letters`` as far as writing it goes; ``addressee`` is the name of the unit it goes to, or ''."""

    id: int
    document: int | None
    kind: Kind
    to: str
    queued_at: datetime
    spec: Spec
    addressee: str = ""
    about: About | None = None


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes: the gateway's host name, the domain of its addresses, its own address and name, and its key."""

    host: str
    domain: str
    address: str
    name: str
    token_key: bytes = field(repr=False)


def read_spec(wire: Mapping[str, Any]) -> Spec:
    """The spec from the JSON of a letter's row: template, language, facts, about, dsn, fate, question."""
    template, asked, fate = wire.get("template"), wire.get("dsn"), wire.get("fate")
    if not isinstance(template, str):
        raise NoSpec("the letter has no spec any more")
    facts = ((name, _fact(value)) for name, value in sorted(wire.get("facts", {}).items()))
    try:
        return Spec(
            template=template,
            language=wire.get("language") or "vi",
            facts=tuple(facts),
            answers=wire.get("about") or "",
            asked=_asked(asked) if asked else None,
            fate=Fate(**fate) if fate else None,
            question=question_in(wire),
        )
    except (KeyError, TypeError) as error:
        raise NoSpec(f"not the spec of a letter: {type(error).__name__}") from error


def asked_of(wire: Mapping[str, Any]) -> Asked | None:
    """What the submitting envelope asked for, by the JSON of a letter's row; None when nothing is known of it."""
    asked = wire.get("dsn")
    return _asked(asked) if isinstance(asked, Mapping) and "recipient" in asked else None


def question_in(wire: Mapping[str, Any]) -> Question | None:
    """What the letter asks about recipients, by the JSON of its row; None when it asks nothing, or was purged."""
    question = wire.get("question")
    return of_wire(question) if question else None


def _fact(value: Any) -> Fact:
    if isinstance(value, list):
        return tuple(str(each) for each in value)
    return value if value is None or isinstance(value, int) else str(value)


def _asked(wire: Mapping[str, Any]) -> Asked:
    notify = tuple(sorted(wire.get("notify") or ()))
    rest = {name: wire.get(name) or "" for name in ("orcpt", "envid", "ret")}
    return Asked(wire["recipient"], notify, **rest)
