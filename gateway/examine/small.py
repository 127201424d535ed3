"""Small files of each kind that is read: what a nursery warms up on before its walls stand.

Promises:  each is a whole file of its kind with a word in it, made here from nothing.
Never:     holds anything from outside.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from openpyxl import Workbook
from PIL import Image, ImageDraw

from gateway.examine.small_pdf import pdf

WORD = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    "<w:body><w:p><w:r><w:rPr><w:b/></w:rPr><w:t>a</w:t></w:r></w:p></w:body></w:document>"
)
OPEN_DOCUMENT = (
    '<o:document-content xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:t="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><o:body><o:text><t:p>a</t:p></o:text></o:body>'
    "</o:document-content>"
)
ODT = "application/vnd.oasis.opendocument.text"
FORMS = ("PDF", "PNG", "JPEG", "TIFF", "GIF", "BMP", "WEBP")


def small_files() -> Iterator[bytes]:
    """One of each."""
    yield pdf()
    yield from pictures()
    yield packed({"word/document.xml": WORD})
    yield packed({"mimetype": ODT, "content.xml": OPEN_DOCUMENT})
    book = io.BytesIO()
    workbook = Workbook()
    workbook.active["A1"] = "a"
    workbook.save(book)
    yield book.getvalue()
    yield b"<html><body><p>a<table><tr><td>b</table></html>"
    yield b"{\\rtf1\\ansi a\\par \\u7845?}"
    yield "đã nhận".encode()
    yield b"\xff\xfe\x00"


def pictures() -> Iterator[bytes]:
    """A page with a stroke on it, as each kind of picture."""
    page = Image.new("RGB", (60, 80), "white")
    ImageDraw.Draw(page).line((10, 40, 50, 41), fill="black", width=2)
    for form in FORMS:
        drawn = io.BytesIO()
        page.save(drawn, form)
        yield drawn.getvalue()


def packed(entries: dict[str, str]) -> bytes:
    """A ZIP of these entries."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in entries.items():
            package.writestr(name, text, zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED)
    return held.getvalue()
