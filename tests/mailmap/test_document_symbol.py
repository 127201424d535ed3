"""Số, ký hiệu, kinds and dates: every form of the decree, and every trap."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailmap.document.dates import find_dates
from mailmap.document.document import Symbol
from mailmap.document.kinds import COPIES, KINDS, NORMS, of_abbreviation
from mailmap.document.spelling import plain, sound, tidy
from mailmap.document.symbol import find_symbols, kind_in

TODAY = date(2016, 10, 17)


def symbols(text: str) -> list[str]:
    """The symbols of a text as they are written on paper."""
    return [str(found.symbol) for found in find_symbols(tidy(text))]


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("Số: 45/UBND-VP", "45/UBND-VP"),
        ("45/UBND-VP", "45/UBND-VP"),
        ("số 5/UBND-VX", "05/UBND-VX"),
        ("Số : 45 / UBND - VP V/v mời họp", "45/UBND-VP"),
        ("45/UBND- VP", "45/UBND-VP"),
        ("45/UBND–VP ngày 15/10/2016", "45/UBND-VP"),
        ("45/UBND-VP - V/v mời họp", "45/UBND-VP"),
        ("15/QĐ-BNV", "15/QĐ-BNV"),
        ("15/Q\u00d0-BNV", "15/QĐ-BNV"),
        ("15/QD-UBND", "15/QĐ-UBND"),
        ("so 15/qd-ubnd", "15/QĐ-UBND"),
        ("01/2024/QĐ-UBND", "01/2024/QĐ-UBND"),
        ("30/2020/NĐ-CP", "30/2020/NĐ-CP"),
        ("51/2025/QĐ-TTg", "51/2025/QĐ-TTg"),
        ("450/QĐ-TTG", "450/QĐ-TTg"),
        ("45a/UBND-VP", "45a/UBND-VP"),
        ("12/BC-STTTT-VP.", "12/BC-STTTT-VP"),
        ("7816/VPCP-TTĐT", "7816/VPCP-TTĐT"),
        ("10/SKH&ĐT-TH", "10/SKH&ĐT-TH"),
        ("05/TTR-UBND", "05/TTr-UBND"),
        ("3/CTr-UBND", "03/CTr-UBND"),
        ("08/QyĐ-UBND", "08/QyĐ-UBND"),
        ("02/TrS-VP", "02/TrS-VP"),
        ("CV45/UBND-VP", "45/UBND-VP"),
        ("64/CP", "64/CP"),
        ("Luật số 59/2020/QH14", "59/2020/QH14"),
    ],
)
def test_symbols_are_read(text: str, symbol: str) -> None:
    """Every form of ND30 Phụ lục III, as typed, in NFC and in NFD."""
    assert symbols(text) == [symbol]
    assert symbols(unicodedata.normalize("NFD", text)) == [symbol]


@pytest.mark.parametrize(
    "text",
    [
        "15/10/2016",
        "ngày 15/10",
        "0228/3645.123",
        "số 45/Trần Phú",
        "Số 10/Phan Chu Trinh",
        "lớp 12/A1",
        "24/7",
        "24/24H",
        "QCVN 102:2016/BTTTT",
        "QCVN 01/2019/BCT",
        "TCVN 6909/BKHCN",
        "45,46/UBND-VP",
        "45-46/UBND-VP",
        "km/h",
        "Quý 1/IV",
        "http://x.example/45/UBND-VP",
        "1234567/UBND-VP",
        "0/UBND-VP",
        "5/10 hộ",
        "01/2024",
        "1/2 số dân",
        "so 45/le loi",
    ],
)
def test_traps_are_no_symbols(text: str) -> None:
    """Dates, telephones, house numbers, classes, standards, lists and addresses are no document numbers."""
    assert symbols(text) == []


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("Căn cứ Quyết định số 12/QĐ-UBND", True),
        ("V/v trả lời Công văn số 12/SNV-VP", True),
        ("Thực hiện Công văn số 12/SNV-VP", True),
        ("Về việc sửa đổi Quyết định 12/QĐ-UBND", True),
        ("Thực hiện chỉ đạo của huyện. Gửi Báo cáo số 12/BC-UBND", False),
        ("Theo yêu cầu của huyện, xã gửi Báo cáo số 12/BC-UBND", False),
        ("Công văn của UBND xã số 12/UBND-VP", False),
        ("Gửi kèm theo Công văn số 12/UBND-VP", False),
    ],
)
def test_quoted_numbers_are_told_apart(text: str, quoted: bool) -> None:  # noqa: FBT001 the expectation itself
    """“Căn cứ …” and its kin quote another document; “gửi” sends one's own."""
    (found,) = find_symbols(tidy(text))
    assert found.quoted is quoted


@given(st.integers(1, 999_999), st.sampled_from(["UBND-VP", "QĐ-UBND", "2024/QĐ-UBND", "TTr-SNV", "BC-UBND-KT"]))
def test_what_is_written_is_read(number: int, notation: str) -> None:
    """A symbol as we write it is read as the same symbol."""
    symbol = Symbol(number, notation)
    assert [found.symbol for found in find_symbols(f"Số: {symbol} ngày")] == [symbol]


@given(st.text(alphabet="0123456789/-.: UBNDQĐVPsốa,Vv\n") | st.text())
def test_any_text_is_searched(text: str) -> None:
    """No text breaks the search, and what is found stands in its place."""
    tidied = tidy(text)
    assert all(tidied[found.start].isdigit() for found in find_symbols(tidied))


@pytest.mark.parametrize(
    ("notation", "code"),
    [
        ("QĐ-UBND", "QĐ"),
        ("UBND-VP", "CV"),
        ("TTr-UBND", "TTr"),
        ("2020/NĐ-CP", "NĐ"),
        ("SY-UBND", "SY"),
        ("CT-UBND", "CT"),
        ("CĐ-UBND", "CĐ"),
        ("VPCP-TTĐT", "CV"),
    ],
)
def test_the_notation_tells_the_kind(notation: str, code: str) -> None:
    """The first group names the kind; a công văn has none."""
    assert kind_in(notation) == (code, 0.9)


def test_colliding_agencies_are_doubted() -> None:
    """1234/CT-TTHT is of a Cục Thuế: what could be chỉ thị is not sure."""
    kind = kind_in("CT-TTHT")
    assert kind is not None
    assert kind[1] < 0.8


def test_there_are_29_kinds() -> None:
    """ND30 Điều 7 has 29 kinds; codes are unique over kinds, copies and norms."""
    assert len(KINDS) == 29
    assert [kind.code for kind in COPIES] == ["SY", "TrS", "SL"]
    codes = [kind.code for kind in (*KINDS, *COPIES, *NORMS)]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("QD", "QĐ"),
        ("qđ", "QĐ"),
        ("HD", "HD"),
        ("HĐ", "HĐ"),
        ("ĐA", "ĐA"),
        ("DA", "DA"),
        ("TTR", "TTr"),
        ("QYD", "QyĐ"),
        ("TT", "TT"),
    ],
)
def test_abbreviations_are_looked_up(typed: str, code: str) -> None:
    """Marks and case may be missing, but HD and HĐ stay two kinds."""
    kind = of_abbreviation(typed)
    assert kind is not None
    assert kind.code == code


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("ngày 15 tháng 10 năm 2016", date(2016, 10, 15)),
        ("Hải Phúc, ngày 05 tháng 01 năm 2016", date(2016, 1, 5)),
        ("ngay 15 thang 10 nam 2016", date(2016, 10, 15)),
        ("15/10/2016", date(2016, 10, 15)),
        ("15-10-2016", date(2016, 10, 15)),
        ("15.10.2016", date(2016, 10, 15)),
        ("2016-10-15", date(2016, 10, 15)),
        ("NGÀY 15/10", date(2016, 10, 15)),
        ("ngày 15 tháng 10", date(2016, 10, 15)),
        ("ngày 20/12", date(2015, 12, 20)),
        ("ngày 29/2", date(2016, 2, 29)),
        ("15/10/16", date(2016, 10, 15)),
    ],
)
def test_dates_are_read(text: str, day: date) -> None:
    """Day before month; a missing year is the last one in which that day is not in the future."""
    for form in ("NFC", "NFD"):
        assert [found.value for found in find_dates(tidy(unicodedata.normalize(form, text)), TODAY)] == [day]


@pytest.mark.parametrize(
    "text",
    ["10/15/2016", "31/02/2016", "15/10", "0228.364.512", "1.2.3", "45/2016/QĐ-UBND", "v1.10.2016.3", "99-99-2016"],
)
def test_what_is_no_date(text: str) -> None:
    """American order, impossible days, versions and numbers are no dates."""
    assert find_dates(text, TODAY) == ()


def test_the_source_of_the_year_is_told() -> None:
    """Whether the year was written or taken from the clock is known."""
    assert [found.year_told for found in find_dates("ngày 15/10, ngày 16/10/2016", TODAY)] == [False, True]


def test_tone_marks_may_stand_anywhere() -> None:
    """hoà and hòa sound alike, nhận and nhắn do not; plain text keeps every place."""
    assert sound("hoà") == sound("hòa")
    assert sound("thuỷ") == sound("thủy")
    assert sound("lý") == sound("lí")
    assert sound("nhận") != sound("nhắn")


@given(st.text())
def test_plain_keeps_places(text: str) -> None:
    """Every character of a text keeps its place without its marks."""
    assert len(plain(text)) == len(text)
