"""The register: documents, books, deliveries and letters, as the journal made them.

Promises:  ``record`` appends events and moves the tables in the caller's transaction, so that both are true or
           neither; ``project`` is the only writer of these tables, live and in ``rebuild`` alike.
Never:     a status outside ``lifecycle``; a number given twice in one book.
Fails:     IllegalTransition when an event does not fit the state; IntegrityError when a number is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from mailmap.document.document import Symbol
from mailmap.document.events import Event
from storage import journal
from storage.journal import Vault
from storage.projection import project


@dataclass(frozen=True, slots=True)
class Series:
    """One yearly book of one unit: direction 'in' or 'out', and the series within it ('' is the ordinary one)."""

    unit: str
    direction: str
    year: int
    series: str = ""


def record(tx: Connection, vault: Vault, events: Sequence[Event], *, actor: str, at: datetime) -> list[int]:
    """Append to the journal and project; the sequence number of each event. True at the caller's commit."""
    seqs = journal.append(tx, vault, events, actor=actor, at=at)
    project(tx, events)
    return seqs


def new_ids(tx: Connection, count: int) -> list[int]:
    """Fresh ids for documents, deliveries and letters."""
    return list(tx.execute(_IDS, {"count": count}).scalars()) if count else []


def next_numbers(tx: Connection, wanted: Sequence[Series], first: int = 1) -> list[int]:
    """The next number of each wanted series, without gaps: the book's row stays locked until the commit.

    ``first`` starts a book nobody has opened yet (paper shares the series, so an office may begin later than 1).
    """
    taken = _locked(tx, sorted(set(wanted), key=astuple), first)
    numbers = []
    for series in wanted:
        numbers.append(taken[series])
        taken[series] += 1
    return numbers


@dataclass(frozen=True, slots=True)
class Place:
    """One place in a book: the series and the number written there."""

    series: Series
    symbol: Symbol


def holders(tx: Connection, places: Sequence[Place]) -> dict[Place, str]:
    """By place: the tracking code of the document that has it, where one does."""
    if not places:
        return {}
    arrays = {
        "units": [one.series.unit for one in places],
        "directions": [one.series.direction for one in places],
        "years": [one.series.year for one in places],
        "series": [one.series.series for one in places],
        "numbers": [one.symbol.number for one in places],
        "suffixes": [one.symbol.suffix for one in places],
        "notations": [one.symbol.notation for one in places],
    }
    return {places[row.o - 1]: row.code for row in tx.execute(_HOLDERS, arrays)}


_HOLDERS = sa.text(
    "SELECT w.o, d.code FROM unnest(CAST(:units AS text[]), CAST(:directions AS text[]), CAST(:years AS int[]),"
    " CAST(:series AS text[]), CAST(:numbers AS int[]), CAST(:suffixes AS text[]), CAST(:notations AS text[]))"
    " WITH ORDINALITY AS w(unit, direction, year, series, number, suffix, notation, o)"
    " JOIN entries e USING (unit, direction, year, series, number, suffix, notation)"
    " JOIN documents d ON d.id = e.document"
)

_IDS = sa.text("SELECT nextval('ids') FROM generate_series(1, :count)")

_SERIES = (
    "unnest(CAST(:units AS text[]), CAST(:directions AS text[]), CAST(:years AS int[]), CAST(:series AS text[]))"
    " AS w(unit, direction, year, series)"
)
_OPEN = sa.text(
    "INSERT INTO books (unit, direction, year, series, next)"  # noqa: S608 the columns are ours
    f" SELECT unit, direction, year, series, :first FROM {_SERIES} ON CONFLICT DO NOTHING"
)
# Books are locked in one order by everybody, so that nobody waits in a circle.
_NEXT = sa.text(
    "SELECT unit, direction, year, series, next FROM books"  # noqa: S608 ours too
    f" JOIN {_SERIES} USING (unit, direction, year, series) ORDER BY unit, direction, year, series FOR UPDATE OF books"
)


def _locked(tx: Connection, wanted: Sequence[Series], first: int) -> dict[Series, int]:
    """The next number of each of these books, opened where nobody had, and locked."""
    if not wanted:
        return {}
    arrays = {
        "units": [one.unit for one in wanted],
        "directions": [one.direction for one in wanted],
        "years": [one.year for one in wanted],
        "series": [one.series for one in wanted],
    }
    tx.execute(_OPEN, arrays | {"first": first})
    return {Series(*row[:4]): row.next for row in tx.execute(_NEXT, arrays)}
