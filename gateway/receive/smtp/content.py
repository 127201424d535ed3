"""The octets of one mail on their way from the socket to a draft.

Promises:  what reaches the draft is exactly what was written here; what is wrong with it is remembered and said at
           the end, so that the peer can be heard out and the conversation stays in step.
Never:     keeps a mail with a bare CR, a bare LF or a NUL (SMTP smuggling), one over the limit or one in a circle;
           holds the mail in memory.
Fails:     never while writing: trouble with the disk is a verdict too, and the draft is given back at once.
"""

from __future__ import annotations

import io

from gateway import maillog, replies
from gateway.replies import Reply
from storage.spool import Draft, SpoolFull
from storage.trouble import Temporary

CLEAN = (None, "\r\n")  # the line ends a mail may have
HEADER = 128 * 1024  # octets of header searched for Received fields; a longer header has other problems
ENDLESS = 8  # a mail of so many times the limit will not be heard out


class Content:
    """One mail being written; ``verdict`` is None as long as nothing is wrong with it."""

    __slots__ = ("_draft", "_head", "_hops", "_limit", "_newlines", "size", "verdict")

    def __init__(self, draft: Draft, limit: int, hops: int) -> None:
        self._draft: Draft | None = draft
        self._limit = limit
        self._hops = hops
        self._newlines = io.IncrementalNewlineDecoder(None, translate=False)
        self._head: str | None = "\r\n"
        self.size = 0
        self.verdict: Reply | None = None

    def write(self, octets: memoryview) -> None:
        """Take the next octets, as they are to be stored."""
        self.size += len(octets)
        if self.verdict is not None:
            return
        if self.size > self._limit:
            self.refuse(replies.TOO_BIG)
        else:
            self._inspect(str(octets, "latin-1"))
        if self._draft is not None:
            self._keep(self._draft, octets)

    @property
    def endless(self) -> bool:
        """Whether hearing the peer out has lost its sense."""
        return self.size > ENDLESS * self._limit

    def finish(self) -> Draft | Reply:
        """The whole mail, which the caller owns from here on; or the verdict against it."""
        self._newlines.decode("", final=True)
        self._judge_newlines()
        self._judge_hops()
        draft, self._draft = self._draft, None
        return self.verdict or draft or replies.TRY_LATER

    def refuse(self, verdict: Reply) -> None:
        """Let go of what was kept; the first verdict stands."""
        self.verdict = self.verdict or verdict
        self.discard()

    def discard(self) -> None:
        """Forget the mail: nothing of it stays."""
        draft, self._draft = self._draft, None
        if draft is not None:
            draft.discard()

    def _inspect(self, text: str) -> None:
        if "\0" in text:
            self.refuse(replies.BARE_OCTETS)
        self._newlines.decode(text)
        self._judge_newlines()
        if self._head is not None:
            end = text.find("\r\n\r\n")  # only the header is copied
            self._head += text[: HEADER if end < 0 else min(end + 4, HEADER)]
            if "\r\n\r\n" in self._head or len(self._head) > HEADER:
                self._judge_hops()

    def _judge_newlines(self) -> None:
        # One pass in C tells every kind of line end that was seen, over block edges too: four times as fast as counting
        if self._newlines.newlines not in CLEAN:
            self.refuse(replies.BARE_OCTETS)

    def _judge_hops(self) -> None:
        if self._head is None:
            return
        header, _, _ = self._head.partition("\r\n\r\n")
        self._head = None
        if header.lower().count("\r\nreceived:") > self._hops:
            self.refuse(replies.LOOP)

    def _keep(self, draft: Draft, octets: memoryview) -> None:
        try:
            draft.write(octets)
        except SpoolFull:
            self.refuse(replies.DISK_LOW)
        except (OSError, Temporary) as error:
            maillog.door_failed(error)
            self.refuse(replies.TRY_LATER)
