"""The rules for recipients that a text names: what is asked about them, and what the answer does.

Promises:  who is certain gets the document at once; what is unclear is one question; an answer adds each unit once, and
           whoever answers is told who has the document now and what is still open.
Never:     asks about one document more often than ``max_questions`` in a day.
"""

from __future__ import annotations

from mailmap.directory.answers import Sentence
from mailmap.directory.unit import Unit
from mailmap.policy.case import Case
from mailmap.policy.decision import Act, AddRecipients, Ask, Decision, Outcome, Register
from mailmap.policy.question import Question

QUESTION, NOBODY = "which-unit", "no-unit-chosen"


# --- a document whose text names recipients ---


def register(rule: str, case: Case) -> Decision:
    """The document goes to whoever is certain; ``case.question``, if any, goes back to its sender."""
    origin = case.facts.who.unit
    facts = {"units": _names(case.others), "asked": _asked(case.question), "origin": origin.name if origin else ""}
    head = (case.confident, case.enclosures, case.others, case.missing)
    acts = (Register(origin, *head, case.question),) if origin else ()
    return Decision(rule, Outcome.REGISTERED, Sentence.of(f"rule.{rule}", **facts), acts)


def further(rule: str, case: Case) -> Decision:
    """A copy of a known mail: its document gets the recipients that earlier copies did not name."""
    earlier, units = case.facts.earlier, case.new_recipients
    acts: tuple[Act, ...] = ()
    if earlier and earlier.document is not None and units:
        acts = (AddRecipients(earlier.document, units, case.question),)
    elif earlier and earlier.document is not None and case.question:
        acts = (Ask(QUESTION, case.sender, case.question, earlier.document),)
    code = earlier.code if earlier else ""
    facts = {"code": code, "units": _names(units), "asked": _asked(case.question)}
    return Decision(rule, Outcome.REGISTERED, Sentence.of(f"rule.{rule}", **facts), acts)


# --- the answer to the question ---


def _new(case: Case) -> tuple[Unit, ...]:
    """Whom the answer chooses that the document has not gone to yet."""
    known = case.asking.reached | {case.asking.origin.id} if case.asking else frozenset()
    return tuple(unit for unit in case.picked.units if unit.id not in known) if case.picked else ()


def already_there(case: Case) -> bool:
    """Everybody whom the answer chooses has the document: said twice, it is done once."""
    return case.picked is not None and bool(case.picked.units) and not case.picked.unclear and not _new(case)


def chooses(case: Case) -> bool:
    """The answer plainly chooses somebody new."""
    return bool(_new(case))


def chooses_nobody(case: Case) -> bool:
    """The answer is plainly "none of these"."""
    return case.picked is not None and not case.picked.units and not case.picked.unclear


def choose(rule: str, case: Case) -> Decision:
    """Each gets a delivery; what the answer itself left unclear is asked, as long as questions are left."""
    asking, picked, units = case.asking, case.picked, _new(case)
    left = picked.left if picked else None
    acts = (AddRecipients(asking.document, units, left, asking.letter),) if asking else ()
    facts = {"code": asking.code if asking else "", "units": _names(units)}
    return Decision(rule, Outcome.REPLY, Sentence.of(f"rule.{rule}", **facts), acts)


def ask_for_a_name(rule: str, case: Case) -> Decision:
    """None of them: the sender may still name the unit."""
    return _ask(rule, case, NOBODY)


def ask_again(rule: str, case: Case) -> Decision:
    """The answer is not plain: the question again, or what the names in the answer may mean."""
    return _ask(rule, case, QUESTION)


def _ask(rule: str, case: Case, template: str) -> Decision:
    asking = case.asking
    before = asking.question if asking else None
    question = case.picked.left if case.picked and case.picked.unclear else before
    sentence = Sentence.of(f"rule.{rule}", address=case.sender)
    if asking is None or question is None or not case.proven:
        return Decision(rule, Outcome.REPLY, sentence)
    ask = Ask(template, case.sender, question, asking.document, asking.letter)
    return Decision(rule, Outcome.REPLY, sentence, (ask,))


def _names(units: tuple[Unit, ...]) -> str:
    return ", ".join(unit.name for unit in units)


def _asked(question: Question | None) -> str:
    return "; ".join(question.mentions) if question else ""
