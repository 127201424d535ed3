"""The history of the directory: told, read back, journaled, and changed by nobody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from storage import directory_history, schema, seal
from storage.database import Database
from storage.directory_history import NoSuchChange, Signature, Told, change, history, remember

AT = datetime(2025, 7, 1, 0, 0, 0, 123456, tzinfo=UTC)
FIRST, SECOND = Signature("quản trị", "danh sách 2025", AT), Signature("văn thư", "sửa", AT)
UNIT: Told = {
    "table": "units",
    "effect": "added",
    "before": None,
    "after": {"id": "hp", "name": "Hải Phúc"},
    "place": "a:2",
}
PARENT: Told = {
    "table": "units",
    "effect": "added",
    "before": None,
    "after": {"id": "nb", "name": "Ninh Bình"},
    "place": "a:3",
}
MAPPED: Told = {
    "table": "addresses", "effect": "removed", "before": {"address": "a@hp.example", "unit": "hp"}, "after": None,
    "place": "b:2",
}  # fmt: skip
STEP: Told = {
    "table": "successions", "effect": "added", "before": None, "after": {"unit": "old", "successor": "hp"},
    "place": "c:2",
}  # fmt: skip


@pytest.fixture
def tx(database: Database) -> Iterator[sa.Connection]:
    """A transaction of which nothing stays."""
    with database.engine.connect() as connection:
        begun = connection.begin()
        yield connection
        begun.rollback()


def test_a_change_is_told_as_it_was_made(tx: sa.Connection) -> None:
    """Who, why, when and the whole diff come back under the number; an unknown number is refused."""
    number = remember(tx, [UNIT, MAPPED], FIRST)
    assert change(tx, number) == directory_history.Past(number, FIRST, (UNIT, MAPPED))
    with pytest.raises(NoSuchChange):
        change(tx, number + 1)


def test_history_tells_what_concerns_a_unit_or_an_address(tx: sa.Connection) -> None:
    """Newest first: of a unit its rows, its addresses and what it followed; of an address its mappings; no more."""
    one, two = remember(tx, [UNIT, PARENT, MAPPED], FIRST), remember(tx, [STEP], SECOND)
    three = remember(tx, [PARENT], SECOND)
    assert [past.number for past in history(tx)] == [three, two, one]
    assert [past.number for past in history(tx, most=1)] == [three]
    assert [(past.number, past.diff) for past in history(tx, unit="hp")] == [(two, (STEP,)), (one, (UNIT, MAPPED))]
    assert [(past.number, past.diff) for past in history(tx, address="a@hp.example")] == [(one, (MAPPED,))]
    assert history(tx, unit="a@hp.example") == []
    assert [past.signed for past in history(tx, unit="old")] == [SECOND]


def test_a_change_is_journaled_without_what_it_says(tx: sa.Connection) -> None:
    """The journal has numbers and a digest in the stream of the directory: no name, no address, no reason."""
    number = remember(tx, [UNIT, PARENT, MAPPED], FIRST)
    row = tx.execute(sa.select(schema.journal).where(schema.journal.c.stream == "directory")).all()[-1]
    assert (row.kind, row.actor, row.at) == ("DirectoryChanged", "quản trị", AT)
    counts = {"units": 2, "addresses": 1, "successions": 0}
    digest = directory_history.digest(FIRST, [UNIT, PARENT, MAPPED])
    assert row.body == {"change": number, "at": AT.isoformat(), "digest": digest} | counts


@pytest.mark.parametrize("order", ["UPDATE directory_changes SET why = 'x'", "DELETE FROM directory_changes"])
def test_nobody_changes_history(tx: sa.Connection, order: str) -> None:
    """The application has no right to, and the trigger refuses the owner."""
    remember(tx, [UNIT], FIRST)
    for role in ("lienthong_app", "none"):
        tx.execute(sa.text(f"SET ROLE {role}"))
        with pytest.raises(sa.exc.DBAPIError), tx.begin_nested():
            tx.execute(sa.text(order))


@pytest.mark.parametrize("forged", ["why = 'other'", "diff = '[]'", "at = now()", "\"by\" = 'nobody'"])
def test_verify_finds_a_changed_row(tx: sa.Connection, forged: str) -> None:
    """Whatever of a row is changed past the trigger, the journaled digest tells."""
    number = remember(tx, [UNIT], FIRST)
    assert directory_history.fault(tx) is None
    past_the_trigger(tx, f"UPDATE directory_changes SET {forged} WHERE id = {number}")  # noqa: S608 both are ours
    seal.seal(tx, AT)
    verdict = seal.verify(tx)
    assert (verdict.holds, verdict.broken_at, verdict.why) == (False, number, "changed-directory")


def test_verify_finds_a_lost_row_and_one_that_nobody_journaled(tx: sa.Connection) -> None:
    """A row taken away, and one put in by hand, are both told."""
    number = remember(tx, [UNIT], FIRST)
    past_the_trigger(tx, f"DELETE FROM directory_changes WHERE id = {number}")  # noqa: S608 the number is ours
    assert directory_history.fault(tx) == (number, "missing-change")
    row = {"at": AT, "by": "x", "why": "y", "diff": []}
    by_hand = tx.execute(
        sa.insert(schema.directory_changes).values(row).returning(schema.directory_changes.c.id)
    ).scalar()
    assert directory_history.fault(tx) == (by_hand, "untold-change")


def past_the_trigger(tx: sa.Connection, order: str) -> None:
    """What the owner of the tables could do who first takes the guard away."""
    tx.execute(sa.text("SET ROLE none"))
    tx.execute(sa.text("ALTER TABLE directory_changes DISABLE TRIGGER directory_changes_append_only"))
    tx.execute(sa.text(order))
    tx.execute(sa.text("SET ROLE lienthong_app"))
