"""The journal, the register it makes, the books, the seal and the rebuild, on a real PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from mailmap.document import events as e
from mailmap.document.document import Fields, Seen, Symbol
from mailmap.document.sheet import to_sheet
from mailmap.policy.lifecycle import IllegalTransition
from storage import journal, rebuild, register, seal
from storage.database import Database
from storage.keys import Keys
from storage.payloads import KeyDestroyed, Payloads
from storage.register import Place, Series
from storage.schema import books, deliveries, documents, entries, letters

NOON = datetime(2016, 10, 15, 5, 0, tzinfo=UTC)
STAMP = NOON.isoformat()
QUIET = lambda _: None  # noqa: E731 progress nobody watches


@pytest.fixture(scope="module")
def vault() -> Payloads:
    """The vault over fresh keys."""
    return Payloads(Keys.fresh())


def born(tx: sa.Connection, unit: str = "haiphuc", number: int | None = None) -> tuple[int, int, int, list[e.Event]]:
    """A document of ``unit``, delivered to the district by one letter: its ids and events."""
    document, delivery, letter = register.new_ids(tx, 3)
    symbol = Symbol(number or document, "UBND-VP")
    fields = Fields(symbol=Seen(symbol, 0.95, "subject"), subject=Seen("V/v họp giao ban", 0.9, "subject"))
    sheet = to_sheet(fields, (), "vanthu@haiphuc.example", ())
    happened: list[e.Event] = [
        e.DocumentRegistered(
            document, f"LT-{document}", f"S-{document}", unit, STAMP, "normal", "CV", "information", sheet
        ),
        e.DocumentBooked(document, unit, 2016, "", symbol.number, "", "UBND-VP", "2016-10-15", STAMP),
        e.DeliveryOpened(document, delivery, "haihau", "mail", STAMP),
        e.LetterQueued(document, letter, delivery, "delivery", "haihau", STAMP, STAMP, "vt@haihau.example", {}),
    ]
    return document, delivery, letter, happened


def accepted(tx: sa.Connection, document: int, delivery: int, unit: str) -> e.DeliveryAccepted:
    """The unit takes it under its next number."""
    number = register.next_numbers(tx, [Series(unit, "in", 2016)])[0]
    return e.DeliveryAccepted(document, delivery, unit, 2016, "", number, STAMP, "đã nhận")


def one(database: Database, query: sa.Select[tuple[object]]) -> object:
    """One value from the register."""
    with database.transaction() as tx:
        return tx.execute(query).scalar_one()


def test_what_was_appended_is_read_back_equal(database: Database, vault: Payloads) -> None:
    """Events come back as they were written, in order, with the next version of their stream."""
    with database.transaction() as tx:
        document, _, _, happened = born(tx)
        register.record(tx, vault, happened, actor="gateway", at=NOON)
    with database.transaction() as tx:
        rows = list(journal.read(tx, vault, document=document))
    assert [row.event for row in rows] == happened
    assert [row.version for row in rows] == [1, 2, 3, 4]


def test_names_and_texts_are_not_in_the_open_body(database: Database, vault: Payloads) -> None:
    """Subject, addresses and words lie sealed; the open body holds none of them."""
    with database.transaction() as tx:
        document, _, _, happened = born(tx)
        register.record(tx, vault, happened, actor="gateway", at=NOON)
        rows = tx.execute(sa.text("SELECT body::text, secret FROM journal WHERE document = :d"), {"d": document}).all()
    shown = " ".join(row[0] for row in rows) + repr([row[1] for row in rows])
    for private in ("họp giao ban", "vanthu@haiphuc.example", "vt@haihau.example"):
        assert private not in shown


def test_nothing_is_true_before_the_commit(database: Database, vault: Payloads) -> None:
    """A transaction that fails leaves neither journal nor register nor number behind."""
    before = one(database, sa.select(sa.func.count()).select_from(documents))
    with pytest.raises(ZeroDivisionError), database.transaction() as tx:
        _, _, _, happened = born(tx)
        register.record(tx, vault, happened, actor="gateway", at=NOON)
        raise ZeroDivisionError
    assert one(database, sa.select(sa.func.count()).select_from(documents)) == before


def test_an_outgoing_number_is_refused_twice(database: Database, vault: Payloads) -> None:
    """(unit, year, series, number, notation) stands once in the outgoing book."""
    with database.transaction() as tx:
        register.record(tx, vault, born(tx, "haian", 45)[3], actor="gateway", at=NOON)
    with pytest.raises(IntegrityError), database.transaction() as tx:
        register.record(tx, vault, born(tx, "haian", 45)[3], actor="gateway", at=NOON)
    with database.transaction() as tx:
        places = [Place(Series("haian", "out", year), Symbol(45, "UBND-VP")) for year in (2016, 2017)]
        assert list(register.holders(tx, places)) == places[:1]


def test_arrival_numbers_have_no_gaps_under_concurrency(database: Database, vault: Payloads) -> None:
    """Eight clerks accept at once, some transactions fail: the book still counts 1, 2, 3 … without a gap."""
    failures: list[Exception] = []

    def accept(turn: int) -> None:
        for n in range(5):
            try:
                with database.transaction() as tx:
                    document, delivery, _, happened = born(tx)
                    happened.append(accepted(tx, document, delivery, "truc-ninh"))
                    register.record(tx, vault, happened, actor="gateway", at=NOON)
                    if (turn + n) % 4 == 0:
                        raise ZeroDivisionError
            except ZeroDivisionError as error:
                failures.append(error)

    threads = [threading.Thread(target=accept, args=(turn,)) for turn in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = sa.select(entries.c.number).where(entries.c.unit == "truc-ninh").order_by(entries.c.number)
    with database.transaction() as tx:
        assert list(tx.execute(numbers).scalars()) == list(range(1, 41 - len(failures)))
    assert failures


def test_only_the_table_moves_a_letter(database: Database, vault: Payloads) -> None:
    """An event that the state does not know is refused and leaves nothing."""
    with database.transaction() as tx:
        document, _, letter, happened = born(tx)
        register.record(tx, vault, happened, actor="gateway", at=NOON)
    with pytest.raises(IllegalTransition), database.transaction() as tx:
        told = e.LetterRelayed(document, letter, 1, STAMP, "2.0.0", "ok")
        register.record(tx, vault, [told], actor="gateway", at=NOON)
    assert one(database, sa.select(letters.c.transport).where(letters.c.id == letter)) == "queued"


def test_states_move_with_their_events(database: Database, vault: Payloads) -> None:
    """Tried, relayed, accepted: the register shows where letter and delivery are, and the book its number."""
    with database.transaction() as tx:
        document, delivery, letter, happened = born(tx)
        happened += [
            e.LetterTried(document, letter, 1, STAMP),
            e.LetterRelayed(document, letter, 1, STAMP, "2.0.0", "ok"),
        ]
        happened.append(accepted(tx, document, delivery, "haihau"))
        register.record(tx, vault, happened, actor="gateway", at=NOON)
    assert one(database, sa.select(letters.c.transport).where(letters.c.id == letter)) == "relayed"
    assert one(database, sa.select(deliveries.c.handling).where(deliveries.c.id == delivery)) == "03"
    assert one(database, sa.select(books.c.next).where(books.c.unit == "haihau")) == 2


def test_the_seal_chains_every_row_and_a_walk_holds(database: Database, vault: Payloads) -> None:
    """After sealing, the walk passes over every journal row."""
    with database.transaction() as tx:
        register.record(tx, vault, born(tx)[3], actor="gateway", at=NOON)
        while seal.seal(tx, NOON).rows:
            continue
        verdict = seal.verify(tx)
        rows = tx.execute(sa.text("SELECT count(*) FROM journal")).scalar_one()
    assert verdict.holds
    assert verdict.rows == rows


def test_a_row_committed_late_is_sealed_later(database: Database, vault: Payloads) -> None:
    """A transaction that was open while others were sealed finds its place in the next round."""
    with database.transaction() as late:
        register.record(late, vault, born(late)[3], actor="gateway", at=NOON)
        with database.transaction() as tx:
            register.record(tx, vault, born(tx)[3], actor="gateway", at=NOON)
        with database.transaction() as tx:
            while seal.seal(tx, NOON).rows:
                continue
    with database.transaction() as tx:
        assert seal.seal(tx, NOON).rows == 4
        assert seal.verify(tx).holds


def test_a_changed_row_breaks_the_chain(new_database: Callable[..., str], template: str, vault: Payloads) -> None:
    """Whoever gets round the triggers is found by the walk, at the place he touched."""
    database = Database(new_database(template))
    with database.transaction() as tx:
        register.record(tx, vault, born(tx)[3], actor="gateway", at=NOON)
        seal.seal(tx, NOON)
    with database.transaction() as tx:
        tx.execute(sa.text("RESET ROLE"))
        tx.execute(sa.text("ALTER TABLE journal DISABLE TRIGGER journal_append_only"))
        tx.execute(sa.text("UPDATE journal SET actor = 'somebody' WHERE seq = 3"))
        verdict = seal.verify(tx)
    database.close()
    assert (verdict.broken_at, verdict.why) == (3, "changed-row")


def test_a_rebuild_agrees_with_the_living_register(database: Database, vault: Payloads) -> None:
    """The register replayed from the journal equals the living one, row by row."""
    with database.transaction() as tx:
        register.record(tx, vault, born(tx)[3], actor="gateway", at=NOON)
    with database.transaction() as tx:
        assert rebuild.compare(tx, vault, QUIET) == []


def test_a_rebuild_finds_and_mends_what_was_changed(
    new_database: Callable[..., str], template: str, vault: Payloads
) -> None:
    """A row changed behind the journal's back is shown; ``rebuild`` brings the register back."""
    database = Database(new_database(template))
    with database.transaction() as tx:
        document, _, _, happened = born(tx)
        register.record(tx, vault, happened, actor="gateway", at=NOON)
        tx.execute(documents.update().where(documents.c.id == document).values(subject="đổi"))
    with database.transaction() as tx:
        assert {(d.table, d.kind) for d in rebuild.compare(tx, vault, QUIET)} == {
            ("documents", "extra"),
            ("documents", "missing"),
        }
    with database.transaction() as tx:
        assert rebuild.rebuild(tx, vault, QUIET) == len(happened)
    with database.transaction() as tx:
        assert rebuild.compare(tx, vault, QUIET) == []
    database.close()


def test_a_purged_document_rebuilds_as_purged(database: Database, vault: Payloads) -> None:
    """Once the key is gone, texts are gone from register and rebuild alike; number and code stay."""
    with database.transaction() as tx:
        document, _, _, happened = born(tx)
        register.record(tx, vault, happened, actor="gateway", at=NOON)
    with database.transaction() as tx:
        vault.destroy(tx, document, NOON)
        purged = e.DocumentPurged(document, "Lãnh đạo Văn phòng", "QĐ 12/QĐ-UBND")
        register.record(tx, vault, [purged], actor="an officer", at=NOON)
    with database.transaction() as tx:
        row = tx.execute(sa.select(documents).where(documents.c.id == document)).one()
        assert (row.subject, row.sheet, row.code) == ("", None, f"LT-{document}")
        assert rebuild.compare(tx, vault, QUIET) == []


def test_nothing_is_sealed_under_a_destroyed_key(database: Database, vault: Payloads) -> None:
    """After the purge nothing private can be written about the document any more."""
    with database.transaction() as tx:
        document, delivery, _, happened = born(tx)
        register.record(tx, vault, happened, actor="gateway", at=NOON)
        vault.destroy(tx, document, NOON)
    with pytest.raises(KeyDestroyed), database.transaction() as tx:
        register.record(tx, vault, [accepted(tx, document, delivery, "haihau")], actor="gateway", at=NOON)


def test_a_new_master_key_opens_what_the_old_one_wrapped(database: Database, vault: Payloads) -> None:
    """After rotation every document key is wrapped anew, and every event still reads the same."""
    with database.transaction() as tx:
        document, _, _, happened = born(tx)
        register.record(tx, vault, happened, actor="gateway", at=NOON)
    turned = Payloads(vault.keys.rotated())
    with database.transaction() as tx:
        while turned.rewrap(tx):
            continue
    only_new = Keys("2", {"2": turned.keys.master}, b"", b"", b"")
    with database.transaction() as tx:
        assert [row.event for row in journal.read(tx, Payloads(only_new), document=document)] == happened
        while Payloads(Keys("1", dict(turned.keys.masters), b"", b"", b"")).rewrap(tx):
            continue
