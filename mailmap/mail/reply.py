"""What is new in an answer: without the quoted mail, without the signature, without "RE:".

Promises:  the words the sender added, wherever they stand (above, below or between the quoted lines); the quoted words;
           the subject as the first mail had it; and whether the mail answers, forwards or is new by its subject.
           A signature, a device's own line ("Sent from my iPhone") and a disclaimer are not new words.
Never:     loses a line: each is in ``text``, ``quoted`` or ``signature``. Where in doubt a line is new.
Fails:     never.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from mailmap.mail.attribution import OPENING_WORD, attribution_at, shared_line
from mailmap.mail.page import Page, read_page
from mailmap.mail.quoting import block_at, chat_at, separator_at, start_of_quote
from mailmap.mail.signing import mark_signatures
from mailmap.mail.subject import Kind, bare_subject

__all__ = ["Kind", "Reply", "bare_subject", "read_reply"]

NEAR = 5  # lines in which a marked quote begins below its attribution
WRAPPED = (60, 100)  # characters of a quoted line that a program may have wrapped
WIDTH = 70  # characters a wrapped line has at least together with the word that went to the next one

MARKED = re.compile(r"\s{0,3}(?:>|&gt;)(?!.*<<$)")
RAW_HEADER = re.compile(r"(?:mime-version|content-(?:type|transfer-encoding|disposition|language)): ?\S")
LINK = re.compile(r"\s*\(https?://\S{1,400}\)\s*>?\s*")
OPEN_LINK = re.compile(r"\(https?://[^\s()]*$")


class Reach(StrEnum):
    """How far a quote goes: these lines, these if marked ones follow, or all that is below unless it is marked."""

    LINES = "lines"
    IF_MARKED = "if marked"
    REST = "rest"


@dataclass(frozen=True, slots=True)
class Reply:
    """The new words, the quoted ones, the signature, the bare subject, and what the subject says the mail is."""

    text: str
    quoted: str
    subject: str
    kind: Kind = Kind.NEW
    signature: str = ""


def read_reply(text: str, subject: str) -> Reply:
    """The new words of a mail whose plain text and subject these are."""
    bare, kind = bare_subject(subject)
    page = _parted(read_page(text))
    marks = _marks(page)
    mark_signatures(page, marks)
    new, quoted, signature = (_gathered(page.lines, marks, mark) for mark in "NQS")
    return Reply(new, quoted, bare, kind, signature)


def _parted(page: Page) -> Page:
    """The page with an attribution that stands behind new words in one line ("ok On … wrote:") on its own line."""
    lines, folded = list(page.lines), list(page.folded)
    for number in range(len(folded) - 2, -1, -1):
        ends = lines[number].endswith((":", "：")) and MARKED.match(lines[number]) is None
        ends = ends and _marked_below(page, number + 1) and OPENING_WORD.match(folded[number]) is None
        if ends and (start := shared_line(page.composed(number), folded[number])):
            line = page.composed(number)
            new = line[:start].rstrip(" -")
            lines[number : number + 1] = [new, line[len(new) :].strip()]  # a dash between them is no word of the answer
            folded[number : number + 1] = [folded[number][:start].rstrip(" -"), folded[number][start:]]
    return Page(lines, folded)


def _marks(page: Page) -> list[str]:
    """For each line N (new) or Q (quoted)."""
    marks = ["N"] * len(page.lines)
    number = _raw_header(page)
    marks[:number] = "Q" * number
    while number < len(page.folded):
        start, count, reach = _quote_at(page, number)
        if reach is not Reach.LINES and not _marked_below(page, number + count):
            if reach is Reach.REST:
                return _with_wrapped(page, [*marks[:start], *"Q" * (len(marks) - start)])
            count = 0
        if count:
            marks[start : number + count] = "Q" * (number + count - start)
        number += max(count, 1)
    for below in range(number, len(marks)):
        marks[below] = "Q" if page.lines[below].startswith(">") else "N"
    return _with_wrapped(page, marks)


def _raw_header(page: Page) -> int:
    """How many lines of a MIME header some program left at the head of the text."""
    number = 0
    while number < len(page.folded) and RAW_HEADER.match(page.folded[number]):
        number += 1
    return number


def _quote_at(page: Page, number: int) -> tuple[int, int, Reach]:
    """Where the quote that shows itself at this line starts, how many lines show it, and how far it goes."""
    if not page.lines[number]:
        return number, 0, Reach.LINES
    if MARKED.match(page.lines[number]):
        return number, 1, Reach.LINES
    if separator_at(page, number):
        return number, 1, Reach.REST
    if count := block_at(page, number):
        return start_of_quote(page, number), count, Reach.REST
    if found := attribution_at(page, number):
        return number, found.lines, Reach.REST if found.sure else Reach.IF_MARKED
    return number, chat_at(page, number), Reach.LINES


def _marked_below(page: Page, number: int) -> bool:
    """Whether the next words are marked with ``>``."""
    following = next((line for line in page.lines[number : number + NEAR] if line), "")
    return MARKED.match(following) is not None


def _with_wrapped(page: Page, marks: list[str]) -> list[str]:
    """Counts as quoted what a mail program broke off a quoted line, directly between two quoted ones."""
    for number in range(1, len(page.folded) - 1):
        between = marks[number - 1] == "Q" and marks[number] == "N" and marks[number + 1] == "Q"
        marked = between and MARKED.match(page.lines[number - 1]) and MARKED.match(page.lines[number + 1])
        if marked and page.lines[number] and _broken_off(page.lines[number - 1], page.lines[number]):
            marks[number] = "Q"
    return marks


def _broken_off(before: str, line: str) -> bool:
    """Whether a line is the end of the one before: that was full, ends in no question, and this begins small."""
    if OPEN_LINK.search(before) or LINK.fullmatch(line):
        return True
    full = WRAPPED[0] <= len(before) <= WRAPPED[1] and len(before) + len(line.split(maxsplit=1)[0]) >= WIDTH
    return full and not before.endswith(("?", ":", "!")) and not line[0].isupper() and not line[0].isspace()


def _gathered(lines: Sequence[str], marks: Sequence[str], mark: str) -> str:
    """The lines with this mark, without the gaps the others leave."""
    kept = [line for line, its in zip(lines, marks, strict=True) if its == mark]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip("\n")
