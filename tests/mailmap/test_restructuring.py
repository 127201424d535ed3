"""Restructuring: a decision about units becomes rows, and the rows make sense to the roster."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from mailmap.directory.changes import Diff
from mailmap.directory.directory import OwnNames
from mailmap.directory.draft import Draft
from mailmap.directory.index import MemoryIndex
from mailmap.directory.restructuring import Decision, restructured
from mailmap.directory.roster import propose
from mailmap.directory.succession import Standing, Turn, heir
from mailmap.directory.unit import Unit, UnitKind

OWN = OwnNames(frozenset({"lienthong.example"}))
SINCE, DAY = date(2000, 1, 1), date(2025, 7, 1)
PROVINCE = Unit("tinh", "UBND tỉnh Nam Định", UnitKind.PROVINCE, "tinh", valid_from=SINCE)
DISTRICT = Unit("huyen", "UBND huyện Hải Hậu", UnitKind.DISTRICT, "huyen", "tinh", valid_from=SINCE)
OTHER = Unit("khac", "UBND huyện Giao Thủy", UnitKind.DISTRICT, "khac", "tinh", valid_from=SINCE)
COMMUNE = Unit("xa", "UBND xã Hải An", UnitKind.COMMUNE, "xa.huyen", "huyen", valid_from=SINCE)
ENDED = replace(COMMUNE, id="cu", name="UBND xã Cũ", short="cu.huyen", valid_until=date(2020, 1, 1))
OFFICE = Unit("pyt", "Phòng Y tế huyện Hải Hậu", UnitKind.DIVISION, "pyt.huyen", "huyen", valid_from=SINCE)
THEIRS = Unit("pyt2", "Phòng Y tế huyện Giao Thủy", UnitKind.DIVISION, "pyt.khac", "khac", valid_from=SINCE)
INDEX = MemoryIndex([PROVINCE, DISTRICT, OTHER, COMMUNE, ENDED, OFFICE, THEIRS], [])


def carried_out(turn: Turn, units: list[Unit], into: Unit | None, on: date = DAY) -> tuple[Diff, Draft]:
    """What the roster makes of the decision, and the directory as it would be."""
    diff = propose(restructured(Decision(turn, on, "NQ 1"), units, into, INDEX), INDEX, OWN)
    return diff, Draft(INDEX, [change.after for change in diff.changes if change.after is not None])


@pytest.mark.parametrize(
    ("turn", "units", "into"),
    [
        (Turn.MERGED, [DISTRICT], OTHER),
        (Turn.MERGED, [DISTRICT, OTHER], replace(DISTRICT, name="UBND huyện Hải Giao")),
        (Turn.MERGED, [DISTRICT, OTHER], Unit("moi", "UBND huyện Mới", UnitKind.DISTRICT, "moi", "tinh")),
        (Turn.ABOLISHED, [DISTRICT, OTHER], None),
        (Turn.SPLIT, [COMMUNE], None),
        (Turn.RENAMED, [DISTRICT], replace(DISTRICT, name="UBND quận Hải Hậu")),
        (Turn.MOVED, [COMMUNE], replace(COMMUNE, parent="khac")),
    ],
)
def test_every_decision_leaves_the_directory_sound(turn: Turn, units: list[Unit], into: Unit | None) -> None:
    """No row is a mistake, the day before nothing differs, and after it every unit lives, leads on, or asks."""
    diff, after = carried_out(turn, units, into)
    assert (diff.mistakes, bool(diff.changes)) == ((), True)
    eve = DAY.replace(month=6, day=30)
    for unit in (PROVINCE, DISTRICT, OTHER, COMMUNE, OFFICE, THEIRS):
        before = heir(after, unit.id, eve).unit
        assert before is not None
        assert (before.name, before.parent) == (unit.name, unit.parent)
        assert heir(after, unit.id, DAY).standing in {Standing.LIVES, Standing.OPEN}


def test_what_is_below_follows_or_moves() -> None:
    """Divisions end in their counterpart, communes keep their id below the successor; what had ended stays ended."""
    _, after = carried_out(Turn.MERGED, [DISTRICT], OTHER)
    division, commune = heir(after, "pyt", DAY).unit, heir(after, "xa", DAY).unit
    assert division is not None
    assert commune is not None
    assert (division.id, commune.id, commune.parent) == ("pyt2", "xa", "khac")
    assert after.unit("cu") == (ENDED,)


def test_a_division_without_a_counterpart_asks() -> None:
    """A new unit has no divisions yet: who takes over the work of an old one is for a person to say."""
    new = Unit("moi", "UBND huyện Mới", UnitKind.DISTRICT, "moi", "tinh")
    _, after = carried_out(Turn.MERGED, [DISTRICT, OTHER], new)
    assert heir(after, "pyt", DAY).standing is Standing.OPEN


def test_a_unit_that_stays_as_it_is_needs_no_row() -> None:
    """Who only takes another in has no new period."""
    diff, _ = carried_out(Turn.MERGED, [COMMUNE], OTHER)
    assert {change.thing.id for change in diff.changes if isinstance(change.thing, Unit)} == {"xa"}
