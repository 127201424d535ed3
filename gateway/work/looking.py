"""Fetches what a question asks for, and the documents that an order in a new mail names.

Promises:  a unit sees what it, or a unit whose only successor it is, sent or received; of a document that it received
           it sees its own delivery, of one that it sent all of them.
Never:     writes, or decides.
Fails:     what the database raises.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from gateway.work.matter import name_of
from mailmap.directory.answers import Directory
from mailmap.document.document import Standing
from mailmap.policy.case import HANOI
from mailmap.policy.commands import Phrases
from mailmap.policy.decision import Addressed, Facts
from mailmap.policy.hearing import hear
from mailmap.policy.lifecycle import TakeBack
from mailmap.policy.looking import MOST, Holding, Query, Record, query_of
from mailmap.policy.phrases import ORDERS, QUESTIONS, Verb
from storage import dossier, finding, lookup
from storage.finding import Match, Recipient


def with_records(tx: Connection, facts: Facts, directory: Directory, phrases: Phrases) -> Facts:
    """The facts with the documents that the mail asks for, or orders about without answering a letter."""
    command, unit = hear(facts, phrases), facts.who.unit
    if command is None or command.verb is None or unit is None:
        return facts
    line = line_below(tx, unit.id, directory, facts.now)
    if command.verb in QUESTIONS - {Verb.HELP}:
        found = _asked(tx, facts, query_of(command.words), line)
        return replace(facts, records=tuple(_record(one, line, directory) for one in found))
    if facts.fresh is None or command.verb not in ORDERS | {Verb.CONFIRM}:
        return facts
    query = query_of("", command.named) if command.named else query_of(command.words)
    found = [] if query.said else finding.find(tx, line, query, MOST)
    receives = command.verb is Verb.CONFIRM
    ordered = _ordered(tx, found, facts, directory, (line, receives))
    return replace(facts, ordered=ordered if len(ordered) == 1 else ())


def line_below(tx: Connection, unit: str, directory: Directory, now: datetime) -> list[str]:
    """The ids of a unit and of all that led to it alone."""
    today, line = now.astimezone(HANOI).date(), [unit]
    for each in line:
        before = (step.unit for step in dossier.predecessors(tx, each))
        for one in before:
            heir = directory.successors(one, today).unit
            if heir is not None and heir.id == unit and one not in line:
                line.append(one)
    return line


def _asked(tx: Connection, facts: Facts, query: Query, line: list[str]) -> list[Match]:
    """What the question names; the document of the letter it answers when it names none that there is."""
    answered = list(dict.fromkeys(one.document for one in facts.addressed))
    found = [] if query.empty else finding.find(tx, line, query, MOST + 1)
    if found or not answered or not (query.empty or query.said):
        return found
    return [one for one in finding.matches(tx, answered) if _ours(one, line)]


def _ours(one: Match, line: list[str]) -> bool:
    return one.origin in line or any(each.unit in line for each in one.recipients)


def _record(one: Match, line: list[str], directory: Directory) -> Record:
    sent = one.origin in line
    own = next((each for each in one.recipients if each.unit in line), None)
    seen = one.recipients if sent else [each for each in one.recipients if each.unit in line]
    vouched = own is not None and own.standing == Standing.CONFIRMED and not sent
    return Record(
        document=one.id,
        code=one.code,
        symbol=one.symbol,
        issued=one.issued,
        subject=one.subject,
        origin=name_of(one.origin, directory, one.received_at),
        standing=Standing.CONFIRMED.value if vouched else one.standing,
        state=one.state,
        holdings=tuple(_holding(each, directory, one.received_at) for each in seen),
        delivery=own.delivery if own and not sent else None,
    )


def _holding(one: Recipient, directory: Directory, at: datetime) -> Holding:
    return Holding(
        unit=name_of(one.unit, directory, at),
        state=one.handling,
        at=one.handled_at.isoformat() if one.handled_at else "",
        number=f"{one.number}/{one.year}" if one.number is not None else "",
        words=one.words,
        taken_back="" if one.take_back == TakeBack.NONE else one.take_back,
        confirmed=one.standing == Standing.CONFIRMED,
    )


def _ordered(
    tx: Connection, found: Iterable[Match], facts: Facts, directory: Directory, by: tuple[list[str], bool]
) -> tuple[Addressed, ...]:
    """What is known of each as if its letter had been answered: by its sender, or by who received it."""
    line, receives = by
    own = [one for one in found if (any(r.unit in line for r in one.recipients) if receives else one.origin in line)]
    known = (lookup.ordered(tx, directory, one.id, (line if receives else [one.origin], facts.now)) for one in own)
    return tuple(one for one in known if one is not None)
