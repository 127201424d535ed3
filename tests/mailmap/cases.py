"""Mails and facts for the tests of policy: a commune, a district, their clerks, and what is known of a mail."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from mailmap.directory.address import ORDINARY, May
from mailmap.directory.answers import Leads, Sentence, Where, Who
from mailmap.directory.proof import Proof
from mailmap.directory.unit import Unit, UnitKind
from mailmap.document.document import Enclosure, Fields, Symbol
from mailmap.document.fields import read_fields
from mailmap.mail.envelope import Arrival, Door, Envelope, ForwardPath
from mailmap.mail.message import Mailbox, Message
from mailmap.policy.commands import phrases_of
from mailmap.policy.decide import decide
from mailmap.policy.decision import Addressed, Decision, Facts, Policy, Tell
from mailmap.policy.lifecycle import Handling, Transport

PHRASES = phrases_of(tomllib.loads(Path("config/commands.toml").read_text(encoding="utf-8")))
NOON = datetime(2016, 10, 17, 5, 0, tzinfo=UTC)
TODAY = date(2016, 10, 17)
POLICY = Policy(own_names=frozenset({"cong.namdinh.example"}))

HAI_PHUC = Unit("xa-hai-phuc", "UBND xã Hải Phúc", UnitKind.COMMUNE, "haiphuc", contact="haiphuc@mail.example")
HAI_HAU = Unit("huyen-hai-hau", "UBND huyện Hải Hậu", UnitKind.DISTRICT, "haihau", contact="haihau@mail.example")
HAI_LONG = Unit("xa-hai-long", "UBND xã Hải Long", UnitKind.COMMUNE, "hailong", contact="hailong@mail.example")

CLERK = "vanthu.haiphuc@mail.example"
DISTRICT_CLERK = "vanthu.haihau@mail.example"
PDF = Enclosure("45-UBND-VP.pdf", "application/pdf", 12_345, "ab" * 32, "document")
LOGO = Enclosure("image001.png", "image/png", 2_345, "cd" * 32, "logo")
SYMBOL = Symbol(45, "UBND-VP")
WHY = Sentence.of("who.mapped")


def who(unit: Unit | None, address: str, may: frozenset[May] = ORDINARY) -> Who:
    """Whose address this is."""
    return Who(address, unit, may if unit else frozenset(), WHY)


def to(*units: Unit) -> tuple[Where, ...]:
    """Recipients that lead to these units."""
    return tuple(Where(f"{unit.short}@namdinh.example", Leads.UNIT, unit, WHY) for unit in units)


def keyed(letter: int, leads: Leads = Leads.REPLY) -> Where:
    """A keyed address of that letter."""
    return Where(f"tl+{letter}-x@namdinh.example", leads, None, WHY, letter)


def message(
    subject: str = "Công văn số 45/UBND-VP ngày 15/10/2016 V/v báo cáo thiên tai", **changes: object
) -> Message:
    """A mail of the commune's clerk."""
    mail = Message("<a@b>", subject, (Mailbox("", CLERK),), (), NOON, "d" * 64, 1000, text="Kính gửi UBND huyện.")
    return replace(mail, **changes)  # type: ignore[arg-type]


def letter(**changes: object) -> Addressed:
    """The delivery of the commune's document to the district, as its letter number 7."""
    known = Addressed(
        7, 100, "LT-7K3Q-9F2M-X", HAI_HAU, HAI_PHUC, 200, Handling.ARRIVED, Transport.RELAYED, SYMBOL, booked=True
    )  # fmt: skip
    return replace(known, **changes)  # type: ignore[arg-type]


def receipt(**changes: object) -> Addressed:
    """The receipt to the commune for a document whose number is not known."""
    return letter(**{"letter": 8, "unit": HAI_PHUC, "delivery": None, "symbol": None, "booked": False, **changes})


def facts(**changes: object) -> Facts:
    """What is known of the commune's mail to the district, sent after a login, with its PDF."""
    read = read_fields(message().subject, [PDF.name], "", TODAY)
    known = Facts(who(HAI_PHUC, CLERK), Proof.LOGIN, to(HAI_HAU), read, (PDF,), NOON)
    return replace(known, **changes)  # type: ignore[arg-type]


def answer_facts(text: str, *letters: Addressed, **changes: object) -> Facts:
    """What is known of an answer by the district's clerk to these letters."""
    told = letters or (letter(),)
    where = tuple(keyed(one.letter) for one in told)
    known = {"who": who(HAI_HAU, DISTRICT_CLERK), "where": where, "fields": Fields(), "enclosures": ()}
    return facts(**{**known, "addressed": told, "answer": text, **changes})


def judge(
    known: Facts, mail: Message | None = None, *, sender: str | None = CLERK, policy: Policy = POLICY
) -> Decision:
    """The decision about a mail that came by submission."""
    envelope = Envelope(sender, tuple(ForwardPath(where.recipient) for where in known.where))
    arrival = Arrival(Door.SUBMISSION, NOON, "192.0.2.1", "may-tinh", login=CLERK, tls=True)
    return decide(mail or message(), envelope, arrival, known, policy, PHRASES)


def told(decision: Decision) -> list[str]:
    """The templates of the notices a decision mails."""
    return [act.template for act in decision.acts if isinstance(act, Tell)]
