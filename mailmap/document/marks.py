"""Marks of urgency, as marks and not as words of a sentence (ND30 Phụ lục I).

Promises:  KHẨN, THƯỢNG KHẨN and HOẢ TỐC are seen at the head of a subject, in brackets, in a file name, alone on a line
           of the body, or in capitals; in both places of the tone mark, and without marks when they stand apart.
Never:     takes "khẩn trương" or "khẩn cấp" for a mark; marks of secrecy are read by ``secrecy``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from mailmap.document.clues import BODY, NAME, SUBJECT
from mailmap.document.document import Seen, Urgency
from mailmap.document.filename import stem_of
from mailmap.document.spelling import Phrase, Word, words

_SURE = 0.9

_URGENCY: Mapping[Phrase, Urgency] = {
    Phrase.of("hỏa tốc"): Urgency.EXPRESS,
    Phrase.of("thượng khẩn"): Urgency.VERY_URGENT,
    Phrase.of("khẩn"): Urgency.URGENT,
}


def _phrases(*texts: str) -> tuple[Phrase, ...]:
    return tuple(map(Phrase.of, texts))


_AFTER = _phrases("trương", "cấp", "thiết", "cầu", "nguyện", "khoản", "hiếm", "khẩu", "vụ")
_BEFORE = _phrases("cẩn", "thành", "bề", "có", "gặp")
_CARRIERS = _phrases("công văn", "văn bản", "tài liệu", "công điện", "hồ sơ", "cv", "vb")
_SENDING = _phrases("gửi", "chuyển", "nộp", "trình")
_HEADING = re.compile(r"^\s*(?:mức\s+)?độ\s+khẩn\s*[:-]\s*", re.IGNORECASE)
_OPENING = re.compile(r"(?:^|[\[(:;,|_.-]|\s-)\s*$")
_CLOSING = re.compile(r"\s*(?:$|[\])!:;,|_.-])")


def read_urgency(subject: str, names: Iterable[str], lines: Iterable[str]) -> Seen[Urgency] | None:
    """The urgency that a tidy subject (without Re:), file names or the first lines show."""
    for text, source in [(subject, SUBJECT), *((stem_of(name), NAME) for name in names)]:
        mark = _marked(text)
        if mark is not None:
            return Seen(mark, _SURE, source)
    alone = next((mark for line in lines if (mark := _alone(line)) is not None), None)
    return None if alone is None else Seen(alone, _SURE, BODY)


def _marked(text: str) -> Urgency | None:
    told = words(text)
    found = (
        mark for phrase, mark in _URGENCY.items() for at in phrase.places(told) if _is_mark(len(phrase), at, told, text)
    )
    return next(found, None)


def _alone(line: str) -> Urgency | None:
    """The mark of a line that holds nothing else, or that names the degree ("Độ khẩn: Hỏa tốc")."""
    headed = _HEADING.match(line)
    rest = line[headed.end() :] if headed else line
    told = words(rest)
    found = (mark for phrase, mark in _URGENCY.items() if len(phrase) == len(told) and phrase.starts_at(told, 0))
    return next(found, None) if headed or rest == rest.upper() else None


def _is_mark(length: int, at: int, told: tuple[Word, ...], text: str) -> bool:
    here = told[at : at + length]
    if _in_a_sentence(at, at + length, told):
        return False
    before = text[: here[0].start]
    apart = bool(_OPENING.search(before)) and bool(_CLOSING.match(text, here[-1].end))
    capitals = all(word.text.isupper() for word in here)
    if not any(word.marked for word in here):
        return apart and (capitals or not before or before.endswith(("[", "(")))
    return capitals or apart or _carried(at, told)


def _carried(at: int, told: tuple[Word, ...]) -> bool:
    """Whether a paper is called so: "Công văn mật số 12" at the head or after "gửi", not "quản lý tài liệu mật"."""
    heads = [
        at - len(carrier) for carrier in _CARRIERS if len(carrier) <= at and carrier.starts_at(told, at - len(carrier))
    ]
    return any(head == 0 or any(word.starts_at(told, head - 1) for word in _SENDING) for head in heads)


def _in_a_sentence(start: int, end: int, told: tuple[Word, ...]) -> bool:
    after = any(phrase.starts_at(told, end) for phrase in _AFTER)
    before = start > 0 and any(phrase.starts_at(told, start - 1) for phrase in _BEFORE)
    return after or before
