"""Gathers what is known about the mails of one transaction, in few questions to the register.

Promises:  one ``Facts`` per mail, in order; the register's answers hold until the commit (their rows are locked, or the
           caller holds the lock on the mails' content).
Never:     decides; writes.
Fails:     what the database raises.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection

from gateway.work.looking import with_records
from gateway.work.prepare import Prepared
from gateway.work.scribe import HANOI
from mailmap.directory.answers import Directory, Found, Leads, Sentence, Where, Who
from mailmap.directory.proof import Proof
from mailmap.directory.succession import Standing
from mailmap.directory.unit import Unit
from mailmap.policy.books import issued_elsewhere, line_of, outgoing
from mailmap.policy.case import PAPERS, confident, local_day
from mailmap.policy.choosing import names_in
from mailmap.policy.commands import Command, Phrases, first_lines
from mailmap.policy.decide import would_book
from mailmap.policy.decision import Earlier, Facts, Policy
from mailmap.policy.fresh import read_fresh
from mailmap.policy.question import Wording
from mailmap.policy.trust import prove
from mailmap.writing.words import Words
from storage import incoming, lookup, register
from storage.incoming import Copies
from storage.register import Place, Series


@dataclass(frozen=True, slots=True)
class Bench:
    """What judging needs beside the mails: settings, the words of answers and letters, and whom accounts speak for."""

    policy: Policy
    phrases: Phrases
    words: Words
    may_send_as: Callable[[str], Collection[str]]


def gather(tx: Connection, batch: Sequence[Prepared], directory: Directory, now: datetime, bench: Bench) -> list[Facts]:
    """The facts about each mail. No two mails of a batch may share content, a keyed address or a number."""
    today = now.astimezone(HANOI).date()
    where = [_places(mail, directory, today) for mail in batch]
    known = incoming.copies(tx, [(mail.message.digest, mail.sender) for mail in batch])
    letters = {one: accepted(mail) for mail, places in zip(batch, where, strict=True) for one in _letters(places)}
    hung = lookup.addressed(tx, directory, letters, now)
    told = lookup.told(tx, {mail.sender for mail in batch}, now - lookup.DAY)
    facts = []
    for mail, places in zip(batch, where, strict=True):
        copies = known.get((mail.message.digest, mail.sender))
        facts.append(
            Facts(
                who=_who(mail, directory, today),
                proof=_proof(mail, bench),
                where=places,
                fields=mail.fields,
                enclosures=mail.enclosures,
                now=now,
                earlier=_earlier(copies, directory, now) if copies else None,
                addressed=tuple(hung[letter] for letter in _letters(places) if letter in hung),
                attempts=mail.waiting.attempt,
                released_by=mail.waiting.released_by,
                answer=mail.answer,
                report=mail.report,
                told=told.get(mail.sender, 0),
                accepted=accepted(mail),
                unread=mail.unread,
                fresh=_fresh(mail, places, bench.phrases),
            )
        )
    texts = (_named(mail, one, bench.phrases) for mail, one in zip(batch, facts, strict=True))
    named = [with_names(one, text, directory, bench.words) for one, text in zip(facts, texts, strict=True)]
    asked = [with_records(tx, one, directory, bench.phrases) for one in named]
    return _with_holders(tx, asked, bench, directory)


def _fresh(mail: Prepared, places: Iterable[Where], phrases: Phrases) -> Command | None:
    """What a mail without papers asks or orders; one to a return path is a report, and asks nothing."""
    papers = any(one.role in PAPERS for one in mail.carried)
    if papers or any(one.leads is Leads.RETURN for one in places):
        return None
    return read_fresh(mail.message.subject, mail.answer, phrases, accepted(mail))


def with_names(facts: Facts, named: str, directory: Directory, words: Words) -> Facts:
    """The facts with what the recipients mean that are named in this text, told in these words.

    A name means what it meant on the day the mail was accepted, and now whoever has taken its bearer's place since. The
    sender's own unit is offered for nothing: nobody writes to himself.
    """
    unit, today, then = facts.who.unit, facts.now.astimezone(HANOI).date(), local_day(facts)
    own = unit.id if unit else ""
    told = directory.find(named, unit, then) if named else ()
    now = told if then == today else tuple(_carried(one, directory, today) for one in told)
    found = tuple(replace(one, choices=tuple(each for each in one.choices if each.id != own)) for one in now)
    titles = {each.id: title(each, directory, today) for one in found for each in one.choices}
    return replace(facts, found=found, wording=Wording(titles, {one.mention: words.tell(one.why) for one in found}))


def _carried(one: Found, directory: Directory, today: date) -> Found:
    """What the name means after a night in which units ended: certain only when each of them has one successor."""
    lines = [directory.successors(unit.id, today) for unit in one.units]
    units = {line.unit.id: line.unit for line in lines if line.unit and line.standing is Standing.LIVES}
    offered = (directory.successors(unit.id, today) for unit in one.choices)
    choices = {line.unit.id: line.unit for line in offered if line.unit and line.standing is Standing.LIVES}
    if all(line.standing is Standing.LIVES for line in lines):
        steps = (*one.steps, *(step for line in lines for step in line.steps))
        return replace(one, units=(*units.values(),), choices=(*choices.values(),), steps=steps)
    return replace(one, units=(), choices=(*units.values(),))


def title(unit: Unit, directory: Directory, today: date) -> str:
    """A unit's name with the name of the one it belongs to, which tells it from its namesakes."""
    above = directory.unit(unit.parent, today) if unit.parent else None
    return f"{unit.name} ({above.name})" if above else unit.name


def _named(mail: Prepared, facts: Facts, phrases: Phrases) -> str:
    """Where recipients are named: in a mail to the general intake address, in the answer to a question about them."""
    if any(one.question is not None for one in facts.addressed):
        return mail.named or names_in(first_lines(mail.answer, phrases), phrases)
    return mail.named if any(where.leads is Leads.INTAKE for where in facts.where) else ""


def accepted(mail: Prepared) -> date:
    """The day on which the mail was accepted: its sender and the names it was sent to are those of that day."""
    return mail.waiting.received_at.astimezone(HANOI).date()


def _who(mail: Prepared, directory: Directory, today: date) -> Who:
    """The sender on the day the mail came; who was nobody then may have been mapped since, and is meant by that."""
    then = directory.who(mail.sender, accepted(mail))
    return then if then.unit is not None or accepted(mail) == today else directory.who(mail.sender, today)


def _places(mail: Prepared, directory: Directory, today: date) -> tuple[Where, ...]:
    """Where each recipient leads now; a person may have said who takes what has no successor."""
    paths, waiting = mail.waiting.envelope.recipients, mail.waiting
    found = tuple(directory.where(path.address, accepted(mail), today) for path in paths)
    chosen = directory.successors(waiting.released_to, today) if waiting.released_to else None
    if chosen is None or chosen.unit is None or chosen.standing is not Standing.LIVES:
        return found
    by = waiting.released_by or ""
    return tuple(_instead(one, chosen.unit, by) if one.leads is Leads.UNSETTLED else one for one in found)


def _instead(where: Where, unit: Unit, by: str) -> Where:
    before = where.unit.name if where.unit else where.recipient
    why = Sentence.of("where.chosen", before=before, unit=unit.name, by=by)
    return replace(where, leads=Leads.UNIT, unit=unit, why=why)


def _proof(mail: Prepared, bench: Bench) -> Proof:
    waiting = mail.waiting
    if waiting.released_by:
        return Proof.PERSON
    names = bench.may_send_as(waiting.arrival.login) if waiting.arrival.login else ()
    return prove(waiting.arrival, mail.sender, names)


def _with_holders(tx: Connection, facts: Sequence[Facts], bench: Bench, directory: Directory) -> list[Facts]:
    """The facts with the tracking code of the document that already has the number a mail would enter in its book."""
    places = [_place(one, bench, directory) for one in facts]
    holders = register.holders(tx, [place for place in places if place])
    return [replace(one, holder=holders.get(place)) if place else one for one, place in zip(facts, places, strict=True)]


def _place(facts: Facts, bench: Bench, directory: Directory) -> Place | None:
    wanted = would_book(facts, bench.policy, bench.phrases)
    if wanted is None or facts.who.unit is None:
        return None
    symbol, issued = wanted
    authors = (one.author for one in facts.addressed if one.delivery is None)
    unit = outgoing(directory, (*authors, *line_of(facts.who)), issued)
    if unit is None or not unit.book or issued_elsewhere(confident(facts.fields, bench.policy).issuer, unit):
        return None
    return Place(Series(unit.id, "out", issued.year), symbol)


def _letters(where: Iterable[Where]) -> list[int]:
    """The letters that the keyed addresses among these point at."""
    return [one.letter for one in where if one.letter is not None]


def _earlier(known: Copies, directory: Directory, now: datetime) -> Earlier:
    today = now.astimezone(HANOI).date()
    where = [directory.where(recipient, today) for recipient in known.recipients]
    at_intake = any(one.leads is Leads.INTAKE for one in where)
    reached = known.units | {heir.id for unit in known.units if (heir := directory.successors(unit, today).unit)}
    return Earlier(known.first, known.document, known.code, reached, frozenset(_letters(where)), at_intake)
