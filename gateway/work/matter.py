"""From the register's rows to what a letter says: names for ids, fields in the words of the reader.

Promises:  the same rows and the same directory make the same letter.
Never:     writes a sentence; templates do.
Fails:     NoSpec when nothing is left to say: the letter's spec or the document it is about was purged.
"""

from __future__ import annotations

from datetime import datetime

from mailmap.directory.answers import Directory
from mailmap.directory.succession import Standing
from mailmap.directory.unit import Unit
from mailmap.document.document import Fields
from mailmap.document.document import Standing as Legal
from mailmap.document.kinds import kind_of
from mailmap.document.sheet import of_sheet
from mailmap.policy.case import HANOI
from mailmap.writing.letter import About, Kind, Letter, NoSpec, read_spec
from storage.letters import Matter, Row


def letter_of(row: Row, matter: Matter | None, directory: Directory) -> Letter:
    """The letter of that row, about that document."""
    spec = read_spec(row.spec)
    about = None if matter is None else about_of(matter, directory, row.delivery)
    unit = addressee(row.unit, directory, row.queued_at)
    return Letter(row.id, row.document, Kind(row.kind), row.to, row.queued_at, spec, unit, about)


def addressee(unit_id: str, directory: Directory, at: datetime) -> str:
    """The name of whoever stood for that unit at that time: whom the letter is written to."""
    line = directory.successors(unit_id, at.astimezone(HANOI).date()) if unit_id else None
    alive = line is not None and line.unit is not None and line.standing is Standing.LIVES
    return line.unit.name if alive and line and line.unit else name_of(unit_id, directory, at)


def heir_of(unit_id: str, directory: Directory, at: datetime) -> Unit | None:
    """Whoever has taken that unit's place by then; None while it lives, and while nobody has."""
    line = directory.successors(unit_id, at.astimezone(HANOI).date())
    taken = line.standing is Standing.LIVES and line.unit is not None and line.unit.id != unit_id
    return line.unit if taken else None


def about_of(matter: Matter, directory: Directory, delivery: int | None = None) -> About:
    """The document in the words of a reader; who receives it may have vouched for that ``delivery``."""
    if matter.sheet is None:
        raise NoSpec("the document was purged")
    sheet = of_sheet(matter.sheet)
    read = sheet.fields
    return About(
        code=matter.code,
        symbol=str(read.symbol.value) if read.symbol else "",
        issued=read.issued.value.isoformat() if read.issued else "",
        kind=_kind(read),
        subject=read.subject.value if read.subject else "",
        urgency=matter.urgency,
        due=read.due.value.isoformat() if read.due else "",
        origin=name_of(matter.origin, directory, matter.received_at),
        received_at=matter.received_at.isoformat(),
        recipients=tuple(name_of(unit, directory, matter.received_at) for unit in matter.units),
        missing=sheet.missing,
        standing=Legal.CONFIRMED.value if delivery in matter.vouched else matter.standing,
        enclosures=sheet.enclosures,
    )


def name_of(unit_id: str, directory: Directory, at: datetime) -> str:
    """The unit's name at that time; its id when the directory has forgotten it, '' for none."""
    unit = directory.unit(unit_id, at.astimezone(HANOI).date()) if unit_id else None
    return unit.name if unit is not None else unit_id


def _kind(read: Fields) -> str:
    kind = kind_of(read.kind.value) if read.kind else None
    return kind.name if kind is not None else ""
