"""The name of a document's kind on its first page, and the trích yếu under it (ND30 Phụ lục I).

Promises:  a heading stands in the middle below the motto, or, without a layout, below the number; the block under it is
           centred, close together, and ends where the text opens, a mark is stamped or the deciding office is named.
Never:     takes an office ("BỘ CÔNG AN") for a kind, or another kind's name for the one that the number tells.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mailmap.document.kinds import KINDS, NORMS, Kind
from mailmap.document.printed_marks import is_mark
from mailmap.document.spelling import plain
from mailmap.document.written import Written, below, height, is_motto, likeness, middle

ALIKE, ALIKE_WHEN_TOLD = 0.8, 0.62
EXACT = 0.97  # a heading that is another kind's name to the letter: "ĐỀ ÁN" is no Dự án
CENTRED = 0.16  # of the page's width: how far middles of lines of a centred block lie apart
NEAR = 0.75  # heights between lines of one block at most
SHORTEST_NAME = 8  # letters of an office's name that can hardly stand in a summary by themselves
MOST_ROWS, FAR, SHORT = 9, 2.5, 5  # "Luật" is too short to be nearly anything

ABOUT = re.compile(r"[^\w]{0,3}(?:v\s*[/1il]\s*v\b|vv\b|ve viec\b)[\s:.]*")
_OPENS = re.compile(
    r"[^\w]{0,3}(?:can\s*cu\b|kinh (?:gui|trinh|thua)"
    r"|thuc hien (?:cong|nghi|quyet|chi|ke|noi|luat|van)"
    r"|theo (?:de nghi|quy dinh|cong van|noi)|xet\b|dieu \d|phan [1i]|chuong [1i]|[i1]\.\s|noi nhan"
    r"|de nghi:?$|tra loi|phuc dap|thoi gian qua|trong thoi gian|ngay \d|nham\b|so\s*[:.]|\(?(?:ban hanh )?kem|hom nay)"
)
_HISTORY = re.compile(r"(?:luat|bo luat|phap lenh|nghi dinh|nghi quyet|thong tu|quyet dinh)\b.{0,80}?\bso \d")
_UNFINISHED = re.compile(
    r"(?:\b(?:theo|cua|tai|va|ve|cho|voi|tu|den|trong|thuc hien|so|sua doi|bo sung|thay the|bai bo|quyet dinh"
    r"|nghi quyet|nghi dinh|cac|ban hanh|kem|dieu|khoan|luat|giai doan|nam|ngay|thang)|[,\-–(])$"
)
_SPAN, _YEAR_END = re.compile(r"[-–]\s*(?:19|20)\d\d\b"), re.compile(r"\b(?:19|20)\d\d$")  # "2021" / "- 2025"
_OFFICE = re.compile(
    r"(?:uy ban nhan dan|uy ban thuong vu|hoi dong nhan dan|thu tuong chinh phu|chinh phu|quoc hoi|bo truong|chu tich"
    r"|giam doc"
    r"|tong giam doc|chanh van phong|cuc truong|truong phong|chi cuc truong|hieu truong|chu nhiem|tong|ban|bo)\b"
)


def bare(offices: Sequence[Written]) -> str:
    """The offices' names as one run of bare letters."""
    return "".join(map(_letters_of, offices))


def _letters_of(line: Written) -> str:
    return re.sub(r"\W", "", line.folded).replace("ubnd", "uybannhandan").replace("hdnd", "hoidongnhandan")


def opens(line: Written) -> bool:
    """Whether the text of the document begins with this line."""
    return bool(_OPENS.match(line.folded))


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the name of a kind stands below: the motto; without a layout the number too."""

    motto: int | None
    number: Written | None


def named_kind(lines: Sequence[Written], bounds: Bounds, told: Kind | None) -> tuple[int, Kind, float] | None:
    """The line that is the name of a kind, the first that is clear; the kind the number tells needs to be less so."""
    motto = bounds.motto
    typed = bounds.number is not None and bounds.number.box is None
    least = lines.index(bounds.number) if typed and bounds.number else -1
    found = [
        (at, kind, alike)
        for at, line in enumerate(lines)
        if at > least and _could_be_heading(line, lines[motto] if motto is not None else None)
        for kind, alike in [_likest(line, told)]
        if alike >= (ALIKE_WHEN_TOLD if kind is told else ALIKE)
    ]
    return next(iter(sorted(found, key=lambda each: top_of(lines[each[0]], each[0]))), None)


def top_of(line: Written, at: int) -> float:
    """How far down a line stands: in points, or by its place among the others."""
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
    best = max(ranked, key=lambda each: each[0])
    alike = likeness(bare, plain(told.name)) if told else 0.0
    if told and alike >= ALIKE_WHEN_TOLD and best[0] < max(alike, EXACT):
        return told, alike
    return best[1], best[0]


def under(lines: Sequence[Written], at: int, offices: str) -> tuple[Written, ...]:
    """The trích yếu under the heading: centred, close together, before the text opens."""
    heading = lines[at]
    rows = (
        [line for line in lines if line is not heading and below(heading, line) > -0.6 * height(line)]
        if heading.box
        else list(lines[at + 1 :])
    )
    kept: list[Written] = []
    for line in sorted(rows, key=lambda row: top_of(row, 0)) if heading.box else rows:
        if kept and line.capital and (_names_office(line, offices) or _letters_of(line) == _letters_of(heading)):
            break
        if not continues(heading, kept, line, CENTRED):
            if is_beside(heading, line) or not line.legible:
                continue
            break
        kept.append(line)
        if len(kept) == MOST_ROWS:
            break
    return tuple(kept)


def continues(heading: Written, kept: Sequence[Written], line: Written, room: float) -> bool:
    """Whether the line belongs to the block under the heading."""
    if kept and ends_span(line) and _YEAR_END.search(kept[-1].text) and not is_beside(heading, line, room):
        return True
    if not line.legible or is_motto(line) or _is_title(line, kept) or is_mark(line):
        return False
    unfinished = bool(kept) and bool(_UNFINISHED.search(kept[-1].folded))
    if opens(line) and not unfinished:
        return False
    if (
        _HISTORY.match(line.folded) and not ABOUT.match(heading.folded) and not unfinished
    ):  # a consolidated text tells its history
        return False
    if line.box is None:
        return not kept or (kept[-1].bold is True and line.bold is True) or line.text[:1].islower()
    last = kept[-1] if kept else heading
    limit = NEAR if kept else FAR
    return below(last, line) <= limit * height(line) and not is_beside(heading, line, room)


def ends_span(line: Written) -> bool:
    """Whether it is the end of a span of years that was broken: "- 2025"."""
    return bool(_SPAN.match(line.text))


def _names_office(line: Written, offices: str) -> bool:
    """Whether it is the name of the office over the number again, as the one that decides."""
    bare = _letters_of(line)
    return len(bare) >= SHORTEST_NAME and (bare in offices or (bool(offices) and bare.endswith(offices)))


def _is_title(line: Written, kept: Sequence[Written]) -> bool:
    """Whether it is the office that decides ("ỦY BAN NHÂN DÂN TỈNH …"), in capitals under small letters."""
    return bool(kept) and line.capital and not kept[-1].capital and bool(_OFFICE.match(line.folded))


def is_beside(heading: Written, line: Written, room: float = CENTRED) -> bool:
    """Whether the line stands in another column than the heading: a stamp, a note."""
    return bool(line.box and heading.box and abs(middle(line) - middle(heading)) > room * max(line.across, 1.0))
