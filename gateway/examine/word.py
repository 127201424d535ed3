"""Word and OpenDocument texts: their paragraphs as lines, in the order of the file.

Promises:  paragraphs of headers, of the body with its tables (cell by cell, row by row), of text boxes where they are
           anchored, and of footers; a line break inside a paragraph makes two lines. What was deleted or hidden is
           left out. Text in an old Vietnamese font comes as the font showed it; other text in an old alphabet, by its
           syllables.
Never:     unpacks more than ``MOST`` octets of one entry; follows a reference out of the file.
Fails:     with BadZipFile, KeyError or ParseError on what is no such file; TooLong on entries that grow too large.

Sources: ECMA-376 part 1 (WordprocessingML), section 17.3; OpenDocument 1.3 part 3, section 5.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element, fromstring

from gateway.examine.lettered import lettered
from gateway.examine.word_fonts import Styles, W, styles_of
from mailmap.document.page import Line
from mailmap.lettering.fonts import Run, old_fonts, shown

MOST = 64 << 20
COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
LEFT_OUT = {f"{COMPATIBLE}Fallback", f"{W}del", f"{W}moveFrom", f"{W}instrText", f"{TEXT}tracked-changes"}
NOTES = {f"{OFFICE}annotation", f"{TEXT}note-citation", f"{W}footnoteReference"}
STYLES = "word/styles.xml"
PART = re.compile(r"word/(header|footer)\d*\.xml")
OFF = {"0", "false", "off", "none"}


class TooLong(Exception):
    """A packed file grows beyond what is read of it."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a run is written: bold (None where nobody says), and in which font."""

    bold: bool | None = None
    font: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """Some text of a paragraph and how it is written."""

    text: str
    manner: Manner


def read_docx(content: bytes) -> tuple[Line, ...]:
    """The lines of a .docx or .docm."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        held = package.namelist()
        parts = {name: found[1] for name in held if (found := PART.fullmatch(name))}
        heads = [name for name, kind in sorted(parts.items()) if kind == "header"]
        feet = [name for name, kind in sorted(parts.items()) if kind == "footer"]
        styles = styles_of(_tree(package, STYLES)) if STYLES in held else Styles()
        roots = [_tree(package, name) for name in [*heads, "word/document.xml", *feet]]
    return _lines([told for root in roots for told in _paragraphs(root, styles)])


def read_odt(content: bytes) -> tuple[Line, ...]:
    """The lines of an .odt; headers and footers stand in its styles."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        body = _tree(package, "content.xml")
        styles = _tree(package, "styles.xml") if "styles.xml" in package.namelist() else Element("none")
    roots = [*styles.iter(f"{STYLE}header"), body, *styles.iter(f"{STYLE}footer")]
    return _lines([told for root in roots for told in _paragraphs(root, Styles())])


def _tree(package: zipfile.ZipFile, name: str) -> Element:
    return fromstring(unpacked(package, name))  # noqa: S314  behind the sandbox's limits


def unpacked(package: zipfile.ZipFile, name: str) -> bytes:
    """One entry, whatever its size claims to be."""
    with package.open(name) as entry:
        octets = entry.read(MOST + 1)
    if len(octets) > MOST:
        raise TooLong(TooLong.__doc__)
    return octets


def _paragraphs(root: Element, styles: Styles) -> Iterator[list[Told]]:
    """What every paragraph below this element tells; a text box comes before the paragraph that holds it."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if element.tag in LEFT_OUT | NOTES:
            continue
        if element.tag in (f"{W}p", f"{TEXT}p", f"{TEXT}h"):
            boxes: list[Element] = []
            told: list[Told] = []
            _Writing(styles, told, boxes).collect(element, Manner(font=styles.font_of_paragraph(element)))
            for box in boxes:
                yield from _paragraphs(box, styles)
            yield told
        else:
            waiting.extend(reversed(element))


@dataclass(frozen=True, slots=True)
class _Writing:
    """One paragraph as it is gone through: what it tells, and the paragraphs inside it, put aside."""

    styles: Styles
    told: list[Told]
    boxes: list[Element]

    def collect(self, element: Element, manner: Manner) -> None:
        """Add the text below an element, in order."""
        if element.text and _is_text(element.tag):
            self.told.append(Told(element.text, manner))
        for child in element:
            if child.tag in (f"{W}p", f"{TEXT}p", f"{TEXT}h"):
                self.boxes.append(child)
            elif child.tag == f"{W}r":
                if _is_hidden(child):
                    continue
                self.collect(child, Manner(_is_bold(child), self.styles.font_of_run(child, manner.font)))
            elif child.tag not in LEFT_OUT | NOTES:
                self.told.append(Told(_sign(child), manner))
                self.collect(child, manner)
            if child.tail and not element.tag.startswith(W) and _is_text(element.tag):
                self.told.append(Told(child.tail, manner))


def _is_text(tag: str) -> bool:
    """Word's text stands in w:t alone; OpenDocument's in paragraphs and everything inside them."""
    return tag == f"{W}t" or tag.startswith(TEXT)


def _is_bold(run: Element) -> bool:
    mark = run.find(f"{W}rPr/{W}b")
    return mark is not None and mark.get(f"{W}val", "1") not in OFF


def _is_hidden(run: Element) -> bool:
    """Whether nobody sees it, on the screen or on paper (17.3.2.41)."""
    mark = run.find(f"{W}rPr/{W}vanish")
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


def _lines(paragraphs: Sequence[list[Told]]) -> tuple[Line, ...]:
    """The lines of these paragraphs, in the letters that their fonts show."""
    written = [[Run(one.text, one.manner.font) for one in told] for told in paragraphs]
    fonts = old_fonts(run for runs in written for run in runs)
    found = []
    for told, runs in zip(paragraphs, written, strict=True):
        bold = _mostly_bold(told)
        found += [Line(line, bold=bold) for line in shown(runs, fonts).split("\n")]
    tidy = (replace(line, text=" ".join(unicodedata.normalize("NFC", line.text).split())) for line in found)
    return lettered([line for line in tidy if line.text])


def _mostly_bold(told: Iterable[Told]) -> bool | None:
    """Whether most of a paragraph is bold; None where nobody says."""
    known = [len(one.text) if one.manner.bold else -len(one.text) for one in told if one.manner.bold is not None]
    return sum(known) > 0 if known else None
