"""Numbers and dates that were written by hand: what many looks of two networks agree on, and where they look."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.examine.figures import AGREED, HINT, Part, Strip, marks, settled, strips, told
from gateway.examine.looks import Ink, Told, loaded
from gateway.examine.twice import DOUBT
from mailmap.document.page import Box, Line, Page

BOX = Box(100, 90, 210, 104)
NUMBER = Strip(Part.NUMBER, BOX, Line("Số: đ# /QĐ-UBND", BOX, 0.5))
DATE = Strip(Part.DATE, Box(300, 90, 520, 104), Line("Ninh Bình, ngày #6 tháng 3 năm 2026", BOX, 0.4))


def ink(one: Sequence[str], other: Sequence[str]) -> Ink:
    """What two networks read in their looks."""
    return tuple(one), tuple(other)


def number(*figures: str) -> list[str]:
    """Looks at a number line that differ in these figures."""
    return [f"S6:{each} /QD-UBND" for each in figures]


def date(*days: str) -> list[str]:
    """Looks at a date line that differ in these days."""
    return [f"Ninh Binh, ngay{each}thang 3 nam 2026" for each in days]


def read(strip: Strip, seen: Ink) -> tuple[str, float]:
    """The text and the certainty of a strip after these looks."""
    line = settled(strip, [seen])
    assert line is not None
    return line.text, line.sure


def test_what_both_networks_read_is_sure() -> None:
    """Figures that each of two networks read in several looks are sure; the notation keeps the marks of print."""
    assert read(NUMBER, ink(number("27", "2T", "27"), number("27", "27", "x"))) == ("Số: 27/QĐ-UBND", AGREED)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (["27", "27", "27", "27", "27"], ["27", "27", "27", "27", "15"]),
        (["27", "27", "27", "5", "x"], ["27", "27", "27", "145", "27"]),
        (["27", "x", "x", "x", "x"], ["27", "27", "27", "27", "27"]),
        ([], ["27", "27", "27", "27", "27"]),
    ],
    ids=["one look read other figures", "more figures", "one network hardly reads it", "one network alone"],
)
def test_a_single_clear_look_that_differs_makes_a_hint_of_it(one: list[str], other: list[str]) -> None:
    """The likeliest figures are told, but never as sure as what is registered without a question."""
    seen = ink(number(*one), number(*other)) if one else (tuple(number(*other)),)
    assert read(NUMBER, seen) == ("Số: 27/QĐ-UBND", HINT)


def test_figures_that_no_look_prefers_are_left_as_they_were() -> None:
    """Where the looks differ there is no number at all, not even a hint."""
    assert settled(NUMBER, [ink(number("27", "15", "46"), number("75", "41", "96"))]) == NUMBER.line


@pytest.mark.parametrize("figures", ["5", "0", "00", "1000000", "4.", "l7"])
def test_half_a_number_is_none(figures: str) -> None:
    """Below ten a zero stands before the figure (ND30): one alone may be half of two, whoever agrees on it."""
    assert settled(NUMBER, [ink(number(*[figures] * 5), number(*[figures] * 5))]) == NUMBER.line


@pytest.mark.parametrize(("day", "told"), [("45", None), ("4", None), ("00", None), ("31", "31"), ("06", "06")])
def test_only_a_day_is_a_day(day: str, told: str | None) -> None:
    """A handwritten 15 looks like 45 to both networks; no month has so many days."""
    line = settled(DATE, [ink(date(*[day] * 5), date(*[day] * 5))])
    assert line == (
        DATE.line if told is None else replace(line or BOX, text=f"Ninh Bình, ngày {told} tháng 3 năm 2026")
    )


def test_looks_that_are_no_day_are_no_looks() -> None:
    """What cannot be a day disputes nothing: the looks that saw one decide."""
    seen = ink(date("45", "45", "45", "15", "15"), date("45", "45", "15", "15", "15"))
    assert read(DATE, seen) == ("Ninh Bình, ngày 15 tháng 3 năm 2026", AGREED)


def test_clear_print_that_the_looks_contradict_is_doubtful() -> None:
    """What was recognised surely and is read otherwise now is nobody's number."""
    clear = replace(NUMBER, line=Line("Số: 48/QĐ-UBND", BOX, 0.95))
    assert read(clear, ink(number(*["27"] * 5), number(*["27"] * 5))) == ("Số: 48/QĐ-UBND", DOUBT)


def test_a_four_by_hand_is_a_hint() -> None:
    """Both networks take a 1 with a long upstroke for a 4, surely and alike: only clear print makes one sure."""
    seen = ink(number(*["48"] * 5), number(*["48"] * 5))
    assert read(NUMBER, seen) == ("Số: 48/QĐ-UBND", HINT)
    assert read(replace(NUMBER, line=Line("Số: 48/QĐ-UBND", BOX, 0.85)), seen) == ("Số: 48/QĐ-UBND", AGREED)
    day = ink(date(*["14"] * 5), date(*["14"] * 5))
    assert read(DATE, day) == ("Ninh Bình, ngày 14 tháng 3 năm 2026", HINT)
    year = [text.replace("2026", "2024") for text in date(*["15"] * 5)]
    assert read(DATE, ink(year, year)) == ("Ninh Bình, ngày 15 tháng 3 năm 2024", AGREED)


def test_clear_print_stays_when_the_looks_are_unclear() -> None:
    """A hint never takes away what was recognised surely."""
    clear = replace(NUMBER, line=Line("Số: 48/QĐ-UBND", BOX, 0.95))
    assert settled(clear, [ink(number("48", "48", "48"), number("18", "x", "x"))]) == clear.line


def test_two_inks_with_two_numbers_are_doubtful() -> None:
    """A number in blue over another one in red: both are read well, and which one holds is for a person to say."""
    blue, red = (ink(number(*[each] * 5), number(*[each] * 5)) for each in ("27", "17"))
    line = settled(NUMBER, [blue, red])
    assert line is not None
    assert line.sure == DOUBT


@pytest.mark.parametrize(
    ("looks", "text"),
    [
        (["S6: 68 12025/QD-UBND", "So: 68 2025/QD-UBND", "So:68/2025/QD-UBND"], "Số: 68/2025/QĐ-UBND"),
        (["So: 12-KH/TU", "S6:12 - KH/TU", "So 1: 12-KH/TU"], "Số: 12-KH/TU"),
        (["Só: 350 /QĐ-TTg"] * 3, "Số: 350/QĐ-TTg"),
    ],
)
def test_a_stroke_may_be_lost_and_a_party_writes_none(looks: list[str], text: str) -> None:
    """A stroke before the year that is taken for a figure is none, and "12-KH/TU" is how the party writes it."""
    strip = replace(NUMBER, line=Line(text.replace(text[4:6], "#"), BOX, 0.5))
    assert read(strip, ink(looks, looks)) == (text, AGREED)


@pytest.mark.parametrize(
    ("looks", "mark"),
    [
        (["HOA TOC", ">HOA TOC", "x"], "HỎA TỐC"),
        (["KHAN", "[KHẨN]", ""], "KHẨN"),
        (["MẬT", "MAT.", "MẶT"], "MẬT"),
        (["MẬT", "x", "x"], None),
        (["MẬT", "TỐI MẬT", "MẬT"], None),
        (["Sở Nội vụ", "Sở Nội vụ", "Sở Nội vụ"], None),
    ],
)
def test_a_stamp_is_a_mark_or_nothing(looks: list[str], mark: str | None) -> None:
    """Words of urgency, secrecy and circulation are marks when looks agree on them; other stamps say nothing."""
    seen = Told((), ((BOX, ink(looks, ["", "", ""])),))
    assert [line.text for line in marks(seen)] == ([mark] if mark else [])


def page(*lines: Line) -> tuple[Strip, ...]:
    """The strips of an A4 page."""
    return strips(lines, 595, 842)


def test_number_and_date_are_found_and_nothing_else() -> None:
    """The head's two lines are looked at again; sentences that name a day or a number are not."""
    far = replace(BOX, top=600, bottom=614)
    known = [
        Line("ỦY BAN NHÂN DÂN", BOX, 0.9),
        Line("Căn cứ Luật số 12/2024/QH15 ngày 19 tháng 02 năm 2025 của Quốc hội", BOX, 0.9),
        Line("Số: 12/QĐ-UBND", far, 0.9),
        Line("Số: 12/QĐ-UBND", BOX, 1.0),
    ]
    assert page(*known) == ()
    assert page(*known, NUMBER.line or known[0], replace(DATE.line or known[0], box=DATE.box)) == (
        NUMBER,
        replace(DATE, line=replace(DATE.line or known[0], box=DATE.box)),
    )


def test_beside_a_lone_line_the_other_one_is_looked_for() -> None:
    """Where a stamp hides the number from the first look, its place is known by the date beside it."""
    found = page(Line("Hà Nội, ngày 17 tháng 3 năm 2026", DATE.box, 0.9))
    assert [(strip.part, strip.line is None) for strip in found] == [(Part.DATE, False), (Part.NUMBER, True)]
    assert found[1].box.right < DATE.box.left
    assert settled(found[1], [ink(number(*["27"] * 3), number(*["27"] * 3))]) == Line(
        "Số: 27/QD-UBND", found[1].box, AGREED
    )


@given(st.binary() | st.recursive(st.text() | st.integers(), st.lists).map(lambda told: json.dumps(told).encode()))
def test_a_child_may_say_anything(octets: bytes) -> None:
    """What a child that was taken over tells is looks or nothing, and settling it never fails."""
    page = Page(1, (NUMBER.line or Line(""), DATE.line or Line("")), 595, 842)
    after = told(page, [NUMBER, DATE], loaded(octets))
    assert len(after.lines) >= len(page.lines)
    assert after.width == page.width


LOOKS = st.lists(st.sampled_from([*number("27", "2T", "17", "017"), "x", ""]), min_size=5, max_size=5)


@given(st.lists(LOOKS, min_size=2, max_size=2))
def test_nothing_is_sure_that_both_did_not_read(looks: list[list[str]]) -> None:
    """Whatever is read: sure figures stand in at least two looks of either network, and no others in any."""
    line = settled(NUMBER, [tuple(map(tuple, looks))])
    if line and line.sure >= AGREED:
        figures = line.text.removeprefix("Số: ").partition("/")[0]
        assert all(sum(f":{figures} " in text for text in each) >= 2 for each in looks)
        assert not {"27", "17"} - {figures} & {text[3:5] for each in looks for text in each}
