"""Finding: what the recipients that somebody wrote by name mean.

Promises:  a name means units for certain (``units``), or is asked about (``choices``), or is told to be nobody's; every
           answer with its reason. Any text gets an answer, in the order in which it was written.
Never:     takes the likelier of two in silence; sends a group's document back to its sender.
Fails:     only when the index does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from mailmap.directory.answers import Found, Sentence
from mailmap.directory.enumerations import Line, Part, longest, taken_apart
from mailmap.directory.groups import Group, anchor, group_of, members
from mailmap.directory.index import Index
from mailmap.directory.mentions import LONGEST, Item, items
from mailmap.directory.naming import COUNCIL, Spelt, read
from mailmap.directory.neighbours import Place, alive
from mailmap.directory.openings import names_a_person
from mailmap.directory.resolving import Names
from mailmap.directory.telling import MOST_CHOICES
from mailmap.directory.unit import Unit

_SHOWN = 60
MOST = 400  # mentions in one text; more is no list of recipients
_LONGEST_NAME = 300
_MOST_SEARCHES = 15  # names that nobody bears are looked for among the neighbours; a hostile text is full of them
_DOUBTS = frozenset({"find.no-part", "find.not-there", "find.council", "find.person", "find.no-own"})
_KEPT = re.compile(r"luu\b")
_ABOVE = re.compile(r"nhu (?:tren|kinh gui|noi nhan)\b")
_ELSEWHERE = re.compile(r"nhu (?:dieu|muc|khoan|phan)\b|.*\bdanh sach\b")
_OFFICER = re.compile(
    r"(?:(?:cac|dong chi|d c|dc|ong|ba|thuong truc) )*"
    r"(?:(?:pho )?(?:truong|chanh) (?P<part>phong|van phong)|(?:pho )*(?:chu tich|bi thu|giam doc|truong ban|thu truong"
    r"|vien truong|cuc truong|chi cuc truong|van phong truong)|lanh dao|pct|ct|pcvp|cpvp|cvp|pvp|pgd|gd|bt|pbt|ld|ldvp"
    r"|pho van phong|chuyen vien|uy vien|thanh vien|thuong truc|ke toan(?: truong)?|can bo|cong chuc)"
    r"(?: (?:phu trach|thuong truc))?(?= |$)"
)


def find(text: str, sender: Unit | None, on: date, index: Index) -> tuple[Found, ...]:
    """What each recipient named in the text means to this sender on this day, in their order.

    ``text`` is what ``mentions.blocks`` gave, or a bare list of names.
    """
    reader = _Reader(Place(sender, on, index))
    found: list[Found] = []
    for item in items(text):
        found += reader.said(item)
        if len(found) > MOST:
            break
    if len(found) > MOST or len(text) > LONGEST:
        rest = found[MOST - 1 :][-1].mention if found[MOST - 1 :] else text[-_SHOWN:].strip()
        return (*found[:MOST], Found(rest, (), (), Sentence.of("find.too-many", most=min(len(found), MOST))))
    return tuple(found)


class _Reader:
    """Reads one sender's recipients, one line after the other."""

    def __init__(self, place: Place) -> None:
        self._place, self._names = place, Names(place)
        self._above = False
        self._searches = 0

    def said(self, item: Item) -> list[Found]:
        """Everything one line says."""
        told = self._nothing(item)
        if told:
            return [told]
        line = taken_apart(item.text)
        found = list(self._line(line, item))
        self._above |= not item.copied
        return found

    def _nothing(self, item: Item) -> Found | None:
        """A line that names nobody: what is kept, what stands above, what stands elsewhere."""
        bare = " ".join(read(item.text).words)
        if _KEPT.match(bare) or (_ABOVE.match(bare) and self._above):
            return _none(item.text, "find.no-delivery")
        if _ABOVE.match(bare):
            return _none(item.text, "find.nothing-above")
        return _none(item.text, "find.elsewhere") if _ELSEWHERE.match(bare) else None

    def _line(self, line: Line, item: Item) -> Iterator[Found]:
        if line.through:
            yield self._through(line, item)
            return
        at = 0
        while at < len(line.parts):
            length, told = self._longest(line, at, item)
            yield told
            at += length

    def _longest(self, line: Line, at: int, item: Item) -> tuple[int, Found]:
        """The most parts that are one name, and what it means."""
        for length in range(longest(line.parts, at), 0, -1):
            part = line.joined(at, length)
            told = self._part(part, line.excepted, item)
            if told and line.excepted:
                told = replace(told, mention=item.text)
            if told and (length == 1 or told.why.key not in _DOUBTS):
                return length, told
        part = line.parts[at]
        return 1, self._unknown(part)

    def _part(self, part: Part, excepted: str, item: Item) -> Found | None:
        for spelt in part.readings() if len(part.mention) <= _LONGEST_NAME else ():
            group = group_of(spelt)
            told = self._group(group, part.mention, excepted) if group and not group.rest.words else None
            if group and group.rest.words and not group.vague:
                spelt = _first_of(group)  # noqa: PLW2901 - "các xã Hải An": the list begins behind its head
            told = told or self._officer(spelt, part.mention, item) or self._council(spelt, part.mention)
            told = told or self._names.found(spelt, part.mention) or self._person(part, item)
            if told:
                return told
            if group and group.vague:
                return _none(part.mention, "find.group-unknown")
        return None

    # --- groups ---

    def _group(self, group: Group, mention: str, excepted: str) -> Found | None:
        if _OFFICER.fullmatch(group.stem.key):
            group = Group(
                group.stem.part(0, 0), group.tiers, group.offices, group.place, group.rest, group.vague, group.count
            )
        if group.vague:
            return _none(mention, "find.group-unknown")
        area, doubt = self._area(group, mention)
        if area is None:
            return doubt or _none(mention, "find.no-own")
        units = members(group, area, self._place)
        if group.count not in (0, len(units)):
            return _none(mention, "find.group-unknown")
        if group.stem.words:
            return self._parts_of(units, group.stem, mention)
        return self._but(units, excepted, mention) if units else _none(mention, "find.group-empty")

    def _area(self, group: Group, mention: str) -> tuple[Unit | None, Found | None]:
        """The place a group lies in, or why it is not certain."""
        if not group.place.words or len(group.place.words) == len(group.place.tier().split()):
            return anchor(group, self._place), None
        told = self._names.found(group.place, mention)
        if told and len(told.units) == 1 and not told.steps:
            return told.units[0], None
        if told and told.why.key == "find.no-delivery":
            return self._place.sender, None
        return None, told

    def _parts_of(self, areas: Sequence[Unit], stem: Spelt, mention: str) -> Found:
        """The same part of each office: "Phòng GD&ĐT các huyện, thành phố"."""
        found = [(area, self._names.part_of(area, stem)) for area in areas]
        units = tuple(unit for _, unit in found if unit)
        if not units:
            return _none(mention, "find.group-empty")
        lacking = ", ".join(area.name for area, unit in found if unit is None)
        if lacking:
            why = Sentence.of("find.group-partly", name=mention, count=len(units), lacking=lacking)
            return Found(mention, units, (), why)
        return self._but(units, "", mention)

    def _but(self, units: Sequence[Unit], excepted: str, mention: str) -> Found:
        """The group without those that "trừ …" leaves out; who these are must be certain."""
        why = Sentence.of("find.group", name=mention, count=len(units))
        if not excepted:
            return Found(mention, tuple(units), (), why)
        line = taken_apart(excepted)
        told = [each for at in range(len(line.parts)) if (each := self._among(line.parts[at], units))]
        gone = {unit.id for unit in told}
        if len(told) != len(line.parts) or not told:
            return _none(mention, "find.exception")
        rest = tuple(unit for unit in units if unit.id not in gone)
        why = Sentence.of("find.group-but", name=mention, count=len(rest), without=", ".join(u.name for u in told))
        return Found(mention, rest, (), why)

    def _among(self, part: Part, units: Sequence[Unit]) -> Unit | None:
        """The one unit of a group that a part names."""
        wanted = {unit.id: unit for unit in units}
        for spelt in part.readings():
            group = group_of(spelt)
            name = _first_of(group) if group and group.rest.words else spelt
            bearing = {each.unit().id for each in self._names.bearing(name)} & wanted.keys()
            if len(bearing) == 1:
                return wanted[bearing.pop()]
        return None

    # --- persons, councils, ways round ---

    def _officer(self, spelt: Spelt, mention: str, item: Item) -> Found | None:
        """Somebody of an office: its document reaches him through the office (decree 30/2020, article 21)."""
        held = _OFFICER.match(spelt.key)
        if held is None:
            return None
        rest = spelt.part(len(held[0].split()))
        if rest.words and held["part"]:  # "Trưởng phòng Nội vụ", "Chánh Văn phòng UBND huyện"
            rest = spelt.part(len(held[0].split()) - len(held["part"].split()))
        told = self._names.found(rest, mention) if rest.words else None
        if told and told.units and not told.steps:
            return Found(mention, told.units, (), Sentence.of("find.of-person", name=mention, unit=told.units[0].name))
        if told:
            return told
        if item.copied:
            return _none(mention, "find.no-delivery")
        return Found(mention, (), tuple(self._place.line[1:2]), Sentence.of("find.person", name=mention))

    def _person(self, part: Part, item: Item) -> Found | None:
        """Somebody by name, of whom nobody knows the office."""
        if not names_a_person(part.text):
            return None
        return _none(part.mention, "find.no-delivery" if item.copied else "find.person")

    def _council(self, spelt: Spelt, mention: str) -> Found | None:
        """A people's council: when the directory has none, its area's committee may take it, but is asked for."""
        if spelt.words[: len(COUNCIL)] != COUNCIL or self._names.bearing(spelt):
            return None
        told = self._names.found(spelt.part(len(COUNCIL)), mention)
        units = (*told.units, *told.choices) if told else ()
        return Found(mention, (), units[:MOST_CHOICES], Sentence.of("find.council", name=mention))

    def _through(self, line: Line, item: Item) -> Found:
        """Two places, the first by way of the second ("UBND tỉnh (qua Sở Nội vụ)"): which gets it is asked."""
        wanted = (*taken_apart(line.through).parts, *line.parts)
        told = [each for part in wanted if (each := self._part(part, "", item))]
        units = alive(unit for each in told for unit in (*each.units, *each.choices))
        return Found(item.text, (), units[:MOST_CHOICES], Sentence.of("find.through", name=item.text))

    # --- what nobody bears ---

    def _unknown(self, part: Part) -> Found:
        """A name that nobody bears: the nearest names around the sender."""
        self._searches += 1
        if self._searches > _MOST_SEARCHES or len(part.mention) > _LONGEST_NAME:
            return _none(part.mention, "find.unknown")
        near = next((units for spelt in part.readings() if (units := self._place.nearest(spelt))), ())
        if not near:
            return _none(part.mention, "find.unknown")
        return Found(part.mention, (), near[:MOST_CHOICES], Sentence.of("find.misspelt", name=part.mention))


def _first_of(group: Group) -> Spelt:
    """The first name of a list behind its head: "các xã | Hải An"."""
    heads = (*group.tiers, *sorted(group.offices & {"so", "phong"}))
    head = tuple(heads[0].split()) if heads else ()
    return Spelt((*head, *group.rest.words), ("",) * len(head) + group.rest.sounds)


def _none(mention: str, key: str) -> Found:
    return Found(mention, (), (), Sentence.of(key, name=mention))
