"""Which book: the unit in whose yearly book a document's own number stands.

Promises:  a number is entered in the book of the unit that lived on the day that stands on the document, whatever
           became of that unit since; nothing is entered in the book of a unit that did not live on that day.
Never:     gives a number: văn bản đi bear the one that is on the signed paper (NĐ 30/2020/NĐ-CP Điều 15).
Fails:     only when the directory does.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from mailmap.directory.answers import Directory, Who
from mailmap.directory.unit import Unit


def line_of(who: Who) -> tuple[str, ...]:
    """The ids of the units this sender speaks for: the one that lives, and those whose place it took, newest first."""
    own = (who.unit.id,) if who.unit else ()
    return (*own, *(step.unit for step in reversed(who.steps)))


def outgoing(directory: Directory, line: Iterable[str], issued: date) -> Unit | None:
    """The first of these units that lived on the day on the document; None when none did."""
    then = (directory.unit(unit_id, issued) for unit_id in line)
    return next((unit for unit in then if unit is not None and unit.lives_on(issued)), None)
