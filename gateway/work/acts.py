"""Each act of a decision, as the events it makes.

Promises:  one function an act; together they cover every act there is.
Never:     asks again what was decided; only the numbers and ids come from here.
Fails:     what the scribe's register raises.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from gateway.work import asking, ordering
from gateway.work.case import Case
from gateway.work.classified import LOCKING
from gateway.work.noting import note
from gateway.work.scribe import Scribe
from gateway.work.succeeding import successions
from mailmap.directory.unit import Unit
from mailmap.document import events as e
from mailmap.document import tracking
from mailmap.document.document import Fields, Standing, Urgency
from mailmap.document.events import JSON
from mailmap.document.sheet import completed, of_sheet, to_sheet
from mailmap.policy.books import issued_elsewhere, line_of, outgoing
from mailmap.policy.decision import Act, AddRecipients, Ask, Complete, Handle, Note, Register, Tell
from mailmap.policy.lifecycle import Handling
from mailmap.policy.orders import Replace
from mailmap.policy.question import Question
from mailmap.policy.recipients import QUESTION
from storage import lookup


def perform(scribe: Scribe, case: Case, act: Act) -> int | None:
    """Write one act; the document it concerns, if any."""
    return _ACTS[type(act)](scribe, case, act)


def _register(scribe: Scribe, case: Case, act: Register, old: Mapping[str, JSON] = MappingProxyType({})) -> int:
    document = scribe.new_id()
    read, mail = act.fields, case.mail
    code = tracking.code(scribe.desk.tracking_key, document)
    sheet = to_sheet(read, act.enclosures, mail.sender, act.missing)
    urgency = read.urgency.value if read.urgency else Urgency.NORMAL
    kind = read.kind.value if read.kind else ""
    head = (document, code, mail.waiting.spool_id, act.origin.id, mail.waiting.received_at.isoformat())
    scribe.events.append(e.DocumentRegistered(*head, urgency.value, kind, Standing.INFORMATION.value, sheet))
    told = book_out(scribe, case, document, (act.origin, read)) | asking.names_in(case.facts, act.question)
    kept = {"note": case.note, "dsn": None, **old} if old else None
    reached = _deliver_all(scribe, case, document, act.recipients, kept) | told | dict(old)
    scribe.letter("receipt", mail.sender, _receipt(case, reached), unit=act.origin.id, of=(document, None))
    _ask_about(scribe, case, document, act.question)
    return document


def _replace(scribe: Scribe, case: Case, act: Replace) -> int:
    """The new paper is registered, goes to whoever got the old one, and says which one it replaces."""
    known = next(one for one in case.answered_all if one.document == act.document)
    units = ordering.recipients_of(scribe, case, act.document)
    old = {"replaces": str(known.symbol or ""), "replaces_code": known.code}
    register = Register(known.origin, act.fields, act.enclosures, units, act.missing)
    document = _register(scribe, case, register, old)
    scribe.events.append(e.DocumentReplaced(act.document, document, scribe.stamp))
    return document


def _receipt(case: Case, reached: Mapping[str, JSON]) -> dict[str, JSON]:
    """What the receipt says beside the document: which mail it answers, how recipients were reached, what is torn."""
    damaged: list[JSON] = [*case.facts.damaged]
    facts = {**reached, "damaged": damaged}
    return {"template": "registered", "facts": facts, "about": case.mail.message.message_id}


def _deliver_all(
    scribe: Scribe, case: Case, document: int, units: Sequence[Unit], kept: Mapping[str, JSON] | None = None
) -> dict[str, JSON]:
    """A delivery each; what the sender is told of them: who has no mailbox that we know, who accepted by itself.

    ``kept`` has note and DSN wishes of the mail that brought the document, when this one is an answer.
    """
    numbers = scribe.arrival_numbers([unit for unit in units if unit.accepts_itself])
    for unit in units:
        words = kept if kept is not None else _words(case, unit)
        _deliver(scribe, (document, words), unit, numbers.get(unit.id))
    unreached: list[JSON] = [unit.name for unit in units if not unit.contact]
    accepted: list[JSON] = [_numbered(unit.name, numbers[unit.id], scribe.year) for unit in units if unit.id in numbers]
    return {"unreached": unreached, "accepted": accepted} | successions(case.facts, units)


def _numbered(name: str, number: int | None, year: int) -> str:
    return f"{name} – {number}/{year}" if number is not None else name


def book_out(scribe: Scribe, case: Case, document: int, by: tuple[Unit, Fields], author: str = "") -> dict[str, JSON]:
    """Enter the document's own number in the outgoing book of the year that stands on it; both must be known.

    The book is that of the unit that lived on that day: ``author``, the sender's own, or one whose place it took. What
    the receipt says when none of them did, or when it is another body's.
    """
    origin, read = by
    if read.symbol is None or read.issued is None or not origin.book:
        return {}
    symbol, issued = read.symbol.value, read.issued.value
    unit = outgoing(case.directory, filter(None, (author, origin.id, *line_of(case.facts.who))), issued)
    if unit is None:
        return {"unbooked": origin.name}
    if not unit.book:
        return {}
    if issued_elsewhere(read.issuer, unit):
        return {"elsewhere": read.issuer.value if read.issuer else ""}
    number = (symbol.number, symbol.suffix, symbol.notation)
    scribe.events.append(
        e.DocumentBooked(document, unit.id, issued.year, "", *number, issued.isoformat(), scribe.stamp)
    )  # fmt: skip
    return {}


def _deliver(scribe: Scribe, of: tuple[int, Mapping[str, JSON]], unit: Unit, number: int | None) -> None:
    document, words = of
    delivery, taken = scribe.new_id(), unit.accepts_itself
    scribe.events.append(e.DeliveryOpened(document, delivery, unit.id, unit.channel.value, scribe.stamp))
    if taken:
        _accept(scribe, (document, delivery), unit, number, "")
    if unit.contact:
        facts: dict[str, JSON] = {"note": words.get("note", ""), "instead_of": words.get("instead_of")}
        facts |= {"taken": taken, "number": number, "year": scribe.year}
        facts |= {name: words[name] for name in ("replaces", "replaces_code") if name in words}
        spec: dict[str, JSON] = {"template": "delivery", "facts": facts, "dsn": words.get("dsn")}
        scribe.letter("delivery", unit.contact, spec, unit=unit.id, of=(document, delivery))


def _words(case: Case, unit: Unit) -> dict[str, JSON]:
    """What the mail itself says to this recipient; the unit that was written to, when it takes another's place."""
    written_to = successions(case.facts, [unit]).get("before")
    return {"note": case.note, "dsn": _dsn(case, unit), "instead_of": written_to}


def _dsn(case: Case, unit: Unit | None) -> JSON:
    """The DSN wishes of the submitting envelope for this recipient, kept for our own reports (RFC 3461).

    None asks for those of the general intake address.
    """
    envelope, path = case.mail.waiting.envelope, case.path_to(unit)
    if path is None:
        return None
    ret = envelope.ret.value if envelope.ret else None
    notify: list[JSON] = [*sorted(path.notify)]
    return {"notify": notify, "orcpt": path.orcpt, "recipient": path.address, "envid": envelope.envid, "ret": ret}


def _add_recipients(scribe: Scribe, case: Case, act: AddRecipients) -> int:
    kept = asking.kept_in(scribe, act.answers) if act.answers is not None else None
    reached = _deliver_all(scribe, case, act.document, act.recipients, kept)
    facts: dict[str, JSON] = reached | {"units": [unit.name for unit in act.recipients]}
    spec: dict[str, JSON] = {"template": "recipients-added", "facts": facts, "about": case.mail.message.message_id}
    if kept is None:
        facts |= asking.names_in(case.facts, act.question)
        _ask_about(scribe, case, act.document, act.question)
    else:
        spec |= {"template": "recipients-chosen"} | asking.open_question(act.question, kept)
    scribe.letter("receipt", case.mail.sender, spec, unit=case.unit_id, of=(act.document, None))
    return act.document


def _ask_about(scribe: Scribe, case: Case, document: int, question: Question | None) -> None:
    """The question about recipients that this mail named."""
    if question is not None:
        _ask(scribe, case, Ask(QUESTION, case.mail.sender, question, document))


def _ask(scribe: Scribe, case: Case, act: Ask) -> int:
    first: dict[str, JSON] = {"note": case.note, "dsn": _dsn(case, None)}
    kept = first if act.answers is None else asking.kept_in(scribe, act.answers)
    before = next((one.sent_to for one in case.facts.addressed if one.letter == act.answers), "")
    asking.write_question(scribe, act, before or case.unit_id, case.mail.message.message_id, kept)
    return act.document


_TOLD = {
    Handling.ARRIVED: e.DeliveryArrived,
    Handling.REFUSED: e.DeliveryRefused,
    Handling.ASSIGNED: e.DeliveryAssigned,
    Handling.IN_WORK: e.DeliveryStarted,
    Handling.COMPLETED: e.DeliveryCompleted,
}


def _handle(scribe: Scribe, case: Case, act: Handle) -> int:
    known = case.answered(act.delivery)
    unit = known.takes
    facts: dict[str, JSON] = {"unit": unit.name, "before": known.before, "words": act.words, "to": act.to.value}
    if act.to is Handling.ACCEPTED:
        number = scribe.arrival_numbers([unit])[unit.id]
        _accept(scribe, (known.document, act.delivery), unit, number, act.words)
        facts["number"] = number
        facts["year"] = scribe.year
    else:
        happened = _TOLD[act.to]
        words = () if act.to is Handling.ARRIVED else (act.words,)
        scribe.events.append(happened(known.document, act.delivery, scribe.stamp, *words))
    of = (known.document, act.delivery)
    handled: dict[str, JSON] = {"template": "handled", "facts": facts}
    recorded: dict[str, JSON] = {"template": "answer-recorded", "facts": facts}
    scribe.letter("receipt", known.origin_address, handled, unit=known.author, of=of)
    scribe.letter("receipt", case.mail.sender, recorded, unit=known.sent_to, of=of)
    return known.document


def _accept(scribe: Scribe, of: tuple[int, int], unit: Unit, number: int | None, words: str) -> None:
    scribe.events.append(e.DeliveryAccepted(*of, unit.id, scribe.year, "", number, scribe.stamp, words))


def _complete(scribe: Scribe, case: Case, act: Complete) -> int:
    known = next(one for one in case.facts.addressed if one.document == act.document)
    sheet = completed(of_sheet(lookup.sheet_of(scribe.tx, act.document)), act.fields)
    kind = sheet.fields.kind.value if sheet.fields.kind else ""
    written = to_sheet(sheet.fields, sheet.enclosures, sheet.sender, sheet.missing)
    scribe.events.append(e.FieldsCompleted(act.document, kind, written))
    by = known.origin, sheet.fields
    told = {} if known.booked else book_out(scribe, case, act.document, by, known.author)
    scribe.letter("receipt", case.mail.sender, _receipt(case, told), unit=known.author, of=(act.document, None))
    return act.document


def _tell(scribe: Scribe, case: Case, act: Tell) -> int | None:
    facts: dict[str, JSON] = dict(act.facts)
    own = case.facts.who.unit
    spec: dict[str, JSON] = {"template": act.template, "facts": facts, "about": case.mail.message.message_id}
    known = next((one for one in case.answered_all if one.document == act.document), None)
    unit = known.sent_to if known else own.id if own else ""
    scribe.letter("notice", act.to, spec, unit=unit, of=(act.document, known.delivery if known else None))
    return act.document


_ACTS: Mapping[type[Act], Callable[..., int | None]] = {
    Register: _register,
    AddRecipients: _add_recipients,
    Handle: _handle,
    Complete: _complete,
    Note: note,
    Tell: _tell,
    Ask: _ask,
    **LOCKING,
    Replace: _replace,
    **ordering.ACTS,
}
