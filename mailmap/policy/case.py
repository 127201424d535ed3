"""One mail on the table: its words, its envelope, and the facts, seen the way the rules ask about them.

Promises:  every question the rules ask has one answer here, worked out from the arguments alone.
Never:     decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

from mailmap.directory.answers import Found, Leads, Where
from mailmap.directory.proof import Proof
from mailmap.directory.unit import Unit
from mailmap.document.document import Enclosure, Fields, Secrecy
from mailmap.mail.attachment import Role
from mailmap.mail.envelope import Arrival, Envelope
from mailmap.mail.message import Message
from mailmap.policy.choosing import Picked, both, by_name, by_number
from mailmap.policy.commands import Command, Phrases, first_lines
from mailmap.policy.decision import Addressed, Facts, Policy, Unread
from mailmap.policy.hearing import HANOI as HANOI  # noqa: PLC0414  told on from here
from mailmap.policy.hearing import hear
from mailmap.policy.hearing import local_day as local_day  # noqa: PLC0414  told on from here
from mailmap.policy.question import Question, is_open, question_of

ASKED = ("symbol", "issued", "subject")  # without these a document cannot be found again on paper
PAPERS = frozenset({Role.DOCUMENT, Role.ANNEX, Role.MESSAGE, Role.UNKNOWN})
ORNAMENTS = frozenset({Role.LOGO, Role.INLINE})


@dataclass(frozen=True, slots=True)
class Case:
    """What the rules may look at. ``command`` is what the answer says, ``picked`` whom it chooses, both read once."""

    message: Message
    envelope: Envelope
    arrival: Arrival
    facts: Facts
    policy: Policy
    command: Command | None
    picked: Picked | None = None

    @classmethod
    def of(
        cls, message: Message, envelope: Envelope, arrival: Arrival, facts: Facts, policy: Policy, phrases: Phrases
    ) -> Case:  # fmt: skip
        """The case, with its answer read when it is one."""
        case = cls(message, envelope, arrival, facts, policy, hear(facts, phrases))
        return replace(case, picked=_picked(case.asking, facts, phrases))

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
        """The letters this mail answers: those whose REPLY address it came to; else the documents its order names."""
        letters = {where.letter for where in self.facts.where if where.leads is Leads.REPLY}
        return tuple(one for one in self.facts.addressed if one.letter in letters) or self.facts.ordered

    @property
    def asking(self) -> Addressed | None:
        """Of the letters this mail answers, the latest that asked about recipients."""
        asked = (one for one in self.answered if one.question is not None)
        return max(asked, key=lambda one: one.letter, default=None)

    @property
    def at_intake(self) -> bool:
        """Whether the envelope names the general intake address: recipients are then those named in the text."""
        return any(where.leads is Leads.INTAKE for where in self.facts.where) and not self.answered

    @property
    def recipients(self) -> tuple[Unit, ...]:
        """The units the envelope and the text name, each once, in order."""
        found = [unit for one in self._found for unit in one.units]
        return tuple({unit.id: unit for unit in (*self._in_envelope, *found)}.values())

    @property
    def question(self) -> Question | None:
        """What has to be asked about names in the text.

        A name whose bearer stands in the envelope is plain; one that can only mean units that get the document anyway
        ("HĐND huyện", beside "UBND huyện") makes no difference.
        """
        named, reached = ({unit.id for unit in some} for some in (self._in_envelope, self.recipients))
        offered = [(one, {each.id for each in one.choices}) for one in self._found if is_open(one)]
        unclear = [one for one, ids in offered if not named & ids and not (ids and ids <= reached)]
        asked_before = self.facts.earlier is not None and self.facts.earlier.at_intake
        return None if asked_before else question_of(unclear, self.facts.wording)

    @property
    def _found(self) -> tuple[Found, ...]:
        """What the text names as recipients; the names in an answer are its choice."""
        return self.facts.found if self.at_intake else ()

    @property
    def _in_envelope(self) -> list[Unit]:
        return [where.unit for where in self.facts.where if where.leads is Leads.UNIT and where.unit]

    @property
    def others(self) -> tuple[Unit, ...]:
        """The recipients without the sender's own unit: a copy to oneself is no delivery."""
        own = self.facts.who.unit
        if own is None:
            return self.recipients
        strange = {where.unit.id for where in self.facts.where if where.unit and not _written_to(where, own)}
        named = {unit.id for one in self._found if not _is_named(one, own) for unit in one.units if unit.id != own.id}
        return tuple(unit for unit in self.recipients if unit.id in strange | named)

    @property
    def unsettled(self) -> tuple[Unit, ...]:
        """The units the envelope names that ended, and for which a person must say who takes their place."""
        units = [where.unit for where in self.facts.where if where.leads is Leads.UNSETTLED and where.unit]
        return tuple({unit.id: unit for unit in units}.values())

    @property
    def new_recipients(self) -> tuple[Unit, ...]:
        """Of those, the ones an earlier copy of this mail did not reach."""
        reached = self.facts.earlier.units if self.facts.earlier else frozenset()
        return tuple(unit for unit in self.others if unit.id not in reached)

    @property
    def repeated(self) -> bool:
        """Whether an earlier copy already reached everybody this copy names."""
        earlier = self.facts.earlier
        if earlier is None or self.unsettled or self.question is not None:
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
    def broken(self) -> bool:
        """Whether the mail itself broke whoever read it: not even its sender is known."""
        return any(one.name is None for one in self.facts.unread)

    @property
    def harmful(self) -> tuple[str, ...]:
        """The names of files that broke whoever read them."""
        return self.facts.names_of(Unread.HARMFUL)

    @property
    def locked(self) -> tuple[str, ...]:
        """The names of files that open only with a password."""
        return self.facts.names_of({Unread.LOCKED})

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
        """The fields an answer tells surely enough; a number told alone keeps the notation it has."""
        return told_by(self.command, self.answered, self.policy)


def _picked(asking: Addressed | None, facts: Facts, phrases: Phrases) -> Picked | None:
    """Whom the answer to a question about recipients chooses, by number or by name; None when that is not plain."""
    if asking is None or asking.question is None:
        return None
    lines = first_lines(facts.answer, phrases)
    numbered = by_number(lines, asking.question, asking.offered, phrases)
    if numbered is not None:
        return both(numbered, facts.found, asking.origin.id, facts.wording)
    return by_name(facts.found, asking.origin.id, asking.question, facts.wording)


def _written_to(where: Where, unit: Unit) -> bool:
    """Whether that unit was written to, or whoever took its place while the mail waited."""
    led = where.unit.id if where.unit else ""
    return unit.id in (led, where.steps[0].unit if where.steps else led)


def _is_named(one: Found, unit: Unit) -> bool:
    """Whether the name means that unit, or whoever took its place while the mail waited; a group never does."""
    return len(one.units) == 1 and bool(one.steps) and one.steps[0].unit == unit.id


def told_by(command: Command | None, answered: Sequence[Addressed], policy: Policy) -> Fields:
    """The fields a command tells surely enough; a number told alone keeps the notation of the first document."""
    told = confident(command.fields, policy) if command and command.fields else Fields()
    if told.symbol is None or told.symbol.value.notation:
        return told
    known = next((one.symbol for one in answered if one.symbol), None)
    whole = replace(told.symbol.value, notation=known.notation) if known else None
    return replace(told, symbol=replace(told.symbol, value=whole) if whole else None)


def confident(read: Fields, policy: Policy) -> Fields:
    """The fields at or above the registering confidence; the others None."""
    below = {
        field.name: None
        for field in fields(read)
        if (seen := getattr(read, field.name)) is not None and seen.confidence < policy.register_confidence
    }
    return replace(read, **below)
