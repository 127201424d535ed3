"""The question which units are meant by names that are not plain, with a number for each that may be.

Promises:  one question for all names of a mail: numbers are counted through from 1, under each name as it was written;
           a name that was written twice is asked about once; the JSON of a question gives the same question back.
Never:     decides which one is meant; offers more than ``MOST`` units for one name.
Fails:     ``of_wire`` raises KeyError or TypeError for JSON that is no question.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
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
class Question:
    """What is asked in one letter: the choices by number, and the names that nobody bears."""

    choices: tuple[Choice, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def mentions(self) -> tuple[str, ...]:
        """Every name that is still open, as it was written, each once."""
        return (*dict.fromkeys(choice.mention for choice in self.choices), *self.unknown)


def question_of(found: Iterable[Found], titles: Mapping[str, str]) -> Question | None:
    """The question about those of these names that lead to no certain unit; None when there are none."""
    open_ = list({key(one.mention): one for one in found if is_open(one)}.values())
    offered = [
        Choice(0, one.mention, unit.id, titles.get(unit.id, unit.name)) for one in open_ for unit in one.choices[:MOST]
    ]
    unknown = tuple(one.mention for one in open_ if not one.choices)
    return whole(offered, unknown)


def is_open(one: Found) -> bool:
    """Whether the name has to be asked about, or told to be nobody's."""
    return not one.units and one.why.key != NO_DELIVERY


def whole(choices: Sequence[Choice], unknown: Sequence[str] = ()) -> Question | None:
    """These choices numbered anew, and these names; None when there are neither."""
    numbered = tuple(replace(choice, number=number) for number, choice in enumerate(choices, 1))
    return Question(numbered, tuple(unknown)) if numbered or unknown else None


def to_wire(question: Question) -> dict[str, Any]:
    """The question as the JSON of a letter keeps it."""
    return {"choices": [asdict(choice) for choice in question.choices], "unknown": list(question.unknown)}


def of_wire(wire: Mapping[str, Any]) -> Question:
    """The question from that JSON."""
    return Question(tuple(Choice(**choice) for choice in wire["choices"]), tuple(wire["unknown"]))
