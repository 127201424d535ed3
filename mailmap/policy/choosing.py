"""What a clerk answers to the question which units are meant: numbers of our letter, or names.

Promises:  only what was plainly said counts: the numbers stand alone at the head of the answer ("2", "số 2, 5 ạ",
           "Hồng Quang: 2"), each is one of the letter's, and no name has two; or the answer begins with names of units.
Never:     takes a number out of a sentence ("không phải 2"), out of a telephone number, or the first of two that
           contradict each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from mailmap.directory.answers import Found
from mailmap.directory.naming import key
from mailmap.directory.unit import Unit
from mailmap.document.spelling import Phrase, Word, plain, words
from mailmap.policy.commands import Phrases
from mailmap.policy.question import Choice, Question, Wording, question_of, whole, without

NOBODY = 0
PERSON = "find.person"  # who is greeted or thanked is no recipient
_JOINED = re.compile(r"(?<=\d)(?=[^\W\d_])|(?<=[^\W\d_])(?=\d)")
_RANGE = re.compile(r"\d\s*-\s*\d")
_OTHER_NUMBERS = re.compile(r"\d[\d ./()-]{4,}\d|\b(?:ngay|thang|nam)\s+\d+|\d+[:h]\d*")  # telephones, dates, times


@dataclass(frozen=True, slots=True)
class Picked:
    """What an answer says: the units it chooses, and the question that is left, None when all is settled.

    ``unclear`` says that what is left was named in the answer itself and may mean several. Neither units nor unclear
    is "none of these".
    """

    units: tuple[Unit, ...] = ()
    left: Question | None = None
    unclear: bool = False


@dataclass(frozen=True, slots=True)
class _Said:
    """One number, and the key of the name it was said for, '' for none."""

    number: int
    about: str = ""


def by_number(lines: Sequence[str], question: Question, offered: Mapping[int, Unit], phrases: Phrases) -> Picked | None:
    """What these first lines of an answer choose by number; None when they do not, or not plainly.

    ``offered`` has the unit behind each number of the letter's, as it is today.
    """
    told = [*takewhile(bool, (_said(line, question, phrases) for line in lines))]
    said = [*dict.fromkeys(one for line in told for one in line)]
    known = {choice.number: choice for choice in question.choices if choice.number in offered}
    if not said or not _sound(said, known) or any(_repeats(line, known) for line in lines[len(told) :]):
        return None
    chosen = [known[one.number] for one in said if one.number != NOBODY]
    named = {choice.mention for choice in chosen}
    if _Said(NOBODY) in said and named >= set(question.mentions):
        return None  # somebody and nobody, for one name
    nobody = {one.about for one in said if one.number == NOBODY}
    settled = named | {each for each in question.mentions if nobody & {"", key(each)}}
    return Picked(tuple(offered[choice.number] for choice in chosen), without(question, settled))


def by_name(found: Sequence[Found], own: str, question: Question, wording: Wording) -> Picked | None:
    """What an answer chooses by names, once they were looked up; None when it does not begin with one.

    ``own`` is the unit that answers: where its name stands, its signature begins.
    """
    before = takewhile(lambda one: [unit.id for unit in one.units] != [own], found)
    told = [one for one in before if one.why.key != PERSON]
    head = [*takewhile(lambda one: one.units or one.choices, told)]
    if not head or any(one.units or one.choices for one in told[len(head) :]):
        return None
    units = tuple({unit.id: unit for one in head for unit in one.units if unit.id != own}.values())
    ids = {unit.id for unit in units}
    settled = {choice.mention for choice in question.choices if choice.unit in ids}
    left = without(question, settled if len(units) < len(question.mentions) else question.mentions)
    asked = question_of(head, wording)
    if asked is None:
        return Picked(units, left)
    further = left if left and units else Question()
    reasons = {**further.reasons, **asked.reasons}
    return Picked(units, whole((*asked.choices, *further.choices), (), reasons), unclear=True)


def both(numbered: Picked, found: Sequence[Found], own: str, wording: Wording) -> Picked:
    """What numbers and, on the lines below them, names choose; names count as long as any are still wanted."""
    named = by_name(found, own, numbered.left, wording) if numbered.left else None
    return replace(named, units=(*numbered.units, *named.units)) if named else numbered


def names_in(lines: Sequence[str], phrases: Phrases) -> str:
    """The lines of an answer as a list of recipients, without numbers and words of choosing ("gửi Hải An nhé")."""
    bare = (_bare(line, phrases.choosing) for line in lines)
    return ";\n".join(each for each in bare if re.search(r"[^\W\d_]", each))


def _bare(line: str, fillers: Sequence[Phrase]) -> str:
    told = words(line)
    kept = [*_without(told, fillers)]
    if not kept:
        return ""
    start = told[kept[0]].start if kept[0] else 0
    return line[start:] if kept[-1] == len(told) - 1 else line[start : told[kept[-1]].end]


def _said(line: str, question: Question, phrases: Phrases) -> tuple[_Said, ...]:
    """The numbers of a line that has nothing else in it but words of choosing and the name they are for."""
    copied = tuple(_Said(choice.number) for choice in question.choices if key(line) in _lines_of(choice))
    if len(copied) == 1:
        return copied
    name, colon, after = line.partition(":")
    about = key(name) if colon and key(name) in {key(each) for each in question.mentions} else ""
    line = after if about else line
    told = words(_JOINED.sub(" ", line))
    left = [told[place].text for place in _without(told, phrases.choosing)]
    plain_numbers = all(each.isdecimal() for each in left) and not line.rstrip().endswith("?")
    return tuple(_Said(int(each), about) for each in left) if plain_numbers and not _RANGE.search(line) else ()


def _lines_of(choice: Choice) -> set[str]:
    """The keys of the line that offers a choice, for a clerk who copies it."""
    return {key(choice.title), key(f"{choice.number} {choice.title}")}


def _without(told: Sequence[Word], fillers: Sequence[Phrase]) -> Iterator[int]:
    """The places of the words that belong to no filler."""
    place = 0
    while place < len(told):
        length = max((len(each) for each in fillers if each.starts_at(told, place)), default=0)
        if not length:
            yield place
        place += length or 1


def _sound(said: Sequence[_Said], known: Mapping[int, Choice]) -> bool:
    """Whether each number is one of the letter's, for the name it was said for, and no name has two answers."""
    if not {one.number for one in said} <= {NOBODY, *known}:
        return False
    names = [key(known[one.number].mention) if one.number else one.about for one in said]
    return len(names) == len(set(names)) and all(one.about in {"", name} for one, name in zip(said, names, strict=True))


def _repeats(line: str, known: Mapping[int, Choice]) -> bool:
    """Whether a number that may be a choice stands on a later line: which one holds is not plain."""
    bare = _OTHER_NUMBERS.sub(" ", plain(line))
    return any(word.text.isdecimal() and int(word.text) in {NOBODY, *known} for word in words(bare))
