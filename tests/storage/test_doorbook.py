"""The doorbook: what the doors answer from a file, and when they say that they cannot."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailmap.directory.address import ORDINARY, Address, May
from mailmap.directory.directory import OwnNames, snapshot
from mailmap.directory.unit import Channel, Unit, UnitKind
from storage import constfile, doorbook_writer
from storage.doorbook import Account, Doorbook, Head, Stale, Standing
from storage.doorbook_content import in_memory

OWN = OwnNames(frozenset({"lienthong.example"}), frozenset({"vanban"}))
COMMUNE = Unit("haiphuc.haihau", "UBND xã Hải Phúc", UnitKind.COMMUNE, "haiphuc.haihau", "haihau", organ_id="H40.9.1")
DISTRICT = Unit("haihau", "UBND huyện Hải Hậu", UnitKind.DISTRICT, "haihau")
CLERK = Address("vanthu.haiphuc@haihau.namdinh.example", COMMUNE.id)
LOGIN = Account("vanthu.haiphuc", "$argon2id$…", frozenset({CLERK.address}), locked=False)
DAYS = st.dates(date(2000, 1, 1), date(2030, 1, 1))
NAMES = st.sampled_from(["haihau", "haiphuc.haihau", "haian.haihau", "xahảián"])


def written(path: Path, *units: Unit, addresses: tuple[Address, ...] = (CLERK,)) -> Path:
    """A doorbook with these units, the clerk's address and account."""
    doorbook_writer.write(path, Head(OWN, "1"), in_memory(units, addresses, people=[LOGIN]))
    return path


def opened(path: Path, max_age_s: float = 60) -> Doorbook:
    """A doorbook that looks for a new file at every question."""
    return Doorbook(path, max_age_s=max_age_s, look_every_s=0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A doorbook of a district and its commune."""
    return written(tmp_path / "doorbook", COMMUNE, DISTRICT)


@pytest.mark.parametrize(
    ("address", "standing"),
    [
        ("haiphuc.haihau@lienthong.example", Standing.KNOWN),
        ("<HaiPhuc.HaiHau@LienThong.Example>", Standing.KNOWN),
        ('"haiphuc.haihau"@lienthong.example.', Standing.KNOWN),
        ("haiphuc.haihau+khan@lienthong.example", Standing.KNOWN),
        ("h40.9.1@lienthong.example", Standing.KNOWN),
        ("vanban@lienthong.example", Standing.KNOWN),
        ("Postmaster@lienthong.example", Standing.KNOWN),
        ("postmaster", Standing.KNOWN),
        ("abuse@lienthong.example", Standing.KNOWN),
        ("haiphuk.haihau@lienthong.example", Standing.UNKNOWN),
        ("haiphuc.haihau", Standing.UNKNOWN),
        ("tl+7-aaaaaaaaaaaaaaaaaaaaaaaa@lienthong.example", Standing.UNKNOWN),
        ("", Standing.UNKNOWN),
        ("haihau@elsewhere.example", Standing.FOREIGN),
        (CLERK.address, Standing.FOREIGN),
    ],
)
def test_every_address_has_its_standing(path: Path, address: str, standing: Standing) -> None:
    """Units by name, code and tag, system names and the intake are known; other domains are foreign."""
    assert opened(path).standing(address) is standing


def test_an_account_is_found_by_its_login_in_any_case(path: Path) -> None:
    """A login is one however it is typed; an unknown one is None."""
    book = opened(path)
    assert book.account("VanThu.HaiPhuc") == LOGIN
    assert book.account("haiphuc.haihau") is None


def test_misspelt_names_find_their_neighbours(path: Path) -> None:
    """A swapped, missing, added or marked letter still finds the unit; what is far from everything finds nothing."""
    book = opened(path)
    for misspelt in ("hiaphuc.haihau", "haiphuc.hahau", "haiphucc.haihau", "hảiphúc.hảihậu"):
        assert book.nearest(f"{misspelt}@lienthong.example")[0] == "haiphuc.haihau@lienthong.example"
    assert book.nearest("ketoan@lienthong.example") == ()
    assert book.nearest("haiha@lienthong.example", limit=1) == ("haihau@lienthong.example",)


@pytest.mark.parametrize("odd", ["a\0b", "\ud800", "a\udcffb", "", "@", "a@@b", "\U0010ffff" * 300])
def test_odd_octets_are_only_unknown(path: Path, odd: str) -> None:
    """NULs, halves of characters and other oddities have a standing, neighbours and no account, like any other name."""
    book = opened(path)
    assert book.standing(f"{odd}@lienthong.example") is Standing.UNKNOWN
    assert book.nearest(f"{odd}@lienthong.example") == ()
    assert book.account(odd) is None


def test_a_missing_file_is_stale(tmp_path: Path) -> None:
    """Without a doorbook nobody is told "no such address"; as soon as it comes, answers are given."""
    book = opened(tmp_path / "doorbook")
    with pytest.raises(Stale):
        book.standing("haihau@lienthong.example")
    written(tmp_path / "doorbook", DISTRICT)
    assert book.standing("haihau@lienthong.example") is Standing.KNOWN


def test_a_broken_file_is_stale(path: Path) -> None:
    """A damaged doorbook answers nothing, also to those who had a good one open."""
    book = opened(path)
    assert book.standing("haihau@lienthong.example") is Standing.KNOWN
    broken = path.with_name("broken")
    broken.write_bytes(path.read_bytes()[:-8])
    broken.replace(path)
    with pytest.raises(Stale):
        book.account("vanthu.haiphuc")


def test_a_file_of_another_form_is_stale(path: Path) -> None:
    """A program that reads another form of records takes the file for missing."""
    constfile.write(path, [(b"!", b"999\0state\0\0")])
    with pytest.raises(Stale):
        opened(path).standing("haihau@lienthong.example")


def test_an_old_file_is_stale_until_it_is_vouched_for(path: Path) -> None:
    """Age counts from the last touch of the writer, and the same file counts again once it is touched."""
    book = opened(path, max_age_s=60)
    os.utime(path, (time.time() - 61,) * 2)
    with pytest.raises(Stale):
        book.nearest("haihau@lienthong.example")
    os.utime(path)
    assert book.standing("haihau@lienthong.example") is Standing.KNOWN


def test_a_new_file_is_seen_within_two_seconds(path: Path) -> None:
    """With the usual setting a door sees a replaced file in less than two seconds."""
    book = Doorbook(path, max_age_s=60)
    assert book.standing("haian.haihau@lienthong.example") is Standing.UNKNOWN
    written(path, replace(COMMUNE, id="haian.haihau", short="haian.haihau"))
    deadline = time.monotonic() + 2
    while book.standing("haian.haihau@lienthong.example") is Standing.UNKNOWN:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert book.standing("haiphuc.haihau@lienthong.example") is Standing.UNKNOWN


def test_units_count_on_their_days(path: Path) -> None:
    """The door takes mail for units that exist today, where the gateway is."""
    ended = replace(DISTRICT, valid_until=date(2016, 10, 30))
    to_come = replace(COMMUNE, valid_from=date.max)
    book = opened(written(path, ended, to_come))
    assert book.standing("haihau@lienthong.example") is Standing.UNKNOWN
    assert book.standing("haiphuc.haihau@lienthong.example") is Standing.UNKNOWN


def test_the_day_turns_in_the_zone_of_the_gateway(path: Path) -> None:
    """A unit that begins today begins at midnight of the gateway's zone, not of Greenwich."""
    far_east, far_west = ZoneInfo("Etc/GMT-14"), ZoneInfo("Etc/GMT+12")  # 26 hours apart: never the same day
    before, after = (Doorbook(path, max_age_s=60, zone=zone, look_every_s=0) for zone in (far_west, far_east))
    today = datetime.now(UTC).toordinal()
    answers = set()
    for day in range(today - 2, today + 3):
        written(path, replace(DISTRICT, valid_from=date.fromordinal(day)))
        answers.add(tuple(book.standing("haihau@lienthong.example") for book in (before, after)))
    assert (Standing.UNKNOWN, Standing.KNOWN) in answers


@given(
    units=st.lists(
        st.builds(
            Unit,
            id=st.sampled_from(["a", "b", "c", "d"]),
            name=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20),
            kind=st.sampled_from(UnitKind),
            short=NAMES,
            parent=st.sampled_from([None, "a", "b"]),
            contact=st.sampled_from(["", CLERK.address]),
            channel=st.sampled_from(Channel),
            book=st.booleans(),
            accepts_itself=st.booleans(),
            valid_from=DAYS,
            valid_until=st.none() | DAYS,
            organ_id=st.sampled_from(["", "H40", "H40.1"]),
        ),
        unique_by=lambda unit: unit.id,
        max_size=4,
    ),
    mappings=st.lists(
        st.builds(
            Address,
            address=st.sampled_from(["a@x.example", "b@x.example", "c@lienthong.example"]),
            unit=st.sampled_from(["a", "b", "e"]),
            may=st.frozensets(st.sampled_from(May)) | st.just(ORDINARY),
            role=st.sampled_from(["", "văn thư"]),
            valid_from=DAYS,
            valid_until=st.none() | DAYS,
        ),
        unique_by=lambda mapping: (mapping.address, mapping.valid_from),
        max_size=5,
    ),
    on=DAYS,
)
def test_the_file_answers_as_memory_does(
    tmp_path_factory: pytest.TempPathFactory, units: list[Unit], mappings: list[Address], on: date
) -> None:
    """Whatever units and mappings there are: on every day the file gives the very answers of a directory in memory."""
    path = written(tmp_path_factory.mktemp("d") / "doorbook", *units, addresses=tuple(mappings))
    file, memory = opened(path).directory(), snapshot(units, mappings, OWN)
    for address in ("a@x.example", "B@x.example", "c@lienthong.example", "d@x.example", ""):
        assert file.who(address, on) == memory.who(address, on)
    for name in ("haihau", "haiphuc.haihau", "xaha\u0309ia\u0301n", "h40", "H40.1", "nobody"):
        assert file.where(f"{name}@lienthong.example", on) == memory.where(f"{name}@lienthong.example", on)
    assert all(file.unit(unit.id, on) == unit for unit in units)


def test_doors_ask_while_the_file_is_replaced(path: Path) -> None:
    """Many threads ask while a writer replaces the file again and again: what is in every edition is always known."""
    book = opened(path)
    done = threading.Event()
    wrong: list[object] = []

    def ask() -> None:
        while not done.is_set():
            try:
                standing = book.standing("haihau@lienthong.example")
            except Exception as error:  # noqa: BLE001  any error at all is the failure this test looks for
                standing = error
            if standing is not Standing.KNOWN:
                wrong.append(standing)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for edition in range(60):
        written(path, DISTRICT, *(replace(COMMUNE, id=f"x{n}", short=f"x{n}") for n in range(edition)))
    done.set()
    for thread in threads:
        thread.join()
    assert wrong == []
