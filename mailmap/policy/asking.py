"""The rules for questions: tra cứu, ai đang giữ, trợ giúp; in a new mail or in answer to a letter of ours.

Promises:  whoever asks is told what the register holds of documents that his own unit sent or received, and of nothing
           else; nothing found is said, with how to ask.
Never:     changes anything; answers a stranger who holds somebody else's letter.
"""

from __future__ import annotations

from collections.abc import Callable

from mailmap.directory.answers import Sentence
from mailmap.policy.case import Case
from mailmap.policy.decision import Decision, Outcome
from mailmap.policy.looking import Told, told_many, told_one
from mailmap.policy.orders import Show
from mailmap.policy.phrases import QUESTIONS, Verb
from mailmap.policy.verdicts import Verdict


def _asks(case: Case) -> bool:
    unit, command = case.facts.who.unit, case.command
    ours = all(unit is not None and one.unit.id == unit.id for one in case.answered) or case.vouched
    return command is not None and command.verb in QUESTIONS and ours


def _wants_help(case: Case) -> bool:
    return _asks(case) and case.command is not None and case.command.verb is Verb.HELP


def _shown(rule: str, case: Case, show: Show) -> Decision:
    found = ", ".join(one.code for one in case.facts.records) or "0"
    return Decision(rule, Outcome.REPLY, Sentence.of(f"rule.{rule}", address=case.sender, found=found), (show,))


def _help(rule: str, case: Case) -> Decision:
    return _shown(rule, case, Show("help", case.sender))


def _look(rule: str, case: Case) -> Decision:
    """One document is told in full, several are listed, none is said."""
    records, command = case.facts.records, case.command
    words = command.words if command else ""
    verb = command.verb.value if command and command.verb else ""
    if len(records) == 1:
        (one,) = records
        return _shown(rule, case, Show("lookup", case.sender, told_one(one, verb), one.document, one.delivery))
    asked: Told = (("wanted", words),)
    facts = told_many(records, words) if records else asked
    return _shown(rule, case, Show("lookup-many" if records else "lookup-none", case.sender, facts))


RULES: tuple[tuple[str, Callable[[Case], bool], Verdict], ...] = (
    ("asks-for-help", _wants_help, _help),
    ("asks-the-register", _asks, _look),
)
