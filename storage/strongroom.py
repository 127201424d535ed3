"""The strongroom: mails that bear a mark of state secrecy, each encrypted under a key of its own.

Promises:  ``lock_away`` encrypts octets and envelope of a mail, durably, under a name that tells nothing, and leaves
           in its row only that it came; all of it becomes true with the caller's commit. What was readable before is
           named in ``left``: ``forget`` takes it away, however often it is asked. ``purge`` destroys key and octets of
           a mail and of every copy of it, and the keys of the letters to its sender; the row stays and says when, by
           whom and on what order.
Never:     keeps a sender, a recipient, a subject, a file name, an exact size or a digest that can be tried out without
           the key file; writes octets that are not encrypted.
Fails:     UnknownLocked for a number nobody was given, Destroyed for what was purged; WrongMaster and Tampered as
           ``payloads`` has them; BlobsAway (Temporary) when the store does not answer.

The blob's name is half keyed by the mail and half chance: two attempts at one mail never meet in one name, and what an
attempt left that did not come to its commit is found by the first half and taken away with the rest.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from sqlalchemy import Connection

from mailmap.mail.envelope import pack
from storage import incoming
from storage.blobs import Blobs
from storage.failpoints import reach
from storage.incoming import Waiting
from storage.keys import Keys
from storage.payloads import Payloads, Tampered, WrongMaster
from storage.schema import locked
from storage.sealed import fresh_key, opened, shut
from storage.trouble import Permanent

HALF = 32  # hexadecimal digits
_LENGTH = 8  # octets of a length in the sealed content


class UnknownLocked(LookupError):
    """Nothing was ever put under lock with that number."""


class Destroyed(Permanent):
    """The mail was destroyed; nobody can read it any more."""


@dataclass(frozen=True, slots=True)
class Shut:
    """A mail that was just put under lock: its number, and whether no copy of it was there before."""

    id: int
    first: bool


@dataclass(frozen=True, slots=True)
class Locked:
    """What may be known of a mail under lock; ``waits`` says that a readable blob of it is still to be taken away."""

    id: int
    mail: str
    degree: str
    size: int
    received_at: datetime
    locked_at: datetime
    copies: int
    waits: bool
    destroyed_at: datetime | None
    destroyed_by: str | None
    destroyed_on: str | None


@dataclass(frozen=True, slots=True)
class Content:
    """What was locked away: the packed envelope and the raw mail."""

    envelope: bytes = field(repr=False)
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Purge:
    """What was destroyed: the numbers and mails of all copies, and the letters that went to their senders."""

    locked: tuple[tuple[int, str], ...]
    letters: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Strongroom:
    """Safe to share between threads and processes."""

    keys: Keys = field(repr=False)
    blobs: Blobs

    def lock_away(self, tx: Connection, mail: Waiting, degree: str, same: str, at: datetime) -> Shut:
        """Put a mail under lock in this transaction; ``same`` is what copies of it have in common."""
        content = _framed(pack(mail.envelope, mail.arrival), self.blobs.get(mail.blob))
        key, bound = fresh_key(), _bound(mail.spool_id)
        name = self._half(mail.spool_id) + secrets.token_hex(HALF // 2)
        self.blobs.put(shut(key, content, bound), name)
        reach("strongroom.laid")
        alike, first = self._keyed("alike", same), not self.known(tx, same)
        row = {
            "mail": mail.spool_id,
            "degree": degree,
            "size": len(content),
            "received_at": mail.received_at,
            "locked_at": at,
            "name": name,
            "master": self.keys.current,
            "wrapped": shut(self.keys.master, key, bound),
            "alike": alike,
            "left": self._listed(mail.spool_id, [mail.blob]),
        }
        number: int = tx.execute(locked.insert().values(row).returning(locked.c.id)).scalar_one()
        incoming.strip(tx, mail.id, len(content))
        return Shut(number, first)

    def known(self, tx: Connection, same: str) -> bool:
        """Whether a copy is under lock."""
        query = sa.select(locked.c.id).where(locked.c.alike == self._keyed("alike", same)).limit(1)
        return tx.execute(query).first() is not None

    def told(self, tx: Connection, number: int, letter: int) -> None:
        """Remember the letter that went to the sender: it goes when the mail is destroyed."""
        tx.execute(locked.update().where(locked.c.id == number).values(notice=letter))

    def forget(self, tx: Connection, number: int) -> None:
        """Take away every blob of a mail that is not its locked one; nothing when that was done before."""
        row = _row(tx, number)
        if row.left is None:
            return
        reach("strongroom.before-forget")
        left = self._names(row)
        needed = incoming.holding(tx, left)  # by a copy, octet for octet, that has not been looked at yet
        astray = [name for name in self.blobs.like(self._half(row.mail)) if name != row.name]
        for name in (*(name for name in left if name not in needed), *astray):
            self.blobs.forget(name)
        reach("strongroom.forgotten")
        tx.execute(locked.update().where(locked.c.id == number).values(left=None))

    def open(self, tx: Connection, number: int) -> Content:
        """What was locked away, for an officer."""
        row = _row(tx, number)
        if row.name is None:
            raise Destroyed(str(number))
        try:
            return _unframed(opened(self._key(row), self.blobs.get_sealed(row.name), _bound(row.mail)))
        except InvalidTag:
            raise Tampered(f"the locked mail {number}") from None

    def purge(self, tx: Connection, number: int, by: str, order: str, at: datetime) -> Purge:
        """Destroy a mail and its copies: their keys at the commit, their octets when ``forget`` is asked after it."""
        asked = _row(tx, number)
        if asked.name is None:
            raise Destroyed(str(number))
        rows = tx.execute(_ALL.where(locked.c.alike == asked.alike).order_by(locked.c.id).with_for_update()).all()
        for row in rows:
            names = [*(self._names(row) if row.left else ()), row.name]
            empty = dict.fromkeys(("name", "master", "wrapped", "alike", "notice"))
            said = {"destroyed_at": at, "destroyed_by": by, "destroyed_on": order}
            gone = empty | said | {"left": self._listed(row.mail, names)}
            tx.execute(locked.update().where(locked.c.id == row.id).values(gone))
        letters = tuple(row.notice for row in rows if row.notice is not None)
        for letter in letters:
            Payloads(self.keys).destroy(tx, letter, at)
        return Purge(tuple((row.id, row.mail) for row in rows), letters)

    def rewrap(self, tx: Connection) -> int:
        """Wrap every key anew under the current master key; how many were."""
        old = sa.and_(locked.c.master != self.keys.current, locked.c.wrapped.is_not(None))
        rows = tx.execute(_ALL.where(old).order_by(locked.c.id).with_for_update()).all()
        for row in rows:
            fresh = shut(self.keys.master, self._key(row), _bound(row.mail))
            values = {"master": self.keys.current, "wrapped": fresh}
            tx.execute(locked.update().where(locked.c.id == row.id).values(values))
        return len(rows)

    def _key(self, row: Any) -> bytes:
        try:
            return opened(self.keys.masters.get(row.master, b""), bytes(row.wrapped), _bound(row.mail))
        except (InvalidTag, ValueError):  # another key, or none
            raise WrongMaster(f"master key {row.master} of this key file does not open the locked mail") from None

    def _listed(self, mail: str, names: Sequence[str]) -> bytes:
        return shut(self._own_key("left"), json.dumps(names).encode("ascii"), _bound(mail))

    def _names(self, row: Any) -> list[str]:
        names: list[str] = json.loads(opened(self._own_key("left"), bytes(row.left), _bound(row.mail)))
        return names

    def _half(self, mail: str) -> str:
        return self._keyed("name", mail)[:HALF]

    def _keyed(self, purpose: str, text: str) -> str:
        return hmac.new(self._own_key(purpose), text.encode("utf-8", "surrogatepass"), sha256).hexdigest()

    def _own_key(self, purpose: str) -> bytes:
        """A key for one purpose, from the salt, which never changes (NIST SP 800-108: HMAC in one step)."""
        return hmac.digest(self.keys.salt, f"lienthong strongroom {purpose}".encode("ascii"), "sha256")


_ALL = sa.select(locked)
_SHOWN = ("id", "mail", "degree", "size", "received_at", "locked_at")
_TWINS = locked.alias("twins")
_COPIES = sa.select(sa.func.count()).where(_TWINS.c.alike == locked.c.alike, _TWINS.c.id != locked.c.id)
_LISTED = sa.select(
    *(locked.c[name] for name in _SHOWN),
    _COPIES.scalar_subquery().label("copies"),
    locked.c.left.is_not(None).label("waits"),
    *(locked.c[name] for name in ("destroyed_at", "destroyed_by", "destroyed_on")),
)


def listed(tx: Connection, most: int = 50) -> list[Locked]:
    """What is and was under lock, the newest first."""
    return [Locked(*row) for row in tx.execute(_LISTED.order_by(locked.c.id.desc()).limit(most))]


def shown(tx: Connection, number: int) -> Locked:
    """What may be known of one."""
    row = tx.execute(_LISTED.where(locked.c.id == number)).one_or_none()
    if row is None:
        raise UnknownLocked(str(number))
    return Locked(*row)


def waiting(tx: Connection, before: datetime) -> int:
    """How many mails that were locked or destroyed before then have a readable blob left."""
    late = sa.func.coalesce(locked.c.destroyed_at, locked.c.locked_at) < before
    query = sa.select(sa.func.count()).select_from(locked).where(locked.c.left.is_not(None), late)
    return int(tx.execute(query).scalar_one())


def _row(tx: Connection, number: int) -> Any:
    row = tx.execute(_ALL.where(locked.c.id == number).with_for_update()).one_or_none()
    if row is None:
        raise UnknownLocked(str(number))
    return row


def padded(size: int) -> int:
    """The size that so many octets are padded to: at most 12 % more, and few sizes to tell apart (Padmé, PETS 2019)."""
    size = max(size, 1 << 12)
    exponent = size.bit_length() - 1
    loose = exponent - exponent.bit_length()
    return (size + (1 << loose) - 1) >> loose << loose


def _framed(envelope: bytes, raw: bytes) -> bytearray:
    head = len(envelope).to_bytes(_LENGTH) + len(raw).to_bytes(_LENGTH) + envelope
    content = bytearray(padded(len(head) + len(raw)))
    content[: len(head)] = head
    content[len(head) : len(head) + len(raw)] = raw
    return content


def _unframed(content: bytes) -> Content:
    first, second = (int.from_bytes(content[at : at + _LENGTH]) for at in (0, _LENGTH))
    start = 2 * _LENGTH
    return Content(content[start : start + first], content[start + first : start + first + second])


def _bound(mail: str) -> bytes:
    return f"lienthong strongroom {mail}".encode("ascii")
