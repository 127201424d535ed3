"""The tables of who is who, and the writer who keeps the doorbook as they are, on a real PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from mailmap.directory.address import Address, May
from mailmap.directory.answers import Leads
from mailmap.directory.directory import OwnNames, Snapshot
from mailmap.directory.roster import Diff, propose
from mailmap.directory.sheet import read
from mailmap.directory.unit import Channel, Unit, UnitKind
from storage import directory, schema
from storage.database import Database
from storage.directories import Directories
from storage.directory import BadDiff, Signature
from storage.doorbook import Doorbook, Standing
from storage.doorbook_writer import DoorbookWriter

OWN = OwnNames(frozenset({"lienthong.example"}))
SIGNED = Signature("quản trị", "danh sách mới", datetime(2016, 10, 30, 3, 0, tzinfo=UTC))
DAY = date(2016, 10, 30)
UNITS = """id,name,kind,short,parent,contact,channel,book,accepts_itself,valid_from,valid_until,organ_id
namdinh,UBND tỉnh Nam Định,tỉnh,namdinh,,vanthu@namdinh.example,,,,,,H40
haihau,UBND huyện Hải Hậu,huyện,haihau,namdinh,vanthu@haihau.example,mail,yes,no,,,H40.9
haiphuc,UBND xã Hải Phúc,xã,haiphuc.haihau,haihau,vanthu@haiphuc.example,mailbox,no,yes,01/01/2000,2024-09-01,
"""
ADDRESSES = """address,unit,may,role
vanthu@haihau.example,haihau,,văn thư
Chu.Tich@HaiPhuc.example,haiphuc,send recall,chủ tịch
"""


@pytest.fixture
def clean(database: Database) -> Iterator[Database]:
    """The module's database with an empty directory."""
    yield database
    with database.transaction() as tx:
        for table in (schema.units, schema.addresses, schema.accounts):
            tx.execute(sa.delete(table))


def adopt(database: Database, *texts: str) -> tuple[Diff, int | None]:
    """Propose these sheets and apply them, as one import does."""
    sheets = [read(f"{n}.csv", text) for n, text in enumerate(texts)]
    with database.transaction() as tx:
        directory.alone(tx)
        diff = propose(sheets, directory.around(tx, sheets), OWN)
        return diff, directory.apply(tx, diff, SIGNED)


def now(database: Database, directories: Directories) -> Snapshot:
    """The directory of this moment."""
    with database.transaction() as tx:
        return directories.load(tx)


def test_what_was_applied_is_read_back(clean: Database) -> None:
    """Every field of units and mappings comes back as the sheets told it."""
    adopt(clean, UNITS, ADDRESSES)
    with clean.transaction() as tx:
        units = {unit.id: unit for unit in directory.all_units(tx)}
        mappings = list(directory.all_addresses(tx))
    assert units["haiphuc"] == Unit(
        id="haiphuc", name="UBND xã Hải Phúc", kind=UnitKind.COMMUNE, short="haiphuc.haihau", parent="haihau",
        contact="vanthu@haiphuc.example", channel=Channel.MAILBOX, book=False, accepts_itself=True,
        valid_from=date(2000, 1, 1), valid_until=date(2024, 9, 1),
    )  # fmt: skip
    assert list(units) == ["haihau", "haiphuc", "namdinh"]
    assert mappings == [
        Address("chu.tich@haiphuc.example", "haiphuc", frozenset({May.SEND, May.RECALL}), "chủ tịch"),
        Address("vanthu@haihau.example", "haihau", role="văn thư"),
        Address("vanthu@namdinh.example", "namdinh"),  # the mailbox of a new unit is an address of it, too
    ]


def test_applying_twice_changes_nothing(clean: Database) -> None:
    """The second time the diff is empty, and no row of history is written."""
    first, number = adopt(clean, UNITS, ADDRESSES)
    again, none = adopt(clean, UNITS, ADDRESSES)
    assert (len(first.changes), number is None) == (6, False)  # 3 units, 2 mappings, 1 that came with a unit
    assert (again.changes, again.same, none) == ((), 5, None)


def test_every_change_has_its_history(clean: Database) -> None:
    """Who, when, why, and each change before and after stand in directory_changes."""
    adopt(clean, UNITS)
    _, number = adopt(clean, "name,kind,short,id\nỦy ban nhân dân tỉnh Nam Định,tỉnh,namdinh,namdinh\n")
    with clean.transaction() as tx:
        row = tx.execute(sa.select(schema.directory_changes).where(schema.directory_changes.c.id == number)).one()
    assert (row.by, row.why, row.at) == (SIGNED.by, SIGNED.why, SIGNED.at)
    (change,) = row.diff
    assert (change["effect"], change["place"]) == ("changed", "0.csv:2")
    assert change["before"]["name"] == "UBND tỉnh Nam Định"
    assert change["after"]["name"] == "Ủy ban nhân dân tỉnh Nam Định"
    assert change["after"]["contact"] == "vanthu@namdinh.example"


def test_a_diff_with_mistakes_is_not_applied(clean: Database) -> None:
    """One bad row, and nothing of the sheet is written."""
    with pytest.raises(BadDiff):
        adopt(clean, UNITS + "x,Không rõ,lạ,x,,,,,,,,\n")
    with clean.transaction() as tx:
        assert list(directory.all_units(tx)) == []


def test_mistakes_against_what_is_known_are_found(clean: Database) -> None:
    """A sheet is judged together with the tables: names, codes, parents and addresses that are taken already."""
    adopt(clean, UNITS, ADDRESSES)
    sheets = [
        read("u", "id,name,kind,short,parent,organ_id\na,A,xã,haihau,haihau,\nb,B,xã,b,no,\nc,C,xã,c,haihau,h40.9\n"),
        read("a", "address,unit\nvanthu@haihau.example,namdinh\nmoi@x.example,haiphuc\n"),
    ]  # fmt: skip
    with clean.transaction() as tx:
        diff = propose(sheets, directory.around(tx, sheets), OWN)
    assert [(mistake.place.file, mistake.place.line, mistake.why.key) for mistake in diff.mistakes] == [
        ("a", 2, "roster.two-units"),
        ("u", 2, "roster.name-taken"),
        ("u", 3, "roster.no-parent"),
        ("u", 4, "roster.name-taken"),
    ]


def test_a_cycle_through_known_units_is_found(clean: Database) -> None:
    """Putting the top of a tree below its own leaf is refused, however long the way."""
    adopt(clean, UNITS)
    sheet = read("u", "id,name,kind,short,parent\nnamdinh,UBND tỉnh Nam Định,tỉnh,namdinh,haiphuc\n")
    with clean.transaction() as tx:
        diff = propose([sheet], directory.around(tx, [sheet]), OWN)
    assert "roster.cycle" in [mistake.why.key for mistake in diff.mistakes]


def test_answers_are_never_older_than_the_question(clean: Database) -> None:
    """After a commit the next ``load`` knows of it; what was asked before stays as it was told."""
    directories = Directories(clean, OWN, b"k" * 32)
    adopt(clean, UNITS)
    before = now(clean, directories)
    assert before.who("chu.tich@haiphuc.example", DAY).unit is None
    assert before.where("h40.9@lienthong.example", DAY).leads is Leads.UNIT
    adopt(clean, ADDRESSES)
    unit = now(clean, directories).who("Chu.Tich@HaiPhuc.example", DAY).unit
    assert unit is not None
    assert unit.name == "UBND xã Hải Phúc"
    directories.close()


@pytest.mark.parametrize("odd", ["a\0b", "\ud800", "a\udcffb", ""])
def test_what_no_table_can_hold_is_unknown(clean: Database, odd: str) -> None:
    """A NUL or half a character in an address is an unknown address, not an error."""
    directories = Directories(clean, OWN, b"k" * 32)
    there = now(clean, directories)
    assert there.who(f"{odd}@haihau.example", DAY).unit is None
    assert there.where(f"{odd}@lienthong.example", DAY).leads is Leads.UNKNOWN
    directories.close()


def test_writers_wait_for_each_other(clean: Database) -> None:
    """Two imports at once of one address to two units: one is written, the other sees it and is refused."""
    adopt(clean, UNITS)
    together = threading.Barrier(2)
    ends: list[str] = []

    def map_to(unit: str) -> None:
        together.wait()
        try:
            adopt(clean, f"address,unit\nmoi@x.example,{unit}\n")
        except BadDiff:
            ends.append("refused")
        else:
            ends.append("written")

    threads = [threading.Thread(target=map_to, args=(unit,)) for unit in ("haihau", "haiphuc")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == ["refused", "written"]


def test_the_writer_writes_only_what_changed(clean: Database, tmp_path: Path) -> None:
    """A change of units, addresses or accounts makes a new doorbook; nothing new means nothing written."""
    path = tmp_path / "state" / "doorbook"
    writer = DoorbookWriter(clean, path, OWN)
    door = Doorbook(path, max_age_s=60, look_every_s=0)
    assert [writer.tend(), writer.tend()] == [True, False]
    adopt(clean, UNITS, ADDRESSES)
    assert [writer.tend(), writer.tend()] == [True, False]
    assert door.standing("haihau@lienthong.example") is Standing.KNOWN
    assert door.directory().who("vanthu@haihau.example", DAY).unit is not None
    add_account(clean, "vanthu", locked=False)
    assert [writer.tend(), writer.tend()] == [True, False]
    account = door.account("vanthu")
    assert account is not None
    assert account.may_send_as == {"vanthu@haihau.example"}
    with clean.transaction() as tx:
        tx.execute(sa.update(schema.accounts).values(locked=True))
    assert writer.tend()
    assert door.account("vanthu") == replace(account, locked=True)


def test_a_writer_takes_over_from_another(clean: Database, tmp_path: Path) -> None:
    """A file that agrees with the tables is kept after a restart; one of another gateway, or a broken one, is not."""
    path = tmp_path / "doorbook"
    assert DoorbookWriter(clean, path, OWN).tend()
    assert not DoorbookWriter(clean, path, OWN).tend()
    assert DoorbookWriter(clean, path, OwnNames(frozenset({"other.example"}))).tend()
    path.write_bytes(b"broken")
    assert DoorbookWriter(clean, path, OWN).tend()


def test_a_lost_or_damaged_doorbook_is_written_again(clean: Database, tmp_path: Path) -> None:
    """The writer does not vouch for a file it has not looked at: doors would say "later" until somebody restarts it."""
    path = tmp_path / "doorbook"
    writer = DoorbookWriter(clean, path, OWN, vouch_every_s=0)
    door = Doorbook(path, max_age_s=60, look_every_s=0)
    adopt(clean, UNITS, ADDRESSES)
    assert [writer.tend(), writer.tend()] == [True, False]
    path.unlink()
    assert [writer.tend(), writer.tend()] == [True, False]
    path.write_bytes(b"broken")
    assert [writer.tend(), writer.tend()] == [True, False]
    assert door.standing("haihau@lienthong.example") is Standing.KNOWN


def add_account(database: Database, login: str, *, locked: bool) -> None:
    """A submission account for the district's clerk."""
    row = {"login": login, "password_hash": "$argon2id$…", "may_send_as": ["vanthu@haihau.example"], "locked": locked}
    with database.transaction() as tx:
        tx.execute(sa.insert(schema.accounts).values(created_at=SIGNED.at, changed_at=SIGNED.at, **row))
