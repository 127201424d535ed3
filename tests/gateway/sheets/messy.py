"""A workbook as a district office really makes it, for tests that import one.

Promises:  ``write`` makes the same rows every time: letterhead and title in merged rows, blank rows, headings typed
           with combining marks (NFD) on two lines, section rows, numbers as text, several mailboxes in a cell, a date
           typed as text and one that is a date, a hidden sheet with old notes, an empty sheet, and below the list the
           note and who drew it up. ``UNITS`` says what an import must understand of it.
"""

from __future__ import annotations

import unicodedata
from datetime import date
from pathlib import Path
from typing import NamedTuple

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

BELOW = "haihau"  # every unit of the list is below this one, which the list calls by its name
FIRST_ROW = 11  # of units, as Excel counts
NOTES_FROM = 22


class Listed(NamedTuple):
    """One unit of the list: its row, its name, its mailboxes in order, its first day if one is given."""

    row: int
    name: str
    mailboxes: tuple[str, ...]
    since: date | None = None


UNITS = (
    Listed(11, "Trung tâm Y tế huyện Hải Hậu", ("vanthu@ttyt.haihau.namdinh.example",)),
    Listed(12, "Trung tâm Văn hoá, Thông tin và Thể thao huyện Hải Hậu",
           ("vanthu@ttvhtt.haihau.namdinh.example", "ttvhtt@haihau.namdinh.example")),
    Listed(13, "Ban Quản lý dự án đầu tư xây dựng huyện Hải Hậu", ("banqlda@haihau.namdinh.example",),
           date(2024, 8, 1)),
    Listed(14, "Hạt Kiểm lâm huyện Hải Hậu", ()),
    Listed(17, "Trường THPT A Hải Hậu", ("c3a@haihau.namdinh.example",), date(2020, 9, 5)),
    Listed(18, "Trường THPT B Hải Hậu", ("c3b@haihau.namdinh.example", "vp.c3b@haihau.namdinh.example")),
    Listed(19, "Trường THCS Hải Hòa", ("thcshaihoa@haihau.namdinh.example",)),
)  # fmt: skip
_HEADS = ("STT", "Tên cơ quan, đơn vị", "Loại", "Trực thuộc", "Liên hệ", "", "Từ ngày", "Ghi chú")
_ABOVE = "UBND huyện Hải Hậu"
_UNDER = ("", "", "", "", "Thư điện tử công vụ", "Điện thoại", "", "")
_WIDTHS = (5, 44, 12, 18, 36, 16, 13, 24)
_ROWS: dict[int, tuple[object, ...]] = {
    10: ("I", "CÁC ĐƠN VỊ SỰ NGHIỆP"),
    11: ("1", "Trung tâm Y tế huyện Hải Hậu ", "khác", _ABOVE, "VanThu@TTYT.haihau.namdinh.example", "0228.3877.001"),
    12: ("2", "Trung tâm Văn hoá, Thông tin và Thể thao huyện Hải Hậu", "khác", _ABOVE,
         "vanthu@ttvhtt.haihau.namdinh.example;\nttvhtt@haihau.namdinh.example", "02283877002", "", "hai hộp thư"),
    13: ("3", "Ban  Quản lý dự án đầu tư xây dựng huyện Hải Hậu", "khác", _ABOVE, "banqlda@haihau.namdinh.example", "",
         "01/8/2024"),
    14: ("4", "Hạt Kiểm lâm huyện Hải Hậu", "khác", _ABOVE, "-", "0228 3877 004", "", "chưa có hộp thư"),
    16: ("II", "CÁC TRƯỜNG"),
    17: (1, "Trường THPT A Hải Hậu", "khác", _ABOVE, "c3a@haihau.namdinh.example", "0228.3877.101", date(2020, 9, 5)),
    18: (2, "Trường THPT B Hải Hậu", "khác", _ABOVE, "c3b@haihau.namdinh.example, vp.c3b@haihau.namdinh.example"),
    19: (3, "Trường THCS Hải Hòa", "khác", _ABOVE, "thcshaihoa@haihau.namdinh.example", "0228.3877.103"),
}  # fmt: skip


def write(path: Path) -> None:
    """Make the workbook."""
    book = Workbook()
    sheet = book["Sheet"]
    sheet.title = "Danh sách"
    _letterhead(sheet)
    _headings(sheet)
    for number, cells in _ROWS.items():
        for column, value in enumerate(cells, 1):
            _put(sheet, number, column, value)
    _put(sheet, NOTES_FROM, 1, "Ghi chú: số điện thoại có thể thay đổi, hộp thư dùng để nhận văn bản.")
    _put(sheet, NOTES_FROM + 2, 6, "Hải Hậu, ngày 05 tháng 8 năm 2024")
    _put(sheet, NOTES_FROM + 3, 6, "Người lập biểu")
    old = book.create_sheet("Bản nháp 2023")
    old.sheet_state = "hidden"
    old["A1"] = "=SUM(B1:B9)"
    book.create_sheet("Sheet3")
    book.save(path)


def _letterhead(sheet: Worksheet) -> None:
    for row, text in (
        (1, "UBND HUYỆN HẢI HẬU"),
        (2, "VĂN PHÒNG HĐND VÀ UBND"),
        (4, "DANH SÁCH CƠ QUAN, ĐƠN VỊ VÀ HỘP THƯ CÔNG VỤ"),
        (5, "(Kèm theo Công văn số 45/UBND-VP ngày 05 tháng 8 năm 2024 của UBND huyện Hải Hậu)"),
    ):
        last = 3 if row < 4 else len(_HEADS)  # the letterhead stands at the left
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=last)
        cell = sheet.cell(row, 1, text)
        cell.font, cell.alignment = Font(bold=True), Alignment(horizontal="center")


def _headings(sheet: Worksheet) -> None:
    for column, (head, under) in enumerate(zip(_HEADS, _UNDER, strict=True), 1):
        _put(sheet, 7, column, unicodedata.normalize("NFD", head.upper() if column == 1 else head))
        _put(sheet, 8, column, unicodedata.normalize("NFD", under))
        _put(sheet, 9, column, f"({column})")
        if head and not under:
            sheet.merge_cells(start_row=7, start_column=column, end_row=8, end_column=column)
        sheet.column_dimensions[chr(ord("A") + column - 1)].width = _WIDTHS[column - 1]
    sheet.merge_cells("E7:F7")


def _put(sheet: Worksheet, row: int, column: int, value: object) -> None:
    if value != "":
        cell = sheet.cell(row, column)
        cell.value = value
        if isinstance(value, str):
            cell.number_format = "@"
