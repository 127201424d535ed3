"""Files read as pages: stored text where there is some, recognised text where there is only a picture.

Promises:  every byte string ends in a ``Reading`` or in ``Refused``; all of its octets are looked at in the sandbox.
           The chosen pages come in order. A page that could not be recognised is told ("not-recognised"), and where
           there is no tesseract or no Vietnamese for it, that is told ("no-ocr"); neither is an error.
Never:     recognises a page that has text of its own; corrects what was recognised.
Fails:     with SandboxDown when no process can be started: try again.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, astuple, dataclass, replace
from pathlib import Path
from typing import BinaryIO, Self

from gateway.examine import figures, looks
from gateway.examine.columns import ranged
from gateway.examine.plain import NotPlain, Part, loaded
from gateway.examine.recognised import Found, Table, read_table
from gateway.examine.sandbox import Reason, Refused, Sandbox
from gateway.examine.walls import Limits
from mailmap.document.page import Origin, Page, Reading

CONTENT = "gateway.examine.content"
STROKES = "gateway.examine.strokes"
READ, PICTURE, LOOK = f"{CONTENT}:read", f"{CONTENT}:picture", f"{STROKES}:look"
DPI = 250  # measured on real scans: 200 reads fewer figures right, 300 no more words, and takes a third longer
LETTERS = 500_000  # of a file without pages
LANGUAGE = "vie"
PICTURE_LIMITS = Limits(memory=1 << 30, cpu_s=15, wall_s=30, answer=64 << 20)
TESSERACT_LIMITS = Limits(memory=1 << 30, cpu_s=30, wall_s=60, answer=8 << 20, files=64)
DOUBTFUL, FEW_WORDS = 0.60, 8  # a page this unsure or this bare may lie on its side or on its head
FIRST_LINE = 256  # octets in which a picture's first line ends
HEAD, CLOSER = 0.24, 60  # the part of a first page that is looked at twice; so many dots an inch more
LAYOUT = "3"  # tesseract's page segmentation: automatic, without its own look at orientation
ROTATE = re.compile(rb"Rotate: (\d+)")
QUARTERS = {0: 0, 90: 3, 180: 2, 270: 1}  # tesseract's "Rotate" is clockwise, Pillow's is not


@dataclass(frozen=True, slots=True)
class Choice:
    """Which pages are read: so many from the front, and so many from the end."""

    first: int = 2
    last: int = 1


class Reader:
    """One sandbox that knows how to read; for many threads. ``tesseract`` None finds it by its name."""

    def __init__(self, *, width: int | None = None, tesseract: str | None = None, dpi: int = DPI) -> None:
        self._sandbox = Sandbox([CONTENT, STROKES], width=width)
        self._tesseract = shutil.which("tesseract") if tesseract is None else tesseract
        self._dpi = dpi
        self._recognises: bool | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the sandbox's processes."""
        self._sandbox.close()

    @property
    def sandbox(self) -> Sandbox:
        """Where the reading is done."""
        return self._sandbox

    def read(self, content: bytes | Path, choice: Choice | None = None) -> Reading | Refused:
        """The chosen pages of a file."""
        pages = choice or Choice()
        with ExitStack() as open_files:
            source = open_files.enter_context(content.open("rb")) if isinstance(content, Path) else content
            told = self._sandbox.run(READ, source, first=pages.first, last=pages.last, most=LETTERS)
            if isinstance(told, Refused):
                return told
            try:
                part = loaded(told)
            except NotPlain:
                return Refused(Reason.UNREADABLE, "NotPlain")
            return self._completed(part, source)

    @property
    def can_recognise(self) -> bool:
        """Whether there is a tesseract that knows Vietnamese; one that did not answer is asked again next time."""
        if self._recognises is None and self._tesseract:
            listed = self._sandbox.program([self._tesseract, "--list-langs"], b"", {}, TESSERACT_LIMITS)
            self._recognises = None if isinstance(listed, Refused) else LANGUAGE.encode() in listed.split()
        return bool(self._recognises)

    def _completed(self, part: Part, source: bytes | BinaryIO) -> Reading:
        """The reading with its pictures recognised."""
        if not part.pictures:
            return part.reading
        if not self.can_recognise:
            return replace(part.reading, defects=(*part.reading.defects, "no-ocr"))
        stored = {page.number: page for page in part.reading.pages}
        seen = {number: self._page(part.kind, number, source) for number in part.pictures}
        pages = tuple(_merged(number, stored.get(number), seen.get(number)) for number in sorted({*stored, *seen}))
        missed = ("not-recognised",) if None in seen.values() else ()
        return replace(part.reading, pages=pages, defects=(*part.reading.defects, *missed))

    def _page(self, kind: str, number: int, source: bytes | BinaryIO) -> Page | None:
        """One page recognised; of the first one, number and date are looked at once more."""
        seen = self._upright(kind, number, source)
        if seen is None:
            return None
        return self._looked_again(kind, seen.page(number), seen.quarters, source) if number == 1 else seen.page(number)

    def _upright(self, kind: str, number: int, source: bytes | BinaryIO) -> Seen | None:
        """One page as it makes sense; turned and tried again when it makes none as it stands."""
        seen = self._seen(kind, number, source, 0)
        if seen and seen.found.sure >= DOUBTFUL and seen.found.words >= FEW_WORDS:
            return seen
        for quarters in self._other_ways(kind, number, source):
            turned = self._seen(kind, number, source, quarters)
            if turned and (not seen or turned.found.sure * turned.found.words > seen.found.sure * seen.found.words):
                return turned
        return seen

    def _looked_again(self, kind: str, page: Page, quarters: int, source: bytes | BinaryIO) -> Page:
        """The page with its number and its date as they are read by those who know handwriting."""
        wanted = figures.strips(page.lines, page.width, page.height)
        boxes = [astuple(strip.box) for strip in wanted]
        look = {"kind": kind, "page": page.number, "dpi": self._dpi, "quarters": quarters, "strips": boxes}
        told = self._sandbox.run(LOOK, source, limits=PICTURE_LIMITS, **look)
        return page if isinstance(told, Refused) else figures.told(page, wanted, looks.loaded(told))

    def _other_ways(self, kind: str, number: int, source: bytes | BinaryIO) -> Iterator[int]:
        """How else the page may have to be turned, as tesseract's own look at its letters says."""
        with ExitStack() as open_files:
            picture = self._picture(Look(kind, number, self._dpi), source)
            if picture is None:
                return
            open_files.enter_context(picture.file)
            argv = [str(self._tesseract), "stdin", "stdout", "--psm", "0"]
            told = self._sandbox.program(argv, picture.file, {}, TESSERACT_LIMITS)
        found = None if isinstance(told, Refused) else ROTATE.search(told)
        if found and (quarters := QUARTERS.get(int(found[1]), 0)):
            yield quarters

    def _seen(self, kind: str, number: int, source: bytes | BinaryIO, quarters: int) -> Seen | None:
        """One page as tesseract sees it, turned by so many quarters; the head of the first page is looked at twice."""
        looked = self._looked(Look(kind, number, self._dpi, quarters), source)
        if looked is None:
            return None
        picture, table = looked
        again = self._looked(Look(kind, number, self._dpi + CLOSER, quarters, HEAD), source) if number == 1 else None
        second = again and Table(again[1], again[0].dpi, picture.height * HEAD)
        return Seen(read_table(Table(table, picture.dpi), second), picture.width, picture.height, quarters)

    def _looked(self, look: Look, source: bytes | BinaryIO) -> tuple[Picture, bytes] | None:
        """One look of tesseract's: the picture and the table of words."""
        picture = self._picture(look, source)
        if picture is None:
            return None
        with picture.file:
            argv = [str(self._tesseract), "stdin", "stdout", "-l", LANGUAGE, "--dpi", str(round(picture.dpi))]
            table = self._sandbox.program([*argv, "--psm", LAYOUT, "tsv"], picture.file, {}, TESSERACT_LIMITS)
        return None if isinstance(table, Refused) else (picture, table)

    def _picture(self, look: Look, source: bytes | BinaryIO) -> Picture | None:
        """One page as a picture: in memory, unread, ready to be handed on."""
        answer = self._sandbox.keep(PICTURE, source, limits=PICTURE_LIMITS, **asdict(look))
        return None if isinstance(answer, Refused) else _picture(answer.file)


@dataclass(frozen=True, slots=True)
class Look:
    """A page as it is to be looked at: ``part`` of its height, from the top."""

    kind: str
    page: int
    dpi: int
    quarters: int = 0
    part: float = 1.0


@dataclass(frozen=True, slots=True)
class Picture:
    """A page's picture as an open file, from which the next reader goes on; width and height in points."""

    file: BinaryIO
    dpi: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Seen:
    """What was recognised on a page, the page's size in points, and by how many quarters it had to be turned."""

    found: Found
    width: float
    height: float
    quarters: int

    def page(self, number: int) -> Page:
        """The page of the reading."""
        return Page(number, self.found.lines, round(self.width, 2), round(self.height, 2), Origin.OCR)


def _picture(file: BinaryIO) -> Picture | None:
    """A picture with what its first line says; the file is left at the line's end."""
    file.seek(0)
    head, _, _ = file.read(FIRST_LINE).partition(b"\n")
    try:
        told = json.loads(head)
        numbers = [float(told[name]) for name in ("dpi", "width", "height")]
    except (ValueError, KeyError, TypeError):
        file.close()
        return None
    file.seek(len(head) + 1)
    return Picture(file, *(min(max(number, 1.0), 100_000.0) for number in numbers))


def _merged(number: int, stored: Page | None, seen: Page | None) -> Page:
    """A recognised page with what is stored upon it: signatures, numbers that were filled in."""
    if seen is None:
        return stored or Page(number, (), origin=Origin.OCR)
    if stored is None or not stored.lines:
        return seen
    return replace(seen, lines=ranged([*stored.lines, *seen.lines]))


def texts(path: Path, reader: Reader, choice: Choice | None = None) -> tuple[str, ...] | Refused:
    """The text of each page that was read: for people who want to see what a file gives."""
    reading = reader.read(path, choice)
    if isinstance(reading, Refused):
        return reading
    return tuple("\n".join(line.text for line in page.lines) for page in reading.pages)
