"""One accepted mail, read and understood as far as its own octets go.

Promises:  ``prepare`` answers for every mail; what could not be read is told, and is no error.
Never:     writes anything, asks the database, trusts a declared type, or reads hostile octets in this process.
Fails:     SandboxDown when they can be read nowhere: try again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.examine.together import Sent
from gateway.examine.understanding import Understander, Understood
from mailmap.directory.address import fold
from mailmap.directory.mentions import blocks
from mailmap.document.document import Enclosure, Fields
from mailmap.mail.attachment import Attachment
from mailmap.mail.message import Message
from mailmap.mail.reply import Reply
from mailmap.mail.report import Report
from mailmap.policy.case import HANOI
from mailmap.policy.decision import Unread
from storage.incoming import Waiting


@dataclass(frozen=True, slots=True)
class Prepared:
    """A waiting mail with what its octets say; ``sender`` is the folded From address ('' unless there is one).

    ``named`` is where its text names recipients ("Kính gửi:", "Nơi nhận:"), as it is written. ``waits``: pages of its
    papers are still to be recognised.
    """

    waiting: Waiting
    message: Message
    sender: str
    fields: Fields
    carried: tuple[Attachment, ...]
    answer: str
    report: Report | None
    named: str = ""
    unread: tuple[Unread, ...] = ()
    waits: bool = False

    @property
    def enclosures(self) -> tuple[Enclosure, ...]:
        """The files that belong to the document, as the register keeps them."""
        return enclosures_of(self.carried)

    @property
    def classified(self) -> bool:
        """Whether a mark of state secrecy was seen anywhere: then no copy of a file is made."""
        return self.fields.secrecy is not None


def prepare(
    mails: Sequence[Waiting], raws: Sequence[bytes], understander: Understander, *, recognise: bool
) -> list[Prepared]:
    """Understand the octets of these mails; scans only when they are to be recognised now."""
    days = [one.received_at.astimezone(HANOI).date() for one in mails]
    if recognise:
        both = zip(raws, days, strict=True)
        found = [understander.understand(raw, day, recognise=True) for raw, day in both]
    else:
        sent = [Sent(raw, proven_sender(one)) for one, raw in zip(mails, raws, strict=True)]
        found = understander.understand_all(sent, days)
    return [_prepared(one, read) for one, read in zip(mails, found, strict=True)]


def proven_sender(waiting: Waiting) -> str:
    """Whose files may be read by one child: those of one login, or of one sender of a relay that we trust."""
    arrival = waiting.arrival
    if arrival.login:
        return f"login {arrival.login}"
    return f"relay {arrival.peer} {waiting.envelope.sender}" if arrival.trusted else f"mail {waiting.spool_id}"


def _prepared(waiting: Waiting, found: Understood) -> Prepared:
    message, reply = found.message, found.reply
    read = (waiting, message, sender_of(message), found.fields, found.carried, reply.text, found.report)
    waits = found.waits and found.fields.secrecy is None  # what bears a mark goes under lock at once
    return Prepared(*read, named=named_in(reply), unread=found.unread, waits=waits)


def named_in(reply: Reply) -> str:
    """Where a person names recipients in the text of a mail, its signature too: "Nơi nhận:" stands below the name."""
    return "\n".join(blocks(f"{reply.text}\n{reply.signature}"))


def sender_of(message: Message) -> str:
    """The one From address, folded; '' when there is none or more than one."""
    return fold(message.from_[0].address) if len(message.from_) == 1 else ""


def enclosures_of(carried: Sequence[Attachment]) -> tuple[Enclosure, ...]:
    """The files as the register keeps them; one without a name gets one."""
    return tuple(_enclosure(n, one) for n, one in enumerate(carried, 1))


def _enclosure(number: int, one: Attachment) -> Enclosure:
    name = one.name or f"tep-dinh-kem-{number}"
    return Enclosure(name, one.type, one.size, one.sha256, one.role.value)
