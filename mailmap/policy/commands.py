"""What a clerk's mail says: a status, a missing field, a question or an order, in its first lines.

Promises:  only what was plainly said is a command; with or without marks, whatever the place of the tone.
Never:     takes "chưa nhận được", "đã nhận chưa?" or "đề nghị tiếp nhận" for "đã nhận"; statuses and orders that
           exclude each other, a denied one or a question make no command but a question of ours.
Fails:     never.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from mailmap.document.document import Fields, Symbol
from mailmap.document.fields import told_fields
from mailmap.document.spelling import Phrase, Word, plain, tidy, words
from mailmap.document.symbol import find_symbols
from mailmap.policy.correcting import corrected
from mailmap.policy.lifecycle import Handling
from mailmap.policy.phrases import ORDERS, QUESTIONS, STATUSES, Says, Verb
from mailmap.policy.phrases import Phrases as Phrases  # noqa: PLC0414  told on from here
from mailmap.policy.phrases import phrases_of as phrases_of  # noqa: PLC0414  told on from here

LONGEST_HEAD = 2000  # characters read for them
LINES = 6  # a status stands at the head of an answer; further down people tell stories
LONGEST_WORDS = 1000  # the national status message has room for this much (QCVN 102:2016)
_REACH = 2  # so many words may stand between "chưa" and what it denies: "chưa thấy ai nhận"
_SENTENCE = re.compile(r"[^.;!?\n]+[.;!?\n]?")
_LEAD_IN = re.compile(r"[\s:,.-]*(?:(?:vi|do|boi vi|voi)\s+)?(?:ly do|li do)?[\s:,-]*")
_BECAUSE = re.compile(r"\b(?:ly do|li do|boi vi|vi|do|boi)\b(?!\s*(?:la\s+)?(?:ai|dau)\b)")
_COLON = re.compile(r"\s*:")
# How far along a status is: "đã nhận và đang xử lý" says both, and the further one counts.
_ALONG = (Handling.ACCEPTED, Handling.ASSIGNED, Handling.IN_WORK, Handling.COMPLETED)
_REASONED = frozenset({Handling.REFUSED, Verb.RECALL, Verb.DISAGREE, Verb.REPLACE, Verb.CORRECT})
# What the first of two says includes the second: "thu hồi và thay thế" is a replacement, with all it entails.
_INCLUDES: dict[Says, frozenset[Says]] = {
    Verb.AGREE: frozenset({Verb.RECALL}),
    Verb.DISAGREE: frozenset({Verb.RECALL}),
    Verb.REPLACE: frozenset({Verb.RECALL}),
    Handling.REFUSED: frozenset({Verb.DISAGREE}),
    **{status: frozenset({Verb.AGREE}) for status in _ALONG},
}


@dataclass(frozen=True, slots=True)
class Command:
    """What a mail says: a status ``to`` or a ``verb`` with its words, ``fields`` it tells, or mere thanks.

    ``words`` are the reason, the assignee, what a question is about, or the line itself. Only ``Verb.CONFIRM`` stands
    beside a status. ``named`` is the document that an order speaks of, when it names one.
    """

    to: Handling | None = None
    words: str = ""
    fields: Fields | None = None
    thanks: bool = False
    verb: Verb | None = None
    named: Symbol | None = None

    @property
    def name(self) -> str:
        """One word for it: the status, the verb, 'fields' or 'thanks'."""
        if self.to is not None:
            return next(name for name, status in STATUSES.items() if status is self.to)
        return self.verb.value if self.verb else "fields" if self.fields else "thanks"


def read_command(text: str, phrases: Phrases, today: date) -> Command | None:
    """What the new text of an answer says, or None when it is not plain. ``today`` gives the year to "ngày 15/10"."""
    told = "\n".join(first_lines(text, phrases))
    everything = (each for sentence in _SENTENCE.finditer(told) for each in _found(sentence, phrases))
    found = _without_reasons(told, [*everything])
    if not found:
        fields = told_fields(told, today)
        return Command(fields=fields) if fields else _thanks(told, phrases)
    says = _meant({each.says for each in found if each.how is _How.SAID and each.says})
    if says is None:
        return _question(told, found)
    if any(_contradicts(each, one) for each in found for one in says):
        return None
    return _command(told, says, found, today)


def first_lines(text: str, phrases: Phrases) -> list[str]:
    """The head of an answer, tidied, without lines that only greet or hold no word."""
    lines = [line.strip() for line in tidy(text[:LONGEST_HEAD]).splitlines() if words(line)]
    kept = [line for line in lines if not _greets(line, phrases)]
    return kept[:LINES]


class _How(Enum):
    """How a phrase is meant where it stands."""

    SAID = "said"
    DENIED = "denied"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class _Found:
    """A phrase where it stands; ``says`` is None for a phrase from the unclear list."""

    says: Says | None
    how: _How
    start: int
    end: int


def _command(told: str, says: frozenset[Says], found: Sequence[_Found], today: date) -> Command:
    to = next((one for one in says if isinstance(one, Handling)), None)
    verb = next((one for one in says if isinstance(one, Verb)), None)
    first = next(each for each in found if each.says is (to or verb) and each.how is _How.SAID)
    fields, named = told_fields(told, today), None
    if verb is Verb.CORRECT:
        fields, named = corrected(told, today)
    elif verb in ORDERS:
        fields, named = None, next((each.symbol for each in find_symbols(told)), None)
    return Command(to, _words(told, first), fields, verb=verb, named=named)


def _question(told: str, found: Sequence[_Found]) -> Command | None:
    """Questions count when nothing else was said: "xem đã xử lý xong chưa" is what is asked."""
    asked = [each for each in found if each.says in QUESTIONS and each.how is _How.SAID]
    others = any(each.how is _How.SAID and each.says and each.says not in QUESTIONS for each in found)
    if not asked or others:
        return None
    first = min(asked, key=lambda each: (each.says is Verb.HELP, each.says is Verb.LOOKUP, each.start))
    verb = first.says if isinstance(first.says, Verb) else None
    return Command(verb=verb, words=_about(told, first))


def _meant(said: set[Says]) -> frozenset[Says] | None:
    """The one status or order they amount to, and a confirmation beside it; None when none, or when they disagree.

    Questions are no part of it.
    """
    plainly = {one for one in said if one not in QUESTIONS}
    plainly -= {less for one in plainly for less in _INCLUDES.get(one, frozenset())}
    along = [one for one in plainly if one in _ALONG]
    furthest: set[Says] = {max(along, key=_ALONG.index)} if along else set()
    kept = (plainly - set(along)) | furthest
    alone = len(kept - {Verb.CONFIRM}) <= 1 and not (Verb.CONFIRM in kept and kept - {Verb.CONFIRM} - set(_ALONG))
    return frozenset(kept) if kept and alone else None


def _contradicts(found: _Found, to: Says) -> bool:
    """Whether this makes what was said doubtful; "đã nhận, chưa xử lý xong" is a plain "đã nhận"."""
    if found.says in QUESTIONS:
        return False
    if found.how is _How.ASKED:
        return True
    if to in _REASONED:
        return found.says is to and found.how is _How.DENIED  # all else that went wrong is the reason
    if found.says is None:
        return True
    behind = found.says in _ALONG and to in _ALONG and _ALONG.index(found.says) > _ALONG.index(to)
    return found.how is _How.DENIED and not behind


def _without_reasons(told: str, found: list[_Found]) -> list[_Found]:
    """Without what only belongs to a reason: "từ chối vì đã giải quyết xong" is a refusal, and no more."""
    said = next((each for each in found if each.says in _REASONED and each.how is _How.SAID), None)
    folded = plain(told)
    because = (_COLON.match(folded, said.end) or _BECAUSE.search(folded, said.end)) if said else None
    return [each for each in found if because is None or each.start < because.start()]


def _greets(line: str, phrases: Phrases) -> bool:
    """A line that only greets; one that goes on after the comma is an answer."""
    told = phrases.words(line)
    greeting = any(phrase.starts_at(told, 0) for phrase in phrases.greetings)
    return greeting and not any(phrases.at(told, place) for place in range(len(told)))


def _found(sentence: re.Match[str], phrases: Phrases) -> Iterator[_Found]:
    told = phrases.words(sentence[0])
    undone, wished = _first(told, phrases.undone_by), _first(told, phrases.wished_by)
    place = since = 0
    while place < len(told):
        length, says = phrases.at(told, place) or (0, None)
        meant = says in QUESTIONS or place <= (undone if says in ORDERS else min(undone, wished))
        if length and meant and not any(phrase.starts_at(told, place) for phrase in phrases.false_friends):
            comma = sentence[0].rfind(",", 0, told[place].start)  # "xong chưa, tra cứu giúp" denies nothing
            since = max(since, sum(word.start < comma for word in told))
            denied = _denied(told, since, place, phrases) and says is not Verb.HOLDER
            asked = says not in QUESTIONS and _asked(sentence[0], told, place + length, phrases)
            how = _How.DENIED if denied else _How.ASKED if asked else _How.SAID
            begin, end = told[place].start, told[place + length - 1].end
            yield _Found(says, how, sentence.start() + begin, sentence.start() + end)
        place += length or 1
        since = place if length else since


def _first(told: Sequence[Word], some: Sequence[Phrase]) -> int:
    """The first place at which one of these phrases stands; the end when none does."""
    return min((at for phrase in some for at in phrase.places(told)), default=len(told))


def _denied(told: Sequence[Word], since: int, place: int, phrases: Phrases) -> bool:
    """Whether a denying word stands shortly before, with no other phrase between that it could deny."""
    near = told[max(since, place - _REACH - 1) : place]
    return any(True for phrase in phrases.denied_by for _ in phrase.places(near))


def _asked(sentence: str, told: Sequence[Word], after: int, phrases: Phrases) -> bool:
    """Whether the sentence is a question, or the clause of the phrase that ends before that word is one."""
    comma = sentence.find(",", told[after - 1].end)
    clause = [word for word in told if comma < 0 or word.start < comma]
    asks = any(_ends_with(part, after, phrases.asked_by) for part in (clause, told))
    return asks or sentence.rstrip().endswith("?")


def _ends_with(told: Sequence[Word], after: int, asked_by: Sequence[Phrase]) -> bool:
    fits = (phrase for phrase in asked_by if after <= len(told) - len(phrase))
    return any(phrase.starts_at(told, len(told) - len(phrase)) for phrase in fits)


def _words(text: str, said: _Found) -> str:
    """The reason, the assignee of an assignment, else the line itself."""
    start = text.rfind("\n", 0, said.start) + 1
    line, _, rest = text[said.end :].partition("\n")
    if said.says in {Handling.REFUSED, Verb.DISAGREE}:
        return _reason(line, rest, text[start : said.start])
    if said.says is Verb.RECALL:
        because = _BECAUSE.search(plain(text), said.end)
        return _trimmed(text[because.start() :].partition("\n")[0]) if because else ""
    if said.says is Handling.ASSIGNED:
        return _trimmed(line)
    return text[start : said.end + len(line)].strip()[:LONGEST_WORDS]


def _about(text: str, asked: _Found) -> str:
    """What a question is about: its line without the phrase; the next line when nothing else stands there."""
    start = text.rfind("\n", 0, asked.start) + 1
    line, _, rest = text[asked.end :].partition("\n")
    own = _bare(f"{text[start : asked.start]} {line}".replace("?", " "))
    return own if words(own) else _bare(rest.partition("\n")[0])


def _reason(line: str, rest: str, before: str) -> str:
    """What follows a refusal on its line or the next, else what leads to it ("không thuộc thẩm quyền nên từ chối")."""
    after = line if words(line) else rest.partition("\n")[0]
    because = _BECAUSE.search(plain(after))
    told = _trimmed(after[because.start() :] if because else after)
    if len(words(told)) > 1 or (told and told != _bare(after)):
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
