"""Word and OpenDocument texts: their paragraphs as lines, in the order of the file.

Promises:  paragraphs of headers, of the body with its tables (cell by cell, row by row), of text boxes where they are
           anchored, and of footers; a line break inside a paragraph makes two lines. Deleted text is left out.
Never:     unpacks more than ``MOST`` octets of one entry; follows a reference out of the file.
Fails:     with BadZipFile, KeyError or ParseError on what is no such file; TooLong on entries that grow too large.

Sources: ECMA-376 part 1 (WordprocessingML), section 17.3; OpenDocument 1.3 part 3, section 5.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element, fromstring

from mailmap.document.page import Line

MOST = 64 << 20
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
LEFT_OUT = {f"{COMPATIBLE}Fallback", f"{W}del", f"{W}moveFrom", f"{W}instrText", f"{TEXT}tracked-changes"}
NOTES = {f"{OFFICE}annotation", f"{TEXT}note-citation", f"{W}footnoteReference"}
PART = re.compile(r"word/(header|footer)\d*\.xml")
OFF = {"0", "false", "off", "none"}


class TooLong(Exception):
    """A packed file grows beyond what is read of it."""


def read_docx(content: bytes) -> tuple[Line, ...]:
    """The lines of a .docx or .docm."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: found[1] for name in package.namelist() if (found := PART.fullmatch(name))}
        heads = [name for name, kind in sorted(parts.items()) if kind == "header"]
        feet = [name for name, kind in sorted(parts.items()) if kind == "footer"]
        names = [*heads, "word/document.xml", *feet]
        return tuple(line for name in names for line in _paragraphs(fromstring(unpacked(package, name))))  # noqa: S314  behind the sandbox's limits


def read_odt(content: bytes) -> tuple[Line, ...]:
    """The lines of an .odt; headers and footers stand in its styles."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        body = fromstring(unpacked(package, "content.xml"))  # noqa: S314  behind the sandbox's limits
        styles = fromstring(unpacked(package, "styles.xml")) if "styles.xml" in package.namelist() else Element("none")  # noqa: S314  the same
    heads = [line for head in styles.iter(f"{STYLE}header") for line in _paragraphs(head)]
    feet = [line for foot in styles.iter(f"{STYLE}footer") for line in _paragraphs(foot)]
    return (*heads, *_paragraphs(body), *feet)


def unpacked(package: zipfile.ZipFile, name: str) -> bytes:
    """One entry, whatever its size claims to be."""
    with package.open(name) as entry:
        octets = entry.read(MOST + 1)
    if len(octets) > MOST:
        raise TooLong(TooLong.__doc__)
    return octets


def _paragraphs(root: Element) -> Iterator[Line]:
    """The lines of every paragraph below this element; a text box comes before the paragraph that holds it."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if element.tag in LEFT_OUT | NOTES:
            continue
        if element.tag in (f"{W}p", f"{TEXT}p", f"{TEXT}h"):
            boxes: list[Element] = []
            text, bold = _written(element, boxes)
            for box in boxes:
                yield from _paragraphs(box)
            yield from _lines(text, bold)
        else:
            waiting.extend(reversed(element))


def _written(paragraph: Element, boxes: list[Element]) -> tuple[str, bool | None]:
    """The text of one paragraph and whether most of it is bold; paragraphs inside it are put aside."""
    told: list[tuple[str, bool | None]] = []
    _collect(paragraph, None, told, boxes)
    known = [len(text) if bold else -len(text) for text, bold in told if bold is not None]
    return "".join(text for text, _ in told), sum(known) > 0 if known else None


def _collect(element: Element, bold: bool | None, told: list[tuple[str, bool | None]], boxes: list[Element]) -> None:  # noqa: FBT001  what runs inherit
    """Add the text below an element, in order."""
    if element.text and _is_text(element.tag):
        told.append((element.text, bold))
    for child in element:
        if child.tag in (f"{W}p", f"{TEXT}p", f"{TEXT}h"):
            boxes.append(child)
        elif child.tag == f"{W}r":
            _collect(child, _is_bold(child), told, boxes)
        elif child.tag not in LEFT_OUT | NOTES:
            told.append((_sign(child), bold))
            _collect(child, bold, told, boxes)
        if child.tail and not element.tag.startswith(W) and _is_text(element.tag):
            told.append((child.tail, bold))


def _is_text(tag: str) -> bool:
    """Word's text stands in w:t alone; OpenDocument's in paragraphs and everything inside them."""
    return tag == f"{W}t" or tag.startswith(TEXT)


def _is_bold(run: Element) -> bool:
    mark = run.find(f"{W}rPr/{W}b")
    return mark is not None and mark.get(f"{W}val", "1") not in OFF


def _sign(element: Element) -> str:
    """What an element without text stands for."""
    if element.tag in (f"{W}br", f"{W}cr", f"{TEXT}line-break"):
        return "\n"
    if element.tag in (f"{W}tab", f"{TEXT}tab"):
        return "\t"
    if element.tag == f"{W}noBreakHyphen":
        return "-"
    if element.tag == f"{TEXT}s":
        count = element.get(f"{TEXT}c", "1")
        return " " * (min(int(count), 200) if count.isdigit() else 1)
    return ""


def _lines(text: str, bold: bool | None) -> Iterator[Line]:  # noqa: FBT001  as it was found
    for line in text.split("\n"):
        tidy = " ".join(unicodedata.normalize("NFC", line).split())
        if tidy:
            yield Line(tidy, bold=bold)
