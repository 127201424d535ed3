"""What a clerk's answer says: a status word, or a missing field, in its first lines.

Promises:  only what was plainly said is a command; with or without marks, whatever the place of the tone.
Never:     takes "chưa nhận được", "đã nhận chưa?" or "đề nghị tiếp nhận" for "đã nhận"; statuses that exclude each
           other, a denied one or a question make no command but a question of ours.
Fails:     ``phrases_of`` raises ValueError naming the wrong key of the table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from enum import Enum

from mailmap.document.document import Fields
from mailmap.document.fields import told_fields
from mailmap.document.spelling import Phrase, Word, plain, tidy, words
from mailmap.policy.lifecycle import Handling

LONGEST_HEAD = 2000  # characters read for them
LINES = 6  # a status stands at the head of an answer; further down people tell stories
LONGEST_WORDS = 1000  # the national status message has room for this much (QCVN 102:2016)
_REACH = 2  # so many words may stand between "chưa" and what it denies: "chưa thấy ai nhận"
_SENTENCE = re.compile(r"[^.;!?\n]+[.;!?\n]?")
_LEAD_IN = re.compile(r"[\s:,.-]*(?:(?:vi|do|boi vi|voi)\s+)?(?:ly do|li do)?[\s:,-]*")

_NAMES = {
    "accepted": Handling.ACCEPTED,
    "refused": Handling.REFUSED,
    "assigned": Handling.ASSIGNED,
    "in_work": Handling.IN_WORK,
    "completed": Handling.COMPLETED,
}
_LISTS = ("false_friends", "unclear", "denied_by", "undone_by", "asked_by", "greetings", "thanks", "choosing")
# How far along a status is: "đã nhận và đang xử lý" says both, and the further one counts.
_ALONG = (Handling.ACCEPTED, Handling.ASSIGNED, Handling.IN_WORK, Handling.COMPLETED)


@dataclass(frozen=True, slots=True)
class Phrases:
    """The table of ``config/commands.toml``: what says a status, what denies it, undoes it or asks for it."""

    statuses: tuple[tuple[Phrase, Handling], ...]
    false_friends: tuple[Phrase, ...] = ()
    unclear: tuple[Phrase, ...] = ()
    denied_by: tuple[Phrase, ...] = ()
    undone_by: tuple[Phrase, ...] = ()
    asked_by: tuple[Phrase, ...] = ()
    greetings: tuple[Phrase, ...] = ()
    thanks: tuple[Phrase, ...] = ()
    choosing: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True)
class Command:
    """What an answer says: a status ``to`` with its words (reason, assignee), ``fields`` it tells, or mere thanks."""

    to: Handling | None = None
    words: str = ""
    fields: Fields | None = None
    thanks: bool = False

    @property
    def name(self) -> str:
        """One word for it: the status, 'fields' or 'thanks'."""
        if self.to is None:
            return "fields" if self.fields else "thanks"
        return next(name for name, status in _NAMES.items() if status is self.to)


def phrases_of(table: Mapping[str, object]) -> Phrases:
    """The phrases of a parsed ``commands.toml``."""
    unknown = set(table) - set(_NAMES) - set(_LISTS)
    if unknown:
        raise ValueError(f"commands: no such list: {', '.join(sorted(unknown))}")
    lists = {name: _phrases(name, table.get(name, [])) for name in (*_NAMES, *_LISTS)}
    statuses = tuple((phrase, status) for name, status in _NAMES.items() for phrase in lists[name])
    return Phrases(statuses, **{name: lists[name] for name in _LISTS})


def _phrases(name: str, listed: object) -> tuple[Phrase, ...]:
    if not isinstance(listed, list) or not all(isinstance(each, str) and words(each) for each in listed):
        raise ValueError(f"commands: {name} must be a list of phrases in quotes")
    return tuple(sorted(map(Phrase.of, listed), key=len, reverse=True))


def read_command(text: str, phrases: Phrases, today: date) -> Command | None:
    """What the new text of an answer says, or None when it is not plain. ``today`` gives the year to "ngày 15/10"."""
    told = "\n".join(first_lines(text, phrases))
    found = [each for sentence in _SENTENCE.finditer(told) for each in _found(sentence, phrases)]
    said = [each for each in found if each.how is _How.SAID and each.to]
    fields = told_fields(told, today)
    if not found:
        return Command(fields=fields) if fields else _thanks(told, phrases)
    to = _one_status({each.to for each in said if each.to})
    if to is None or any(_contradicts(each, to) for each in found):
        return None
    return Command(to, _words(told, to, next(each for each in said if each.to is to)), fields)


class _How(Enum):
    """How a phrase is meant where it stands."""

    SAID = "said"
    DENIED = "denied"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class _Found:
    """A phrase where it stands; ``to`` is None for a phrase from the unclear list."""

    to: Handling | None
    how: _How
    start: int
    end: int


def _contradicts(found: _Found, to: Handling) -> bool:
    """Whether this makes the status doubtful; "đã nhận, chưa xử lý xong" is a plain "đã nhận"."""
    if found.how is _How.ASKED:
        return True
    if to is Handling.REFUSED:
        return found.to is to and found.how is _How.DENIED  # all else that went wrong is the reason
    if found.to is None:
        return True
    behind = found.to in _ALONG and to in _ALONG and _ALONG.index(found.to) > _ALONG.index(to)
    return found.how is _How.DENIED and not behind


def first_lines(text: str, phrases: Phrases) -> list[str]:
    """The head of an answer, tidied, without lines that only greet or hold no word."""
    lines = [line.strip() for line in tidy(text[:LONGEST_HEAD]).splitlines() if words(line)]
    kept = [line for line in lines if not _greets(line, phrases)]
    return kept[:LINES]


def _greets(line: str, phrases: Phrases) -> bool:
    """A line that only greets; one that goes on after the comma is an answer."""
    told = words(line)
    greeting = any(phrase.starts_at(told, 0) for phrase in phrases.greetings)
    return greeting and not any(_at(told, place, phrases) for place in range(len(told)))


def _found(sentence: re.Match[str], phrases: Phrases) -> Iterator[_Found]:
    told = words(sentence[0])
    asked = sentence[0].rstrip().endswith("?") or _ends_with(told, phrases.asked_by)
    undone = min((at for phrase in phrases.undone_by for at in phrase.places(told)), default=len(told))
    place = since = 0
    while place < len(told):
        length, to = _at(told, place, phrases) or (0, None)
        if length and place <= undone and not any(phrase.starts_at(told, place) for phrase in phrases.false_friends):
            how = _How.ASKED if asked else _How.DENIED if _denied(told, since, place, phrases) else _How.SAID
            yield _Found(to, how, sentence.start() + told[place].start, sentence.start() + told[place + length - 1].end)
        place += length or 1
        since = place if length else since


def _at(told: Sequence[Word], place: int, phrases: Phrases) -> tuple[int, Handling | None] | None:
    """The longest phrase that stands here, with its status; an unclear one has none."""
    unclear = [(len(phrase), None) for phrase in phrases.unclear if phrase.starts_at(told, place)]
    statuses = [(len(phrase), status) for phrase, status in phrases.statuses if phrase.starts_at(told, place)]
    return max([*unclear, *statuses], key=lambda found: found[0], default=None)


def _denied(told: Sequence[Word], since: int, place: int, phrases: Phrases) -> bool:
    """Whether a denying word stands shortly before, with no other phrase between that it could deny."""
    near = told[max(since, place - _REACH - 1) : place]
    return any(True for phrase in phrases.denied_by for _ in phrase.places(near))


def _ends_with(told: Sequence[Word], asked_by: Sequence[Phrase]) -> bool:
    return any(phrase.starts_at(told, len(told) - len(phrase)) for phrase in asked_by if len(phrase) <= len(told))


def _one_status(said: AbstractSet[Handling]) -> Handling | None:
    """The one status that all of them amount to, or None when there is none or they exclude each other."""
    if Handling.REFUSED in said:
        return Handling.REFUSED if len(said) == 1 else None
    return max(said, key=_ALONG.index, default=None)


def _words(text: str, to: Handling, said: _Found) -> str:
    """The reason of a refusal, the assignee of an assignment, else the line itself."""
    start = text.rfind("\n", 0, said.start) + 1
    line, _, rest = text[said.end :].partition("\n")
    if to is Handling.REFUSED:
        return _reason(line, rest, text[start : said.start])
    if to is Handling.ASSIGNED:
        return _trimmed(line)
    return text[start : said.end + len(line)].strip()[:LONGEST_WORDS]


def _reason(line: str, rest: str, before: str) -> str:
    """What follows a refusal on its line or the next, else what leads to it ("không thuộc thẩm quyền nên từ chối")."""
    after = line if words(line) else rest.partition("\n")[0]
    told = _trimmed(after)
    if len(words(told)) > 1 or (told and _trimmed(after) != _bare(after)):
        return told
    return _trimmed(before) if len(words(before)) > 2 else ""  # noqa: PLR2004 "nên xin từ chối" is no reason


def _trimmed(text: str) -> str:
    lead_in = _LEAD_IN.match(plain(text))
    return _bare(text[lead_in.end() if lead_in else 0 :])


def _bare(text: str) -> str:
    return " ".join(text.split())[:LONGEST_WORDS].strip(" .,;:-")


def _thanks(text: str, phrases: Phrases) -> Command | None:
    told = words(text)
    thanked = any(True for phrase in phrases.thanks for _ in phrase.places(told))
    return Command(thanks=True) if thanked and len(told) <= 12 else None  # noqa: PLR2004 longer texts say something else
