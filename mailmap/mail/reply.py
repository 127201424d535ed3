"""What is new in an answer: without the quoted mail, without the signature, without "RE:".

Promises:  the words the sender added, wherever they stand (above, below or between the quoted lines); the quoted words;
           the subject as the first mail had it; and whether the mail answers, forwards or is new by its subject.
Never:     loses a line: each is in ``text``, ``quoted`` or ``signature``.
Fails:     never.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from mailmap.mail.quoting import RULE, SEPARATOR, attribution_at, block_at, start_of_quote

SIGNED = 12  # lines a signature may have below "Trân trọng"
MAX_LINES = 10_000  # lines that are looked at; what stands below them counts as new
SHORT = 100  # characters of its longest line


class Kind(StrEnum):
    """What a mail is by its subject: the first prefix decides, for "FW: RE: x" is a forward."""

    NEW = "new"
    ANSWER = "answer"
    FORWARD = "forward"


@dataclass(frozen=True, slots=True)
class Reply:
    """The new words, the quoted ones, the signature, the bare subject, and what the subject says the mail is."""

    text: str
    quoted: str
    subject: str
    kind: Kind = Kind.NEW
    signature: str = ""


ANSWERS = "re|aw|antw|antwort|sv|vs|odp|rif|res|ynt|hồi âm|tl|trả lời|tra loi|phản hồi|回复|答复|回覆|отв|отг"
FORWARDS = "fw|fwd|wg|tr|rv|enc|vb|vl|doorst|pd|ct|chuyển tiếp|chuyen tiep|转发|轉寄|пересл"
PREFIX = re.compile(
    rf"\s*(?:(?P<answer>{ANSWERS})|(?P<forward>{FORWARDS}))"
    r"\s*(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,3}|\d{1,2})?\s*[:：]\s*",
    re.IGNORECASE,
)
UNSEEN = re.compile("[\u200b-\u200d\u2060\ufeff]")
DELIMITER = re.compile(r"\s*(--|—|__)\s*")
FOOTER = re.compile(r"mailing list|listinfo|unsubscribe|mailman", re.IGNORECASE)
DEVICE = re.compile(
    r"(sent (from|via|with|by)|get outlook for|von meinem .{1,30}gesendet|envoyé (de|depuis)|enviado (desde|do)"
    r"|inviato da|(đã |được )?gửi từ|tải outlook|lấy outlook|outlook cho)\b[^,.;!?]{1,60}\.?",
    re.IGNORECASE,
)
CLOSING = re.compile(
    r"((xin )?(trân trọng|kính thư|kính chào|thân ái|thân mến|tran trong)( c[ảá]m ơn| thông báo| kính chào| báo cáo)?"
    r"|((best|kind|warm) )?regards|sincerely( yours)?|yours (sincerely|faithfully)|mit freundlichen grüßen"
    r"|cordialement)[\s!.,/;]*",
    re.IGNORECASE,
)
DASHED = re.compile(r"[-–—]([^\W\d_]+\.?)( [^\W\d_]+\.?){1,3}")


def read_reply(text: str, subject: str) -> Reply:
    """The new words of a mail whose plain text and subject these are."""
    bare, kind = bare_subject(subject)
    lines = [line.rstrip() for line in UNSEEN.sub("", text.replace("\r\n", "\n")).split("\n")]
    marks = _marks(lines)
    _mark_signatures(lines, marks)
    new, quoted, signature = (_gathered(lines, marks, mark) for mark in "NQS")
    return Reply(new, quoted, bare, kind, signature)


def bare_subject(subject: str) -> tuple[str, Kind]:
    """The subject without its answer and forward prefixes, and what the first of them says."""
    kind, position = Kind.NEW, 0
    while match := PREFIX.match(subject, position):
        if kind is Kind.NEW:
            kind = Kind.ANSWER if match["answer"] else Kind.FORWARD
        position = match.end()
    return subject[position:].strip(), kind


def _marks(lines: Sequence[str]) -> list[str]:
    """For each line N (new) or Q (quoted)."""
    marks = ["N"] * len(lines)
    number = 0
    while number < min(len(lines), MAX_LINES):
        if SEPARATOR.fullmatch(lines[number][:200]):
            return _quoted_from(marks, number)
        if block_at(lines, number):
            return _quoted_from(marks, start_of_quote(lines, number))
        count = attribution_at(lines, number)
        if count and not _marked_quote_follows(lines, number + count):
            return _quoted_from(marks, number)
        if count or lines[number].startswith(">"):
            marks[number : number + max(count, 1)] = "Q" * max(count, 1)
        number += max(count, 1)
    return _with_wrapped(lines, marks)


def _quoted_from(marks: list[str], number: int) -> list[str]:
    marks[number:] = "Q" * (len(marks) - number)
    return marks


def _marked_quote_follows(lines: Sequence[str], number: int) -> bool:
    """Whether the next words are marked with ``>``."""
    following = next((line for line in lines[number : number + 4] if line), "")
    return following.startswith(">")


def _with_wrapped(lines: Sequence[str], marks: list[str]) -> list[str]:
    """Counts lines a mail program broke off a quoted line, directly between two quoted ones, as quoted."""
    for number in range(1, len(lines) - 1):
        around = lines[number - 1].startswith(">") and lines[number + 1].startswith(">")
        if around and lines[number] and len(lines[number - 1]) > SHORT // 2:
            marks[number] = "Q"
    return marks


def _mark_signatures(lines: Sequence[str], marks: list[str]) -> None:
    """Marks S what signs each run of new lines, up to the next quoted line or to the end.

    What stands below a device's own line ("Sent from my iPhone") is the old mail: such programs quote without a mark.
    """
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and marks[end] == "N":
            end += 1
        run = lines[start:end]
        cut = _signature(run)
        if cut < len(run) and DEVICE.fullmatch(run[cut].strip()):
            marks[start + cut + 1 : end] = "Q" * (end - start - cut - 1)
            marks[start + cut] = "S"
        elif cut < len(run):
            marks[start + cut : end] = "S" * (end - start - cut)
        start = end + 1


def _signature(run: Sequence[str]) -> int:
    """Where the signature of these lines starts: their number when there is none."""
    cut = next((number for number in range(len(run)) if _signs(run, number)), len(run))
    last = next((number for number in range(cut - 1, -1, -1) if run[number]), 0)
    named = last and not run[last - 1] and any(run[:last]) and _is_name(run[last])
    return last if named and not (cut < len(run) and DEVICE.fullmatch(run[cut].strip())) else cut


def _signs(run: Sequence[str], number: int) -> bool:
    """Whether a signature starts at this line: its delimiter, a list's footer, a device's words, "Trân trọng"."""
    line = run[number].strip()
    if DELIMITER.fullmatch(line) or DEVICE.fullmatch(line) or _footer(run, number):
        return True
    return CLOSING.fullmatch(line) is not None and _may_sign(run, number)


def _footer(run: Sequence[str], number: int) -> bool:
    """A rule with a mailing list's words below it."""
    return RULE.fullmatch(run[number]) is not None and FOOTER.search(" ".join(run[number + 1 : number + 4])) is not None


def _may_sign(run: Sequence[str], number: int) -> bool:
    """Whether few and short lines follow, as they do below a closing word."""
    said = list(islice((run[n] for n in range(number + 1, len(run)) if run[n]), SIGNED + 1))
    return len(said) <= SIGNED and all(len(line) <= SHORT for line in said)


def _is_name(line: str) -> bool:
    """A dash and a name, the way some people sign: "-Nguyễn Văn A"."""
    words = line[1:].split()
    return DASHED.fullmatch(line) is not None and all(word[0].isupper() and not word.isupper() for word in words)


def _gathered(lines: Sequence[str], marks: Sequence[str], mark: str) -> str:
    """The lines with this mark, without the gaps the others leave."""
    kept = [line for line, its in zip(lines, marks, strict=True) if its == mark]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip("\n")
