"""Word 97 to 2003: the text of a .doc, put together from its pieces.

Promises:  every paragraph and table cell as a line, in the order of the file: body, then footnotes, headers and so on.
           Text in 8-bit fonts (TCVN3, VNI) comes as the Windows-1252 letters it is stored as.
Never:     asks another program; believes a count or an offset of the file.
Fails:     with NotWord; Encrypted when a password locks it.

Source: [MS-DOC] 2.4.1 (retrieving text), 2.5.1 (FIB), 2.9.38 (Clx), 2.9.73 (FcCompressed).
"""

from __future__ import annotations

import io
import re
import struct
import unicodedata
from collections.abc import Iterator

import olefile

from mailmap.document.page import Line

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
        text = "".join(_pieces(document, table))
    except (OSError, ValueError, IndexError, struct.error) as error:
        raise NotWord(NotWord.__doc__) from error
    shown = ENDS.split(FIELD.sub("", text).translate(SIGNS))
    tidy = (" ".join(unicodedata.normalize("NFC", CONTROLS.sub("", line)).split()) for line in shown)
    return tuple(Line(line) for line in tidy if line)


def _flags(document: bytes) -> int:
    """The flags of the FIB."""
    magic, flags = struct.unpack_from("<H8xH", document)
    if magic != MAGIC:
        raise NotWord(NotWord.__doc__)
    if flags & ENCRYPTED:
        raise Encrypted(Encrypted.__doc__)
    return int(flags)


def _pieces(document: bytes, table: bytes) -> Iterator[str]:
    """The text, piece by piece, as the piece table orders it."""
    place, size = struct.unpack_from("<II", document, CLX)
    pieces = _piece_table(table[place : place + size])
    count = (len(pieces) - 4) // 12
    ends = struct.unpack_from(f"<{count + 1}I", pieces)
    left = MOST
    for at in range(count):
        letters = min(max(0, ends[at + 1] - ends[at]), left)
        left -= letters
        where = struct.unpack_from("<2xI", pieces, 4 * (count + 1) + 8 * at)[0]
        start = where & PLACE
        if where & COMPRESSED:
            yield document[start // 2 : start // 2 + letters].decode("cp1252", "replace")
        else:
            yield document[start : start + 2 * letters].decode("utf-16-le", "replace")


def _piece_table(clx: bytes) -> bytes:
    """The PlcPcd behind the property runs."""
    at = 0
    while clx[at] == 1:
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if clx[at] != 2:  # noqa: PLR2004  clxt of a Pcdt
        raise NotWord(NotWord.__doc__)
    size = struct.unpack_from("<I", clx, at + 1)[0]
    return clx[at + 5 : at + 5 + size]
