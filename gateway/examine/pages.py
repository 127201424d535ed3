"""Which pages of a file are read, and those of a PDF.

Promises:  a PDF ends in a ``Part``; a locked one in the defect "encrypted".
Never:     imports more than PDFs need: most mails carry one, and each is read in a process that is forked for it.
Fails:     with pdfium's errors for what is no PDF.
"""

from __future__ import annotations

import pypdfium2 as pdfium

from gateway.examine.filetype import PDF
from gateway.examine.pdf import Pdf, locked
from gateway.examine.plain import Part
from mailmap.document.page import Reading

MOST_PAGES = 5_000


def chosen(total: int, first: int, last: int) -> tuple[int, ...]:
    """The numbers of the pages to read: so many from the front and so many from the end."""
    return tuple(n for n in range(1, min(total, MOST_PAGES) + 1) if n <= first or n > total - last)


def read_pdf(octets: bytes, first: int, last: int) -> Part:
    """A PDF's chosen pages."""
    try:
        file = Pdf(octets)
    except pdfium.PdfiumError as error:
        if locked(error):
            return Part(PDF, Reading((), 0, ("encrypted",)))
        raise
    sheets = [file.sheet(number) for number in chosen(file.total, first, last)]
    scanned = tuple(sheet.page.number for sheet in sheets if sheet.picture)
    return Part(PDF, Reading(tuple(sheet.page for sheet in sheets), file.total), scanned)
