"""The rules for answers: mail to a keyed address of a letter of ours.

Promises:  an answer counts only from the unit that got the letter (any colleague of it), or when a person let it go on;
           what cannot be done is told kindly, never raised; what is not plain is asked, a bounded number of times.
Never:     lets the mere bearer of a token act; takes a status for one document when the text names another.
"""

from __future__ import annotations

from collections.abc import Callable

from mailmap.directory.address import May
from mailmap.directory.answers import Leads, Sentence
from mailmap.document.document import Fields
from mailmap.policy import ordering, recipients
from mailmap.policy.case import Case
from mailmap.policy.decision import Act, Addressed, Complete, Decision, Handle, Outcome
from mailmap.policy.lifecycle import Handling, TakeBack, steps
from mailmap.policy.phrases import ORDERS
from mailmap.policy.verdicts import Verdict, ends, notice, tells


def _is_answer(case: Case) -> bool:
    return bool(case.answered)


def _astray(case: Case) -> bool:
    """To a keyed address that leads nowhere any more, and to nobody else."""
    keyed = any(where.leads is Leads.REPLY for where in case.facts.where)
    return keyed and not case.answered and not case.recipients


def _stranger(case: Case) -> bool:
    unit = case.facts.who.unit
    return any(not unit or one.unit.id != unit.id for one in case.answered) and not case.vouched


def _to_receiver(case: Case) -> tuple[Addressed, ...]:
    """Letters to the receiving unit; the sender of a document never answers in a receiver's place."""
    return tuple(one for one in case.answered if one.received)


def _to_origin(case: Case) -> tuple[Addressed, ...]:
    received = _to_receiver(case)
    return tuple(one for one in case.answered if one not in received)


def _nothing_to_do(case: Case) -> bool:
    """Thanks, "đã nhận", or what is known already, for a receipt or notice to the sender of the document."""
    command = case.command
    if command is None or _to_receiver(case) or not _is_answer(case):
        return False
    if command.fields is None:
        return command.thanks or command.to is Handling.ACCEPTED
    return _told_something(case) and all(_known(one, case.told) for one in _to_origin(case))


def _known(one: Addressed, told: Fields) -> bool:
    """Whether the register already says all this."""
    symbol = told.symbol is None or told.symbol.value == one.symbol
    return symbol and (told.issued is None or told.issued.value == one.issued) and told.subject is None


def _unclear(case: Case) -> bool:
    """Nothing was plainly said that this letter can take."""
    if not _is_answer(case):
        return False
    command = case.command
    plainly = bool(command and command.to) and not any(one.take_back is TakeBack.ASKED for one in case.answered)
    return not (plainly if _to_receiver(case) else _told_something(case))


def _told_something(case: Case) -> bool:
    told = case.told
    return any(seen is not None for seen in (told.symbol, told.issued, told.subject))


def _again(case: Case) -> bool:
    """Asked often enough: whoever answers every question without an answer is a machine, or needs a person."""
    asked = any(one.asked >= case.policy.max_questions for one in case.answered)
    return asked and (_unclear(case) or _other_document(case) or _needs_reason(case))


def _other_document(case: Case) -> bool:
    told = case.told.symbol
    return told is not None and any(one.symbol is not None and one.symbol != told.value for one in _to_receiver(case))


def _needs_reason(case: Case) -> bool:
    """Code 02 carries its reason (QCVN 102:2016)."""
    command = case.command
    return bool(_to_receiver(case)) and command is not None and command.to is Handling.REFUSED and not command.words


def _already(case: Case) -> bool:
    """No letter of those answered can take the status any more."""
    to = case.command.to if case.command else None
    return (
        to is not None and bool(_to_receiver(case)) and not any(steps(one.handling, to) for one in _to_receiver(case))
    )


def _completes(case: Case) -> bool:
    return bool(_to_origin(case)) and not _to_receiver(case) and _told_something(case)


def _booked(case: Case) -> bool:
    """A number in the book, or its date, is changed by a correction of its own, not by an answer."""
    return _completes(case) and any(one.booked and _differs(one, case.told) for one in _to_origin(case))


def _differs(one: Addressed, told: Fields) -> bool:
    symbol = told.symbol is not None and one.symbol is not None and told.symbol.value != one.symbol
    return symbol or (told.issued is not None and one.issued is not None and told.issued.value != one.issued)


def _number_taken(case: Case) -> bool:
    return _completes(case) and case.facts.holder is not None and not any(one.booked for one in _to_origin(case))


def _about(case: Case) -> dict[str, str]:
    """What a question says of the letter and of the answer: codes of statuses, '' where there is none."""
    one, command = case.answered[0], case.command
    return {
        "code": one.code,
        "symbol": str(one.symbol) if one.symbol else "",
        "status": one.handling.value,
        "to": command.to.value if command and command.to else "",
        "taken_back": one.take_back.value,
    }


def _asks(template: str) -> Verdict:
    def verdict(rule: str, case: Case) -> Decision:
        return tells(Outcome.REPLY, template, case.answered[0].document, **_about(case))(rule, case)

    return verdict


def _ask_plainly(rule: str, case: Case) -> Decision:
    """The question; papers that came with the answer are spoken of instead, for they went into no book."""
    if case.asking is not None:
        return recipients.ask_again(rule, case)
    wanted = "answer-unclear" if _to_receiver(case) else "answer-unclear-fields"
    return _asks("answer-with-document" if case.papers else wanted)(rule, case)


def _taken(rule: str, case: Case) -> Decision:
    symbol = case.told.symbol
    facts = {"symbol": str(symbol.value) if symbol else "", "code": case.facts.holder or ""}
    return tells(Outcome.REPLY, "number-taken", _to_origin(case)[0].document, **facts)(rule, case)


def _handle(rule: str, case: Case) -> Decision:
    """Each letter's delivery moves as far as was said; a booking that was skipped is made up for on the way."""
    command = case.command
    to = command.to if command and command.to else Handling.ACCEPTED
    acts: list[Act] = []
    for one in _to_receiver(case):
        way = steps(one.handling, to)
        acts += [
            Handle(one.delivery, each, command.words if command and each is to else "") for each in way if one.delivery
        ]
    sentence = Sentence.of(f"rule.{rule}", unit=_to_receiver(case)[0].takes.name, status=to.value)
    return Decision(rule, Outcome.REPLY, sentence, (*acts, *_unregistered(case)))


def _complete(rule: str, case: Case) -> Decision:
    first = _to_origin(case)[0]
    acts = (Complete(first.document, case.told), *_unregistered(case))
    return Decision(rule, Outcome.REPLY, Sentence.of(f"rule.{rule}", code=first.code), acts)


def _unregistered(case: Case) -> tuple[Act, ...]:
    """The sender learns that a numbered paper in an answer went into no book."""
    symbol = case.confident.symbol
    if not case.papers or symbol is None or any(one.symbol == symbol.value for one in case.answered):
        return ()
    return notice(case, "answer-with-document", case.answered[0].document, _about(case))


def _unsettled(case: Case) -> bool:
    """The unit it went to ended, and nobody has said yet who takes its place: there is no book to enter it in."""
    return any(not one.settled for one in _to_receiver(case))


def _waits(rule: str, case: Case) -> Decision:
    unit = next(one.unit for one in _to_receiver(case) if not one.settled)
    return tells(Outcome.HELD, "answer-waits", case.answered[0].document, unit=unit.name)(rule, case)


def _may_not_answer(case: Case) -> bool:
    needed = May.STATUS if case.asking is None else May.SEND  # who chooses recipients sends
    orders = case.command is not None and case.command.verb in ORDERS and bool(_to_origin(case))
    return _is_answer(case) and needed not in case.facts.who.may and not orders


# The templates that ask; ``Addressed.asked`` counts them.
QUESTIONS = frozenset({
    "answer-unclear", "answer-unclear-fields", "answer-with-document", "answer-other-document", "answer-taken",
    "refusal-needs-reason", "already-booked", "number-taken", recipients.QUESTION, recipients.NOBODY,
    *ordering.QUESTIONS,
})  # fmt: skip
RULES: tuple[tuple[str, Callable[[Case], bool], Verdict], ...] = (
    ("answer-astray", _astray, tells(Outcome.REFUSED, "answer-astray", None)),
    ("answer-by-stranger", _stranger, tells(Outcome.HELD, "held-told", None)),
    ("may-not-answer", _may_not_answer, tells(Outcome.REFUSED, "may-not-answer", None)),
    ("recipients-known", recipients.already_there, ends(Outcome.REPLY)),
    ("recipients-chosen", recipients.chooses, recipients.choose),
    ("answer-successor-open", _unsettled, _waits),
    *ordering.RULES,
    ("answer-asks-nothing", _nothing_to_do, ends(Outcome.REPLY)),
    ("answer-unclear-again", _again, ends(Outcome.HELD)),
    ("recipients-none", recipients.chooses_nobody, recipients.ask_for_a_name),
    ("answer-unclear", _unclear, _ask_plainly),
    ("answer-other-document", _other_document, _asks("answer-other-document")),
    ("refusal-without-reason", _needs_reason, _asks("refusal-needs-reason")),
    ("answer-taken", _already, _asks("answer-taken")),
    ("already-booked", _booked, _asks("already-booked")),
    ("answer-number-taken", _number_taken, _taken),
    ("answer-completes", _completes, _complete),
    ("answer", _is_answer, _handle),
)  # fmt: skip
