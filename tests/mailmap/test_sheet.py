"""Sheets as offices write them: headings below titles, rows between rows, cells that are no text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.words import Language, words
from mailmap.directory.sheet import Grid, Sheet, Table, clean, decode, read, read_grid

TITLES = [
    ["UBND TỈNH NAM ĐỊNH", "", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
    ["SỞ THÔNG TIN VÀ TRUYỀN THÔNG", "", "", "Độc lập - Tự do - Hạnh phúc"],
    [],
    ["", "DANH SÁCH HỘP THƯ ĐIỆN TỬ CÔNG VỤ", "", ""],
    ["", "(Kèm theo Công văn số 123/STTTT-CNTT ngày 15/3/2016)", "", ""],
]


def grid(*rows: list[str]) -> Sheet:
    """What is read of these rows, numbered from 1."""
    return read_grid(Grid("a.xlsx: Sheet1", list(enumerate(rows, 1))))


def keys(sheet: Sheet) -> list[tuple[int, str]]:
    """Line and key of everything that is wrong."""
    return [(mistake.place.line, mistake.why.key) for mistake in sheet.mistakes]


def test_headings_are_found_below_titles() -> None:
    """Titles, the letter they came with and blank rows stand above; lines keep the numbers a person sees."""
    sheet = grid(
        *TITLES,
        ["STT", "Tên cơ quan, đơn vị", "Điện thoại", "Địa chỉ thư điện tử công vụ", "Ghi chú"],
        [],
        ["1", "UBND xã Hải An", "0228.123", "vanthu@haian.example", ""],
    )
    assert (sheet.table, sheet.mistakes) == (Table.UNITS, ())
    (row,) = sheet.rows
    assert row.place.line == 8
    assert row.cells == {"name": "UBND xã Hải An", "contact": "vanthu@haian.example"}


@pytest.mark.parametrize(
    ("header", "table", "fields"),
    [
        (["TT", "Mã đơn vị", "TÊN ĐƠN VỊ", "E-mail"], Table.UNITS, ["id", "name", "contact"]),
        (["Co quan chu quan", "Ten co quan", "Hop thu dien tu"], Table.UNITS, ["parent", "name", "contact"]),
        (["TT/STT", "Tên đơn vị", "Mã định danh", "Người phụ trách"], Table.UNITS, ["name", "organ_id"]),
        (["Tên đơn vị (*)", "Từ ngày (ngày/tháng/năm)"], Table.UNITS, ["name", "valid_from"]),
        (["Name", "Kind", "Short name", "Parent unit"], Table.UNITS, ["name", "kind", "short", "parent"]),
        (["Tên đơn vị", "Địa chỉ", "Email"], Table.UNITS, ["name", "contact"]),
        (["Đơn vị", "Email", "Vai trò"], Table.ADDRESSES, ["unit", "address", "role"]),
        (["Đơn vị", "Email"], Table.ADDRESSES, ["unit", "address"]),
        (["Mã định danh", "Hộp thư điện tử"], Table.ADDRESSES, ["unit", "address"]),
        (["đơn vị", "ngày", "hình thức", "đơn vị kế thừa", "căn cứ"], Table.SUCCESSIONS,
         ["unit", "on", "turn", "successor", "basis"]),
    ],
)  # fmt: skip
def test_columns_are_known_by_many_names(header: list[str], table: Table, fields: list[str]) -> None:
    """Vietnamese or English, with marks or without, in any case and order; columns for people are skipped."""
    sheet = grid(header, [f"x{n}" for n, _ in enumerate(header)])
    assert (sheet.table, sheet.mistakes) == (table, ())
    assert list(sheet.rows[0].cells) == fields


def test_headings_may_take_two_lines() -> None:
    """A merged heading above, and below it what its columns are; the line of column numbers says nothing."""
    sheet = grid(
        ["STT", "Tên đơn vị", "Liên lạc", "", "Hiệu lực", ""],
        ["", "", "Điện thoại", "Email", "Từ ngày", "Đến ngày"],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
        ["1", "UBND xã Hải An", "", "a@x.example", "1/7/2015", ""],
    )
    assert sheet.mistakes == ()
    assert [row.cells for row in sheet.rows] == [
        {"name": "UBND xã Hải An", "contact": "a@x.example", "valid_from": "1/7/2015", "valid_until": ""}
    ]
    assert [remark.place.line for remark in sheet.remarks] == [3]


def test_rows_between_rows_are_told() -> None:
    """A row with one filled cell is a heading, also with its Roman number; it is told, never left out in silence."""
    sheet = grid(
        ["STT", "Tên đơn vị", "Email"],
        ["I. HUYỆN HẢI HẬU", "", ""],
        ["II", "HUYỆN Ý YÊN", ""],
        ["1", "UBND xã Yên Lợi", ""],
        ["", "Tổng cộng: 1 đơn vị", ""],
    )
    assert [row.cells["name"] for row in sheet.rows] == ["UBND xã Yên Lợi"]
    assert [(one.place.line, dict(one.why.facts)["text"]) for one in sheet.remarks] == [
        (2, "I. HUYỆN HẢI HẬU"), (3, "II HUYỆN Ý YÊN"), (5, "Tổng cộng: 1 đơn vị"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ([], [(1, "roster.empty")]),
        ([[], ["", " "]], [(1, "roster.empty")]),
        ([["màu", "cỡ"], ["đỏ", "to"]], [(1, "roster.no-headings")]),
        ([["Tên đơn vị", "Email", "Màu sắc"]], [(1, "roster.unknown-column")]),
        ([["Tên đơn vị", "Email", "Thư điện tử"]], [(1, "roster.twice-column"), (1, "roster.twice-column")]),
        ([["Loại", "Trực thuộc"]], [(1, "roster.missing-column")]),
        ([["Tên đơn vị", "Email"], ["A", "b", "c"]], [(2, "roster.too-many-cells")]),
        ([["Tên đơn vị", "Email"], ["=A1", "a@x.example"]], [(2, "roster.formula")]),
        ([["Tên đơn vị", "Email"], ["A", "@SUM(1)"]], [(2, "roster.formula")]),
        ([["Tên đơn vị", "Email"], ["-cmd", "+1"]], [(2, "roster.formula"), (2, "roster.formula")]),
        ([["Tên đơn vị", "Email"], ["A\x07", "a@x.example"]], [(2, "roster.control")]),
        ([["Tên đơn vị", "Email"], ["A\u202eB", "a@x.example"]], [(2, "roster.control")]),
        ([["Tên đơn vị", "Email", "Điện thoại"], ["A", "a@x.example", "+84 228"]], []),
    ],
)
def test_what_cannot_be_read_is_told_with_its_row(rows: list[list[str]], wrong: list[tuple[int, str]]) -> None:
    """Formulas, characters nobody sees, columns nobody foresaw: a mistake; a telephone number is nobody's concern."""
    assert keys(grid(*rows)) == wrong


def test_an_unknown_column_is_named_with_those_that_are_known() -> None:
    """The sentence names the column and what could stand there, and for a cell its column's letter."""
    (mistake,) = grid(["Tên đơn vị", "Email", "Màu sắc"]).mistakes
    assert all(text in words(Language.VIETNAMESE).tell(mistake.why) for text in ("Màu sắc", "ten don vi (name)"))
    (mistake,) = grid(["Tên đơn vị", "Email"], ["A", "=1+1"]).mistakes
    assert all(text in words(Language.ENGLISH).tell(mistake.why) for text in ("column B", "=1+1"))


def test_the_apostrophe_of_our_exports_is_taken_off() -> None:
    """What we wrote so that no program calculates it comes back as it was; other apostrophes stay."""
    sheet = grid(["Tên đơn vị", "Căn cứ", "Mã"], ["'=x", "'+1", "'a"])
    assert list(sheet.rows[0].cells.values()) == ["=x", "+1", "'a"]


def test_text_is_tidied() -> None:
    """NFD becomes NFC, also in headings; odd spaces, what cannot be seen, and dashes for 'nothing' go."""
    header = [unicodedata.normalize("NFD", text) for text in ("Tên đơn vị", "Địa chỉ thư điện tử", "Căn cứ")]
    name = unicodedata.normalize("NFD", "UBND  xã\u00a0Hải\u200b An\n")
    assert list(grid(header, [name, " a@x.example", "–"]).rows[0].cells.values()) == [
        "UBND xã Hải An", "a@x.example", "",
    ]  # fmt: skip


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_separators_are_found_out(sign: str) -> None:
    """By the line that names the columns, whatever the titles hold; Excel's own hint counts."""
    rows = ["DANH SÁCH, xã; phường, thị trấn", sign.join(("Tên đơn vị", "Email", "Loại")),
            sign.join(("UBND xã Hải An", "a@x.example", "xã"))]  # fmt: skip
    for text in ("\n".join(rows), "\r\n".join([f"sep={sign}", *rows])):
        sheet = read("a.csv", text)
        assert sheet.mistakes == ()
        assert [row.cells["contact"] for row in sheet.rows] == ["a@x.example"]


def test_a_cell_may_have_lines() -> None:
    """A quoted cell with line breaks is one cell, and the rows below keep their numbers."""
    sheet = read("a.csv", 'Tên đơn vị,Email\nA,"a@x.example\nb@x.example"\nB,c@x.example\n')
    assert [(row.place.line, row.cells["contact"]) for row in sheet.rows] == [
        (3, "a@x.example b@x.example"), (4, "c@x.example"),
    ]  # fmt: skip


def test_other_encodings_are_found_out() -> None:
    """Octets that are not UTF-8 are not read as something else."""
    assert decode("Hải Hậu".encode("utf-16")) is None
    assert decode(b"T\xfb") is None


CELLS = st.text(max_size=12) | st.sampled_from(["Tên đơn vị", "Email", "Loại", "", "=1", "a@x.example", "I", "(1)"])


@given(rows=st.lists(st.lists(CELLS, max_size=5), max_size=6))
def test_every_line_is_told(rows: list[list[str]]) -> None:
    """Below the headings every line that says something is a row or a remark; whatever is wrong can be said."""
    sheet = grid(["Tên đơn vị", "Email", "Loại"], *rows)
    for why in [mistake.why for mistake in sheet.mistakes] + [remark.why for remark in sheet.remarks]:
        assert all(words(language).tell(why) for language in Language)
    places = [row.place.line for row in sheet.rows] + [remark.place.line for remark in sheet.remarks]
    cleaned = [[clean(cell) for cell in row] for row in rows]
    assert sorted(places) == [
        line for line, row in enumerate(cleaned, 2) if any(row) and not row[0].startswith("#")
    ]  # fmt: skip


@given(text=st.text())
def test_any_text_is_a_sheet(text: str) -> None:
    """Whatever a file says, it becomes rows or mistakes."""
    sheet = read("a.csv", text)
    assert sheet.rows or sheet.mistakes or sheet.remarks or clean(text)
