"""The line that bears số and ký hiệu ("Số: 45/UBND-VP"), read as ND30 (Phụ lục I, Phụ lục III) writes it.

Promises:  a number is only what was printed and recognised as figures: a blank or scrawled place gives none. A notation
           is set right by what grammar and table allow ("QD-UBND", "OĐ-TTg", "51/2025QĐ-TTg"), and then believed less.
Never:     believes a recognised number that looks written by hand: figures apart from the stroke after them, or
           a number below ten without its leading zero.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mailmap.document.document import Symbol
from mailmap.document.kinds import KINDS, NORMS, of_abbreviation
from mailmap.document.spelling import plain
from mailmap.document.symbol import notation_of, of_party, parts_of
from mailmap.document.written import Written

PRINTED, CLEAR, REPAIRED, SCRAWLED, UNCLEAR = 0.95, 0.9, 0.7, 0.4, 0.6  # scrawled figures dispute nothing
SURE, DIM = 0.8, 0.5  # recognised this surely, figures are what they look like

LABEL = re.compile(
    r"[^\w]{0,4}(?:(?:luat|bo luat|phap lenh|nghi quyet) )?(?:s[o06e]|[$][o0])\s*[:.;,']{1,2}\s*"
    r"|[^\w]{0,4}so\s*(?=[\d/]|[._-]+\s*/|-\s?[a-z]{2,4}\s?/)"
)
_BEFORE_STROKE = re.compile(r"(?P<figures>[0-9OoIl|]{1,6}|[0-9]{1,6}[a-zđ])(?P<apart>[\s._'`-]*)")
_YEAR = re.compile(r"(?P<year>(?:19|20)\d\d|2[O0o]\d\d)\s*(?P<stroke>/?)\s*(?=[^\W\d])")
_OF_PARTY = re.compile(r"(?P<before>[^-/]{0,12})(?P<rest>-\s?[^\W\d_]{2,4}\s?/.*)")
_TAIL = re.compile(r"[^\W\d_][\w&.]*(?:-[^\W_][\w&.]*)*")
_LOOKALIKES = str.maketrans({"O": "0", "o": "0", "I": "1", "l": "1", "|": "1"})
_SHAPES = str.maketrans({"0": "o", "q": "o", "g": "o", "1": "i", "l": "i", "5": "s", "8": "b"})
_GROUPS = ("UBND", "HĐND", "TTg", "CP", "VPCP", "VPQH")
_DASH = re.compile(r"\s*-\s*")
_DATED = re.compile(r"\s*[^\W\d][^,;:/\d]{1,40}, ?ngay\b")  # the date line on the same line
_MOST_GROUPS = 4
LONGEST_NUMBER, DIRT = 12, 4  # characters before the stroke; specks behind the notation


@dataclass(frozen=True, slots=True)
class Numbered:
    """What a number line says. ``symbol`` None where the number itself cannot be read; ``notation`` '' likewise."""

    symbol: Symbol | None
    notation: str
    sure: float
    line: Written


def read_number(line: Written, filled: str = "") -> Numbered | None:
    """The number line, or None when this line is none; ``filled`` are figures set upon its blank place."""
    label = LABEL.match(line.folded)
    split = _split(line.text[label.end() :]) if label else None
    if split is None:
        return None
    head, notation, repaired = split
    figures = _BEFORE_STROKE.fullmatch(f"{head.strip()}{filled}" if filled else head.lstrip())
    number = _number(figures) if figures and not (line.recognised and _halved(figures)) else None
    if figures is None or number is None:
        return Numbered(None, notation, 0.0, line)
    sure = _sureness(line, figures, stamped=bool(filled))
    symbol = Symbol(number[0], notation, number[1])
    return Numbered(symbol, notation, min(sure, REPAIRED) if repaired else sure, line)


def _split(text: str) -> tuple[str, str, bool] | None:
    """What stands before the stroke, the notation behind it, and whether it was repaired; scrawls hold strokes too."""
    party = _OF_PARTY.fullmatch(text)
    read = of_party(party["rest"]) if party else None
    if party and read:
        return party["before"], *read
    for stroke in (at for at, letter in enumerate(text[: LONGEST_NUMBER + 1]) if letter == "/"):
        year, rest, glued = _year_of(text[stroke + 1 :].strip())
        read = _notation_of(rest)
        if read and _ends(rest):
            return text[:stroke], f"{year}/{read[0]}" if year else read[0], read[1] or glued
    return None


def agencies(notation: str) -> tuple[str, ...]:
    """The groups of a notation that name offices: without year and kind."""
    first, others = parts_of(notation)
    return others if notation.startswith("-") or of_abbreviation(first) else (first, *others)


def _year_of(tail: str) -> tuple[str, str, bool]:
    """The year of a legal norm's symbol, what follows it, and whether that had to be guessed at."""
    found = _YEAR.match(tail)
    if found is None:
        return "", tail, False
    year = found["year"].translate(_LOOKALIKES)
    return year, tail[found.end() :], not found["stroke"] or year != found["year"]


def _ends(rest: str) -> bool:
    """Whether the line ends behind the notation: a line of a sentence ("số 12/QĐ-UBND ngày …") goes on."""
    closed = _DASH.sub("-", rest)
    found = _TAIL.match(closed)
    left = closed[found.end() :] if found else closed
    return len(left) <= DIRT or bool(_DATED.match(plain(left)))


def _number(figures: re.Match[str]) -> tuple[int, str] | None:
    told = figures["figures"]
    suffix = told[-1] if told[-1] not in "Ool|I" and told[-1].isalpha() else ""
    value = told.removesuffix(suffix).translate(_LOOKALIKES) if suffix else told.translate(_LOOKALIKES)
    real = any(letter.isdigit() for letter in told) and int(value) > 0
    return (int(value), suffix) if real else None


def _halved(figures: re.Match[str]) -> bool:
    """Whether one figure stands alone before a gap: below ten a zero stands before it."""
    return len(figures["figures"]) == 1 and bool(figures["apart"])


def _sureness(line: Written, figures: re.Match[str], *, stamped: bool) -> float:
    """How far the figures can be believed."""
    told = figures["figures"]
    if not told.rstrip("abcdefghđ").isdigit():
        return UNCLEAR
    if stamped or not line.recognised:
        return PRINTED if len(told) > 1 else REPAIRED
    if len(told) == 1 or figures["apart"]:
        return SCRAWLED
    return CLEAR if line.sure >= SURE else UNCLEAR if line.sure >= DIM else SCRAWLED


def _notation_of(rest: str) -> tuple[str, bool] | None:
    """The notation at the head of a text, and whether it was repaired."""
    found = _TAIL.match(_DASH.sub("-", rest))
    raw = found[0].strip(".-") if found else ""
    read = notation_of(raw) if raw else None
    if read is None or raw.count("-") >= _MOST_GROUPS:
        return None
    first, *others = read[0].split("-")
    mended = "-".join([_kind_group(first), *map(_office_group, others)])
    return mended, mended != raw


def _kind_group(group: str) -> str:
    """The first group, as the table has it when only look-alikes are wrong."""
    if of_abbreviation(group):
        return group
    shape = _shape(group)
    alike = {kind.abbreviation for kind in (*KINDS, *NORMS) if kind.abbreviation and _shape(kind.abbreviation) == shape}
    return alike.pop() if len(alike) == 1 and len(group) > 1 else _office_group(group)


def _office_group(group: str) -> str:
    return next((known for known in _GROUPS if _shape(known) == _shape(group)), group)


def _shape(group: str) -> str:
    return plain(group).translate(_SHAPES)
