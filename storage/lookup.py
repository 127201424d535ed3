"""What the register knows about a mail's keyed addresses and its number.

Promises:  answers hold until the caller's commit: the rows they speak of are locked.
Never:     decides; it only fetches facts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from mailmap.directory.answers import Directory
from mailmap.document.document import Symbol
from mailmap.policy.decision import Addressed
from mailmap.policy.lifecycle import Handling, Transport
from storage.schema import deliveries, documents, entries, letters

_FIELDS = (
    letters.c.id.label("letter"),
    letters.c.unit,
    letters.c.delivery,
    letters.c.transport,
    documents.c.id.label("document"),
    documents.c.code,
    documents.c.origin,
    documents.c.sheet["sender"].astext.label("origin_address"),
    deliveries.c.handling,
    entries.c.number,
    entries.c.suffix,
    entries.c.notation,
)
_OUT = sa.and_(entries.c.document == documents.c.id, entries.c.direction == "out")
_FROM = (
    letters.join(documents, documents.c.id == letters.c.document)
    .outerjoin(deliveries, deliveries.c.id == letters.c.delivery)
    .outerjoin(entries, _OUT)
)


def addressed(tx: Connection, directory: Directory, ids: Sequence[int]) -> tuple[Addressed, ...]:
    """What hangs on each of these letters, in their order; letters that lead nowhere are left out."""
    if not ids:
        return ()
    query = sa.select(*_FIELDS).select_from(_FROM).where(letters.c.id.in_(ids)).with_for_update(of=letters)
    rows = {row["letter"]: row for row in tx.execute(query).mappings()}
    found = (_addressed(rows[id_], directory) for id_ in ids if id_ in rows)
    return tuple(one for one in found if one is not None)


def _addressed(row: Mapping[Any, Any], directory: Directory) -> Addressed | None:
    unit, origin = directory.unit(row["unit"]), directory.unit(row["origin"])
    if unit is None or origin is None:
        return None
    symbol = None if row["number"] is None else Symbol(row["number"], row["notation"], row["suffix"])
    return Addressed(
        letter=row["letter"],
        document=row["document"],
        code=row["code"],
        unit=unit,
        origin=origin,
        delivery=row["delivery"],
        handling=Handling(row["handling"] or Handling.NONE.value),
        transport=Transport(row["transport"]),
        symbol=symbol,
        booked=symbol is not None,
        origin_address=row["origin_address"] or "",
    )


def sheet_of(tx: Connection, document: int) -> Mapping[str, Any]:
    """The whole sheet of a document (see ``mailmap.document.sheet``); {} once purged. The row is locked."""
    query = sa.select(documents.c.sheet).where(documents.c.id == document).with_for_update()
    return tx.execute(query).scalar_one() or {}
