"""What an automatic mail is: an absence note and until when, a challenge, a filter's notice, a list, or a bare answer.

Promises:  one word of a closed set for every mail that counts as automatic, None for others; the day until which
           somebody is away, when the note tells it, in Vietnamese, English or numbers (day before month).
Never:     decides what follows from it; guesses a day that is not told, or one that lies before the note itself.
Fails:     never.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from enum import StrEnum

from mailmap.mail.automatic import AWAY, Automatic, is_automatic
from mailmap.mail.bounce_signs import bare
from mailmap.mail.failing import own_words
from mailmap.mail.message import Message

MAX_TEXT = 4_000  # characters of a note that are read
MAX_DAYS_AHEAD = 400  # a note that names a later day means something else

Told = tuple[int, int, int | None]  # day, month, and the year where it is told


class Note(StrEnum):
    """What kind of automatic mail it is."""

    ABSENCE = "out-of-office"
    CHALLENGE = "challenge"
    FILTER = "spam-notice"
    COMPLAINT = "complaint"
    LIST = "list"
    BULK = "bulk"
    ANSWER = "answer"
    GENERATED = "generated"


def _any(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(phrases), re.IGNORECASE)


GONE = _any(
    r"out of (the |my )?office|away from (the |my )?(office|desk)|(am|is|be|currently) away|not in the office",
    r"on ([a-z]{1,10} )?(leave|vacation|holiday)|limited access to (my )?e-?mail|maternity",
    r"no access to (my )?e-?mail|business trip|travel+ing",
    r"abwesend|nicht im (haus|büro)|absent|en congé|ausente|de vacaciones",
    bare("nghỉ (phép|thai sản|ốm|lễ|mát|hè|chế độ)|vắng mặt|đi (công tác|vắng|họp xa)|ngoài văn phòng"),
    bare("không có mặt (tại|ở) (cơ quan|văn phòng)"),
)
PROVE = _any(
    r"(approved|allowed) (senders?|list)|prove (that )?you|are (a )?human|challenge[- ]response",
    r"verif(y|ication).{0,60}(sender|deliver|address)|account is protected by|whitelist",
    r"confirm.{0,40}(your (message|e-?mail|address)|you are)",
    bare("(xác minh|xác nhận) (người gửi|bạn là)"),
)
FILTERED = _any(
    r"quarantine|spam (digest|report|summary|filter|notification)|(identified|marked|flagged) as spam",
    r"held (for|until|by)|blocked (by|as)|awaits moderator|moderat(or|ion)",
    bare("cách ly|thư rác|bị (giữ|chặn) lại|chờ (kiểm )?duyệt"),
)
BACK = _any(
    r"(until|till|through|return\w{0,4}|back|reachable (again )?(from|on)|to|bis|jusqu'au|hasta)\b",
    bare("(đến|tới) (hết )?|trở lại|quay lại|đi làm lại|có mặt"),
)
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()  # noqa: SIM905  a list of words reads better
NUMBERS = re.compile(r"(?<![\d/.-])(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2}))?(?![\d/-])")
ISO = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
NAMED = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?\.? (?:of )?({'|'.join(MONTHS)})[a-z]{{0,6}}\b,? ?(\d{{4}})?"
    rf"|\b({'|'.join(MONTHS)})[a-z]{{0,6}} (\d{{1,2}})(?:st|nd|rd|th)?\b,? ?(\d{{4}})?",
    re.IGNORECASE,
)
VIETNAMESE = re.compile(bare(r"(\d{1,2}) tháng (\d{1,2})(?: năm (\d{4}))?"), re.IGNORECASE)
NEAR = 40  # characters between the word that announces a return and the day


def note_of(message: Message) -> Note | None:
    """What kind of automatic mail this is, or None for a mail a person seems to have sent."""
    if "feedback-report" in (message.header("Content-Type") or "").lower():
        return Note.COMPLAINT
    automatic = is_automatic(message)
    if automatic is None:
        return None
    return _worded(message, automatic) or _MARKED[automatic]


def away_until(message: Message) -> date | None:
    """The day a note of absence tells for the return or the end of the absence; a year it leaves out is the next."""
    if note_of(message) is not Note.ABSENCE:
        return None
    told = f"{message.subject[:MAX_TEXT]}\n{_own(message)}"
    written = message.date.date() if message.date else None
    behind = (told[match.end() : match.end() + NEAR * 2] for match in BACK.finditer(told))
    found = (_day(each, written) for text in behind for each in _days(text))
    return next((day for day in found if day is not None and _plausible(day, written)), None)


_MARKED = {
    Automatic.REPLIED: Note.ANSWER,
    Automatic.GENERATED: Note.GENERATED,
    Automatic.BULK: Note.BULK,
    Automatic.LIST: Note.LIST,
}


def _worded(message: Message, automatic: Automatic) -> Note | None:
    """What the words say, where the marks leave it open: a newsletter may speak of holidays and of spam."""
    if automatic in {Automatic.LIST, Automatic.GENERATED}:
        told = message.subject[:MAX_TEXT]
        return Note.FILTER if FILTERED.search(told) else None
    told = f"{message.subject[:MAX_TEXT]}\n{_own(message)}"
    if GONE.search(told) or (AWAY.match(message.subject) and not PROVE.search(told)):
        return Note.ABSENCE
    if PROVE.search(told):
        return Note.CHALLENGE
    return Note.FILTER if FILTERED.search(told) else None


def _own(message: Message) -> str:
    """The note itself, above what it quotes."""
    lines = [line for line in own_words(message.text[:MAX_TEXT]) if not line.startswith(">")]
    return " ".join(" ".join(lines).split())


def _days(text: str) -> Iterator[Told]:
    """The days in a text as (day, month, year or None), by where they stand."""
    found: list[tuple[int, Told]] = [(m.start(), (int(m[3]), int(m[2]), int(m[1]))) for m in ISO.finditer(text)]
    found += [(m.start(), (*_in_order(int(m[1]), int(m[2])), _year(m[3]))) for m in NUMBERS.finditer(text)]
    found += [(m.start(), (int(m[1]), int(m[2]), _year(m[3]))) for m in VIETNAMESE.finditer(text)]
    for m in NAMED.finditer(text):
        day, month, year = (m[1], m[2], m[3]) if m[1] else (m[5], m[4], m[6])
        found.append((m.start(), (int(day), MONTHS.index(month.lower()) + 1, _year(year))))
    return (day for start, day in sorted(found, key=lambda each: each[0]) if start <= NEAR)


def _in_order(first: int, second: int) -> tuple[int, int]:
    """Day before month, unless the second number can be no month."""
    return (second, first) if second > len(MONTHS) >= first else (first, second)


def _year(digits: str | None) -> int | None:
    return None if not digits else int(digits) % 100 + 2000


def _day(told: Told, written: date | None) -> date | None:
    """The day, its year taken from the note's own date when it is left out."""
    day, month, year = told
    try:
        if year is not None:
            return date(year, month, day)
        if written is None:
            return None
        found = date(written.year, month, day)
        return found.replace(year=found.year + 1) if found < written else found
    except ValueError:
        return None  # 30/2, or 29/2 in a year that has none: no day


def _plausible(day: date, written: date | None) -> bool:
    return written is None or 0 <= (day - written).days <= MAX_DAYS_AHEAD
