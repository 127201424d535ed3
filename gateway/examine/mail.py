"""A mail with all its files, read in one child of the sandbox: parsed, its answer and report found, its papers' texts.

Promises:  ``look`` answers for every byte string as ``parcel.packed`` tells it. A paper whose reader raises is told by
           the class of its error; one that breaks the child is found out by whoever asks again without ``papers``.
Never:     runs in a door or a registrar: see ``sandbox``. Opens a file after ``warm``.
Fails:     with MemoryError; the sandbox turns it into ``Refused``.
"""

from __future__ import annotations

from mmap import mmap

from gateway.examine import content as contents
from gateway.examine.filetype import sniff
from gateway.examine.parcel import Parcel, named, packed, papers_of
from gateway.examine.plain import Part, loaded
from mailmap.mail.parse import parse
from mailmap.mail.reply import read_reply
from mailmap.mail.report import read_report

LETTERS = 500_000
SAMPLE = b"From: a@example.vn\r\nSubject: =?utf-8?q?m=E1=BA=ABu?=\r\n\r\n\xc4\x90\xe1\xbb\xa3i.\r\n"


def look(content: bytes | mmap, *, papers: bool, first: int = 2, last: int = 1) -> bytes:
    """Everything one mail says by itself; the texts of its papers' first and last pages when they are asked for."""
    message = parse(bytes(content), sniff)
    parts: dict[int, Part] = {}
    failed: dict[int, str] = {}
    for place in papers_of(message.attachments) if papers else ():
        try:
            parts[place] = _read(message.attachments[place].content, first, last)
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001  whatever a reader raises is an outcome of the file
            failed[place] = type(error).__name__
    return packed(Parcel(message, read_reply(message.text, message.subject), read_report(message), parts, failed))


def kinds(content: bytes | mmap, *, lengths: list[int]) -> bytes:
    """The media types of files that lie one after the other in ``content``."""
    octets, start, found = bytes(content), 0, []
    for length in lengths:
        found.append(sniff(octets[start : start + length]))
        start += length
    return named(found)


def warm() -> None:
    """Read one mail and the small files, so that nothing has to be imported or opened later."""
    contents.warm()
    look(SAMPLE, papers=True)


def _read(octets: bytes, first: int, last: int) -> Part:
    return loaded(contents.read(octets, first=first, last=last, most=LETTERS))
