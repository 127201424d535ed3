"""A mail understood as far as its own octets go: what it says, and what the papers it carries say.

Promises:  ``understand`` answers for every byte string. Together, then apart: one child of the sandbox reads a mail
           with its PDFs; when that child breaks, the mail is read without them and each paper in a child of
           its own, so that the one at fault is known by its name. Safe for use from many threads.
Never:     looks at an octet of a mail or a file in this process, beyond hashing it.
Fails:     with SandboxDown when no process can be started: try again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from hashlib import sha256
from typing import Self

from gateway.examine.containers.kinds import CARRIERS, KINDS
from gateway.examine.containers.opened import Opened
from gateway.examine.containers.opener import MODULE, Opener
from gateway.examine.parcel import Parcel, kinds_of, papers_of, unpacked
from gateway.examine.plain import NotPlain, Part, loaded
from gateway.examine.reader import CONTENT, Choice, Reader
from gateway.examine.sandbox import Reason, Refused, Sandbox
from gateway.examine.together import Sent, Together
from gateway.examine.unwrapping import Unwrapped, Unwrapping
from gateway.examine.walls import Limits, Walls
from mailmap.document.document import Fields
from mailmap.document.fields import read_fields
from mailmap.document.layout import read_document
from mailmap.document.page import Reading
from mailmap.document.several import told_by
from mailmap.mail.attachment import Attachment, Role
from mailmap.mail.message import Message
from mailmap.mail.reply import Reply
from mailmap.mail.report import Report
from mailmap.policy.decision import Unread

MAIL = "gateway.examine.mail"
OCTETS = "application/octet-stream"
LETTERS = 500_000
SPARE = 64 << 20  # octets an answer may be longer than the mail: header fields and texts as JSON
SCANS, ANNEX_SCANS = 3, 2  # papers of one mail that are recognised; of annexes the first page, for a mark of secrecy
CARRIED = frozenset({Role.DOCUMENT, Role.ANNEX, Role.MESSAGE, Role.UNKNOWN})
WHOLE = Choice(first=2, last=1)
PAGES = {"first": WHOLE.first, "last": WHOLE.last}
HEAD = Choice(first=1, last=0)


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that may be a document, and what was read of it; ``scanned``: it has pages that only recognition reads."""

    file: Attachment
    reading: Reading | Refused
    scanned: bool = False


@dataclass(frozen=True, slots=True)
class Understood:
    """One mail: its words, its papers, the fields that all of them tell, and what could not be read.

    ``waits`` says that pages are still to be recognised: ask again with ``recognise``.
    """

    message: Message
    reply: Reply
    report: Report | None
    fields: Fields
    papers: tuple[Paper, ...] = ()
    unread: tuple[Unread, ...] = ()
    waits: bool = False

    @property
    def carried(self) -> tuple[Attachment, ...]:
        """The files that may belong to a document."""
        return tuple(one for one in self.message.attachments if one.role in CARRIED)


@dataclass(frozen=True, slots=True)
class Rooms:
    """The modules whose functions the children run: ``look`` and ``kinds`` of one, ``read`` of the other."""

    mail: str = MAIL
    content: str = CONTENT


class Understander:
    """Reads mails and their PDFs in one sandbox; other files and scans in theirs, started when the first one comes."""

    def __init__(self, reader: Reader, *, rooms: Rooms | None = None, limits: Limits | None = None) -> None:
        self._reader = reader
        self._rooms = rooms or Rooms()
        self._limits = limits or Limits()
        self._sandbox = Sandbox([self._rooms.mail], limits=self._limits)
        self._files = Sandbox([self._rooms.content, MODULE], limits=self._limits)
        self._opener = Opener(self._files)

    def start(self) -> Self:
        """Start the processes that read now, rather than with the first mail."""
        _ = self._sandbox.nursery, self._files.nursery
        return self

    @property
    def walls(self) -> Walls:
        """Which walls hold around whoever reads."""
        return self._sandbox.walls

    @property
    def can_recognise(self) -> bool:
        """Whether scans can be read here."""
        return self._reader.can_recognise

    def close(self) -> None:
        """End the processes."""
        self._sandbox.close()
        self._files.close()
        self._reader.close()

    def understand(self, raw: bytes, today: date, *, recognise: bool) -> Understood:
        """The mail these octets are. ``today`` is the local day it came."""
        together = parcel = self._look(raw, papers=True)
        if isinstance(parcel, Refused):
            parcel = self._look(raw, papers=False)
        if isinstance(parcel, Refused):
            return _blank(raw, parcel)
        found = self._concluded(parcel, today, recognise=recognise)
        return _suspected(found, together) if isinstance(together, Refused) else found

    def understand_all(self, mails: Sequence[Sent], days: Sequence[date]) -> list[Understood]:
        """Several mails, in their order, scans not recognised: read together where that is safe, else each alone."""
        together = Together(self._sandbox, self._rooms.mail, self._limits)
        parcels = together.parcels(mails, PAGES) if len(mails) > 1 else [None] * len(mails)
        return [
            self.understand(mail.raw, day, recognise=False)
            if parcel is None
            else self._concluded(parcel, day, recognise=False)
            for mail, day, parcel in zip(mails, days, parcels, strict=True)
        ]

    def _concluded(self, parcel: Parcel, today: date, *, recognise: bool) -> Understood:
        opened = self._opened(parcel.message) if parcel.report is None else Unwrapped(parcel.message)
        papers = self._papers(parcel, opened) if parcel.report is None else ()
        waits = any(paper.scanned for paper in papers) and self._reader.can_recognise
        if waits and recognise:
            papers, waits = self._recognised(papers), False
        return _understood(parcel, opened, papers, today, waits=waits)

    def kind(self, content: bytes) -> str:
        """The media type of a file; plain octets when even that question breaks its child."""
        return self._kinds([content])[0]

    def _kinds(self, contents: Sequence[bytes]) -> Sequence[str]:
        unknown = [OCTETS] * len(contents)
        if not contents:
            return unknown
        told = self._sandbox.run(
            f"{self._rooms.mail}:kinds", b"".join(contents), lengths=[len(each) for each in contents]
        )
        try:
            return unknown if isinstance(told, Refused) else kinds_of(told, len(contents))
        except NotPlain:
            return unknown

    def file(self, content: bytes, name: str, kind: str, today: date) -> Understood:
        """A file that came by no mail: itself the only paper, its scans recognised."""
        digest = sha256(content).hexdigest()
        alone = Attachment(0, name, "", kind, len(content), digest, Role.DOCUMENT, content)
        message = Message(None, "", (), (), None, alone.sha256, len(content), attachments=(alone,), content_type=kind)
        parcel = Parcel(message, Reply("", "", ""), None)
        opened = self._opened(message)
        return _understood(parcel, opened, self._recognised(self._papers(parcel, opened)), today, waits=False)

    def mail_in(self, content: bytes, kind: str) -> bytes | None:
        """The mail that a file holds (.msg, .p7m, winmail.dat), as RFC 5322 octets; None when it holds none."""
        opened = self._opener.unwrap(content, kind) if kind in CARRIERS else None
        return opened.mail if isinstance(opened, Opened) else None

    def _look(self, raw: bytes, *, papers: bool) -> Parcel | Refused:
        limits = replace(self._limits, answer=3 * len(raw) + SPARE)
        told = self._sandbox.run(
            f"{self._rooms.mail}:look", raw, limits=limits, papers=papers, first=WHOLE.first, last=WHOLE.last
        )
        if isinstance(told, Refused):
            return told
        try:
            return unpacked(told)
        except NotPlain:
            return Refused(Reason.UNREADABLE, "NotPlain")

    def _opened(self, message: Message) -> Unwrapped:
        """The message with its containers opened."""
        if not any(one.type in KINDS for one in message.attachments):
            return Unwrapped(message)
        unwrapping = Unwrapping(self._opener, lambda raw: self._look(raw, papers=False), self._kinds)
        return unwrapping.unwrap(message)

    def _papers(self, parcel: Parcel, opened: Unwrapped) -> tuple[Paper, ...]:
        """What the mail's child read of them; else each in a child of its own."""
        files = (*opened.message.attachments, *opened.inside)
        read = {one.sha256: place for place, one in enumerate(parcel.message.attachments)}
        return tuple(self._paper(parcel, read.get(files[place].sha256), files[place]) for place in papers_of(files))

    def _paper(self, parcel: Parcel, place: int | None, file: Attachment) -> Paper:
        if place is not None and place in parcel.failed:
            return Paper(file, Refused(Reason.UNREADABLE, parcel.failed[place]))
        part = parcel.parts.get(-1 if place is None else place) or self._text(file.content)
        return Paper(file, part) if isinstance(part, Refused) else Paper(file, part.reading, bool(part.pictures))

    def _text(self, content: bytes) -> Part | Refused:
        told = self._files.run(f"{self._rooms.content}:read", content, first=WHOLE.first, last=WHOLE.last, most=LETTERS)
        try:
            return told if isinstance(told, Refused) else loaded(told)
        except NotPlain:
            return Refused(Reason.UNREADABLE, "NotPlain")

    def _recognised(self, papers: Sequence[Paper]) -> tuple[Paper, ...]:
        """The papers with their scans read: of documents the chosen pages, of annexes the first; not too many."""
        left = {Role.DOCUMENT: SCANS, Role.ANNEX: ANNEX_SCANS}
        found = []
        for paper in papers:
            if paper.scanned and left[paper.file.role]:
                left[paper.file.role] -= 1
                choice = WHOLE if paper.file.role is Role.DOCUMENT else HEAD
                found.append(replace(paper, reading=self._reader.read(paper.file.content, choice)))
            else:
                found.append(paper)
        return tuple(found)


@cache
def shared() -> Understander:
    """The one understander of this process; its children end with the process."""
    return Understander(Reader())


def _understood(parcel: Parcel, opened: Unwrapped, papers: Sequence[Paper], today: date, *, waits: bool) -> Understood:
    message = opened.message
    names = [one.name for one in message.attachments if one.role in CARRIED and one.name]
    mail = _said(parcel, message, names, today)
    annexes = [*_told(papers, Role.ANNEX, today), *_marked(opened, today)]
    fields = told_by(mail, _told(papers, Role.DOCUMENT, today), annexes, sealed=any(map(_sealed, papers)))
    unread = (*opened.unread, *(one for paper in papers if (one := _unread(paper))))
    return Understood(message, parcel.reply, parcel.report, fields, tuple(papers), unread, waits)


def _said(parcel: Parcel, message: Message, names: Sequence[str], today: date) -> Fields:
    """What the mail itself says; of what it quotes or passes on, marks alone: the numbers there are another mail's."""
    whole = read_fields(message.subject, names, message.text, today)
    if parcel.message.text.strip() in {"", parcel.reply.text.strip()}:
        return whole
    own = read_fields(message.subject, names, parcel.reply.text, today)
    return replace(own, secrecy=whole.secrecy, urgency=whole.urgency)


def _marked(opened: Unwrapped, today: date) -> Iterator[Fields]:
    """The marks of secrecy in the names of all files and folders, and in the subjects and texts of enclosed mails."""
    names = [one.name for one in (*opened.message.attachments, *opened.inside) if one.name]
    names += [part for folder in opened.folders for part in folder.split("/")]
    for subject, text in [("", ""), *((mail.subject, mail.text) for mail in opened.enclosed)]:
        yield Fields(secrecy=read_fields(subject, names, text, today).secrecy)


def _told(papers: Sequence[Paper], role: Role, today: date) -> list[Fields]:
    readings = (paper.reading for paper in papers if paper.file.role is role)
    return [read_document(reading, today) for reading in readings if isinstance(reading, Reading)]


def _sealed(paper: Paper) -> bool:
    """Whether this is a document of which not one line could be read."""
    reading = paper.reading
    read = isinstance(reading, Reading) and any(page.lines for page in reading.pages)
    return paper.file.role is Role.DOCUMENT and not read


def _unread(paper: Paper) -> Unread | None:
    name = paper.file.name or ""
    if isinstance(paper.reading, Refused):
        return Unread(name, paper.reading.reason.value)
    return Unread(name, Unread.LOCKED) if Unread.LOCKED in paper.reading.defects else None


def _suspected(found: Understood, together: Refused) -> Understood:
    """A mail that was too much for its child: when no paper alone is, any of its files may be to blame."""
    if any(one.harmful for one in found.unread):
        return found
    names = [one.name or "" for one in found.message.attachments] or [""]
    return replace(found, unread=(*found.unread, *(Unread(name, together.reason.value) for name in names)))


def _blank(raw: bytes, refused: Refused) -> Understood:
    """A mail that broke whoever read it: nothing is known of it but its octets."""
    message = Message(None, "", (), (), None, sha256(raw).hexdigest(), len(raw), defects=("not readable",))
    return Understood(message, Reply("", "", ""), None, Fields(), unread=(Unread(None, refused.reason.value),))
