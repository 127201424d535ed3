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


def line_of(who: Who) -> tuple[str, ...]:
    """The ids of the units this sender speaks for: the one that lives, and those whose place it took, newest first."""
    own = (who.unit.id,) if who.unit else ()
    return (*own, *(step.unit for step in reversed(who.steps)))


def outgoing(directory: Directory, line: Iterable[str], issued: date) -> Unit | None:
    """The first of these units that lived on the day on the document; None when none did."""
    then = (directory.unit(unit_id, issued) for unit_id in line)
    return next((unit for unit in then if unit is not None and unit.lives_on(issued)), None)


def issued_elsewhere(issuer: Seen[str] | None, unit: Unit) -> bool:
    """Whether the document's own pages name another body than this unit, one of its parts, or what it is a part of.

    What a mail's words tell of the issuer is no evidence: people write "công văn của tỉnh" for many things.
    """
    if issuer is None or not issuer.source.startswith("page"):
        return False
    issued = _bare(issuer.value)
    own = [_bare(name) for name in (unit.name, *unit.other_names)]
    return bool(issued) and not any(_holds(issued, name) or _holds(name, issued) for name in own if name)


def _bare(name: str) -> list[str]:
    """The words of a name's key, without "ủy ban nhân dân": commune, council and party office share one place."""
    words = naming.key(name).split()
    return words[len(naming.AUTHORITY) :] if tuple(words[: len(naming.AUTHORITY)]) == naming.AUTHORITY else words


def _holds(long: list[str], short: list[str]) -> bool:
    return any(long[at : at + len(short)] == short for at in range(len(long) - len(short) + 1))
