"""One accepted mail, read and understood as far as its own octets go.

Promises:  ``prepare`` answers for every mail; what could not be read is a defect of the message, not an error.
Never:     writes anything, asks the database, or trusts a declared type.
Fails:     OSError when the octets cannot be fetched: try again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from mailmap.directory.address import fold
from mailmap.directory.mentions import blocks
from mailmap.document.document import Enclosure, Fields
from mailmap.document.fields import read_fields
from mailmap.mail.attachment import Attachment, Role
from mailmap.mail.message import Message
from mailmap.mail.parse import parse
from mailmap.mail.reply import Reply, read_reply
from mailmap.mail.report import Report, read_report
from storage.incoming import Waiting

CARRIED = frozenset({Role.DOCUMENT, Role.ANNEX, Role.MESSAGE, Role.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Prepared:
    """A waiting mail with what its octets say; ``sender`` is the folded From address ('' unless there is one).

    ``named`` is where its text names recipients ("Kính gửi:", "Nơi nhận:"), as it is written.
    """

    waiting: Waiting
    message: Message
    sender: str
    fields: Fields
    carried: tuple[Attachment, ...]
    answer: str
    report: Report | None
    named: str = ""

    @property
    def enclosures(self) -> tuple[Enclosure, ...]:
        """The files that belong to the document, as the register keeps them."""
        return enclosures_of(self.carried)


def prepare(waiting: Waiting, raw: bytes, sniff: Callable[[bytes], str], today: date) -> Prepared:
    """Parse the octets and read the document's fields from subject, file names and body."""
    message = parse(raw, sniff)
    carried = tuple(one for one in message.attachments if one.role in CARRIED)
    names = [one.name for one in carried if one.name]
    fields = read_fields(message.subject, names, message.text, today)
    reply = read_reply(message.text, message.subject)
    read = (waiting, message, sender_of(message), fields, carried, reply.text, read_report(message))
    return Prepared(*read, named=named_in(reply))


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
