"""Marks printed or stamped on a first page: urgency, secrecy, circulation (ND30 Phụ lục I; Luật 29/2018/QH14).

Promises:  a mark stands alone on its line, in capitals; recognised letters may have lost their marks. Where a mark of
           secrecy is doubtful it is seen.
Never:     takes a word of a sentence, or of a name, for a mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from mailmap.document.document import Secrecy, Seen, Urgency
from mailmap.document.written import Written

M = TypeVar("M")
SEEN, DIM = 0.9, 0.8
_URGENCY: Mapping[str, Urgency] = {
    "hoa toc": Urgency.EXPRESS, "hoatoc": Urgency.EXPRESS, "hoa toc hen gio": Urgency.EXPRESS,
    "thuong khan": Urgency.VERY_URGENT, "thuongkhan": Urgency.VERY_URGENT, "khan": Urgency.URGENT,
}  # fmt: skip
_SECRECY: Mapping[str, Secrecy] = {
    "tuyet mat": Secrecy.TOP_SECRET, "tuyetmat": Secrecy.TOP_SECRET, "toi mat": Secrecy.SECRET,
    "toimat": Secrecy.SECRET, "mat": Secrecy.CONFIDENTIAL, "t u y e t m a t": Secrecy.TOP_SECRET,
    "t o i m a t": Secrecy.SECRET, "m a t": Secrecy.CONFIDENTIAL,
}  # fmt: skip
_CIRCULATION: Mapping[str, str] = {
    "xem xong tra lai": "XEM XONG TRẢ LẠI",
    "luu hanh noi bo": "LƯU HÀNH NỘI BỘ",
    "tai lieu thu hoi": "TÀI LIỆU THU HỒI",
}
_DEGREE = re.compile(r"(?:muc )?do (?:mat|khan)\s*[:-]\s*")
_MARKED_MAT = re.compile(r"(?i)\bmật\b")


def urgency_of(lines: Iterable[Written]) -> Seen[Urgency] | None:
    """The urgency a page is stamped with."""
    return _alone(_URGENCY, lines)


def secrecy_of(lines: Sequence[Written]) -> Seen[Secrecy] | None:
    """The secrecy mark on any page."""
    return _alone(_SECRECY, [line for line in lines if line.recognised or _clear(line)])


def circulation_of(lines: Iterable[Written]) -> Seen[str] | None:
    """The mark that bounds who may read it."""
    return _alone(_CIRCULATION, lines)


def is_mark(line: Written) -> bool:
    """Whether a line is one of these marks, and nothing else."""
    return any(_alone(table, [line]) for table in (_URGENCY, _SECRECY, _CIRCULATION))


def _clear(line: Written) -> bool:
    """Stored letters keep their marks: MAT or MẶT is no mark, MẬT is."""
    return not line.folded.strip().endswith("mat") or bool(_MARKED_MAT.search(line.text)) or line.text.isascii()


def _alone(table: Mapping[str, M], lines: Iterable[Written]) -> Seen[M] | None:
    for line in lines:
        headed = _DEGREE.match(line.folded)
        told = line.folded[headed.end() :] if headed else line.folded
        mark = table.get(" ".join(re.sub(r"[^\w ]", " ", told).split()))
        if mark is not None and (headed or line.text.upper() == line.text):
            return Seen(mark, SEEN if line.sure >= DIM else DIM, f"page {line.page}")
    return None
