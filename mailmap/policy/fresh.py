"""A question or an order in a new mail: "tra cứu 45/UBND-VP" as its subject, or as one of its first lines.

Promises:  it counts only where it begins the subject or a line, so that "V/v tra cứu thông tin đất đai" further on in a
           subject stays a subject; what is asked about may stand on the next line.
Never:     takes a status from a new mail: a status answers a letter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from mailmap.document.prefix import strip_prefixes
from mailmap.document.spelling import Word, tidy
from mailmap.policy.commands import Command, first_lines, read_command
from mailmap.policy.phrases import ORDERS, QUESTIONS, Phrases, Verb

WANTED = QUESTIONS | ORDERS | {Verb.CONFIRM}
HEAD = 3  # lines of the text in which it may begin
_LONGEST = 24  # words of a line that asks where something is


def read_fresh(subject: str, text: str, phrases: Phrases, today: date) -> Command | None:
    """The question or order of a mail that answers no letter of ours; None when it has none."""
    lines = first_lines(text, phrases)
    for each in _places(strip_prefixes(tidy(subject)).text, lines):
        if _begins(phrases.words(each[0]), phrases):
            command = read_command("\n".join(each), phrases, today)
            if command is not None and command.verb in WANTED and command.to is None:
                return command
    return None


def _places(subject: str, lines: Sequence[str]) -> Iterator[list[str]]:
    """Where it may begin, each with what follows: what is asked about may stand below."""
    if subject.strip():
        yield [subject.strip(), *lines]
    yield from ([*lines[start:]] for start in range(min(HEAD, len(lines))))


def _begins(told: Sequence[Word], phrases: Phrases) -> bool:
    """Whether a question or order begins the line; who has something may be asked behind its name."""
    place = 0
    while place < len(told):
        _, says = phrases.at(told, place) or (0, None)
        if says in WANTED:
            return True
        place += max((len(lead) for lead in phrases.leads if lead.starts_at(told, place)), default=0) or len(told)
    asks = (phrases.at(told, each) for each in range(len(told)))
    return len(told) <= _LONGEST and any(one is not None and one[1] is Verb.HOLDER for one in asks)
