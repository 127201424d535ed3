"""Word 97 to 2003: the text of a .doc, put together from its pieces.

Promises:  every paragraph and table cell as a line, in the order of the file: body, then footnotes, headers and so on.
           Text in an old Vietnamese font (.VnTime, VNI-Times) comes as the font showed it, other 8-bit text in an old
           alphabet by its syllables.
Never:     asks another program; believes a count or an offset of the file.
Fails:     with NotWord; Encrypted when a password locks it.

Source: [MS-DOC] 2.4.1 (retrieving text), 2.5.1 (FIB), 2.9.38 (Clx), 2.9.73 (FcCompressed).
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator

import olefile

from gateway.examine.lettered import as_lines, as_windows
from gateway.examine.word_runs import stretches
from mailmap.document.page import Line
from mailmap.lettering.fonts import Run, old_fonts, shown

MAGIC = 0xA5EC
ENCRYPTED, SECOND_TABLE = 0x0100, 0x0200
CLX = 0x01A2  # where the FIB says where the piece table stands
COMPRESSED, PLACE = 0x40000000, 0x3FFFFFFF
MOST = 8_000_000  # letters
ENDS = re.compile("[\r\x07\x0b\x0c\n]")
FIELD = re.compile("\x13[^\x13\x14\x15]*\x14?|\x15")  # codes of fields; their results stay
SIGNS = str.maketrans({"\x1e": "-", "\x1f": None, "\xa0": " ", "\x09": " "})
CONTROLS = re.compile("[\x00-\x08\x0e-\x1f]")


class NotWord(Exception):
    """No Word text can be found in this file."""


class Encrypted(Exception):
    """A password locks this file."""


def read_doc(content: bytes) -> tuple[Line, ...]:
    """The lines of a .doc."""
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as container:
            document = container.openstream("WordDocument").read()
            flags = _flags(document)
            table = container.openstream("1Table" if flags & SECOND_TABLE else "0Table").read()
        runs = list(_runs(document, table))
    except (OSError, ValueError, IndexError, struct.error) as error:
        raise NotWord(NotWord.__doc__) from error
    text = FIELD.sub("", shown(runs, old_fonts(runs)))
    return as_lines(CONTROLS.sub("", ENDS.sub("\n", text.translate(SIGNS))))


def _flags(document: bytes) -> int:
    """The flags of the FIB."""
    magic, flags = struct.unpack_from("<H8xH", document)
    if magic != MAGIC:
        raise NotWord(NotWord.__doc__)
    if flags & ENCRYPTED:
        raise Encrypted(Encrypted.__doc__)
    return int(flags)


def _runs(document: bytes, table: bytes) -> Iterator[Run]:
    """The text, piece by piece as the piece table orders it, each piece cut where the font changes."""
    place, size = struct.unpack_from("<II", document, CLX)
    pieces = _piece_table(table[place : place + size])
    count = (len(pieces) - 4) // 12
    ends = struct.unpack_from(f"<{count + 1}I", pieces)
    fonts = stretches(document, table)
    left = MOST
    for at in range(count):
        letters = min(max(0, ends[at + 1] - ends[at]), left)
        left -= letters
        where = struct.unpack_from("<2xI", pieces, 4 * (count + 1) + 8 * at)[0]
        narrow = bool(where & COMPRESSED)
        start = (where & PLACE) // (2 if narrow else 1)
        end = min(start + letters * (1 if narrow else 2), len(document))
        for first, last, font in fonts.within(start, end):
            octets = document[first:last]
            yield Run(as_windows(octets) if narrow else octets.decode("utf-16-le", "replace"), font)


def _piece_table(clx: bytes) -> bytes:
    """The PlcPcd behind the property runs."""
    at = 0
    while clx[at] == 1:
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if clx[at] != 2:  # noqa: PLR2004  clxt of a Pcdt
        raise NotWord(NotWord.__doc__)
    size = struct.unpack_from("<I", clx, at + 1)[0]
    return clx[at + 5 : at + 5 + size]
