"""Several sightings of one field, weighed against each other.

Promises:  sightings in different places that agree raise the confidence, those that disagree bring it below any
           registering confidence; the fullest spelling of what agreed is kept.
Never:     takes two sightings in one place for two witnesses.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from mailmap.document.document import Seen

T = TypeVar("T")

SUBJECT, NAME, BODY = "subject", "filename", "body"
_CERTAIN = 0.99
_DISPUTED = 0.5
_HEARD = 0.5  # a sighting weaker than this disputes nothing


@dataclass(frozen=True, slots=True)
class Clue(Generic[T]):
    """One sighting: the value, how sure, and where ('subject', 'filename', 'body')."""

    value: T
    sure: float
    source: str


def agreed(
    clues: Sequence[Clue[T]], alike: Callable[[T, T], bool], fullness: Callable[[T], int] = lambda _: 0
) -> Seen[T] | None:
    """The value the clues amount to, or None when there are none."""
    if not clues:
        return None
    leader = max(clues, key=lambda clue: _weight(_with(clue, clues, alike)))
    own = _with(leader, clues, alike)
    sources = list(dict.fromkeys(clue.source for clue in own))
    confidence = min(_CERTAIN, _weight(own))
    if any(_disputes(clue, sources) for clue in clues if clue not in own):
        confidence = min(_DISPUTED, confidence)
    fullest = max(own, key=lambda clue: fullness(clue.value))
    return Seen(fullest.value, round(confidence, 3), "+".join(sources))


def _with(leader: Clue[T], clues: Sequence[Clue[T]], alike: Callable[[T, T], bool]) -> list[Clue[T]]:
    return [clue for clue in clues if alike(leader.value, clue.value)]


def _weight(clues: Sequence[Clue[T]]) -> float:
    """One less the chance that every place misled us."""
    doubt = 1.0
    for source in {clue.source for clue in clues}:
        doubt *= 1 - max(clue.sure for clue in clues if clue.source == source)
    return 1 - doubt


def _disputes(clue: Clue[T], sources: Sequence[str]) -> bool:
    """A second file beside the one that subject and name agree on is an annex, not a contradiction."""
    settled = SUBJECT in sources and NAME in sources and clue.source != SUBJECT
    return clue.sure >= _HEARD and not settled
