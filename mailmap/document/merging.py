"""What the mail tells and what the document itself shows, put together.

Promises:  where both tell the same the confidence rises; where they contradict each other it falls below any
           registering confidence; what only one of them tells is taken as it is. The document's own words win.
Never:     lets a scrawled or garbled reading (below 0.5) dispute what was told clearly.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from mailmap.document.clues import Clue, agreed
from mailmap.document.document import Fields, Secrecy, Seen, Symbol, Urgency
from mailmap.document.spelling import words
from mailmap.document.summary import WHOLE
from mailmap.document.symbol import dashed, same

T = TypeVar("T")
COMMON = 0.6  # of the words of the shorter summary
_URGENCIES, _SECRECIES = list(Urgency), list(Secrecy)
_ABOUT = {"ve", "viec", "v"}


def merge(mail: Fields, document: Fields) -> Fields:
    """The fields of a mail's document: from its subject, names and body, and from its pages."""
    return replace(
        document,
        symbol=_met(mail.symbol, document.symbol, alike_symbols),
        issued=_met(mail.issued, document.issued, _equal),
        kind=_met(mail.kind, document.kind, _equal),
        subject=_subject(mail.subject, document.subject),
        issuer=document.issuer or mail.issuer,
        signer=document.signer or mail.signer,
        urgency=_highest(mail.urgency, document.urgency, _URGENCIES.index),
        secrecy=_highest(mail.secrecy, document.secrecy, _SECRECIES.index),
        due=_met(mail.due, document.due, _equal),
    )


def alike_symbols(one: Symbol, other: Symbol) -> bool:
    """The same number, and notations of which one is the other, or its beginning."""
    if (one.number, one.suffix) != (other.number, other.suffix):
        return False
    short, long = sorted(map(dashed, (one.notation, other.notation)), key=len)
    whole = long[: len(short)]
    edge = long[len(short) : len(short) + 1] in {"", "-"}
    return not short or (same(short, whole) and edge) or same(short, long.rpartition("/")[2])


def alike_summaries(one: str, other: str) -> bool:
    """Whether two summaries share most of the words of the shorter one."""
    left, right = _words(one), _words(other)
    return bool(left and right) and len(left & right) >= COMMON * min(len(left), len(right))


def _met(mail: Seen[T] | None, document: Seen[T] | None, alike: Callable[[T, T], bool]) -> Seen[T] | None:
    """One field as both tell it; the fuller spelling is the document's."""
    if mail is None or document is None:
        return mail or document
    clues = [Clue(seen.value, seen.confidence, seen.source) for seen in (document, mail)]
    seen = agreed(clues, alike)
    if seen is None or not alike(mail.value, document.value):
        return seen
    return replace(seen, value=document.value if document.confidence >= mail.confidence else _fuller(mail, document))


def _fuller(mail: Seen[T], document: Seen[T]) -> T:
    """A mail often leaves out the year or an office; when it does, the page's own notation stands."""
    return document.value if len(str(document.value)) > len(str(mail.value)) else mail.value


def _subject(mail: Seen[str] | None, document: Seen[str] | None) -> Seen[str] | None:
    """The trích yếu: a mail's subject that claims to be none is no contradiction."""
    if mail is None or document is None:
        return mail or document
    if alike_summaries(mail.value, document.value):
        return _met(mail, document, alike_summaries)
    if mail.confidence <= WHOLE:
        return document
    return _met(mail, document, _equal)


def _highest(mail: Seen[T] | None, document: Seen[T] | None, rank: Callable[[T], int]) -> Seen[T] | None:
    """The graver of two marks: too much care harms nobody."""
    if mail is None or document is None:
        return mail or document
    return max(document, mail, key=lambda seen: rank(seen.value))


def _equal(one: T, other: T) -> bool:
    return one == other


def _words(text: str) -> set[str]:
    return {word.plain for word in words(text)} - _ABOUT
