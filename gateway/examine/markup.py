"""HTML and plain text as lines.

Promises:  lines as a reader sees them, NFC; the charset is told, guessed or repaired as for mail. Text of a page
           in an old font that a tag names (face, font-family) comes as the font showed it, capitals too.
Never:     fetches what a page points at.
Fails:     the HTML reader may fail on broken input; the sandbox answers for it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import groupby

from inscriptis import get_text

from gateway.examine.lettered import as_lines, as_windows
from mailmap.document.page import Line
from mailmap.lettering.fonts import Font, Run, font_of, old_fonts, shown
from mailmap.mail.charset import codec_of, decode, is_utf8

CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9_:-]{1,40})", re.IGNORECASE)
LONGEST = 8_000_000
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]{0,20})([^<>]{0,2000})>|<![^<>]{0,2000}>")
FONT = re.compile(r"(?:\bface\s*=|font-family\s*:)\s*(?:&quot;|[\"'])*\s*([^\"';,&>]{1,60})", re.IGNORECASE)
SILENT = frozenset({"style", "script", "title"})
EMPTY = frozenset({"br", "hr", "img", "meta", "link", "input", "col", "area", "base", "wbr", "embed", "source"})
UNCLOSED = frozenset({"p", "li", "td", "tr", "option"})
DEEPEST = 500


def read_html(content: bytes) -> tuple[Line, ...]:
    """The lines of a web page."""
    found = CHARSET.search(content[:4096])
    declared = found[1].decode("ascii") if found else None
    page = _as_shown(_stored(content, declared)) or decode(content, declared, [])
    return as_lines(get_text(re.sub(r"^\s*<\?xml[^>]*\?>", "", page[:LONGEST])))


def read_text(content: bytes) -> tuple[Line, ...]:
    """The lines of a plain text."""
    return as_lines(decode(content, None, [])[:LONGEST])


def _stored(content: bytes, declared: str | None) -> str:
    """The page as its octets say, without a look at what its words are."""
    codec = "utf-8" if is_utf8(content) else codec_of(declared)
    if codec is None or codec == "cp1252":
        return as_windows(content)[:LONGEST]
    return content.decode(codec, "replace")[:LONGEST]


def _as_shown(page: str) -> str | None:
    """The page with the text of old fonts as they showed it; None when it names none, or all its text is Unicode."""
    if not any(font_of(name) for name in set(FONT.findall(page))):
        return None
    runs = list(_runs(page))
    fonts = old_fonts(runs)
    if not fonts:
        return None
    groups = ((name, list(group)) for name, group in groupby(runs, key=lambda run: run.font))
    return "".join(_written(name, group, fonts) for name, group in groups)


def _runs(page: str) -> Iterator[Run]:
    """The page cut at its tags: text in old fonts with their names, its entities read; all else as it stands."""
    open_tags: list[tuple[str, str]] = []
    behind = 0
    for tag in TAG.finditer(page):
        yield _text(page[behind : tag.start()], open_tags)
        yield Run(tag[0], "")
        behind = tag.end()
        if tag[2]:
            _step(tag[2].lower(), tag[3], open_tags, closing=bool(tag[1]))
    yield _text(page[behind:], open_tags)


def _text(text: str, open_tags: list[tuple[str, str]]) -> Run:
    name = open_tags[-1][1] if open_tags else ""
    return Run(html.unescape(text), name) if font_of(name) and "<" not in text else Run(text, "")


def _step(name: str, attributes: str, open_tags: list[tuple[str, str]], *, closing: bool) -> None:
    """Enter or leave an element; those that people do not close end where the next of their kind opens."""
    if closing or (name in UNCLOSED and open_tags and open_tags[-1][0] == name):
        place = next((at for at in range(len(open_tags) - 1, -1, -1) if open_tags[at][0] == name), len(open_tags))
        del open_tags[place:]
    if closing or name in EMPTY or attributes.endswith("/") or len(open_tags) >= DEEPEST:
        return
    own = FONT.search(attributes)
    inherited = open_tags[-1][1] if open_tags else ""
    open_tags.append((name, "" if name in SILENT else own[1].strip() if own else inherited))


def _written(name: str, runs: list[Run], fonts: dict[str, Font]) -> str:
    """Runs of one font as markup."""
    return html.escape(shown(runs, fonts), quote=False) if name else "".join(run.text for run in runs)
