"""Finding: what the recipients that somebody wrote by name mean.

Promises:  a name means one unit for certain (``units``), or is asked about (``choices``), or is told to be nobody's.
Never:     takes the likelier of two in silence.
Fails:     only when the index does.
"""

from __future__ import annotations

from datetime import date

from mailmap.directory.answers import Found, Sentence
from mailmap.directory.index import Index
from mailmap.directory.naming import key
from mailmap.directory.unit import Unit


def find(text: str, sender: Unit | None, on: date, index: Index) -> tuple[Found, ...]:
    """What each recipient named in the text means to this sender on this day, in their order."""
    near = sender.parent if sender else None
    found = []
    for mention in filter(None, (part.strip() for part in text.split(";"))):
        living = tuple(unit for unit in index.called(key(mention)) if unit.lives_on(on))
        siblings = tuple(unit for unit in living if unit.parent == near) or living
        certain = siblings if len(siblings) == 1 else ()
        why = Sentence.of("find.certain" if certain else "find.unclear" if living else "find.unknown", name=mention)
        found.append(Found(mention, certain, () if certain else living, why))
    return tuple(found)
