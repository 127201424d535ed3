"""Trích yếu: what a document is about, from the subject of its mail or the "V/v" line of its body.

Promises:  without symbol, date, kind, marks, "V/v" and stray punctuation; NFC, one line.
Never:     a summary of fewer than two words: that is no summary.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mailmap.document.clues import BODY, SUBJECT
from mailmap.document.document import Seen
from mailmap.document.spelling import plain, words

MARKED, FOUND, WHOLE = 0.9, 0.85, 0.8
LONGEST = 500  # ND30 Phụ lục VI, field Subject

_ABOUT = re.compile(r"(?:\bv\s*/\s*v\b|\bvv\b|\bve viec\b)\s*[:.]?\s*")
_ABOUT_LINE = re.compile(r"(?:\s*|.*\d\s?/\s?\w.*\b)(?:v\s*/\s*v\b|ve viec\b)\s*[:.]?\s*(?=\S)")
_TITLE_LINE = re.compile(r"[\s*-]*trich yeu\s*[:.]?\s*(?:(?:v\s*/\s*v|ve viec)\b\s*[:.]?\s*)?")
_OWNER = re.compile(r"^(?:cua|do)\s.{2,80}?\s(?=(?:ve|v/v)\s)")
_EDGES = " \n-:;,.|_\"'()[]{}/"
_HOLLOW = frozenset({
    "cong van", "van ban", "gui van ban", "gui cong van", "kinh gui", "tai lieu", "bao cao", "to trinh", "quyet dinh",
    "thong bao", "gui file", "file dinh kem", "van ban dinh kem", "khong tieu de", "no subject", "ke hoach", "giay moi",
})  # fmt: skip


def summary_of(subject: str, chunk: tuple[int, int] | None, lines: Sequence[str]) -> Seen[str] | None:
    """The trích yếu; ``chunk`` is the place of kind, symbol and date in the (tidy, stripped) subject."""
    told = _of_subject(subject, chunk)
    return told or next((Seen(text, FOUND, BODY) for line in lines if (text := _of_line(line))), None)


def told_summary(text: str) -> str | None:
    """The trích yếu of the first line that begins with "Trích yếu:" or "V/v", or None."""
    lines = text.splitlines()
    titled = (_clean(line[found.end() :]) for line in lines if (found := _TITLE_LINE.match(plain(line))))
    return next(filter(None, (*titled, *map(_of_line, lines))), None)


def _of_line(line: str) -> str | None:
    found = _ABOUT_LINE.match(plain(line))
    return _clean(line[found.end() :]) if found else None


def _of_subject(subject: str, chunk: tuple[int, int] | None) -> Seen[str] | None:
    about = _ABOUT.search(plain(subject))
    if about:
        end = chunk[0] if chunk and chunk[0] > about.end() else len(subject)
        text = _clean(subject[about.end() : end])
        return Seen(text, MARKED, SUBJECT) if text else None
    if chunk is None:
        text = _clean(subject)
        return Seen(text, WHOLE, SUBJECT) if text and len(words(text)) > 2 else None  # noqa: PLR2004 two words say little
    parts = (subject[chunk[1] :], subject[: chunk[0]])
    return next((Seen(text, FOUND, SUBJECT) for part in parts if (text := _clean(part))), None)


def _clean(text: str) -> str | None:
    one = " ".join(text.split()).strip(_EDGES)
    owner = _OWNER.match(plain(one))
    kept = one[owner.end() :] if owner else one
    told = words(kept)
    hollow = plain(" ".join(word.text for word in told)) in _HOLLOW
    return kept[:LONGEST] if len(told) > 1 and not hollow else None
