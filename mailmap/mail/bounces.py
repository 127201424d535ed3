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

from mailmap.mail.bounce_signs import (
    COPIED,
    EXPANDED,
    FAILING,
    FINAL,
    FOREIGN,
    GIVEN_UP,
    LABEL,
    PASSING,
    SENT_BY,
    STILL,
)
from mailmap.mail.failing import MAX_LINES, MAX_OPENING, MAX_SUBJECT, own_words, signs_of, unsigned
from mailmap.mail.message import Message
from mailmap.mail.returned import written_to

MAX_WORDS = 500  # characters kept of what the server says about one recipient
MAX_FOUND = 500
MAX_IN_LINE = 5  # addresses of one line that are weighed
MAX_LABEL = 60  # characters before an address that can say what it is

BOUND = r"\s<>()\[\]\"',;:|=*（）：，；。、【】「」《》“”"  # characters that stand beside an address, Chinese ones too
ADDRESS = re.compile(rf"(?<![^{BOUND}])[^{BOUND}]+@(?:[A-Za-z0-9_-]+\.)*[A-Za-z0-9_-]+")
ORIGINAL = re.compile(r"original address[\s:]*$", re.IGNORECASE)
LEAD = re.compile(r"[\s>*•<\[\"'|-]*(?:smtp:)?$", re.IGNORECASE)
STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")


@dataclass(frozen=True, slots=True)
class Bounced:
    """One recipient a report names; ``delayed`` says that the server still tries."""

    address: str
    delayed: bool
    status: str
    words: str


def read_bounce(message: Message) -> tuple[Bounced, ...] | None:
    """Whom this mail says it could not deliver to, or None when it is no bounce."""
    signs = signs_of(message)
    if not signs.enough and not (signs.names and signs.says and unsigned(message)):
        return None
    lines = own_words(message.text)
    listed = _listed(message.header("X-Failed-Recipients") or "")
    certain, named = _named(lines, message)
    if not listed and not certain and not signs.enough:
        return None  # a person who tells of a failure
    delayed = still_tried(message.subject, lines)
    kept = _together(listed, named)
    return tuple(Bounced(address, delayed, _status(words), words[:MAX_WORDS]) for address, words in kept[:MAX_FOUND])


def still_tried(subject: str, lines: Sequence[str]) -> bool:
    """Whether a notice with this subject and these words says that the server has not given up."""
    told = "\n".join([subject[:MAX_SUBJECT], *lines])
    if GIVEN_UP.search(told):
        return False
    passing = FINAL.search(subject[:MAX_SUBJECT]) is None and PASSING.search(told) is not None
    return passing or STILL.search(told) is not None


def _together(listed: dict[str, str], named: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Each address once, with the first words about it; where a field lists them, the text only adds the words."""
    found: dict[str, tuple[str, str]] = {key: (address, "") for key, address in listed.items()}
    for address, words in named:
        key = address.lower()
        if (key in found and not found[key][1]) or (key not in found and not listed):
            found[key] = (address, words)
    return list(found.values())


def returned_to(message: Message) -> tuple[Bounced, ...]:
    """Whom the mail that a bounce returns was written to, for one that names nobody."""
    lines = own_words(message.text)
    address = written_to(message, "\n".join(message.text.split("\n", MAX_LINES)[len(lines) : MAX_LINES]))
    if not address or address.lower() in _correspondents(message):
        return ()
    return (Bounced(address, still_tried(message.subject, lines), "", ""),)


def _correspondents(message: Message) -> frozenset[str]:
    """Addresses that are ours or the reporter's, so no recipients that failed."""
    boxes = (*message.from_, *message.to, *message.reply_to)
    return frozenset(box.address.lower() for box in boxes if box.address)


def _listed(value: str) -> dict[str, str]:
    """The addresses of Exim's X-Failed-Recipients, by their lower case."""
    return {address.lower(): address for address in ADDRESS.findall(value[:10_000])}


def _named(lines: Sequence[str], message: Message) -> tuple[bool, list[tuple[str, str]]]:
    """Whether one begins a line, and the recipients: those with a label, else those of a sentence, else others."""
    others = _correspondents(message)
    listed = False
    strong: list[tuple[str, str]] = []
    weak: list[tuple[str, str]] = []
    copied: list[tuple[str, str]] = []
    rest: dict[str, tuple[str, str]] = {}
    for number, line, match in islice(_mentions(lines), MAX_FOUND * 2):
        address, before = match[0].strip(".!?"), line[: match.start()][-MAX_LABEL:]
        if COPIED.match(line):
            copied += [(address, "")] if line.lstrip()[:2].lower() == "to" else []
        elif not _is_foreign(address, before, others) and not _sent_by(lines, number, match):
            pair = (address, _words_about(lines, number, match.end()))
            rest[address.lower()] = pair
            if ORIGINAL.search(before) and strong:
                strong.pop()  # the line before had the address that this one became on the way
            leads = LEAD.fullmatch(before) is not None and _begins(lines, number, match)
            listed = listed or leads
            if leads or LABEL.search(before):
                strong.append(pair)
            elif FAILING.search(_sentence(lines, number, match.start())):
                weak.append(pair)
    alone = [*rest.values()] if len(rest) == 1 else []
    return listed, strong or weak or list(_without_domain(lines, message)) or copied or alone


def _mentions(lines: Sequence[str]) -> Iterator[tuple[int, str, re.Match[str]]]:
    """The addresses that are weighed, each with its line and the number of that."""
    for number, line in enumerate(lines):
        for match in islice(ADDRESS.finditer(line), MAX_IN_LINE):
            yield number, line, match


def _begins(lines: Sequence[str], number: int, match: re.Match[str]) -> bool:
    """Whether an address at the start of a line begins something, and is not a word of a sentence that was wrapped."""
    above = lines[number - 1].rstrip() if number else ""
    return not re.search(r"[\w,]$", above) or not re.search(r"\w", lines[number][match.end() :])


def _sent_by(lines: Sequence[str], number: int, match: re.Match[str]) -> bool:
    """Whether a line above an address that stands alone says that this is the sender."""
    if re.search(r"\w", lines[number][: match.start()]):
        return False
    above = next((line for line in reversed(lines[max(0, number - 2) : number]) if line.strip()), "")
    return SENT_BY.search(above[-MAX_LABEL:]) is not None


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
