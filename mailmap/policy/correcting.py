"""What a correction says: "số đúng là 45, không phải 54", "đính chính ngày 15/10 thành 16/10".

Promises:  the right values, and the document they are for when it is named; a number told alone has no notation, which
           means that the old one stays.
Never:     takes the wrong value, or what is said not to be so, for the right one.
"""

from __future__ import annotations

import re
from datetime import date

from mailmap.document import dates, symbol
from mailmap.document.document import Fields, Seen, Symbol
from mailmap.document.spelling import plain, tidy
from mailmap.document.summary import told_summary

_SURE, _SOURCE = 0.95, "reply"
_RIGHT = re.compile(
    r"\b(?:dung(?: ra| phai)? la|dung\s*:|chinh xac la|(?:sua|doi|ghi)(?: lai)? la|thanh|nay la|phai la"
    r"|(?:so|ngay|trich yeu)(?: van ban| cong van)? (?:dung )?(?:la|:)|la dung la)\s*:?"
)
_WRONG = re.compile(r"[,(\s]*\b(?:chu (?:khong|ko|k)|(?:khong|ko|k) phai|thay (?:vi|cho)|truoc (?:la|ghi))\b[^\n.;]*")
_NUMBER = re.compile(r"(?:\bso|\bthanh|\bla|:)\s*[:.]?\s*(?:so\s*[:.]?\s*)?(\d{1,6})([a-z])?(?![\w]|\s*[/.-]\s*\d)")
_NEWER = re.compile(r"\bso\s*[:.]?\s*(\d{1,6})([a-z])?\s+(?:moi )?(?:la )?dung\b")
_ABOUT = re.compile(r"\btrich yeu(?: dung)?(?: phai)?\s*(?:la|thanh|:)+\s*:?\s*([^\n]+)")


def corrected(text: str, today: date) -> tuple[Fields | None, Symbol | None]:
    """The right values (None: none told), and the document that is named (None: none)."""
    whole = tidy(text)
    marker = _RIGHT.search(plain(whole))
    first, rest = (whole[: marker.start()], whole[marker.start() :]) if marker else ("", whole)
    named = next((each.symbol for each in symbol.find_symbols(first)), None)
    values = _blanked(rest)
    symbols = [each.symbol for each in symbol.find_symbols(values)]
    if marker is None and len(symbols) != 1:  # "đính chính 54/UBND-VP: số 45/UBND-VP", or nothing at all
        named, symbols = (symbols[0], symbols[1:]) if symbols else (None, [])
    told = symbols[0] if symbols else _bare_number(values)
    days = dates.find_dates(values, today)
    about = _ABOUT.search(plain(values))
    summary = whole_words(values[about.start(1) : about.end(1)]) if about else told_summary(values)
    fields = Fields(
        symbol=Seen(told, _SURE, _SOURCE) if told else None,
        issued=Seen(days[-1].value, _SURE, _SOURCE) if days else None,
        subject=Seen(summary, _SURE, _SOURCE) if summary else None,
    )
    return (fields if fields != Fields() else None), named


def whole_words(text: str) -> str:
    """One line, without the quotes and stops around it."""
    return " ".join(text.split()).strip(" .;,\"'“”")


def _blanked(text: str) -> str:
    """The text without what is said to be wrong."""
    kept, end = [], 0
    for wrong in _WRONG.finditer(plain(text)):
        kept.append(text[end : wrong.start()])
        end = wrong.end()
    return " ".join([*kept, text[end:]])


def _bare_number(text: str) -> Symbol | None:
    folded = plain(text)
    found = _NEWER.search(folded) or _NUMBER.search(folded)
    return Symbol(int(found[1]), "", found[2] or "") if found and int(found[1]) else None
