"""What changes is written beside the doorbook, and together they answer as the tables do; whatever dies meanwhile."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailmap.directory.address import Address, Form, May
from mailmap.directory.answers import Sentence
from mailmap.directory.changes import Change, Diff, Effect, Thing, key_of
from mailmap.directory.directory import OwnNames
from mailmap.directory.index import MemoryIndex, names_of
from mailmap.directory.naming import keys
from mailmap.directory.proof import Proof
from mailmap.directory.sheet import Place
from mailmap.directory.succession import Succession, Turn
from mailmap.directory.unit import Channel, Unit, UnitKind, Way
from storage import directory, doorbook_content, schema
from storage.book import Book
from storage.constfile import BrokenFile
from storage.database import Database
from storage.directory_history import Signature
from storage.doorbook import Doorbook, Standing
from storage.doorbook_records import Head
from storage.doorbook_writer import DoorbookWriter

OWN = OwnNames(frozenset({"lienthong.example"}))
SIGNED = Signature("quản trị", "thử", datetime(2025, 7, 1, tzinfo=UTC))
ROOT = Path(__file__).resolve().parents[2]
SINCE = st.sampled_from([date(2000, 1, 1), date(2024, 9, 1), date(2025, 7, 1)])
IDS = st.sampled_from(["hp", "hh", "Hải", "nb", "z"])
NAMES = st.sampled_from(["UBND xã Hải Phúc", "UBND phường Hải Phúc", "Văn phòng", "a\tb\nc\\d", "UBND tỉnh Ninh Bình"])
ODD = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\x1f"), max_size=8)
Model = dict[tuple[type, str, date], Thing]

UNITS = st.builds(
    Unit,
    id=IDS,
    name=NAMES | ODD,
    kind=st.sampled_from(UnitKind),
    short=st.sampled_from(["haiphuc", "HaiHau", "vp.haiphuc", "nb", ""]),
    parent=st.none() | IDS,
    contact=st.sampled_from(["", "a@x.example"]),
    channel=st.sampled_from(Channel),
    book=st.booleans(),
    accepts_itself=st.booleans(),
    valid_from=SINCE,
    valid_until=st.none() | SINCE,
    organ_id=st.sampled_from(["", "H40.1"]),
    tax_code=st.sampled_from(["", "0601"]),
    other_names=st.lists(NAMES, max_size=2, unique=True).map(tuple),
    fallback=st.lists(st.builds(Way, st.sampled_from(Channel), st.sampled_from(["", "b@x"])), max_size=2).map(tuple),
    basis=ODD,
)
MAPPINGS = st.builds(
    Address,
    address=st.sampled_from(["a@x.example", "b+c@x.example", "*@x.example", "\\n@x.example"]),
    unit=IDS,
    may=st.frozensets(st.sampled_from(May)),
    role=ODD,
    valid_from=SINCE,
    valid_until=st.none() | SINCE,
    form=st.sampled_from(Form),
    needs=st.sampled_from(Proof),
)
STEPS = st.builds(Succession, IDS, SINCE, st.sampled_from(Turn), st.none() | IDS, ODD)
ROUNDS = st.lists(st.lists(st.tuples(UNITS | MAPPINGS | STEPS, st.booleans()), max_size=6), min_size=1, max_size=5)


def diff_of(model: Model, wanted: list[tuple[Thing, bool]]) -> Diff:
    """The diff that puts these things into the model, or takes away what stands under their keys; the model follows."""
    before = dict(model)
    for thing, stays in wanted:
        key = (type(thing), *key_of(thing))
        if stays:
            model[key] = thing
        else:
            model.pop(key, None)
    changed = [key for key in {**before, **model} if before.get(key) != model.get(key)]
    why = Sentence.of("roster.changed", what="")
    every = [Change(Place("x", 1), Effect.CHANGED, before.get(key), model.get(key), why) for key in changed]
    return Diff(tuple(every), (), 0)


def index_of(model: Model) -> MemoryIndex:
    """The directory in memory."""
    return MemoryIndex(*parted(model))


def parted(model: Model) -> tuple[list[Unit], list[Address], list[Succession]]:
    """Units, mappings and successions apart."""
    things = list(model.values())
    units = [thing for thing in things if isinstance(thing, Unit)]
    mappings = [thing for thing in things if isinstance(thing, Address)]
    return units, mappings, [thing for thing in things if isinstance(thing, Succession)]


def assert_same_answers(book: Book, memory: MemoryIndex, seen: list[Thing]) -> None:
    """Everything that was ever in the directory is asked about, in every way."""
    units = [thing for thing in seen if isinstance(thing, Unit)]
    for unit_id in ("hp", "hh", "Hải", "nb", "z", "?"):
        assert book.unit(unit_id) == memory.unit(unit_id)
        assert book.ended(unit_id) == memory.ended(unit_id)
        assert book.below(unit_id) == memory.below(unit_id)
    for name in {name for unit in units for name in names_of(unit)}:
        assert book.named(name) == memory.named(name)
    for key in {key for unit in units for key in keys(unit.name, *unit.other_names)}:
        assert book.called(key) == memory.called(key)
    for address in {thing.address for thing in seen if isinstance(thing, Address)}:
        assert book.mapped(address) == memory.mapped(address)


@pytest.fixture
def clean(database: Database) -> Iterator[Database]:
    """The module's database with an empty directory."""
    empty(database)
    yield database
    empty(database)


def empty(database: Database) -> None:
    """No unit, address, succession or account."""
    with database.transaction() as tx:
        for table in (schema.units, schema.addresses, schema.successions, schema.accounts):
            tx.execute(sa.delete(table))


def adopt(database: Database, model: Model, *wanted: tuple[Thing, bool]) -> None:
    """Apply these as one import does."""
    with database.transaction() as tx:
        directory.apply(tx, diff_of(model, list(wanted)), SIGNED)


@pytest.mark.parametrize("small", [1000, 2])
@given(rounds=ROUNDS)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_changes_answer_as_memory_does(
    database: Database, tmp_path_factory: pytest.TempPathFactory, small: int, rounds: list[list[tuple[Thing, bool]]]
) -> None:
    """After every change, all that was ever told is answered as a directory in memory would, from large and small file.

    With ``small`` of two the large file is made anew again and again, beside the changes.
    """
    path, model, seen = tmp_path_factory.mktemp("d") / "doorbook", Model(), list[Thing]()
    empty(database)
    writer = DoorbookWriter(database, path, OWN, small=small)
    adopt(database, model, (Unit("gốc", "Gốc", UnitKind.OTHER, "goc"), True))
    writer.tend()
    for wanted in rounds:
        seen += [thing for thing, _ in wanted]
        adopt(database, model, *wanted)
        writer.tend()
        assert_same_answers(Book(path), index_of(model), seen)
    writer.close()
    DoorbookWriter(database, path, OWN).tend()
    assert_same_answers(Book(path), index_of(model), seen)


@given(rounds=ROUNDS)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_tables_and_memory_give_the_same_records(database: Database, rounds: list[list[tuple[Thing, bool]]]) -> None:
    """PostgreSQL puts a unit's fields together as Python does, octet by octet, whatever stands in them."""
    empty(database)
    model, head = Model(), Head(OWN, "1", "x")
    for wanted in rounds:
        adopt(database, model, *wanted)
    with database.transaction() as tx:
        from_tables = list(doorbook_content.records(head, doorbook_content.of_tables(tx)))
    units, mappings, steps = parted(model)
    from_memory = doorbook_content.in_memory(units, mappings, steps)
    assert sorted(from_tables) == sorted(doorbook_content.records(head, from_memory))


HAI_PHUC = Unit("hp", "UBND xã Hải Phúc", UnitKind.COMMUNE, "haiphuc")
HAI_HAU = Unit("hh", "UBND huyện Hải Hậu", UnitKind.DISTRICT, "haihau")


def test_only_what_changed_is_written(clean: Database, tmp_path: Path) -> None:
    """A change leaves the large file as it is; nothing but the two files ever lies about."""
    path, model = tmp_path / "doorbook", Model()
    adopt(clean, model, (HAI_HAU, True))
    writer = DoorbookWriter(clean, path, OWN)
    door = Doorbook(path, max_age_s=60, look_every_s=0)
    assert writer.tend()
    large = path.stat().st_ino
    adopt(clean, model, (HAI_PHUC, True))
    assert [writer.tend(), writer.tend()] == [True, False]
    assert path.stat().st_ino == large
    assert door.standing("haiphuc@lienthong.example") is Standing.KNOWN
    assert DoorbookWriter(clean, path, OWN).tend() is False
    assert len(list(tmp_path.iterdir())) == 2


def test_misspelt_names_are_looked_for_among_the_changes_too(clean: Database, tmp_path: Path) -> None:
    """A unit that has just come is among the nearest names; one that is gone is named no more."""
    path, model = tmp_path / "doorbook", Model()
    adopt(clean, model, (HAI_HAU, True))
    writer = DoorbookWriter(clean, path, OWN)
    writer.tend()
    adopt(clean, model, (HAI_PHUC, True), (HAI_HAU, False))
    writer.tend()
    door = Doorbook(path, max_age_s=60)
    assert door.nearest("hiaphuc@lienthong.example") == ("haiphuc@lienthong.example",)
    assert "haihau@lienthong.example" not in door.nearest("haihua@lienthong.example")


def test_a_change_that_does_not_tell_makes_all_anew(clean: Database, tmp_path: Path) -> None:
    """What was written past the history is found too, when a row of history says that something was."""
    path = tmp_path / "doorbook"
    writer = DoorbookWriter(clean, path, OWN)
    writer.tend()
    with clean.transaction() as tx:
        directory.put(tx, [HAI_PHUC])
        directory.remember(tx, [], SIGNED)
    assert writer.tend()
    assert Book(path).unit("hp") == (HAI_PHUC,)


def test_a_grown_small_file_becomes_part_of_the_large_one(clean: Database, tmp_path: Path) -> None:
    """The large file is made anew aside; what changes meanwhile is there before and after it takes its place."""
    path, model = tmp_path / "doorbook", Model()
    writer = DoorbookWriter(clean, path, OWN, small=1)
    writer.tend()
    first = Book(path).head.identity
    adopt(clean, model, (HAI_PHUC, True), (HAI_HAU, True))
    deadline = time.monotonic() + 20
    changed = 0
    while Book(path).head.identity == first or changed < 3:
        assert time.monotonic() < deadline
        changed += 1
        new = Unit(f"n{changed}", "Mới", UnitKind.OTHER, f"n{changed}")
        adopt(clean, model, (new, True))
        writer.tend()
        assert Book(path).unit(new.id) == (new,)
        assert Book(path).unit("hp") == (HAI_PHUC,)
    writer.close()


@pytest.mark.parametrize("lost", ["missing", "another"])
def test_a_large_file_alone_says_nothing(clean: Database, tmp_path: Path, lost: str) -> None:
    """Without its small file, or with another one's, a doorbook is as good as missing; the writer makes it whole."""
    path, model = tmp_path / "doorbook", Model()
    DoorbookWriter(clean, path, OWN).tend()
    first = Book(path).base.delta_path
    small = first.read_bytes()
    path.unlink()
    adopt(clean, model, (HAI_PHUC, True))
    DoorbookWriter(clean, path, OWN).tend()
    second = Book(path).base.delta_path
    second.unlink()
    if lost == "another":
        second.write_bytes(small)
    with pytest.raises((FileNotFoundError, BrokenFile)):
        Book(path)
    assert DoorbookWriter(clean, path, OWN).tend()
    assert Book(path).unit("hp") == (HAI_PHUC,)


KILLED = """
import sys
from pathlib import Path
from mailmap.directory.directory import OwnNames
from storage.database import Database
from storage.doorbook_writer import DoorbookWriter
own = OwnNames(frozenset({"lienthong.example"}))
DoorbookWriter(Database(sys.argv[1]), Path(sys.argv[2]), own).tend()
"""
POINTS = ("constfile.before-sync", "constfile.before-rename", "constfile.after-rename")
WHOLE = (*POINTS, *(f"{point}:2" for point in POINTS), "doorbook.before-switch", "doorbook.after-switch")


@pytest.mark.parametrize(("point", "told"), [(p, True) for p in POINTS] + [(p, False) for p in WHOLE])
def test_a_writer_killed_anywhere_leaves_a_whole_doorbook(
    clean: Database, database_url: str, tmp_path: Path, point: str, *, told: bool
) -> None:
    """At every boundary of writing, of the small file or of both: the doors have the last good pair, or the new one."""
    path, model = tmp_path / "doorbook", Model()
    adopt(clean, model, (HAI_HAU, True))
    DoorbookWriter(clean, path, OWN).tend()
    adopt(clean, model, (HAI_PHUC, True))
    if not told:
        with clean.transaction() as tx:
            directory.remember(tx, [], SIGNED)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LIENTHONG_FAILPOINT": point}
    words = [sys.executable, "-c", KILLED, database_url, str(path)]
    assert subprocess.run(words, env=environment, timeout=60, check=False).returncode == -signal.SIGKILL
    left = Book(path)
    assert left.unit("hh") == (HAI_HAU,)
    assert left.unit("hp") in {(), (HAI_PHUC,)}
    DoorbookWriter(clean, path, OWN).tend()
    assert Book(path).unit("hp") == (HAI_PHUC,)
