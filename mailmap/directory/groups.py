"""Groups: "UBND các xã, thị trấn trong huyện", "các phòng, ban", "Phòng GD&ĐT các huyện, thành phố".

Promises:  a group means what lives in its place on the day, of the tiers and kinds it names, never the sender itself.
Never:     guesses who "các doanh nghiệp trên địa bàn" or "các đơn vị liên quan" are: those are told to be nobody's.
Fails:     only when the index does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mailmap.directory.naming import COMMUNES, DISTRICTS, PROVINCES, Spelt
from mailmap.directory.neighbours import Place, official, tier_of
from mailmap.directory.unit import Unit, UnitKind

_ALL = (("tat", "ca"), ("toan", "the"), ("toan", "bo"), ("cung",))
_VAGUE = frozenset({"don vi", "co quan", "doan the", "to chuc", "hoi"})
_OFFICES = frozenset({"so", "phong", "ban", "nganh", *_VAGUE})
_BETWEEN = re.compile(  # what may stand between a group and its place
    r"(?:(?:chuyen mon|chinh tri|xa hoi|truc thuoc|tren dia ban|trong toan|trong|thuoc|cua|toan|cap|tren|o|tai"
    r"|deu)(?: |$))+"
)
_OPEN = frozenset({"lien", "co"})  # "các đơn vị (có) liên quan"
_LEVEL = {**dict.fromkeys(COMMUNES, 1), **dict.fromkeys(DISTRICTS, 2), **dict.fromkeys(PROVINCES[1:], 3)}


@dataclass(frozen=True, slots=True)
class Group:
    """A group as it is said: communes or districts by their tier words, offices, or the part ``stem`` of each of them.

    ``place`` is the area it lies in, '' words for the sender's own; ``rest`` are names that follow ("các xã Hải An").
    ``vague``: nobody but the writer knows who belongs to it. ``count`` is how many it says they are, 0 for "các".
    """

    stem: Spelt
    tiers: tuple[str, ...]
    offices: frozenset[str]
    place: Spelt
    rest: Spelt
    vague: bool
    count: int = 0


def group_of(spelt: Spelt) -> Group | None:
    """The group these words say; None when they say none."""
    at = next((at for at, word in enumerate(spelt.words) if word == "cac" or _counts(spelt, at)), None)
    if at is None:
        return None
    stem = spelt.part(0, at)
    if stem.words in _ALL:
        stem = spelt.part(0, 0)
    if stem.words and stem.tier():
        return None
    tiers, offices, stop = _elements(spelt, at + 1)
    vague = not tiers and not offices - _VAGUE
    stop = _behind_joints(spelt, stop)
    rest = spelt.part(stop)
    if rest.words[:1] and rest.words[0] in _OPEN:
        return Group(stem, tiers, offices, rest.part(0, 0), rest.part(0, 0), vague=True)
    placed = bool(rest.tier())
    count = int(spelt.words[at]) if spelt.words[at].isdecimal() else 0
    nothing = rest.part(0, 0)
    return Group(
        stem, tiers, offices, rest if placed else nothing, nothing if placed else rest, vague=vague, count=count
    )


def _counts(spelt: Spelt, at: int) -> bool:
    """Whether a number of communes or districts is said: "03 xã"."""
    return spelt.words[at].isdecimal() and len(spelt.words[at]) < 4 and spelt.tier(at + 1) != ""  # noqa: PLR2004 - no place has a thousand


def _behind_joints(spelt: Spelt, at: int) -> int:
    """Behind "trong", "thuộc", "trên địa bàn" …, when a place or nothing follows: "các xã Toàn Thắng" is a name."""
    joints = _BETWEEN.match(" ".join(spelt.words[at:]))
    stop = at + len(joints[0].split()) if joints else at
    return stop if stop == len(spelt.words) or spelt.tier(stop) or spelt.words[stop] in _OPEN else at


def _elements(spelt: Spelt, at: int) -> tuple[tuple[str, ...], frozenset[str], int]:
    """The tiers and the offices a group names, and where its words end."""
    tiers: list[str] = []
    offices: set[str] = set()
    while at < len(spelt.words):
        tier = spelt.tier(at)
        office = next((one for one in _OFFICES if spelt.words[at : at + len(one.split())] == tuple(one.split())), "")
        if (tier and not _rises(tiers, offices, tier)) and (not offices or tiers):
            tiers.append(tier)
        elif office and not tiers and not _begins_a_name(spelt, at, office):
            offices.add(office)
        else:
            break
        at += len((tier or office).split())
    return tuple(tiers), frozenset(offices), at


def _begins_a_name(spelt: Spelt, at: int, office: str) -> bool:
    """Whether a name begins here, and no further office of the group: "các sở, Ban Quản lý …"."""
    after = spelt.words[at + len(office.split()) :]
    return office == "ban" and after[:1] == ("quan",)


def _rises(tiers: Sequence[str], offices: set[str], tier: str) -> bool:
    """Whether a tier word names the place, not another part of the group: "các xã | huyện Hải Hậu"."""
    if offices:
        return True
    return bool(tiers) and _LEVEL[tier] > max(_LEVEL[one] for one in tiers)


# --- who that is ---


def anchor(group: Group, place: Place) -> Unit | None:
    """The sender's own area in which a group without a place lies; None when the sender stands in none."""
    if group.place.words and len(group.place.words) == len(group.place.tier().split()):
        return place.own(group.place.tier())
    if "so" in group.offices or any(tier in DISTRICTS for tier in group.tiers):
        return place.own_kind(UnitKind.PROVINCE)
    if group.tiers:
        return place.own_kind(UnitKind.DISTRICT) or place.own_kind(UnitKind.PROVINCE)
    return next((unit for unit in place.line if unit.lives_on(place.on) and _holds(unit, group, place)), None)


def _holds(unit: Unit, group: Group, place: Place) -> bool:
    """Whether such units stand below it: the nearest such area is meant, a district before its province."""
    if unit.kind not in {UnitKind.PROVINCE, UnitKind.DISTRICT, UnitKind.COMMUNE}:
        return False
    return bool(members(group, unit, place))


def members(group: Group, area: Unit, place: Place) -> list[Unit]:
    """Every unit of the group in that area, alive on the day, but the sender."""
    found = [*_areas(group.tiers, area, place), *_offices(group.offices, area, place)]
    return [unit for unit in found if place.sender is None or unit.id != place.sender.id]


def _areas(tiers: Sequence[str], area: Unit, place: Place) -> list[Unit]:
    if not tiers:
        return []
    below = place.children(area)
    districts = [unit for unit in below if unit.kind is UnitKind.DISTRICT]
    communes = [unit for unit in below if unit.kind is UnitKind.COMMUNE]
    if any(tier in COMMUNES for tier in tiers):
        communes += [one for each in districts for one in place.children(each) if one.kind is UnitKind.COMMUNE]
    return [unit for unit in (*districts, *communes) if _is_of(unit, tiers)]


def _is_of(unit: Unit, tiers: Sequence[str]) -> bool:
    own = tier_of(unit)
    kinds = DISTRICTS if unit.kind is UnitKind.DISTRICT else COMMUNES
    return own in tiers if own else any(tier in kinds for tier in tiers)


def _offices(offices: frozenset[str], area: Unit, place: Place) -> list[Unit]:
    """Departments of a province, divisions of a district; with "đơn vị", "đoàn thể" also what else it has."""
    if not offices:
        return []
    kinds = {UnitKind.DEPARTMENT} if "phong" not in offices else set()
    kinds |= {UnitKind.DIVISION} if "so" not in offices else set()
    kinds |= {UnitKind.OTHER} if offices & _VAGUE else set()
    found = [unit for unit in place.children(area) if unit.kind in kinds]
    return [unit for unit in found if official(unit.name).words[:1] == ("so",)] if offices == {"so"} else found
