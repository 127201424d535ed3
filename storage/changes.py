"""What later events change in the rows of documents, deliveries and entries.

Promises:  each function gives the new columns of one row; states move only by the tables of ``lifecycle``. A corrected
           entry keeps the numbers it bore before where everybody sees them.
Never:     loads or writes rows, but for the one entry that ``correct_entry`` changes.
Fails:     IllegalTransition for an event that does not fit; IntegrityError when the right number is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from mailmap.document import events as e
from mailmap.document.document import Fields, Standing
from mailmap.document.sheet import of_sheet
from mailmap.policy.lifecycle import LIFE, TAKE_BACK, Life, TakeBack, move
from storage.schema import entries

Row = Mapping[str, Any]
Change = Callable[[Row, Any], dict[str, Any]]


def shown(sheet: Mapping[str, Any]) -> dict[str, Any]:
    """The columns the document list shows, out of the whole sheet; a purged sheet is {} and shows nothing."""
    fields = of_sheet(sheet).fields if sheet else Fields()
    return {
        "sheet": dict(sheet) or None,
        "symbol": str(fields.symbol.value) if fields.symbol else "",
        "issued": fields.issued.value.isoformat() if fields.issued else "",
        "subject": fields.subject.value if fields.subject else "",
    }


def correct_entry(tx: Connection, event: e.EntryCorrected) -> None:
    """The document's line in the outgoing book, with its right number and the one it bore before."""
    names = ("unit", "year", "series", "number", "suffix", "notation")
    ours = sa.and_(entries.c.document == event.document, entries.c.direction == "out")
    was = sa.func.concat_ws("; ", sa.func.nullif(entries.c.was, ""), event.was)
    tx.execute(entries.update().where(ours).values(was=was, **{name: getattr(event, name) for name in names}))


def advance_books(tx: Connection, booked: Sequence[Row]) -> None:
    """Books of arrivals go on behind the numbers that were given; outgoing books record what units gave themselves."""
    last: dict[tuple[Any, ...], int] = {}
    for entry in booked:
        if entry["direction"] == "in":
            key = (entry["unit"], entry["direction"], entry["year"], entry["series"])
            last[key] = max(last.get(key, 0), entry["number"])
    for (unit, direction, year, series), number in sorted(last.items()):
        values = {"unit": unit, "direction": direction, "year": year, "series": series, "next": number + 1}
        tx.execute(_ADVANCE, values)


_ADVANCE = sa.text(
    "INSERT INTO books (unit, direction, year, series, next) VALUES (:unit, :direction, :year, :series, :next)"
    " ON CONFLICT (unit, direction, year, series) DO UPDATE SET next = greatest(books.next, excluded.next)"
)


def _told(_: Row, event: Any) -> dict[str, Any]:
    return {"kind": event.kind} | shown(event.sheet)


def _confirmed(_: Row, __: Any) -> dict[str, Any]:
    return {"standing": Standing.CONFIRMED.value}


def _lived(row: Row, event: Any) -> dict[str, Any]:
    return {"state": move(LIFE, Life(row["state"]), type(event).__name__).value}


def _taken_back(row: Row, event: Any) -> dict[str, Any]:
    return {"take_back": move(TAKE_BACK, TakeBack(row["take_back"]), type(event).__name__).value}


OF_DOCUMENT: Mapping[type[e.Event], Change] = {
    e.FieldsCompleted: _told,
    e.FieldsCorrected: _told,
    e.DocumentConfirmed: _confirmed,
    e.DocumentRecalled: _lived,
    e.DocumentReplaced: _lived,
}
OF_DELIVERY: Mapping[type[e.Event], Change] = {
    e.DeliveryConfirmed: _confirmed,
    e.RecallAsked: _taken_back,
    e.RecallAgreed: _taken_back,
    e.RecallRefused: _taken_back,
}
