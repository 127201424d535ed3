"""What a question asks the register for, and what the register answers: tra cứu, ai đang giữ.

Promises:  a tracking code, a symbol, a number or words are told apart by their shape; whoever asks sees documents that
           his own unit sent or received, of others' deliveries only when his unit sent the document.
Never:     searches; ``storage/finding`` does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mailmap.document import tracking
from mailmap.document.document import Symbol
from mailmap.document.spelling import plain, tidy, words
from mailmap.document.symbol import find_symbols

MOST = 10  # documents a letter lists
Told = tuple[tuple[str, str | tuple[str, ...]], ...]
_ARRIVAL = re.compile(r"\bso den\s*[:.]?\s*(?:so\s*)?(\d{1,6})\b(?:\s*/\s*(\d{4}))?")
_NUMBER = re.compile(r"(?:.*\bso\s*[:.]?\s*)?\b(\d{1,6})\b(?!\s*[/.-]?\s*\d)")
_FILLERS = frozenset({
    "xin", "cho", "em", "toi", "anh", "chi", "giup", "voi", "nhe", "nha", "a", "vay", "hien", "nay", "van", "ban",
    "cong", "vb", "cv", "so", "la", "ve", "viec", "v", "da", "duoc", "hoi", "kinh", "thua", "quy", "co", "quan",
    "dum", "ho", "xem", "tinh", "trang", "xu", "li", "thai", "cua", "minh", "ai", "dang", "giu", "dau", "o", "roi",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Query:
    """One way to name a document; at most one of these is told, none for "the one of this letter".

    ``arrival`` is a số đến and its year, None for this year's or any; ``said`` are words of the trích yếu, without
    marks.
    """

    code: str = ""
    symbol: Symbol | None = None
    number: int | None = None
    arrival: tuple[int, int | None] | None = None
    said: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether it names nothing."""
        return self == Query()


@dataclass(frozen=True, slots=True)
class Holding:
    """One recipient of a document, as told to whoever asks: its state (01–06), since when, its số đến and words.

    ``at`` is an ISO time; ``taken_back`` is 13, 15 or 16 where the sender wants it back, else ''.
    """

    unit: str
    state: str
    at: str = ""
    number: str = ""
    words: str = ""
    taken_back: str = ""
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """One document that the register holds, as far as the asking unit may see it.

    ``delivery`` is that unit's own, None when it sent the document.
    """

    document: int
    code: str
    symbol: str
    issued: str
    subject: str
    origin: str
    standing: str
    state: str
    holdings: tuple[Holding, ...]
    delivery: int | None = None


def query_of(text: str, named: Symbol | None = None) -> Query:
    """What the words of a question name."""
    tidied = tidy(text)
    code = tracking.read(tidied)
    if code:
        return Query(code=code)
    symbol = named or next((each.symbol for each in find_symbols(tidied)), None)
    if symbol:
        return Query(symbol=symbol)
    folded = plain(tidied)
    if arrived := _ARRIVAL.search(folded):
        return Query(arrival=(int(arrived[1]), int(arrived[2]) if arrived[2] else None))
    said = tuple(word.plain for word in words(tidied) if word.plain not in _FILLERS)
    number = _NUMBER.match(folded)
    if number and all(each.isdecimal() for each in said):
        return Query(number=int(number[1]))
    return Query(said=said)


def told_one(record: Record, verb: str) -> Told:
    """The facts of the letter about one document, recipients side by side."""
    some = record.holdings
    columns: dict[str, tuple[str, ...]] = {
        "units": tuple(each.unit for each in some),
        "states": tuple(each.state for each in some),
        "times": tuple(each.at for each in some),
        "numbers": tuple(each.number for each in some),
        "said": tuple(each.words for each in some),
        "backs": tuple(each.taken_back for each in some),
        "confirmed": tuple("1" if each.confirmed else "" for each in some),
    }
    return (*columns.items(), ("verb", verb), ("life", record.state))


def told_many(records: Sequence[Record], asked: str) -> Told:
    """The facts of the letter that lists several."""
    shown = records[:MOST]
    columns = {
        "codes": tuple(each.code for each in shown),
        "symbols": tuple(each.symbol for each in shown),
        "days": tuple(each.issued for each in shown),
        "subjects": tuple(each.subject for each in shown),
        "origins": tuple(each.origin for each in shown),
        "standings": tuple(each.standing for each in shown),
        "states": tuple(",".join(dict.fromkeys(holding.state for holding in each.holdings)) for each in shown),
    }
    return (*columns.items(), ("more", "1" if len(records) > MOST else ""), ("wanted", asked))
