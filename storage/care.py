"""Care lists: what an administrator should look after in the directory.

Promises:  each list is one question to the tables, on a given day; with ``below`` only that unit and what stands below
           it on that day. A list has at most ``most`` rows, the most pressing first.
Never:     changes anything; counts a mail that came to nothing (a forged one, say) as heard.
Fails:     the database's own exceptions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

MOST = 1000
BEARERS = 20  # of one name that are told


@dataclass(frozen=True, slots=True)
class Scope:
    """Of which day, and below which unit (None: everywhere)."""

    on: date
    below: str | None = None
    most: int = MOST


@dataclass(frozen=True, slots=True)
class Wayless:
    """A unit that documents cannot reach: no mailbox, and no other way."""

    unit: str
    name: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class Bouncing:
    """An address in use to which every letter since ``since`` (UTC) failed, with the last words of its server."""

    address: str
    unit: str
    name: str
    times: int
    since: datetime
    words: str


@dataclass(frozen=True, slots=True)
class Unheard:
    """An address that may send, and from which no mail ever came."""

    address: str
    unit: str
    name: str
    role: str
    mapped_from: date


@dataclass(frozen=True, slots=True)
class Silent:
    """A unit that was heard last at this time (UTC)."""

    unit: str
    name: str
    last: datetime


@dataclass(frozen=True, slots=True)
class Shared:
    """A key of ``naming`` that so many living units answer to; some of them, as (id, name)."""

    key: str
    count: int
    bearers: tuple[tuple[str, str], ...]


_LIVES = "{0}.valid_from <= :on AND ({0}.valid_until IS NULL OR :on < {0}.valid_until)"
_UNIT_LIVES, _MAPPING_LIVES = _LIVES.format("u"), _LIVES.format("a")

# The units that count: all that live, or those of a subtree. A unit that stands above itself is met only once.
_SCOPE = (
    f"tree(id) AS (SELECT CAST(:below AS text) UNION SELECT u.id FROM tree JOIN units u ON u.parent = tree.id"  # noqa: S608 the words are ours
    f" WHERE {_UNIT_LIVES}),"
    f" scope AS (SELECT u.* FROM units u WHERE {_UNIT_LIVES}"
    " AND (CAST(:below AS text) IS NULL OR u.id IN (SELECT id FROM tree)))"
)
# A mapping is heard when a mail came from it, from a tag of it, or from its domain.
_HEARD = (
    "said AS (SELECT sender, max(received_at) AS last FROM mails"
    " WHERE outcome IN ('registered', 'reply', 'report', 'duplicate') AND sender LIKE '%@%' GROUP BY sender),"
    " heard AS (SELECT address, max(last) AS last FROM said, LATERAL (VALUES (sender),"
    " (regexp_replace(sender, '^([^+@]+)\\+.*@', '\\1@')), ('*@' || substring(sender FROM '[^@]*$'))) AS v(address)"
    " GROUP BY address)"
)

_WAYLESS = sa.text(
    f"WITH RECURSIVE {_SCOPE} SELECT id, name, parent FROM scope"  # noqa: S608 ours too
    " WHERE channel IN ('mail', 'link') AND contact = '' AND fallback <@ ARRAY['mail:', 'link:']"
    " ORDER BY kind, name, id LIMIT :most"
)
_BOUNCING = sa.text(
    f"WITH RECURSIVE {_SCOPE},"  # noqa: S608 ours too
    " failed AS (SELECT \"to\", unit, told_at, peer FROM letters WHERE transport = 'failed' AND \"to\" <> ''),"
    ' good AS (SELECT "to", max(told_at) AS last FROM letters'
    " WHERE transport IN ('relayed', 'delivered', 'displayed')"
    ' AND "to" IN (SELECT "to" FROM failed) GROUP BY "to"),'
    ' lately AS (SELECT f."to", max(f.unit) AS unit, count(*) AS times, min(f.told_at) AS since,'
    ' (array_agg(f.peer ORDER BY f.told_at DESC))[1] AS words FROM failed f LEFT JOIN good ON good."to" = f."to"'
    ' WHERE good.last IS NULL OR good.last < f.told_at GROUP BY f."to")'
    ' SELECT l."to", s.id, s.name, l.times, l.since, l.words FROM lately l JOIN scope s ON s.id = coalesce('
    f'(SELECT a.unit FROM addresses a WHERE a.address = l."to" AND {_MAPPING_LIVES} LIMIT 1), l.unit)'
    ' WHERE l."to" = s.contact OR \'mail:\' || l."to" = ANY(s.fallback) OR \'link:\' || l."to" = ANY(s.fallback)'
    f' OR EXISTS (SELECT FROM addresses a WHERE a.address = l."to" AND {_MAPPING_LIVES})'
    " ORDER BY l.times DESC, l.since LIMIT :most"
)
_UNHEARD = sa.text(
    f"WITH RECURSIVE {_SCOPE}, {_HEARD}"  # noqa: S608 ours too
    " SELECT a.address, s.id, s.name, a.role, a.valid_from FROM addresses a JOIN scope s ON s.id = a.unit"
    f" WHERE {_MAPPING_LIVES} AND 'send' = ANY(a.may) AND NOT EXISTS (SELECT FROM heard h WHERE h.address = a.address)"
    " ORDER BY a.valid_from, a.address LIMIT :most"
)
_SILENT = sa.text(
    f"WITH RECURSIVE {_SCOPE}, {_HEARD}"  # noqa: S608 ours too
    " SELECT s.id, s.name, max(h.last) AS last FROM heard h JOIN addresses a ON a.address = h.address"
    f" JOIN scope s ON s.id = a.unit WHERE {_MAPPING_LIVES} GROUP BY s.id, s.name"
    " HAVING max(h.last) < :before ORDER BY last, s.id LIMIT :most"
)
_SHARED = sa.text(
    f"WITH RECURSIVE {_SCOPE}"  # noqa: S608 ours too
    " SELECT key, count(*) AS many, array_agg(s.id ORDER BY s.id), array_agg(s.name ORDER BY s.id)"
    " FROM scope s, unnest(s.called) AS n(key) GROUP BY key HAVING count(*) > 1 ORDER BY many, key LIMIT :most"
)


def wayless(tx: Connection, scope: Scope) -> list[Wayless]:
    """Units without any way in."""
    return [Wayless(*row) for row in _rows(tx, _WAYLESS, scope)]


def bouncing(tx: Connection, scope: Scope) -> list[Bouncing]:
    """Addresses in use that bounce, those that did most often first."""
    return [Bouncing(*row) for row in _rows(tx, _BOUNCING, scope)]


def unheard(tx: Connection, scope: Scope) -> list[Unheard]:
    """Addresses that may send and were never heard from, those mapped longest first."""
    return [Unheard(*row) for row in _rows(tx, _UNHEARD, scope)]


def silent(tx: Connection, scope: Scope, days: int, now: datetime) -> list[Silent]:
    """Units that were heard once, but not within so many days before now; the longest silent first."""
    return [Silent(*row) for row in _rows(tx, _SILENT, scope, before=now - timedelta(days=days))]


def shared(tx: Connection, scope: Scope) -> list[Shared]:
    """Names that more than one living unit answers to; the nearly unique first: they mislead most."""
    rows = _rows(tx, _SHARED, scope)
    return [
        Shared(key, count, tuple(zip(ids[:BEARERS], names[:BEARERS], strict=True))) for key, count, ids, names in rows
    ]


def _rows(tx: Connection, query: sa.TextClause, scope: Scope, **more: object) -> Iterable[Sequence[Any]]:
    return tx.execute(query, {"on": scope.on, "below": scope.below, "most": scope.most} | more)
