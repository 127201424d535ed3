"""Private fields under a key per document: bound to it, gone with it, and cheap."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

import pytest
import sqlalchemy as sa

from storage.database import Database
from storage.keys import Keys
from storage.payloads import Payloads, Tampered, WrongMaster
from storage.schema import document_keys

NOON = datetime(2026, 1, 5, 5, 0, tzinfo=UTC)
SECRET = "V/v họp giao ban tháng 1".encode()
_numbers = count(1)


@pytest.fixture
def vault() -> Payloads:
    """A vault over fresh keys."""
    return Payloads(Keys.fresh())


@pytest.fixture
def holder() -> int:
    """A document nobody has used."""
    return next(_numbers)


def sealed(database: Database, vault: Payloads, *holders: int) -> list[tuple[int, bytes]]:
    """The secret, sealed for each holder."""
    with database.transaction() as tx:
        return list(zip(holders, vault.seal(tx, [(holder, SECRET) for holder in holders]), strict=True))


def opened(database: Database, vault: Payloads, private: list[tuple[int, bytes]]) -> list[bytes | None]:
    """What the vault makes of sealed octets."""
    with database.transaction() as tx:
        return vault.open(tx, private)


def test_what_is_sealed_is_opened(database: Database, vault: Payloads, holder: int) -> None:
    """Sealing and opening are inverse, for several documents and several fields of one."""
    private = sealed(database, vault, holder, next(_numbers), holder)
    assert opened(database, vault, private) == [SECRET] * 3
    assert len({octets for _, octets in private}) == 3


def test_a_destroyed_key_opens_as_nothing(database: Database, vault: Payloads, holder: int) -> None:
    """Purging is destroying the key: the octets stay, nobody reads them, and nothing is raised."""
    private = sealed(database, vault, holder)
    with database.transaction() as tx:
        vault.destroy(tx, holder, NOON)
    assert opened(database, vault, private) == [None]
    with database.transaction() as tx:
        row = tx.execute(sa.select(document_keys).where(document_keys.c.document == holder)).one()
    assert (row.wrapped, row.destroyed_at) == (None, NOON)


def test_octets_moved_to_another_document_do_not_open(database: Database, vault: Payloads, holder: int) -> None:
    """Whoever can write to the database cannot give one document the fields of another."""
    other = next(_numbers)
    (_, mine), _ = sealed(database, vault, holder, other)
    with pytest.raises(Tampered):
        opened(database, vault, [(other, mine)])


def test_a_key_moved_to_another_document_does_not_unwrap(database: Database, vault: Payloads, holder: int) -> None:
    """Nor can they give it another document's key."""
    other = next(_numbers)
    private = sealed(database, vault, holder, other)
    with database.transaction() as tx:
        wrapped = tx.execute(sa.select(document_keys.c.wrapped).where(document_keys.c.document == other)).scalar_one()
        mine = document_keys.c.document == holder
        tx.execute(document_keys.update().where(mine).values(wrapped=wrapped))
    with pytest.raises(WrongMaster):
        opened(database, vault, private[:1])


@pytest.mark.parametrize("place", [0, 12, -1])
def test_a_changed_octet_is_noticed(database: Database, vault: Payloads, holder: int, place: int) -> None:
    """One bit in nonce, text or tag, and nothing is opened."""
    ((_, octets),) = sealed(database, vault, holder)
    changed = bytearray(octets)
    changed[place] ^= 1
    with pytest.raises(Tampered):
        opened(database, vault, [(holder, bytes(changed))])


def test_another_gateways_keys_open_nothing(database: Database, vault: Payloads, holder: int) -> None:
    """A copy of the database is worth nothing without the key file, and says so."""
    private = sealed(database, vault, holder)
    with pytest.raises(WrongMaster):
        opened(database, Payloads(Keys.fresh()), private)


def test_after_rewrapping_the_old_master_is_not_needed(new_database: Callable[..., str], template: str) -> None:
    """A master key that leaked can be taken out of use for good, a few documents at a time; purged ones stay purged."""
    old = Keys.fresh()
    new = old.rotated()
    with closing(Database(new_database(template))) as database:
        private = sealed(database, Payloads(old), *range(1, 6))
        with database.transaction() as tx:
            Payloads(old).destroy(tx, 5, NOON)
            assert [Payloads(new).rewrap(tx, most=3) for _ in range(3)] == [3, 1, 0]
        alone = replace(new, masters={new.current: new.master})
        assert opened(database, Payloads(alone), private) == [SECRET] * 4 + [None]


def test_equal_octets_have_equal_digests_here_only() -> None:
    """A digest tells that two octets are the same, and nobody without our salt can try candidates."""
    here, there = Payloads(Keys.fresh()), Payloads(Keys.fresh())
    assert here.digest(SECRET) == here.digest(SECRET)
    assert here.digest(SECRET) != here.digest(SECRET + b".")
    assert here.digest(SECRET) != there.digest(SECRET)


def test_many_payloads_are_sealed_in_a_moment(database: Database, vault: Payloads) -> None:
    """A batch of 200 documents costs a few milliseconds, not a round trip each."""
    holders = [next(_numbers) for _ in range(200)]
    started = time.monotonic()
    private = sealed(database, vault, *holders)
    assert opened(database, vault, private) == [SECRET] * 200
    assert time.monotonic() - started < 1.0
