"""What the containers of a mail hold: files a person attached, whatever they were wrapped in on the way.

Promises:  a mail in a mail (winmail.dat, .msg, .p7m, an enclosed mail) gives way to its files; an archive stays as it
           came, and its files are only looked at. Each file has its true type and its role among the others.
Never:     reads an octet of a container in this process; opens what a report returns.
Fails:     with SandboxDown when no process can be started: try again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Protocol

from gateway.examine.containers.kinds import CARRIERS, KINDS
from gateway.examine.containers.opened import Budget, Defect, Enclosed, Opened, key
from gateway.examine.filetype import MAIL, TNEF
from gateway.examine.parcel import Parcel
from gateway.examine.sandbox import Reason, Refused
from mailmap.mail.attachment import Attachment, Role
from mailmap.mail.message import Message
from mailmap.mail.roles import Clue, roles
from mailmap.policy.decision import Unread

LEFT_ALONE = frozenset({Role.SIGNATURE, Role.REPORT, Role.CALENDAR, Role.LOGO})
MOST_CONTAINERS = 40  # of one mail are opened: each costs a process
NESTED, MOST_NESTED = 2, 3  # levels of mails in an enclosed mail, and mails of each level, whose words are looked at
TOLD = {
    Defect.ENCRYPTED: Unread.LOCKED,
    Defect.DAMAGED: Unread.DAMAGED,
    Defect.UNKNOWN: Unread.DAMAGED,
    Defect.BOMB: Reason.FLOOD.value,
    Defect.TOO_BIG: Reason.MEMORY.value,
    Defect.TOO_MANY: Reason.FLOOD.value,
}


class Opens(Protocol):
    """Whoever opens containers."""

    def unwrap(self, content: bytes, kind: str, limits: Budget | None = None) -> Opened | Refused:
        """What is inside, down to what is no container any more."""


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """A mail as its author filled it: ``inside`` are files that lie in archives; ``unread`` what did not open.

    ``enclosed`` are the mails that gave way to their files, ``folders`` the names over files in archives: what they say
    may still bear a mark of secrecy.
    """

    message: Message
    inside: tuple[Attachment, ...] = ()
    unread: tuple[Unread, ...] = ()
    enclosed: tuple[Message, ...] = ()
    folders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unwrapping:
    """How containers are opened, mails in them read, and the types of files found out."""

    opener: Opens
    look: Callable[[bytes], Parcel | Refused]
    kinds: Callable[[Sequence[bytes]], Sequence[str]]

    def unwrap(self, message: Message) -> Unwrapped:
        """The message with its containers opened."""
        kept: list[Attachment] = []
        inside: list[Attachment] = []
        unread: list[Unread] = []
        enclosed: list[Message] = []
        folders: list[str] = []
        budget = Budget()  # one for all that a mail carries
        wrapped = [one for one in message.attachments if one.type in KINDS and one.role not in LEFT_ALONE]
        unread += [Unread(one.name or "", Reason.FLOOD.value) for one in wrapped[MOST_CONTAINERS:][:1]]
        opens = {id(one) for one in wrapped[:MOST_CONTAINERS]}
        for one in message.attachments:
            if id(one) not in opens:
                kept.append(one)
                continue
            opened = self.opener.unwrap(one.content, one.type, budget)
            budget = budget if isinstance(opened, Refused) else budget.less(opened)
            unread += _unread(one, opened)
            files, mail = self._files(one, opened)
            enclosed += self._said(mail, NESTED) if mail else []
            folders += () if isinstance(opened, Refused) else (each.folder for each in opened.files if each.folder)
            carrier = one.type in CARRIERS or one.type == TNEF
            message = _with_words(message, mail) if carrier and mail else message
            if carrier:
                kept += files or (one,)
            else:
                kept.append(one)
                inside += files
        whole = replace(message, attachments=_placed(kept))
        return Unwrapped(whole, _placed(inside), tuple(unread), tuple(enclosed), tuple(dict.fromkeys(folders)))

    def _said(self, mail: Message, levels: int) -> Iterator[Message]:
        """The mail and those enclosed in it, so many levels down."""
        yield mail
        inner = [one for one in mail.attachments if one.type == MAIL][: MOST_NESTED if levels else 0]
        for parcel in (self.look(one.content) for one in inner):
            if isinstance(parcel, Parcel):
                yield from self._said(parcel.message, levels - 1)

    def _files(self, one: Attachment, opened: Opened | Refused) -> tuple[tuple[Attachment, ...], Message | None]:
        """The files of a container, and the mail that lay in it."""
        if isinstance(opened, Refused):
            return (), None
        parcel = self.look(opened.mail) if opened.mail is not None else None
        mail = parcel.message if isinstance(parcel, Parcel) else None
        enclosed = opened.files
        types = self.kinds([each.content for each in enclosed])
        files = [_attached(one, each, kind) for each, kind in zip(enclosed, types, strict=True)]
        return (*(mail.attachments if mail else ()), *files), mail


def _unread(one: Attachment, opened: Opened | Refused) -> Iterator[Unread]:
    name = one.name or ""
    if isinstance(opened, Refused):
        yield Unread(name, opened.reason.value)
        return
    yield from (Unread(name, TOLD[Defect(defect)], key(defect)) for defect in opened.defects)


def _attached(container: Attachment, file: Enclosed, kind: str) -> Attachment:
    digest = sha256(file.content).hexdigest()
    return Attachment(
        container.part, file.name, "", kind, len(file.content), digest, Role.UNKNOWN, file.content
    )  # fmt: skip


def _with_words(message: Message, mail: Message) -> Message:
    """What was written inside, where the mail around it says nothing."""
    return message if message.text.strip() else replace(message, text=mail.text, html=mail.html)


def _placed(files: Sequence[Attachment]) -> tuple[Attachment, ...]:
    """The files with the role each has among the others; those whose role is plain keep it."""
    open_ones = [one for one in files if one.role not in LEFT_ALONE | {Role.INLINE}]
    clues = [Clue(one.declared_type, one.type, one.name, one.size, inline=False, shown=False) for one in open_ones]
    found = iter(roles(clues))
    return tuple(replace(one, role=next(found)) if one in open_ones else one for one in files)
