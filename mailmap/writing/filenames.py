"""Names under which a document's files travel: what the document is called, not what a scanner called it.

Promises:  one name per enclosure, none twice, safe on every file system: no separators, no control characters, no
           leading dot, no device names, at most 120 letters, the ending kept.
Never:     a name from a header field as it stood.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, count

from mailmap.document.document import Enclosure
from mailmap.mail.attachment import Role
from mailmap.writing.blocks import line
from mailmap.writing.letter import About

LONGEST = 120
_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)
_ENDINGS = {
    "application/pdf": ".pdf",
    "application/msword": ".doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/zip": ".zip",
    "message/rfc822": ".eml",
    "text/plain": ".txt",
}


def names(about: About) -> tuple[str, ...]:
    """The names in the order of the enclosures: '45-UBND-VP_2016-10-15.pdf' for the document itself."""
    return tuple(_distinct(_name(about, enclosure) for enclosure in about.enclosures))


def safe(name: str) -> str:
    """Any text as a file name."""
    bare = _FORBIDDEN.sub("-", line(name)).strip(". -")
    bare = f"_{bare}" if _DEVICES.match(bare) else bare
    stem, ending = _cut(bare)
    return f"{stem[: LONGEST - len(ending)]}{ending}"


def _name(about: About, enclosure: Enclosure) -> str:
    given = safe(enclosure.name)
    ending = _cut(given)[1] or _ENDINGS.get(enclosure.type, "")
    if enclosure.role == Role.DOCUMENT and about.symbol:
        return safe("_".join(filter(None, (about.symbol, about.issued))) + ending.lower())
    return (_cut(given)[0] or about.code) + ending


def _distinct(wanted: Iterable[str]) -> Iterator[str]:
    given: set[str] = set()
    for name in wanted:
        stem, ending = _cut(name)
        tries = chain([name], (f"{stem}_{number}{ending}" for number in count(2)))
        free = next(each for each in tries if each.casefold() not in given)
        given.add(free.casefold())
        yield free


def _cut(name: str) -> tuple[str, str]:
    stem, dot, ending = name.rpartition(".")
    plain = dot and stem and len(ending) <= 8 and ending.isalnum()  # noqa: PLR2004 longer is part of the name
    return (stem, dot + ending) if plain else (name, "")
