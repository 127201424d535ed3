"""One mail on the desk: what it says, what is known about it, and who is who.

Promises:  what acts ask of the mail has one answer here.
Never:     writes, or decides.
"""

from __future__ import annotations

from dataclasses import dataclass

from gateway.work.prepare import Prepared
from mailmap.directory.answers import Directory, Leads
from mailmap.directory.unit import Unit
from mailmap.mail.envelope import ForwardPath
from mailmap.policy.decision import Addressed, Facts

LONGEST_NOTE = 4000  # characters of a clerk's own words that travel with her document


@dataclass(frozen=True, slots=True)
class Case:
    """One mail on the desk: what it says and what is known about it."""

    mail: Prepared
    facts: Facts
    directory: Directory

    @property
    def unit_id(self) -> str:
        """The unit that sent the mail, '' for none."""
        return self.facts.who.unit.id if self.facts.who.unit else ""

    def answered(self, delivery: int) -> Addressed:
        """The fact about the delivery an act speaks of."""
        return next(one for one in self.answered_all if one.delivery == delivery)

    @property
    def answered_all(self) -> tuple[Addressed, ...]:
        """What the mail answers or, answering nothing, gives orders about."""
        return (*self.facts.addressed, *self.facts.ordered)

    def path_to(self, unit: Unit | None) -> ForwardPath | None:
        """The envelope recipient that led to this unit: its own, else the general intake address."""
        pairs = [*zip(self.facts.where, self.mail.waiting.envelope.recipients, strict=True)]
        own = (path for where, path in pairs if unit is not None and where.unit == unit)
        return next(own, next((path for where, path in pairs if where.leads is Leads.INTAKE), None))

    @property
    def note(self) -> str:
        """The clerk's own words, as far as they travel with her document."""
        return self.mail.answer.strip()[:LONGEST_NOTE]
