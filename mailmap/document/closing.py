"""The close of a document: "Nơi nhận:", the authority by which it is signed, the position, the name (ND30).

Promises:  the signer's block is that of the last page that has one, with the authority's prefixes (TM., KT., TL.,
           TUQ., Q.) in their order.
Never:     takes a name out of a sentence or of the list of recipients.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mailmap.document.spelling import plain
from mailmap.document.written import Written, below, height, middle

_PREFIX = re.compile(r"[^\w]{0,3}(?:(?P<prefix>tuq|tm|kt|tl|q)\s*[.,]|(?P<slashed>[tk]/[mtl]))\s*(?=\S)")
_POSITION = re.compile(
    r"[^\w]{0,3}(?:q\.\s*)?(?:(?:pho|thu) )?(?:chu tich|giam doc|tong giam doc|bo truong|thu truong|thu tuong"
    r"|cuc truong|chi cuc truong|vu truong|truong phong|truong ban|chanh van phong|chanh thanh tra|chu nhiem"
    r"|hieu truong|vien truong"
    r"|chanh an|tong cuc truong|bi thu|tong thanh tra|thong doc|tong kiem toan|cuc truong|doi truong|tram truong)\b"
)
_NAME = re.compile(r"[^\W\d_a-z][^\W\d_]*(?:['’]?[^\W\d_]+)?(?:\s[^\W\d_][^\W\d_]*){1,5}")
_RANK = re.compile(
    r"(?:(?:(?:pgs|gs|ts|ths|bs|bscki{1,2}|cn|ks|ls|luat su|bac si|ds|nguoi ky)\b"
    r"|(?:dai|thuong|trung|thieu) (?:tuong|ta|uy)\b"
    r"|(?:nsnd|nsut|ngnd|ngut|ttnd|ttut)\b|(?:i{1,2})\b)[\s.,:]*)+"
)
_COPIES = re.compile(r"[^\w]{0,3}noi nhan\s*[:.]?$|[^\w]{0,3}noi nhan\s*:")
_KEPT = re.compile(r"[^\w]{0,4}luu\b\s*(?:[:;.]|(?:vt|vp|van phong|van thu|ho so|don vi|hs)\b)|[^\w]{0,4}luu$")
_TO = re.compile(r"[^\w]{0,3}kinh (?:gui|trinh)\s*[:.]?\s*")
_BULLET = re.compile(r"^[\s~_*•+–-]+")
MOST_COPIES, MOST_TO, LONGEST_TITLE = 60, 40, 80
LONGEST_GAP = 3.0  # heights between two lines of "Nơi nhận:"
FAR = 14  # heights from a position down to the name: the signature and the seal lie between


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed: the prefix ("KT."), the position as written, the name; '' where it was not read."""

    authority: str
    position: str
    name: str
    sure: float
    page: int


def read_signature(lines: Sequence[Written]) -> Signature | None:
    """The block of the signer on one page."""
    titles = [line for line in lines if _is_title(line)]
    if not titles:
        return None
    last = titles[-1]
    block = [line for line in titles if _alongside(last, line)]
    prefixed = [_prefix(found) for line in block if (found := _PREFIX.match(line.folded))]
    name = _name(lines, last)
    sure = min(line.sure for line in (last, *([name] if name else [])))
    prefix = _PREFIX.match(last.folded)
    position = last.text[prefix.end() if prefix else 0 :].strip(" .,")
    authority = " ".join(f"{each.upper()}." for each in prefixed)
    return Signature(authority, position, _unranked(name.text) if name else "", sure, last.page)


def _prefix(found: re.Match[str]) -> str:
    """The prefix; the party writes T/M and K/T."""
    return (found["prefix"] or found["slashed"]).replace("/", "")


def _unranked(name: str) -> str:
    """A name without degree, title and rank: "TS. Nguyễn Văn An", "Đại tá Lê Văn Bình"."""
    bare = name.strip(" .,")
    rank = _RANK.match(plain(bare))
    return bare[rank.end() :] if rank and rank.end() < len(bare) else bare


def copies_of(lines: Sequence[Written]) -> tuple[Written, ...]:
    """The lines of "Nơi nhận:", without the heading, up to "Lưu:"."""
    start = next((at for at, line in enumerate(lines) if _COPIES.match(line.folded)), None)
    if start is None:
        return ()
    kept: list[Written] = []
    for line in _listed(lines, start)[:MOST_COPIES]:
        if line.box and not _left(line):
            break
        if not line.legible:
            continue
        if _KEPT.match(line.folded) or _is_title(line):
            break
        kept.append(line)
    return tuple(kept)


def _listed(lines: Sequence[Written], start: int) -> Sequence[Written]:
    """The lines after "Nơi nhận:"; on a page with a layout those below it on the left, before any wide gap."""
    heading = lines[start]
    if heading.box is None:
        return lines[start + 1 :]
    under = [
        line
        for line in lines
        if line.box and line is not heading and below(heading, line) > -height(line) and _left(line)
    ]
    kept: list[Written] = []
    for line in sorted(under, key=lambda line: line.box.top if line.box else 0.0):
        if below(kept[-1] if kept else heading, line) > LONGEST_GAP * height(line):
            break
        kept.append(line)
    return kept


def addressed(lines: Sequence[Written]) -> tuple[Written, ...]:
    """The lines of "Kính gửi:", the heading's own first where a name stands on it."""
    start = next((at for at, line in enumerate(lines) if _TO.match(line.folded)), None)
    if start is None:
        return ()
    heading = lines[start]
    kept = [heading] if len(_TO.sub("", heading.folded)) > 1 else []
    for line in _after(lines, start)[:MOST_TO]:
        last = kept[-1] if kept else heading
        bullet = bool(_BULLET.match(line.text))
        indented = line.box is None or heading.box is None or line.box.left >= heading.box.left
        near = below(last, line) < 0.9 * height(line) if line.box else line.text[:1].islower()
        if not ((bullet and indented) or (kept and near and indented and _unfinished(last))):
            break
        kept.append(line)
    return tuple(kept)


def _after(lines: Sequence[Written], start: int) -> Sequence[Written]:
    """The lines after the heading; on a page with a layout those below it, whatever column stands between."""
    heading = lines[start]
    if heading.box is None:
        return lines[start + 1 :]
    left, low = heading.box.left, heading.box.top - 0.5 * height(heading)
    rows = (line for line in lines if line.box and line is not heading and line.box.top > low and line.box.left >= left)
    return sorted(rows, key=lambda line: line.box.top if line.box else 0.0)


def named(line: Written) -> str:
    """A line of a list of recipients without bullet, heading and end."""
    found = _TO.match(line.folded)
    text = line.text[found.end() :] if found else line.text
    return _BULLET.sub("", text).strip(" ;.,")


def _unfinished(line: Written) -> bool:
    return line.text[-1:] not in ";."


def _is_title(line: Written) -> bool:
    return (
        line.capital
        and len(line.text) < LONGEST_TITLE
        and bool(_PREFIX.match(line.folded) or _POSITION.match(line.folded))
        and not _left(line)
    )


def _left(line: Written) -> bool:
    return bool(line.box and line.across and middle(line) < 0.48 * line.across)


def _alongside(last: Written, line: Written) -> bool:
    """Whether two lines of titles belong to one block."""
    return (
        abs(middle(line) - middle(last)) < 0.2 * max(last.across, 1.0)
        and -height(last) <= below(line, last) < 4 * height(last)
    ) or line is last


def _name(lines: Sequence[Written], last: Written) -> Written | None:
    """The name under the position: words with capitals, in the same column."""
    after = lines[lines.index(last) + 1 :]
    return next((line for line in after if _could_be_name(line, last)), None)


def _could_be_name(line: Written, last: Written) -> bool:
    bare = _unranked(line.text)
    words = bare.split()
    shaped = bool(_NAME.fullmatch(bare)) and all(word[:1].isupper() for word in words) and not line.capital
    near = below(last, line) < FAR * height(last) and abs(middle(line) - middle(last)) < 0.2 * max(line.across, 1.0)
    return shaped and near and line.legible
