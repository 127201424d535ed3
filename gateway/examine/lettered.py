"""Lines of a file whose fonts nobody knows: those in an old Vietnamese alphabet are read by their syllables.

Promises:  as many lines as there were, each with its place; lines that are good stay, letter for letter.
Never:     looks at one line alone: what is sure in one tells the alphabet of the others.
Fails:     never.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mailmap.document.page import Line
from mailmap.lettering.restoring import restored


def lettered(lines: Sequence[Line]) -> tuple[Line, ...]:
    """These lines in Unicode."""
    found = restored("\n".join(line.text for line in lines))
    if not found.alphabets:
        return tuple(lines)
    return tuple(replace(line, text=text) for line, text in zip(lines, found.text.split("\n"), strict=True))
