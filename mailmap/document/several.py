"""The fields of a mail that carries several papers: which of them is the document, and what all of them warn of.

Promises:  the document is the paper whose number the mail itself tells, else the only one with a number of its own.
           Where two papers bear different numbers, or a paper beside the numbered one has the head of a document or
           could not be read, and the mail names none, all that tells one from another falls below any registering
           confidence: it is asked for. The gravest mark of secrecy of any paper counts.
Never:     guesses which of two documents was meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from mailmap.document.clues import NAME
from mailmap.document.document import Fields, Secrecy, Seen
from mailmap.document.merging import alike_symbols, merge

T = TypeVar("T")
DOUBTED = 0.5
SURE = 0.8  # an annex with a number of its own on its head is a document that somebody called an annex
_GRAVITY = list(Secrecy)


def told_by(
    mail: Fields, documents: Sequence[Fields], annexes: Sequence[Fields] = (), *, sealed: bool = False
) -> Fields:
    """What a mail with these papers tells, each paper's own fields in the order of the mail.

    ``sealed``: one more of its documents could not be read, and may be the one that was meant.
    """
    papers = [*documents, *(one for one in annexes if one.symbol and one.symbol.confidence >= SURE)]
    main = _meant(mail, papers)
    if main is None and _says(mail) and (sealed or any(map(_blank, papers))):
        main, settled = next(filter(_blank, papers), Fields()), True  # the number that the mail tells is its own
    else:
        settled = main is not None and _says(mail)
    main = main or next((one for one in papers if one.symbol), next(iter(papers), None))
    merged = merge(mail, main) if main is not None else mail
    told = merged if settled or not _doubtful(papers, sealed=sealed) else _doubted(merged)
    return replace(told, secrecy=_gravest(merged, *documents, *annexes))


def _meant(mail: Fields, papers: Sequence[Fields]) -> Fields | None:
    """The paper whose number the mail tells, or the name of a file."""
    told = mail.symbol
    return next((one for one in papers if told and one.symbol and alike_symbols(one.symbol.value, told.value)), None)


def _says(mail: Fields) -> bool:
    """Whether the mail itself tells a number; each file is named after its own."""
    return mail.symbol is not None and mail.symbol.source != NAME


def _doubtful(papers: Sequence[Fields], *, sealed: bool) -> bool:
    """Whether the paper with the number may not be the document."""
    numbered = [one.symbol.value for one in papers if one.symbol]
    differ = any(not alike_symbols(numbered[0], other) for other in numbered[1:])
    return differ or (bool(numbered) and (sealed or any(map(_blank, papers))))


def _blank(read: Fields) -> bool:
    """Whether it is a document whose number was not read, such as one written by hand: it has an office and a date."""
    return read.symbol is None and read.issuer is not None and read.issued is not None


def _doubted(read: Fields) -> Fields:
    """What is taken from one paper, and may be another's, kept below any registering confidence."""
    numbered = replace(read, symbol=_less(read.symbol), issued=_less(read.issued), kind=_less(read.kind))
    return replace(numbered, subject=_less(read.subject), issuer=_less(read.issuer))


def _less(seen: Seen[T] | None) -> Seen[T] | None:
    return seen and replace(seen, confidence=min(seen.confidence, DOUBTED))


def _gravest(*read: Fields) -> Seen[Secrecy] | None:
    marks = [one.secrecy for one in read if one.secrecy is not None]
    return max(marks, key=lambda seen: _GRAVITY.index(seen.value), default=None)
