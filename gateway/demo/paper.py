"""A sheet of paper: a small PDF with Vietnamese text, as a typewriter would write it.

Promises:  ``sheet`` gives a valid PDF 1.4 of one page (A4); the same lines give the same octets; whoever copies its
           text gets the very letters back (each glyph has its Unicode).
Never:     needs a font file: letters are Courier's, which every reader has, and their marks are drawn.
Fails:     ValueError for more than 223 different letters, or a letter that has no Latin one at its root.
"""

from __future__ import annotations

import unicodedata
import zlib
from collections.abc import Sequence

SIZE, LEADING, LEFT, TOP = 11, 16, 72, 770  # points
WIDTH = 600  # of every letter of Courier, in thousandths of its size
SMALL, CAPITAL = 426, 562  # where marks begin above small and above capital letters
_FIRST = 32  # codes below are left to themselves

# Strokes around (300, 0), the middle of a letter at the height where its marks begin.
_ABOVE = {
    "\u0300": "230 190 m 330 90 l",
    "\u0301": "370 190 m 270 90 l",
    "\u0309": "250 150 m 250 220 350 220 350 160 c 350 120 300 130 300 80 c",
    "\u0303": "190 100 m 230 190 280 170 300 140 c 320 110 370 90 410 180 c",
    "\u0302": "190 60 m 300 160 l 410 60 l",
    "\u0306": "190 160 m 220 50 380 50 410 160 c",
}
_BELOW = {"\u0323": "295 -150 m 305 -150 l"}
_BESIDE = {"\u031b": "450 -20 m 540 0 540 60 500 90 c"}
_STACKED = {"\u0302", "\u0306"}  # a tone above one of these stands higher and to the right
_BARRED = {"đ": ("d", "300 530 m 560 530 l"), "Đ": ("D", "40 290 m 300 290 l")}


def sheet(lines: Sequence[str]) -> bytes:
    """One page with these lines, from the top; what is longer than the page is wide runs out of it."""
    letters = sorted({letter for line in lines for letter in unicodedata.normalize("NFC", line)})
    codes = {letter: code for code, letter in enumerate(letters, _FIRST)}
    if len(letters) > 256 - _FIRST:
        raise ValueError(f"{len(letters)} different letters")
    glyphs = [_stream(_glyph(letter)) for letter in letters]
    first_glyph = 8
    procs = " ".join(f"/g{code} {first_glyph + n} 0 R" for n, code in enumerate(codes.values()))
    names = " ".join(f"/g{code}" for code in codes.values())
    last, widths = _FIRST + len(letters) - 1, " ".join([str(WIDTH)] * len(letters))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 5 0 R>>>>/Contents 4 0 R>>",
        _stream(_text(lines, codes)),
        f"<</Type/Font/Subtype/Type3/FontBBox[0 -250 {WIDTH} 950]/FontMatrix[.001 0 0 .001 0 0]"
        f"/CharProcs<<{procs}>>/Encoding<</Type/Encoding/Differences[{_FIRST} {names}]>>"
        f"/FirstChar {_FIRST}/LastChar {last}/Widths[{widths}]/Resources<</Font<</C 6 0 R>>>>"
        f"/ToUnicode 7 0 R>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding/WinAnsiEncoding>>",
        _stream(_unicode(codes)),
        *glyphs,
    ]
    return _file(objects)


def _glyph(letter: str) -> str:
    """How one letter is drawn: Courier's letter, and strokes for what Courier does not have."""
    base, *marks = tuple(unicodedata.normalize("NFD", letter))
    base, bar = _BARRED.get(base, (base, ""))
    if ord(base) > 126 or not base.isprintable():  # noqa: PLR2004  the last printable of ASCII
        raise ValueError(f"no letter of Courier for {letter!r}")
    shown = base.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    height = CAPITAL if base.isupper() else SMALL
    strokes = [bar, *(_mark(mark, height, bool(_STACKED & set(marks))) for mark in marks)]
    drawn = " ".join(f"{stroke} S" for stroke in strokes if stroke)
    return f"{WIDTH} 0 d0 BT /C 1000 Tf ({shown}) Tj ET 1 J 45 w {drawn}"


def _mark(mark: str, height: int, stacked: bool) -> str:  # noqa: FBT001  where it stands, not how we behave
    if mark in _BELOW:
        return _BELOW[mark]
    if mark in _BESIDE:
        return _moved(_BESIDE[mark], 0, height)
    if mark not in _ABOVE:
        raise ValueError(f"no mark U+{ord(mark):04X}")
    higher = stacked and mark not in _STACKED
    return _moved(_ABOVE[mark], 130 if higher else 0, height + (90 if higher else 0))


def _moved(stroke: str, right: int, up: int) -> str:
    shifts = iter([right, up] * 9)
    return " ".join(str(int(word) + next(shifts)) if word.lstrip("-").isdigit() else word for word in stroke.split())


def _text(lines: Sequence[str], codes: dict[str, int]) -> str:
    """The page's text; an empty line only moves down."""
    shown = [bytes(codes[letter] for letter in unicodedata.normalize("NFC", line)).hex() for line in lines]
    return f"BT /F {SIZE} Tf {LEADING} TL {LEFT} {TOP} Td " + " ".join(f"<{line}> Tj T*" for line in shown) + " ET"


def _unicode(codes: dict[str, int]) -> str:
    """The table from codes back to letters (PDF 32000-1, 9.10.3)."""
    pairs = "\n".join(f"<{code:02x}> <{letter.encode('utf-16-be').hex()}>" for letter, code in codes.items())
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def /CMapName /V def\n"
        "1 begincodespacerange <00> <ff> endcodespacerange\n"
        f"{len(codes)} beginbfchar\n{pairs}\nendbfchar\nendcmap end end"
    )


def _stream(content: str) -> bytes:
    packed = zlib.compress(content.encode("ascii"), 9)
    return b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed)


def _file(objects: Sequence[bytes]) -> bytes:
    """All objects with their table of places (PDF 32000-1, 7.5)."""
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, rows)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)
