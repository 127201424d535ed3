"""The kinds of document: the 29 of Nghị định 30/2020/NĐ-CP (Điều 7, Phụ lục III), copies, and legal norms.

Promises:  every code is unique; a lookup by name or abbreviation understands text typed without marks, both places of
           the tone mark, and every look-alike of Đ.
Never:     decides between HD (hướng dẫn) and HĐ (hợp đồng), or DA and ĐA, for a text typed without marks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mailmap.document.spelling import Phrase, Word, plain, tidy


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind: our code, its name, and the abbreviation in symbols ('' when it has none: công văn, thư công)."""

    code: str
    name: str
    abbreviation: str


def _of(*rows: tuple[str, str]) -> tuple[Kind, ...]:
    return tuple(Kind(code, name, code) for code, name in rows)


LETTER = Kind("CV", "Công văn", "")
KINDS: tuple[Kind, ...] = (
    *_of(
        ("NQ", "Nghị quyết"), ("QĐ", "Quyết định"), ("CT", "Chỉ thị"), ("QC", "Quy chế"), ("QyĐ", "Quy định"),
        ("TC", "Thông cáo"), ("TB", "Thông báo"), ("HD", "Hướng dẫn"), ("CTr", "Chương trình"), ("KH", "Kế hoạch"),
        ("PA", "Phương án"), ("ĐA", "Đề án"), ("DA", "Dự án"), ("BC", "Báo cáo"), ("BB", "Biên bản"),
        ("TTr", "Tờ trình"), ("HĐ", "Hợp đồng"),
    ),
    LETTER,
    *_of(
        ("CĐ", "Công điện"), ("BGN", "Bản ghi nhớ"), ("BTT", "Bản thỏa thuận"), ("GUQ", "Giấy ủy quyền"),
        ("GM", "Giấy mời"), ("GGT", "Giấy giới thiệu"), ("GNP", "Giấy nghỉ phép"), ("PG", "Phiếu gửi"),
        ("PC", "Phiếu chuyển"), ("PB", "Phiếu báo"),
    ),
    Kind("TCg", "Thư công", ""),
)  # fmt: skip
COPIES: tuple[Kind, ...] = _of(("SY", "Sao y"), ("TrS", "Trích sao"), ("SL", "Sao lục"))
_JOINT, _MERGED = "liên tịch", "hợp nhất"
NORMS: tuple[Kind, ...] = _of(
    ("HP", "Hiến pháp"), ("BL", "Bộ luật"), ("L", "Luật"), ("PL", "Pháp lệnh"), ("NĐ", "Nghị định"), ("TT", "Thông tư"),
    ("TTLT", f"Thông tư {_JOINT}"), ("NQLT", f"Nghị quyết {_JOINT}"), ("VBHN", f"Văn bản {_MERGED}"),
)  # fmt: skip
# Abbreviations that are also the first group of an agency: 1234/CT-TTHT is a công văn of a Cục Thuế.
COLLIDING = frozenset({"CT", "BC", "HD", "TC", "PC", "KH", "PA", "DA", "QC", "TB", "PB", "L", "PL", "HP"})

_EVERY = (*KINDS, *COPIES, *NORMS)
_BY_CODE: Mapping[str, Kind] = {kind.code: kind for kind in _EVERY}
_BY_ABBREVIATION: Mapping[str, tuple[Kind, ...]] = {
    plain(kind.abbreviation): tuple(other for other in _EVERY if plain(other.abbreviation) == plain(kind.abbreviation))
    for kind in _EVERY
    if kind.abbreviation
}
_NAMES: tuple[tuple[Phrase, Kind], ...] = (
    *((Phrase.of(kind.name), kind) for kind in _EVERY if kind.code not in {"L", "BL"}),
    (Phrase.of("CV"), LETTER),
)


def kind_of(code: str) -> Kind | None:
    """The kind with that code."""
    return _BY_CODE.get(code)


def of_abbreviation(group: str) -> Kind | None:
    """The kind an abbreviation stands for; None for none and for one that could be two when marks were left out."""
    wanted = tidy(group).lower()
    alike = _BY_ABBREVIATION.get(plain(wanted), ())
    exact = next((kind for kind in alike if kind.abbreviation.lower() == wanted), None)
    return exact or (alike[0] if len(alike) == 1 else None)


def doubtful(group: str) -> bool:
    """Whether the abbreviation would be another kind's had its marks been left out (HD, DA)."""
    return len(_BY_ABBREVIATION.get(plain(group), ())) > 1


def named_at(text: tuple[Word, ...], place: int) -> tuple[int, Kind] | None:
    """The kind whose name stands at that word, and how many words the name has; the longest name wins."""
    found = [(len(phrase), kind) for phrase, kind in _NAMES if phrase.starts_at(text, place)]
    return max(found, key=lambda each: each[0], default=None)
