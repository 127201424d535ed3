"""What a file says: its kind from its octets, then the reader of that kind. Runs in the sandbox's children.

Promises:  ``read`` answers for every kind it knows with the pages that were asked for; what stands in the way is a
           defect of the reading: "encrypted", "too-long", "no-text" (a kind nobody here can read).
           ``picture`` makes one page ready for recognition.
Never:     runs in a door or a registrar: see ``sandbox``. Opens a file after ``warm``.
Fails:     with the errors of the readers; the sandbox turns them into ``Refused``.
"""

from __future__ import annotations

import codecs
import io
import json
from collections.abc import Callable
from mmap import mmap

from gateway.examine import picture as pictures
from gateway.examine.filetype import OFFICE, PDF, sniff
from gateway.examine.markup import read_html, read_text
from gateway.examine.old_word import Encrypted, read_doc
from gateway.examine.pages import chosen, read_pdf
from gateway.examine.pdf import Pdf
from gateway.examine.plain import Part, dumped, loaded
from gateway.examine.rich import read_rtf
from gateway.examine.sheet import read_xlsx
from gateway.examine.small import small_files
from gateway.examine.word import read_docx, read_odt
from mailmap.document.page import Line, Page, Reading
from mailmap.mail.charset import SAFE

DOCX = f"{OFFICE}wordprocessingml.document"
XLSX = f"{OFFICE}spreadsheetml.sheet"
TEXTS: dict[str, Callable[[bytes], tuple[Line, ...]]] = {
    DOCX: read_docx,
    "application/vnd.ms-word.document.macroenabled.12": read_docx,
    "application/vnd.oasis.opendocument.text": read_odt,
    "application/msword": read_doc,
    "application/rtf": read_rtf,
    "text/html": read_html,
    "application/xhtml+xml": read_html,
    "text/plain": read_text,
    "text/csv": read_text,
}
BOOKS = frozenset({XLSX, "application/vnd.ms-excel.sheet.macroenabled.12"})
PICTURES = frozenset(
    {"image/png", "image/jpeg", "image/tiff", "image/heic", "image/heif", "image/bmp", "image/webp", "image/gif"}
)
PROTECTED = "EncryptedPackage".encode("utf-16-le")  # [MS-OFFCRYPTO] 2.3.4.4: a locked .docx or .xlsx


def read(content: bytes | mmap, *, first: int, last: int, most: int) -> bytes:
    """The reading of a file, as ``plain.dumped`` tells it: its first and last pages, at most so many letters a page."""
    octets = bytes(content)
    kind = sniff(octets)
    if kind == PDF:
        part = read_pdf(octets, first, last)
    elif kind in PICTURES:
        total = min(pictures.frames(octets), pictures.MOST_FRAMES)
        part = Part(kind, Reading((), total), chosen(total, first, last))
    elif PROTECTED in octets[: 1 << 20] and octets.startswith(b"\xd0\xcf\x11\xe0"):
        part = Part(kind, Reading((), 0, ("encrypted",)))
    else:
        part = _text(kind, octets, most)
    return dumped(part)


def picture(content: bytes | mmap, *, kind: str, page: int, dpi: int, quarters: int = 0, part: float = 1.0) -> bytes:
    """One page ready for recognition: a line of JSON (dpi, skew, width and height in points), then a PGM.

    ``part`` of its height is shown, from the top.
    """
    octets = bytes(content)
    drawn = pictures.Scan(*Pdf(octets).picture(page, dpi)) if kind == PDF else pictures.frame(octets, page, dpi)
    scan = pictures.ready(drawn, quarters)
    told = {"dpi": scan.dpi, "skew": scan.skew, "width": scan.width, "height": scan.height}
    file = io.BytesIO()
    shown = scan.picture.crop((0, 0, scan.picture.width, max(1, round(scan.picture.height * part))))
    shown.save(file, "PPM")
    return json.dumps(told).encode() + b"\n" + file.getbuffer()


def warm() -> None:
    """Read one small file of each kind, and find every charset, so that nothing has to be imported or opened later."""
    for name in SAFE:
        codecs.lookup(name)
    for octets in small_files():
        told = read(octets, first=1, last=1, most=100)
        for number in loaded(told).pictures:
            picture(octets, kind=sniff(octets), page=number, dpi=72)


def _text(kind: str, octets: bytes, most: int) -> Part:
    """A file without layout: all of it is one page, a workbook's sheets are one each."""
    if kind in BOOKS:
        texts = read_xlsx(octets)
    elif reader := TEXTS.get(kind):
        try:
            texts = (reader(octets),)
        except Encrypted:
            return Part(kind, Reading((), 0, ("encrypted",)))
    else:
        return Part(kind, Reading((), 0, ("no-text",)))
    cut = [_first(lines, most) for lines in texts]
    defects = ("too-long",) if any(len(a) < len(b) for a, b in zip(cut, texts, strict=True)) else ()
    pages = tuple(Page(number, lines) for number, lines in enumerate(cut, 1))
    return Part(kind, Reading(pages, len(pages), defects))


def _first(lines: tuple[Line, ...], most: int) -> tuple[Line, ...]:
    """The lines that fit into so many letters."""
    left = most
    for at, line in enumerate(lines):
        left -= len(line.text)
        if left < 0:
            return lines[:at]
    return lines
