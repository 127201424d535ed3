"""What mail programs put before a subject: Re:, TL:, Trả lời:, Fwd:, CT:, Chuyển tiếp:, RE[2]:, WG:, [External].

Promises:  the subject without those marks, and whether the outermost of them answers or passes on another mail; with or
           without diacritics, composed or not, with a number ("RE[2]:", "Re(3):", "Re^2:", "Re2:").
Never:     takes "V/v:" for a prefix, nor a sentence ("CT xã: x").
Fails:     never.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from mailmap.mail.page import fold, pattern

MAX_SUBJECT = 2_000  # characters that are looked at


class Kind(StrEnum):
    """What a mail is by its subject: the first prefix decides, for "FW: RE: x" is a forward."""

    NEW = "new"
    ANSWER = "answer"
    FORWARD = "forward"


ANSWERS = pattern(
    "re|aw|antw|antwort|sv|vs|odp|rif|res|rép|ynt|hồi âm|hồi đáp|tl|trả lời|phản hồi|phúc đáp|phúc đáp thư|vá|blz"
    "|回复|答复|回覆|返信|回信|답장|отв|ответ|отг|відп|απ|σχετ"
)
FORWARDS = pattern(
    "fw|fwd|wg|tr|rv|enc|vb|vl|doorst|pd|ilt|i̇lt|továbbítás|tov|ct|chuyển tiếp|转发|轉寄|转送|轉發|転送|전달|пересл|πρθ"
)
PREFIX = re.compile(
    rf"\s*(?:(?P<answer>{ANSWERS})|(?P<forward>{FORWARDS}))"
    r"\s*(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,3}|\d{1,2}|\*\d{1,2})?\s*[:：]\s*"
)
TAG = re.compile(r"\s*\[(?:ext|external|spam|ben ngoai|suspected spam|\*+spam\*+)[^\]]{0,40}\]\s*")


def bare_subject(subject: str) -> tuple[str, Kind]:
    """The subject without its answer and forward prefixes, and what the first of them says."""
    bare, answers, forwards = without_prefixes(subject)
    return bare, Kind.ANSWER if answers == 1 else Kind.FORWARD if forwards == 1 else Kind.NEW


def without_prefixes(subject: str) -> tuple[str, int, int]:
    """The bare subject, and the rank (1 for the outermost, 0 for none) of its first answer and forward prefix."""
    text = unicodedata.normalize("NFC", subject)
    folded = fold(text[:MAX_SUBJECT])
    ranks = {"answer": 0, "forward": 0}
    position = rank = 0
    while match := PREFIX.match(folded, position) or TAG.match(folded, position):
        kind = match.lastgroup if match.re is PREFIX else None
        if kind:
            rank += 1
            ranks[kind] = ranks[kind] or rank
        position = match.end()
    return text[position:].strip(), ranks["answer"], ranks["forward"]
