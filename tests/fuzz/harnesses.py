"""What is fuzzed: each harness turns octets into one reader's input, calls it, and says what must always hold.

Promises:  an input of any octets is answered without an exception and within ``Harness.allowed`` seconds of work; what
           is said holds only clean text, nothing doubled and nothing invented. ``tried`` judges time and all of it.
Never:     needs more than the corpus; the samples are further seeds where they are on this machine.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, fields, is_dataclass
from hashlib import sha256
from io import BytesIO

from gateway.examine.containers import tray
from gateway.examine.containers.kinds import KINDS
from gateway.examine.containers.opened import Budget
from gateway.examine.containers.tasks import take
from gateway.examine.filetype import sniff
from gateway.examine.markup import read_html, read_text
from gateway.examine.old_word import Encrypted, NotWord, read_doc
from gateway.examine.parcel import Parcel, packed, unpacked
from gateway.examine.plain import NotPlain, Part, dumped, loaded
from gateway.examine.rich import read_rtf
from mailmap.document.fields import read_fields, told_fields
from mailmap.document.layout import read_document
from mailmap.document.page import Box, Line, Origin, Page, Reading
from mailmap.lettering.restoring import restored
from mailmap.mail.automatic import is_automatic
from mailmap.mail.charset import UNPRINTABLE, clean
from mailmap.mail.parse import parse
from mailmap.mail.reply import read_reply
from mailmap.mail.report import read_report
from mailmap.policy.commands import read_command
from tests.fuzz import seeds
from tests.mailmap.cases import PHRASES, TODAY
from tests.mailmap.mails import typed

MOST_DEFECTS = 50
UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
BUDGET = Budget(files=50, total=8 << 20, single=4 << 20)


class Slow(Exception):
    """An input took longer than its reader is allowed."""


@dataclass(frozen=True, slots=True)
class Harness:
    """One reader under test; ``words`` are what its inputs are made of, ``allowed`` seconds for one input."""

    check: Callable[[bytes], None]
    seeds: Callable[[], Iterable[bytes]]
    words: tuple[bytes, ...] = ()
    allowed: float = 1.0


def tried(harness: Harness, raw: bytes, slower: float = 1.0) -> float:
    """The seconds the reader took for these octets; ``slower`` is what watching its lines costs."""
    before = time.process_time()
    harness.check(raw)
    took = time.process_time() - before
    if took > harness.allowed * slower:
        raise Slow(f"{took:.1f} s for {len(raw)} octets")
    return took


def strings(value: object) -> Iterator[str]:
    """Every string in a value made of frozen dataclasses and tuples."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from strings(getattr(value, field.name))
    elif isinstance(value, tuple | list | frozenset):
        for one in value:
            yield from strings(one)


def assert_clean(*values: object) -> None:
    """No control character and no half of a letter in anything that is said."""
    for text in strings(values):
        assert not UNPRINTABLE.search(text), repr(text[:200])
        text.encode("utf-8")


def as_text(raw: bytes) -> str:
    """The octets as the readers behind the parser get text: clean and NFC."""
    return clean(raw.decode("utf-8", "replace"))


def mail(raw: bytes) -> None:
    """Parse: sizes and digests agree with contents, and no octet is in two attachments."""
    message = parse(raw, typed)
    assert_clean(message)
    assert message.size == len(raw)
    assert len(message.defects) <= MOST_DEFECTS
    assert sum(one.size for one in message.attachments) <= 2 * len(raw)  # UTF-16 may grow in UTF-8
    for one in message.attachments:
        assert (one.size, one.sha256) == (len(one.content), sha256(one.content).hexdigest())
    assert is_automatic(message) is None or message.headers or message.subject


def report(raw: bytes) -> None:
    """Reports: each recipient once, everything about it clean."""
    message = parse(raw, typed)
    told = read_report(message)
    if told is not None:
        assert_clean(told)
        named = [one.address.lower() for one in told.recipients]
        assert len(set(named)) == len(named)


def reply(raw: bytes) -> None:
    """Answers: the first line is the subject; every letter of the rest comes out once, as new, quoted or signed."""
    subject, _, text = as_text(raw).partition("\n")
    told = read_reply(text, subject)
    assert_clean(told)
    assert len(told.subject) <= len(subject)
    kept, meant = letters_of(told.text, told.quoted, told.signature), letters_of(text)
    assert kept == meant, f"nobody wrote {kept - meant}, lost are {meant - kept}"


def letters_of(*parts: str) -> Counter[str]:
    """How often each visible character stands there: a line may hold new words and the start of a quote."""
    return Counter("".join(UNSEEN.sub("", "".join(parts)).split()))


def document_fields(raw: bytes) -> None:
    """Fields of a mail: subject, then file names, then behind an empty line the body."""
    head, _, body = as_text(raw).partition("\n\n")
    subject, *names = head.split("\n")
    told = read_fields(subject, names, body, TODAY)
    assert_clean(told)
    assert_sure(told)
    answer = told_fields(as_text(raw), TODAY)
    if answer is not None:
        assert_clean(answer)
        assert_sure(answer)


def assert_sure(told: object) -> None:
    """Confidences are shares, and a number is one that papers bear."""
    for field in fields(told):  # type: ignore[arg-type]
        seen = getattr(told, field.name)
        assert seen is None or 0 <= seen.confidence <= 1, field.name
        assert seen is None or seen.source
    symbol = told.symbol  # type: ignore[attr-defined]
    assert symbol is None or symbol.value.number >= 0


def layout(raw: bytes) -> None:
    """Fields of pages, each line of which is written as ``seeds.page_text`` does."""
    told = read_document(pages_of(as_text(raw)), TODAY)
    assert_clean(told)
    assert_sure(told)


def pages_of(text: str) -> Reading:
    """The pages of a text: its lines, with or without their places."""
    sheets = [page.split("\n") for page in text.split("\n\n\n")]
    pages = tuple(
        Page(number, tuple(map(placed, lines)), 595.0, 842.0, Origin.OCR if "~" in lines[0] else Origin.TEXT)
        for number, lines in enumerate(sheets, 1)
    )
    return Reading(pages, len(pages))


def placed(line: str) -> Line:
    """A line "left top right bottom sure bold|text"; anything else is its own text."""
    place, bar, text = line.partition("|")
    try:
        left, top, right, bottom, sure, bold = (float(number) for number in place.split(" "))
    except ValueError:
        return Line(line)
    edges = [min(max(edge, -1e6), 1e6) for edge in (left, top, right, bottom)]
    return Line(text, Box(*edges), min(max(sure, 0.0), 1.0), bold > 0) if bar else Line(text)


def parcel(raw: bytes) -> None:
    """A mail on its way out of the sandbox arrives as it left; octets that are no parcel are not plain."""
    message = parse(raw, typed)
    sent = Parcel(message, read_reply(message.text, message.subject), read_report(message))
    assert unpacked(packed(sent)) == sent
    try:
        assert isinstance(unpacked(raw), Parcel)
    except NotPlain:
        return


def container(raw: bytes) -> None:
    """Whatever is wrapped: no more comes out than the budget allows, under names that lead nowhere."""
    kind = sniff(raw)
    if kind not in KINDS:
        return
    told = tray.loaded(BytesIO(take(raw, kind=kind, budget=asdict(BUDGET))))
    files = told.opened.files
    assert_clean(*((file.name or "", file.folder) for file in files), told.opened.defects)
    assert len(files) <= BUDGET.files
    assert sum(len(file.content) for file in files) + len(told.opened.mail or b"") <= BUDGET.total
    assert not [file.name for file in files if "/" in (file.name or "") or file.name in {".", ".."}]
    if told.opened.mail is not None:
        mail(told.opened.mail)


def child(raw: bytes) -> None:
    """What a child of the sandbox tells: a reading that it would tell again, or not plain."""
    try:
        part = loaded(raw)
    except NotPlain:
        return
    read_document(part.reading, TODAY)
    assert isinstance(loaded(dumped(part)), Part)


def command(raw: bytes) -> None:
    """Words of an answer: a command, or none."""
    told = read_command(as_text(raw), PHRASES, TODAY)
    if told is not None:
        assert_clean(told)
        assert told.name


def lettering(raw: bytes) -> None:
    """Old alphabets: nothing changes unless an alphabet is named; lines stay lines."""
    for text, octets in ((as_text(raw), None), (raw.decode("cp1252", "replace"), raw.decode("latin-1"))):
        told = restored(text, octets)
        assert told.alphabets or told.text == text
        assert told.text.count("\n") == text.count("\n")


def filetype(raw: bytes) -> None:
    """One media type in lower case."""
    kind = sniff(raw)
    assert kind == kind.lower()
    assert kind.count("/") == 1


def texts(raw: bytes) -> None:
    """Files without pages: plain text and old Word always end in lines or in a word about it."""
    assert_lines(read_text(raw))
    try:
        assert_lines(read_doc(raw))
    except (NotWord, Encrypted):
        return


def markup(raw: bytes) -> None:
    """Web pages and RTF: whatever they hold, lines come out clean (their libraries may fail, but not hang)."""
    for reader in (read_html, read_rtf):
        try:
            lines = reader(raw)
        except (ValueError, LookupError, AttributeError, TypeError, RecursionError, AssertionError):
            continue  # the sandbox answers for it
        assert_lines(lines)


def assert_lines(lines: tuple[Line, ...]) -> None:
    """Lines with words in them, on one line each."""
    assert_clean(lines)
    assert all(line.text.strip() and "\n" not in line.text for line in lines)


HARNESSES: dict[str, Harness] = {
    "mail": Harness(mail, seeds.mails, seeds.MAIL_WORDS),
    "report": Harness(report, seeds.bounces, seeds.MAIL_WORDS + seeds.BOUNCE_WORDS),
    "reply": Harness(reply, seeds.replies, seeds.REPLY_WORDS),
    "fields": Harness(document_fields, seeds.subjects, seeds.FIELD_WORDS),
    "layout": Harness(layout, seeds.pages, seeds.FIELD_WORDS),
    "parcel": Harness(parcel, seeds.mails, seeds.MAIL_WORDS),
    "container": Harness(container, seeds.containers, seeds.WRAPPING_WORDS),
    "child": Harness(child, seeds.readings, (b'"text"', b'"ocr"', b"null", b"NaN", b"1e999")),
    "command": Harness(command, seeds.answers, seeds.COMMAND_WORDS),
    "lettering": Harness(lettering, seeds.old_letters, seeds.OLD_WORDS),
    "filetype": Harness(filetype, seeds.files, (b"PK\x01\x02", b"PK\x05\x06", b"%PDF-1.4", b"mimetype")),
    "texts": Harness(texts, seeds.old_files, (b"\xa5\xec", b"\xec\xa5")),
    "markup": Harness(markup, seeds.marked, seeds.MARKUP_WORDS),
}
