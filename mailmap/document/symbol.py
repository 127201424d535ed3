"""Số and ký hiệu read from text: 45/UBND-VP, Số: 15/QĐ-BNV, 01/2024/QĐ-UBND (ND30 Phụ lục I, Phụ lục III).

Promises:  finds every symbol in its place, and says whether it is this document's own or one that is quoted; small
           letters and missing marks of known abbreviations are set right (15/qd-ubnd is 15/QĐ-UBND).
Never:     takes a date, a telephone number, a house number, a class or a standard (QCVN 102:2016/BTTTT) for a symbol.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mailmap.document.document import Symbol
from mailmap.document.kinds import COLLIDING, LETTER, of_abbreviation
from mailmap.document.spelling import plain

LABELLED, BARE, SMALL, LOOSE = 0.95, 0.9, 0.85, 0.75  # how sure we are of each way of writing
COLLIDED = 0.6  # of a kind whose abbreviation is also an agency's

_GROUP = r"[A-Za-zĐđÂĂÊÔƠƯâăêôơư][A-Za-z0-9ĐđÂĂÊÔƠƯâăêôơư&.]*"
_START = r"(?:(?<![\w./,])(?<!\d[-:])|(?<=\bCV)|(?<=\bcv)|(?<=\bsố)|(?<=\bSố)|(?<=\bso)|(?<=\bSo))"
_SYMBOL = re.compile(
    rf"{_START}(?P<number>\d{{1,6}})(?P<suffix>[A-Za-zđĐ])?\s*/\s*(?P<year>\d{{4}}\s*/\s*)?"
    rf"(?P<notation>{_GROUP}(?:(?:-\s?|\s-){_GROUP})*(?:\s-\s{_GROUP}(?:-{_GROUP})*)?)(?![\w/])"
)
_OF_PARTY = re.compile(
    rf"{_START}(?P<number>\d{{1,6}})(?P<suffix>[a-zđ])?(?P<year>(?!))?(?P<notation>\s?-\s?[A-ZĐ][A-Za-zĐđ]{{1,3}}\s?/\s?{_GROUP}(?:-{_GROUP})*)(?![\w/])"
)
PARTY_KINDS = frozenset({"CV", "KL", "TTri", "QĐi", "QĐ/i"})  # which no table of the state has
_LABEL = re.compile(r"\bso\s*[:.]?\s*$")
_ROMAN = re.compile(r"[IVX]+")
_STANDARD = re.compile(r"\b(?:tcvn|qcvn|tcn|iso|tcxd\w*)[\s:.-]*$")
_QUOTING = re.compile(
    r"\b(?:can cu|(?<!kem )theo|thuc hien|thi hanh|tra loi|phuc dap|trien khai|gop y|sua doi|thay the|dinh chinh"
    r"|thu hoi|huy bo|bai bo|ve viec|v/v|ban hanh kem|tiep theo|xet|lien quan|dan chieu|quan triet|y kien chi dao)\b"
)
_SENDING = re.compile(r"\b(?:gui|nop|trinh|chuyen|phat hanh)\b")
_CLOSED = re.compile(r"\s*(?:$|[,;:.)\]\n]|-\s|v/v|vv\b|ve viec|ve\b|ngay\b|ky\b|de ngay)")
_BOUNDARY = re.compile(r"[;\n]|\.\s|\s-\s(?=(?:so|cv)\b)")
_FAR = 300  # characters
_KNOWN = {"ttg": "TTg", "hdnd": "HĐND"}


@dataclass(frozen=True, slots=True)
class Found:
    """A symbol, its place, how surely it was written as one, and whether the text only quotes it."""

    symbol: Symbol
    start: int
    end: int
    sure: float
    quoted: bool


def find_symbols(text: str) -> tuple[Found, ...]:
    """The symbols of a tidy text, in order."""
    folded = plain(text)
    found = [each for match in _SYMBOL.finditer(text) if (each := _found(match, folded))]
    of_party = [each for match in _OF_PARTY.finditer(text) if (each := _found(match, folded))]
    return tuple(sorted([*found, *of_party], key=lambda each: each.start))


def notation_of(raw: str) -> tuple[str, bool] | None:
    """A notation as it should be written and whether it had to be put right from small letters; None for none."""
    if raw.lstrip().startswith("-"):
        return of_party(raw)
    groups = [group.strip(" .&") for group in raw.split("-")]
    if not all(groups) or _ROMAN.fullmatch(groups[0]):
        return None
    small = not _large(groups[0])
    letters = sum(letter.isalpha() for letter in groups[0])
    if (small or letters < 2) and len(groups) < 2:  # noqa: PLR2004 a lone small word or letter is no notation
        return None
    kind = of_abbreviation(groups[0])
    first = kind.abbreviation if kind else _upright(groups[0])
    return "-".join([first, *map(_upright, groups[1:])]), small


def of_party(raw: str) -> tuple[str, bool] | None:
    """A notation of the party's ("-CV/TU"): a dash, a kind of its own or of the state's table, the office."""
    kind, stroke, office = raw.replace(" ", "").lstrip("-").partition("/")
    known = of_abbreviation(kind)
    if not (stroke and office and _large(office)) or not (known or kind in PARTY_KINDS):
        return None
    return f"-{known.abbreviation if known else kind}/{office.strip('.&-')}", False


def parts_of(notation: str) -> tuple[str, tuple[str, ...]]:
    """The first group of a notation, without its year, and those behind it."""
    first, *others = (
        re.split("[-/]", notation[1:]) if notation.startswith("-") else notation.rpartition("/")[2].split("-")
    )
    return first, tuple(others)


def dashed(notation: str) -> str:
    """As a file's name bears it, which cannot hold the stroke of the party's notations: -CV/TU is CV-TU there."""
    return notation[1:].replace("/", "-") if notation.startswith("-") else notation


def same(one: str, other: str) -> bool:
    """Whether two notations are one when marks are left out."""
    return plain(one) == plain(other)


def kind_in(notation: str) -> tuple[str, float] | None:
    """The code of the kind a notation tells, and how surely; None when it tells none (norms of the Quốc hội)."""
    first, offices = parts_of(notation)
    party = notation.startswith("-")
    if first.startswith("QH") or (party and first in PARTY_KINDS - {"CV"}):
        return None
    kind = of_abbreviation(first)
    if kind is None:
        return LETTER.code, BARE if offices else LOOSE
    plainly = party or kind.code not in COLLIDING or _ISSUER.match(offices[0] if offices else "")
    return kind.code, BARE if plainly else COLLIDED


_ISSUER = re.compile(r"UBND|HĐND|TTg|CP$|CTN|BCĐ|BCH|BTT|VP|UB|[BSĐ][A-ZĐ]{2,}|P[A-Z]{2,}|TAND|VKS")


def _found(match: re.Match[str], folded: str) -> Found | None:
    read = notation_of(match["notation"])
    if read is None or int(match["number"]) == 0:
        return None
    before = _sentence_before(folded, match.start())
    if _STANDARD.search(before):
        return None
    year = match["year"].strip(" /") + "/" if match["year"] else ""
    symbol = Symbol(int(match["number"]), year + read[0], (match["suffix"] or "").lower())
    sure = _sure(match, folded, bool(_LABEL.search(before)), read[1])
    quoting = [each.end() for each in _QUOTING.finditer(before)]
    sent = bool(quoting) and _SENDING.search(before, quoting[-1]) is not None
    end = match.start() + len(match[0].rstrip(" .&"))
    return Found(symbol, match.start(), end, min(sure, LOOSE) if sent else sure, bool(quoting) and not sent)


def _sure(match: re.Match[str], folded: str, labelled: bool, small: bool) -> float:  # noqa: FBT001 two facts of one match
    if small:
        return SMALL if labelled else LOOSE
    if " - " in match["notation"] and not _CLOSED.match(folded, match.end()):
        return LOOSE
    return LABELLED if labelled else BARE


def _sentence_before(text: str, place: int) -> str:
    """What stands before a place in its sentence, as far back as anybody reads."""
    near = text[max(0, place - _FAR) : place]
    return near[max((found.end() for found in _BOUNDARY.finditer(near)), default=0) :]


def _large(group: str) -> bool:
    upper = sum(letter.isupper() for letter in group)
    return upper >= sum(letter.islower() for letter in group)


def _upright(group: str) -> str:
    known = _KNOWN.get(plain(group))
    return known or (group if _large(group) else group.upper())
