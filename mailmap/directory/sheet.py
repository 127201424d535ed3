"""Sheets: the rows of a CSV file, with every cell under the name of its field.

Promises:  ``read`` is total: any text becomes rows and mistakes, each with its line, all mistakes at once. Headers may
           be Vietnamese or English, in any order and case; separators may be comma, semicolon or tab; text becomes NFC.
Never:     reads what a cell means (``cells`` does), or guesses a header it does not know.
Fails:     never; ``decode`` gives None for octets that are not UTF-8.

A line that begins with '#' is a remark. The sheet is of units when it has a column of short names, else of addresses.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from mailmap.directory.answers import Sentence
from mailmap.directory.nearness import plain


class Table(StrEnum):
    """What the rows of a sheet are."""

    UNITS = "units"
    ADDRESSES = "addresses"
    SUCCESSIONS = "successions"


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file, as a person counts."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it stands, and its cells by field name (only the columns that the sheet has)."""

    place: Place
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong, and where."""

    place: Place
    why: Sentence


@dataclass(frozen=True, slots=True)
class Remark:
    """What is told without being wrong, and where."""

    place: Place
    why: Sentence


@dataclass(frozen=True, slots=True)
class Sheet:
    """All rows of one sheet, what could not be read of it, and the rows that were taken for headings."""

    table: Table
    rows: tuple[Row, ...]
    mistakes: tuple[Mistake, ...] = ()
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet before anything in it is understood: its lines (numbered as a person counts) of text cells.

    ``file`` is how places name it, with the sheet's name behind it when the file has several.
    """

    file: str
    rows: Sequence[tuple[int, Sequence[str]]]


# Field: the headers it goes by, without marks.
_PERIOD = {
    "valid_from": "valid_from, valid from, from, tu ngay, hieu luc tu",
    "valid_until": "valid_until, valid until, until, het hieu luc, het hieu luc tu",
    "note": "note, ghi chu",
}
_HEADERS: Mapping[Table, Mapping[str, str]] = {
    Table.UNITS: {
        "id": "id, ma, ma don vi, khoa",
        "name": "name, ten, ten don vi, ten co quan, don vi",
        "kind": "kind, loai, loai don vi, cap",
        "short": "short, short name, ten ngan, ten tat",
        "parent": "parent, truc thuoc, thuoc, cap tren, don vi cap tren",
        "contact": "contact, dia chi nhan, dia chi, hop thu, email, thu dien tu",
        "channel": "channel, kenh, cach nhan",
        "book": "book, giu so, so van ban",
        "accepts_itself": "accepts_itself, accepts itself, tu tiep nhan, tu dong tiep nhan",
        "organ_id": "organ_id, organ id, ma dinh danh",
        "qcvn_id": "qcvn_id, qcvn id, ma qcvn",
        "tax_code": "tax_code, tax code, ma so thue, mst",
        "other_names": "other_names, other names, ten khac",
        "fallback": "fallback, du phong",
        "basis": "basis, can cu, can cu phap ly",
        **_PERIOD,
    },
    Table.ADDRESSES: {
        "address": "address, dia chi, hop thu, email, thu dien tu, dia chi thu dien tu",
        "unit": "unit, unit id, don vi, ma don vi",
        "may": "may, duoc lam, quyen",
        "role": "role, vai tro, chuc danh, bo phan",
        "form": "form, dang",
        "needs": "needs, can chung minh",
        **_PERIOD,
    },
    Table.SUCCESSIONS: {
        "unit": "unit, don vi, don vi cu, ma don vi, ma don vi cu",
        "on": "on, ngay, tu ngay, ngay hieu luc",
        "turn": "turn, hinh thuc",
        "successor": "successor, don vi ke thua, don vi moi, ma don vi moi",
        "basis": "basis, can cu, can cu phap ly",
        "note": "note, ghi chu",
    },
}
_KNOWN: Mapping[Table, Mapping[str, str]] = {
    table: {header: field for field, headers in fields.items() for header in headers.split(", ")}
    for table, fields in _HEADERS.items()
}
_NEEDED: Mapping[Table, tuple[str, ...]] = {
    Table.UNITS: ("name", "kind", "short"),
    Table.ADDRESSES: ("address", "unit"),
    Table.SUCCESSIONS: ("unit", "on", "turn"),
}


def decode(octets: bytes) -> str | None:
    """The text of UTF-8 octets, with or without a byte order mark; None when they are something else."""
    try:
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def read(file: str, text: str) -> Sheet:
    """The rows of a CSV text; ``file`` is only how places name it."""
    lines: list[tuple[int, list[str]]] = []
    try:
        lines.extend(_lines(text))
    except csv.Error as error:
        line = lines[-1][0] + 1 if lines else 1
        return Sheet(Table.UNITS, (), (Mistake(Place(file, line), Sentence.of("roster.no-csv", reason=error)),))
    return read_grid(Grid(file, lines))


def read_grid(grid: Grid) -> Sheet:
    """The rows of a grid."""
    lines = [(number, [" ".join(cell.split()) for cell in cells]) for number, cells in grid.rows]
    lines = [line for line in lines if any(line[1])]
    if not lines:
        return Sheet(Table.UNITS, (), (Mistake(Place(grid.file, 1), Sentence.of("roster.empty")),))
    return _rows(grid.file, lines)


def _rows(file: str, lines: list[tuple[int, list[str]]]) -> Sheet:
    number, titles = lines[0]
    place = Place(file, number)
    headers = [" ".join(plain(title).split()) for title in titles]
    table = Table.UNITS if {_KNOWN[Table.UNITS].get(header) for header in headers} & {"short"} else Table.ADDRESSES
    if {_KNOWN[Table.SUCCESSIONS].get(header) for header in headers} & {"turn"}:
        table = Table.SUCCESSIONS
    names = [_KNOWN[table].get(header) for header in headers]
    mistakes = list(_header_mistakes(place, table, titles, names))
    if mistakes:
        return Sheet(table, (), tuple(mistakes))
    rows = []
    for line, cells in lines[1:]:
        if len(cells) > len(names) and any(cells[len(names) :]):
            mistakes.append(Mistake(Place(file, line), Sentence.of("roster.too-many-cells", most=len(names))))
        named = {name: cell for name, cell in zip(names, cells, strict=False) if name and name != "note"}
        rows.append(Row(Place(file, line), named))
    return Sheet(table, tuple(rows), tuple(mistakes))


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Every line that says something, with its number and clean cells."""
    text = unicodedata.normalize("NFC", text)
    first = next((line for line in text.splitlines() if line.strip() and not line.startswith("#")), "")
    separator = max(",;\t", key=first.count)
    reader = csv.reader(_without_remarks(text), delimiter=separator, strict=True)
    for row in reader:
        cells = [" ".join(cell.split()) for cell in row]
        if any(cells):
            yield reader.line_num, cells


def _without_remarks(text: str) -> Iterator[str]:
    """The lines, remarks made blank so that the numbers stay right."""
    for line in text.splitlines(keepends=True):
        yield "\n" if line.startswith("#") else line


def _header_mistakes(place: Place, table: Table, titles: list[str], names: list[str | None]) -> Iterator[Mistake]:
    for title, name in zip(titles, names, strict=True):
        if name is None:
            yield Mistake(place, Sentence.of("roster.unknown-column", title=title))
        elif names.count(name) > 1:
            yield Mistake(place, Sentence.of("roster.twice-column", title=title))
    for name in _NEEDED[table]:
        if name not in names:
            yield Mistake(place, Sentence.of("roster.missing-column", title=name))
