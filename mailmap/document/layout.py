"""A document's fields from its pages: what stands where the form of official documents puts it (ND30 Phụ lục I).

Promises:  ``read_document`` answers for every reading; each field says on which page it was seen and how sure we are.
           What was printed clearly and agrees with the rest of the page (number with kind, office and year) is sure;
           what was recognised badly, written by hand or repaired is below any registering confidence.
Never:     invents a figure; takes a number quoted in the text, or one of a stamp of arrival, for the document's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from mailmap.document import dateline, numbering
from mailmap.document.citing import cited, running, terms
from mailmap.document.closing import Signature, addressed, copies_of, named, read_signature
from mailmap.document.clues import Clue, agreed
from mailmap.document.dateline import read_dateline
from mailmap.document.dates import find_dates
from mailmap.document.document import Fields, Seen, Symbol
from mailmap.document.enacting import enacted
from mailmap.document.heading import Head, about_of, read_head
from mailmap.document.issuers import of_notation, same_body
from mailmap.document.kinds import LETTER
from mailmap.document.numbering import Numbered, agencies, read_number
from mailmap.document.own_number import (
    ALONE,
    ANNEXED,
    DISPUTED,
    MERGED,
    Read,
    bodies_of,
    of_first,
    own_symbol,
    page_of,
    told_kind,
)
from mailmap.document.page import Reading
from mailmap.document.printed_marks import circulation_of, secrecy_of, urgency_of
from mailmap.document.symbol import find_symbols, kind_in
from mailmap.document.title import ends_span
from mailmap.document.written import Spelling, Written, signed_days, sure_of, written

SURE, FAIR, POOR = 0.93, 0.85, 0.6
CLEAR_TEXT, CLEAR_LINE = 0.85, 0.6
_TOGETHER = frozenset({"TTLT", "NQLT"})
MOST_PAGES, MOST_BLOCKS = 8, 3


def read_document(reading: Reading, today: date) -> Fields:
    """The fields that a document's pages tell. ``today`` is the local day it came."""
    pages = tuple(lines for page in reading.pages[:MOST_PAGES] if (lines := written(page)))
    if not pages:
        return Fields()
    signed = frozenset(day for page in reading.pages[:1] for day in signed_days(page))
    read = _find(pages, signed, today)
    own = of_first(pages)
    signature = next((found for lines in reversed(own) if (found := read_signature(lines))), None)
    number = own_symbol(read)
    issuer, superior = _offices(read)
    text = running([line for lines in pages[:1] for line in lines[read.head.end :]])
    answered, based = cited(text, number.value if number else None)
    body = page_of(pages[0][0])
    copies = next((block for lines in reversed(own) if (block := copies_of(lines))), ())
    return Fields(
        symbol=number,
        issued=_issued(read),
        kind=_kind(read),
        subject=_subject(read),
        issuer=issuer,
        superior=superior,
        place=_place(read),
        urgency=urgency_of(pages[0]),
        secrecy=secrecy_of([line for lines in pages for line in lines]),
        circulation=circulation_of(pages[0]),
        due=_due(own, read.dated.day if read.dated and read.dated.day else today),
        recipients=_block(addressed(pages[0]), read.spelling),
        copies=_block(copies, read.spelling),
        answers=Seen("\n".join(answered), FAIR, body) if answered else None,
        based_on=Seen("\n".join(based), FAIR, body) if based else None,
        **_signing(signature),
    )


def _find(pages: tuple[list[Written], ...], signed: frozenset[date], today: date) -> Read:
    """The parts of the first page; the number and its date from the last one when only that bears them."""
    head = read_head(pages[0])
    numbered = read_number(head.number, head.filled) if head.number else None
    told = told_kind(numbered)
    if told:
        head = read_head(pages[0], told)
    at = head
    if head.number is None and len(pages) > 1:
        at, numbered = _at_the_end(pages[-1])
    line = at.place or (head.place if at is not head else None)
    dated = read_dateline(line, signed, today) if line else None
    everything = (each for lines in pages for each in lines)
    return Read(pages, head, numbered, dated, signed, Spelling(everything), at.offices or head.offices)


def _at_the_end(lines: Sequence[Written]) -> tuple[Head, Numbered | None]:
    """The number block of a last page: consolidated texts bear it there (Pháp lệnh 01/2012/UBTVQH13)."""
    starts = [at for at, line in enumerate(lines) if numbering.LABEL.match(line.folded)]
    for at in reversed(starts[-MOST_BLOCKS:]):
        head = read_head([*lines[max(0, at - 3) :]])
        numbered = read_number(head.number, head.filled) if head.number else None
        if numbered and (numbered.notation.startswith(MERGED) or any("hop nhat" in line.folded for line in lines)):
            return head, numbered
    return read_head([]), None


# --- ngày, địa danh ---


def _issued(read: Read) -> Seen[date] | None:
    dated = read.dated
    if dated is None or dated.day is None:
        return None
    own = Clue(dated.day, dated.sure, page_of(dated.line))
    also = [
        Clue(day.value, ANNEXED, page_of(line))
        for lines in read.pages[1:]
        for line in lines
        if "kem theo" in line.folded and read.numbered and _quotes(line, read.numbered.symbol)
        for day in find_dates(line.text, dated.day)
        if day.value == dated.day and dated.sure > dateline.IMPOSSIBLE
    ]
    return agreed([own, *also], lambda one, other: one == other)


def _quotes(line: Written, symbol: Symbol | None) -> bool:
    return symbol is not None and any(each.symbol == symbol for each in find_symbols(line.text))


def _place(read: Read) -> Seen[str] | None:
    if read.dated is None or not read.dated.place:
        return None
    line = read.dated.line
    return Seen(read.spelling.upright(read.dated.place), SURE if not line.recognised else FAIR, page_of(line))


# --- tên loại, trích yếu ---


def _kind(read: Read) -> Seen[str] | None:
    head, told = read.head, told_kind(read.numbered)
    found = kind_in(read.numbered.notation) if read.numbered else None
    where = page_of(read.pages[0][0])
    if head.letter and (told is None or (found and found[1] < numbering.UNCLEAR + 0.01)):
        return Seen(LETTER.code, 0.95, where)
    if head.kind is None:
        return Seen(found[0], 0.8 if told else ALONE, where) if found and found[0] != MERGED else None
    if told is head.kind:
        return Seen(head.kind.code, 0.97, where)
    clear = head.likeness >= 0.9  # noqa: PLR2004 one letter of ten
    disputed = told is not None and not (read.numbered and read.numbered.notation.startswith(MERGED))
    return Seen(head.kind.code, DISPUTED if disputed else 0.9 if clear else 0.8, where)


def _subject(read: Read) -> Seen[str] | None:
    lines = [line for line in read.head.subject if line.legible or ends_span(line)]
    if not lines:
        return None
    text = " ".join(line.text for line in lines)
    text = about_of(text) if read.head.letter else text
    text = read.spelling.upright(text) if any(line.recognised for line in lines) else text
    text = text.strip(" .,;:-_*")
    sure = _legibility(lines)
    other = enacted(lines, read.pages[0][read.head.end :]) if sure < FAIR else None
    if other:
        return Seen(read.spelling.upright(other)[:500], FAIR, page_of(lines[0]))
    return Seen(text[:500], sure, page_of(lines[0])) if len(text.split()) > 0 else None


def _legibility(lines: Sequence[Written]) -> float:
    """How sure a text of several lines is: stored ones are, recognised ones by their letters."""
    if not any(line.recognised for line in lines):
        return SURE
    clear = sure_of(lines) >= CLEAR_TEXT and min(line.sure for line in lines) >= CLEAR_LINE
    return FAIR if clear else POOR


# --- cơ quan ban hành ---


def _offices(read: Read) -> tuple[Seen[str] | None, Seen[str] | None]:
    """The issuing body, and the one above it."""
    found = bodies_of(read)
    national = of_notation(agencies(read.numbered.notation)) if read.numbered else None
    if not found:
        return (Seen(national, ALONE, page_of(read.pages[0][0])) if national else None), None
    sure = _legibility(read.offices)
    where = page_of(read.offices[0])
    if _joint(read, found):
        return Seen(" - ".join(found), sure, where), None
    if national and same_body(national, found[-1]):
        return Seen(national, SURE, where), None
    return Seen(found[-1], sure, where), Seen(found[-2], sure, where) if len(found) > 1 else None


def _joint(read: Read, found: Sequence[str]) -> bool:
    """Whether the bodies issue it together: a circular of two ministries names both in its notation."""
    groups = agencies(read.numbered.notation) if read.numbered else ()
    told = told_kind(read.numbered)
    return len(found) > 1 and len(groups) > 1 and told is not None and told.code in _TOGETHER


# --- the rest ---


def _signing(signature: Signature | None) -> dict[str, Seen[str] | None]:
    if signature is None:
        return {}
    sure, where = (
        (FAIR if signature.sure == 1 else ALONE if signature.sure >= CLEAR_LINE else POOR),
        f"page {signature.page}",
    )
    parts = {"signer": signature.name, "position": signature.position, "authority": signature.authority}
    return {name: Seen(value, sure, where) for name, value in parts.items() if value}


def _block(lines: Sequence[Written], spelling: Spelling) -> Seen[str] | None:
    names = [name for line in lines if (name := named(line))]
    return Seen(spelling.upright("\n".join(names)), _legibility(lines), page_of(lines[0])) if names else None


def _due(pages: Sequence[Sequence[Written]], issued: date) -> Seen[date] | None:
    """The term, when there is exactly one: a recognised figure may be wrong."""
    found = {day: lines[0] for lines in pages for day in terms(running(lines), issued)}
    day = next(iter(found)) if len(found) == 1 else None
    return Seen(day, ALONE if found[day].recognised else FAIR, page_of(found[day])) if day else None
