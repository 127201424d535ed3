"""Address lists: the mailboxes of a From, To, Cc, Sender or Reply-To field (RFC 5322 section 3.4).

Promises:  every value is some list of mailboxes: quoted names, comments, groups, source routes, missing brackets,
           semicolons between addresses, a whole list inside an encoded word.
Never:     recurses (comments nest by counting) or takes more than linear time.
Fails:     never; a value without any address gives mailboxes whose address is ''.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from mailmap.mail.message import Mailbox
from mailmap.mail.words import decode_words, one_line

MAX_MAILBOXES = 2_000
MAX_ADDRESS = 320  # RFC 5321 section 4.5.3.1: 64 + 1 + 255

TOKEN = re.compile(
    r"(?P<word>=\?[^?\s]{1,64}\?[bBqQ]\?[^?\r\n]{0,600}\?=)"
    r'|(?P<quoted>"(?:[^"\\]|\\.)*")'
    r"|(?P<angle><[^<>]*>?)"
    r"|(?P<mark>[,;:()])"
    r"|(?P<blank>\s+)"
    r'|(?P<text>[^\s",;:()<>=]+|.)',
    re.DOTALL,
)
QUOTE_FREE = re.compile(TOKEN.pattern.replace(r'"(?:[^"\\]|\\.)*"', r"(?!)"), re.DOTALL)
ADDRESS = re.compile(r'(?:"[^"]*"|(?<![^\s<>,;:()"])[^\s<>,;:()"]+)@(?:\[[^\]\s]*\]|[^\s<>,;:()"@\[\]]+)')
ESCAPE = re.compile(r"\\(.)", re.DOTALL)


@dataclass(slots=True)
class _Draft:
    """One mailbox while its tokens come in: as written, and without the quotes of quoted strings."""

    raw: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    comment: list[str] = field(default_factory=list)
    angle: str | None = None


def mailboxes(value: str, defects: list[str]) -> tuple[Mailbox, ...]:
    """The mailboxes of a value as ``words.raw_text`` gives it: encoded words not yet decoded."""
    found = _read(value, defects)
    if "=?" in value and not any(box.address for box in found):
        found = _read(decode_words(value, []), defects)
    if value.strip() and not any(box.address for box in found):
        found = _salvaged(value) or found
    if len(found) > MAX_MAILBOXES:
        defects.append(f"more than {MAX_MAILBOXES} addresses in one field, the rest was not read")
    return tuple(found[:MAX_MAILBOXES])


def _read(value: str, defects: list[str]) -> list[Mailbox]:
    drafts = _drafts(value)
    return [box for draft in drafts if (box := _mailbox(draft, defects)) is not None]


def _salvaged(value: str) -> list[Mailbox]:
    """The addresses that stand anywhere in a value no rule could read."""
    return [Mailbox("", _trimmed(found, [])) for found in ADDRESS.findall(value)[: MAX_MAILBOXES + 1]]


def _drafts(value: str) -> Iterator[_Draft]:
    """Splits at commas, semicolons and group names, outside quotes, brackets and comments."""
    draft, depth = _Draft(), 0
    for kind, text in _tokens(value):
        if kind == "mark" and text == "(":
            depth += 1
        elif kind == "mark" and text == ")":
            depth = max(0, depth - 1)
        elif depth:
            draft.comment.append(text)
        elif kind == "mark" and text == ":":
            draft = _Draft()  # what stood before it was the name of a group
        elif kind == "mark":
            yield draft
            draft = _Draft()
        elif kind == "angle":
            draft.angle = text if draft.angle is None or len(text) > len(draft.angle) else draft.angle
        else:
            draft.raw.append(text)
            draft.shown.append(ESCAPE.sub(r"\1", text[1:-1]) if kind == "quoted" else text)
    yield draft


def _tokens(value: str) -> Iterator[tuple[str, str]]:
    """Kind and text of each token; from a quote on that never closes, quotes count as letters."""
    pattern, position = TOKEN, 0
    while match := pattern.match(value, position):
        if match[0] == '"':
            pattern = QUOTE_FREE
        yield match.lastgroup or "text", match[0]
        position = match.end()


def _mailbox(draft: _Draft, defects: list[str]) -> Mailbox | None:
    name = decode_words("".join(draft.shown), defects) or decode_words("".join(draft.comment), defects)
    if draft.angle is not None:
        return _bracketed(draft.angle, name, defects)
    bare = re.sub(r"\s*@\s*", "@", "".join(draft.raw))
    match = ADDRESS.search(bare)
    if match is None:
        return Mailbox(name, "") if name else None
    rest = f"{bare[: match.start()]} {bare[match.end() :]}".replace('"', "").strip().removeprefix("mailto")
    beside = decode_words(rest, defects).strip(" '") or decode_words("".join(draft.comment), defects)
    return Mailbox(beside, _trimmed(match[0], defects))


def _bracketed(angle: str, name: str, defects: list[str]) -> Mailbox:
    """The mailbox of ``name <angle>``; a source route before the last colon is left out (RFC 5322 section 4.4)."""
    inner = one_line(angle.strip("<> \t"))
    inner = inner.rpartition(":")[2] if inner.startswith(("@", "mailto:", "MAILTO:", "SMTP:", "smtp:")) else inner
    inner = decode_words(inner, defects) if "=?" in inner else re.sub(r"\s*@\s*", "@", inner)
    if ADDRESS.fullmatch(inner):
        return Mailbox(name, _trimmed(inner, defects))
    match = ADDRESS.search(inner)
    if match is not None:
        return Mailbox(name, _trimmed(match[0], defects))
    return Mailbox(name or inner, "")


def _trimmed(address: str, defects: list[str]) -> str:
    if len(address) > MAX_ADDRESS:
        defects.append(f"an address longer than {MAX_ADDRESS} characters, cut there")
    return one_line(address[:MAX_ADDRESS])
