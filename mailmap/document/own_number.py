"""A document's own number, weighed by what its other pages and the rest of its head say.

Promises:  a number whose kind, year or office the page contradicts, or beside which the head has a second one or the
           file a second document, is below any registering confidence; an annex that repeats it is a witness.
Never:     takes a quoted number for the document's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from mailmap.document.citing import running
from mailmap.document.clues import Clue, agreed
from mailmap.document.dateline import Dated
from mailmap.document.document import Seen, Symbol
from mailmap.document.heading import Head, read_head
from mailmap.document.issuers import abbreviates, bodies
from mailmap.document.kinds import LETTER, Kind, kind_of, of_abbreviation
from mailmap.document.numbering import REPAIRED, Numbered, agencies, read_number
from mailmap.document.spelling import plain, words
from mailmap.document.symbol import find_symbols, kind_in, parts_of
from mailmap.document.written import Spelling, Written, is_motto

_LINKS = frozenset({"và", "của"})  # words that abbreviations pass over
MERGED = "VBHN"
ALONE, DISPUTED, DOUBLED, ANNEXED = 0.75, 0.5, 0.7, 0.7  # of a number that nothing else, or something else, bears out


@dataclass(frozen=True, slots=True)
class Read:
    """What was found where, before it is weighed. ``pages`` hold their lines; ``page`` is the one with the number."""

    pages: tuple[list[Written], ...]
    head: Head
    numbered: Numbered | None
    dated: Dated | None
    signed: frozenset[date]
    spelling: Spelling
    offices: tuple[Written, ...]


def told_kind(numbered: Numbered | None) -> Kind | None:
    """The kind that the notation names; None for a công văn's and a consolidated text's."""
    found = kind_in(numbered.notation) if numbered else None
    return kind_of(found[0]) if found and found[0] not in {LETTER.code, MERGED} else None


def page_of(line: Written) -> str:
    """Where a line was seen, as a field's source says it."""
    return f"page {line.page}"


def bodies_of(read: Read) -> tuple[str, ...]:
    """The bodies the head names, from the highest to the document's own."""
    offices = sorted(read.offices, key=lambda line: line.box.top if line.box else 0.0)
    found = bodies([read.spelling.upright(line.text) for line in offices])
    return tuple(map(read.spelling.named, found))


def own_symbol(read: Read) -> Seen[Symbol] | None:
    """The number; where its own line cannot be read, the one its annexes name, unsure; None where there is neither."""
    numbered = read.numbered
    if numbered is None:
        return None
    annexed = [clue for clue in _annexed(read) if clue.value.notation == numbered.notation]
    if numbered.symbol is None:
        return agreed(annexed, lambda one, other: one == other)
    mended = _crossed(read, numbered.symbol) if numbered.line.recognised else numbered.symbol
    weight = _weight(read, numbered) if mended == numbered.symbol else min(REPAIRED, _weight(read, numbered))
    own = Clue(mended, weight, page_of(numbered.line))
    seen = agreed([own, *annexed], lambda one, other: one == other)
    if seen and (_doubled(read, numbered.symbol) or _beside(read, numbered)):
        return replace(seen, confidence=min(seen.confidence, DOUBLED))
    return seen


def _weight(read: Read, numbered: Numbered) -> float:
    """How sure the number is, by itself and by what the page says beside it."""
    head, day, told = read.head, read.dated.day if read.dated else None, told_kind(numbered)
    notation, sure = numbered.notation, numbered.sure
    year = notation.partition("/")[0]
    if year.isdigit() and day and int(year) != day.year:
        return min(sure, DISPUTED)
    if head.kind and told and head.kind is not told and not notation.startswith(MERGED):
        return min(sure, DISPUTED)
    agrees = head.kind is told if told else head.letter
    office = any(abbreviates(group, body) for group in agencies(notation) for body in bodies_of(read))
    if numbered.line.recognised and not (agrees or office):
        return min(sure, ALONE)
    return sure


def _crossed(read: Read, symbol: Symbol) -> Symbol:
    """The symbol with Đ where recognition lost its stroke, as the kind's name and the office's initials have it."""
    if symbol.notation.startswith("-"):
        return symbol
    first, offices = parts_of(symbol.notation)
    kind = read.head.kind.abbreviation if read.head.kind else ""
    initials = ((word.text[0].upper() for word in words(body) if word.text not in _LINKS) for body in bodies_of(read))
    names = [*map("".join, initials)]
    named = [kind] if plain(kind) == plain(first) else [] if of_abbreviation(first) else names
    year = symbol.notation[: symbol.notation.rfind("/") + 1]
    groups = [_struck(first, named), *(_struck(group, names) for group in offices)]
    return replace(symbol, notation=year + "-".join(groups))


def _struck(group: str, names: Sequence[str]) -> str:
    """The group with its D struck through where one of the names has Đ."""
    places = ((name, plain(name).find(plain(group))) for name in names)
    right = next((name[place : place + len(group)] for name, place in places if place >= 0), group)
    return "".join("Đ" if (one, other) == ("D", "Đ") else one for one, other in zip(group, right, strict=True))


def _annexed(read: Read) -> Iterator[Clue[Symbol]]:
    """The number as the annexes of the document quote it: "(Kèm theo Quyết định số …)"."""
    for lines in read.pages[1:]:
        for line in lines:
            if "kem theo" in line.folded:
                yield from (Clue(each.symbol, ANNEXED, page_of(line)) for each in find_symbols(line.text))


def of_first(pages: Sequence[list[Written]]) -> Sequence[list[Written]]:
    """The pages before the head of a second document in the same file: who signed that one did not sign this one."""
    end = next((at for at, lines in enumerate(pages) if at and _second(lines)), len(pages))
    return pages[:end]


def _beside(read: Read, own: Numbered) -> bool:
    """Whether the head has a second number line: of a joint document, a page header, another office's paper below."""
    lines = read.pages[0][: read.head.end]
    others = (read_number(line) for line in lines if line is not own.line)
    return any(one is not None and one.symbol is not None and one.symbol != own.symbol for one in others)


def _doubled(read: Read, own: Symbol) -> bool:
    """Whether a second document with its own head lies in the same file, one that the first does not speak of."""
    quoted = {str(each.symbol) for each in find_symbols(running(read.pages[0]))}
    for lines in read.pages[1:]:
        second = _second(lines)
        if second and second.symbol and second.symbol != own and str(second.symbol) not in quoted:
            return not second.notation.startswith(MERGED)
    return False


def _second(lines: Sequence[Written]) -> Numbered | None:
    """The number line of a head with motto and date, None where a page has no such head."""
    head = read_head(lines) if any(map(is_motto, lines)) else None
    return read_number(head.number) if head and head.number and head.place else None
