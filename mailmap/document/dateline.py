"""The line of place and date: "Ninh Bình, ngày 01 tháng 9 năm 2025" (ND30 Phụ lục I).

Promises:  a day is only what was recognised as figures; figures with look-alikes in them (I2) are believed when the
           file was signed on the same day.
Never:     takes a date of a sentence, of a stamp of arrival, or one after the signing, for the document's own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from mailmap.document.written import Written

PRINTED, CLEAR, REPAIRED, UNCLEAR, IMPOSSIBLE = 0.95, 0.9, 0.6, 0.5, 0.3
SIGNED = 0.75  # how often the day of signing is the document's day
SURE = 0.85  # figures written by hand were recognised, wrongly, as surely as 0.8

DATELINE = re.compile(
    r"(?:(?P<place>[^\W\d][^,;:/\d]{1,60}?)\s*[,.;]\s*)?\bn[gq]ay\s*(?P<day>[^\s/]{0,4}?)\s*th[ao]ng\s*"
    r"(?P<month>[^\s/]{0,3}?)\s*n[ao]m\s*(?P<year>[0-9ol|i]{4})\s*[.,]?$"
)
_LOOKALIKES = str.maketrans({"o": "0", "i": "1", "l": "1", "|": "1"})
_TOLERANCE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Dated:
    """A date line: its place, and its day where it can be read."""

    place: str
    day: date | None
    sure: float
    line: Written


def read_dateline(line: Written, signed: frozenset[date], today: date) -> Dated | None:
    """The date line, or None when this line is none."""
    found = DATELINE.search(line.folded)
    if found is None or (found["place"] is None and found.start() > 0):
        return None
    place = line.text[found.start("place") : found.end("place")].strip() if found["place"] else ""
    figures = [found[part] for part in ("day", "month", "year")]
    told = [each.translate(_LOOKALIKES) for each in figures]
    day = _date(told)
    if day is None:
        return Dated(place, None, 0.0, line)
    sure = _weighed(day, _sureness(line, day, figures, told), signed, today)
    return Dated(place, day, sure, line)


def _weighed(day: date, sure: float, signed: frozenset[date], today: date) -> float:
    """What the days of signing and of arrival say to it."""
    if day > today + _TOLERANCE or (signed and day > min(signed) + _TOLERANCE):
        return IMPOSSIBLE
    return round(1 - (1 - sure) * (1 - SIGNED), 3) if day in signed else sure


def _sureness(line: Written, day: date, figures: list[str], told: list[str]) -> float:
    if figures != told:
        return REPAIRED
    # ND30: days below ten and the months 1 and 2 bear a leading zero; one figure alone may be half of two.
    halved = len(figures[0]) == 1 or (len(figures[1]) == 1 and day.month <= 2)  # noqa: PLR2004 January, February
    if not line.recognised:
        return PRINTED
    if halved:
        return UNCLEAR
    return CLEAR if line.sure >= SURE else UNCLEAR


def _date(told: list[str]) -> date | None:
    try:
        day, month, year = map(int, told)
        return date(year, month, day) if 1945 <= year <= 2200 else None  # noqa: PLR2004 no register is older
    except ValueError:
        return None
