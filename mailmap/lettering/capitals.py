"""Capitals of text from fonts that had no octets for them: .VnTimeH showed "céng hßa" as CỘNG HÒA.

Promises:  a word typed with Caps Lock (CéNG HßA) is read in capitals (CỘNG HÒA), also one of whose letters only the
           first tells its case (X·), when the words beside it are in capitals. Where a sentence opens with a letter
           that had no capital, it gets one, and so does Ủy ban nhân dân.
Never:     makes capitals of a text that was typed in small letters throughout: nothing in it says so.
Fails:     never.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from mailmap.lettering.syllable import spells

LONGEST = 24  # characters of a word that is looked at
LETTERS = re.compile(r"[^\W\d_]+")
WITHOUT_CAPITAL = "àảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
OPENING = re.compile(rf"^[\s>*+\-]*[{WITHOUT_CAPITAL}](?=[^\W\d_]|[ ])")
INSIDE = re.compile(rf"(?<=[^\W\d_]{{2}}[.!?] )[{WITHOUT_CAPITAL}](?=[^\W\d_]|[ ])")
OFFICE = re.compile(r"\bủ(?=y ban nhân dân)")  # Decree 30/2020/NĐ-CP, annex II: names of offices
MARKED_CAPITALS = frozenset("ĂÂÊÔƠƯĐ")  # those the alphabet has itself


def capitalised(line: str, read: Sequence[tuple[int, int]]) -> str:
    """The line with every word of these spans in the case its letters and neighbours tell."""
    words = [found.span() for found in LETTERS.finditer(line)]
    told = [_told(line[start:end]) if end - start <= LONGEST else None for start, end in words]
    around = _around(told)
    spans = frozenset(start for start, _ in read)
    parts, behind = [], 0
    for place, (start, end) in enumerate(words):
        if start in spans and (told[place] or (told[place] is None and around[place])):
            parts += [line[behind:start], line[start:end].upper()]
            behind = end
    return "".join([*parts, line[behind:]])


def with_openings(text: str, before: str) -> str:
    """The text with capitals where a sentence opens, on lines that were read (they differ from those before)."""
    lines, old = text.split("\n"), before.split("\n")
    opens = True
    for place, line in enumerate(lines):
        if line != old[place]:
            within = OFFICE.sub(_upper, INSIDE.sub(_upper, line))
            lines[place] = OPENING.sub(_upper, within, count=1) if opens else within
        opens = not line.strip() or line.rstrip().endswith((".", "!", "?", ":", ";"))
    return "\n".join(lines)


def _upper(found: re.Match[str]) -> str:
    return found[0].upper()


@lru_cache(maxsize=4_096)
def _told(word: str) -> bool | None:
    """Whether a word is in capitals; None when it may be either (X·, or an abbreviation like UBND, QĐ)."""
    plain = [letter for letter in word[1:] if letter.isascii() or letter in MARKED_CAPITALS]
    if any(letter.islower() for letter in plain) or (word[0].isascii() and word[0].islower()):
        return False
    if not plain or not spells(word.lower()):
        return None
    return True


def _around(told: Sequence[bool | None]) -> list[bool]:
    """For each word, whether the nearest words that tell, on both sides, are all in capitals."""
    before = list(_last(told))
    after = list(_last(told[::-1]))[::-1]
    return [pair in {(True, True), (True, None), (None, True)} for pair in zip(before, after, strict=True)]


def _last(told: Sequence[bool | None]) -> Iterator[bool | None]:
    """For each word, what the last one before it told that told anything."""
    last = None
    for one in told:
        yield last
        last = last if one is None else one
