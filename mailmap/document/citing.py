"""What the text of a document says beside its head: the documents it rests on or answers, and by when an answer is due.

Promises:  a document that is answered ("Trả lời", "Phúc đáp") is told apart from one that is a basis ("Căn cứ", "Thực
           hiện"); a term is a day that follows words of a term ("trước ngày", "chậm nhất").
Never:     takes the day of another document, or of a meeting, for a term.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from mailmap.document.dates import find_dates
from mailmap.document.document import Symbol
from mailmap.document.spelling import plain
from mailmap.document.symbol import find_symbols
from mailmap.document.written import Written

LONGEST, MOST = 20_000, 40
_ANSWERING = re.compile(r"\b(?:tra loi|phuc dap|dap ung|tiep theo)\b")
_BASED = re.compile(r"\b(?:can cu|thuc hien|thi hanh|theo (?:de nghi|noi dung|cong van|van ban|quyet dinh)|xet)\b")
_TERM = re.compile(
    r"\b(?:truoc|cham nhat(?: la)?(?: den| vao| truoc)?(?: het)?|han (?:chot|cuoi|nop|tra loi)(?: la)?\s*:?"
    r"|muon nhat(?: la)?"
    r"|thoi han(?: la| den)?\s*:?|xong truoc|hoan thanh (?:truoc|vao))\s*(?:\d{1,2}\s?(?:gio|h)\s?\d{0,2}\s*)?,?\s*$"
)
_END = re.compile(r"[;.]\s|\.$")


def running(lines: Sequence[Written]) -> str:
    """The lines as one text."""
    return " ".join(line.text for line in lines)[:LONGEST]


def cited(text: str, own: Symbol | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The symbols of documents that are answered, and of those that are a basis, in order, each once."""
    answered: dict[str, None] = {}
    based: dict[str, None] = {}
    folded = plain(text)
    for found in find_symbols(text)[:MOST]:
        if found.symbol == own:
            continue
        before = _sentence(folded, found.start)
        if _ANSWERING.search(before):
            answered[str(found.symbol)] = None
        elif _BASED.search(before):
            based[str(found.symbol)] = None
    return tuple(answered), tuple(based)


def terms(text: str, today: date) -> Iterator[date]:
    """The days that follow words of a term."""
    folded = plain(text)
    for day in find_dates(text, today):
        if day.year_told and _TERM.search(folded, max(0, day.start - 60), day.start):
            yield day.value


def _sentence(folded: str, place: int) -> str:
    near = folded[max(0, place - 300) : place]
    ends = [found.end() for found in _END.finditer(near)]
    return near[ends[-1] if ends else 0 :]
