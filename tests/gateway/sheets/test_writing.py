"""Sheets that we write: what comes back is what was written, and no cell becomes a formula."""

from __future__ import annotations

import csv as standard
from datetime import date
from io import BytesIO, StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from gateway.sheets.lettering import in_an_old_font
from gateway.sheets.read import grids_of
from gateway.sheets.write import TooLong, csv, xlsx
from mailmap.directory.sheet import clean, read_grid
from tests.gateway.sheets.workbooks import rows

HEAD = ["mã", "tên đơn vị", "loại", "tên ngắn", "căn cứ", "từ ngày"]
# What makes programs calculate, with what separates and quotes; and letters around them.
ODD = st.text(alphabet="=+-@'\"\t\r\n,;| ＝ab0_x", max_size=8)
CELLS = st.one_of(ODD, st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), max_size=12))
STORED = CELLS.map(clean).filter(lambda cell: not in_an_old_font(cell))


def opened(octets: bytes, separator: str) -> list[list[str]]:
    """The cells that a program sees which opens a CSV with that separator, quotes or not."""
    text = octets.decode("utf-8-sig")
    return list(standard.reader(StringIO(text, newline=""), delimiter=separator))


@given(st.lists(CELLS, min_size=1, max_size=4))
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_no_cell_of_a_csv_becomes_a_formula(separator: str, cells: list[str]) -> None:
    """Whatever the cell says, and at whatever separator a program splits: no cell begins like a formula."""
    for row in opened(csv([cells]), separator):
        for cell in row:
            assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝"))


@given(st.lists(CELLS, min_size=1, max_size=4))
def test_no_cell_of_a_workbook_becomes_a_formula(cells: list[str]) -> None:
    """Every cell of text is stored as text, and marked so that it stays text when somebody edits it."""
    (sheet,) = load_workbook(BytesIO(xlsx({"A": [HEAD, cells]}))).worksheets
    for cell in sheet[2]:
        assert cell.data_type in {"s", "n", "inlineStr"}
        assert cell.value is None or not isinstance(cell.value, int | float)
        assert cell.quotePrefix == (str(cell.value or "")[:1] in set("=+-@"))


@given(st.lists(st.lists(STORED, min_size=6, max_size=6), max_size=4))
def test_what_was_written_is_read(cells: list[list[str]]) -> None:
    """The map room reads the same fields from both forms, and those are the cells, where a directory can hold them."""
    grid = [["a", *row] for row in cells]
    head = ["stt", *HEAD]
    wrote = read_grid(grids_of(csv([head, *grid]), "a").grids[0])
    other = read_grid(grids_of(xlsx({"A": [head, *grid]}), "a").grids[0])
    assert [row.cells for row in wrote.rows] == [row.cells for row in other.rows]
    for row in wrote.rows:
        for said, cell in zip(row.cells.values(), cells[row.place.line - 2], strict=True):
            assert said == cell or cell.startswith("'") or not cell.isprintable()


def test_ordinary_cells_come_back_as_they_were() -> None:
    """Names, addresses, codes with zeros in front and days are the same in and out."""
    cells = ["0123", "Sở Văn hóa, Thể thao và Du lịch", 'Công ty "Ví Dụ"; Nam Định', "a@b.example", "", "Phòng TC - KH"]
    table = [HEAD, [*cells[:5], date(2024, 9, 1)], [*cells[1:], date(1800, 1, 1)]]
    wanted = [(1, HEAD), (2, [*cells[:5], "2024-09-01"]), (3, [*cells[1:], "1800-01-01"])]
    assert rows(grids_of(csv(table), "a.csv")) == wanted
    assert rows(grids_of(xlsx({"A": table}), "a.xlsx")) == wanted


def test_a_csv_opens_in_excel() -> None:
    """A byte order mark, semicolons, quotes and CRLF: what Excel needs to see letters and columns."""
    assert csv([["mã", "a;b"]]) == b'\xef\xbb\xbf"m\xc3\xa3";"a;b"\r\n'


def test_no_row_of_a_csv_is_taken_for_a_remark() -> None:
    """A first cell with '#' is read back."""
    assert rows(grids_of(csv([["a", "b"], ["#1", "c"]]), "a.csv")) == [(1, ["a", "b"]), (2, ["#1", "c"])]


def test_a_workbook_is_made_to_be_read() -> None:
    """The header is bold and stays in sight; columns are as wide as what they hold; days are days."""
    octets = xlsx({"Đơn vị": [HEAD, ["x", "n" * 30, "", "", "", date(2024, 9, 1)]], "Địa chỉ": [["địa chỉ"]]})
    book = load_workbook(BytesIO(octets))
    assert book.sheetnames == ["Đơn vị", "Địa chỉ"]
    sheet = book["Đơn vị"]
    assert sheet.freeze_panes == "A2"
    assert (sheet["A1"].font.bold, sheet["A2"].font.bold) == (True, False)
    assert sheet.column_dimensions["B"].width > sheet.column_dimensions["A"].width
    assert (sheet["F2"].is_date, sheet["F2"].number_format, sheet["A2"].number_format) == (True, "dd/mm/yyyy", "@")


def test_what_no_cell_can_hold() -> None:
    """A text that a workbook would cut short is refused; a control character is shown as unknown."""
    with pytest.raises(TooLong):
        xlsx({"A": [["x" * 32_768]]})
    assert rows(grids_of(xlsx({"A": [["a\x01b"]]}), "a.xlsx")) == [(1, ["a\ufffdb"])]
