"""Free-form bounces: what mail servers say in prose when a mail could not be delivered.

Promises:  the recipients a bounce names, each with the server's words and status; (): a bounce that names none;
           None: not a bounce. General signs are read (who writes, which subject, which phrases, how addresses stand in
           the text), not one pattern for each product.
Never:     takes a person's mail for a bounce: a machine must have written it and it must speak of a failure; an answer
           or a forward that quotes a bounce is none. The returned mail below the report is not read for addresses.
Fails:     never.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from mailmap.mail.automatic import AWAY
from mailmap.mail.bounce_signs import (
    COPIED,
    DELAYED,
    EXPANDED,
    FAILING,
    FOREIGN,
    GIVEN_UP,
    HEADER_LINE,
    LABEL,
    RETURNED,
    SENDER,
    SUBJECT,
)
from mailmap.mail.message import Message

MAX_LINES = 400  # of a report's own words
MAX_LINE = 1_000
MAX_WORDS = 500  # characters kept of what the server says about one recipient
MAX_FOUND = 500
MAX_IN_LINE = 5  # addresses of one line that are weighed
MAX_LABEL = 60  # characters before an address that can say what it is
OPENING = 40  # lines in which a report says what it is
MAX_OPENING = 300  # characters of one of these
NEAR = 3  # lines in which it says so even when its subject looks like an answer

ADDRESS = re.compile(r"(?<![^\s<>()\[\]\"',;:|=*])[^\s<>()\[\]\"',;:|=*]+@(?:[A-Za-z0-9_-]+\.)*[A-Za-z0-9_-]+")
LEAD = re.compile(r"[\s>*•<\[\"'|-]*(?:smtp:)?$", re.IGNORECASE)
LIBRARY = re.compile(r"\bCDO\b")  # a programming interface that calls itself a mailer
STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
HUMAN = re.compile(r"\s*(re|aw|sv|vs|fw|fwd|wg|tl|ct|trả lời|chuyển tiếp)(\[\d+\])?\s*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Bounced:
    """One recipient a report names; ``delayed`` says that the server still tries."""

    address: str
    delayed: bool
    status: str
    words: str


def read_bounce(message: Message) -> tuple[Bounced, ...] | None:
    """Whom this mail says it could not deliver to, or None when it is no bounce."""
    signs = _signs(message)
    if not signs.enough and not (signs.names and signs.says and _unsigned(message)):
        return None
    lines = _own_words(message.text)
    told = "\n".join([message.subject, *lines])
    delayed = DELAYED.search(told) is not None and GIVEN_UP.search(told) is None
    found = _listed(message.header("X-Failed-Recipients") or "")
    certain, named = _named(lines, message)
    if not found and not certain and not signs.enough:
        return None  # a person who tells of a failure
    for address, words in named:
        known = found.get(address.lower())
        if known is None or not known[1]:
            found[address.lower()] = (address, words)
    kept = list(found.values())[:MAX_FOUND]
    return tuple(Bounced(address, delayed, _status(words), words[:MAX_WORDS]) for address, words in kept)


def looks_like_bounce(message: Message) -> bool:
    """Whether two signs that do not hang together say so."""
    return _signs(message).enough


@dataclass(frozen=True, slots=True)
class _Signs:
    """A mail system wrote it; its subject names a failure; its opening words say so; it has the form of a report."""

    wrote: bool
    names: bool
    says: bool
    form: bool

    @property
    def enough(self) -> bool:
        """Whether a machine must have written this about a failure: words alone are never enough."""
        return (self.wrote or self.form) and (self.names or self.says or (self.wrote and self.form))


def _signs(message: Message) -> _Signs:
    if message.header("X-Failed-Recipients"):
        return _Signs(wrote=True, names=True, says=True, form=True)
    if AWAY.match(message.subject):
        return _Signs(wrote=False, names=False, says=False, form=False)
    wrote, named = is_mail_system(message), SUBJECT.search(message.subject) is not None
    form = message.content_type == "multipart/report" and message.disposition is None
    human = HUMAN.match(message.subject) is not None
    says = (wrote or named or form) and _says(message.text, NEAR if human else OPENING)
    return _Signs(wrote, named and (says or not human), says, form)


def _says(text: str, count: int) -> bool:
    """Whether the first lines that hold words speak of a failure."""
    opening = [line[:MAX_OPENING] for line in _own_words(text) if line.strip(" *-=#_|")][:count]
    return FAILING.search(" ".join(opening)) is not None


def _unsigned(message: Message) -> bool:
    """Whether nothing shows a person: no name beside the address, no mail program, no answered mail, ASCII only."""
    fields = (message.header(name) for name in ("User-Agent", "X-Mailer", "In-Reply-To", "References"))
    traces = [value for value in fields if value is not None and not LIBRARY.search(value)]
    return not traces and message.text.isascii() and not any(box.name for box in message.from_)


def is_mail_system(message: Message) -> bool:
    """Whether a mail server wrote this, by its From field or its null return path."""
    if (message.header("Return-Path") or "").replace(" ", "") in {"<>", "<MAILER-DAEMON>"}:
        return True
    written = [f"{box.name} {box.address}" for box in message.from_]
    if message.header("From") is not None and not any(box.address for box in message.from_):
        return True
    return any(SENDER.search(text) for text in written)


def _own_words(text: str) -> list[str]:
    """The lines of the report itself, above the mail that is returned."""
    own: list[str] = []
    for line in text.split("\n", MAX_LINES)[:MAX_LINES]:
        words = line[:MAX_LINE]
        if HEADER_LINE.match(words) or (RETURNED.search(words[:MAX_OPENING]) and any(part.strip() for part in own)):
            break
        own.append(words)
    return own


def _correspondents(message: Message) -> frozenset[str]:
    """Addresses that are ours or the reporter's, so no recipients that failed."""
    boxes = (*message.from_, *message.to, *message.reply_to)
    return frozenset(box.address.lower() for box in boxes if box.address)


def _listed(value: str) -> dict[str, tuple[str, str]]:
    """The addresses of Exim's X-Failed-Recipients."""
    return {address.lower(): (address, "") for address in ADDRESS.findall(value[:10_000])}


def _named(lines: Sequence[str], message: Message) -> tuple[bool, list[tuple[str, str]]]:
    """Whether one begins a line, and the recipients: those with a label, else those of a sentence, else others."""
    others = _correspondents(message)
    listed = False
    strong: list[tuple[str, str]] = []
    weak: list[tuple[str, str]] = []
    copied: list[tuple[str, str]] = []
    for number, line, match in islice(_mentions(lines), MAX_FOUND * 2):
        address, before = match[0].strip(".!?"), line[: match.start()][-MAX_LABEL:]
        if COPIED.match(line):
            copied += [(address, "")] if line.lstrip()[:2].lower() == "to" else []
        elif not _is_foreign(address, before, others):
            pair = (address, _words_about(lines, number, match.end()))
            leads = LEAD.fullmatch(before) is not None and _begins(lines, number, match)
            listed = listed or leads
            if leads or LABEL.search(before):
                strong.append(pair)
            elif FAILING.search(_sentence(lines, number, match.start())):
                weak.append(pair)
    return listed, strong or weak or list(_without_domain(lines, message)) or copied


def _mentions(lines: Sequence[str]) -> Iterator[tuple[int, str, re.Match[str]]]:
    """The addresses that are weighed, each with its line and the number of that."""
    for number, line in enumerate(lines):
        for match in islice(ADDRESS.finditer(line), MAX_IN_LINE):
            yield number, line, match


def _begins(lines: Sequence[str], number: int, match: re.Match[str]) -> bool:
    """Whether an address at the start of a line begins something, and is not a word of a sentence that was wrapped."""
    above = lines[number - 1].rstrip() if number else ""
    return not re.search(r"[\w,]$", above) or not re.search(r"\w", lines[number][match.end() :])


def _sentence(lines: Sequence[str], number: int, column: int) -> str:
    """The sentence around a place, over the line before and the two lines after."""
    before = f"{lines[number - 1] if number else ''} {lines[number][:column]}"[-MAX_OPENING:]
    after = " ".join([lines[number][column:], *lines[number + 1 : number + 3]])[:MAX_OPENING]
    return re.split(r"[.!?]\s", before)[-1] + re.split(r"[.!?](?:\s|$)", after)[0]


def _is_foreign(address: str, before: str, others: frozenset[str]) -> bool:
    local, _, domain = address.partition("@")
    if (FOREIGN.search(before) and not EXPANDED.search(before)) or local.lower() in {
        "postmaster",
        "mailer-daemon",
        "abuse",
        "support",
    }:
        return True
    return not local or "." not in domain or ".." in address or address.lower() in others


def _words_about(lines: Sequence[str], number: int, column: int) -> str:
    """What the server says behind an address: the rest of the line and the lines up to the next gap."""
    words = [lines[number][column:]]
    for line in lines[number + 1 : number + 12]:
        if not line.strip() or ADDRESS.match(line.lstrip(" <*-")):
            break
        words.append(line)
    return " ".join(" ".join(words).split()).strip(" >:.-\"'")[: MAX_WORDS * 2]


def _status(words: str) -> str:
    match = STATUS.search(words)
    return match[1] if match else ""


def _without_domain(lines: Sequence[str], message: Message) -> Iterator[tuple[str, str]]:
    """Bare names in an indented list under a sentence of failure: mailboxes of the domain that reports."""
    domain = next((box.address.rpartition("@")[2].lower() for box in message.from_ if box.address), "")
    listing = False
    for line in lines:
        listing = (listing and not line.strip()) or (listing and line[:1].isspace()) or line.rstrip().endswith(":")
        name = line.strip()
        if listing and domain and line[:1].isspace() and re.fullmatch(r"[A-Za-z0-9][\w.+-]{1,63}", name):
            yield f"{name}@{domain}", ""
