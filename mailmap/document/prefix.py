"""What mail programs put before a subject: Re:, TL:, Trả lời:, Fwd:, CT:, Chuyển tiếp:, RE[2]:, WG:.

Promises:  says whether the mail answers or passes on another, and what the subject is without those marks.
Never:     takes "CT:" for a chỉ thị, or "V/v:" for a prefix.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mailmap.document.spelling import plain

_PREFIX = re.compile(
    r"\s*(?:(?P<answer>re|tl|tra loi|aw|sv|antw|phuc dap thu)|(?P<forward>fwd?|ct|chuyen tiep|wg|vs|tr))"
    r"\s*(?:\[\d{1,3}\]|\(\d{1,3}\))?\s*:"
)
_LIST_TAG = re.compile(r"\s*\[(?:ext|external|spam|bên ngoài)[^\]]*\]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Stripped:
    """A subject without prefixes, and what they said."""

    text: str
    answers: bool
    forwards: bool


def strip_prefixes(subject: str) -> Stripped:
    """The tidy subject without its prefixes."""
    text, answers, forwards = subject, False, False
    while found := _PREFIX.match(plain(text)) or _LIST_TAG.match(text):
        kind = found.re is _PREFIX and found.lastgroup
        answers, forwards = answers or kind == "answer", forwards or kind == "forward"
        text = text[found.end() :]
    return Stripped(text.strip(), answers, forwards)
