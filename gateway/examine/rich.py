r"""RTF as lines, the runs of old Vietnamese fonts in Unicode.

Promises:  lines as a reader sees them, NFC; text in a font of the font table that is an old one (.VnTime, VNI-Times)
           comes as that font showed it, capitals too; other 8-bit text by its code page, then by its syllables.
Never:     follows a link or unpacks an object.
Fails:     striprtf may fail on broken input; the sandbox answers for it.

Source: Rich Text Format Specification 1.9.1: font table, Unicode (\uN), hexadecimal characters (\'hh).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby

from striprtf.striprtf import rtf_to_text

from gateway.examine.lettered import as_lines, as_windows
from mailmap.document.page import Line
from mailmap.lettering.fonts import Font, Run, old_fonts, shown

TOKEN = re.compile(
    r"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})?[ ]?|\\'(?P<hex>[0-9a-fA-F]{2})|\\(?P<sign>[^a-zA-Z'])"
    r"|(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)|(?P<end>[\r\n]+)|(?P<odd>\\)"
)
TABLE = re.compile(r"\{\\fonttbl")
FONT = re.compile(r"\\f(\d{1,6})(?:\\[a-z]+-?\d*|\{[^{}]*\}|\s)*([^\\{};]{1,100})")
# Octets that Windows-1252 has no letter for but VISCII and VPS have; other code pages have letters there themselves.
UNDEFINED = re.compile(r"\\'(81|8[dDfF]|90|9[dD])")
OTHER_PAGES = re.compile(r"\\ansicpg(?!125[28]\b)\d|\\fcharset(?!0\b|1\b|2\b|163\b)\d")
LONGEST = 8_000_000
DEFAULT = re.compile(r"\\deff(\d{1,6})")
LONGEST_TABLE = 65_536


@dataclass(frozen=True, slots=True)
class _State:
    """What a group inherits: the font in use, the plain one, how many characters repeat a Unicode one."""

    font: str
    plain: str
    skip: int = 1


@dataclass(slots=True)
class _Walk:
    """One walk over a text: its control words as they stand, and what is said in old fonts."""

    pieces: list[Run] = field(default_factory=list)  # what stays has no font
    pending: int = 0  # characters that only repeat a Unicode one


def read_rtf(content: bytes) -> tuple[Line, ...]:
    """The lines of an RTF text."""
    source = as_windows(content[:LONGEST])
    if not OTHER_PAGES.search(source):
        source = UNDEFINED.sub(lambda found: f"{{\\uc1\\u{int(found[1], 16)}?}}", source)
    text: str = rtf_to_text(in_unicode(source), errors="replace")  # type: ignore[no-untyped-call]  # it has no types
    return as_lines(text)


def in_unicode(source: str) -> str:
    """The same RTF with the letters of old fonts written in Unicode."""
    names = _fonts(source)
    if not old_fonts(Run("a", name) for name in names.values()):
        return source
    pieces = _walked(source, names).pieces
    fonts = old_fonts(pieces)
    together = groupby(pieces, key=lambda piece: piece.font)
    return "".join(_written(run, fonts) if font else "".join(piece.text for piece in run) for font, run in together)


def _fonts(source: str) -> dict[str, str]:
    """The names of the fonts by their numbers."""
    table = TABLE.search(source)
    if table is None:
        return {}
    found = FONT.findall(source, table.end(), table.end() + LONGEST_TABLE)
    return {
        number: name.strip() for number, name in reversed(found)
    }  # the first counts: behind the table fonts are used


def _walked(source: str, names: Mapping[str, str]) -> _Walk:
    """The text cut into what stays and what old fonts show."""
    old = old_fonts(Run("a", name) for name in names.values())
    default = DEFAULT.search(source, 0, LONGEST_TABLE)
    plain = names.get(default[1], "") if default else ""
    walk, state, groups = _Walk(), _State(plain, plain), []
    for token in TOKEN.finditer(source):
        if token["brace"]:
            walk.pending = 0
            if token[0] == "{":
                groups.append(state)
            elif groups:
                state = groups.pop()
            walk.pieces.append(Run(token[0], ""))
        elif said := _said(token, state, walk) if state.font in old else None:
            walk.pieces.append(Run(said, state.font))
        elif said is None:
            state = _entered(token, state, names)
            walk.pieces.append(Run(token[0], ""))
    return walk


def _said(token: re.Match[str], state: _State, walk: _Walk) -> str | None:
    """The characters of a token in an old font, '' when it only repeats one, None when it says nothing."""
    if token["word"] == "u" and token["number"]:
        walk.pending = state.skip
        return chr(int(token["number"]) % 0x10000)
    if token["end"]:
        return ""  # lines are broken anywhere
    told = bytes.fromhex(token["hex"]).decode("cp1252", "replace") if token["hex"] else token["text"]
    if told is None or not walk.pending:
        return told
    skipped = min(walk.pending, len(told))
    walk.pending -= skipped
    return told[skipped:]


def _entered(token: re.Match[str], state: _State, names: Mapping[str, str]) -> _State:
    """The state behind a control word."""
    word, number = token["word"], token["number"]
    if word == "f" and number:
        return replace(state, font=names.get(number, ""))
    if word == "uc" and number:
        return replace(state, skip=min(max(int(number), 0), 8))
    if word == "plain":
        return replace(state, font=state.plain)
    return state


def _written(runs: Iterable[Run], fonts: dict[str, Font]) -> str:
    """Runs of one font as RTF: ASCII as it is, all else by its number."""
    letters = shown(list(runs), fonts)
    return "".join(
        f"\\{one}" if one in "\\{}" else one if one.isascii() else f"{{\\uc1\\u{ord(one)}?}}" for one in letters
    )
