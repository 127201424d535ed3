"""Text of cells: harmless when it goes out, and the same when it comes back.

Promises:  ``guarded`` puts an apostrophe before what a spreadsheet program would take for a formula in a CSV it opens,
           also where it splits the cell at another separator than ours. ``bare`` takes them away; the one before '=',
           '+', '-' or '@' that begins a cell stays, and tells ``mailmap.directory.sheet`` that what follows is text.
Never:     changes a cell that is harmless.
"""

from __future__ import annotations

import re
import unicodedata

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_INSIDE = r"([,;\t\r\n|][\s\"']*)"
_BEGINS = r"(?=[=+\-@\t\r\n＝＋－＠])"
_LOOSE = re.compile(_INSIDE + _BEGINS)
_TIED = re.compile(_INSIDE + "'" + _BEGINS)
_FIRST = re.compile(r"[\s']*" + _BEGINS)
_TOLD = re.compile(r"'+[=+\-@]")  # whose apostrophe the map room takes away
_DASHES = frozenset("-\u2010\u2011\u2012\u2013\u2014\u2212")


def guarded(cell: str) -> str:
    """The cell as it may stand in a CSV."""
    inside = _LOOSE.sub(r"\1'", cell)
    return f"'{inside}" if _FIRST.match(cell) else inside


def bare(cell: str) -> str:
    """What ``guarded`` was given, but for an apostrophe before '=', '+', '-' or '@' at its beginning."""
    inside = _TIED.sub(r"\1", cell)
    ours = inside.startswith("'") and _FIRST.match(inside, 1) and not _TOLD.match(inside)
    return inside[1:] if ours else inside


def as_text(cell: str, *, quoted: bool) -> str:
    """A cell that a workbook holds as text, marked as such; a leading '=' only if somebody said that it is no formula.

    Dashes alone say that there is nothing, and stay as they are.
    """
    odd = cell.startswith(("+", "-", "@")) or (quoted and cell.startswith("="))
    return f"'{cell}" if odd and not _DASHES.issuperset(cell) else cell


def unescaped(text: str) -> str:
    """A text of a workbook, where characters that XML cannot hold are written as _x000D_ (ECMA-376, 22.9.2.19)."""
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(found: re.Match[str]) -> str:
    character = chr(int(found[1], 16))
    return "\ufffd" if unicodedata.category(character) == "Cs" else character  # half a character is none


def escaped(text: str) -> str:
    """The text as it may stand in a workbook: what only looks escaped stays what it is."""
    return _ESCAPED.sub(lambda found: f"_x005F{found[0]}", text)
