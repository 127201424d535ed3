"""From events to rows: how each event changes the register's tables.

Promises:  the same events in the same order make the same rows, live and in a rebuild; states move only by the
           tables of ``lifecycle``.
Never:     reads a clock or anything but the rows it changes.
Fails:     IllegalTransition for an event that does not fit; ValueError for an event about an unknown row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from mailmap.document import events as e
from mailmap.document.document import Standing
from mailmap.policy.lifecycle import HANDLING, TRANSPORT, Handling, Life, TakeBack, Transport, move
from storage import changes
from storage.changes import shown
from storage.journal import BLANK
from storage.schema import deliveries, documents, entries, letters

Rowset = dict[int, dict[str, Any]]


@dataclass(slots=True)
class _Sheet:
    """The rows one batch of events touches: loaded (locked) before, written back after."""

    documents: Rowset = field(default_factory=dict)
    deliveries: Rowset = field(default_factory=dict)
    letters: Rowset = field(default_factory=dict)
    entries: list[dict[str, Any]] = field(default_factory=list)
    fresh: set[tuple[str, int]] = field(default_factory=set)


def project(tx: Connection, events: Sequence[e.Event]) -> None:
    """Apply events in order: load what they touch, move it in memory, write it back in few statements.

    A corrected entry frees its number, so nothing behind it is written before it.
    """
    start = 0
    for place, event in enumerate(events, 1):
        if isinstance(event, e.EntryCorrected):
            _project(tx, events[start:place])
            changes.correct_entry(tx, event)
            start = place
    _project(tx, events[start:])


def _project(tx: Connection, events: Sequence[e.Event]) -> None:
    sheet = _load(tx, events)
    for event in events:
        apply = _APPLY.get(type(event))
        if apply is not None:
            apply(sheet, event)
    _store(tx, sheet)


_TABLES = {"documents": documents, "deliveries": deliveries, "letters": letters}


def _load(tx: Connection, events: Sequence[e.Event]) -> _Sheet:
    sheet = _Sheet()
    born = {
        "documents": {x.document for x in events if isinstance(x, e.DocumentRegistered)},
        "deliveries": {x.delivery for x in events if isinstance(x, e.DeliveryOpened)},
        "letters": {x.letter for x in events if isinstance(x, e.LetterQueued)},
    }
    wanted = {
        "documents": _ids(events, (*changes.OF_DOCUMENT, e.DocumentPurged), "document")
        | _ids(events, (e.DocumentReplaced,), "replacement"),
        "deliveries": _ids(events, (*_HANDLED, *changes.OF_DELIVERY), "delivery"),
        "letters": _ids(events, (*_TRANSPORTED, e.LetterTried), "letter"),
    }
    wanted["letters"].update(*(x.letters for x in events if isinstance(x, e.MailPurged)))
    for name, table in _TABLES.items():
        _fill(tx, table, table.c.id, wanted[name] - born[name], getattr(sheet, name))
    purged = _ids(events, (e.DocumentPurged,), "document")
    _fill(tx, deliveries, deliveries.c.document, purged, sheet.deliveries)
    _fill(tx, letters, letters.c.document, purged, sheet.letters)
    return sheet


def _ids(events: Iterable[e.Event], kinds: tuple[type[e.Event], ...], name: str) -> set[int]:
    return {getattr(x, name) for x in events if isinstance(x, kinds)}


def _fill(tx: Connection, table: sa.Table, column: sa.Column[Any], ids: Iterable[int], rows: Rowset) -> None:
    wanted = sorted(ids)
    if not wanted:
        return
    query = sa.select(table).where(column == sa.any_(sa.bindparam("ids", wanted, sa.ARRAY(sa.BigInteger))))
    for row in tx.execute(query.order_by(table.c.id).with_for_update()).mappings():
        rows[row["id"]] = dict(row)


def _store(tx: Connection, sheet: _Sheet) -> None:
    for name, table in _TABLES.items():
        rows: Rowset = getattr(sheet, name)
        _insert(tx, table, [row for id_, row in rows.items() if (name, id_) in sheet.fresh])
        _update(tx, table, [row for id_, row in rows.items() if (name, id_) not in sheet.fresh])
    _insert(tx, entries, sheet.entries)
    changes.advance_books(tx, sheet.entries)


def _insert(tx: Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        tx.execute(table.insert(), list(rows))


_CHANGING = {
    "documents": ("kind", "symbol", "issued", "subject", "sheet", "purged", "standing", "state", "replaces"),
    "deliveries": ("handling", "handled_at", "words", "take_back", "standing"),
    "letters": ("transport", "attempts", "expires_at", "told_at", "status", "peer", "to", "spec"),
}
_UPDATES = {
    name: table.update()
    .where(table.c.id == sa.bindparam("b_id"))
    .values({column: sa.bindparam(f"b_{column}") for column in _CHANGING[name]})
    for name, table in _TABLES.items()
}


def _update(tx: Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        names = ("id", *_CHANGING[table.name])
        tx.execute(_UPDATES[table.name], [{f"b_{n}": row[n] for n in names} for row in rows])


def _registered(sheet: _Sheet, event: e.DocumentRegistered) -> None:
    row = {
        "id": event.document,
        "code": event.code,
        "mail": event.mail,
        "origin": event.origin,
        "received_at": event.received_at,
        "kind": event.kind,
        "urgency": event.urgency,
        "standing": event.standing,
        "purged": None,
        "state": Life.REGISTERED.value,
        "replaces": None,
    }
    sheet.documents[event.document] = row | shown(event.sheet)
    sheet.fresh.add(("documents", event.document))


def _document_changed(sheet: _Sheet, event: Any) -> None:
    row = sheet.documents[event.document]
    row |= changes.OF_DOCUMENT[type(event)](row, event)
    if isinstance(event, e.DocumentReplaced):
        sheet.documents[event.replacement]["replaces"] = event.document


def _booked(sheet: _Sheet, event: e.DocumentBooked) -> None:
    entry = {"direction": "out", "delivery": None}
    for name in ("unit", "year", "series", "number", "suffix", "notation", "document", "booked_at"):
        entry[name] = getattr(event, name)
    sheet.entries.append(entry)


def _purged(sheet: _Sheet, event: e.DocumentPurged) -> None:
    sheet.documents[event.document] |= shown({}) | {"purged": f"{event.by}: {event.order}"}
    for delivery in (row for row in sheet.deliveries.values() if row["document"] == event.document):
        delivery["words"] = BLANK["words"]
    for letter in (row for row in sheet.letters.values() if row["document"] == event.document):
        letter.update(_EMPTIED)


_EMPTIED = {name: BLANK[name] for name in ("to", "spec", "peer")}


def _mail_purged(sheet: _Sheet, event: e.MailPurged) -> None:
    for letter in event.letters:
        sheet.letters[letter] |= _EMPTIED


def _opened(sheet: _Sheet, event: e.DeliveryOpened) -> None:
    sheet.deliveries[event.delivery] = {
        "id": event.delivery,
        "document": event.document,
        "unit": event.unit,
        "channel": event.channel,
        "handling": Handling.NONE.value,
        "opened_at": event.opened_at,
        "handled_at": None,
        "words": "",
        "take_back": TakeBack.NONE.value,
        "standing": Standing.INFORMATION.value,
    }
    sheet.fresh.add(("deliveries", event.delivery))


def _delivery_changed(sheet: _Sheet, event: Any) -> None:
    row = sheet.deliveries[event.delivery]
    row |= changes.OF_DELIVERY[type(event)](row, event)


def _handled(sheet: _Sheet, event: Any) -> None:
    row = sheet.deliveries[event.delivery]
    state = move(HANDLING, Handling(row["handling"]), type(event).__name__)
    row |= {"handling": state.value, "handled_at": event.at, "words": getattr(event, "words", row["words"])}


def _accepted(sheet: _Sheet, event: e.DeliveryAccepted) -> None:
    _handled(sheet, event)
    if event.number is None:
        return
    entry = {"direction": "in", "suffix": "", "notation": "", "booked_at": event.at}
    for name in ("unit", "year", "series", "number", "document", "delivery"):
        entry[name] = getattr(event, name)
    sheet.entries.append(entry)


def _queued(sheet: _Sheet, event: e.LetterQueued) -> None:
    names = ("document", "delivery", "kind", "unit", "to", "spec", "queued_at", "expires_at")
    row = {name: getattr(event, name) for name in names}
    start = {"transport": Transport.QUEUED.value, "attempts": 0, "told_at": None, "status": "", "peer": ""}
    sheet.letters[event.letter] = {"id": event.letter} | row | start
    sheet.fresh.add(("letters", event.letter))


def _tried(sheet: _Sheet, event: e.LetterTried) -> None:
    row = sheet.letters[event.letter]
    row |= {"transport": _moved(row, event), "attempts": event.attempt}


def _told(sheet: _Sheet, event: e.LetterTold) -> None:
    row = sheet.letters[event.letter]
    if _overtaken(row, event):
        return  # the journal keeps it; the letter has gone on meanwhile
    row |= {"transport": _moved(row, event), "told_at": event.at, "status": event.status, "peer": event.peer}


def _overtaken(row: Mapping[str, Any], event: e.LetterTold) -> bool:
    """The outcome of our own attempt came after a later attempt began, or after a report had told more."""
    late = type(event).__name__ not in TRANSPORT[Transport(row["transport"])]
    return 0 < event.attempt < row["attempts"] or (0 < event.attempt == row["attempts"] and late)


def _requeued(sheet: _Sheet, event: e.LetterRequeued) -> None:
    row = sheet.letters[event.letter]
    row |= {"transport": _moved(row, event), "expires_at": event.expires_at}


def _cancelled(sheet: _Sheet, event: e.LetterCancelled) -> None:
    row = sheet.letters[event.letter]
    row |= {"transport": _moved(row, event), "told_at": event.at}


def _moved(row: Mapping[str, Any], event: e.Event) -> str:
    return move(TRANSPORT, Transport(row["transport"]), type(event).__name__).value


_HANDLED: dict[type[e.Event], Callable[[_Sheet, Any], None]] = {
    e.DeliveryArrived: _handled,
    e.DeliveryRefused: _handled,
    e.DeliveryAccepted: _accepted,
    e.DeliveryAssigned: _handled,
    e.DeliveryStarted: _handled,
    e.DeliveryCompleted: _handled,
}
_TRANSPORTED: dict[type[e.Event], Callable[[_Sheet, Any], None]] = {
    e.LetterRelayed: _told,
    e.LetterDelayed: _told,
    e.LetterFailed: _told,
    e.LetterUncertain: _told,
    e.LetterDelivered: _told,
    e.LetterDisplayed: _told,
    e.LetterRequeued: _requeued,
    e.LetterCancelled: _cancelled,
}
_APPLY: dict[type[e.Event], Callable[[_Sheet, Any], None]] = {
    e.DocumentRegistered: _registered,
    **dict.fromkeys(changes.OF_DOCUMENT, _document_changed),
    **dict.fromkeys(changes.OF_DELIVERY, _delivery_changed),
    e.DocumentBooked: _booked,
    e.DocumentPurged: _purged,
    e.MailPurged: _mail_purged,
    e.DeliveryOpened: _opened,
    e.LetterQueued: _queued,
    e.LetterTried: _tried,
    **_HANDLED,
    **_TRANSPORTED,
}
