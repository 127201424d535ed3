"""What was read of made-up papers against what is right: each field told, right, sure, missed, and wrong though sure.

Promises:  a field counts as wrong and sure when its confidence would register it, whether it is another value or one
           the paper does not have. A trích yếu is right from a token F1 of 0.9.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from mailmap.document.document import Fields, Seen
from mailmap.document.layout import read_document
from mailmap.document.spelling import plain, tidy, words
from tests.papers.paper import FIELDS, TODAY, Paper

SURE = 0.8  # the registering confidence
ALIKE = 0.9
EXACT = frozenset({"symbol", "issued", "due", "kind", "urgency", "secrecy"})

Counts = Mapping[str, Counter[str]]


def judged(papers: Iterable[Paper]) -> Counts:
    """The counts of each field: told, none, right, sure (of these), missed, wrong, false (wrong ones that are sure)."""
    counts: dict[str, Counter[str]] = {field: Counter() for field in FIELDS}
    for paper in papers:
        read = read_document(paper.reading, TODAY)
        for field in FIELDS:
            counts[field].update(_verdicts(read, field, paper.right[field]))
    return counts


def _verdicts(read: Fields, field: str, right: str | None) -> list[str]:
    seen: Seen[object] | None = getattr(read, field)
    told = "none" if right is None else "told"
    if seen is None:
        return [told] if right is None else [told, "missed"]
    sure = seen.confidence >= SURE
    if right is not None and is_right(field, str(seen.value), right):
        return [told, "right", *(["sure"] if sure else [])]
    return [told, "wrong", *(["false"] if sure else [])]


def is_right(field: str, value: str, right: str) -> bool:
    """Whether a value is the right one; names may be written in capitals or not."""
    if field in EXACT:
        return value == right
    if field == "subject":
        return f1(value, right) >= ALIKE
    return plain(tidy(value)).split() == plain(tidy(right)).split()


def f1(one: str, other: str) -> float:
    """How many words two summaries share, without "Về việc" (harmonic mean of both shares)."""
    left, right = _tokens(one), _tokens(other)
    shared = sum((left & right).values())
    return 2 * shared / (left.total() + right.total()) if shared else 0.0


def _tokens(text: str) -> Counter[str]:
    told = [word.text.lower() for word in words(tidy(text))]
    while told[:2] in (["về", "việc"], ["v", "v"]):
        told = told[2:]
    return Counter(told)
