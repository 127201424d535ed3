"""A mail with its PDFs, read in one child of the sandbox: parsed, its answer and report found, the papers' texts.

Promises:  ``look`` answers for every byte string as ``parcel.packed`` tells it. A paper whose reader raises is told by
           the class of its error; one that breaks the child is found out by whoever asks again without ``papers``.
Never:     runs in a door or a registrar: see ``sandbox``. Opens a file after ``warm``. Imports the readers of other
           papers than PDFs: a process is forked for every mail, and the smaller it is the less that costs.
Fails:     with MemoryError; the sandbox turns it into ``Refused``.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from mmap import mmap

from gateway.examine.filetype import PDF, plainly, sniff
from gateway.examine.pages import read_pdf
from gateway.examine.parcel import Parcel, named, papers_of, pieces
from gateway.examine.plain import Part, dumped
from gateway.examine.small_pdf import pdf
from gateway.examine.together import joined
from mailmap.mail.charset import SAFE
from mailmap.mail.parse import parse
from mailmap.mail.reply import read_reply
from mailmap.mail.report import read_report

SAMPLE = b"From: a@example.vn\r\nSubject: =?utf-8?q?m=E1=BA=ABu?=\r\n\r\n\xc4\x90\xe1\xbb\xa3i.\r\n"


def look(content: bytes | mmap, *, papers: bool, first: int = 2, last: int = 1) -> bytes:
    """Everything one mail says by itself; the texts of its PDFs' first and last pages when they are asked for."""
    return b"".join(_looked(bytes(content), sniff, (first, last) if papers else None))


def _looked(raw: bytes, kind_of: Callable[[bytes], str], pages: tuple[int, int] | None) -> list[bytes]:
    message = parse(raw, kind_of)
    parts: dict[int, Part] = {}
    failed: dict[int, str] = {}
    pdfs = (place for place in papers_of(message.attachments) if message.attachments[place].type == PDF)
    for place in pdfs if pages else ():
        try:
            parts[place] = read_pdf(message.attachments[place].content, *(pages or (0, 0)))
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001  whatever a reader raises is an outcome of the file
            failed[place] = type(error).__name__
    return pieces(Parcel(message, read_reply(message.text, message.subject), read_report(message), parts, failed))


class Unsure(Exception):
    """What kind of file this is, only libmagic can tell."""


def look_many(content: bytes | mmap, *, lengths: list[int], papers: bool, first: int = 2, last: int = 1) -> bytes:
    """``look`` over mails that lie one after the other.

    Without ``papers`` none of their files meets a reader that is not our own: nothing is told of a mail with files of
    unusual kinds.
    """
    pages = (first, last) if papers else None
    return joined([_own(raw, pages) for raw in _each(content, lengths)])


def read_many(content: bytes | mmap, *, lengths: list[int], first: int, last: int) -> bytes:
    """The texts of PDFs that lie one after the other: "+" and the part, or "-" and the class of an error."""
    return joined([[_text(octets, first, last)] for octets in _each(content, lengths)])


def _own(raw: bytes, pages: tuple[int, int] | None) -> list[bytes]:
    try:
        return _looked(raw, sniff if pages else _plain, pages)
    except Unsure:
        return []


def _plain(content: bytes) -> str:
    kind = plainly(content)
    if kind is None:
        raise Unsure(Unsure.__doc__)
    return kind


def _text(octets: bytes, first: int, last: int) -> bytes:
    try:
        return b"+" + dumped(read_pdf(octets, first, last))
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  whatever a reader raises is an outcome of the file
        return b"-" + type(error).__name__.encode()


def _each(content: bytes | mmap, lengths: list[int]) -> Iterator[bytes]:
    start = 0
    for length in lengths:
        yield bytes(content[start : start + length])
        start += length


def kinds(content: bytes | mmap, *, lengths: list[int]) -> bytes:
    """The media types of files that lie one after the other in ``content``."""
    return named([sniff(octets) for octets in _each(content, lengths)])


def warm() -> None:
    """Read one mail and one PDF, so that nothing has to be imported or opened later."""
    for name in SAFE:
        codecs.lookup(name)
    read_pdf(pdf(), 1, 1)
    look(SAMPLE, papers=True)
    look_many(SAMPLE, lengths=[len(SAMPLE)], papers=False)
