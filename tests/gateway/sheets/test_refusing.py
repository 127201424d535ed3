"""Files that are no honest sheet get one plain sentence, with the row where there is one; nothing of them is used."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from gateway.sheets.limits import MIB, MOST_COLUMNS, MOST_OCTETS, MOST_ROWS
from gateway.sheets.read import grids_of
from tests.gateway.sheets.workbooks import ONE_CELL, ROOM, made, packed, saved, told

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
SPLINTERS = (b"<row>", b"</c>", b'r="A0"', b's="-9"', b't="s"', b't="d"', b"1e999", b"nan", b"<si/>", b'"', b"\x00")
ROW = '<row><c t="inlineStr"><is><t>x</t></is></c></row>'

SOUND: tuple[tuple[bytes, Callable[[bytes], bytes]], ...] = (
    ((ROOM % (ROW + '<row r="3"><c r="B3" s="1"><v>45536</v></c></row>')).encode(), packed),
    (packed(), bytes),
    ("mã;tên;ngày\nhaihau;Hải Hậu;2024-09-01\n".encode(), bytes),
)


@pytest.mark.parametrize(
    ("octets", "key"),
    [
        (b"", "sheets.empty"),
        (b"\n\n  \n", "sheets.empty"),
        (b"\xef\xbb\xbf", "sheets.empty"),
        (OLE, "sheets.old-xls"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "sheets.encrypted"),
        (packed()[:-30], "sheets.broken"),
        (packed()[:60], "sheets.broken"),
        (b"PK\x03\x04", "sheets.broken"),
        (b"%PDF-1.7\n", "sheets.no-sheet"),
        (b"  <HTML><table><tr><td>", "sheets.web-page"),
        (b'<?xml version="1.0"?><Workbook/>', "sheets.other-format"),
        (packed(more={"xl/vbaProject.bin": b"x"}), "sheets.macros"),
        (packed(more={"xl/macrosheets/sheet1.xml": ONE_CELL}), "sheets.macros"),
        (packed(more={"xl/workbook.bin": b"x"}), "sheets.other-format"),
        (packed(more={"content.xml": b"x"}), "sheets.other-format"),
        (packed(more={"word/document.xml": b"x"}), "sheets.no-sheet"),
        (packed(ROOM % ""), "sheets.empty"),
        (packed("<worksheet>"), "sheets.broken"),
        (packed(ROOM % '<row><c t="s"><v>3</v></c></row>'), "sheets.broken"),
        (packed(ROOM % '<row r="x"/>'), "sheets.broken"),
        (packed(more={"xl/workbook.xml": "<workbook><sheets><sheet/></sheets></workbook>"}), "sheets.broken"),
        (packed(more={"_rels/.rels": "<Relationships/>"}), "sheets.broken"),
    ],
)
def test_what_is_no_sheet_is_told_by_its_name(octets: bytes, key: str) -> None:
    """Every kind of file that people send instead of a sheet is told apart, on line 1."""
    found = grids_of(octets, "a.xlsx")
    assert [mistake.why.key for mistake in found.mistakes] == [key]
    assert found.grids == ()


def test_formulas_and_errors_are_told_cell_by_cell() -> None:
    """Nothing calculated is believed: no formula, no result stored with it, no error; each is told with its cell."""

    def fill(sheet: Worksheet) -> None:
        sheet["A1"], sheet["B2"], sheet["C3"] = "name", "=A1", "=SUM(A1:A2)"
        sheet["D1"] = "#N/A"

    found = grids_of(made(fill), "a.xlsx").mistakes
    assert [(one.place.line, one.why.key, dict(one.why.facts)["cell"]) for one in found] == [
        (2, "sheets.formula", "B2"),
        (3, "sheets.formula", "C3"),
        (1, "sheets.error", "D1"),
    ]
    stored = ROOM % '<row r="4"><c r="AB4"><f>1+1</f><v>2</v></c></row>'
    assert told(packed(stored)) == [(4, "sheets.formula")]


def test_very_many_formulas_are_counted() -> None:
    """The first twenty are told one by one, the rest as a number."""

    def fill(sheet: Worksheet) -> None:
        for row in range(1, 51):
            sheet.cell(row, 1, "=1")

    found = grids_of(made(fill), "a.xlsx").mistakes
    assert len(found) == 21
    assert (found[-1].place.line, found[-1].why.key, found[-1].why.facts) == (21, "sheets.more", (("count", "30"),))


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "_rels/.rels"])
def test_no_document_type(part: str) -> None:
    """Entities need a document type, and none is read: neither bombs of entities nor files of this machine."""
    bomb = '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;"><!ENTITY d SYSTEM "file:///etc/passwd">]><a>&c;&d;</a>'
    assert told(packed(more={part: bomb})) == [(1, "sheets.document-type")]
    assert told(packed(more={part: bomb.encode("utf-16")})) == [(1, "sheets.document-type")]


def test_a_million_rows_are_refused_at_once() -> None:
    """The 200,001st row ends the reading; nothing is kept of what was unpacked."""
    octets = packed(ROOM % (ROW * 1_000_000))
    tracemalloc.start()
    assert told(octets) == [(MOST_ROWS + 1, "sheets.too-many-rows")]
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 8 * MIB


def test_rows_are_counted_under_any_prefix() -> None:
    """Rows that the quick count does not see, since their names have a prefix, are counted when they are read."""
    sheet = ROOM % ("<x:row><x:c><x:v>1</x:v></x:c></x:row>" * (MOST_ROWS + 1))
    assert told(packed(sheet.replace("<worksheet", '<worksheet xmlns:x="urn:x"'))) == [
        (MOST_ROWS + 1, "sheets.too-many-rows")
    ]


def test_borders_down_to_the_last_row_are_no_rows() -> None:
    """A sheet whose empty cells have a border to the bottom is as long as what it says."""
    empty = "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(2, 250_000))
    found = grids_of(packed(ROOM % ('<row r="1"><c r="A1"><v>7</v></c></row>' + empty)), "a.xlsx")
    assert [list(grid.rows) for grid in found.grids] == [[(1, ["7"])]]


def test_too_many_columns() -> None:
    """A value in column 201 is told with its row; an empty cell there is nothing."""
    assert told(made(lambda sheet: sheet.cell(3, MOST_COLUMNS + 1, "x"))) == [(3, "sheets.too-many-columns")]
    assert told(packed(ROOM % '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="0"/></row>')) == []


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"])
def test_bombs_are_not_unpacked(part: str) -> None:
    """A part that unpacks to a thousand times its size is refused by the list of contents."""
    octets = BytesIO(packed())
    with ZipFile(octets, "a", ZIP_DEFLATED) as package, package.open(f"{part}x", "w") as file:
        for _ in range(16):
            file.write(bytes(MIB))
    tracemalloc.start()
    assert told(octets.getvalue()) == [(1, "sheets.bomb")]
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < MIB


def test_a_size_that_lies_is_no_way_in() -> None:
    """A part that holds more than its entry says ends as a broken file."""
    octets = packed(ROOM % (ROW * 5_000))
    true = len(ROOM % (ROW * 5_000)).to_bytes(4, "little")
    assert octets.count(true) == 2
    assert told(octets.replace(true, (1_000).to_bytes(4, "little"))) == [(1, "sheets.broken")]


@given(st.data())
@settings(max_examples=60)
def test_reading_is_total(data: st.DataObject) -> None:
    """However a file was damaged, there are grids or a sentence, never an error."""
    sound, pack = data.draw(st.sampled_from(SOUND))
    octets = bytearray(sound)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(octets)))
        octets[at : at + data.draw(st.integers(0, 30))] = data.draw(st.sampled_from(SPLINTERS) | st.binary(max_size=4))
    found = grids_of(pack(bytes(octets)), "a")
    assert found.grids or found.mistakes


def test_odd_packing_is_refused() -> None:
    """Only the two ways that office programs pack in are unpacked; names that stand twice are not."""
    octets = BytesIO(packed())
    with ZipFile(octets, "a", ZIP_BZIP2) as package:
        package.writestr("xl/odd.xml", "x" * 100)
    assert told(octets.getvalue()) == [(1, "sheets.broken")]
    twice = BytesIO(packed())
    with ZipFile(twice, "a") as package:
        package.writestr("XL/workbook.xml", "<workbook/>")
    assert told(twice.getvalue()) == [(1, "sheets.broken")]


def test_a_file_that_is_too_big() -> None:
    """Beyond 32 MiB nothing is looked at."""
    assert told(b"a;b\n" * (MOST_OCTETS // 4 + 1), "a.csv") == [(1, "sheets.too-big")]


def test_an_old_font_is_told_with_its_row() -> None:
    """Text that only reads well in .VnTime or VNI-Times was taken for Latin letters, whatever the file says."""
    book = Workbook()
    for cells in (["Ten don vi"], ["Hải Hậu · Nam Định"], ["UBND x· H¶i Phóc"]):
        book["Sheet"].append(cells)
    assert told(saved(book)) == [(3, "sheets.old-font")]
    assert told("Tên\nUBND huyÖn H¶i HËu\n".encode(), "a.csv") == [(2, "sheets.old-font")]
    assert told("Tên\nSôû Noäi vuï tænh Nam Ñònh\n".encode(), "a.csv") == [(2, "sheets.old-font")]
    honest = "Tên\nCông ty Ví Dụ®\nNhiệt độ 5°, 30µm\nHải Hậu·Nam Định\nCaf\u00e9\u00ae 5\u00b7 6"
    assert told(honest.encode(), "a.csv") == []
