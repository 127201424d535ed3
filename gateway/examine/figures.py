"""Numbers and dates written into a printed line, and marks in stamps: where to look again, and what looks agree on.

Promises:  figures are sure only when two networks read the same ones in several looks each and no clear look read
           others. A notation is that of print: its letters as they were recognised with their marks, where the
           networks saw the same letters. Anything less is a hint, no surer than ``HINT``; print that the looks
           contradict is doubtful. A 4 is sure only in clear print.
Never:     puts together figures that no look read; believes one figure that may be half of two.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from gateway.examine.columns import place, ranged
from gateway.examine.looks import NETWORKS, Ink, Told
from gateway.examine.twice import DOUBT
from mailmap.document.page import Box, Line, Page
from mailmap.document.spelling import plain, tidy

AGREED, HINT, CLEAR = 0.90, 0.60, 0.80
LEAST = 2  # looks of each network that must be clear
HEAD = 0.45  # of the page's height: a number and a date stand above
MOST_LINES, LONGEST = 60, 60
EDGES, MIDDLE = (0.06, 0.97), 0.02  # of the page's width: where a strip beside a found line begins and ends
MISTAKEN = "4"  # both networks take a 1 with a long upstroke for it, as Vietnamese hands write it
DAY_AND_MONTH = 2  # the first figures of a date; its year is always printed
MOST_NUMBERS = 2  # a stamp of arrival may have one too

MARKS = {
    "hoatoc": "HỎA TỐC",
    "hoatochengio": "HỎA TỐC HẸN GIỜ",
    "thuongkhan": "THƯỢNG KHẨN",
    "khan": "KHẨN",
    "mat": "MẬT",
    "toimat": "TỐI MẬT",
    "tuyetmat": "TUYỆT MẬT",
    "xemxongtralai": "XEM XONG TRẢ LẠI",
    "luuhanhnoibo": "LƯU HÀNH NỘI BỘ",
    "tailieuthuhoi": "TÀI LIỆU THU HỒI",
}

_NUMBERED = re.compile(r"[^\w]{0,3}(?:s[o06e]|[$][o0])\s?[:.;,]")
_STROKE = re.compile(r"[/\d]\W?[^\W\d_]{2,}")
_DATED = re.compile(r"(?:[^\d,;:]{2,40}[,;.]\s*)?n[gq]ay.{0,10}t\S{0,2}ng.{0,8}n.m.{0,6}$|.{2,40}, ?n[gq]ay\b.{0,25}$")
_NUMBER = re.compile(
    r".{0,4}?[s5$].{0,3}?[:;.](?P<number>.+?)(?:\s*/\s*|\s+[1li|]?(?=20\d\d/)|\s*(?=-\s?[a-z]{2,4}/[a-z]))"
    r"(?P<tail>(?:20\d\d\s?/?\s?|-\s?)?[a-z][a-z0-9&./ -]*)$"
)
_DATE = re.compile(r"n?ga?y(?P<day>.*?)t?h?an?g(?P<month>.*?)n.?m\s*(?P<year>\d{4}).{0,2}$")
_FIGURES = re.compile(r"0[1-9]|[1-9]\d{1,4}")  # below ten a zero stands before it: one figure alone may be half
DATE = {
    "day": re.compile(r"0[1-9]|[12]\d|3[01]"),
    "month": re.compile(r"0[1-9]|1[012]|[3-9]"),
    "year": re.compile(r"(?:19|20)\d\d"),
}


class Part(StrEnum):
    """What a line is for."""

    NUMBER = "number"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Strip:
    """A piece of the page to look at again; ``line`` is what was recognised there, None for nothing."""

    part: Part
    box: Box
    line: Line | None


def strips(lines: Sequence[Line], width: float, height: float) -> tuple[Strip, ...]:
    """Where number and date stand on a first page: the lines that are either, and the place beside a lone one."""
    head = [line for line in lines[:MOST_LINES] if line.sure < 1 and line.box and place(line).top < HEAD * height]
    numbers = [line for line in head if _is_number(line) and place(line).left < width / 2]
    dates = [line for line in head if _is_date(line) and place(line).right > width / 2]
    dates.sort(key=lambda line: abs(place(line).top - place(numbers[0]).top) if numbers else 0.0)
    found = [Strip(Part.NUMBER, place(line), line) for line in numbers[:MOST_NUMBERS]]
    found += [Strip(Part.DATE, place(line), line) for line in dates[:1]]
    if dates and not numbers:
        box = place(dates[0])
        found.append(Strip(Part.NUMBER, replace(box, left=EDGES[0] * width, right=box.left - MIDDLE * width), None))
    if numbers and not dates:
        box = place(numbers[0])
        found.append(Strip(Part.DATE, replace(box, left=box.right + MIDDLE * width, right=EDGES[1] * width), None))
    return tuple(strip for strip in found if strip.box.left < strip.box.right)


def told(page: Page, wanted: Sequence[Strip], seen: Told) -> Page:
    """The page with what was seen in these strips of it, and in stamps."""
    lines, more = list(page.lines), list(marks(seen))
    for strip, inks in zip(wanted, seen.strips, strict=False):
        line = settled(strip, inks)
        if line and strip.line:
            lines[lines.index(strip.line)] = line
        elif line:
            more.append(line)
    return replace(page, lines=ranged([*lines, *more]) if more else tuple(lines))


def marks(seen: Told) -> tuple[Line, ...]:
    """The marks that stand in red stamps: urgency, secrecy, circulation; what else is stamped is left."""
    found = []
    for box, looks in seen.stamps:
        read = Counter(mark for texts in looks for text in texts if (mark := MARKS.get(_words(text))))
        if len(read) == 1 and read.total() >= LEAST:
            found.append(Line(next(iter(read)), box, AGREED))
    return tuple(found)


def _words(text: str) -> str:
    """A stamp's words without marks, spaces and frame."""
    return "".join(letter for letter in plain(text) if letter.isalpha())


def settled(strip: Strip, inks: Sequence[Ink]) -> Line | None:
    """The line as the looks have it; as it was where they say nothing new, None where there is none."""
    judge = _number if strip.part is Part.NUMBER else _date
    told = [line for line in (judge(strip, ink) for ink in inks) if line]
    best = max(told, key=lambda line: line.sure, default=strip.line)
    disputed = len({line.text for line in told if line.sure >= AGREED}) > 1
    return replace(best, sure=DOUBT) if best and disputed else best


def _is_number(line: Line) -> bool:
    folded = plain(tidy(line.text))
    return bool(_NUMBERED.match(folded) and _STROKE.search(folded)) and len(folded) < LONGEST


def _is_date(line: Line) -> bool:
    folded = plain(tidy(line.text))
    return bool(_DATED.match(folded)) and len(folded) < LONGEST


# --- what the looks agree on ---


@dataclass(frozen=True, slots=True)
class _Vote:
    """A text that looks read, and whether they agree on it."""

    text: str
    agreed: bool


def _vote(networks: Sequence[Sequence[str]]) -> _Vote | None:
    """What the networks read, '' for a look that was not clear; None when no text leads."""
    clear = [[text for text in looks if text] for looks in networks]
    count = Counter(text for looks in clear for text in looks)
    if not count:
        return None
    (best, most), *rest = count.most_common(2)
    if not rest and len(clear) == NETWORKS and min(map(len, clear)) >= LEAST:
        return _Vote(best, agreed=True)
    return _Vote(best, agreed=False) if most > LEAST and (not rest or most > 2 * rest[0][1]) else None


def _read(ink: Ink, form: re.Pattern[str], part: str, judge: Callable[[str], str]) -> list[list[str]]:
    """One part of the line in every look, '' where it is not clear."""
    found = (
        (form.match(plain(text)) if form is _NUMBER else form.search(plain(text)) for text in looks) for looks in ink
    )
    return [[judge(match[part]) if match else "" for match in looks] for looks in found]


def _only(form: re.Pattern[str]) -> Callable[[str], str]:
    """What of a text is figures of this form: all of it, or nothing."""

    def judge(text: str) -> str:
        bare = text.replace(" ", "")
        return bare if form.fullmatch(bare) else ""

    return judge


def _number(strip: Strip, ink: Ink) -> Line | None:
    """The number line with the number on which the looks agree, or the likeliest one as a hint."""
    number = _vote(_read(ink, _NUMBER, "number", _only(_FIGURES)))
    if number is None:
        return None
    tail = _tail(strip.line, ink)
    if tail is None:
        return None
    stroke = "" if tail.text.startswith("-") else "/"
    text = f"Số: {number.text}{stroke}{tail.text}"
    return _line(strip, text, [number.text], agreed=number.agreed and tail.agreed)


def _tail(line: Line | None, ink: Ink) -> _Vote | None:
    """The notation behind the number: the letters of print where the networks saw the same, else theirs."""
    texts = [[_notation(text) for text in looks] for looks in ink]
    bare = _vote([[_bare(plain(text)) for text in looks] for looks in texts])
    if bare is None:
        return None
    seen = Counter(text for looks in texts for text in looks if _bare(plain(text)) == bare.text)
    written = seen.most_common(1)[0][0]
    printed = "".join(letter for letter in tidy(line.text) if letter.isalnum()) if line else ""
    if plain(printed).endswith(bare.text):
        return _Vote(_marked(written, printed[-len(bare.text) :]), agreed=True)
    return _Vote(written, bare.agreed)


def _notation(text: str) -> str:
    """The notation at the end of a line as one look has it, '' for none."""
    found = _NUMBER.match(plain(text))
    return re.sub(r"\s*([/-])\s*", r"\1", text[found.start("tail") :]).strip() if found else ""


def _bare(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())


def _marked(written: str, letters: str) -> str:
    """A text with its letters as they are given, one for one."""
    given = iter(letters)
    return "".join(next(given) if letter.isalnum() else letter for letter in written)


def _date(strip: Strip, ink: Ink) -> Line | None:
    """The date line with the day on which the looks agree, or the likeliest one as a hint."""
    votes = [_vote(_read(ink, _DATE, part, _only(form))) for part, form in DATE.items()]
    day, month, year = votes
    if not day or not month or not year:
        return None
    text = f"{_before(strip.line)}ngày {day.text} tháng {month.text} năm {year.text}"
    return _line(strip, text, [day.text, month.text, year.text], agreed=all((day.agreed, month.agreed, year.agreed)))


def _before(line: Line | None) -> str:
    """What stands before the day: the place, without specks before it."""
    text = tidy(line.text) if line else ""
    found = re.search(r"n[gq]ay", plain(text))
    return text[: found.start()].lstrip("".join(letter for letter in text if not letter.isalnum())) if found else ""


def _line(strip: Strip, text: str, figures: Sequence[str], *, agreed: bool) -> Line:
    """The new line; less sure where clear print says otherwise."""
    line = strip.line
    printed = _printed(strip.part, line) if line and line.sure >= CLEAR else None
    if line and printed and printed != tuple(figures):
        return replace(line, sure=DOUBT)
    if line and printed and not agreed:
        return line
    mistakable = not printed and any(MISTAKEN in figure for figure in figures[:DAY_AND_MONTH])
    sure = max(AGREED, line.sure if line else 0.0) if agreed and not mistakable else HINT
    return Line(text, strip.box, sure, line.bold if line else None)


def _printed(part: Part, line: Line) -> tuple[str, ...] | None:
    """The figures of a line as they were recognised first; None where they are not clear."""
    ink = ((tidy(line.text),),)
    if part is Part.NUMBER:
        told = [_read(ink, _NUMBER, "number", _only(_FIGURES))]
    else:
        told = [_read(ink, _DATE, name, _only(form)) for name, form in DATE.items()]
    figures = tuple(looks[0][0] for looks in told)
    return figures if all(figures) else None
