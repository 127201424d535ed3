"""Sheets: the rows of a table as offices write them, with every cell under the name of its field.

Promises:  ``read`` and ``read_grid`` are total: any text becomes rows, remarks and mistakes, each with its line, all at
           once. The headings may stand below titles; separators may be comma, semicolon or tab; text becomes NFC. A row
           with one filled cell ("I. HUYỆN HẢI HẬU"), and one that only numbers the columns, is told as a remark.
Never:     reads what a cell means (``cells`` does), lets a formula or a control character pass for text, or guesses a
           heading it does not know.
Fails:     never; ``decode`` gives None for octets that are not UTF-8.

A line that begins with '#' is a remark that nobody needs to see. A cell that our exports wrote with an apostrophe
before = + - or @, so that no program takes it for a formula, is read without it.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest

from mailmap.directory import headings
from mailmap.directory.answers import Sentence
from mailmap.directory.headings import UNREAD, Headings, Table

__all__ = ["Grid", "Mistake", "Place", "Remark", "Row", "Sheet", "Table", "clean", "decode", "read", "read_grid"]


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


_UNSEEN = str.maketrans(dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad"))  # what copying from web pages brings
_DASHES = frozenset("-\u2010\u2011\u2012\u2013\u2014\u2212")  # a cell of these alone says that there is nothing
_FORMULA = frozenset("=+-@")
_QUOTED = re.compile(r"'+(?=[=+\-@])")
_COUNTS = re.compile(r"\(?(?:\d{1,2}|[A-Za-z])\)?")  # "(1) (2) (3)", "A B 1 2": the columns' numbers
_SEPARATOR = re.compile(r"\s*sep=([,;\t])\s*", re.IGNORECASE)  # what Excel understands in a first line
_PART = re.compile(r"(?:[IVXLC]+|[A-H]|\d{1,2}\.\d{1,2})[.)]?")  # I, II., A, 1.2: the number of a part of the list
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")  # str.splitlines would part cells at form feeds, too
_LETTERS = 26
_SHOWN = 60  # letters of a cell that a mistake repeats


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
        lines.extend(_lines(text, _separator(text)))
    except csv.Error as error:
        line = lines[-1][0] + 1 if lines else 1
        return _nothing(file, line, Sentence.of("roster.no-csv", reason=error))
    return read_grid(Grid(file, lines))


def read_grid(grid: Grid) -> Sheet:
    """The rows of a grid."""
    cleaned = ((number, [clean(cell) for cell in cells]) for number, cells in grid.rows)
    lines = [line for line in cleaned if any(line[1])]
    if not lines:
        return _nothing(grid.file, 1, Sentence.of("roster.empty"))
    found = headings.find([cells for _, cells in lines])
    if found is None:
        known = headings.known(Table.UNITS)
        why = Sentence.of("roster.no-headings", title=" | ".join(filter(None, lines[0][1]))[:200], known=known)
        return _nothing(grid.file, lines[0][0], why)
    place = Place(grid.file, lines[found.at][0])
    if found.wrong:
        return Sheet(found.table, (), tuple(Mistake(place, why) for why in found.wrong))
    return _rows(grid.file, found, lines[found.at + found.lines :])


def clean(cell: str) -> str:
    """A cell as it is compared: NFC, single spaces, nothing that cannot be seen; dashes alone are nothing."""
    text = cell if cell.isascii() else unicodedata.normalize("NFC", cell.translate(_UNSEEN))
    text = " ".join(text.split())
    return "" if text and _DASHES.issuperset(text) else text


def _nothing(file: str, line: int, why: Sentence) -> Sheet:
    return Sheet(Table.UNITS, (), (Mistake(Place(file, line), why),))


def _rows(file: str, found: Headings, lines: Sequence[tuple[int, list[str]]]) -> Sheet:
    rows: list[Row] = []
    remarks: list[Remark] = []
    mistakes: list[Mistake] = []
    for line, cells in lines:
        place = Place(file, line)
        if cells[0].startswith("#"):
            continue
        if heading := _heading(found, cells):
            remarks.append(Remark(place, Sentence.of("roster.heading", text=heading)))
            continue
        mistakes.extend(Mistake(place, why) for why in _wrong(found, cells))
        every = zip_longest(found.fields, cells[: len(found.fields)], fillvalue="")  # empty cells at the end are lost
        named = {field: _bare(cell) for field, cell in every if field != UNREAD}
        rows.append(Row(place, named))
    return Sheet(found.table, tuple(rows), tuple(mistakes), tuple(remarks))


def _heading(found: Headings, cells: Sequence[str]) -> str:
    """What a row says that stands between the rows of units; '' for a row that tells something."""
    filled = [cell for cell in cells if cell]
    said = filled[1:] if len(filled) > 1 and _PART.fullmatch(filled[0]) and cells[0] and not found.fields[0] else filled
    columns = sum(field != UNREAD for field in found.fields)
    alone = len(said) == 1 and columns > 1 and "@" not in said[0] and len(cells) <= len(found.fields)
    return " ".join(filled) if alone or _counts(filled) else ""


def _counts(filled: Sequence[str]) -> bool:
    """Whether a row only numbers the columns: (1) (2) (3), or A B 1 2."""
    if not all(map(_COUNTS.fullmatch, filled)):
        return False
    numbers = [int(cell.strip("()")) for cell in filled if cell.strip("()").isdecimal()]
    return len(numbers) > 1 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _wrong(found: Headings, cells: Sequence[str]) -> Iterator[Sentence]:
    if any(cells[len(found.fields) :]):
        yield Sentence.of("roster.too-many-cells", most=len(found.fields))
    for column, (field, cell) in enumerate(zip(found.fields, cells, strict=False)):
        if field == UNREAD:
            continue
        if cell[:1] in _FORMULA:
            yield Sentence.of("roster.formula", cell=cell[:_SHOWN], column=_letter(column))
        if not cell.isprintable() or "\ufffd" in cell:
            shown = "".join(letter if letter.isprintable() else "\u2423" for letter in cell)
            yield Sentence.of("roster.control", cell=shown[:_SHOWN], column=_letter(column))


def _bare(cell: str) -> str:
    return _QUOTED.sub("", cell, count=1) if cell.startswith("'") else cell


def _letter(column: int) -> str:
    """The column as spreadsheets call it: A, B, … Z, AA."""
    rest, last = divmod(column, _LETTERS)
    return (_letter(rest - 1) if rest else "") + chr(ord("A") + last)


def _separator(text: str) -> str:
    """The sign between cells: the one with which the first lines look most like headings, then the most frequent."""
    if said := _SEPARATOR.fullmatch(text.partition("\n")[0]):
        return said.group(1)
    first = list(islice((line for line in _without_remarks(text) if line.strip()), headings.SEARCHED))
    return max(",;\t", key=lambda sign: (_likeness(first, sign), sum(line.count(sign) for line in first)))


def _likeness(lines: Sequence[str], separator: str) -> int:
    reader = csv.reader(lines, delimiter=separator)
    return max((headings.likeness(cells) for cells in reader), default=0)


def _lines(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Every line that says something, with its number."""
    for row in (reader := csv.reader(_without_remarks(text), delimiter=separator, strict=True)):
        if any(map(str.strip, row)):
            yield reader.line_num, row


def _without_remarks(text: str) -> Iterator[str]:
    """The lines, remarks and a line that names the separator made blank so that the numbers stay right."""
    for line in _LINE.findall(text):
        yield "\n" if line.startswith("#") or _SEPARATOR.fullmatch(line) else line
