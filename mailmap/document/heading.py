"""The head of a document on its first page: where each part stands (ND30 Phụ lục I), with a layout and without one.

Promises:  the number line and the date line are those of the document itself: in the head, above its first sentence.
           The trích yếu is what stands under the name of the kind, or behind "V/v" under the number.
Never:     reads on into "Căn cứ …", "Kính gửi", or across a wide gap.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mailmap.document.dateline import DATELINE
from mailmap.document.kinds import LETTER, Kind
from mailmap.document.numbering import LABEL, read_number
from mailmap.document.spelling import plain
from mailmap.document.symbol import kind_in
from mailmap.document.title import (
    ABOUT,
    MOST_ROWS,
    Bounds,
    bare,
    continues,
    is_beside,
    named_kind,
    opens,
    top_of,
    under,
)
from mailmap.document.written import Written, below, height, is_motto, middle

NARROW = 0.14  # of the page's width: how far middles of one column's lines lie apart
MOST_LINES = 80  # a head lies within so many, whatever stamps lie about it

_LABELLED = re.compile(r"[^\w]{0,4}s[o0]\s?(?:[^a-z\s]|.{0,8}/)|[^\w]{0,3}/")  # a number line, readable or not


@dataclass(frozen=True, slots=True)
class Head:
    """The parts of a first page, as lines; None or empty where there is none."""

    offices: tuple[Written, ...]
    number: Written | None
    filled: str
    place: Written | None
    kind: Kind | None
    likeness: float
    subject: tuple[Written, ...]
    letter: bool
    end: int


def read_head(lines: Sequence[Written], told: Kind | None = None) -> Head:
    """The head at the top of these lines; ``told`` is the kind that the number line names."""
    lines = lines[:MOST_LINES]
    motto = next((at for at, line in enumerate(lines) if is_motto(line)), None)
    end = _end(lines)
    number = next((line for line in lines[:end] if _is_number(line)), None)
    place = next((line for line in lines[:end] if DATELINE.search(line.folded) and _is_apart(line)), None)
    about = _about(lines[:end], number)
    named = None if about else named_kind(lines, Bounds(motto, number), told)
    offices = _offices(lines, number, motto, named[0] if named else None)
    subject = about or (under(lines, named[0], bare(offices)) if named else ())
    return Head(
        offices=offices,
        number=number,
        filled=_filled(lines, number),
        place=place,
        kind=named[1] if named else None,
        likeness=named[2] if named else 0.0,
        subject=subject,
        letter=bool(about),
        end=end,
    )


def about_of(line: str) -> str:
    """What follows "V/v" or "Về việc"."""
    found = ABOUT.match(plain(line))
    return line[found.end() :] if found else line


def _is_number(line: Written) -> bool:
    return read_number(line) is not None


def _is_apart(line: Written) -> bool:
    """Whether a date line stands for itself, not at the end of a sentence."""
    found = DATELINE.search(line.folded)
    return found is not None and found.start() == 0


def _end(lines: Sequence[Written]) -> int:
    """Where the head ends: at the first line of the text, as far down as half a page."""
    for at, line in enumerate(lines):
        if opens(line) and not LABEL.match(line.folded) and not line.folded.startswith("("):
            return at if line.box is None else _last_above(lines, line)
    return min(len(lines), 40)


def _last_above(lines: Sequence[Written], opening: Written) -> int:
    """One more than the last line that stands above the opening; columns are read one after the other."""
    above = [at for at, line in enumerate(lines) if below(line, opening) > -height(line) and line is not opening]
    return max(above, default=-1) + 1


def _about(lines: Sequence[Written], number: Written | None) -> tuple[Written, ...]:
    """The lines from "V/v" on, in the column of the number."""
    start = next((line for line in lines if ABOUT.match(line.folded) and _in_column(line, number)), None)
    if start is None and number is not None and number.box is None:  # without a layout it follows the number at once
        after = lines[lines.index(number) + 1 :][:1]
        start = next((line for line in after if ABOUT.match(line.folded) and _is_letters(number)), None)
    if start is None or (number is None and not start.folded.startswith("v/")):
        return ()
    rows = (
        [line for line in lines if line.box and below(start, line) > -0.6 * height(line)]
        if start.box
        else list(lines[lines.index(start) + 1 :])
    )
    kept = [start]
    for line in sorted(rows, key=lambda row: top_of(row, 0)) if start.box else rows:
        if line is start or DATELINE.search(line.folded):
            continue
        if continues(start, kept, line, NARROW):
            kept.append(line)
        elif not is_beside(start, line, NARROW) and line.legible:
            break
    return tuple(kept[:MOST_ROWS])


def _is_letters(number: Written) -> bool:
    """Whether the number is a công văn's, which has no name of a kind."""
    told = read_number(number)
    found = kind_in(told.notation) if told else None
    return found is not None and found[0] == LETTER.code


def _in_column(line: Written, number: Written | None) -> bool:
    """Whether a "V/v" stands under the number and on the left, not under the name of a kind."""
    if line.box is None or not line.across:
        return line.folded.startswith(("v/", "v /", "vv"))
    left = middle(line) < 0.45 * line.across
    return left and line.box.right < 0.62 * line.across and (number is None or below(number, line) > -height(line))


def _offices(
    lines: Sequence[Written], number: Written | None, motto: int | None, heading: int | None
) -> tuple[Written, ...]:
    """The names over the number, in its column; without a number those at the top on the left."""
    if number is None:
        return tuple(_top_left(lines, motto, heading))
    if number.box is None:
        before = lines[: lines.index(number)]
        return tuple(
            line for line in before if line.capital and not is_motto(line) and not DATELINE.search(line.folded)
        )
    return tuple(
        line
        for line in lines
        if line is not number
        and below(line, number) > -0.5 * height(line)
        and not is_beside(number, line, NARROW)
        and line.capital
        and line.legible
        and not is_motto(line)
        and not _LABELLED.match(line.folded)
        and (number.box.top - (line.box.bottom if line.box else 0)) < 8 * height(number)
    )


def _top_left(lines: Sequence[Written], motto: int | None, heading: int | None) -> Iterator[Written]:
    for at, line in enumerate(lines[:12]):
        if heading is not None and at >= heading:
            return
        left = line.box is None or middle(line) < 0.42 * max(line.across, 1.0)
        high = motto is None or line.box is None or below(lines[motto], line) < 3 * height(lines[motto])
        if LABEL.match(line.folded):
            return
        if line.capital and line.legible and left and high and not is_motto(line):
            yield line


def _filled(lines: Sequence[Written], number: Written | None) -> str:
    """Figures that a program set upon the blank place of the number line; a speck or a stamp's are none."""
    blank = number is not None and (told := read_number(number)) is not None and told.symbol is None
    if number is None or number.box is None or not blank:
        return ""
    own = number.box
    inside = (
        line.text
        for line in lines
        if line is not number
        and line.box
        and not line.recognised
        and line.text.isdigit()
        and abs(line.box.top - own.top) < height(number)
        and own.left < line.box.left
        and line.box.right < own.right
    )
    return next(inside, "")
