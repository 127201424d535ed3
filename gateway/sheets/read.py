"""Read a sheet that somebody made with an office program: CSV or XLSX, told apart by what the octets say.

Promises:  ``grids`` and ``grids_of`` give grids, or mistakes that say in one plain sentence what is wrong, where, and
           what to do about it; the name of a file decides nothing.
Never:     a file beyond ``MOST_OCTETS`` is read into memory.
Fails:     OSError when the file cannot be opened.
"""

from __future__ import annotations

from pathlib import Path

from gateway.sheets import delimited, workbook
from gateway.sheets.limits import MOST_OCTETS, Unreadable, size_told
from gateway.sheets.sheet import Read
from mailmap.directory.sheet import Mistake, Place

_ZIP = b"PK"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # old Office formats, and the wrapping of encrypted new ones
_OPENINGS = {
    b"%pdf": "sheets.no-sheet",
    b"{\rtf": "sheets.no-sheet",
    b"<!doctype": "sheets.web-page",
    b"<html": "sheets.web-page",
    b"<table": "sheets.web-page",
    b"<?xml": "sheets.other-format",
}
_WRAPPED = "EncryptedPackage".encode("utf-16-le")


def grids(path: Path) -> Read:
    """What stands in a file."""
    with path.open("rb") as file:
        octets = file.read(MOST_OCTETS + 1)
    return grids_of(octets, path.name)


def grids_of(octets: bytes, name: str) -> Read:
    """What stands in these octets; ``name`` is how places name the file."""
    try:
        return _read(octets, name)
    except Unreadable as error:
        return Read((), (Mistake(Place(name, error.line), error.why),))


def _read(octets: bytes, name: str) -> Read:
    if len(octets) > MOST_OCTETS:
        raise Unreadable("sheets.too-big", most=size_told(MOST_OCTETS))
    if octets.startswith(_OLE):
        raise Unreadable("sheets.encrypted" if _WRAPPED in octets else "sheets.old-xls")
    if octets.startswith(_ZIP):
        return workbook.read(octets, name)
    opening = octets[:64].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for begins, key in _OPENINGS.items():
        if opening.startswith(begins):
            raise Unreadable(key)
    return delimited.read(octets, name)
