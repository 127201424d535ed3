"""Private fields under a key per document; purging a document is destroying its key.

Promises:  what ``seal`` wrote ``open`` reads, until ``destroy``; from then on nobody does, and the sealed octets stay
           where they are. A key is wrapped by the master key outside the database; both are AES-256-GCM, and the
           holder's number is bound in, so sealed octets cannot be moved to another document.
Never:     keeps an unwrapped key in the database, or seals under a destroyed one.
Fails:     KeyDestroyed when sealing for a purged document; WrongMaster when the key file lacks the wrapping key;
           Tampered when sealed octets are not what was written for this holder.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from sqlalchemy import Connection

from storage.keys import Keys
from storage.schema import document_keys
from storage.sealed import fresh_key, opened, shut
from storage.trouble import Permanent

BATCH = 1000


class KeyDestroyed(Permanent):
    """The document was purged; nothing can be written about it any more."""


class WrongMaster(Permanent):
    """The key file does not hold the master key that wraps this document's key."""


class Tampered(Permanent):
    """Sealed octets were changed, or moved to another document; restore them from a backup."""


_FIND = sa.text("SELECT document, master, wrapped FROM document_keys WHERE document = ANY(CAST(:ids AS bigint[]))")
_KEEP = sa.text(
    "INSERT INTO document_keys (document, master, wrapped)"
    " SELECT d, :master, w FROM unnest(CAST(:ids AS bigint[]), CAST(:wrapped AS bytea[])) AS t(d, w)"
    " ON CONFLICT (document) DO NOTHING RETURNING document"
)


@dataclass(frozen=True, slots=True)
class Payloads:
    """The vault of the journal (``storage.journal.Vault``), over the keys of the key file."""

    keys: Keys = field(repr=False)

    def seal(self, tx: Connection, private: Sequence[tuple[int, bytes]]) -> list[bytes]:
        """Seal each (holder, octets) under its holder's key; a holder without one gets one in this transaction."""
        if not private:
            return []
        keys = self._keys(tx, {holder for holder, _ in private}, make=True)
        return [shut(_alive(keys, holder), octets, _bound(holder)) for holder, octets in private]

    def open(self, tx: Connection, sealed: Sequence[tuple[int, bytes]]) -> list[bytes | None]:
        """The octets of each (holder, sealed); None where the key was destroyed."""
        keys = self._keys(tx, {holder for holder, _ in sealed}, make=False)
        return [_opened(keys.get(holder), octets, holder) for holder, octets in sealed]

    def destroy(self, tx: Connection, holder: int, at: datetime) -> None:
        """Destroy the key: the row stays and says when."""
        gone = {"wrapped": None, "destroyed_at": at}
        tx.execute(document_keys.update().where(document_keys.c.document == holder).values(gone))

    def rewrap(self, tx: Connection, most: int = BATCH) -> int:
        """Wrap so many document keys anew under the current master key; how many were."""
        old = sa.and_(document_keys.c.master != self.keys.current, document_keys.c.wrapped.is_not(None))
        query = sa.select(document_keys).where(old).order_by(document_keys.c.document).limit(most).with_for_update()
        rows = tx.execute(query).all()
        for row in rows:
            key = self._unwrap(row.document, row.master, bytes(row.wrapped))
            fresh = {"master": self.keys.current, "wrapped": shut(self.keys.master, key, _bound(row.document))}
            tx.execute(document_keys.update().where(document_keys.c.document == row.document).values(fresh))
        return len(rows)

    def digest(self, octets: bytes) -> str:
        """A salted digest: equal octets have equal digests here, and nobody elsewhere can try them out."""
        return blake2b(octets, key=self.keys.salt, digest_size=32).hexdigest()

    def _keys(self, tx: Connection, holders: Iterable[int], *, make: bool) -> dict[int, bytes | None]:
        wanted = sorted(holders)
        found = self._found(tx, wanted)
        lacking = [holder for holder in wanted if holder not in found]
        if make and lacking:
            found |= self._make(tx, lacking)
        return found

    def _found(self, tx: Connection, holders: Sequence[int]) -> dict[int, bytes | None]:
        rows = tx.execute(_FIND, {"ids": list(holders)}).all() if holders else []
        return {
            row.document: None if row.wrapped is None else self._unwrap(row.document, row.master, bytes(row.wrapped))
            for row in rows
        }

    def _make(self, tx: Connection, holders: Sequence[int]) -> dict[int, bytes | None]:
        keys: dict[int, bytes | None] = {holder: fresh_key() for holder in holders}
        wrapped = [shut(self.keys.master, key or b"", _bound(holder)) for holder, key in keys.items()]
        values = {"master": self.keys.current, "ids": list(holders), "wrapped": wrapped}
        ours = set(tx.execute(_KEEP, values).scalars())
        theirs = [holder for holder in holders if holder not in ours]  # another transaction was faster
        return {holder: keys[holder] for holder in ours} | self._found(tx, theirs)

    def _unwrap(self, holder: int, master: str, wrapped: bytes) -> bytes:
        key = self.keys.masters.get(master)
        try:
            return opened(key or b"", wrapped, _bound(holder))
        except (InvalidTag, ValueError):  # another key, or none
            raise WrongMaster(f"master key {master} of this key file does not open document {holder}") from None


def _alive(keys: dict[int, bytes | None], holder: int) -> bytes:
    key = keys[holder]
    if key is None:
        raise KeyDestroyed(str(holder))
    return key


def _opened(key: bytes | None, sealed: bytes, holder: int) -> bytes | None:
    try:
        return None if key is None else opened(key, sealed, _bound(holder))
    except InvalidTag:
        raise Tampered(f"the private fields of {holder}") from None


def _bound(holder: int) -> bytes:
    return f"lienthong {holder}".encode("ascii")
