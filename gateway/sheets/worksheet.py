"""One worksheet: its rows of text, and the cells that cannot be taken as they are.

Promises:  a cell becomes the text that a person sees: whole numbers without '.0', dates as 2024-09-01, zeros in front
           where the format shows them; a cell merged over several rows stands in each of them. Reading ends at the
           first row or column beyond the limits.
Never:     calculates a formula or believes the result that was stored with it.
Fails:     Unreadable; ValueError and KeyError where the XML is not that of a worksheet.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from enum import Enum, auto

from openpyxl.utils.datetime import from_excel

from gateway.sheets.limits import MOST_COLUMNS, MOST_ROWS, Unreadable
from gateway.sheets.text import as_text, unescaped

_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_EXACT = 1 << 53  # whole numbers up to here are exact in a spreadsheet


class Look(Enum):
    """How a number is shown, as far as it changes what it says."""

    NUMBER = auto()
    DATE = auto()


@dataclass(frozen=True, slots=True)
class Style:
    """The look of a cell: ``digits`` is how many a format like 0000 shows at least; ``quoted`` text is no formula."""

    look: Look = Look.NUMBER
    digits: int = 0
    quoted: bool = False


_PLAIN = Style()


@dataclass(frozen=True, slots=True)
class Book:
    """What the cells of all worksheets refer to: texts, styles; ``epoch`` is day 0."""

    strings: Sequence[str]
    styles: Sequence[Style]
    epoch: datetime


class Worksheet:
    """Listens to the elements of one worksheet (ECMA-376 part 1, section 18.3)."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self.rows: list[tuple[int, list[str]]] = []
        self.formulas: list[tuple[int, str]] = []
        self.errors: list[tuple[int, str]] = []
        self._merged: list[tuple[int, int, int]] = []  # column, first row, last row
        self._row = self._column = 0
        self._cells: dict[int, str] = {}
        self._inside = False  # a cell, of this reference, kind and style, which says this
        self._reference = self._kind = ""
        self._style = _PLAIN
        self._said: list[str] = []
        self._aside = 0  # depth inside a reading aid (phonetic run), whose text is not the cell's

    def opened(self, name: str, given: Mapping[str, str]) -> None:
        """A row, a cell, a formula, a merged range begin."""
        match name:
            case "c":
                self._begin(given)
            case "row":
                self._row, self._column = int(given.get("r", self._row + 1)), 0
            case "f" if self._inside:
                self.formulas.append((self._row, self._reference))
            case "rPh":
                self._aside += 1
            case "mergeCell":
                self._merge(given["ref"])
            case _:
                pass

    def closed(self, name: str, text: str) -> None:
        """The text of a cell, a cell, a row are whole."""
        match name:
            case "v" | "t" if self._inside and not self._aside:
                self._said.append(text)
            case "c" if self._inside:
                self._end()
            case "row":
                self._end_row()
            case "rPh":
                self._aside -= 1
            case _:
                pass

    def lines(self) -> list[tuple[int, list[str]]]:
        """Every row that says something, with its number; merged cells repeated downward."""
        numbers = [number for number, _ in self.rows]
        done: dict[int, int] = {}  # column: the last row of a range; ranges that overlap are none
        for column, first, last in sorted(self._merged):
            if first > done.get(column, 0):
                done[column] = last
                self._repeat(column, bisect_left(numbers, first), bisect_right(numbers, last), first)
        return self.rows

    def _repeat(self, column: int, begin: int, end: int, first: int) -> None:
        """Put the cell at the top of a merged range into its rows; ``begin`` and ``end`` are places in ``rows``."""
        top = self.rows[begin][1] if begin < end and self.rows[begin][0] == first else []
        if column >= len(top):
            return
        for _, cells in self.rows[begin + 1 : end]:
            cells.extend([""] * (column + 1 - len(cells)))
            cells[column] = cells[column] or top[column]

    def _begin(self, given: Mapping[str, str]) -> None:
        reference = given.get("r", "")
        self._column = _place(reference)[0] if reference else self._column + 1
        self._inside, self._reference = True, reference or _name(self._column, self._row)
        self._kind = given.get("t", "n")
        self._style = self._book.styles[int(given["s"])] if "s" in given and self._book.styles else _PLAIN
        self._said.clear()

    def _end(self) -> None:
        self._inside = False
        said = "".join(self._said)
        if not said:
            return
        if self._kind == "e":
            self.errors.append((self._row, self._reference))
        elif (text := self._text(said)).strip():
            if self._column > MOST_COLUMNS:
                raise Unreadable("sheets.too-many-columns", self._row, most=MOST_COLUMNS)
            self._cells[self._column] = text

    def _end_row(self) -> None:
        if not self._cells:
            return
        if len(self.rows) == MOST_ROWS:
            raise Unreadable("sheets.too-many-rows", self._row, most=MOST_ROWS)
        self.rows.append((self._row, [self._cells.get(at, "") for at in range(1, max(self._cells) + 1)]))
        self._cells = {}

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        (column, top), (_, bottom) = _place(first), _place(last or first)
        if bottom > top and column <= MOST_COLUMNS:
            self._merged.append((column - 1, top, bottom))

    def _text(self, said: str) -> str:
        match self._kind:
            case "s":
                return as_text(self._book.strings[int(said)], quoted=self._style.quoted)
            case "b":
                return "true" if said == "1" else "false"
            case "n":
                return self._number(said)
            case "d":
                return _moment(datetime.fromisoformat(said))
            case _:
                return as_text(unescaped(said), quoted=self._style.quoted)

    def _number(self, said: str) -> str:
        value = float(said)
        if self._style.look is Look.DATE:
            return self._day(value)
        if value.is_integer() and abs(value) <= _EXACT:
            return f"{int(value):0{self._style.digits}d}"
        return said

    def _day(self, value: float) -> str:
        try:
            moment = from_excel(value, self._book.epoch)
        except (OverflowError, ValueError):  # a number that is no day, shown as ######
            self.errors.append((self._row, self._reference))
            return ""
        return _moment(moment) if isinstance(moment, datetime) else str(moment)


def _moment(moment: datetime) -> str:
    return moment.date().isoformat() if moment.time() == time() else moment.isoformat(" ", "minutes")


def _place(reference: str) -> tuple[int, int]:
    """Column and row, counted from 1, of a reference like AB12."""
    parts = _REFERENCE.fullmatch(reference.replace("$", ""))
    if parts is None:
        raise ValueError(reference)
    column = 0
    for letter in parts[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column, int(parts[2])


def _name(column: int, row: int) -> str:
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row}"
