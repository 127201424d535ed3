"""One mail on the table: its words, its envelope, and the facts, seen the way the rules ask about them.

Promises:  every question the rules ask has one answer here, worked out from the arguments alone.
Never:     decides.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date, timedelta, timezone

from mailmap.directory.answers import Leads
from mailmap.directory.proof import Proof
from mailmap.directory.unit import Unit
from mailmap.document.document import Enclosure, Fields, Secrecy
from mailmap.mail.attachment import Role
from mailmap.mail.envelope import Arrival, Envelope
from mailmap.mail.message import Message
from mailmap.policy.commands import Command, Phrases, read_command
from mailmap.policy.decision import Addressed, Facts, Policy

HANOI = timezone(timedelta(hours=7))  # Asia/Ho_Chi_Minh has had no other offset since 1975
ASKED = ("symbol", "issued", "subject")  # without these a document cannot be found again on paper
PAPERS = frozenset({Role.DOCUMENT, Role.ANNEX, Role.MESSAGE, Role.UNKNOWN})
ORNAMENTS = frozenset({Role.LOGO, Role.INLINE})


@dataclass(frozen=True, slots=True)
class Case:
    """All that the rules may look at. ``command`` is what the answer says, read once."""

    message: Message
    envelope: Envelope
    arrival: Arrival
    facts: Facts
    policy: Policy
    command: Command | None

    @classmethod
    def of(
        cls, message: Message, envelope: Envelope, arrival: Arrival, facts: Facts, policy: Policy, phrases: Phrases
    ) -> Case:  # fmt: skip
        """The case, with its answer read when it is one."""
        command = read_command(facts.answer, phrases, local_day(facts)) if facts.addressed else None
        return cls(message, envelope, arrival, facts, policy, command)

    @property
    def sender(self) -> str:
        """The one From address, folded; '' when there is none."""
        return self.facts.who.address

    @property
    def keyed(self) -> bool:
        """Whether any recipient is a keyed address of ours."""
        return any(where.leads in {Leads.REPLY, Leads.RETURN} for where in self.facts.where)

    @property
    def answered(self) -> tuple[Addressed, ...]:
        """The letters this mail answers: those whose REPLY address it came to."""
        letters = {where.letter for where in self.facts.where if where.leads is Leads.REPLY}
        return tuple(one for one in self.facts.addressed if one.letter in letters)

    @property
    def recipients(self) -> tuple[Unit, ...]:
        """The units the envelope names, each once, in order."""
        units = [where.unit for where in self.facts.where if where.leads is Leads.UNIT and where.unit]
        return tuple({unit.id: unit for unit in units}.values())

    @property
    def others(self) -> tuple[Unit, ...]:
        """The recipients without the sender's own unit: a copy to oneself is no delivery."""
        own = self.facts.who.unit
        return tuple(unit for unit in self.recipients if not own or unit.id != own.id)

    @property
    def new_recipients(self) -> tuple[Unit, ...]:
        """Of those, the ones an earlier copy of this mail did not reach."""
        reached = self.facts.earlier.units if self.facts.earlier else frozenset()
        return tuple(unit for unit in self.others if unit.id not in reached)

    @property
    def repeated(self) -> bool:
        """Whether an earlier copy already reached everybody this copy names."""
        earlier = self.facts.earlier
        if earlier is None:
            return False
        return not self.new_recipients and {one.letter for one in self.answered} <= earlier.letters

    @property
    def proven(self) -> bool:
        """Whether the proof suffices for acting in the sender's name and for writing to the sender."""
        return self.facts.proof >= max(self.policy.needed_proof, self.facts.who.needs) and bool(self.sender)

    @property
    def vouched(self) -> bool:
        """Whether a person let the mail go on."""
        return self.facts.proof is Proof.PERSON

    @property
    def classified(self) -> bool:
        """Whether a mark of state secrecy was seen anywhere, however doubtfully."""
        seen = self.facts.fields.secrecy
        return seen is not None and seen.value is not Secrecy.NONE

    @property
    def papers(self) -> tuple[Enclosure, ...]:
        """The files that may be a document, without pictures that decorate a mail."""
        return tuple(each for each in self.facts.enclosures if each.role in PAPERS)

    @property
    def enclosures(self) -> tuple[Enclosure, ...]:
        """The files the register keeps: papers, and what belongs to them such as a detached signature."""
        return tuple(each for each in self.facts.enclosures if each.role not in ORNAMENTS)

    @property
    def confident(self) -> Fields:
        """The fields we are sure enough of to write into a book; the others None."""
        return confident(self.facts.fields, self.policy)

    @property
    def missing(self) -> tuple[str, ...]:
        """The fields the receipt asks for."""
        return tuple(name for name in ASKED if getattr(self.confident, name) is None)

    @property
    def told(self) -> Fields:
        """The fields an answer tells surely enough."""
        return confident(self.command.fields, self.policy) if self.command and self.command.fields else Fields()


def local_day(facts: Facts) -> date:
    """The clerk's day."""
    return facts.now.astimezone(HANOI).date()


def confident(read: Fields, policy: Policy) -> Fields:
    """The fields at or above the registering confidence; the others None."""
    below = {
        field.name: None
        for field in fields(read)
        if (seen := getattr(read, field.name)) is not None and seen.confidence < policy.register_confidence
    }
    return replace(read, **below)
