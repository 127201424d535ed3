"""What would become of a mail: document, trust, routing and decision, without a database and without effect.

Promises:  the same rules as the registrar's judge the mail; facts that only a register knows (earlier copies, numbers
           taken, open letters) count as absent. ``foreseen`` fills an ``Inspection`` and changes nothing else.
Never:     writes, asks or sends anything.
Fails:     nothing of its own: every mail has a decision.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from time import perf_counter

from gateway.examine.understanding import CARRIED
from gateway.inspect import Inspection
from gateway.work.facts import with_names
from gateway.work.prepare import enclosures_of, named_in, sender_of
from gateway.work.scribe import HANOI
from mailmap.directory.address import fold
from mailmap.directory.answers import Directory, Found, Leads, Where
from mailmap.directory.proof import Proof
from mailmap.document.document import Fields, Standing
from mailmap.document.events import JSON
from mailmap.mail.envelope import Arrival, Door, Envelope, ForwardPath
from mailmap.mail.message import Message
from mailmap.policy.case import PAPERS
from mailmap.policy.commands import Phrases, read_command
from mailmap.policy.decide import decide
from mailmap.policy.decision import Facts, Policy
from mailmap.policy.fresh import read_fresh
from mailmap.policy.question import is_open
from mailmap.policy.trust import prove
from mailmap.writing.words import Words


@dataclass(frozen=True, slots=True)
class Supposed:
    """How the mail is supposed to come: from whom (logged in as that address; None: nothing proven) and to whom."""

    sender: str | None
    recipients: tuple[str, ...]
    now: datetime


@dataclass(frozen=True, slots=True)
class Room:
    """Who is who, the settings of the rules, the words of answers, and the words for people."""

    directory: Directory
    policy: Policy
    phrases: Phrases
    words: Words


def foreseen(seen: Inspection, supposed: Supposed, room: Room) -> Inspection:
    """The inspection with what the gateway would make of it."""
    start = perf_counter()
    message = seen.message
    full = replace(seen, document=_document(seen.fields, ()))
    if message is not None:
        full = _judged(full, message, supposed, room)
    return replace(full, elapsed_ms=seen.elapsed_ms + (perf_counter() - start) * 1000)


def recipients_of(message: Message, supposed: Supposed) -> tuple[str, ...]:
    """The recipients of the envelope, as far as one is supposed; else those of To and Cc."""
    return supposed.recipients or tuple(box.address for box in (*message.to, *message.cc) if box.address)


def _judged(seen: Inspection, message: Message, supposed: Supposed, room: Room) -> Inspection:
    today = supposed.now.astimezone(HANOI).date()
    recipients = recipients_of(message, supposed)
    where = tuple(room.directory.where(each, today) for each in recipients)
    login = fold(supposed.sender) if supposed.sender else None
    arrival = Arrival(Door.SUBMISSION if login else Door.MX, supposed.now, "127.0.0.1", "localhost", login=login)
    proof = prove(arrival, sender_of(message), (login,) if login else ())
    answer = seen.answer or message.text
    facts = _facts(seen, message, (where, proof, answer), supposed.now, room)
    named = with_names(facts, named_in(seen.reply), room.directory, room.words)
    facts = named if any(one.leads is Leads.INTAKE for one in where) else facts
    envelope = Envelope(supposed.sender or _reverse_path(message), tuple(map(ForwardPath, recipients)))
    decision = decide(message, envelope, arrival, facts, room.policy, room.phrases)
    command = read_command(seen.answer, room.phrases, today) if seen.answer else None
    return replace(
        seen,
        command=command.name if command else None,
        document=_document(seen.fields, _recipients(where, named.found)),
        trust=proof.name.lower(),
        routing=(*(_routing(one, room.words) for one in where), *_named(facts)),
        decision={
            "rule": decision.rule,
            "outcome": decision.outcome.value,
            "sentence": room.words.tell(decision.sentence),
        },
    )


def _reverse_path(message: Message) -> str | None:
    """What the last server wrote down (``<>`` is the null path), else the author's address."""
    written = message.header("Return-Path")
    return sender_of(message) or None if written is None else fold(written) or None


def _facts(
    seen: Inspection,
    message: Message,
    known: tuple[tuple[Where, ...], Proof, str],
    now: datetime,
    room: Room,
) -> Facts:
    where, proof, answer = known
    who = room.directory.who(sender_of(message), now.astimezone(HANOI).date())
    carried = tuple(one for one in seen.attachments if one.role in CARRIED)
    read = (who, proof, where, seen.fields, enclosures_of(carried), now)
    papers = any(one.role in PAPERS for one in carried)
    fresh = None if papers else read_fresh(message.subject, answer, room.phrases, now.astimezone(HANOI).date())
    return Facts(*read, answer=answer, report=seen.report, unread=seen.unread, fresh=fresh)


def _routing(where: Where, words: Words) -> dict[str, JSON]:
    return {
        "recipient": where.recipient,
        "unit": where.unit.name if where.unit else None,
        "why": words.tell(where.why),
        "choices": [],
    }


def _named(facts: Facts) -> Iterator[dict[str, JSON]]:
    """A line for each unit a written name leads to; one with the choices for a name that is asked about."""
    titles, reasons = facts.wording.titles, facts.wording.reasons
    for one in facts.found:
        choices: list[JSON] = [titles[unit.id] for unit in one.choices]
        line: dict[str, JSON] = {"recipient": one.mention, "unit": None, "why": reasons[one.mention]}
        yield from ({**line, "unit": unit.name, "choices": []} for unit in one.units)
        if not one.units:
            yield {**line, "choices": choices}


def _recipients(where: Sequence[Where], found: Sequence[Found]) -> tuple[str, ...]:
    """Everybody the document goes to: units of the envelope, and as they are written in the text, the others."""
    named = {one.unit.id: one.unit.name for one in where if one.unit}
    written = (one.mention for one in found if is_open(one) or any(unit.id not in named for unit in one.units))
    return tuple(dict.fromkeys((*named.values(), *written)))


_NAMES = ("symbol", "issued", "kind", "subject", "issuer", "signer", "urgency", "secrecy", "due")
_BESIDE = ("place", "superior", "authority", "position", "circulation")
_LISTED = {"recipients": "addressees", "copies": "copies", "answers": "answers", "based_on": "based_on"}  # one a line
_SHOWN = {"issued": "date", **_LISTED}  # the shape's name for it


def _document(fields: Fields, recipients: Sequence[str]) -> dict[str, JSON] | None:
    """The document of docs/inspect.md; None when nothing at all was read."""
    names = (*_NAMES, *_BESIDE, *_LISTED)
    read = {name: seen for name in names if (seen := getattr(fields, name)) is not None}
    if not read:
        return None
    symbol = fields.symbol.value if fields.symbol else None
    listed: list[JSON] = [*recipients]
    shown: dict[str, JSON] = {
        "number": f"{symbol.number}{symbol.suffix}" if symbol else None,
        "notation": symbol.notation if symbol else None,
        "symbol": str(symbol) if symbol else None,
    }
    for name in (*_NAMES[1:], *_BESIDE):
        shown[_SHOWN.get(name, name)] = str(read[name].value) if name in read else None
    for name, told in _LISTED.items():
        shown[told] = [*str(read[name].value).splitlines()] if name in read else []
    confidence: dict[str, JSON] = {_SHOWN.get(name, name): seen.confidence for name, seen in read.items()}
    source: dict[str, JSON] = {_SHOWN.get(name, name): seen.source for name, seen in read.items()}
    standing = Standing.INFORMATION.value
    return shown | {"recipients": listed, "standing": standing, "confidence": confidence, "source": source}
