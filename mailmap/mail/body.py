"""Which parts of a mail are what a person wrote, and their text.

Promises:  the plain text when there is one, else the HTML as text; of alternatives the plain one unless it is empty or
           only says "use HTML"; text around attachments is joined. Parts that are not body text stay attachments.
Never:     reads more than ``MAX_TEXT`` octets of one part: a longer one is read to there and stays an attachment too.
Fails:     never.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from mailmap.mail import charset
from mailmap.mail.flowed import unflow
from mailmap.mail.markup import to_text
from mailmap.mail.transfer import BEGIN, uudecode
from mailmap.mail.tree import Part
from mailmap.mail.yenc import without_yenc

MAX_TEXT = 2_097_152
MAX_HTML = 524_288  # characters of markup that are turned into text
MAX_STUB = 300
MAX_ENCLOSED = 50  # files inside one text

STUB = re.compile(r"html|xem được|view (this|the) (e-?mail|message)", re.IGNORECASE)
FILES = (b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"II*\x00")
JUNK = 1_029  # octets in which a PDF's header is looked for
META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Piece:
    """The parts that say one thing: as plain text, as HTML, or both; ``others`` say it in yet another way."""

    plain: tuple[Part, ...] = ()
    html: tuple[Part, ...] = ()
    others: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Body:
    """The text, the HTML as it came, the parts that are now read, and files that stood inside the text."""

    text: str
    html: str | None
    parts: tuple[Part, ...]
    enclosed: tuple[tuple[str, bytes], ...]


def read_body(root: Part, raw: bytes, defects: list[str]) -> Body:
    """What a person wrote in the mail with this tree."""
    pieces = _pieces(root, root, raw)
    enclosed: list[tuple[str, bytes]] = []
    texts: list[str] = []
    htmls: list[str] = []
    for piece in pieces:
        html = "\n".join(_decoded(part, raw, defects, enclosed) for part in piece.html)
        plain = "\n".join(_plain(part, raw, defects, enclosed) for part in piece.plain)
        text = _readable(plain, html, defects)
        if not (texts and piece.html and not piece.plain and _same(texts[-1], text)):
            texts.append(text)
        htmls += [html] if html.strip() else []
    read = tuple(part for piece in pieces for part in piece.plain + piece.html + piece.others if _whole(part))
    text = "\n\n".join(text.strip("\n") for text in texts if text.strip())
    return Body(text, "\n".join(htmls) or None, read, tuple(enclosed))


def _pieces(part: Part, root: Part, raw: bytes) -> list[Piece]:
    """The pieces below a part, in the order they are read."""
    if not part.children:
        return _leaf(part, root, raw)
    if part.type == "multipart/digest":
        return []
    below = [_pieces(child, root, raw) for child in part.children]
    if part.type == "multipart/alternative":
        return _alternatives(part, below)
    if part.type == "multipart/report":
        return below[0]
    if part.type in {"multipart/related", "multipart/signed"}:
        return next((pieces for pieces in below if pieces), [])
    return [piece for pieces in below for piece in pieces]


def _leaf(part: Part, root: Part, raw: bytes) -> list[Piece]:
    if part.disposition == "attachment" or (part.name and part is not root) or _is_file(part.opening(raw)):
        return []
    if part.type == "text/html":
        return [Piece(html=(part,))]
    if part.type == "text/plain" or (part is root and part.type.startswith("multipart/")):
        return [Piece(plain=(part,))]
    return []


def _is_file(opening: bytes) -> bool:
    """Whether these are the first octets of a file: by its mark, or of a PDF behind junk."""
    header = opening.find(b"%PDF-", 0, JUNK)
    return opening.startswith(FILES) or (header >= 0 and b" obj" in opening[header:])


def _alternatives(part: Part, below: list[list[Piece]]) -> list[Piece]:
    """One piece: the first alternative with plain text, the last with HTML, and nameless texts nobody shows."""
    plain = next((found for pieces in below if (found := _all_plain(pieces))), ())
    html = next((found for pieces in reversed(below) if (found := _all_html(pieces))), ())
    shown = {id(found) for found in plain + html}
    others = tuple(leaf for leaf in part.leaves() if id(leaf) not in shown and _rendition(leaf))
    return [Piece(plain, html, others)] if plain or html else []


def _all_plain(pieces: Iterable[Piece]) -> tuple[Part, ...]:
    return tuple(part for piece in pieces for part in piece.plain)


def _all_html(pieces: Iterable[Piece]) -> tuple[Part, ...]:
    return tuple(part for piece in pieces for part in piece.html)


def _rendition(leaf: Part) -> bool:
    """Whether a leaf among alternatives only says the same again: text, without a name, no calendar or card."""
    kept = {"text/calendar", "text/vcard", "text/x-vcard", "text/directory"}
    return (
        leaf.type.startswith("text/") and leaf.type not in kept and not leaf.name and leaf.disposition != "attachment"
    )


def _whole(part: Part) -> bool:
    return part.end - part.start <= MAX_TEXT


def _decoded(part: Part, raw: bytes, defects: list[str], enclosed: list[tuple[str, bytes]]) -> str:
    """The text of a part in its charset, which HTML may also declare inside (a mark at the start beats both)."""
    octets = part.content(raw, defects)
    if b"=ybegin " in octets[: 4 * MAX_TEXT]:
        octets, files = without_yenc(octets)
        enclosed.extend((charset.guess(name, []), content) for name, content in files)
    if len(octets) > MAX_TEXT:
        defects.append(f"text longer than {MAX_TEXT} octets, read to there and kept as an attachment")
        octets = octets[:MAX_TEXT]
    declared = part.parameters.get("charset", "").split(" ")[0] or None
    if declared is None and part.type == "text/html" and (meta := META.search(octets, 0, 4096)):
        declared = meta[1].decode("ascii")
    return charset.decode(octets, declared, defects)


def _plain(part: Part, raw: bytes, defects: list[str], enclosed: list[tuple[str, bytes]]) -> str:
    text = _decoded(part, raw, defects, enclosed)
    if "\nbegin " in text or text.startswith("begin "):
        text = _without_uuencode(text, enclosed)
    if part.parameters.get("format", "").lower() == "flowed":
        return unflow(text, delsp=part.parameters.get("delsp", "").lower() == "yes")
    return text


def _without_uuencode(text: str, enclosed: list[tuple[str, bytes]]) -> str:
    """The text without the files some old programs wrote into it between ``begin`` and ``end`` lines."""
    octets = text.encode("utf-8", "replace")
    kept: list[bytes] = []
    position = 0
    for begin in islice(BEGIN.finditer(octets), MAX_ENCLOSED):
        end = octets.find(b"\nend", begin.end() - 1)
        if begin.start() < position or end < 0:
            continue
        odd: list[str] = []
        content = uudecode(octets[begin.end() : end + 4], odd)
        if odd or not content:
            continue  # only words that look like it
        enclosed.append((begin[1].decode("utf-8", "replace"), content))
        kept.append(octets[position : begin.start()].rstrip() + b"\n")
        position = end + 4
    return b"".join([*kept, octets[position:]]).decode("utf-8", "replace")


def _readable(plain: str, html: str, defects: list[str]) -> str:
    """The plain text, unless there is nothing in it and the HTML says more."""
    bare = plain.strip()
    if bare and not (html and len(bare) < MAX_STUB and STUB.search(bare)):
        return plain
    if len(html) > MAX_HTML:
        defects.append(f"HTML longer than {MAX_HTML} characters, turned into text to there")
    shown = charset.readable(to_text(html[:MAX_HTML]), defects)
    return shown if len(shown.strip()) > len(bare) else plain


def _same(one: str, other: str) -> bool:
    """Whether two texts say the same, letters and digits only."""
    return re.sub(r"\W", "", one) == re.sub(r"\W", "", other)
