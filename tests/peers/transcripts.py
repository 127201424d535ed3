"""What a real client and our door said, held against the talk of tests/dialogues that stands for it.

Promises:  the talks that are played everywhere are what real clients say: the same commands in the same order, and the
           same answers. What lies between 354 and the last dot, and the size that MAIL announces, may differ.
Never:     goes on after the first difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from itertools import zip_longest
from pathlib import Path

from tests.dialogues.talk import Line, lines, plain
from tests.peers.wiretap import Overheard

Spoken = tuple[str, str]  # "c" or "s", and one line
_MARKS = {" ->": "c", " ~>": "c", "<- ": "s", "<~ ": "s"}  # of swaks, in the clear and encrypted
_SIZE = re.compile(r"SIZE=\d+")


def of_swaks(output: str) -> Iterator[Spoken]:
    """The lines of a transcript that swaks printed."""
    return ((_MARKS[line[:3]], line[4:]) for line in output.splitlines() if line[:3] in _MARKS)


def of_wire(talk: Overheard) -> Iterator[Spoken]:
    """The lines of an overheard connection."""
    return ((who, line) for who, said in talk.said for line in said.decode("utf-8", "replace").splitlines())


def agree(real: Iterable[Spoken], talk: Path) -> None:
    """AssertionError with the first line in which the real conversation does not go as the talk does."""
    played = filter(None, map(_spoken, lines(talk)))
    for heard, expected in zip_longest(_without_content(real), _without_content(played), fillvalue=("", "")):
        said, pattern = (_SIZE.sub("SIZE=0", text) for text in (heard[1], expected[1]))
        assert (heard[0], fnmatchcase(said, pattern.replace("[", "[[]"))) == (expected[0], True), (heard, expected)


def _spoken(line: Line) -> Spoken | None:
    if line.verb == "login":
        return "c", f"AUTH PLAIN {plain(*line.rest.split()).decode()}"
    return (line.verb, line.rest) if line.verb in ("c", "s") else None


def _without_content(spoken: Iterable[Spoken]) -> Iterator[Spoken]:
    inside = False
    for who, text in spoken:
        inside = inside and text != "."
        if not (inside and who == "c"):
            yield who, text
        inside = inside or (who == "s" and text.startswith("354 "))
