"""Naming: how the names of units are read, and the keys by which they are found under whatever people write.

Promises:  one key for every spelling of a name: case, marks, place of the tone, i and y, Đ/Ð, dashes, "và" and "&", the
           usual abbreviations, with "UBND" or without. What was typed with marks is kept beside it, to be compared.
Never:     decides between two units with one key; the marks that were typed, and the sender's place, do (``finding``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from mailmap.directory.abbreviations import OURS, Token, Told, expanded, tokens
from mailmap.document import spelling

AUTHORITY = ("uy", "ban", "nhan", "dan")
COMMUNES = ("thi tran", "dac khu", "xa", "phuong")
DISTRICTS = ("thanh pho", "thi xa", "huyen", "quan")
PROVINCES = ("thanh pho", "tinh")
TIERS = tuple(dict.fromkeys((*COMMUNES, *DISTRICTS, *PROVINCES)))
_TIER_SOUNDS = {
    name: tuple(spelling.sound(word) for word in said)
    for name, said in {
        "thi tran": ("thị", "trấn"), "dac khu": ("đặc", "khu"), "xa": ("xã",), "phuong": ("phường",),
        "thanh pho": ("thành", "phố"), "thi xa": ("thị", "xã"), "huyen": ("huyện",), "quan": ("quận",),
        "tinh": ("tỉnh",),
    }.items()
}  # fmt: skip
_FIRST = frozenset(tier.split()[0] for tier in TIERS)
_NO_TIER = {"xa": {"hoi"}, "quan": {"su", "li", "he", "doi", "nhan"}, "huyen": {"doi", "uy"}, "tinh": {"doi", "uy"}}
_BETWEEN = {"của", "cua", "thuộc", "thuoc"}  # "Phòng Nội vụ (trực) thuộc UBND huyện Hải Hậu"
_AND = {"và", "va"}
_OFFICE = ("van", "phong")
COUNCIL = ("hoi", "dong", "nhan", "dan")
_COMMANDS = (("bo", "chi", "huy"), ("ban", "chi", "huy"))
_TURNS = frozenset({"uy", "va", "hoi", "chi", "cua", "thuoc"})  # without one of these words a name has only one form


@dataclass(frozen=True, slots=True)
class Spelt:
    """A name as somebody wrote it: its words without marks, and how each was typed ('' for what we wrote out)."""

    words: tuple[str, ...]
    sounds: tuple[str, ...]

    @property
    def key(self) -> str:
        """The key of these words."""
        return " ".join(self.words)

    def part(self, start: int, stop: int | None = None) -> Spelt:
        """Some of its words."""
        return Spelt(self.words[start:stop], self.sounds[start:stop])

    def tier(self, at: int = 0) -> str:
        """The tier word that stands there ("xa", "thi tran"); '' for none, also for a name that only sounds so."""
        if self.words[at : at + 1] and self.words[at] not in _FIRST:
            return ""
        for tier in TIERS:
            said = tuple(tier.split())
            if self.words[at : at + len(said)] == said and self._typed(at, tier):
                return "" if self.words[at + len(said) : at + len(said) + 1] and self._goes_on(at, said) else tier
        return ""

    def _goes_on(self, at: int, said: Sequence[str]) -> bool:
        return self.words[at + len(said)] in _NO_TIER.get(said[0], ())

    def _typed(self, at: int, tier: str) -> bool:
        wanted = _TIER_SOUNDS[tier]
        typed = self.sounds[at : at + len(wanted)]
        bare = not any(self.marked_at(place) for place in range(len(self.words)))
        return bare or all(one in ("", right) for one, right in zip(typed, wanted, strict=True))

    def marked_at(self, place: int) -> bool:
        """Whether that word was typed with Vietnamese letters."""
        return not self.sounds[place].isascii()

    def bare(self) -> Spelt:
        """The name without the word for its tier in front; itself when nothing would be left."""
        tier = self.tier()
        return self.part(len(tier.split())) if tier and len(self.words) > len(tier.split()) else self

    def place(self) -> int:
        """Where the place begins to which a part of an office belongs ("Phòng Nội vụ | huyện Hải Hậu"); 0 for none."""
        found = (at for at in range(len(self.words) - 1, 0, -1) if self.tier(at))
        return next((at for at in found if not self._second(at)), 0)

    def _second(self, at: int) -> bool:
        """Whether it is only the end of a tier word of two: the "xã" of "thị xã"."""
        return self.words[at - 1 : at + 1] == ("thi", "xa")


def read(text: str) -> Spelt:
    """The name as it was written, its abbreviations written out, without "Ủy ban nhân dân"."""
    typed = tokens(text)
    told = _canonical(list(expanded(typed)), typed)
    sounds = ("" if source == OURS else typed[source].sound for _, source in told)
    return Spelt(tuple(word for word, _ in told), tuple(sounds))


@lru_cache(maxsize=4096)
def key(text: str) -> str:
    """The key of a name as somebody wrote it; '' when it has no letter."""
    typed = tokens(text)
    return " ".join(word for word, _ in _canonical(list(expanded(typed)), typed))


def keys(*names: str) -> tuple[str, ...]:
    """Every key by which a unit of these names is found, each once.

    As a whole first; without the word for its tier; a part of an office also without the place it belongs to.
    """
    return tuple(dict.fromkeys(each for name in names for each in _keys(name)))


@lru_cache(maxsize=4096)  # every commune has the same divisions
def _keys(name: str) -> tuple[str, ...]:
    spelt = read(name)
    place = 0 if spelt.tier() else spelt.place()
    found = (spelt.key, spelt.bare().key, spelt.part(0, place or None).key)
    return tuple(each for each in found if each)


def agree(written: Spelt, official: Spelt) -> bool:
    """Whether the marks that were typed allow this name; words typed without any mark allow every one."""
    pairs = _aligned(written, official)
    told = [pair for pair in pairs if all(pair)]
    if all(mine.isascii() for mine, _ in told) or all(its.isascii() for _, its in told):
        return True
    return all(mine == its for mine, its in told)


def exactly(written: Spelt, official: Spelt) -> bool:
    """Whether every word was typed as the official name has it, marks and all."""
    return written == official


def _aligned(written: Spelt, official: Spelt) -> list[tuple[str, str]]:
    """The sounds that stand for each other, beside the tier words: one is the end or the beginning of the other."""
    mine, its = written.bare(), official.bare()
    short = min(len(mine.words), len(its.words))
    if mine.words[:short] == its.words[:short]:
        return list(zip(mine.sounds[:short], its.sounds[:short], strict=True))
    if mine.words[-short:] == its.words[-short:]:
        return list(zip(mine.sounds[-short:], its.sounds[-short:], strict=True))
    return []


# --- one form for what is written in many ---


def _canonical(told: list[Told], typed: Sequence[Token]) -> list[Told]:
    """Without the authority, the words that only join, and the differences that are none."""
    plain = [word for word, _ in told]
    if len(told) > len(AUTHORITY) and tuple(plain[: len(AUTHORITY)]) == AUTHORITY:
        told, plain = told[len(AUTHORITY) :], plain[len(AUTHORITY) :]
    if _TURNS.isdisjoint(plain):  # nearly always
        return told
    gone = _authority(plain) | _joints(told, typed) | _council(plain) | _command(plain)
    kept = [each for at, each in enumerate(told) if at not in gone]
    joining = {at for at in range(1, len(kept) - 1) if _joins(kept, at, typed)}
    joining |= {at - 1 for at in joining if kept[at - 1][0] == "truc"}  # "trực thuộc"
    return [each for at, each in enumerate(kept) if at not in joining] or told


def _authority(plain: Sequence[str]) -> set[int]:
    """Where "Ủy ban nhân dân" stands, or "Ủy ban" in front of a tier word."""
    found = {at + more for at in range(len(plain)) if tuple(plain[at : at + 4]) == AUTHORITY for more in range(4)}
    for at in range(len(plain) - 2):
        if tuple(plain[at : at + 2]) == AUTHORITY[:2] and plain[at + 2] in _FIRST:
            found |= {at, at + 1}
    return found


def _joints(told: Sequence[Told], typed: Sequence[Token]) -> set[int]:
    """Every "và" between two words."""
    return {at for at in range(1, len(told) - 1) if _said(told[at], typed) in _AND}


def _joins(told: Sequence[Told], at: int, typed: Sequence[Token]) -> bool:
    """Whether it is "của" or "thuộc" in front of a tier word."""
    return told[at + 1][0] in _FIRST and _said(told[at], typed) in _BETWEEN


def _said(told: Told, typed: Sequence[Token]) -> str:
    """The word as it was typed; '' for what we wrote out."""
    return typed[told[1]].text.lower() if told[1] != OURS else ""


def _council(plain: Sequence[str]) -> set[int]:
    """A district and a commune have one office for council and committee; a province has two."""
    start = len(_OFFICE)
    stop = start + len(COUNCIL)
    if tuple(plain[:start]) != _OFFICE or tuple(plain[start:stop]) != COUNCIL:
        return set()
    return set(range(start, stop)) if "tinh" not in plain and "doan" not in plain else set()


def _command(plain: Sequence[str]) -> set[int]:
    """Bộ or Ban Chỉ huy quân sự: the tier tells, people mix them up."""
    return {at for at in range(len(plain)) if tuple(plain[at : at + 3]) in _COMMANDS}
