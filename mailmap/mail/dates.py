"""The Date field as a time (RFC 5322 section 3.3), also when it is written badly.

Promises:  an aware time between 1970 and 2199, or None. A missing or unknown zone counts as UTC and is a defect.
Never:     decides an order of mails: that is our own clock's work, senders' clocks are wrong.
Fails:     never.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import TypeAlias

MAX_LENGTH = 200
YEARS = range(1970, 2200)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
ZONES = {"ut": 0, "utc": 0, "gmt": 0, "z": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6}
ZONES |= {"pst": -8, "pdt": -7, "ict": 7, "cet": 1, "cest": 2, "jst": 9}

CLOCK = r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:\.\d+)?\s*([AaPp][Mm]\b)?"
ZONE = r"\s*\(?(?:GMT|UTC)?([+-]\d{1,2}:?\d{2}|[A-Za-z]{1,5}\b)?"
USUAL = re.compile(rf"(\d{{1,2}})[\s-]+([A-Za-z]{{3}})[A-Za-z]*\.?[\s,-]+(\d{{4}}|\d{{2}})[\s,]+{CLOCK}{ZONE}")
UNIX = re.compile(rf"([A-Za-z]{{3}})[A-Za-z]*\s+(\d{{1,2}})[\s,]+{CLOCK}{ZONE}\s+(\d{{4}})")
ISO = re.compile(rf"(\d{{4}})-(\d{{1,2}})-(\d{{1,2}})[T\s]+{CLOCK}{ZONE}")

Parts: TypeAlias = tuple[str, int, str, tuple[str, ...]]  # year, month, day, and the groups of CLOCK and ZONE


def read_date(value: str, defects: list[str]) -> datetime | None:
    """The time a Date value names, or None with a defect."""
    text = value[:MAX_LENGTH]
    parts = _usual(text) or _unix(text) or _iso(text)
    found = _time(*parts, defects) if parts else None
    if found is None:
        defects.append("unreadable date")
    return found


def _usual(text: str) -> Parts | None:
    """Such as ``Mon, 5 Aug 2024 14:05:00 +0700`` as year, month, day, clock and zone."""
    match = USUAL.search(text)
    return (match[3], _month(match[2]), match[1], match.groups(default="")[3:]) if match else None


def _unix(text: str) -> Parts | None:
    """Such as ``Mon Aug  5 14:05:00 2024``, the way ctime writes it."""
    match = UNIX.search(text)
    return (match[8], _month(match[1]), match[2], match.groups(default="")[2:7]) if match else None


def _iso(text: str) -> Parts | None:
    """Such as ``2024-08-05T14:05:00+07:00``."""
    match = ISO.search(text)
    return (match[1], int(match[2]), match[3], match.groups(default="")[3:]) if match else None


def _month(name: str) -> int:
    """1 to 12, or 0 for a name that is no month."""
    return MONTHS.index(name.lower()) + 1 if name.lower() in MONTHS else 0


def _time(year: str, month: int, day: str, clock: tuple[str, ...], defects: list[str]) -> datetime | None:
    hour, minute, second, half, zone = clock
    number = int(year) + (0 if len(year) == 4 else 2000 if int(year) < 70 else 1900)  # noqa: PLR2004  RFC 5322 4.3
    hours = int(hour) % 12 + 12 * (half.lower() == "pm") if half else int(hour)
    offset = _offset(zone, defects)
    try:
        found = datetime(number, month, int(day), hours, int(minute), min(int(second or 0), 59), tzinfo=offset)
    except ValueError:
        return None
    return found if number in YEARS else None


def _offset(zone: str, defects: list[str]) -> timezone:
    match = re.fullmatch(r"([+-])(\d{1,2}):?(\d{2})", zone)
    if match is None:
        if zone.lower() not in ZONES:
            defects.append("a date without a known time zone")
        return timezone(timedelta(hours=ZONES.get(zone.lower(), 0)))
    minutes = int(match[2]) * 60 + int(match[3])
    if minutes >= 24 * 60:
        defects.append("a date without a known time zone")
        return UTC
    return timezone(timedelta(minutes=minutes if match[1] == "+" else -minutes))
