"""What the register knows about a mail's keyed addresses and its number.

Promises:  answers hold until the caller's commit: the rows they speak of are locked.
Never:     decides; it only fetches facts.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from mailmap.directory.answers import Directory
from mailmap.directory.succession import Heir, Standing
from mailmap.directory.unit import Unit
from mailmap.document.document import Fields
from mailmap.document.document import Standing as Legal
from mailmap.document.sheet import Sheet, of_sheet
from mailmap.policy.answering import QUESTIONS
from mailmap.policy.case import HANOI
from mailmap.policy.decision import Addressed
from mailmap.policy.lifecycle import Handling, Life, TakeBack, Transport
from mailmap.policy.question import Question
from mailmap.writing.letter import question_in
from storage.schema import deliveries, documents, entries, letters

DAY = timedelta(days=1)
CONFIRMED = Legal.CONFIRMED.value
_TOLD = sa.text(
    'SELECT "to", count(*) AS count FROM letters WHERE kind = \'notice\' AND "to" = ANY(CAST(:addresses AS text[]))'
    ' AND queued_at >= :since GROUP BY "to"'
)

_FIELDS = (
    letters.c.id.label("letter"),
    letters.c.unit,
    letters.c.delivery,
    letters.c.transport,
    letters.c.spec,
    documents.c.id.label("document"),
    documents.c.code,
    documents.c.origin,
    documents.c.sheet,
    documents.c.state,
    documents.c.standing,
    deliveries.c.handling,
    deliveries.c.take_back,
    deliveries.c.standing.label("vouched"),
    deliveries.c.unit.label("received_by"),
    entries.c.document.label("booked"),
)
_OUT = sa.and_(entries.c.document == documents.c.id, entries.c.direction == "out")
_FROM = (
    letters.join(documents, documents.c.id == letters.c.document)
    .outerjoin(deliveries, deliveries.c.id == letters.c.delivery)
    .outerjoin(entries, _OUT)
)


@dataclass(frozen=True, slots=True)
class Days:
    """The day on which the mails that answer were accepted, and the one on which somebody acts on them."""

    accepted: date
    now: date


def addressed(tx: Connection, directory: Directory, asked: Mapping[int, date], now: datetime) -> dict[int, Addressed]:
    """What hangs on each of these letters, which mails of those days answer; those that lead nowhere are left out."""
    if not asked:
        return {}
    query = (
        sa.select(*_FIELDS, _asked(now).label("asked"), _reached().label("reached"))
        .select_from(_FROM)
        .where(letters.c.id.in_(asked))
        .with_for_update(of=letters)
    )
    rows = tx.execute(query).mappings().all()
    today = now.astimezone(HANOI).date()
    found = (_addressed(row, directory, Days(asked[row["letter"]], today)) for row in rows)
    return {one.letter: one for one in found if one is not None}


def ordered(
    tx: Connection, directory: Directory, document: int, by: tuple[Sequence[str], datetime]
) -> Addressed | None:
    """What hangs on a document that an order names: as a letter to the first of these units would know it."""
    units, now = by
    wanted = sa.and_(deliveries.c.document == documents.c.id, deliveries.c.unit.in_(units))
    source = documents.outerjoin(deliveries, wanted).outerjoin(entries, _OUT)
    columns = [each for each in _FIELDS if not isinstance(each, sa.Column) or each.table is not letters]
    sent = deliveries.alias("sent")
    reached = sa.select(sa.func.array_agg(sent.c.unit)).where(sent.c.document == documents.c.id).scalar_subquery()
    query = sa.select(*(each for each in columns if each.key != "letter"), reached.label("reached"))
    query = query.add_columns(deliveries.c.id.label("delivery")).select_from(source)
    row = tx.execute(query.where(documents.c.id == document).with_for_update(of=documents)).mappings().first()
    if row is None:
        return None
    own = {"letter": 0, "unit": row["received_by"] or row["origin"], "transport": "relayed", "spec": {}, "asked": 0}
    today = now.astimezone(HANOI).date()
    return _addressed({**row, **own}, directory, Days(today, today))


def told(tx: Connection, addresses: Collection[str], since: datetime) -> dict[str, int]:
    """How many notices have been written to each of these addresses since then; those with none are left out."""
    rows = tx.execute(_TOLD, {"addresses": sorted(addresses), "since": since})
    return {row[0]: row[1] for row in rows}


def reported(tx: Connection, delivery: int | None) -> frozenset[str]:
    """The templates of the reports that were written about this delivery."""
    about = sa.and_(letters.c.delivery == delivery, letters.c.kind == "report")
    return frozenset(tx.execute(sa.select(letters.c.spec["template"].astext).where(about)).scalars())


def _asked(now: datetime) -> sa.ScalarSelect[int]:
    """How many questions went to the letter's unit about its document in the last day."""
    asked = letters.alias("asked")
    same = sa.and_(asked.c.document == letters.c.document, asked.c.unit == letters.c.unit, asked.c.kind == "notice")
    recent = asked.c.queued_at >= now - DAY
    return (
        sa.select(sa.func.count())
        .where(same, recent, asked.c.spec["template"].astext.in_(sorted(QUESTIONS)))
        .scalar_subquery()
    )


def _reached() -> sa.ScalarSelect[list[str]]:
    """The units that have a delivery of the letter's document."""
    sent = deliveries.alias("sent")
    return sa.select(sa.func.array_agg(sent.c.unit)).where(sent.c.document == letters.c.document).scalar_subquery()


def _addressed(row: Mapping[Any, Any], directory: Directory, days: Days) -> Addressed | None:
    """Whoever had taken a unit's place when the mail came answers for it; whoever has it now takes the document."""
    unit, line = directory.successors(row["unit"], days.accepted).unit, directory.successors(row["unit"], days.now)
    origin = directory.successors(row["origin"], days.now)
    if unit is None or line.unit is None or origin.unit is None:
        return None
    sheet = of_sheet(row["sheet"]) if row["sheet"] else Sheet(Fields(), (), "", ())
    symbol, issued = sheet.fields.symbol, sheet.fields.issued
    question = question_in(row["spec"])
    return Addressed(
        letter=row["letter"],
        document=row["document"],
        code=row["code"],
        unit=unit,
        origin=origin.unit,
        delivery=row["delivery"] if row["unit"] == row["received_by"] else None,
        handling=Handling(row["handling"] or Handling.NONE.value),
        transport=Transport(row["transport"]),
        symbol=symbol.value if symbol else None,
        issued=issued.value if issued else None,
        booked=row["booked"] is not None,
        origin_address=_told_at(origin, row["origin"]) or sheet.sender,
        asked=row["asked"],
        heir=line.unit,
        settled=line.standing is Standing.LIVES,
        before=_before(directory, row["unit"], line, days.now),
        sent_to=row["unit"],
        author=row["origin"],
        question=question,
        offered=_offered(question, directory, days.now),
        reached=_with_heirs(row["reached"] or (), directory, days.now),
        template=str(row["spec"].get("template", "")),
        take_back=TakeBack(row["take_back"] or TakeBack.NONE.value),
        life=Life(row["state"]),
        confirmed=CONFIRMED in {row["standing"], row["vouched"]},
    )


def _with_heirs(units: Sequence[str], directory: Directory, today: date) -> frozenset[str]:
    """These units, and whoever has taken the place of one: it has the document already."""
    heirs = (directory.successors(unit, today).unit for unit in units)
    return frozenset(units) | {heir.id for heir in heirs if heir}


def _offered(question: Question | None, directory: Directory, today: date) -> dict[int, Unit]:
    """By number: who is offered, or whoever took that unit's place by today; without one there is nobody to choose."""
    choices = question.choices if question else ()
    heirs = ((choice.number, directory.successors(choice.unit, today)) for choice in choices)
    return {number: heir.unit for number, heir in heirs if heir.unit and heir.standing is Standing.LIVES}


def _told_at(line: Heir, unit: str) -> str:
    """The mailbox of whoever took that unit's place; '' when nobody did, or nobody knows it."""
    taken = line.standing is Standing.LIVES and line.unit is not None and line.unit.id != unit
    return line.unit.contact if taken and line.unit else ""


def _before(directory: Directory, unit: str, line: Heir, today: date) -> str:
    """The last name of that unit, when another stands in its place."""
    was = directory.unit(unit, today) if line.unit and line.unit.id != unit else None
    return was.name if was else ""


def sheet_of(tx: Connection, document: int) -> Mapping[str, Any]:
    """The whole sheet of a document (see ``mailmap.document.sheet``); {} once purged. The row is locked."""
    query = sa.select(documents.c.sheet).where(documents.c.id == document).with_for_update()
    return tx.execute(query).scalar_one() or {}
