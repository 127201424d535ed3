"""Lettering: which encoding octets are in when they are not UTF-8, and text that only an old font shows right.

Promises:  ``decoded`` gives the text of UTF-8 (with or without a byte order mark) and of UTF-16 and UTF-32 with one.
           Everything else is refused with its first bad row, by the name of what it most likely is.
Never:     converts an old encoding: a name that was guessed letter by letter must not reach the directory unseen.
Fails:     Unreadable.
"""

from __future__ import annotations

import codecs
import re

from gateway.sheets.limits import Unreadable
from mailmap.lettering.restoring import restored

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Where TCVN 5712 (.VnTime) has letters that most words have, and windows-1258 only signs.
_TCVN3 = frozenset(range(0xA8, 0xBF)) - {0xAB}
_TCVN3_SHARE = 0.25
_LATIN = 0x100
_ESCAPED = 0xDC00  # PEP 383: what an octet that cannot be decoded is added to
# Seen as Latin-1: a sign in the middle or at the end of a word, or đ (®) before a letter.
_OLD_FONT = re.compile(r"[^\W\d_][\u00b5\u00b6\u00b7\u00b8\u00b9](?!\d)|\u00ae[a-z\u00aa\u00ac\u00b5-\u00ff]")
_NUL_SHARE = 0.2


def decoded(octets: bytes) -> str:
    """The text of a whole file."""
    encoding = next((name for mark, name in _MARKS if octets.startswith(mark)), "utf-8")
    try:
        return octets.decode(encoding)
    except UnicodeDecodeError as error:
        raise _refused(octets, error.start, encoding) from error


def in_an_old_font(cell: str) -> bool:
    """Whether a text is in TCVN3, VNI or their like, taken for Latin letters: it reads well only in a font of then."""
    if cell.isascii():
        return False
    if _OLD_FONT.search(cell) is not None and max(map(ord, cell)) < _LATIN:
        return True  # a word of two letters that mails would leave alone: here a person is asked
    return any(name != "UTF-8" for name in restored(cell).alphabets)


def _refused(octets: bytes, start: int, encoding: str) -> Unreadable:
    if encoding in {"utf-16", "utf-32"}:
        return Unreadable("sheets.broken")
    if octets.count(0) > len(octets) * _NUL_SHARE:
        return Unreadable("sheets.utf16")
    line = octets.count(b"\n", 0, start) + 1 if b"\n" in octets else octets.count(b"\r", 0, start) + 1
    return Unreadable(_nature(octets.decode("utf-8", "surrogateescape")), line)


def _nature(text: str) -> str:
    """What octets are that are not all UTF-8; those that are none stand in the text as halves of characters."""
    bad = [ord(letter) - _ESCAPED for letter in text if "\udc80" <= letter <= "\udcff"]
    good = sum(not letter.isascii() for letter in text) - len(bad)
    if good > len(bad):
        return "sheets.damaged"
    return "sheets.tcvn3" if sum(octet in _TCVN3 for octet in bad) >= len(bad) * _TCVN3_SHARE else "sheets.not-utf8"
