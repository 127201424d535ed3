"""HTML mail to the text a person reads.

Promises:  the visible text of any markup, in linear time and without recursion: blocks on their own lines, list items
           with a dash, quoted blocks (blockquote) with ``> `` before each line, as plain mail writes them.
Never:     shows scripts, styles, the head, comments or what is styled ``display:none``; fetches nothing; lays out no
           tables (padding of cells is how 100 KB of hostile HTML become gigabytes).
Fails:     never; broken markup is read as browsers do, roughly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

from mailmap.mail.charset import clean

BLOCKS = frozenset(
    """
    address article aside body center dd div dl dt fieldset figure footer form header hr html legend li main nav
    ol pre section table tbody tr ul blockquote
    """.split()  # noqa: SIM905  a list of words reads better
)
PARAGRAPHS = frozenset("h1 h2 h3 h4 h5 h6 p".split())  # noqa: SIM905  the same
UNSEEN = frozenset("script style head title noscript template object svg math select textarea".split())  # noqa: SIM905  the same
VOID = frozenset("area br col embed hr img input link meta source track wbr".split())  # noqa: SIM905  the same
MAX_QUOTES = 10  # ">" marks before one line
MAX_STRETCH = 20  # ">" characters inside one tag's quoted attributes

NAME = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:]{0,30})")
HIDDEN = re.compile(r"""\sstyle\s*=\s*["'][^"'>]{0,2000}?\bdisplay\s*:\s*none""", re.IGNORECASE)
BLANKS = re.compile(r"[ \t\r\n\f\u200b\ufeff]+")


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag: its name in lower case, whether it closes, and whether it hides what it holds."""

    name: str
    closing: bool
    hides: bool


@dataclass(slots=True)
class _Page:
    """Lines as they come to stand, and where we are: inside how many quotes, inside pre, inside something unseen."""

    lines: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    quotes: int = 0
    pre: int = 0
    unseen: str = ""
    depth: int = 0

    def end_line(self, *, keep_empty: bool = False) -> None:
        """Ends the line that is being written; an empty one only counts when it is meant."""
        text = "".join(self.line)
        text = text.rstrip(" ") if self.pre else text.strip(" ")
        if text or keep_empty:
            self.lines.append(("> " * min(self.quotes, MAX_QUOTES) + text).rstrip())
        self.line = []

    def gap(self) -> None:
        """One blank line, never two."""
        self.end_line()
        if self.lines and self.lines[-1].strip("> "):
            self.lines.append(("> " * min(self.quotes, MAX_QUOTES)).rstrip())


def to_text(html: str) -> str:
    """The text of an HTML document or fragment; what has no tags was plain text all along."""
    if NAME.search(html) is None:
        return clean(unescape(html))
    page = _Page()
    for piece in _pieces(html):
        if isinstance(piece, Tag):
            _tag(page, piece)
        elif not page.unseen:
            _text(page, piece)
    page.end_line()
    return clean("\n".join(page.lines).replace("\xa0", " ").strip("\n"))


def _text(page: _Page, text: str) -> None:
    """Running text: blanks collapse, except inside pre."""
    if not page.pre:
        words = BLANKS.sub(" ", text)
        page.line.append(words.lstrip(" ") if not page.line else words)
        return
    first, *rest = text.split("\n")
    page.line.append(first)
    for line in rest:
        page.end_line(keep_empty=True)
        page.line.append(line)


def _tag(page: _Page, tag: Tag) -> None:
    if page.unseen:
        _unseen(page, tag)
    elif (tag.name in UNSEEN or tag.hides) and not tag.closing and tag.name not in VOID:
        page.unseen, page.depth = tag.name, 1
    elif tag.name == "br":
        page.end_line(keep_empty=True)
    elif tag.name in PARAGRAPHS:
        page.gap()
    elif tag.name in BLOCKS:
        _block(page, tag)
    elif tag.name in {"td", "th"} and tag.closing:
        page.line.append("  ")


def _unseen(page: _Page, tag: Tag) -> None:
    """Counts tags of the unseen element's name until it closes."""
    if tag.name == page.unseen:
        page.depth += -1 if tag.closing else 1
    if page.depth == 0 or (tag.name == "body" and page.unseen == "head"):
        page.unseen = ""


def _block(page: _Page, tag: Tag) -> None:
    page.end_line()
    step = -1 if tag.closing else 1
    if tag.name == "blockquote":
        page.quotes = max(0, page.quotes + step)
    elif tag.name == "pre":
        page.pre = max(0, page.pre + step)
    elif tag.name == "li" and not tag.closing:
        page.line.append("- ")


def _pieces(html: str) -> Iterator[Tag | str]:
    """The markup cut into tags and text; comments and declarations are left out."""
    position, open_comments = 0, True
    while (start := html.find("<", position)) >= 0:
        if start > position:
            yield unescape(html[position:start])
        match = NAME.match(html, start)
        if match:
            stop = _end_of_tag(html, match.end())
            hides = HIDDEN.search(html, match.end(), stop) is not None
            yield Tag(match[2].lower(), match[1] == "/", hides)
            position = stop
        elif html.startswith(("<!--", "<!", "<?", "</"), start):
            close = html.find("-->", start) if open_comments and html.startswith("<!--", start) else -1
            open_comments = open_comments and (close >= 0 or not html.startswith("<!--", start))
            position = close + 3 if close >= 0 else (html.find(">", start) + 1 or len(html))
        else:
            yield "<"
            position = start + 1
    yield unescape(html[position:])


def _end_of_tag(html: str, position: int) -> int:
    """Behind the ``>`` that ends the tag: the first one outside quotes, if there is one near."""
    first = stop = html.find(">", position)
    for _ in range(MAX_STRETCH):
        if stop < 0:
            break
        if html.count('"', position, stop) % 2 == 0 and html.count("'", position, stop) % 2 == 0:
            return stop + 1
        stop = html.find(">", stop + 1)
    return first + 1 or len(html)
