"""The table of ``config/commands.toml``: the words by which an answer, a question or an order is known.

Promises:  a phrase is found with or without marks, whatever the place of its tone, and in the abbreviations of the
           table ("ko", "dc", "vb"); where several stand in one place the longest counts.
Never:     decides what a text means; ``commands`` does.
Fails:     ``phrases_of`` raises ValueError naming the wrong key of the table.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from mailmap.document.spelling import Phrase, Word, tidy, words
from mailmap.policy.lifecycle import Handling


class Verb(StrEnum):
    """What a mail asks or orders, beside the statuses; the value is its list in the table."""

    LOOKUP = "lookup"
    HOLDER = "holder"
    HELP = "help"
    CORRECT = "correct"
    RECALL = "recall"
    REPLACE = "replace"
    AGREE = "agree"
    DISAGREE = "disagree"
    CONFIRM = "confirm"


Says = Handling | Verb
QUESTIONS = frozenset({Verb.LOOKUP, Verb.HOLDER, Verb.HELP})
ORDERS = frozenset({Verb.CORRECT, Verb.RECALL, Verb.REPLACE})  # "đề nghị thu hồi" orders what it wishes for
STATUSES: Mapping[str, Handling] = {
    "accepted": Handling.ACCEPTED,
    "refused": Handling.REFUSED,
    "assigned": Handling.ASSIGNED,
    "in_work": Handling.IN_WORK,
    "completed": Handling.COMPLETED,
}
_SAYS: Mapping[str, Says] = {**STATUSES, **{verb.value: verb for verb in Verb}}
_LISTS = (
    "false_friends", "denied_by", "undone_by", "wished_by", "asked_by", "greetings", "thanks", "choosing", "leads",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Phrases:
    """What says a status or a verb, and what denies it, undoes it or asks for it; ``short`` are abbreviations.

    ``sayings`` has, by the bare first word, phrases with what they say (None: that something is wrong, but not what).
    ``choices`` are the answers that our letters offer by number, the first of them under 1.
    """

    sayings: Mapping[str, Sequence[tuple[Phrase, Says | None]]]
    false_friends: tuple[Phrase, ...] = ()
    denied_by: tuple[Phrase, ...] = ()
    undone_by: tuple[Phrase, ...] = ()
    wished_by: tuple[Phrase, ...] = ()
    asked_by: tuple[Phrase, ...] = ()
    greetings: tuple[Phrase, ...] = ()
    thanks: tuple[Phrase, ...] = ()
    choosing: tuple[Phrase, ...] = ()
    leads: tuple[Phrase, ...] = ()
    short: Mapping[str, tuple[Word, ...]] = field(default_factory=dict)
    choices: tuple[str, ...] = ()

    def words(self, text: str) -> tuple[Word, ...]:
        """The words of a tidy text, abbreviations written out in their place."""
        return tuple(each for word in words(text) for each in self._long(word))

    def at(self, told: Sequence[Word], place: int) -> tuple[int, Says | None] | None:
        """The longest phrase that stands here, and what it says; None where there is none."""
        known = self.sayings.get(told[place].plain, ())
        found = ((len(phrase), says) for phrase, says in known if phrase.starts_at(told, place))
        return max(found, key=lambda one: one[0], default=None)

    def _long(self, word: Word) -> Iterator[Word]:
        full = self.short.get(word.text.lower())
        if full is None:
            yield word
        else:
            yield from (Word(each.text, word.start, word.end, each.plain, marked=False) for each in full)


def phrases_of(table: Mapping[str, object]) -> Phrases:
    """The phrases of a parsed ``commands.toml``."""
    unknown = set(table) - set(_SAYS) - set(_LISTS) - {"unclear", "short", "choices"}
    if unknown:
        raise ValueError(f"commands: no such list: {', '.join(sorted(unknown))}")
    listed = {name: _phrases(name, table.get(name, [])) for name in (*_SAYS, "unclear", *_LISTS)}
    sayings: dict[str, list[tuple[Phrase, Says | None]]] = defaultdict(list)
    for name in (*_SAYS, "unclear"):
        for phrase in listed[name]:
            sayings[phrase.plains[0]].append((phrase, _SAYS.get(name)))
    choices = table.get("choices", [])
    _phrases("choices", choices)
    offered = tuple(map(str, choices)) if isinstance(choices, list) else ()
    return Phrases(
        dict(sayings), **{n: listed[n] for n in _LISTS}, short=_short(table.get("short", {})), choices=offered
    )


def _phrases(name: str, listed: object) -> tuple[Phrase, ...]:
    if not isinstance(listed, list) or not all(isinstance(each, str) and words(each) for each in listed):
        raise ValueError(f"commands: {name} must be a list of phrases in quotes")
    return tuple(sorted(map(Phrase.of, listed), key=len, reverse=True))


def _short(table: object) -> dict[str, tuple[Word, ...]]:
    if not isinstance(table, dict) or not all(isinstance(each, str) and words(each) for each in table.values()):
        raise ValueError("commands: short must give a phrase in quotes for each abbreviation")
    return {tidy(name).lower(): words(tidy(full)) for name, full in table.items()}
