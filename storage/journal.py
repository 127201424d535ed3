"""The append-only truth: what happened, in streams, with private fields under a key per document.

Promises:  ``append`` gives each event the next version of its stream and returns the rows' sequence numbers; rows
           become true with the caller's commit and never before; ``read`` gives back equal events in order.
Never:     updates or deletes (the database refuses both); keeps names, texts or addresses outside the sealed secret.
Fails:     IntegrityError when two writers meet in one stream at once: the caller's transaction is void, try again.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy import Connection

from mailmap.document.events import KINDS, Event, event_of, split, stream_of

BATCH = 1000

# What stands in the place of a private field whose key was destroyed.
BLANK: Mapping[str, Any] = {"sheet": {}, "before": {}, "words": "", "to": "", "spec": {}, "peer": ""}


class NoKeys(Exception):
    """There is no key for private fields."""


class Vault(Protocol):
    """Seals and opens octets under the key of a holder (a document, or a letter without one)."""

    def seal(self, tx: Connection, secrets: Sequence[tuple[int, bytes]]) -> list[bytes]:
        """Seal each (holder, octets), making missing keys in this transaction."""

    def open(self, tx: Connection, sealed: Sequence[tuple[int, bytes]]) -> list[bytes | None]:
        """Open each (holder, sealed octets); None where the key was destroyed."""


class _Open:
    """For events without private fields: there is nothing to seal, and no key to have."""

    def seal(self, _: Connection, secrets: Sequence[tuple[int, bytes]]) -> list[bytes]:
        """Nothing for nothing."""
        if secrets:
            raise NoKeys("an event with private fields was journaled without a vault")
        return []

    def open(self, _: Connection, sealed: Sequence[tuple[int, bytes]]) -> list[bytes | None]:
        """Nothing for nothing."""
        return [None for _ in sealed]


OPEN: Vault = _Open()


@dataclass(frozen=True, slots=True)
class Row:
    """One journal row with its event opened; ``purged`` says its private fields are gone for ever."""

    seq: int
    stream: str
    version: int
    at: datetime
    actor: str
    event: Event
    purged: bool


_RESERVE = sa.text(
    "INSERT INTO streams (stream, version) SELECT s, n FROM unnest(CAST(:streams AS text[]), CAST(:counts AS int[]))"
    " AS t(s, n) ORDER BY s"
    " ON CONFLICT (stream) DO UPDATE SET version = streams.version + excluded.version RETURNING stream, version"
)

_APPEND = sa.text(
    "WITH written AS (INSERT INTO journal (stream, version, kind, at, actor, body, document, secret)"
    " SELECT s, v, k, :at, :actor, CAST(b AS jsonb), d, x"
    " FROM unnest(CAST(:streams AS text[]), CAST(:versions AS int[]), CAST(:kinds AS text[]), CAST(:bodies AS text[]),"
    " CAST(:documents AS bigint[]), CAST(:secrets AS bytea[])) WITH ORDINALITY AS t(s, v, k, b, d, x, o)"
    " ORDER BY o RETURNING seq),"
    " noted AS (INSERT INTO unsealed SELECT seq FROM written)"
    " SELECT seq FROM written ORDER BY seq"
)

_READ = sa.text(
    "SELECT seq, stream, version, kind, at, actor, body, document, secret FROM journal"
    " WHERE seq > :after AND (CAST(:document AS bigint) IS NULL OR document = :document) ORDER BY seq LIMIT :most"
)


def append(tx: Connection, vault: Vault, events: Sequence[Event], *, actor: str, at: datetime) -> list[int]:
    """Append events in their order; the sequence number of each. True at the caller's commit."""
    if not events:
        return []
    streams = [stream_of(event) for event in events]
    versions = _reserve(tx, streams)
    parts = [split(event) for event in events]
    holders = [holder_of(event) for event in events]
    result = tx.execute(
        _APPEND,
        {
            "at": at,
            "actor": actor,
            "streams": streams,
            "versions": versions,
            "kinds": [type(event).__name__ for event in events],
            "bodies": [_json(body) for body, _ in parts],
            "documents": holders,
            "secrets": _secrets(tx, vault, holders, [private for _, private in parts]),
        },
    )
    return list(result.scalars())


def read(tx: Connection, vault: Vault, *, document: int | None = None) -> Iterator[Row]:
    """Every row in order of sequence, or one document's; memory for one batch at a time."""
    after = 0
    while rows := tx.execute(_READ, {"after": after, "document": document, "most": BATCH}).all():
        after = rows[-1].seq
        sealed = [(row.document, bytes(row.secret)) for row in rows if row.secret is not None]
        opened = iter(vault.open(tx, sealed))
        for row in rows:
            yield _row(row, None if row.secret is None else next(opened))


def holder_of(event: Event) -> int | None:
    """Whose key seals the private fields: the document's, else the letter's."""
    document = getattr(event, "document", None)
    holder: int | None = document if document is not None else getattr(event, "letter", None)
    return holder


def _reserve(tx: Connection, streams: Sequence[str]) -> list[int]:
    counts = Counter(streams)
    names = sorted(counts)
    rows = tx.execute(_RESERVE, {"streams": names, "counts": [counts[name] for name in names]}).all()
    upcoming = {name: last - counts[name] for name, last in rows}
    versions = []
    for stream in streams:
        upcoming[stream] += 1
        versions.append(upcoming[stream])
    return versions


def _secrets(
    tx: Connection, vault: Vault, holders: Sequence[int | None], privates: Sequence[dict[str, Any]]
) -> list[bytes | None]:
    wanted = [(h, _json(p).encode()) for h, p in zip(holders, privates, strict=True) if h is not None and p]
    sealed = iter(vault.seal(tx, wanted))
    return [next(sealed) if h is not None and p else None for h, p in zip(holders, privates, strict=True)]


def _row(row: Any, opened: bytes | None) -> Row:
    private = _private(row.kind, opened)
    event = event_of(row.kind, row.body | private)
    purged = row.secret is not None and opened is None
    return Row(row.seq, row.stream, row.version, row.at, row.actor, event, purged)


def _private(kind: str, opened: bytes | None) -> dict[str, Any]:
    if opened is not None:
        private: dict[str, Any] = json.loads(opened)
        return private
    names = {f.name for f in fields(KINDS[kind])} & KINDS[kind].PRIVATE
    return {name: BLANK[name] for name in names}


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
