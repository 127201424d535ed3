"""From a mail and what is known about it to how it ends.

Promises:  pure and total: every mail and all facts give exactly one decision, with its rule and one plain sentence; a
           notice goes only to a proven sender, and never more of them in a day than the policy allows.
Never:     raises for anything that came in a mail.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from mailmap.directory.answers import Sentence
from mailmap.document.document import Symbol
from mailmap.mail.envelope import Arrival, Envelope
from mailmap.mail.message import Message
from mailmap.policy.case import Case, confident, told_by
from mailmap.policy.commands import Phrases
from mailmap.policy.decision import Act, AddRecipients, Addressed, Ask, Decision, Facts, Outcome, Policy, Register, Tell
from mailmap.policy.hearing import hear
from mailmap.policy.orders import Show
from mailmap.policy.phrases import Verb
from mailmap.policy.rules import RULES

TOLD_OFTEN = "told-often"


def decide(
    message: Message, envelope: Envelope, arrival: Arrival, facts: Facts, policy: Policy, phrases: Phrases
) -> Decision:  # fmt: skip
    """The decision of the first rule that applies."""
    case = Case.of(message, envelope, arrival, facts, policy, phrases)
    rule = next(rule for rule in RULES if rule.applies(case))
    return _bounded(rule.verdict(rule.name, case), facts, policy)


def would_book(facts: Facts, policy: Policy, phrases: Phrases) -> tuple[Symbol, date] | None:
    """The symbol and date that this mail would enter in the sender's outgoing book, by itself or as an answer.

    Whoever gathers the facts looks this symbol up for ``facts.holder``. None when either is not known: a number
    without its date belongs to no book year.
    """
    command, known = hear(facts, phrases), _own(facts)
    replaces = command is not None and command.verb is Verb.REPLACE
    if not (facts.addressed or facts.ordered) or replaces:
        read = confident(facts.fields, policy)
        return (read.symbol.value, read.issued.value) if read.symbol and read.issued else None
    changes = command is not None and command.verb is Verb.CORRECT
    if known is None or command is None or command.fields is None or (known.booked and not changes):
        return None
    told = told_by(command, [known], policy)
    symbol = told.symbol.value if told.symbol else known.symbol
    issued = told.issued.value if told.issued else known.issued
    return (symbol, issued) if symbol and issued else None


def _own(facts: Facts) -> Addressed | None:
    """The document that the answer may tell something of: one of the answering unit's own."""
    return next((one for one in (*facts.addressed, *facts.ordered) if not one.received), None)


def _bounded(decision: Decision, facts: Facts, policy: Policy) -> Decision:
    """Without its notices, and before a person, when the sender has had too many today: robots must run dry."""
    if facts.told < policy.max_notices or not any(_tells(act) for act in decision.acts):
        return decision
    quiet = tuple(act for act in decision.acts if not _tells(act))
    outcome = decision.outcome if quiet else Outcome.HELD
    return replace(
        decision,
        rule=TOLD_OFTEN,
        outcome=outcome,
        sentence=Sentence.of(f"rule.{TOLD_OFTEN}", rule=decision.rule),
        acts=quiet,
    )


def _tells(act: Act) -> bool:
    """Whether a notice goes out with it; a document whose recipients are asked about waits with its question."""
    if isinstance(act, AddRecipients):
        return act.question is not None and act.answers is None  # with an answer it stands in the receipt
    return isinstance(act, Tell | Ask | Show) or (isinstance(act, Register) and act.question is not None)
