"""Two looks at the same print: figures that they read differently are not sure.

Promises:  words with figures that both looks read alike are as sure as both on average; where the figures differ, or
           only one look saw any, the word is no surer than ``DOUBT``. Words without figures stay as they were read.
           Handwriting, specks and stamps over numbers are read differently at every size; print is not.
Never:     puts together a reading that neither look had.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gateway.examine.columns import place
from mailmap.document.page import Line

DOUBT = 0.30
SHARED = 0.4  # of the narrower word's width and of the lower one's height


def agreed(word: Line, again: Sequence[Line]) -> Line:
    """The word as two looks know it; ``again`` are all words of the second look."""
    if not any(letter.isdigit() for letter in word.text):
        return word
    others = sorted((other for other in again if _same_place(word, other)), key=lambda other: place(other).left)
    if not _alike(word, others):
        return replace(word, sure=min(word.sure, DOUBT))
    one = len(others) == 1 and not _wider(others[0], word)
    surer = max(word, others[0], key=lambda each: each.sure) if one else word
    both = (word.sure + min(other.sure for other in others)) / 2
    return replace(word, text=surer.text, sure=round(both, 3))


def _alike(word: Line, others: Sequence[Line]) -> bool:
    """Whether the same figures stand there; a word that the other look cut up otherwise must be part of its pieces."""
    own, seen = _figures(word.text), "".join(_figures(other.text) for other in others)
    cut_otherwise = len(others) > 1 or (len(others) == 1 and _wider(others[0], word))
    return own in seen if cut_otherwise else own == seen


def _figures(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit())


def _wider(one: Line, other: Line) -> bool:
    """Whether one word is so much wider that it must hold more."""
    a, b = place(one), place(other)
    return a.right - a.left > 1.4 * (b.right - b.left)


def _same_place(one: Line, other: Line) -> bool:
    """Whether two words lie over each other."""
    a, b = place(one), place(other)
    across = min(a.right, b.right) - max(a.left, b.left)
    down = min(a.bottom, b.bottom) - max(a.top, b.top)
    narrow = min(a.right - a.left, b.right - b.left)
    low = min(a.bottom - a.top, b.bottom - b.top)
    return across > SHARED * narrow and down > SHARED * low
