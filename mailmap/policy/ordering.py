"""The rules for orders about a document that was sent: đính chính, thu hồi, thay thế, and what is said to them.

Promises:  only the unit that sent a document corrects, takes back or replaces it, only the one that got it agrees or
           vouches for it; taking back needs a login, or a person's word, never a mere token.
Never:     changes a number in a book silently, or into one that is taken.
"""

from __future__ import annotations

from collections.abc import Callable

from mailmap.directory.address import May
from mailmap.directory.answers import Sentence
from mailmap.directory.proof import Proof
from mailmap.policy.case import Case
from mailmap.policy.decision import Act, Addressed, Decision, Handle, Outcome
from mailmap.policy.lifecycle import Life, TakeBack, steps
from mailmap.policy.orders import Confirm, Consent, Correct, Recall, Replace
from mailmap.policy.phrases import ORDERS, Verb
from mailmap.policy.verdicts import Verdict, ends, tells


def _verb(case: Case) -> Verb | None:
    return case.command.verb if case.command else None


def _mine(case: Case) -> tuple[Addressed, ...]:
    """Documents that the sender's unit sent."""
    return tuple(one for one in case.answered if not one.received)


def _theirs(case: Case) -> tuple[Addressed, ...]:
    """Deliveries that the sender's unit got."""
    return tuple(one for one in case.answered if one.received)


def _is(verb: Verb, some: Callable[[Case], tuple[Addressed, ...]]) -> Callable[[Case], bool]:
    return lambda case: _verb(case) is verb and bool(some(case))


def _about_nothing(case: Case) -> bool:
    """An order in a new mail that names no document its sender may order about."""
    return case.facts.fresh is not None and _verb(case) in ORDERS | {Verb.CONFIRM} and not case.answered


def _may_not_order(case: Case) -> bool:
    wanted = {May.SEND, May.RECALL} if _verb(case) is Verb.RECALL else {May.SEND}
    return _verb(case) in ORDERS and bool(_mine(case)) and not wanted & case.facts.who.may


def _gone(case: Case) -> bool:
    """Taken back with consent: nothing is left to handle, to refuse or to vouch for."""
    over = any(one.take_back is TakeBack.AGREED for one in _theirs(case))
    return over and case.command is not None and (case.command.to is not None or _verb(case) is not None)


def _over(case: Case) -> bool:
    """Taken back or replaced already; what was taken back may still be replaced."""
    lives = {one.life for one in _mine(case)}
    if _verb(case) is Verb.RECALL:
        return bool(lives - {Life.REGISTERED})
    return _verb(case) in ORDERS and Life.REPLACED in lives


def _unproven_recall(case: Case) -> bool:
    return _is(Verb.RECALL, _mine)(case) and case.facts.proof < Proof.LOGIN


def _asked_back(case: Case) -> tuple[Addressed, ...]:
    return tuple(one for one in _theirs(case) if one.take_back is TakeBack.ASKED)


def _needs_reason(case: Case) -> bool:
    """Code 16 carries its reason as 02 does."""
    return _is(Verb.DISAGREE, _asked_back)(case) and case.command is not None and not case.command.words


def _known(case: Case) -> bool:
    return _is(Verb.CONFIRM, _theirs)(case) and all(one.confirmed for one in _theirs(case)) and not _moves(case)


def _moves(case: Case) -> bool:
    to = case.command.to if case.command else None
    return to is not None and any(steps(one.handling, to) for one in _theirs(case))


def _corrects(case: Case) -> bool:
    told = case.told
    return _is(Verb.CORRECT, _mine)(case) and any(
        seen is not None for seen in (told.symbol, told.issued, told.subject)
    )  # fmt: skip


def _taken(case: Case) -> bool:
    holder = case.facts.holder
    ours = {one.code for one in _mine(case)} if _verb(case) is Verb.CORRECT else set()
    wants = _corrects(case) or (_is(Verb.REPLACE, _mine)(case) and bool(case.papers))
    return wants and holder is not None and holder not in ours


def _told(template: str, outcome: Outcome = Outcome.REPLY) -> Verdict:
    def verdict(rule: str, case: Case) -> Decision:
        one = next(iter(case.answered), None)
        symbol = str(one.symbol) if one and one.symbol else ""
        facts = {"code": one.code if one else "", "symbol": symbol, "wanted": _asked(case)}
        state = {"status": one.handling.value, "taken_back": one.take_back.value} if one else {}
        return tells(outcome, template, one.document if one else None, **facts, **state)(rule, case)

    return verdict


def _asked(case: Case) -> str:
    named = case.command.named if case.command else None
    return str(named) if named else case.command.words if case.command else ""


def _held_taken(rule: str, case: Case) -> Decision:
    symbol = case.confident.symbol if _verb(case) is Verb.REPLACE else case.told.symbol
    facts = {"symbol": str(symbol.value) if symbol else "", "code": case.facts.holder or ""}
    return tells(Outcome.REPLY, "number-taken", _mine(case)[0].document, **facts)(rule, case)


def _done(rule: str, case: Case, acts: tuple[Act, ...]) -> Decision:
    one = case.answered[0]
    return Decision(rule, Outcome.REPLY, Sentence.of(f"rule.{rule}", unit=one.takes.name, code=one.code), acts)


def _correct(rule: str, case: Case) -> Decision:
    return _done(rule, case, (Correct(_mine(case)[0].document, case.told),))


def _recall(rule: str, case: Case) -> Decision:
    words = case.command.words if case.command else ""
    documents = dict.fromkeys(one.document for one in _mine(case))
    return _done(rule, case, tuple(Recall(document, words) for document in documents))


def _consent(rule: str, case: Case) -> Decision:
    words = case.command.words if case.command else ""
    agrees = _verb(case) is Verb.AGREE
    some = [(one.document, one.delivery) for one in _asked_back(case) if one.delivery is not None]
    return _done(rule, case, tuple(Consent(*of, agrees, words) for of in some))


def _confirm(rule: str, case: Case) -> Decision:
    """Vouched for, and taken with the same words where they say so."""
    command, acts = case.command, list[Act]()
    for one in _theirs(case):
        way = steps(one.handling, command.to) if command and command.to else ()
        acts += [Handle(one.delivery, each) for each in way if one.delivery is not None]
        if one.delivery is not None and not one.confirmed:
            acts.append(Confirm(one.document, one.delivery, command.words if command else ""))
    return _done(rule, case, tuple(acts))


def _replace(rule: str, case: Case) -> Decision:
    one = _mine(case)[0]
    return _done(rule, case, (Replace(one.document, case.confident, case.enclosures, case.missing),))


RULES: tuple[tuple[str, Callable[[Case], bool], Verdict], ...] = (
    ("order-about-nothing", _about_nothing, _told("lookup-none")),
    ("may-not-order", _may_not_order, _told("may-not-answer", Outcome.REFUSED)),
    ("recalled-already", _gone, _told("answer-recalled")),
    ("order-too-late", _over, _told("order-too-late")),
    ("recall-unproven", _unproven_recall, _told("recall-waits", Outcome.HELD)),
    ("recall", _is(Verb.RECALL, _mine), _recall),
    ("disagreement-without-reason", _needs_reason, _told("disagree-needs-reason")),
    ("recall-answered", lambda case: _verb(case) in {Verb.AGREE, Verb.DISAGREE} and bool(_asked_back(case)), _consent),
    ("confirmed-already", _known, ends(Outcome.REPLY)),
    ("confirm", _is(Verb.CONFIRM, _theirs), _confirm),
    ("order-number-taken", _taken, _held_taken),
    ("correct", _corrects, _correct),
    ("replace", lambda case: _is(Verb.REPLACE, _mine)(case) and bool(case.papers), _replace),
    ("replace-without-paper", _is(Verb.REPLACE, _mine), _told("replacement-needs-paper")),
)
QUESTIONS = frozenset({"disagree-needs-reason", "replacement-needs-paper", "answer-recalled", "order-too-late"})
