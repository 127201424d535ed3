"""Enumerations: one line of recipients, taken apart: "UBND các xã Hải An, Hải Phong và thị trấn Cồn, huyện Hải Hậu".

Promises:  each part as it was written, and every way it may be read: with the head word of the parts before it ("xã"),
           together with the next parts ("Văn hóa, Thể thao và Du lịch"), with the place that stands behind them all.
Never:     knows any unit; decides which reading is right (``finding`` does, by what exists).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from mailmap.directory.naming import COMMUNES, DISTRICTS, PROVINCES, Spelt, read
from mailmap.directory.openings import opens_an_office
from mailmap.document.spelling import plain

_MOST_JOINED, _MOST_GROUPED = 4, 8  # "Văn hóa, Thể thao và Du lịch"; "các sở, ban, ngành, đoàn thể"
_BETWEEN = re.compile(r"\s*,\s*|\s+(?:va|cung|&|\+)\s+")
_NOTES = re.compile(
    r"\(\s*(?:de|b/c|bao cao|t/h|th/h|thuc hien|phoi hop|p/h|ph/h|biet|chi dao|c/d|thay|dang|ban|ky|ki|\d|kem|d/c"
    r"|xem|theo doi"
    r"|tong hop|goi|gui|nhan|cong khai|luu|thay b/c|cap nhat|email|qua (?:mail|email|zalo|vnpt|he thong|truc"
    r"|qlvb))\b[^()]*\)"
)
_PURPOSE = re.compile(
    r"[\s,;:-]{1,4}(?:de )(?:b/c|bao cao|biet|thuc hien|phoi hop|chi dao|trien khai|theo doi|tong hop"
    r"|kiem tra|giai quyet|xem xet|dang|t/h|th/h|p/h|c/d|xin y kien|cho y kien|lay y kien|tham dinh|dang tai)\b.*$"
)
_TITLED = re.compile(r"^\s*(?:kinh gui|nhu)?\s*:?\s*(?:dong chi|d/c|dc)\s*:?\s+")
_EXCEPT = re.compile(r"[\s,;(-]{0,4}\b(?:ngoai tru|tru|khong gui)\s+(?P<whom>[^()]+)\)?\s*$")
_VIA = re.compile(r"[\s,;(-]{0,4}\b(?:thong qua|qua)\s+(?P<whom>[^()]+)\)?\s*$")
_COUNCIL = re.compile(r"\b(?:hdnd|hoi dong nhan dan)(?P<between>\s*,\s*|\s+(?:va|&|\+)\s+)(?=ubnd\b|uy ban nhan dan\b)")
_BOTH = re.compile(r"^(?:hdnd|hoi dong nhan dan)\s*[-&]\s*(?=ubnd\b|uy ban nhan dan\b)")
_SOME = re.compile(r"^(?:cac|[0-9]{1,3}|hai|ba|bon|nam|tat ca cac)\s+")
_GROUP = re.compile(  # what goes on with "các …"
    r"(?:so|ban|nganh|phong|doan the|don vi|co quan|to chuc(?: chinh tri)?(?: -)?(?: xa hoi)?|hoi|xa|x|phuong|p"
    r"|thi tran|tt"
    r"|huyen|quan|thi xa|tx|thanh pho|tp|dac khu)\.?(?:$| (?:ban|nganh|chuyen mon|doan the|trong|thuoc|truc|cua"
    r"|tren|lien|co lien"
    r"|cap|tinh|huyen|quan|thanh pho|thi xa|xa|phuong|toan|o|tai)\b)"
)
_LONGEST_NAME = 300  # longer is no name, and is not read closely
_HEADS = ("phong", "so")
_LEVELS = {**dict.fromkeys(COMMUNES, 1), **dict.fromkeys(DISTRICTS, 2), **dict.fromkeys(PROVINCES[1:], 3)}
_EDGES = " \t-.;/"
_MARKS = {"tru": "trừ", "qua": "qua"}


@dataclass(frozen=True, slots=True)
class Line:
    """What one line says: its parts, and whom it leaves out ('') or goes through ('')."""

    text: str
    parts: tuple[Part, ...]
    excepted: str = ""
    through: str = ""

    def joined(self, at: int, length: int) -> Part:
        """Several parts read as one name."""
        first, last = self.parts[at], self.parts[at + length - 1]
        return replace(first, text=self.text[first.start : last.stop], stop=last.stop, place=last.place)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an enumeration, as it was written and where; the head words it may share; the place behind it.

    ``fresh``: it begins like a name of its own, so it is read without them first.
    """

    text: str
    start: int
    stop: int
    heads: tuple[str, ...] = ()
    fresh: bool = True
    place: str = ""

    @property
    def mention(self) -> str:
        """The name as it is told back."""
        return f"{self.text}, {self.place}" if self.place else self.text

    def readings(self) -> Iterator[Spelt]:
        """Every way to read it, the likeliest first."""
        written = _without(f"{self.text} {self.place}" if self.place else self.text, _BOTH)
        if self.fresh:
            yield read(written)
        for head in self.heads:
            spelt = read(f"{head} {written}")
            ours = len(head.split())
            yield Spelt(spelt.words, ("",) * ours + spelt.sounds[ours:])
        if not self.fresh:
            yield read(written)


def taken_apart(text: str) -> Line:
    """The parts of one line, without the notes in brackets ("để b/c")."""
    text = _without(text, _NOTES)
    text = _without(text, _PURPOSE)
    for found in reversed(list(_COUNCIL.finditer(plain(text)))):
        text = f"{text[: found.start('between')]}-{text[found.end('between') :]}"
    text, through = _whom(text, _VIA)
    text, excepted = _whom(text, _EXCEPT)
    text = re.sub(r"[\s():\[\]]+", " ", _without(text, _TITLED)).strip()
    return Line(text, tuple(_parts(text)), excepted, through)


def longest(parts: Sequence[Part], at: int) -> int:
    """How many parts may be one name: a commune's name has no comma, a department's and a group's may have."""
    first = read(parts[at].text[:_LONGEST_NAME])
    group = "cac" in first.words
    shares = () if parts[at].fresh else parts[at].heads[:1]
    if not group and (first.tier() or (shares and shares[0] not in _HEADS)):
        return 1
    if not group:
        return min(len(parts) - at, _MOST_JOINED)
    rest = (stop for stop in range(at + 1, len(parts)) if not _GROUP.match(plain(parts[stop].text)))
    return min(next(rest, len(parts)) - at, _MOST_GROUPED)


def _split(text: str) -> Iterator[tuple[int, int]]:
    """Where the parts stand that commas and "và" part."""
    cuts = [found.span() for found in _BETWEEN.finditer(plain(text))]
    starts = [0, *(stop for _, stop in cuts)]
    stops = [*(start for start, _ in cuts), len(text)]
    for start, stop in zip(starts, stops, strict=True):
        told = text[start:stop].strip(_EDGES)
        if told:
            begun = text.index(told, start)
            yield begun, begun + len(told)


def _parts(line: str) -> list[Part]:
    found: list[Part] = []
    heads: tuple[str, ...] = ()
    begin = 0
    for start, stop in _split(line):
        text = line[start:stop]
        spelt = read(text[:_LONGEST_NAME])
        if found and _is_place(text, spelt, read(found[begin].text[:_LONGEST_NAME])):
            found[begin:] = [replace(part, place=f"{part.place} {text}".strip()) for part in found[begin:]]
            continue
        own = _head(spelt)
        fresh = bool(own) or _headed(text)
        begin = len(found) if fresh else begin
        found.append(Part(text, start, stop, heads, fresh))
        heads = tuple(dict.fromkeys((own, *heads))) if own else heads
    return found


def _is_place(text: str, spelt: Spelt, first: Spelt) -> bool:
    """Whether a part only says where the ones before it lie: a higher tier, named, without "UBND"."""
    level = _LEVELS.get(spelt.tier(), 0)
    if not level or len(spelt.bare().words) == len(spelt.words) or plain(text).startswith(("ubnd", "uy ban", "cac")):
        return False
    return level > _level(first)


def _level(first: Spelt) -> int:
    place = first.place()
    if place:
        return _LEVELS.get(first.tier(place), 0)
    if first.words[:1] == ("so",):
        return 2  # only a province stands behind it
    return _LEVELS.get(first.tier() or _head(first), 1)


def _head(spelt: Spelt) -> str:
    """The head word the next parts may share: a tier word, "phòng" or "sở"."""
    at = next((at for at in range(min(3, len(spelt.words))) if not _counts(spelt.words[at])), 0)
    tier = spelt.tier(at)
    return tier or next((head for head in _HEADS if spelt.words[at : at + 1] == (head,)), "")


def _counts(word: str) -> bool:
    return _SOME.match(f"{word} ") is not None


def _headed(text: str) -> bool:
    """Whether a part begins with a word that needs no head before it."""
    return opens_an_office(text)


def _without(text: str, gone: re.Pattern[str]) -> str:
    """The text without what the pattern finds in its bare letters."""
    for found in reversed(list(gone.finditer(plain(text)))):
        text = f"{text[: found.start()]} {text[found.end() :]}".strip()
    return text


def _whom(text: str, pattern: re.Pattern[str]) -> tuple[str, str]:
    """The text before "trừ …" or "qua …", and what stands behind it."""
    found = pattern.search(plain(text))
    if found is None or not text[: found.start()].strip() or not _said(text[found.start() : found.start("whom")]):
        return text, ""
    return text[: found.start()].strip(), text[found.start("whom") : found.end("whom")].strip()


def _said(words: str) -> bool:
    """Whether the word is really "trừ" or "qua", when it was typed with marks."""
    told = words.strip(" ,;(-").lower()
    return told.isascii() or any(mark in told for mark in _MARKS.values()) or "không" in told
