"""What an answer says, heard with the letter that it answers: "1" means what that letter offered under 1.

Promises:  a number counts only in answer to a letter that offered it, and only at the head of the answer; what follows
           a number belongs to it ("2 vì gửi nhầm"). A letter that asked for a reason gets the whole answer as one.
Never:     takes "1, 2" for either, or a number out of a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta, timezone

from mailmap.document.spelling import tidy, words
from mailmap.policy.commands import LONGEST_WORDS, Command, first_lines, read_command
from mailmap.policy.decision import Addressed, Facts
from mailmap.policy.lifecycle import Handling
from mailmap.policy.phrases import Phrases, Verb

HANOI = timezone(timedelta(hours=7))  # Asia/Ho_Chi_Minh has had no other offset since 1975
# The letters that offer the ``choices`` of config/commands.toml by their numbers, and those that ask for a reason.
OFFERING = frozenset(
    {"answer-unclear", "answer-taken", "answer-other-document", "answer-with-document", "recall-asked"}
)
REASONS = {"refusal-needs-reason": (Handling.REFUSED, None), "disagree-needs-reason": (None, Verb.DISAGREE)}
_NUMBERED = re.compile(r"\s*(\d{1,2})(?![\w/])\s*([.):,;-]*)\s*(.*)", re.DOTALL)


def local_day(facts: Facts) -> date:
    """The clerk's day: the one on which the mail was accepted."""
    return facts.accepted or facts.now.astimezone(HANOI).date()


def hear(facts: Facts, phrases: Phrases) -> Command | None:
    """What this mail says: in answer to letters of ours, or as a question or order of its own."""
    if not facts.addressed:
        return facts.fresh
    asked = {one.template for one in facts.addressed}
    text = numbered(facts.answer, phrases) if asked & OFFERING else facts.answer
    command = read_command(text, phrases, local_day(facts))
    plainly = command is not None and not command.thanks
    return command if plainly else _reasoned(facts.answer, facts.addressed, phrases) or command


def numbered(text: str, phrases: Phrases) -> str:
    """The answer with its leading number written out as the choice it stands for; unchanged when there is none."""
    lines = first_lines(text, phrases)
    if not lines:
        return text
    told = words(lines[0])
    start = 0
    while start < len(told) and (
        length := max((len(p) for p in phrases.choosing if p.starts_at(told, start)), default=0)
    ):
        start += length
    match = _NUMBERED.match(lines[0][told[start].start :]) if start < len(told) else None
    if match is None or not 1 <= int(match[1]) <= len(phrases.choices):
        return text
    rest = match[3].strip()
    if rest[:1].isdecimal() or any(word.text.isdecimal() for word in words(rest)[:2]):
        return text
    return "\n".join(
        [
            f"{phrases.choices[int(match[1]) - 1]}: {rest}" if words(rest) else phrases.choices[int(match[1]) - 1],
            *lines[1:],
        ]
    )


def _reasoned(text: str, answered: Sequence[Addressed], phrases: Phrases) -> Command | None:
    """The reason that was asked for, when the answer is nothing else; a question is no reason."""
    wanted = next((REASONS[one.template] for one in answered if one.template in REASONS), None)
    lines = first_lines(text, phrases)
    said = " ".join(lines)[:LONGEST_WORDS].strip()
    if wanted is None or len(words(tidy(said))) < 2 or said.endswith("?"):  # noqa: PLR2004 one word is no reason
        return None
    to, verb = wanted
    return Command(to, said, verb=verb)
