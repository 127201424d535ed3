"""The fonts of a Word 97 text: which stretches of the file are written in which font.

Promises:  stretches of the stream in order, each with the name of its font, as far as character properties say it
           themselves; at most ``MOST`` of them. What a style says is not looked up.
Never:     believes a count or an offset of the file.
Fails:     never: broken tables give fewer stretches.

Source: [MS-DOC] 2.5.6 (FibRgFcLcb97), 2.8.6 (PlcBteChpx), 2.9.33 (ChpxFkp), 2.6.1 (sprmCRgFtc0), 2.9.282 (FFN).
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

CHPX, FONTS = 0xFA, 0x112  # where the FIB says where the tables stand
PAGE = 512
MOST = 500_000
MOST_FONTS = 2_000
ASCII_FONT = 0x4A4F
SIZES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}  # of the operand, by the upper three bits (2.2.5.2)
NAME = 40  # where an FFN holds its name


@dataclass(frozen=True, slots=True)
class Stretches:
    """Where stretches start in the stream, rising, and the font of each; '' where the text is in its style's."""

    starts: tuple[int, ...] = ()
    fonts: tuple[str, ...] = ()

    def within(self, start: int, end: int) -> Iterator[tuple[int, int, str]]:
        """The parts of this range, each with its font."""
        at = bisect_right(self.starts, start) - 1
        while start < end:
            stop = min(self.starts[at + 1] if at + 1 < len(self.starts) else end, end)
            if stop > start:
                yield start, stop, self.fonts[at] if 0 <= at < len(self.fonts) else ""
            start, at = max(start, stop), at + 1


def stretches(document: bytes, table: bytes) -> Stretches:
    """The stretches of the stream WordDocument, as the stream 0Table or 1Table tells them."""
    names = list(_fonts(_piece(document, table, FONTS)))
    plc = _piece(document, table, CHPX)
    count = max(0, (len(plc) - 4) // 8)
    pages = struct.unpack_from(f"<{count}I", plc, 4 * (count + 1)) if count else ()
    found: dict[int, str] = {}
    for page in pages:
        start = (page & 0x3FFFFF) * PAGE
        for where, number in _runs(document[start : start + PAGE]):
            found[where] = names[number] if number is not None and number < len(names) else ""
        if len(found) > MOST:
            break
    rising = sorted(found)
    return Stretches(tuple(rising), tuple(found[where] for where in rising))


def _piece(document: bytes, table: bytes, at: int) -> bytes:
    """One table: the FIB has its place and its size."""
    if at + 8 > len(document):
        return b""
    place, size = struct.unpack_from("<II", document, at)
    return table[place : place + size]


def _fonts(table: bytes) -> Iterator[str]:
    """The names of the fonts in the order of their numbers (SttbfFfn)."""
    at = 4
    for _ in range(MOST_FONTS):
        if at >= len(table):
            return
        size = table[at] + 1
        name = table[at + NAME : at + size].decode("utf-16-le", "replace")
        yield name.partition("\0")[0]
        at += size


def _runs(page: bytes) -> Iterator[tuple[int, int | None]]:
    """Where the runs of a page of properties start, and the number of the font each names."""
    if len(page) < PAGE:
        return
    count = min(page[PAGE - 1], (PAGE - 5) // 5)
    starts = struct.unpack_from(f"<{count + 1}I", page)
    for number in range(count):
        place = 2 * page[4 * (count + 1) + number]
        yield starts[number], _font(page[place + 1 : place + 1 + page[place]]) if place else None
    yield starts[count], None


def _font(properties: bytes) -> int | None:
    """The font for Latin letters that these properties set, the last one counting."""
    at, found = 0, None
    while at + 2 <= len(properties):
        (code,) = struct.unpack_from("<H", properties, at)
        kind = code >> 13
        size = SIZES.get(kind) or (properties[at + 2] + 1 if at + 2 < len(properties) else 1)
        if code == ASCII_FONT and at + 4 <= len(properties):
            (found,) = struct.unpack_from("<H", properties, at + 2)
        at += 2 + size
    return found
