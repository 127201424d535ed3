"""The fields of a mail that carries several papers: which of them is the document, and what all of them warn of.

Promises:  the document is the paper whose number the mail itself tells; else the only one with a number of its own.
           Where two papers bear different numbers and the mail names neither, number, date and trích yếu fall below
           any registering confidence: they are asked for. The gravest mark of secrecy of any paper counts.
Never:     guesses which of two documents was meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from mailmap.document.document import Fields, Secrecy, Seen
from mailmap.document.merging import alike_symbols, merge

T = TypeVar("T")
DOUBTED = 0.5
SURE = 0.8  # an annex with a number of its own on its head is a document that somebody called an annex
_GRAVITY = list(Secrecy)


def told_by(mail: Fields, documents: Sequence[Fields], annexes: Sequence[Fields] = ()) -> Fields:
    """What a mail with these papers tells, each paper's own fields in the order of the mail."""
    numbered = [one for one in annexes if one.symbol and one.symbol.confidence >= SURE]
    main = _main(mail, [*documents, *numbered])
    merged = merge(mail, main) if main is not None else mail
    return replace(merged, secrecy=_gravest(merged, *documents, *annexes))


def _main(mail: Fields, documents: Sequence[Fields]) -> Fields | None:
    """The document among the papers, None without any."""
    symbol = mail.symbol
    meant = (one for one in documents if symbol and one.symbol and alike_symbols(one.symbol.value, symbol.value))
    if found := next(meant, None):
        return found
    numbered = [one for one in documents if one.symbol]
    first = next(iter(numbered or documents), None)
    return _doubted(first) if first is not None and _differ(numbered) else first


def _differ(numbered: Sequence[Fields]) -> bool:
    symbols = [one.symbol.value for one in numbered if one.symbol]
    return any(not alike_symbols(symbols[0], other) for other in symbols[1:])


def _doubted(read: Fields) -> Fields:
    return replace(read, symbol=_less(read.symbol), issued=_less(read.issued), subject=_less(read.subject))


def _less(seen: Seen[T] | None) -> Seen[T] | None:
    return seen and replace(seen, confidence=min(seen.confidence, DOUBTED))


def _gravest(*read: Fields) -> Seen[Secrecy] | None:
    marks = [one.secrecy for one in read if one.secrecy is not None]
    return max(marks, key=lambda seen: _GRAVITY.index(seen.value), default=None)
