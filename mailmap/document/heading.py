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
from mailmap.document.kinds import KINDS, NORMS, Kind
from mailmap.document.numbering import LABEL, read_number
from mailmap.document.spelling import plain
from mailmap.document.written import Written, below, height, is_motto, likeness, middle

ALIKE, ALIKE_WHEN_TOLD = 0.8, 0.62
NARROW, CENTRED = 0.14, 0.16  # of the page's width: how far middles of one column's lines lie apart
NEAR = 0.75  # heights between lines of one block at most
MOST_LINES = 80  # a head lies within so many, whatever stamps lie about it
MOST_ROWS, FAR, SHORT = 9, 2.5, 5  # "Luật" is too short to be nearly anything

_ABOUT = re.compile(r"[^\w]{0,3}(?:v\s*[/1il]\s*v\b|vv\b|ve viec\b)[\s:.]*")
_OPENS = re.compile(
    r"[^\w]{0,3}(?:can\s*cu\b|kinh (?:gui|trinh|thua)"
    r"|thuc hien (?:cong|nghi|quyet|chi|ke|noi|luat|van)"
    r"|theo (?:de nghi|quy dinh|cong van|noi)|xet\b|dieu \d|phan [1i]|chuong [1i]|[i1]\.\s|noi nhan"
    r"|de nghi:?$|tra loi|phuc dap|thoi gian qua|trong thoi gian|ngay \d|nham\b|so\s*[:.]|\(?(?:ban hanh )?kem|hom nay)"
)
_HISTORY = re.compile(r"(?:luat|bo luat|phap lenh|nghi dinh|nghi quyet|thong tu|quyet dinh)\b.{0,80}?\bso \d")
_OFFICE = re.compile(
    r"(?:uy ban nhan dan|uy ban thuong vu|hoi dong nhan dan|thu tuong chinh phu|chinh phu|quoc hoi|bo truong|chu tich"
    r"|giam doc"
    r"|tong giam doc|chanh van phong|cuc truong|truong phong|chi cuc truong|hieu truong|chu nhiem|tong|ban|bo)\b"
)


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
    named = None if about else _named(lines, motto, told)
    subject = about or (_under(lines, named[0]) if named else ())
    return Head(
        offices=_offices(lines, number, motto, named[0] if named else None),
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
    found = _ABOUT.match(plain(line))
    return line[found.end() :] if found else line


def opens(line: Written) -> bool:
    """Whether the text of the document begins with this line."""
    return bool(_OPENS.match(line.folded))


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


# --- the kind and what stands under it ---


def _named(lines: Sequence[Written], motto: int | None, told: Kind | None) -> tuple[int, Kind, float] | None:
    """The line that is the name of a kind, the first that is clear; the kind the number tells needs to be less so."""
    found = [
        (at, kind, alike)
        for at, line in enumerate(lines)
        if _could_be_heading(line, lines[motto] if motto is not None else None)
        for kind, alike in [_likest(line, told)]
        if alike >= (ALIKE_WHEN_TOLD if kind is told else ALIKE)
    ]
    return next(iter(sorted(found, key=lambda each: _top(lines[each[0]], each[0]))), None)


def _top(line: Written, at: int) -> float:
    return line.box.top if line.box else float(at)


def _could_be_heading(line: Written, motto: Written | None) -> bool:
    if not (line.capital or line.bold) or len(line.text) > 30:  # noqa: PLR2004 the longest name has 20 letters
        return False
    if line.box is None or not line.across:
        return True
    centred = abs(middle(line) - line.across / 2) < CENTRED * line.across
    return centred and (motto is None or below(motto, line) > 0)


def _likest(line: Written, told: Kind | None) -> tuple[Kind, float]:
    bare = re.sub(r"[^\w ]", "", line.folded).strip()
    ranked = [
        (likeness(bare, plain(kind.name)) if len(kind.name) > SHORT else float(bare == plain(kind.name)), kind)
        for kind in (*KINDS, *NORMS)
    ]
    if told and (alike := likeness(bare, plain(told.name))) >= ALIKE_WHEN_TOLD:
        return told, alike
    best = max(ranked, key=lambda each: each[0])
    return best[1], best[0]


def _under(lines: Sequence[Written], at: int) -> tuple[Written, ...]:
    """The trích yếu under the heading: centred, close together, before the text opens."""
    heading = lines[at]
    rows = (
        [line for line in lines if line is not heading and below(heading, line) > -0.6 * height(line)]
        if heading.box
        else list(lines[at + 1 :])
    )
    kept: list[Written] = []
    for line in sorted(rows, key=lambda row: _top(row, 0)) if heading.box else rows:
        if not _continues(heading, kept, line, CENTRED):
            if _is_beside(heading, line) or not line.legible:
                continue
            break
        kept.append(line)
        if len(kept) == MOST_ROWS:
            break
    return tuple(kept)


def _continues(heading: Written, kept: Sequence[Written], line: Written, room: float) -> bool:
    """Whether the line belongs to the block under the heading."""
    if opens(line) or not line.legible or is_motto(line) or _is_title(line, kept):
        return False
    if _HISTORY.match(line.folded) and not _ABOUT.match(heading.folded):  # a consolidated text tells its history
        return False
    if line.box is None:
        return not kept or (kept[-1].bold is True and line.bold is True) or line.text[:1].islower()
    last = kept[-1] if kept else heading
    limit = NEAR if kept else FAR
    return below(last, line) <= limit * height(line) and not _is_beside(heading, line, room)


def _is_title(line: Written, kept: Sequence[Written]) -> bool:
    """Whether it is the office that decides ("ỦY BAN NHÂN DÂN TỈNH …"), in capitals under small letters."""
    return bool(kept) and line.capital and not kept[-1].capital and bool(_OFFICE.match(line.folded))


def _is_beside(heading: Written, line: Written, room: float = CENTRED) -> bool:
    """Whether the line stands in another column than the heading: a stamp, a note."""
    return bool(line.box and heading.box and abs(middle(line) - middle(heading)) > room * max(line.across, 1.0))


# --- what stands under and over the number ---


def _about(lines: Sequence[Written], number: Written | None) -> tuple[Written, ...]:
    """The lines from "V/v" on, in the column of the number."""
    start = next((line for line in lines if _ABOUT.match(line.folded) and _in_column(line, number)), None)
    if start is None or (number is None and not start.folded.startswith("v/")):
        return ()
    rows = (
        [line for line in lines if line.box and below(start, line) > -0.6 * height(line)]
        if start.box
        else list(lines[lines.index(start) + 1 :])
    )
    kept = [start]
    for line in sorted(rows, key=lambda row: _top(row, 0)) if start.box else rows:
        if line is start or DATELINE.search(line.folded):
            continue
        if _continues(start, kept, line, NARROW):
            kept.append(line)
        elif not _is_beside(start, line, NARROW) and line.legible:
            break
    return tuple(kept[:MOST_ROWS])


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
        and not _is_beside(number, line, NARROW)
        and line.capital
        and line.legible
        and not is_motto(line)
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
    """Figures that a program set upon the blank place of the number line."""
    if number is None or number.box is None:
        return ""
    own = number.box
    inside = (
        line.text
        for line in lines
        if line is not number
        and line.box
        and line.text.isdigit()
        and abs(line.box.top - own.top) < height(number)
        and own.left < line.box.left
        and line.box.right < own.right
    )
    return next(inside, "")
