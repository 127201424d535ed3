"""Mentions: the recipients that a mail or a document names in its "Kính gửi:" and "Nơi nhận:" blocks.

Promises:  the blocks as they are really written: a name a line, with any bullet or none, several on a line, wrapped, in
           double spacing, beside the signature's column; any text gets an answer.
Never:     looks a name up (``finding``); reads on into the salutation, the first sentence, or behind "Lưu: VT".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from mailmap.directory.openings import greets, opens_an_office
from mailmap.document.spelling import plain, tidy

LONGEST = 20_000  # every commune of a large province, written out; a hostile text costs no more
LONGEST_DOCUMENT = 2_000_000  # "Nơi nhận" stands at its end
_FAR_RIGHT = 15  # spaces in front of what stands in the signature's column

_TO = re.compile(
    r"[^\w(>]{0,12}(?:tran trong |dong )?(?:kinh g[uo]i|kinh trinh|dong (?:kinh )?gui|k/g)(?P<colon>\s*:)?\s*"
)
_COPY = re.compile(r"[^\w(>]{0,12}noi (?:nhan|gui)(?: van ban)?\s*(?:\([^)]*\)\s*)?(?P<colon>[:/.]+|$)\s*")
_KEPT = re.compile(r"[^\w(>]{0,12}luu\b(?!\s+(?:tru|hanh|thong|y)\b)")
_BULLET = re.compile(r"\s*(?:[-+*•●○▪■□◦‣·»›→✓✔\uf000-\uf0ff]+|\(?\d{1,2}[.)/](?!\d)|[a-zđA-ZĐ]\))\s*")
_OPENS = re.compile(
    r"(?:thuc hien|can cu|theo|kinh thua|thua|chao|dear|em|toi|xin|tran trong|de nghi|ve viec|v/v|ngay \d"
    r"|hien nay|vua qua"
    r"|sau khi|ket qua|tren co so|duoc su|tiep theo|day la|chung toi|kem theo|gui kem|nham|dieu \d|so\s*:"
    r"|trong thoi gian"
    r"|de (?:trien|thuc|bao|kip|phuc|tang|dam)|thuc thi|nay,|nhan duoc|tiep nhan|dinh kem|i\.|ii\.)(?:\b|(?<=\W))"
)
_TELLS = re.compile(
    r"\b(?:có|đã|là|được|đang|sẽ|xin|gửi|nộp|trình|báo cáo|đề nghị|yêu cầu|thông báo|tiếp tục|trân trọng|nhận được"
    r"|như sau|nhu sau|gui|bao cao|de nghi|xin gui|tran trong|nhan duoc)\b"
)
_NOTE = re.compile(r"\([^()]*\)|(?:-\s*)?\b(?:để|đề) (?:báo cáo|b/c|biết|thực hiện|phối hợp|chỉ đạo)\b", re.IGNORECASE)
_SIGNED = re.compile(r"[^\w(]*(?:(?:tm|kt|tl|tuq|q)\s*\.|\(?\s*(?:da ky|da ki|ky ten|ky boi|ky thay)\b)")
_GAP = re.compile(r"(?<=\S)(?:[ \u00a0]{3,}|\t+)(?=\S)")
_STOP = re.compile(r"(?<=[^\W\d_]{3})\.\s+(?=[^\W\d_])")  # the end of a sentence; "TP. Nam Định", "TT. Cồn" are none
_OPEN_END = re.compile(r"(?:[;,:\-(&]|\b(?:va|cac|cua|thuoc|uy ban nhan dan|ubnd|hdnd))$")
_LISTED = re.compile(r"\s-\s+(?=(?:ubnd|uy ban|hdnd|phong|so|van phong|cong an|trung tam|chi cuc|cac|nhu|luu)\b)")
_MOST_WORDS, _MOST_LINES = 16, 600
_EDGES = " \t-+*•;,.:/"


@dataclass(frozen=True, slots=True)
class Item:
    """One recipient, or several in a row, as they were written; ``copied`` when they stand under "Nơi nhận:"."""

    text: str
    copied: bool


@dataclass(slots=True)
class _Block:
    """The lines of one block as they are gathered; the first holds the heading."""

    copied: bool
    lines: list[str] = field(default_factory=list)

    def names(self) -> list[str]:
        """Its lines without the heading."""
        opened = _heading(self.lines[0]) if self.lines else None
        return [*filter(None, [opened[1]]), *self.lines[1:]] if opened else self.lines


def blocks(text: str) -> tuple[str, ...]:
    """The "Kính gửi:" and "Nơi nhận:" blocks of a mail's or a document's text, their headings with them."""
    return tuple("\n".join(block.lines) for block in _scan(text) if block.names())


def items(text: str) -> tuple[Item, ...]:
    """The recipients of such blocks, in order; a text without a heading is itself a list of recipients."""
    text = text[:LONGEST]
    found = _scan(text) or [_Block(copied=False, lines=[*filter(None, map(_tidied, text.splitlines()))])]
    return tuple(Item(piece, block.copied) for block in found for line in _joined(block) for piece in _pieces(line))


def without_bullet(line: str) -> str:
    """The line behind its bullet or number."""
    return _BULLET.sub("", line, count=1) if _BULLET.match(line) else line


# --- which lines ---


def _scan(text: str) -> list[_Block]:
    found: list[_Block] = []
    block: _Block | None = None
    gap = False
    for raw in text[:LONGEST_DOCUMENT].splitlines():
        line = _column(raw) if block and block.copied else _tidied(raw)
        opened = _heading(line)
        if opened:
            block = _Block(opened[0], [_opening(line, opened)])
            found.append(block)
        elif line and block:
            block = block if _belongs(block, line, gap=gap) else None
            _take(block, line)
        gap = not raw.strip()
        if block and ((block.copied and _KEPT.match(plain(line))) or len(block.lines) > _MOST_LINES):
            block = None
    return found


def _take(block: _Block | None, line: str) -> None:
    if block and not (block.copied and _SIGNED.match(plain(line))):
        block.lines.append(_first_sentence(line))


def _tidied(raw: str) -> str:
    return tidy(raw[:LONGEST]).strip()


def _column(raw: str) -> str:
    """The left column: "Nơi nhận" stands beside the signature."""
    far = len(raw) - len(raw.lstrip()) >= _FAR_RIGHT
    return "" if far else _tidied(_GAP.split(raw[:LONGEST].strip(), maxsplit=1)[0])


def _heading(line: str) -> tuple[bool, str] | None:
    """Whether a line opens a block: (under "Nơi nhận"?, what stands behind the heading)."""
    bare = plain(line)
    copy = _COPY.match(bare)
    if copy:
        return True, line[copy.end() :]
    to = _TO.match(bare)
    if to is None:
        return None
    name = without_bullet(line[to.end() :])
    said = to["colon"] or (opens_an_office(name) and not greets(name))
    return (False, line[to.end() :]) if said else None


def _opening(line: str, opened: tuple[bool, str]) -> str:
    """The heading's line, without the signature beside it, and without a sentence that goes on behind the name."""
    copied, rest = opened
    if copied:
        rest = _GAP.split(rest, maxsplit=1)[0]
        return line[: len(line) - len(opened[1])] + ("" if _SIGNED.match(plain(rest)) else rest)
    return _first_sentence(line)


def _first_sentence(line: str) -> str:
    """What stands before a sentence that begins on the same line."""
    stop = next((found for found in _STOP.finditer(line) if _tells(line[found.end() :])), None)
    return line[: stop.start() + 1] if stop else line


def _belongs(block: _Block, line: str, *, gap: bool) -> bool:
    """Whether the block goes on with this line."""
    bare, bulleted = plain(line), _BULLET.match(line) is not None
    if _KEPT.match(bare) or (block.copied and _SIGNED.match(bare)):
        return block.copied
    names = block.names()
    if _OPENS.match(without_bullet(bare)) or line.startswith(">"):
        return False
    if not names:
        return bulleted or not _is_told(line)
    open_end = _OPEN_END.search(plain(names[-1]).rstrip()) is not None
    if bulleted:
        listed = any(_BULLET.match(name) for name in names)
        return not gap or open_end or (listed and not names[-1].endswith("."))
    if gap or names[-1].endswith("."):
        return open_end and opens_an_office(line) and not _is_told(line)
    return not _is_told(line)


def _is_told(line: str) -> bool:
    """Whether a line is a sentence, not a name."""
    return _tells(line) or (len(line.split()) > _MOST_WORDS and not re.search(r"[;,]", line))


def _tells(line: str) -> bool:
    rest = _NOTE.sub(" ", line)
    return _TELLS.search(rest.lower()) is not None or _OPENS.match(plain(rest)) is not None


# --- which names ---


def _joined(block: _Block) -> Iterator[str]:
    """The lines, with what was wrapped put together again."""
    held = ""
    for line in block.names():
        if held and _starts_anew(held, line):
            yield held
            held = line
        else:
            held = f"{held} {line}".strip()
    if held:
        yield held


def _starts_anew(before: str, line: str) -> bool:
    """Whether a line is not the rest of the one before it."""
    if _BULLET.match(line) or before.endswith((";", ".")) or _KEPT.match(plain(line)):
        return True
    if _OPEN_END.search(plain(before)):
        return False
    return not line[:1].islower() and opens_an_office(line)


def _pieces(line: str) -> Iterator[str]:
    """What ';' parts, and dashes that open a list on one line; a "Lưu: VT; TCKH" stays whole."""
    if _KEPT.match(plain(line)):
        yield line.strip(_EDGES)
        return
    for part in re.split(r";(?![^(]*\))", line):
        listed = _BULLET.match(part) is not None
        marks = [0, *(each.start() for each in _LISTED.finditer(plain(part)) if listed), len(part)]
        cut = (part[start:stop] for start, stop in pairwise(marks))
        yield from filter(None, (without_bullet(each.strip()).strip(_EDGES) for each in cut))
