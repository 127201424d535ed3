"""Which book: the unit in whose yearly book a document's own number stands.

Promises:  a number is entered in the book of the unit that lived on the day that stands on the document, whatever
           became of that unit since; nothing is entered in the book of a unit that did not live on that day, or that
           only passes on what another body issued.
Never:     gives a number: văn bản đi bear the one that is on the signed paper (NĐ 30/2020/NĐ-CP Điều 15).
Fails:     only when the directory does.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from mailmap.directory import naming
from mailmap.directory.answers import Directory, Who
from mailmap.directory.unit import Unit
from mailmap.document.document import Seen

_AUTHORITY, _COUNCIL, _OFFICE = [*naming.AUTHORITY], [*naming.COUNCIL], ["van", "phong"]
_HEADS = (_AUTHORITY, _COUNCIL, _OFFICE, [*_OFFICE, *_COUNCIL, "va"], [*_OFFICE, *_COUNCIL])


def line_of(who: Who) -> tuple[str, ...]:
    """The ids of the units this sender speaks for: the one that lives, and those whose place it took, newest first."""
    own = (who.unit.id,) if who.unit else ()
    return (*own, *(step.unit for step in reversed(who.steps)))


def outgoing(directory: Directory, line: Iterable[str], issued: date) -> Unit | None:
    """The first of these units that lived on the day on the document; None when none did."""
    then = (directory.unit(unit_id, issued) for unit_id in line)
    return next((unit for unit in then if unit is not None and unit.lives_on(issued)), None)


def issued_elsewhere(issuer: Seen[str] | None, unit: Unit) -> bool:
    """Whether the document's own pages name another body than this unit, its council or its office.

    What a mail's words tell of the issuer is no evidence: people write "công văn của tỉnh" for many things.
    """
    if issuer is None or not issuer.source.startswith("page"):
        return False
    issued = naming.key(issuer.value).split()
    own = [naming.key(name).split() for name in (unit.name, *unit.other_names)]
    return bool(issued) and not any(_of_the_house(issued, name) for name in own if name)


def _of_the_house(issued: list[str], own: list[str]) -> bool:
    """The unit itself, with its place or without; its council; its office: they share one book (ND30 Điều 15)."""
    if issued[: len(_AUTHORITY)] != _AUTHORITY and own[: len(issued)] == issued:
        return True
    heads = [head for head in _HEADS if issued[: len(head)] == head]
    place = own[len(_AUTHORITY) :] if own[: len(_AUTHORITY)] == _AUTHORITY else own
    return issued == own or any(issued[len(head) :] in (own, place) for head in heads)
