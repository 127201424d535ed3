"""Whom an address reaches on which day: alone, over a night in which units end, and for the books."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from mailmap.directory.address import Address
from mailmap.directory.answers import Leads
from mailmap.directory.directory import OwnNames, Snapshot, snapshot
from mailmap.directory.succession import Succession, Turn
from mailmap.directory.unit import Unit, UnitKind
from mailmap.policy.books import line_of, outgoing

DAY = timedelta(days=1)
FIRST, MERGER, LAST = date(2024, 1, 1), date(2025, 7, 1), date(2026, 12, 31)
OWN = OwnNames(frozenset({"lt.example"}))
IDS = ("a", "b", "c", "d", "e")
DAYS = st.dates(FIRST, LAST)
FOLLOWERS = st.none() | st.sampled_from(IDS)


def unit(id_: str, since: date = date.min, until: date | None = None, name: str = "") -> Unit:
    """A commune with its own mailbox."""
    called = name or f"UBND xã {id_.upper()}"
    return Unit(id_, called, UnitKind.COMMUNE, id_, contact=f"{id_}@mail.example", valid_from=since, valid_until=until)


@st.composite
def histories(draw: st.DrawFn) -> Snapshot:
    """Units that begin, end, are renamed and follow each other on any days, rightly written down or not."""
    units: list[Unit] = []
    steps: list[Succession] = []
    for id_ in IDS:
        days = sorted(draw(st.lists(DAYS, max_size=3, unique=True)))
        edges = [date.min, *days, None]
        periods = [(a, b) for a, b in pairwise(edges) if a is not None]
        kept = [period for period in periods if draw(st.booleans())] or periods[:1]
        units += [unit(id_, since, until, f"UBND xã {id_.upper()} {n}") for n, (since, until) in enumerate(kept)]
        told = [day for day in days if draw(st.booleans())]
        steps += [Succession(id_, day, draw(st.sampled_from(Turn)), draw(FOLLOWERS)) for day in told]
    mapped = [Address(f"{id_}@mail.example", id_) for id_ in IDS]
    return snapshot(units, mapped, OWN, b"k", steps)


@given(histories(), st.sampled_from(IDS), DAYS, st.integers(0, 400))
def test_an_address_reaches_one_unit_that_lives_or_waits_or_is_told_of(
    there: Snapshot, id_: str, accepted: date, late: int
) -> None:
    """However late it is worked on: one unit that lives on that day, or a person, or a word to the sender."""
    now = accepted + late * DAY
    found = there.where(f"{id_}@lt.example", accepted, now)
    if found.leads is Leads.UNIT:
        assert found.unit is not None
        assert found.unit.lives_on(now)
    else:
        assert found.leads in {Leads.UNSETTLED, Leads.UNKNOWN}
        written_to = there.named(id_, accepted)
        assert written_to is not None
        assert found.leads is Leads.UNSETTLED or not written_to.lives_on(accepted)  # who was there is never unknown
    assert found.why.key


@given(histories(), st.sampled_from(IDS), DAYS)
def test_a_sender_speaks_for_one_unit_that_lives_or_for_none(there: Snapshot, id_: str, on: date) -> None:
    """Nobody writes for a unit that does not live; the way to the one he writes for can be told."""
    found = there.who(f"{id_}@mail.example", on)
    assert found.unit is None or found.unit.lives_on(on)
    ways = [step.unit for step in found.steps]
    assert found.unit is None or not ways or ways[0] == id_


@given(histories(), st.sampled_from(IDS), DAYS, DAYS)
def test_no_number_enters_the_book_of_a_unit_that_did_not_live(
    there: Snapshot, id_: str, on: date, issued: date
) -> None:
    """The outgoing book is of a unit of the sender's own line that lived on the paper's day, or there is none."""
    found = there.who(f"{id_}@mail.example", on)
    line = line_of(found)
    book = outgoing(there, line, issued)
    assert book is None or (book.id in line and book.lives_on(issued))
    assert book is not None or not any(one and one.lives_on(issued) for one in (there.unit(u, issued) for u in line))


def merged() -> Snapshot:
    """Two communes become a third on 1 July 2025; its short name was one of theirs."""
    old = [unit("a", until=MERGER), unit("b", until=MERGER)]
    new = Unit("c", "UBND xã A", UnitKind.COMMUNE, "a", contact="c@mail.example", valid_from=MERGER)
    steps = [Succession(id_, MERGER, Turn.MERGED, "c", "NQ 1674/NQ-UBTVQH15") for id_ in "ab"]
    return snapshot([*old, new], [Address("a@mail.example", "a")], OWN, b"k", steps)


def test_a_name_that_was_given_again_means_its_bearer_of_that_day() -> None:
    """Written on the eve it is the old commune, whose place the new one took; written after, it is the new one."""
    there = merged()
    eve = there.where("a@lt.example", MERGER - DAY, MERGER)
    assert (eve.unit and eve.unit.id, [step.unit for step in eve.steps]) == ("c", ["a"])
    assert dict(eve.why.facts) == {
        "before": "UBND xã A", "unit": "UBND xã A", "since": "01/07/2025", "basis": "NQ 1674/NQ-UBTVQH15",
    }  # fmt: skip
    after = there.where("a@lt.example", MERGER)
    assert (after.unit and after.unit.id, after.steps) == ("c", ())
    before = there.where("a@lt.example", MERGER - DAY)
    assert (before.unit and before.unit.id, before.steps) == ("a", ())


def test_a_unit_that_ended_overnight_and_has_no_successor_is_not_unknown() -> None:
    """Whoever wrote in time is not told that there is no such unit: a person looks. Written after, he is."""
    there = snapshot([unit("a", until=MERGER)], [], OWN, b"k")
    assert there.where("a@lt.example", MERGER - DAY, MERGER).leads is Leads.UNSETTLED
    assert there.where("a@lt.example", MERGER).leads is Leads.UNKNOWN


def test_a_paper_of_june_stands_in_the_book_of_june() -> None:
    """From the old mailbox in July: the old commune's book for what it signed, the new one's for what that signed."""
    there = merged()
    line = line_of(there.who("a@mail.example", MERGER + DAY))
    assert line == ("c", "a")
    june, july = outgoing(there, line, MERGER - DAY), outgoing(there, line, MERGER)
    assert (june and june.id, july and july.id) == ("a", "c")
    assert outgoing(there, ("c",), MERGER - DAY) is None
