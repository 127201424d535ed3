"""CSV files as offices have them: whatever the separator, the encoding told."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.sheets.limits import MOST_COLUMNS, MOST_ROWS
from gateway.sheets.read import grids, grids_of
from tests.gateway.sheets.workbooks import rows, told

TEXT = "Mã;Tên\nhaihau;UBND huyện Hải Hậu, tỉnh Nam Định\n"
ROWS = [(1, ["Mã", "Tên"]), (2, ["haihau", "UBND huyện Hải Hậu, tỉnh Nam Định"])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_in_every_form(encoding: str) -> None:
    """UTF-8 with and without a byte order mark, UTF-16 and UTF-32 with one."""
    assert rows(grids_of(TEXT.encode(encoding), "a.csv")) == ROWS
    assert rows(grids_of(b"\xfe\xff" + TEXT.encode("utf-16-be"), "a.csv")) == ROWS


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_the_separator_is_the_one_that_parts_most_rows_alike(separator: str) -> None:
    """Titles full of commas above, and names full of commas, do not mislead."""
    lines = ["SỞ, BAN, NGÀNH, HUYỆN", "", "a{0}b{0}c", '"1, 2, 3"{0}"x;y"{0}z', "4{0}5{0}6"]
    text = "\n".join(line.format(separator) for line in lines)
    found = rows(grids_of(text.encode(), "a.csv"))
    assert found[1:] == [(3, ["a", "b", "c"]), (4, ["1, 2, 3", "x;y", "z"]), (5, ["4", "5", "6"])]


def test_a_first_line_may_name_the_separator() -> None:
    """What Excel understands, we understand."""
    assert rows(grids_of(b"sep=,\r\na;b,c\r\n", "a.csv")) == [(2, ["a;b", "c"])]


def test_remarks_and_blank_rows_keep_the_numbers_right() -> None:
    """Rows are numbered as an editor shows them, by their last line where a cell has several."""
    text = '# remark\n\n;;\na;b\n"c\nd";e\n'
    assert rows(grids_of(text.encode(), "a.csv")) == [(4, ["a", "b"]), (6, ["c\nd", "e"])]


@pytest.mark.parametrize(
    ("encoding", "key"), [("cp1258", "sheets.not-utf8"), ("cp1252", "sheets.not-utf8"), ("utf-16-le", "sheets.utf16")]
)
def test_other_encodings_are_told_with_their_first_row(encoding: str, key: str) -> None:
    """Old Windows encodings and UTF-16 without a mark are refused by name, never guessed."""
    words = "thành phố, thị trấn" if encoding != "cp1252" else "café, là"
    line = "".join(letter for letter in words if letter.encode(encoding, "ignore"))
    text = f"ma;ten\na;b\nc;{line}\n"
    assert told(text.encode(encoding), "a.csv") == [(3 if key == "sheets.not-utf8" else 1, key)]


def test_tcvn3_is_told_by_its_name() -> None:
    """The encoding of .VnTime needs another remedy than Windows', so it is told apart; its first row with it."""
    text = b"ma;ten\nhaihau;UBND huy\xd6n H\xb6i H\xcbu\nx;x\xb7 H\xb6i Ph\xf3c, \xae\xaan v\xda"
    assert told(text, "a.csv") == [(2, "sheets.tcvn3")]


def test_a_damaged_character_is_told_with_its_row() -> None:
    """UTF-8 with one octet that is none is not taken for an old encoding."""
    octets = TEXT.encode() + b"a;H\xb6i\n" + TEXT.encode()
    assert told(octets, "a.csv") == [(3, "sheets.damaged")]


def test_a_quotation_mark_too_many() -> None:
    """A cell whose quotation never ends, or ends in the middle, is told with its row."""
    assert told(b'a;b\nc;"d\ne;f\n', "a.csv") == [(3, "sheets.quotes")]
    assert told(b'a;b\nc;"d"e\n', "a.csv") == [(2, "sheets.quotes")]


def test_too_many_rows_and_columns() -> None:
    """The first row beyond the limit ends the reading."""
    assert told(b"a;b\n" * 1_000_000, "a.csv") == [(MOST_ROWS + 1, "sheets.too-many-rows")]
    assert told(b"a" + b";b" * MOST_COLUMNS, "a.csv") == [(1, "sheets.too-many-columns")]
    assert told(b"a" + b";" * 5_000, "a.csv") == []


def test_files_on_disk(tmp_path: Path) -> None:
    """A file is named by its last part; what it is called says nothing of what it is."""
    path = tmp_path / "danh-ba.xlsx"
    path.write_text(TEXT, "utf-8")
    found = grids(path)
    assert (rows(found), found.grids[0].file) == (ROWS, "danh-ba.xlsx")
