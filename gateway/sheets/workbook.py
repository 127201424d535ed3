"""Workbooks (XLSX) as grids: one for each sheet that can be seen and says something.

Promises:  what the package holds is judged by its list of contents before anything is unpacked: macros, other formats,
           bombs. Parts are then read as streams. A hidden sheet is not read, and that is told.
Never:     unpacks to disk, follows a link out of the file, or keeps a part whole that is larger than ``MOST_KEPT``.
Fails:     Unreadable, for the file as a whole; formulas and error values are mistakes, each with sheet and cell.
"""

from __future__ import annotations

import posixpath
import struct
import zlib
from io import BytesIO
from typing import IO
from xml.parsers.expat import ExpatError
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from gateway.sheets.elements import Listener, scan
from gateway.sheets.lettering import in_an_old_font
from gateway.sheets.limits import (
    LARGE,
    MIB,
    MOST_KEPT,
    MOST_PARTS,
    MOST_RATIO,
    MOST_ROWS,
    MOST_UNPACKED,
    Unreadable,
    size_told,
)
from gateway.sheets.parts import SEEN, Contents, Relations, Strings, Styles
from gateway.sheets.sheet import Read, told
from gateway.sheets.worksheet import Book, Worksheet
from mailmap.directory.answers import Sentence
from mailmap.directory.sheet import Grid, Place, Remark

_BROKEN = (BadZipFile, ExpatError, zlib.error, struct.error, EOFError, ValueError, LookupError, NotImplementedError)
_ENCRYPTED = 1  # general purpose bit 0


def read(octets: bytes, name: str) -> Read:
    """The grids of a workbook."""
    try:
        with ZipFile(BytesIO(octets)) as package:
            _judge(package.infolist())
            return _read(package, name)
    except _BROKEN as error:
        raise Unreadable("sheets.broken") from error


def _judge(parts: list[ZipInfo]) -> None:
    """Refuse by the list of contents. The sizes in it bind: a part that holds more ends as a broken one."""
    names = {part.filename.casefold() for part in parts}
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names):
        raise Unreadable("sheets.macros")
    if "xl/workbook.bin" in names or "content.xml" in names:
        raise Unreadable("sheets.other-format")
    if "[content_types].xml" not in names or any(name.startswith(("word/", "ppt/")) for name in names):
        raise Unreadable("sheets.no-sheet")
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise Unreadable("sheets.encrypted")
    whole = sum(part.file_size for part in parts)
    if whole > MOST_UNPACKED or len(parts) > MOST_PARTS or any(map(_is_bomb, parts)):
        raise Unreadable("sheets.bomb", size=size_told(whole), most=size_told(MOST_UNPACKED))
    if len(names) < len(parts) or any(part.compress_type not in {ZIP_STORED, ZIP_DEFLATED} for part in parts):
        raise Unreadable("sheets.broken")


def _is_bomb(part: ZipInfo) -> bool:
    return part.file_size > LARGE and part.file_size > part.compress_size * MOST_RATIO


def _read(package: ZipFile, name: str) -> Read:
    root = _relations(package, "")
    (path,) = root.of("officeDocument")
    contents, relations = Contents(), _relations(package, path)
    _keep(package, path, contents)
    if any(kind == "xlMacrosheet" for kind, _ in relations.found.values()):
        raise Unreadable("sheets.macros")
    book = _book(package, relations, contents)
    read = Read(())
    seen = [(title, id_) for title, state, id_ in contents.sheets if state == SEEN]
    for title, id_ in seen:
        kind, sheet = relations.found[id_]
        if kind == "worksheet":
            read = _joined(read, _grid(package, sheet, book, name if len(seen) == 1 else f"{name} [{title}]"))
    if not read.grids and not read.mistakes:
        raise Unreadable("sheets.empty")
    hidden = [title for title, state, _ in contents.sheets if state != SEEN]
    remarks = tuple(Remark(Place(name, 1), Sentence.of("sheets.hidden", sheet=title)) for title in hidden)
    return Read(read.grids, read.mistakes, remarks)


def _joined(one: Read, other: Read) -> Read:
    return Read(one.grids + other.grids, one.mistakes + other.mistakes)


def _grid(package: ZipFile, path: str, book: Book, file: str) -> Read:
    sheet = Worksheet(book)
    if package.getinfo(path).file_size > LARGE:
        with package.open(path) as stream:
            _count(stream)
    with package.open(path) as stream:
        scan(stream, sheet)
    rows = sheet.lines()
    for line, cells in rows:
        if any(map(in_an_old_font, cells)):
            raise Unreadable("sheets.old-font", line)
    mistakes = (*told(file, "sheets.formula", sheet.formulas), *told(file, "sheets.error", sheet.errors))
    return Read((Grid(file, rows),) if rows else (), mistakes)


def _count(stream: IO[bytes]) -> None:
    """Refuse a sheet of very many rows before anything in it is understood: it need not take seconds."""
    rows, rest = 0, b""
    while block := stream.read(MIB):
        *whole, rest = (rest[-MIB:] + block).split(b"</row>")
        rows += sum(b"</v>" in row or b"</t>" in row for row in whole)
        if rows > MOST_ROWS:
            raise Unreadable("sheets.too-many-rows", MOST_ROWS + 1, most=MOST_ROWS)


def _book(package: ZipFile, relations: Relations, contents: Contents) -> Book:
    strings, styles = Strings(), Styles()
    for kind, listener in (("sharedStrings", strings), ("styles", styles)):
        for path in relations.of(kind):
            _keep(package, path, listener)
    return Book(strings.all, styles.all, contents.epoch)


def _relations(package: ZipFile, path: str) -> Relations:
    folder, file = posixpath.split(path)
    found = Relations(folder)
    _keep(package, posixpath.join(folder, "_rels", f"{file}.rels"), found)
    return found


def _keep(package: ZipFile, path: str, listener: Listener) -> None:
    part = package.getinfo(path)
    if part.file_size > MOST_KEPT:
        raise Unreadable("sheets.bomb", size=size_told(part.file_size), most=size_told(MOST_KEPT))
    with package.open(part) as stream:
        scan(stream, listener)
