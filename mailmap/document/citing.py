"""What the text of a document says beside its head: the documents it rests on or answers, and by when an answer is due.

Promises:  a document that is answered ("Trả lời", "Phúc đáp") is told apart from one that is a basis ("Căn cứ", "Thực
           hiện"); a term is a day that follows words of a term ("trước ngày", "chậm nhất").
Never:     takes the day of another document, or of a meeting, for a term.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from mailmap.document.dates import find_dates
from mailmap.document.document import Symbol
from mailmap.document.spelling import plain
from mailmap.document.symbol import find_symbols
from mailmap.document.written import Written

LONGEST, MOST = 20_000, 40
LONGEST_TERM, DECEMBER = timedelta(days=3 * 366), 12
_ANSWERING = re.compile(r"\b(?:tra loi|phuc dap|dap ung|tiep theo)\b")
_BASED = re.compile(r"\b(?:can cu|thuc hien|thi hanh|theo (?:de nghi|noi dung|cong van|van ban|quyet dinh)|xet)\b")
_TERM = re.compile(
    r"\b(?:truoc|cham nhat(?: la)?(?: den| vao| truoc)?(?: het)?|han (?:chot|cuoi|nop|tra loi|gui|nhan)[^.;]{0,40}?"
    r"|muon nhat(?: la)?"
    r"|thoi han(?: la| den)?\s*:?|xong truoc|hoan thanh (?:truoc|vao))"
    r"\s*(?:\d{1,2}\s?(?:gio|h)\s?\d{0,2}\s*(?:phut)?\s*)?,?\s*$"
)
_MONTH = re.compile(
    r"\b(?:hoan thanh|xong|bao cao|ket qua|gui)\b[^.;]{0,40}?\btrong thang "
    r"(?P<month>\d{1,2})(?:\s?(?:/|nam)\s?(?P<year>20\d\d))?(?![/\d])"
)
_DEMAND = re.compile(
    r"\b(?:gui|bao cao|hoan thanh|tra loi|nop|gop y|dang ky|xong|tong hop|phan hoi|y kien|trinh|cung cap|de nghi"
    r"|yeu cau|ket qua|thuc hien|danh sach|ho so)\b"
)
_PAST = re.compile(
    r"\b(?:co hieu luc|hieu luc|phat sinh|duoc cap|da duoc|da cap|ky ket|duoc ky|ban hanh truoc|ap dung)\b"
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


def terms(text: str, issued: date) -> Iterator[date]:
    """The days that follow words of a term, from the day of issue on; without a year the first such day."""
    folded = plain(text)
    latest = issued + LONGEST_TERM
    for day in find_dates(text, latest):
        near = folded[max(0, day.start - 200) : day.start]
        told = _TERM.search(near)
        value = day.value if day.year_told else _next(day.value, issued)
        if told and issued <= value <= latest and (not told[0].startswith("truoc") or _demands(near)):
            yield value
    for found in _MONTH.finditer(folded):
        month, year = int(found["month"]), int(found["year"] or issued.year + (int(found["month"]) < issued.month))
        if (
            1 <= month <= DECEMBER
            and year <= latest.year
            and _demands(folded[max(0, found.start() - 200) : found.end()])
        ):
            last = date(year + month // DECEMBER, month % DECEMBER + 1, 1) - timedelta(days=1)
            if last >= issued:
                yield last


def _next(day: date, issued: date) -> date:
    """That day of the year, the first time from the day of issue on."""
    years = [year for year in (issued.year, issued.year + 1) if day.day <= monthrange(year, day.month)[1]]
    return next((each for year in years if (each := day.replace(year=year)) >= issued), day)


def _demands(near: str) -> bool:
    """Whether the sentence asks for something by then, and does not tell what was before."""
    sentence = near[max((found.end() for found in _END.finditer(near)), default=0) :]
    return bool(_DEMAND.search(sentence)) and not _PAST.search(sentence)


def _sentence(folded: str, place: int) -> str:
    near = folded[max(0, place - 300) : place]
    ends = [found.end() for found in _END.finditer(near)]
    return near[ends[-1] if ends else 0 :]
