"""Finding, whatever is written: nothing is guessed, nothing raises, nobody is lost, on any day and from any sender."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailmap.directory.answers import Found
from mailmap.directory.finding import find
from mailmap.directory.index import MemoryIndex
from mailmap.directory.naming import key
from mailmap.directory.succession import closest
from mailmap.directory.unit import Unit, UnitKind
from tests.mailmap.realm import LATER, NEW, OLD, asked, index, told, unit, units

DAYS = (OLD, date(2024, 8, 31), date(2024, 9, 1), LATER, date(2025, 6, 30), date(2025, 7, 1), NEW)
SENDERS = (None, "namdinh", "haihau", "haiphuc.haihau", "phongnoivu.yyen", "sonoivu.namdinh", "haihau.ninhbinh")
FEW = (None, "haihau", "phongnoivu.yyen", "haihau.ninhbinh")
KEYS = frozenset(key(each.name) for each in units())


def sound(found: tuple[Found, ...], sender: Unit | None) -> None:
    """What holds for every answer."""
    for one in found:
        assert one.why.key.startswith("find.")
        assert not (one.units and one.choices)
        assert len(one.choices) <= 9
        assert len({each.id for each in one.units}) == len(one.units)
        assert sender is None or sender.id not in {each.id for each in one.units}


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("sender", FEW)
def test_every_full_name_reaches_its_unit_or_a_question_with_it(sender: str | None, day: date) -> None:
    """Each living unit, named in full with the unit above it, is certain, or is among what is asked."""
    who = closest(index().unit(sender), day) if sender else None
    lost = []
    for each in (one for one in units() if one.lives_on(day) and one.kind is not UnitKind.BUSINESS):
        above = closest(index().unit(each.parent), day) if each.parent else None
        place = above.name.removeprefix("UBND ") if above and each.kind is UnitKind.COMMUNE else ""
        (found,) = find(f"{each.name}, {place}" if place else each.name, who, day, index())
        sound((found,), who)
        reached = [one.id for one in found.units or found.choices]
        itself = who is not None and each.id == who.id and found.why.key == "find.no-delivery"
        if not itself and (each.id not in reached or (found.units and reached != [each.id])):
            lost.append((each.id, found.why.key, reached))
    assert lost == []


@pytest.mark.parametrize("day", DAYS)
def test_most_full_names_are_certain(day: date) -> None:
    """From within the province hardly any full name needs a question."""
    who = unit("namdinh" if day < date(2025, 7, 1) else "ninhbinh", day)
    living = [one for one in units() if one.lives_on(day) and one.kind is not UnitKind.BUSINESS and one.id != who.id]
    names = {one.id: f"{one.name}, {_above(one, day)}" if one.kind is UnitKind.COMMUNE else one.name for one in living}
    doubtful = [id_ for id_, name in names.items() if not find(name, who, day, index())[0].units]
    assert doubtful == []


def _above(one: Unit, day: date) -> str:
    above = closest(index().unit(one.parent or ""), day)
    return above.name.removeprefix("UBND ") if above else ""


@pytest.mark.parametrize("sender", ["haihau", "namdinh"])
def test_one_wrong_letter_is_never_taken_for_another_unit(sender: str) -> None:
    """A name that nobody bears is asked about, however near it is to one."""
    for each in (one for one in units() if one.kind is UnitKind.COMMUNE and one.id.endswith(("haihau", "myloc"))):
        for wrong in (each.name[:-1] + "k", each.name + "g"):
            if key(wrong) in KEYS:
                continue
            (found,) = asked(wrong, sender)
            assert found.units == (), wrong


@pytest.mark.parametrize("day", DAYS)
def test_every_old_name_reaches_one_living_unit_or_a_question(day: date) -> None:
    """Whoever writes the name of a unit that ended reaches its heir with the steps, or is asked or told why not."""
    sender = "namdinh" if day < date(2025, 7, 1) else "ninhbinh"
    for each in (one for one in units() if one.valid_until and one.valid_until <= day and one.kind is UnitKind.COMMUNE):
        (found,) = asked(f"{each.name}, {_above(each, OLD)}", sender, day)
        assert found.units or found.choices, (each, found.why)
        assert all(one.lives_on(day) for one in (*found.units, *found.choices))


WORDS = st.sampled_from(
    ["UBND ", "các ", "xã ", "thị trấn ", "huyện ", "tỉnh ", "Hải An", "Hải Hậu", "Nam Trực", ", ", "; ", "\n", " và ",
     "Phòng ", "Sở ", "TC-KH", "Kính gửi: ", "Nơi nhận:\n- ", "(", ")", "trừ ", "qua ", "Chủ tịch ", "Như trên",
      "Lưu: VT",
     "HĐND", "ban, ngành", "của ", "thuộc ", "03 ", "TT ", "P. ", "- ", "ông ", "danh sách", "đ/c ", "liên quan", "X. "]
)  # fmt: skip


@given(
    text=st.lists(WORDS | st.text(max_size=6), max_size=14).map("".join),
    sender=st.sampled_from(SENDERS),
    day=st.sampled_from(DAYS),
)
@settings(deadline=None)
def test_any_text_gets_sound_answers(text: str, sender: str | None, day: date) -> None:
    """No text is an error, nothing is both certain and asked, no unit comes twice, nobody writes to himself."""
    who = closest(index().unit(sender), day) if sender else None
    found = find(text, who, day, index())
    sound(found, who)
    assert found == find(text, who, day, index())


def test_a_hostile_text_is_cut_short() -> None:
    """Thousands of names are read only so far, and that is said; the time stays bounded."""
    begun = time.perf_counter()
    found = asked("; ".join(f"UBND xã Khong Co {n}" for n in range(2_000)), "haihau")
    assert found[-1].why.key == "find.too-many"
    assert asked("UBND xã Hải An, " * 3_000, "haihau")[-1].why.key == "find.too-many"
    assert asked("(" * 20_000 + "các " * 5_000, "haihau")
    assert time.perf_counter() - begun < 30


def test_a_circle_in_the_tree_ends() -> None:
    """Parents that run in a circle, and a parent that does not exist, are no error."""
    one = Unit("a", "UBND xã A Bê", UnitKind.COMMUNE, "a", "b")
    two = Unit("b", "UBND huyện Bê Xê", UnitKind.DISTRICT, "b", "a")
    lone = Unit("c", "UBND xã Xê Đê", UnitKind.COMMUNE, "c", "nowhere")
    there = MemoryIndex([one, two, lone], [])
    for sender in (one, two, lone, replace(one, id="stranger")):
        sound(find("UBND huyện; UBND xã Xê Đê; UBND các xã; xã Xê Đa; Phòng Nội vụ", sender, OLD, there), sender)
    assert told("UBND huyện", "haiphuc.haihau") == [("own", ["haihau"], [])]
