"""Text of a file whose fonts nobody knows: lines in an old Vietnamese alphabet are read by their syllables.

Promises:  lines that are good stay, letter for letter; ``lettered`` gives as many as there were, each with its place.
Never:     looks at one line alone: what is sure in one tells the alphabet of the others.
Fails:     never.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from mailmap.document.page import Line
from mailmap.lettering.alphabets import TCVN3
from mailmap.lettering.fonts import horned
from mailmap.lettering.restoring import OCTETS, restored
from mailmap.mail.charset import clean

ENDS = re.compile("\r\n|[\r\x0b\x0c\u2028\u2029]")
WINDOWS = {octet: letter for letter, octet in OCTETS.items()}


def as_windows(octets: bytes) -> str:
    """Octets as Windows-1252 shows them; those that it has no letter for are kept (other alphabets have)."""
    return octets.decode("latin-1").translate(WINDOWS)


def as_lines(text: str) -> tuple[Line, ...]:
    """The lines of a text that have something in them, clean and NFC; runs of spaces and tabs are one space."""
    found = restored(ENDS.sub("\n", text)).text
    tidy = (" ".join(line.split()) for line in clean(found).split("\n"))
    return tuple(Line(line) for line in tidy if line)


def lettered(lines: Sequence[Line], *, hyphens: bool = False) -> tuple[Line, ...]:
    """These lines in Unicode; ``hyphens`` says that an ư of TCVN3 may have come as one."""
    found = restored("\n".join(line.text for line in lines))
    if not found.alphabets:
        return tuple(lines)
    read = horned(found.text) if hyphens and TCVN3.name in found.alphabets else found.text
    return tuple(replace(line, text=text) for line, text in zip(lines, read.split("\n"), strict=True))
