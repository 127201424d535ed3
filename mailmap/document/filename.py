"""What the name of an attached file tells: 45-UBND-VP.pdf, 45_UBND-VP_2016-10-15.signed.pdf, CV 45 UBND-VP.pdf.

Promises:  a name that can be read in two ways is read with so little confidence that the sender is asked.
Never:     takes the number of a scan, a photo, a list or a month for the number of a document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from mailmap.document.dates import find_dates
from mailmap.document.document import Symbol
from mailmap.document.kinds import of_abbreviation
from mailmap.document.spelling import plain, tidy
from mailmap.document.symbol import notation_of

DASHED, LINED, SPACED, LONE, ASTRAY = 0.85, 0.75, 0.6, 0.6, 0.5

_EXTENSION = re.compile(
    r"(?:\.(?:pdf|docx?|xlsx?|pptx?|odt|ods|rtf|signed|p7[ms]|zip|rar|7z|jpe?g|png|tiff?|txt|html?|xml|edxml|bak))+$",
    re.IGNORECASE,
)
_TAIL = re.compile(r"(?:[ _.-]*(?:\(\d{1,3}\)|\((?:signed|copy)\)|signed|da ?ky(?: so)?|ky ?so|copy|final|scan))+$")
_BIG = r"[A-ZĐÂÊÔƠƯ][A-Za-z0-9ĐđÂÊÔƠƯ&]*"
_SYMBOL = re.compile(
    rf"(?<![^\W_])(?P<number>\d{{1,6}})(?P<suffix>[a-zđ])?[-_ .]{{1,3}}(?:(?P<year>(?:19|20)\d\d)[-_ .])?"
    rf"(?P<notation>{_BIG}(?:-{_BIG})+|{_BIG}(?:_{_BIG})+|{_BIG}(?: {_BIG})+|{_BIG})(?![^\W_])"
)
_LOW = "a-zđ"
_SMALL = re.compile(
    rf"(?<![^\W_])(?P<number>\d{{1,6}})(?P<suffix>[{_LOW}])?[-_ ](?P<year>(?!))?"
    rf"(?P<notation>(?:[{_LOW}]{{2,6}}[-_])?(?:ubnd|hdnd|hđnd)(?:[-_][{_LOW}]{{2,8}})?)(?![^\W_])"
)
_NUMBER = re.compile(r"\b(?:cv|so|cong van(?: so)?)[ _.-]{0,2}(?P<number>\d{1,6})(?P<suffix>[a-z])?(?![^\W_])")
_PREFIX = re.compile(
    r"[| _.-]*(?:\d{1,2}[.)] +)?(?:(?:cv|cong van|so|van ban|vb|qd|quyet dinh|kh|ke hoach|bc|bao cao|tb|thong bao"
    r"|ttr|to trinh|gm|giay moi|nq|nghi quyet|ct|chi thi|hd|huong dan|signed|hoa toc|thuong khan|khan|scan)[ _.:-]*)*"
)
_QUOTING = re.compile(r"\b(?:theo|thuc hien|tra loi|phuc dap|can cu|gop y|trien khai|kem)\b")
# A syllable of the language: "12-DANH-SACH.pdf" is a list, while abbreviations such as UBND cannot be spoken.
_SYLLABLE = re.compile(
    r"(?:[bcdghklmnprstvx]|ch|gh|gi|kh|ngh?|nh|ph|qu|th|tr)?[aeiouy]{1,3}(?:[cmnpt]|ch|ng|nh)?", re.IGNORECASE
)
_NORMS = frozenset({"QĐ", "NQ", "TT", "NĐ", "CT", "TTLT", "NQLT"})


@dataclass(frozen=True, slots=True)
class Named:
    """What one name tells. A symbol with an empty notation is a number alone."""

    symbol: Symbol | None
    symbol_sure: float
    issued: date | None
    issued_sure: float


def read_name(name: str, today: date) -> Named:
    """The symbol and the date in a file name, each with how sure it is."""
    stem = stem_of(name)
    dated = next(iter(find_dates(stem.replace("_", " "), today, name=True)), None)
    rest = stem[: dated.start] + "|" + stem[dated.end :] if dated else stem
    found = next(_symbols(rest), None)
    symbol, sure = found or (None, 0.0)
    if dated is None:
        return Named(symbol, sure, None, 0.0)
    date_sure = 0.85 if dated.labelled else 0.8
    return Named(symbol, sure, dated.value, dated.sure * date_sure if symbol else 0.4)


def stem_of(name: str) -> str:
    """The tidy name without path, extensions, and the marks that signing and copying programs leave."""
    stem = _EXTENSION.sub("", tidy(name).replace("\\", "/").rpartition("/")[2].strip())
    tail = _TAIL.search(plain(stem))
    return stem[: tail.start()] if tail else stem


def _symbols(stem: str) -> Iterator[tuple[Symbol, float]]:
    folded = plain(stem)
    for match in (*_SYMBOL.finditer(stem), *_SMALL.finditer(stem)):
        read = _read(match, folded)
        if read:
            yield read
    for match in _NUMBER.finditer(folded):
        if not _QUOTING.search(folded[: match.start()]) and not _is_year(match["number"]) and int(match["number"]):
            yield Symbol(int(match["number"]), "", match["suffix"] or ""), LONE


def _read(match: re.Match[str], folded: str) -> tuple[Symbol, float] | None:
    raw = match["notation"]
    read = notation_of(re.sub(r"[_ ]", "-", raw))
    if " " in raw and _spoken(raw):
        return None
    if read is None or int(match["number"]) == 0 or ("-" not in read[0] and not _agency(read[0])):
        return None
    notation, year = read[0], match["year"]
    kind = of_abbreviation(notation.split("-")[0])
    normative = bool(year and kind and kind.code in _NORMS)
    symbol = Symbol(int(match["number"]), f"{year}/{notation}" if normative else notation, match["suffix"] or "")
    return symbol, min(_shape(raw), _place(match, folded), 0.7 if normative else ASTRAY if year else DASHED)


def _agency(group: str) -> bool:
    """Whether one group alone can be a notation here; in file names a capital word is mostly a word."""
    return group in {"UBND", "HĐND", "TTg", "CP", "BTT"} or of_abbreviation(group) is not None


def _shape(raw: str) -> float:
    groups = re.split(r"[-_ ]", raw)
    if len(groups) == 1 or " " in raw:
        return SPACED
    if len(groups) > 4 or _spoken(raw):  # noqa: PLR2004 no symbol has so many: words of the title follow
        return ASTRAY
    return LINED if "_" in raw or raw.islower() else DASHED


def _spoken(raw: str) -> bool:
    """Whether it holds a word rather than abbreviations only; two letters may be either (HU, TU)."""
    return any(len(group) > 2 and _SYLLABLE.fullmatch(plain(group)) for group in re.split(r"[-_ ]", raw))  # noqa: PLR2004 see above


def _place(match: re.Match[str], folded: str) -> float:
    before = folded[: match.start()]
    if _QUOTING.search(before):
        return 0.3
    if _is_year(match["number"]):
        return ASTRAY
    return DASHED if _PREFIX.fullmatch(before) else LINED


def _is_year(number: str) -> bool:
    return len(number) == 4 and number[:2] in {"19", "20"}  # noqa: PLR2004 2016 is a year
