"""For how long a server has tried, as its report tells it.

Promises:  the time between a mail's arrival and the last attempt, from the report's fields, else from its words in
           English or Vietnamese ("after 4 hours", "quá 2 ngày"); None when neither says it.
Never:     takes for it how long a server will go on.
Fails:     never.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta

from mailmap.mail.bounce_signs import bare
from mailmap.mail.dates import read_date

LONGEST = timedelta(days=60)
HOURS = {"minute": 1 / 60, "phút": 1 / 60, "phut": 1 / 60, "hour": 1, "giờ": 1, "gio": 1, "tiếng": 1, "tieng": 1}
HOURS |= {"day": 24, "ngày": 24, "ngay": 24}
SAID = re.compile(
    r"\b(?:after|past|delayed|delivered within|(?:been |message |mail )for|over a period of|"
    + bare("sau|hơn|quá")
    + r")"
    r"(?: more than| the past| over| at least)? (\d{1,4})(?:\.\d{1,3})? ?(minute|hour|day|"
    + bare("phút|giờ|tiếng|ngày")
    + r")",
    re.IGNORECASE,
)


def waited(report: Mapping[str, str], recipient: Mapping[str, str]) -> timedelta | None:
    """By the Arrival-Date of a report and the Last-Attempt-Date of a recipient (RFC 3464 sections 2.2.5 and 2.3.7)."""
    arrived, tried = report.get("arrival-date"), recipient.get("last-attempt-date")
    start = read_date(arrived, []) if arrived else None
    end = read_date(tried, []) if tried else None
    return end - start if start and end and timedelta(0) <= end - start <= LONGEST else None


def said(words: str) -> timedelta | None:
    """By what a notice says."""
    match = SAID.search(words)
    if match is None:
        return None
    told = timedelta(hours=int(match[1]) * HOURS[match[2].lower()])
    return told if told <= LONGEST else None
