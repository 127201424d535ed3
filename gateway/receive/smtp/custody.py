"""The content of a mail, by DATA (RFC 5321 section 4.1.1.4) or in BDAT chunks (RFC 3030), and custody of it.

Promises:  250 after the content is said only when the mail is durable (commit point A); a refused mail leaves nothing
           behind; a chunk is read to its end whatever is wrong with it, so that the next command is found.
Never:     holds a mail in memory.
Fails:     with 452 when the disk is full and 451 for every other trouble of ours.
"""

# ruff: noqa: N802 - aiosmtpd finds the verbs by these names

from __future__ import annotations

import re
from datetime import UTC, datetime

from gateway import maillog, replies
from gateway.receive.smtp.body import CountFrame, DotFrame, Frame, Waste
from gateway.receive.smtp.content import ENDLESS, Content
from gateway.receive.smtp.conversation import Conversation
from gateway.receive.smtp.trace import trace
from gateway.receive.smtp.transaction import Transaction, arrival
from gateway.replies import Reply
from mailmap.mail.envelope import Arrival
from storage.failpoints import reach
from storage.spool import Draft, SpoolFull
from storage.trouble import Temporary

_CHUNK = re.compile(r"([0-9]{1,15})(?: +(LAST))?", re.IGNORECASE)


class Custody(Conversation):
    """The two verbs that bring content."""

    async def smtp_DATA(self, argument: str) -> None:
        """The content, up to a line with one dot."""
        refusal = replies.NO_ARGUMENT if argument else self._why_no_content()
        if refusal is None and self.transaction.body is not None:
            refusal = replies.NOT_AFTER_CHUNKS
        if refusal is not None:
            self.say(refusal, "DATA")
            return
        content = self._content()
        if isinstance(content, Reply):
            self.say(content, "DATA")
            return
        self.say(replies.GO_AHEAD)
        if await self._receive(content, DotFrame(content)):
            await self._conclude(content, "DATA")

    async def smtp_BDAT(self, argument: str) -> None:
        """A chunk of the content; a refused one is read to its end all the same."""
        found = _CHUNK.fullmatch(argument)
        if found is None or int(found[1]) > ENDLESS * self.limits.size:
            self.say(replies.FAR_TOO_BIG if found else replies.BDAT_SYNTAX, "BDAT")
            self.leave()
            return
        octets = int(found[1])
        content = self.why_not("BDAT") or self._why_no_content() or self._content()
        if isinstance(content, Content):
            await self._take_chunk(content, octets, last=found[2] is not None)
        elif await self.receive(CountFrame(Waste(), octets)):
            self.say(content, "BDAT")

    def _why_no_content(self) -> Reply | None:
        if self.transaction.reverse is None:
            return replies.SENDER_WANTED
        return None if self.transaction.forward else replies.RECIPIENT_WANTED

    def _content(self) -> Content | Reply:
        """What has come of the mail so far, or a new draft for it; or why there can be none."""
        try:
            return self.transaction.body or self._open_content()
        except (OSError, Temporary) as error:
            return _our_trouble(error)

    def _open_content(self) -> Content:
        """A draft that begins with our trace fields."""
        hall, transaction = self.hall, self.transaction
        came = self._arrival()
        draft = hall.intake.draft()
        draft.name()
        envelope, extended = transaction.envelope(), self.visit.extended_smtp
        draft.write(trace(hall.settings.hostname, draft.id, envelope, came, peer=self.peer, extended=extended))
        content = Content(draft, self.limits.size, self.limits.hops)
        transaction.body, transaction.arrival = content, came
        return content

    def _arrival(self) -> Arrival:
        return arrival(self.listener.door, datetime.now(UTC), self.peer, self.visit, tls=self.encrypted)

    async def _take_chunk(self, content: Content, octets: int, *, last: bool) -> None:
        if content.size + octets > self.limits.size:
            content.refuse(replies.TOO_BIG)
        if not await self._receive(content, CountFrame(content, octets)):
            return
        if last:
            await self._conclude(content, "BDAT")
        elif content.verdict is None:
            self.say(replies.chunk(octets))
        else:
            self._forget_mail()
            self.say(content.verdict, "BDAT")

    async def _receive(self, content: Content, frame: Frame) -> bool:
        whole = await self.receive(frame)
        if not whole:
            maillog.hung_up(self.listener.door, self.peer.name, content.size)
        return whole

    async def _conclude(self, content: Content, verb: str) -> None:
        transaction = self.transaction
        transaction.body = None
        whole = content.finish()
        reply = whole if isinstance(whole, Reply) else await self._take_custody(whole, transaction)
        self.envelope = self._create_envelope()
        reach("smtp.before-reply")
        self.say(reply, verb)
        self.hall.loop.call_soon(lambda: reach("smtp.after-reply"))  # what is said leaves at the end of a loop's turn

    async def _take_custody(self, draft: Draft, transaction: Transaction) -> Reply:
        """Commit point A: the mail is ours when this says so, and not before."""
        envelope, size = transaction.envelope(), draft.size
        try:
            stored = await self.hall.intake.accept(draft, envelope, transaction.arrival or self._arrival())
        except (OSError, Temporary) as error:
            return _our_trouble(error)
        maillog.stored(stored.spool_id, self.listener.door, self.peer.name, size, len(envelope.recipients))
        return replies.stored(stored.spool_id)


def _our_trouble(error: OSError | Temporary) -> Reply:
    if isinstance(error, SpoolFull):
        return replies.DISK_LOW
    maillog.door_failed(error)
    return replies.TRY_LATER
