"""Old Vietnamese fonts by name: which alphabet their text is stored in, and which of them show only capitals.

Promises:  a text whose font is known comes as the font showed it: Unicode (NFC), in capitals where the font had
           nothing else (.VnTimeH). Neighbouring runs of one font are read together, for VNI writes marks behind vowels.
Never:     reads a text again that is Unicode already and only bears the name of an old font.
Fails:     never.

Source: the names of the ABC fonts (.Vn…, capitals …H), of VNI (VNI-…) and of VPS (VPS …) as Windows lists them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from mailmap.lettering.alphabets import TCVN3, Alphabet, named
from mailmap.lettering.capitals import OFFICE
from mailmap.lettering.restoring import OCTETS
from mailmap.lettering.syllable import spells

# "ABCDEF+" stands before the name of a font that a PDF holds a part of.
NAME = re.compile(
    r"\s*[\"']?(?:[A-Z]{6}\+)?(?:(\.Vn|Vn(?=Time|Arial|Avant|Book|Centur|South))|(VNI)[-_ ]|(VPS)[-_ ])",
    re.IGNORECASE,
)
UNICODE = re.compile("(?![\x00-\xff])[^\\W\\d_]")
STORED = OCTETS | {0xF000 + octet: octet for octet in range(0x20, 0x100)}  # fonts of signs keep octets in private use
HYPHENED = re.compile(r"(?<![\w-])(?=[\w-]{2,12}(?![\w-]))[^\W\d_]*-[^\W\d_]*(?:-[^\W\d_]*)?(?![\w-])")
CAPITALS = re.compile(r"H(?=\Z|[-,\"' ]|Bold|Italic|Regular)")


@dataclass(frozen=True, slots=True)
class Font:
    """An old font: how its text is stored, and whether it shows capitals only."""

    alphabet: Alphabet
    capitals: bool


@dataclass(frozen=True, slots=True)
class Run:
    """Some text in one font; '' where nobody knows which."""

    text: str
    font: str


@lru_cache(maxsize=1_024)
def font_of(name: str) -> Font | None:
    """The old font of this name, or None."""
    found = NAME.match(name)
    if found is None:
        return None
    label = found[2] or found[3]
    alphabet = named(label.lower()) if label else TCVN3
    return Font(alphabet, bool(found[1] and CAPITALS.search(name))) if alphabet else None


def old_fonts(runs: Iterable[Run]) -> dict[str, Font]:
    """The old fonts among these runs, of a whole file or page, whose text is not Unicode already."""
    held: defaultdict[str, list[str]] = defaultdict(list)
    for run in runs:
        if font_of(run.font):
            held[run.font].append(run.text)
    fonts = {name: font_of(name) for name, texts in held.items() if not _is_unicode("".join(texts))}
    return {name: font for name, font in fonts.items() if font}


def shown(runs: Sequence[Run], fonts: dict[str, Font], *, hyphens: bool = False) -> str:
    """The text of these runs, as these fonts show theirs; ``hyphens`` says that an ư may have come as one."""
    told = []
    for name, group in groupby(runs, key=lambda run: run.font):
        text = "".join(run.text for run in group)
        told.append(_shown(text, fonts[name], hyphens=hyphens) if name in fonts else text)
    return "".join(told)


def horned(text: str) -> str:
    """The text with each hyphen that makes its word a syllable as ư: TCVN3 keeps that letter as the soft hyphen."""
    return HYPHENED.sub(_horned, text)


def _horned(found: re.Match[str]) -> str:
    word = found[0].replace("-", "ư")
    return word if spells(word.lower()) else found[0]


def _shown(text: str, font: Font, *, hyphens: bool) -> str:
    """One run as its font shows it; what is no letter of the alphabet stays."""
    stored = text.translate(STORED)
    told, behind = [], 0
    for word in font.alphabet.word.finditer(stored):
        told += [text[behind : word.start()], font.alphabet.read(word[0])]
        behind = word.end()
    read = "".join([*told, text[behind:]])
    read = horned(read) if hyphens and font.alphabet is TCVN3 else read
    return read.upper() if font.capitals else OFFICE.sub("Ủ", read) if font.alphabet.caseless else read


def _is_unicode(text: str) -> bool:
    """Whether letters stand in it that no octet is."""
    return UNICODE.search(text.translate(OCTETS)) is not None
