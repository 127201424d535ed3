"""The fields of a document, read from the subject of its mail, the names of its files and its first lines.

Promises:  every field says where it was seen and how sure we are; places that agree raise that, places that disagree
           bring it below the registering confidence; the same words give the same fields.
Never:     takes a number that is only quoted ("Căn cứ …", "V/v trả lời …"), or the subject of an answered mail, for the
           document's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from mailmap.document import dates, symbol
from mailmap.document.clues import BODY, NAME, SUBJECT, Clue, agreed
from mailmap.document.document import Fields, Seen, Symbol
from mailmap.document.filename import Named, read_name
from mailmap.document.kinds import LETTER, doubtful, named_at
from mailmap.document.marks import read_urgency
from mailmap.document.prefix import Stripped, strip_prefixes
from mailmap.document.secrecy import read_secrecy
from mailmap.document.spelling import plain, tidy, words
from mailmap.document.summary import summary_of, told_summary

FIRST_LINES = 15
LONGEST_LINE, LONGEST_HEAD, MOST_NAMES = 600, 4000, 30  # no clerk writes more; a hostile mail must not cost more
LONGEST_NAME, MOST_MARKED = 255, 100  # file names that are looked at for a mark of secrecy
_PASSED_ON = 0.75  # what was forwarded may be another unit's document
_ECHOED = 0.4  # a file whose number the subject only quotes
_TOLD = 0.95
_COLLIDED = symbol.COLLIDED
_REPLY = "reply"

_AFTER_SYMBOL = re.compile(r"[\s,;:(*-]*(?:(?:ky|de|ban hanh|lap)\s*)?(?:ngay\s*:\s*)?")
_KIND_LINE = re.compile(r"^[\s*-]*(?:ten )?loai(?: van ban)?\s*:", re.MULTILINE)
_BEFORE_SYMBOL = re.compile(r"[\s,;:-]*(?:so\s*[:.]?)?\s*")
_BEFORE_CHUNK = re.compile(r"(?:\bso\b)?\s*[:.]?\s*$")
_OWN_LINE = re.compile(r"\s*so\s*[:.]?\s*\d")
_PLACE_LINE = re.compile(r"^[^\d,;:]{2,60},\s*$")
_ABOUT = re.compile(r"\bv\s*/\s*v\b|\bve viec\b")
_BARE_NUMBER = re.compile(r"\b(?:so|cv)\s*[:.]?\s*(\d{1,6})([a-z])?(?![\w/]|[./-]\d)")


def read_fields(subject: str, names: Sequence[str], body: str, today: date) -> Fields:
    """The fields that a mail tells before its files are opened. ``today`` is the local day the mail came."""
    stripped = strip_prefixes(tidy(subject[:LONGEST_LINE]))
    lines = [line.strip() for line in tidy(body[:LONGEST_HEAD]).splitlines() if line.strip()][:FIRST_LINES]
    lines = [line[:LONGEST_LINE] for line in lines]
    every = [name[:LONGEST_NAME] for name in names[:MOST_MARKED]]
    names = [name[:LONGEST_LINE] for name in names[:MOST_NAMES]]
    named = [read_name(name, today) for name in names]
    found = symbol.find_symbols(stripped.text)
    own = next((each for each in found if not each.quoted), None) if not stripped.answers else None
    number = _symbol(stripped, found, own, named, lines)
    if stripped.forwards and number:
        number = replace(number, confidence=min(number.confidence, _PASSED_ON))
    return Fields(
        symbol=number,
        issued=_issued(stripped.text, own, named, lines, today),
        kind=_kind(stripped.text, own, number),
        subject=_summary(stripped, _chunk(stripped.text, own, today), lines),
        urgency=read_urgency(stripped.text, names, lines),
        secrecy=read_secrecy(stripped.text, every, lines),
    )


def told_fields(text: str, today: date) -> Fields | None:
    """What the answer to a question tells: số, ký hiệu, date, kind, trích yếu; None when it tells none of them."""
    tidied = tidy(text[:LONGEST_HEAD])
    own = next((each for each in symbol.find_symbols(tidied) if not each.quoted), None)
    days = dates.find_dates(tidied, today)
    beside = _beside(tidied, own, days) if own else None
    day = beside or (days[0] if len(days) == 1 else None)
    about = told_summary(tidied)
    told = Fields(
        symbol=Seen(own.symbol, min(_TOLD, own.sure), _REPLY) if own else None,
        issued=Seen(day.value, min(_plausible(day, today), _credible(day.value, today)), _REPLY) if day else None,
        kind=_told_kind(tidied, own),
        subject=Seen(about, _TOLD, _REPLY) if about else None,
    )
    return told if told != Fields() else None


def _told_kind(text: str, own: symbol.Found | None) -> Seen[str] | None:
    """The kind of a line "Loại: Công văn", else what the symbol tells."""
    found = _KIND_LINE.search(plain(text))
    named = named_at(words(text[found.end() :]), 0) if found else None
    if named:
        return Seen(named[1].code, _TOLD, _REPLY)
    kind = symbol.kind_in(own.symbol.notation) if own else None
    return Seen(kind[0], kind[1], _REPLY) if kind else None


def _summary(stripped: Stripped, chunk: tuple[int, int] | None, lines: Sequence[str]) -> Seen[str] | None:
    """The trích yếu; the subject of an answer is the other side's."""
    seen = summary_of(stripped.text, chunk, lines)
    return replace(seen, confidence=min(seen.confidence, _ECHOED)) if seen and stripped.answers else seen


# --- số, ký hiệu ---


def _symbol(
    stripped: Stripped,
    found: Sequence[symbol.Found],
    own: symbol.Found | None,
    named: Sequence[Named],
    lines: Sequence[str],
) -> Seen[Symbol] | None:
    echoes = [each.symbol for each in found if each is not own]
    clues = [*_in_subject(stripped, own), *_in_names(named, echoes), *_in_body(lines)]
    seen = agreed(clues, _alike, lambda one: len(one.notation) * 2 + (not one.notation.isascii()))
    return seen if seen and seen.value.notation else None


def _in_subject(stripped: Stripped, own: symbol.Found | None) -> Iterator[Clue[Symbol]]:
    if own:
        yield Clue(own.symbol, own.sure, SUBJECT)
    elif not stripped.answers and (bare := _BARE_NUMBER.search(plain(stripped.text))):
        yield Clue(Symbol(int(bare[1]), "", bare[2] or ""), _ECHOED, SUBJECT)


def _in_names(named: Sequence[Named], echoes: Sequence[Symbol]) -> Iterator[Clue[Symbol]]:
    for each in named:
        if each.symbol:
            echoed = any(_alike(each.symbol, echo) for echo in echoes)
            yield Clue(each.symbol, min(each.symbol_sure, _ECHOED) if echoed else each.symbol_sure, NAME)


def _in_body(lines: Sequence[str]) -> Iterator[Clue[Symbol]]:
    """A number line ("Số: 45/UBND-VP"), or one that the text says it sends; others are stories."""
    for line in lines:
        for each in symbol.find_symbols(line):
            head = plain(line[: each.start])
            sends = re.search(r"\b(?:gui|chuyen|trinh|nop)\b", head)
            if not each.quoted and (_OWN_LINE.match(plain(line)) or sends):
                yield Clue(each.symbol, min(each.sure, symbol.SMALL), BODY)


def _alike(one: Symbol, other: Symbol) -> bool:
    """The same number, and notations that do not contradict: a file may bear a part of it."""
    if (one.number, one.suffix) != (other.number, other.suffix):
        return False
    mine, its = (plain(symbol.dashed(each.notation)).split("-") for each in (one, other))
    short = min(len(mine), len(its))
    return not one.notation or not other.notation or mine[:short] == its[:short]


# --- ngày ---


def _issued(
    subject: str, own: symbol.Found | None, named: Sequence[Named], lines: Sequence[str], today: date
) -> Seen[date] | None:
    clues = [
        *_dates_beside(subject, [own] if own else [], SUBJECT, today),
        *(Clue(each.issued, each.issued_sure, NAME) for each in named if each.issued),
        *(clue for line in lines for clue in _dates_of_line(line, today)),
    ]
    return agreed([replace(c, sure=min(c.sure, _credible(c.value, today))) for c in clues], lambda a, b: a == b)


def _dates_of_line(line: str, today: date) -> Iterator[Clue[date]]:
    own = [each for each in symbol.find_symbols(line) if not each.quoted]
    yield from _dates_beside(line, own, BODY, today)
    for day in dates.find_dates(line, today):
        if day.labelled and day.year_told and _PLACE_LINE.match(line[: day.start]):
            yield Clue(day.value, symbol.SMALL, BODY)


def _dates_beside(text: str, own: Sequence[symbol.Found], source: str, today: date) -> Iterator[Clue[date]]:
    days = dates.find_dates(text, today)
    for each in own:
        if day := _beside(text, each, days):
            sure = min(_plausible(day, today), symbol.SMALL if source == BODY else _TOLD)
            yield Clue(day.value, sure, source if day.year_told else f"{source}, year by the clock")


def _beside(text: str, own: symbol.Found, days: Sequence[dates.Found]) -> dates.Found | None:
    folded = plain(text)
    after = (day for day in days if day.start >= own.end and _AFTER_SYMBOL.fullmatch(folded, own.end, day.start))
    before = (day for day in days if day.end <= own.start and _BEFORE_SYMBOL.fullmatch(folded, day.end, own.start))
    return next(after, None) or next(before, None)


def _plausible(day: dates.Found, today: date) -> float:
    near = abs(today - day.value) <= timedelta(days=60)
    return day.sure * (_TOLD if day.year_told else symbol.SMALL if near else symbol.LOOSE)


def _credible(day: date, today: date) -> float:
    """How far a date of issue can be believed: not from the future, seldom older than a year."""
    if day > today + timedelta(days=1):
        return 0.3
    return 0.6 if today - day > timedelta(days=366) else 1.0


# --- tên loại ---


def _kind(subject: str, own: symbol.Found | None, number: Seen[Symbol] | None) -> Seen[str] | None:
    named = _named_kind(subject, own)
    told = symbol.kind_in(number.value.notation) if number else None
    if told is None or number is None:
        return Seen(named, symbol.LOOSE if named == LETTER.code else 0.8, SUBJECT) if named else None
    code, sure = told
    if doubtful(code) and subject.isascii():
        sure = min(sure, _COLLIDED)
    if named == code:
        return Seen(code, 0.97, number.source)
    plainly = sure >= symbol.BARE and code != LETTER.code
    if named is None or plainly or (named == LETTER.code and sure > _COLLIDED):  # people call everything a công văn
        return Seen(code, min(sure, number.confidence), number.source)
    return Seen(named, 0.8, SUBJECT)


def _named_kind(subject: str, own: symbol.Found | None) -> str | None:
    """The kind named last before the symbol, or at the head; behind "V/v" stands the matter, not the kind."""
    about = _ABOUT.search(plain(subject))
    end = min(own.start if own else len(subject), about.start() if about else len(subject))
    told = words(subject[:end])
    places = reversed(range(len(told))) if own else range(min(1, len(told)))
    found = (named_at(told, place) for place in places)
    return next((each[1].code for each in found if each), None)


def _chunk(subject: str, own: symbol.Found | None, today: date) -> tuple[int, int] | None:
    """From the name of the kind over the symbol to its date: what is not the trích yếu."""
    if own is None:
        return None
    day = _beside(subject, own, dates.find_dates(subject, today))
    start = min(own.start, day.start) if day else own.start
    head = _BEFORE_CHUNK.search(plain(subject[:start]))
    start = head.start() if head else start
    told = words(subject[:start])
    end = max(own.end, day.end) if day else own.end
    named = (place for place in range(len(told)) if (found := named_at(told, place)) and place + found[0] == len(told))
    return next((told[place].start for place in named), start), end
