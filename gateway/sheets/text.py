"""Text of cells: clean when it comes in, harmless when it goes out.

Promises:  ``clean`` gives NFC on one line, without what cannot be seen. ``guarded`` puts an apostrophe before what a
           spreadsheet program would take for a formula when it opens a CSV, also where it splits the cell at another
           separator than ours; ``bare`` takes exactly those apostrophes away: bare(guarded(text)) == text.
Never:     changes a cell that is harmless.
"""

from __future__ import annotations

import re
import unicodedata

# Controls, but for those that part lines and words; zero-width signs; the soft hyphen.
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b-\u200d\u2060\ufeff]")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LEAD = r"((?:^|[,;\t\r\n|])[\s\"]*'*)"
_BEGINS = r"(?=[=+\-@\t\r\n＝＋－＠])"
_LOOSE = re.compile(_LEAD + _BEGINS)
_TIED = re.compile(_LEAD + "'" + _BEGINS)


def clean(text: str) -> str:
    """The text as it is compared and stored: NFC, one line, single spaces, nothing unseen."""
    seen = unicodedata.normalize("NFC", _UNSEEN.sub("", text))
    return " ".join(seen.split())


def unescaped(text: str) -> str:
    """A text of a workbook, where characters that XML cannot hold are written as _x000D_ (ECMA-376, 22.9.2.19)."""
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(found: re.Match[str]) -> str:
    character = chr(int(found[1], 16))
    return "\ufffd" if unicodedata.category(character) == "Cs" else character  # half a character is none


def escaped(text: str) -> str:
    """The text as it may stand in a workbook: what only looks escaped stays what it is."""
    return _ESCAPED.sub(lambda found: f"_x005F{found[0]}", text)


def guarded(cell: str) -> str:
    """The cell as it may stand in a CSV."""
    return _LOOSE.sub(r"\1'", cell)


def bare(cell: str) -> str:
    """What ``guarded`` was given."""
    return _TIED.sub(r"\1", cell)
