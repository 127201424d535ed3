"""The acts of orders and questions as the events and letters they make.

Promises:  a corrected number changes its entry in the book, which keeps the old one beside it; whoever has the document
           is told of it once. What is taken back is asked for where it was accepted, and taken at once elsewhere.
Never:     decides; the rules of ``mailmap.policy.ordering`` did.
Fails:     what the scribe's register raises.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from gateway.work.case import Case
from gateway.work.scribe import Scribe
from mailmap.directory.succession import Standing
from mailmap.directory.unit import Unit
from mailmap.document import events as e
from mailmap.document.document import Fields
from mailmap.document.events import JSON
from mailmap.document.sheet import Sheet, completed, of_sheet, to_sheet
from mailmap.policy.books import line_of, outgoing
from mailmap.policy.case import HANOI
from mailmap.policy.decision import Addressed
from mailmap.policy.lifecycle import TAKE_BACK, TRANSPORT, TakeBack, Transport
from mailmap.policy.orders import Confirm, Consent, Correct, Recall, Show
from storage import dispatched, lookup
from storage.dispatched import Sent


def _show(scribe: Scribe, case: Case, act: Show) -> int | None:
    facts: dict[str, JSON] = {name: [*told] if isinstance(told, tuple) else told for name, told in act.facts}
    spec: dict[str, JSON] = {"template": act.template, "facts": facts, "about": case.mail.message.message_id}
    known = next((one.sent_to for one in case.answered_all if one.document == act.document), "")
    scribe.letter("notice", act.to, spec, unit=known or case.unit_id, of=(act.document, act.delivery))
    return act.document


# --- đính chính ---


def _correct(scribe: Scribe, case: Case, act: Correct) -> int:
    known = _known(case, act.document)
    old = of_sheet(lookup.sheet_of(scribe.tx, act.document))
    sheet = completed(old, act.fields)
    kind = sheet.fields.kind.value if sheet.fields.kind else ""
    written = to_sheet(sheet.fields, sheet.enclosures, sheet.sender, sheet.missing)
    before: dict[str, JSON] = {**_shown(old.fields)}
    unit = known.author or case.unit_id
    scribe.events.append(e.FieldsCorrected(act.document, kind, unit, scribe.stamp, before, written))
    _correct_entry(scribe, case, known, (old, sheet))
    facts: dict[str, JSON] = {"was": _changed(old.fields, act.fields), "unit": known.origin.name}
    _answer(scribe, case, known, "corrected", facts)
    for one in dispatched.sent(scribe.tx, act.document):
        if one.told:
            _write(scribe, one, "corrected-told", facts)
    return act.document


def _correct_entry(scribe: Scribe, case: Case, known: Addressed, sheets: tuple[Sheet, Sheet]) -> None:
    """The line in the outgoing book: changed where there is one, made where number and date are known only now."""
    old, new = (each.fields for each in sheets)
    if new.symbol is None or new.issued is None or not known.origin.book:
        return
    symbol, issued = new.symbol.value, new.issued.value
    line = filter(None, (known.author, known.origin.id, *line_of(case.facts.who)))
    unit = outgoing(case.directory, line, issued)
    if unit is None or not unit.book:
        return
    place = (known.document, unit.id, issued.year, "", symbol.number, symbol.suffix, symbol.notation)
    if not known.booked:
        scribe.events.append(e.DocumentBooked(*place, issued.isoformat(), scribe.stamp))
    elif _moved(old, new):
        was = f"{old.symbol.value}" if old.symbol else ""
        was += f" ({old.issued.value.isoformat()})" if old.issued and old.issued.value != issued else ""
        scribe.events.append(e.EntryCorrected(*place, was, issued.isoformat(), scribe.stamp))


def _moved(old: Fields, new: Fields) -> bool:
    """Whether number or date of the two differ."""
    pairs = ((old.symbol, new.symbol), (old.issued, new.issued))
    return any((one.value if one else None) != (other.value if other else None) for one, other in pairs)


def _shown(read: Fields) -> dict[str, str]:
    """The fields that may be corrected, as they stood."""
    told = {field.name: getattr(read, field.name) for field in fields(read)}
    return {name: str(told[name].value) for name in ("symbol", "issued", "subject") if told[name]}


def _changed(old: Fields, told: Fields) -> list[JSON]:
    """The old values of what was told anew."""
    before, after = _shown(old), _shown(told)
    return [before[name] for name in ("symbol", "issued", "subject") if name in after and name in before]


# --- thu hồi ---


def _recall(scribe: Scribe, case: Case, act: Recall) -> int:
    known = _known(case, act.document)
    unit = known.author or case.unit_id
    scribe.events.append(e.DocumentRecalled(act.document, unit, scribe.stamp, act.words))
    asked: list[JSON] = []
    taken: list[JSON] = []
    for one in dispatched.sent(scribe.tx, act.document):
        name = _name(case, one.unit)
        if "RecallAsked" not in TAKE_BACK[TakeBack(one.take_back)]:
            continue
        (asked if one.accepted else taken).append(name)
        _ask_back(scribe, one, (act.words, known.origin.name))
    _answer(scribe, case, known, "recalled", {"back_asked": asked, "back_taken": taken, "words": act.words})
    return act.document


def _ask_back(scribe: Scribe, one: Sent, told: tuple[str, str]) -> None:
    """Who accepted it is asked; from whom has not, it is taken at once, and a letter that has not left stays here."""
    words, unit = told
    scribe.events.append(e.RecallAsked(one.document, one.delivery, scribe.stamp, words))
    facts: dict[str, JSON] = {"words": words, "unit": unit, "status": one.handling, "taken_back": TakeBack.ASKED.value}
    if one.accepted:
        _write(scribe, one, "recall-asked", facts)
        return
    scribe.events.append(e.RecallAgreed(one.document, one.delivery, scribe.stamp, ""))
    waits = one.letter is not None and "LetterCancelled" in TRANSPORT[Transport(one.transport)]
    if one.letter is not None and waits:
        scribe.events.append(e.LetterCancelled(one.document, one.letter, scribe.stamp, "recall"))
    if one.told:
        _write(scribe, one, "recall-done", facts)


def _consent(scribe: Scribe, case: Case, act: Consent) -> int:
    known = case.answered(act.delivery)
    happened = e.RecallAgreed if act.agrees else e.RecallRefused
    scribe.events.append(happened(act.document, act.delivery, scribe.stamp, act.words))
    to = TakeBack.AGREED if act.agrees else TakeBack.REFUSED
    _tell_both(scribe, case, known, {"to": to.value, "words": "" if act.agrees else act.words})
    return act.document


# --- legal standing ---


def _confirm(scribe: Scribe, case: Case, act: Confirm) -> int:
    known = case.answered(act.delivery)
    scribe.events.append(e.DeliveryConfirmed(act.document, act.delivery, scribe.stamp, act.words))
    _tell_both(scribe, case, known, {"to": "confirmed", "words": act.words})
    return act.document


def _tell_both(scribe: Scribe, case: Case, known: Addressed, told: Mapping[str, JSON]) -> None:
    """The sender of the document hears what its receiver said, and the receiver that it was recorded."""
    facts: dict[str, JSON] = {"unit": known.takes.name, "before": known.before, **told}
    of = (known.document, known.delivery)
    handled: dict[str, JSON] = {"template": "handled", "facts": facts}
    recorded: dict[str, JSON] = {"template": "answer-recorded", "facts": facts}
    scribe.letter("receipt", known.origin_address, handled, unit=known.author, of=of)
    scribe.letter("receipt", case.mail.sender, recorded, unit=known.sent_to, of=of)


# --- shared ---


def recipients_of(scribe: Scribe, case: Case, document: int) -> tuple[Unit, ...]:
    """The units that got the document, or whoever has taken their place."""
    today = scribe.now.astimezone(HANOI).date()
    lines = (case.directory.successors(one.unit, today) for one in dispatched.sent(scribe.tx, document))
    living = {line.unit.id: line.unit for line in lines if line.unit and line.standing is Standing.LIVES}
    return tuple(living.values())


def _known(case: Case, document: int) -> Addressed:
    return next(one for one in case.answered_all if one.document == document)


def _name(case: Case, unit: str) -> str:
    today = case.facts.now.astimezone(HANOI).date()
    found = case.directory.unit(unit, today)
    return found.name if found else unit


def _answer(scribe: Scribe, case: Case, known: Addressed, template: str, facts: Mapping[str, JSON]) -> None:
    spec: dict[str, JSON] = {"template": template, "facts": dict(facts), "about": case.mail.message.message_id}
    scribe.letter("receipt", case.mail.sender, spec, unit=known.author or case.unit_id, of=(known.document, None))


def _write(scribe: Scribe, one: Sent, template: str, facts: Mapping[str, JSON]) -> None:
    """To the mailbox that got the document: nothing it asked for, so it is no notice that counts against its day."""
    spec: dict[str, JSON] = {"template": template, "facts": dict(facts)}
    if one.to:
        scribe.letter("receipt", one.to, spec, unit=one.unit, of=(one.document, one.delivery))


ACTS: Mapping[type[Any], Callable[..., int | None]] = {
    Show: _show,
    Correct: _correct,
    Recall: _recall,
    Consent: _consent,
    Confirm: _confirm,
}
