"""The shape of a letter: its plain text, read as headline, rows, lists, answers, quotes and paragraphs.

One text is written and both parts of the mail come from it, so that they never say different things:

    The first paragraph is the headline.

      Label: value            two spaces: rows of a table
    - item                    a list
    * Đã nhận                 an answer the reader may give: a line to write, or a button
    > words                   somebody else's words
    --
    Everything after the signature mark (RFC 3676 section 4.3) is the small print.

Promises:  every line of the text is in exactly one block, in order, and unchanged but for its mark.
Never:     reads marks inside a line; what a sender wrote stays one line (``line``) or behind '>' (``quoted``).
Fails:     nothing; any text has some shape.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

SIGNATURE = "-- "
_MARKS = {"  ": "rows", "- ": "items", "* ": "answers", "> ": "quote"}


class Shape(StrEnum):
    """What a block is."""

    HEADLINE = "headline"
    ROWS = "rows"
    ITEMS = "items"
    ANSWERS = "answers"
    QUOTE = "quote"
    PARAGRAPH = "paragraph"
    SMALL = "small"


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of one shape, without their marks."""

    shape: Shape
    lines: tuple[str, ...]

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """Each line as label and value, '' where there is no colon."""
        cut = (line.partition(": ") for line in self.lines)
        return tuple((label.rstrip(":"), value.strip()) for label, _, value in cut)


def shape(text: str) -> tuple[Block, ...]:
    """The blocks of a text with LF line ends."""
    body, _, small = text.partition(f"\n{SIGNATURE}\n")
    blocks = list(_blocks(body))
    if blocks and blocks[0].shape is Shape.PARAGRAPH:
        blocks[0] = Block(Shape.HEADLINE, blocks[0].lines)
    small_print = tuple(line for line in small.split("\n") if line.strip())
    return (*blocks, Block(Shape.SMALL, small_print)) if small_print else tuple(blocks)


def line(value: object) -> str:
    """Any value as one line: runs of space are one space, unseen characters and direction marks are gone."""
    text = str(value)
    if text.isprintable() and "  " not in text:  # nearly always
        return text.strip(" ")
    spaced = " ".join(text.split())
    return "".join(c for c in spaced if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co"})


def quoted(value: str) -> str:
    """Somebody else's words, each line behind '> '; empty lines at the ends are gone."""
    kept = "\n".join(line(each) for each in value.splitlines()).strip("\n")
    return "\n".join(f"> {each}" for each in re.sub(r"\n{3,}", "\n\n", kept).split("\n"))


def _blocks(body: str) -> Iterator[Block]:
    for mark, group in groupby(body.split("\n"), key=_mark):
        lines = tuple(each.removeprefix(mark).strip() if mark else each.strip() for each in group)
        if mark == "\n":
            continue
        yield Block(Shape(_MARKS.get(mark, "paragraph")), lines)


def _mark(each: str) -> str:
    if not each.strip():
        return "\n"
    return each[:2] if each[:2] in _MARKS else ""
