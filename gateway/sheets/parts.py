"""The parts of a workbook that its cells refer to (ECMA-376 parts 1 and 2).

Promises:  each listens to one part and keeps only what reading cells needs; names of elements are local names.
Never:     follows a relation that leads out of the package.
Fails:     KeyError and ValueError where the XML is not that of the part.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from gateway.sheets.text import unescaped
from gateway.sheets.worksheet import Look, Style

TRUE = frozenset({"1", "true"})
SEEN = "visible"  # the state of a sheet that people see
_LOCAL_DATES = frozenset((*range(27, 37), *range(50, 59)))  # built-in formats that are dates in East Asian versions
_ZEROS = re.compile(r"0{2,20}")


class Relations:
    """The parts that a part refers to: type (its last word) and path, by id."""

    def __init__(self, base: str) -> None:
        self._base = base
        self.found: dict[str, tuple[str, str]] = {}

    def opened(self, name: str, given: Mapping[str, str]) -> None:
        """One relation."""
        if name == "Relationship" and given.get("TargetMode") != "External":
            path = posixpath.normpath(posixpath.join("/", self._base, given["Target"])).lstrip("/")
            self.found[given["Id"]] = (given["Type"].rpartition("/")[2], path)

    def closed(self, _name: str, _text: str) -> None:
        """Nothing ends here that matters."""

    def of(self, kind: str) -> list[str]:
        """The paths of all parts of a type."""
        return [path for each, path in self.found.values() if each == kind]


class Contents:
    """The list of sheets: title, state, id of the relation; and which day is day 0."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, str]] = []
        self.epoch = WINDOWS_EPOCH

    def opened(self, name: str, given: Mapping[str, str]) -> None:
        """A sheet, or what holds for the book."""
        if name == "sheet":
            (relation,) = (value for key, value in given.items() if key.endswith(":id"))
            self.sheets.append((given["name"], given.get("state", SEEN), relation))
        elif name == "workbookPr" and given.get("date1904") in TRUE:
            self.epoch = MAC_EPOCH

    def closed(self, _name: str, _text: str) -> None:
        """Nothing ends here that matters."""


class Strings:
    """The texts that cells share."""

    def __init__(self) -> None:
        self.all: list[str] = []
        self._runs: list[str] = []
        self._aside = False

    def opened(self, name: str, _given: Mapping[str, str]) -> None:
        """A reading aid begins, whose text is not the cell's."""
        if name == "rPh":
            self._aside = True

    def closed(self, name: str, text: str) -> None:
        """A run of a text, or the whole text, ends."""
        if name == "t" and not self._aside:
            self._runs.append(text)
        elif name == "rPh":
            self._aside = False
        elif name == "si":
            self.all.append(unescaped("".join(self._runs)))
            self._runs.clear()


class Styles:
    """How each cell style shows a number."""

    def __init__(self) -> None:
        self.all: list[Style] = []
        self._formats: dict[int, str] = {}
        self._inside = False

    def opened(self, name: str, given: Mapping[str, str]) -> None:
        """A format, or a cell style that names one."""
        if name == "numFmt":
            self._formats[int(given["numFmtId"])] = given["formatCode"]
        elif name == "cellXfs":
            self._inside = True
        elif name == "xf" and self._inside:
            self.all.append(self._style(int(given.get("numFmtId", "0")), quoted=given.get("quotePrefix") in TRUE))

    def closed(self, name: str, _text: str) -> None:
        """The cell styles end; others that look alike follow."""
        if name == "cellXfs":
            self._inside = False

    def _style(self, number: int, *, quoted: bool) -> Style:
        shown = self._formats.get(number) or BUILTIN_FORMATS.get(number, "General")
        if number in _LOCAL_DATES or is_date_format(shown):
            return Style(Look.DATE)
        return Style(digits=len(shown) if _ZEROS.fullmatch(shown) else 0, quoted=quoted)
