"""The question which units are meant by names that are not plain, with a number for each that may be.

Promises:  one question for all names of a mail: numbers are counted through from 1, under each name as it was written;
           a name that was written twice is asked about once; the JSON of a question gives the same question back.
Never:     decides which one is meant; offers more than ``MOST`` units for one name.
Fails:     ``of_wire`` raises KeyError or TypeError for JSON that is no question.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from mailmap.directory.answers import Found
from mailmap.directory.naming import key

MOST = 9  # whoever bears the name beyond these is named in full by the clerk
NO_DELIVERY = "find.no-delivery"


@dataclass(frozen=True, slots=True)
class Choice:
    """One unit that a name may mean: the number to answer with, the name as written, the unit's id and its title.

    The title tells it apart from others of its name: "UBND xã Hồng Quang (UBND huyện Ý Yên)".
    """

    number: int
    mention: str
    unit: str
    title: str


@dataclass(frozen=True, slots=True)
class Wording:
    """How a clerk is told: the title of each unit that may be meant, by id; by name written, why it is not plain."""

    titles: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked in one letter: the choices by number, the names nobody is offered for, why each is not plain."""

    choices: tuple[Choice, ...] = ()
    unknown: tuple[str, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)

    @property
    def mentions(self) -> tuple[str, ...]:
        """Every name that is still open, as it was written, each once."""
        return (*dict.fromkeys(choice.mention for choice in self.choices), *self.unknown)


def question_of(found: Iterable[Found], wording: Wording) -> Question | None:
    """The question about those of these names that lead to no certain unit; None when there are none."""
    open_ = list({key(one.mention): one for one in found if is_open(one)}.values())
    offered = [
        Choice(0, one.mention, unit.id, wording.titles.get(unit.id, unit.name))
        for one in open_
        for unit in one.choices[:MOST]
    ]
    unknown = tuple(one.mention for one in open_ if not one.choices)
    reasons = {one.mention: wording.reasons[one.mention] for one in open_ if one.mention in wording.reasons}
    return whole(offered, unknown, reasons)


def is_open(one: Found) -> bool:
    """Whether the name has to be asked about, or told to be nobody's."""
    return not one.units and one.why.key != NO_DELIVERY


def whole(choices: Sequence[Choice], unknown: Sequence[str], reasons: Mapping[str, str]) -> Question | None:
    """These choices numbered anew, and these names; None when there are neither."""
    numbered = tuple(replace(choice, number=number) for number, choice in enumerate(choices, 1))
    return Question(numbered, tuple(unknown), reasons) if numbered or unknown else None


def without(question: Question, settled: Iterable[str]) -> Question | None:
    """What is left of a question, under its own numbers, once these names are settled; None when nothing is."""
    gone = set(settled)
    choices = tuple(choice for choice in question.choices if choice.mention not in gone)
    unknown = tuple(each for each in question.unknown if each not in gone)
    reasons = {name: why for name, why in question.reasons.items() if name not in gone}
    return Question(choices, unknown, reasons) if choices or unknown else None


def to_wire(question: Question) -> dict[str, Any]:
    """The question as the JSON of a letter keeps it."""
    choices = [asdict(choice) for choice in question.choices]
    return {"choices": choices, "unknown": list(question.unknown), "reasons": dict(question.reasons)}


def of_wire(wire: Mapping[str, Any]) -> Question:
    """The question from that JSON."""
    choices = tuple(Choice(**choice) for choice in wire["choices"])
    return Question(choices, tuple(wire["unknown"]), dict(wire["reasons"]))
