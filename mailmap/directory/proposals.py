"""Proposals: what a list of names leaves out, and the name itself suggests: the kind of a unit, and its short name.

Promises:  the same name below the same unit gives the same proposal. A short name is the name without marks, without
           the words for its tier, with the short name of the unit above behind it ("haian.haihau").
Never:     proposes a kind when the name does not say it; whatever is proposed is shown before it is applied.
Fails:     never; '' or None is no proposal.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from mailmap.directory.nearness import plain
from mailmap.directory.readers import SHORT_MOST
from mailmap.directory.unit import UnitKind


class Shape(NamedTuple):
    """What is known of a unit before the rest of its row is understood."""

    id: str
    name: str
    kind: UnitKind
    short: str


_AUTHORITY = re.compile(r"(?:ubnd|uy ban nhan dan|hdnd|hoi dong nhan dan)\s+")
_CITIES = frozenset({"ha noi", "ho chi minh", "hai phong", "da nang", "can tho", "hue"})  # cities that are provinces
_TIERS: Mapping[str, UnitKind] = {
    "tinh": UnitKind.PROVINCE,
    "thanh pho": UnitKind.DISTRICT,
    "tp": UnitKind.DISTRICT,
    "huyen": UnitKind.DISTRICT,
    "quan": UnitKind.DISTRICT,
    "thi xa": UnitKind.DISTRICT,
    "xa": UnitKind.COMMUNE,
    "phuong": UnitKind.COMMUNE,
    "thi tran": UnitKind.COMMUNE,
    "dac khu": UnitKind.COMMUNE,
}
_OFFICES = ("phong", "van phong", "ban", "thanh tra", "trung tam", "chi cuc", "cuc", "so", "bo phan", "chi nhanh")
_BUSINESSES = ("cong ty", "tong cong ty", "tap doan", "doanh nghiep", "hop tac xa", "ngan hang", "ho kinh doanh", "htx")
_BY_PLACE: Mapping[UnitKind, UnitKind] = {
    UnitKind.PROVINCE: UnitKind.DEPARTMENT,
    UnitKind.DEPARTMENT: UnitKind.DIVISION,
    UnitKind.DISTRICT: UnitKind.DIVISION,
    UnitKind.COMMUNE: UnitKind.DIVISION,
}
_ALONE = frozenset({UnitKind.PROVINCE, UnitKind.DISTRICT, UnitKind.BUSINESS})  # whose short names need nothing behind


def kind_of(name: str, above: Shape | None) -> UnitKind | None:
    """The kind that a name says, for an office by what stands above it."""
    tier, rest = _tier(name)
    if tier:
        city = tier in {"thanh pho", "tp"} and rest in _CITIES
        return UnitKind.PROVINCE if city and above is None else _TIERS[tier]
    said = plain(name)
    if _begins(said, _BUSINESSES):
        return UnitKind.BUSINESS
    if not _begins(said, _OFFICES):
        return None
    alone = {"so": UnitKind.DEPARTMENT, "phong": UnitKind.DIVISION}.get(said.partition(" ")[0])
    return alone if above is None else _BY_PLACE.get(above.kind, alone)


def short_of(name: str, kind: UnitKind, above: Shape | None) -> str:
    """The short name that a name suggests; '' when none fits."""
    tier, rest = _tier(name)
    said = rest if tier else _without_place(plain(name), above)
    if tier in {"thanh pho", "tp"} and kind is UnitKind.DISTRICT:
        said = f"tp{said}"  # the city of Nam Định is not the province of Nam Định
    letters = re.sub(r"[^a-z0-9]+", "", said)
    behind = f".{above.short}" if above and kind not in _ALONE else ""
    return f"{letters}{behind}" if letters and len(letters + behind) <= SHORT_MOST else ""


def _tier(name: str) -> tuple[str, str]:
    """The word for its tier, and the name proper; '' for the first when the name has none."""
    said = _AUTHORITY.sub("", plain(name), count=1) if _AUTHORITY.match(plain(name)) else plain(name)
    tier = next((word for word in _TIERS if said.startswith(f"{word} ")), "")
    return tier, said.removeprefix(tier).strip() if tier else said


def _without_place(said: str, above: Shape | None) -> str:
    """An office's name without the place it belongs to: that stands behind its short name anyway."""
    tier, place = _tier(above.name) if above else ("", "")
    ends = (f" {tier} {place}", f" {place}") if place else ()
    shorter = next((said.removesuffix(each) for each in ends if said.endswith(each)), said)
    return shorter.strip() or said


def _begins(said: str, words: tuple[str, ...]) -> bool:
    return any(said == word or said.startswith(f"{word} ") for word in words)
