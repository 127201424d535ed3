"""Pages typed as the form of official documents lays them out, for tests of reading them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from mailmap.document.document import Fields
from mailmap.document.layout import read_document
from mailmap.document.page import Box, Line, Origin, Page, Reading

TODAY = date(2016, 10, 20)
WIDE, HIGH = 595.0, 842.0
SIZE, ADVANCE = 14.0, 6.4  # points: the height of a line, and the width of a letter
LEFT, RIGHT, CENTRE = 165.0, 415.0, 300.0


def at(text: str, top: float, middle: float = CENTRE, *, sure: float = 1.0, bold: bool = False) -> Line:
    """A line whose middle and top stand there, in points."""
    half = len(text) * ADVANCE / 2
    return Line(text, Box(middle - half, top, middle + half, top + SIZE), sure, bold)


def head(
    number: str = "Số: 45/UBND-VP", /, dated: str = "Hải Hậu, ngày 15 tháng 10 năm 2016", **sure: float
) -> list[Line]:
    """The head of a letter of a district: office, number, motto, date; ``sure`` by the names number and day."""
    return [
        at("ỦY BAN NHÂN DÂN", 50, LEFT, bold=True, sure=sure.get("rest", 1.0)),
        at("HUYỆN HẢI HẬU", 65, LEFT, bold=True, sure=sure.get("rest", 1.0)),
        at(number, 95, LEFT, sure=sure.get("number", 1.0)),
        at("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 50, RIGHT, bold=True, sure=sure.get("rest", 1.0)),
        at("Độc lập - Tự do - Hạnh phúc", 65, RIGHT, bold=True, sure=sure.get("rest", 1.0)),
        at(dated, 95, RIGHT, sure=sure.get("day", 1.0)),
    ]


ABOUT = [at("V/v báo cáo tình hình", 112, LEFT), at("thiên tai", 127, LEFT)]
LETTER = [
    at("Kính gửi: Ủy ban nhân dân tỉnh Nam Định", 165),
    at("Căn cứ Quyết định số 12/QĐ-UBND ngày 01 tháng 3 năm 2016 của tỉnh,", 200),
]
DECISION = [
    at("QUYẾT ĐỊNH", 140, bold=True),
    at("Về việc thành lập Ban Chỉ huy phòng, chống", 156, bold=True),
    at("thiên tai huyện Hải Hậu", 172, bold=True),
    at("CHỦ TỊCH ỦY BAN NHÂN DÂN HUYỆN", 215, bold=True),
    at("Căn cứ Luật Tổ chức chính quyền địa phương số 77/2015/QH13;", 245),
]


def reading(*pages: Sequence[Line], origin: Origin = Origin.TEXT) -> Reading:
    """These lines as pages."""
    made = tuple(Page(number, tuple(lines), WIDE, HIGH, origin) for number, lines in enumerate(pages, 1))
    return Reading(made, len(made))


def read(*pages: Sequence[Line], origin: Origin = Origin.TEXT) -> Fields:
    """The fields of these pages."""
    return read_document(reading(*pages, origin=origin), TODAY)


def typed(*lines: str) -> Fields:
    """The fields of a file without layout, line by line."""
    page = Page(1, tuple(Line(line) for line in lines))
    return read_document(Reading((page,), 1), TODAY)
