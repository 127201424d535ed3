"""What a document enacts, as its own first article says it: a second witness for a trích yếu that a stamp spoilt.

Promises:  the wording of "Điều 1. Ban hành kèm theo Quyết định này Quy chế …" or "… ban hành Quyết định về …" stands in
           for a heading that was recognised badly, when the legible words of that heading stand in it, in their order.
Never:     takes an article about something else for the heading; puts words together from both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from mailmap.document.spelling import plain, words
from mailmap.document.written import Written, sure_of

SHARED = 0.75  # of the heading's words stand in the article, in their order
FEWEST, MOST = 6, 90  # words of a wording
CLEAR = 0.9  # how surely the article's lines were recognised
_KINDS = r"(?:quyet dinh|nghi quyet|nghi dinh|thong tu|chi thi|ke hoach|quy che|quy dinh)"
_ARTICLE = re.compile(rf"\bdieu 1\s?[.:]\s*(?P<verb>ban hanh)\s+kem theo {_KINDS} nay\s+(?P<matter>[^.;]+)")
_ENACTED = re.compile(rf"\bban hanh {_KINDS}\s+(?P<matter>(?:ban hanh|quy dinh|ve|phe duyet|sua doi|bai bo)\b[^.;:]+)")
_END = re.compile(r"\s+nhu sau$|,? gom\b.*$|\s*\((?:co|kem|sau day)\b.*$")


def enacted(heading: Sequence[Written], text: Sequence[Written]) -> str | None:
    """The document's own wording of what the heading, recognised badly, says; None when there is none that fits."""
    seen = [word.plain for word in words(" ".join(line.text for line in heading)) if len(word.plain) > 1]
    if len(seen) < FEWEST or sure_of(text) < CLEAR:
        return None
    return next((wording for wording in _wordings(text) if _fits(seen, wording)), None)


def _wordings(text: Sequence[Written]) -> Iterator[str]:
    """What the text says is enacted: the article first, which names it in full."""
    whole = " ".join(line.text for line in text)
    folded = plain(whole)
    for found in _ARTICLE.finditer(folded):
        yield f"Ban hành {_matter(whole, folded, found)}"
    for found in _ENACTED.finditer(folded):
        matter = _matter(whole, folded, found)
        yield matter[:1].upper() + matter[1:]


def _matter(whole: str, folded: str, found: re.Match[str]) -> str:
    start, end = found.span("matter")
    closing = _END.search(folded[start:end])
    return whole[start : start + closing.start() if closing else end].strip(" ,")


def _fits(seen: Sequence[str], wording: str) -> bool:
    told = [word.plain for word in words(wording)]
    if not FEWEST <= len(told) <= MOST:
        return False
    blocks = SequenceMatcher(None, seen, told, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) >= SHARED * max(len(seen), FEWEST)
