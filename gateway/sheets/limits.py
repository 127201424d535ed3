"""Limits: how much of a file is read, and how a file that is not read says so.

Promises:  one ``Unreadable`` tells what is wrong with a file as a whole, in one sentence, with the line where it is.
Never:     a limit that an honest directory meets: the national registry's 123,000 units fit.
"""

from __future__ import annotations

from mailmap.directory.answers import Sentence

MIB = 1 << 20
MOST_OCTETS = 32 * MIB  # of a file
MOST_UNPACKED = 512 * MIB  # of everything packed in a workbook, together
MOST_KEPT = 64 * MIB  # of a part of a workbook that is kept whole: its texts, its styles
MOST_RATIO = 400  # unpacked to packed, of a part that is large; honest sheets stay below 100, bombs come near 1,000
LARGE = 8 * MIB
MOST_PARTS = 2_000
MOST_ROWS = 200_000
MOST_COLUMNS = 200
MOST_TOLD = 20  # mistakes of one kind per sheet; how many more there are is told in one sentence


class Unreadable(Exception):
    """The file cannot be read as a sheet; ``why`` says it to a person, ``line`` where."""

    def __init__(self, key: str, line: int = 1, **facts: object) -> None:
        super().__init__(key)
        self.why = Sentence.of(key, **facts)
        self.line = line


def size_told(octets: int) -> str:
    """A size for people, in MiB."""
    return f"{octets / MIB:.0f}"
