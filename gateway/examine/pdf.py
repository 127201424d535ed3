"""PDFs: the text they store, with its places; which pages are pictures; pages as pictures.

Promises:  junk before the header is passed over; turned pages are turned upright; what signatures and forms show on a
           page (numbers and dates that were filled in when it was signed) is read with the page's own text.
Never:     runs in a door or a registrar: see ``sandbox``.
Fails:     with pypdfium2's PdfiumError on what is no PDF.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import pypdfium2 as pdfium
from PIL import Image
from pypdfium2 import raw

from gateway.examine.columns import joined, ordered
from gateway.examine.lettered import lettered
from gateway.examine.letters import rubbish
from mailmap.document.page import Box, Line, Page
from mailmap.lettering.fonts import Font, Run, font_of, old_fonts, shown

HEADER = b"%PDF-"
JUNK = 1_024
PASSWORD = 4  # FPDF_ERR_PASSWORD
BOLD = 600  # font weights from here on are bold (CSS Fonts 4, section 2.2)
MOST_LETTERS = 40_000  # on one page; what lies behind is left
WORD_GAP, PIECE_GAP, BRIDGED_GAP = 0.22, 1.2, 8.0  # in heights of a letter
TOUCHING, SPACE = 0.03, 0.4  # the same: letters with a space between them that do stand apart; the widest space
FILLS = 0.5  # share of a page that a picture covers, so that the page counts as scanned
FEW = 40
MOST_PIXELS = 6_000  # along a page's longer side
HYPHEN = 2  # how pdfium tells a soft hyphen at the end of a line; in TCVN3 that is the letter ư
DEPTH = 3  # of forms in forms


class Letter(NamedTuple):
    """One letter on an upright page, in points from the upper left; ``base`` is its baseline."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    base: float
    bold: bool
    own: bool  # of the page itself, not of a signature or form upon it
    font: str


Affine = tuple[
    tuple[float, float, float], tuple[float, float, float]
]  # constant, x and y: across the page, then down it


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page: its stored text, and whether the page must be recognised from its picture."""

    page: Page
    picture: bool


class Pdf:
    """An open PDF."""

    def __init__(self, content: bytes) -> None:
        octets = bytes(content)
        self._file = pdfium.PdfDocument(octets[max(0, octets.find(HEADER, 0, JUNK + len(HEADER))) :])
        self._file.init_forms()
        self.total = len(self._file)

    def sheet(self, number: int) -> Sheet:
        """Page ``number``, from 1."""
        before = self._file[number - 1]
        own = before.get_textpage().count_chars()
        filled = _filled(before)
        layered = _unseen(before, own)
        empty = raw.FPDFPage_CountObjects(before) == 0
        raw.FPDFPage_Flatten(before, raw.FLAT_NORMALDISPLAY)
        before.close()
        page = self._file[number - 1]
        width, height, _ = shape = _upright(page)
        letters = list(_letters(page, shape, own))
        text = "".join(letter.text for letter in letters if letter.own)
        poor = layered or rubbish(text, scanned=filled > FILLS) or (filled > FILLS and len(text.strip()) < FEW)
        kept = [letter for letter in letters if not (poor and letter.own)]
        picture = poor and not (empty and letters)
        fonts = old_fonts(Run(letter.text, letter.font) for letter in kept)
        return Sheet(Page(number, lettered(ordered(list(_pieces(kept, fonts))), hyphens=True), width, height), picture)

    def picture(self, number: int, dpi: int) -> tuple[Image.Image, float]:
        """Page ``number`` as it is printed, without what signatures and forms show upon it, and its pixels per inch."""
        page = self._file[number - 1]
        scale = min(dpi / 72, MOST_PIXELS / max(*page.get_size(), 1.0))
        shown = raw.FPDFPage_CountObjects(page) == 0  # then all there is lies in forms
        return page.render(scale=scale, draw_annots=shown, may_draw_forms=shown).to_pil(), scale * 72


def locked(error: pdfium.PdfiumError) -> bool:
    """Whether a file did not open because it wants a password."""
    return getattr(error, "err_code", None) == PASSWORD


def _filled(page: pdfium.PdfPage) -> float:
    """The share of the page under its largest picture."""
    width, height = page.get_size()
    pictures = page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=DEPTH)
    areas = [(right - left) * (top - bottom) for left, bottom, right, top in (each.get_bounds() for each in pictures)]
    return float(max(areas, default=0.0) / max(width * height, 1.0))


def _unseen(page: pdfium.PdfPage, count: int) -> bool:
    """Whether most of the page's text is invisible: what a scanner recognised, without a word on how surely."""
    text = page.get_textpage()
    places = range(0, min(count, MOST_LETTERS), 7)
    modes = [
        raw.FPDFTextObj_GetTextRenderMode(found) for at in places if (found := raw.FPDFText_GetTextObject(text, at))
    ]
    return 2 * modes.count(raw.FPDF_TEXTRENDERMODE_INVISIBLE) > len(modes)


def _upright(page: pdfium.PdfPage) -> tuple[float, float, Affine]:
    """Width and height of the page as it is read, and where a point of the file lies on it."""
    width, height = page.get_size()

    def device(x: float, y: float) -> tuple[float, float]:
        across, down = ctypes.c_int(), ctypes.c_int()
        size = round(width * 100), round(height * 100)
        raw.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, ctypes.byref(across), ctypes.byref(down))
        return across.value / 100, down.value / 100

    zero, one, other = device(0, 0), device(1000, 0), device(0, 1000)
    a, b = (one[0] - zero[0]) / 1000, (one[1] - zero[1]) / 1000
    c, d = (other[0] - zero[0]) / 1000, (other[1] - zero[1]) / 1000
    across, down = (zero[0], a, c), (zero[1], b, d)
    turns = _turns(page, (a, b), (c, d))
    if turns == 1:
        return height, width, (down, _from(width, across))
    if turns == 2:  # noqa: PLR2004  quarters of a turn
        return width, height, (_from(width, across), _from(height, down))
    if turns == 3:  # noqa: PLR2004  the same
        return height, width, (_from(height, down), across)
    return width, height, (across, down)


def _from(edge: float, along: tuple[float, float, float]) -> tuple[float, float, float]:
    """The same measured from the opposite edge."""
    return edge - along[0], -along[1], -along[2]


def _turns(page: pdfium.PdfPage, across: tuple[float, float], up: tuple[float, float]) -> int:
    """Quarter turns clockwise by which most of the page's text is turned as it is shown."""
    text = page.get_textpage()
    found: Counter[int] = Counter()
    for at in range(0, min(text.count_chars(), MOST_LETTERS), 7):
        angle = raw.FPDFText_GetCharAngle(text, at)
        if angle < 0 or chr(min(raw.FPDFText_GetUnicode(text, at), 0x10FFFF)).isspace():
            continue
        x, y = math.cos(angle), -math.sin(angle)
        found[round(math.atan2(across[1] * x + up[1] * y, across[0] * x + up[0] * y) / (math.pi / 2)) % 4] += 1
    return found.most_common(1)[0][0] if found else 0


def _letters(page: pdfium.PdfPage, shape: tuple[float, float, Affine], own: int) -> Iterator[Letter]:
    """Every letter that has a place on the page, spaces too."""
    width, height, ((x0, ax, cx), (y0, ay, cy)) = shape
    text = page.get_textpage()
    box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    at_box, at_x, at_y = ctypes.byref(box), ctypes.byref(x), ctypes.byref(y)
    fonts = _Fonts(text)
    for at in range(min(text.count_chars(), MOST_LETTERS)):
        code = raw.FPDFText_GetUnicode(text, at)
        font, bold = fonts.of(at)
        code = ord("-") if code == HYPHEN and font_of(font) else code
        if not _is_letter(code) or not raw.FPDFText_GetLooseCharBox(text, at, at_box):
            continue
        raw.FPDFText_GetCharOrigin(text, at, at_x, at_y)
        left, right = x0 + ax * box.left + cx * box.bottom, x0 + ax * box.right + cx * box.top
        top, bottom = y0 + ay * box.left + cy * box.bottom, y0 + ay * box.right + cy * box.top
        left, right = (left, right) if left <= right else (right, left)
        top, bottom = (top, bottom) if top <= bottom else (bottom, top)
        if right < 0 or bottom < 0 or left > width or top > height:
            continue
        base = y0 + ay * x.value + cy * y.value
        yield Letter(chr(code), left, top, right, bottom, base, bold, at < own, font)


def _is_letter(code: int) -> bool:
    """Not a control character and not half of a letter."""
    return code > 31 and not 0xD800 <= code < 0xE000 and code < 0x110000  # noqa: PLR2004  as Unicode numbers them


class _Fonts:
    """The fonts of a page's letters: names, and whether they are bold."""

    def __init__(self, text: pdfium.PdfTextPage) -> None:
        self._text = text
        self._name = ctypes.create_string_buffer(128)
        self._flags = ctypes.byref(ctypes.c_int())
        self._known: dict[bytes, tuple[str, bool]] = {}

    def of(self, at: int) -> tuple[str, bool]:
        """The font of a letter; bold is it by its weight, else by its name."""
        raw.FPDFText_GetFontInfo(self._text, at, self._name, len(self._name), self._flags)
        stored = self._name.value
        if stored not in self._known:
            name = stored.decode("utf-8", "replace")
            self._known[stored] = name, raw.FPDFText_GetFontWeight(self._text, at) >= BOLD or "bold" in name.lower()
        return self._known[stored]


def _pieces(letters: list[Letter], fonts: dict[str, Font]) -> Iterator[Line]:
    """Letters that stand on one baseline without a wide gap; typed spaces that fill a gap bridge it."""
    for row in _baselines(letters):
        piece: list[Letter] = []
        text: list[Run] = []
        spaces = 0
        for letter in sorted(row, key=lambda letter: letter.left):
            if letter.text.isspace():
                spaces += 1
                continue
            gap = _gap(piece[-1], letter) if piece else 0.0
            if gap > max(PIECE_GAP, min(spaces * SPACE, BRIDGED_GAP)):
                yield _line(piece, shown(text, fonts, hyphens=True))
                piece, text = [], []
            apart = gap > (TOUCHING if spaces else WORD_GAP) or bool(piece and piece[-1].own != letter.own)
            text.append(Run((" " if piece and apart else "") + letter.text, letter.font))
            piece.append(letter)
            spaces = 0
        if piece:
            yield _line(piece, shown(text, fonts, hyphens=True))


def _baselines(letters: list[Letter]) -> Iterator[list[Letter]]:
    """Letters by the line they stand on; raised and lowered ones stand with their neighbours."""
    row: list[Letter] = []
    for letter in sorted(letters, key=lambda letter: letter.base):
        if row and letter.base - row[-1].base > 0.3 * max(_height(row[-1]), _height(letter)):
            yield row
            row = []
        row.append(letter)
    if row:
        yield row


def _height(letter: Letter) -> float:
    return max(letter.bottom - letter.top, 1.0)


def _gap(left: Letter, right: Letter) -> float:
    """The space between two letters, in heights."""
    return (right.left - left.right) / max(_height(left), _height(right))


def _line(piece: list[Letter], text: str) -> Line:
    """One piece of text with its place."""
    bold = sum(letter.bold for letter in piece) * 2 > len(piece)
    _, lefts, tops, rights, bottoms, *_ = zip(*piece, strict=True)
    return joined([Line(text, Box(min(lefts), min(tops), max(rights), max(bottoms)), 1.0, bold)])
