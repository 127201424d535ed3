"""Dates as clerks write them.

Promises:  day before month, always; a date without a year gets the latest one that is not in the future, and says so.
Never:     reads 10/15/2016 as American, or a telephone number, a symbol or a version as a date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_LABEL = r"(?P<label>ng[àa]y\s*)"
_END = r"(?!\w|[./-]\d)"
_IN_TEXT = r"(?<![\w./-])"
_IN_NAME = r"(?<!\d)(?<!\d[./-])"


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _figures(start: str) -> tuple[re.Pattern[str], ...]:
    year_last = r"(?P<d>\d{1,2})(?P<s>[/.-])(?P<m>\d{1,2})(?P=s)(?P<y>\d{4}|\d{2})"
    year_first = r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})"
    return tuple(_form(f"{_LABEL}?{start}{figures}{_END}") for figures in (year_last, year_first))


_WORDED = _form(_LABEL + r"(?P<d>\d{1,2})\s*th[áa]ng\s*(?P<m>\d{1,2})(?:\s*,?\s*n[ăa]m\s*(?P<y>\d{4}))?(?!\d)")
_SHORT = _form(rf"{_LABEL}(?P<d>\d{{1,2}})[/-](?P<m>\d{{1,2}}){_END}")
_PACKED = _form(rf"{_LABEL}?(?<!\d)(?P<y>(?:19|20)\d{{2}})(?P<m>\d{{2}})(?P<d>\d{{2}})(?!\d)")
_TEXT_FORMS = (_WORDED, *_figures(_IN_TEXT), _SHORT)
_NAME_FORMS = (_WORDED, *_figures(_IN_NAME), _SHORT, _PACKED)


@dataclass(frozen=True, slots=True)
class Found:
    """A date, where it stands in the text, whether "ngày" stood before it, and whether its year was told."""

    value: date
    start: int
    end: int
    labelled: bool
    year_told: bool
    sure: float = 1.0


def find_dates(text: str, today: date, *, name: bool = False) -> tuple[Found, ...]:
    """The dates of a tidy text in their order; in the ``name`` of a file also 20161015 and after a dash."""
    forms = _NAME_FORMS if name else _TEXT_FORMS
    found = [each for form in forms for each in _of_form(form, text, today)]
    kept: list[Found] = []
    for each in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
    return tuple(kept)


def _of_form(form: re.Pattern[str], text: str, today: date) -> Iterator[Found]:
    for match in form.finditer(text):
        year = match.groupdict().get("y")
        value = _date(year, int(match["m"]), int(match["d"]), today)
        if value is not None:
            sure = 0.7 if year and len(year) == 2 else 1.0  # noqa: PLR2004 "16" may be a year or not
            yield Found(value, match.start(), match.end(), bool(match["label"]), bool(year), sure)


def _date(year: str | None, month: int, day: int, today: date) -> date | None:
    if year is not None:
        return _real(int(year) + (2000 if len(year) == 2 else 0), month, day)  # noqa: PLR2004 two figures
    return next(filter(None, (_past(today.year - back, month, day, today) for back in range(5))), None)


def _past(year: int, month: int, day: int, today: date) -> date | None:
    """That day if it is real and not after tomorrow: a letter may be dated the day it will be signed."""
    value = _real(year, month, day)
    return value if value and value <= today + timedelta(days=1) else None


def _real(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 1945 <= year <= 2200 else None  # noqa: PLR2004 no register is older
    except ValueError:
        return None
