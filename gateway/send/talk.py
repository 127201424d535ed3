"""Handing mails over to one SMTP peer, one after the other.

Promises:  MAIL, RCPT and DATA leave together where the peer allows it (RFC 2920); octets are dot-stuffed once and sent
           as they are; extensions are used only when offered. A loss before the last dot is a delay, after it
           uncertainty, whatever the loss was.
Never:     sends a mail twice; whether to try again is somebody else's to say.
Fails:     ``Lost`` when the peer goes while nothing of a mail's content has been sent.
"""

from __future__ import annotations

from dataclasses import replace

from gateway.send.courier import Delayed, Failed, Outcome, Parcel, Relayed, Uncertain
from gateway.send.peer import Peer
from gateway.send.reply import Lost, Reply
from mailmap.mail.envelope import Notify

BLOCK = 1 << 20  # octets per send: the time limit holds for each block, not for the whole mail
CLOSING = 421  # RFC 5321 section 3.8


class Talk:
    """One peer and the mails it has been given on this connection (``mails`` counts them)."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self.mails = 0
        self._unfinished = False

    def hand_over(self, parcel: Parcel) -> Outcome:
        """Give the peer one mail; Lost only while nothing of its content has been sent."""
        unfit = self._unfit(parcel)
        if unfit is not None:
            return unfit
        refusal = self._announce(parcel)
        self.mails += 1
        return refusal if refusal is not None else self._content(parcel)

    def _unfit(self, parcel: Parcel) -> Failed | None:
        if not _plain(parcel.recipient) or not _plain(parcel.sender or "a"):
            return Failed(parcel.letter, "5.1.3", "the address cannot be written in an envelope")
        limit = self.peer.offer("SIZE")
        if limit.isdecimal() and 0 < int(limit) < parcel.size:
            return Failed(parcel.letter, "5.3.4", f"{self.peer.name} takes mails of up to {limit} octets")
        if not _ascii(parcel) and not self.peer.offers("SMTPUTF8"):
            return Failed(parcel.letter, "5.6.7", f"{self.peer.name} does not know addresses in this script (SMTPUTF8)")
        return None

    def _announce(self, parcel: Parcel) -> Outcome | None:
        """The envelope; None when the peer waits for the content."""
        commands = [self._mail(parcel), self._rcpt(parcel), "DATA"]
        if self._unfinished:
            commands.insert(0, "RSET")
        self._unfinished = True
        replies = self.peer.say_together(commands) if self.peer.offers("PIPELINING") else self._one_by_one(commands)
        told = next((reply for reply in replies if not reply.good), None)
        if told is None:
            return None
        if len(replies) == len(commands) and replies[-1].good:  # the peer waits for a mail without recipients
            self.peer.write(b".\r\n")
            self.peer.reply()
        if told.code == CLOSING:
            self.peer.alive = False
            raise Lost(f"{self.peer.name}: {told.text}")
        return self._judged(parcel, told)

    def _one_by_one(self, commands: list[str]) -> list[Reply]:
        replies: list[Reply] = []
        for command in commands:
            replies.append(self.peer.say(command))
            if not replies[-1].good:
                break
        return replies

    def _content(self, parcel: Parcel) -> Outcome:
        wire = stuffed(b"".join(parcel.pieces))
        try:
            for start in range(0, len(wire), BLOCK):
                self.peer.write(memoryview(wire)[start : start + BLOCK])
        except Lost as loss:  # the last dot was never sent: the peer cannot have taken it
            return self._last_words(parcel, loss)
        try:
            self.peer.write(b".\r\n")
            reply = self.peer.reply()
        except Lost as loss:
            return Uncertain(parcel.letter, "4.4.2", f"{self.peer.name}: {loss} after the whole mail was sent")
        self._unfinished = False
        outcome = self._judged(parcel, reply)
        reports = self.peer.offers("DSN") and Notify.SUCCESS in parcel.notify
        return replace(outcome, reports=reports) if isinstance(outcome, Relayed) else outcome

    def _last_words(self, parcel: Parcel, loss: Lost) -> Outcome:
        """A peer that stops us in the middle of a mail may have said why."""
        try:
            reply = self.peer.reply(within_s=1)
        except Lost:
            reply = None
        self.peer.alive = False
        if reply is None or reply.good:
            return Delayed(parcel.letter, "4.4.2", f"{self.peer.name}: {loss} in the middle of the mail")
        return self._judged(parcel, reply)

    def _judged(self, parcel: Parcel, reply: Reply) -> Outcome:
        kind: type[Outcome] = Relayed if reply.good else Failed if reply.final else Delayed
        status = reply.status if reply.good or reply.final else f"4{reply.status[1:]}"
        return kind(parcel.letter, status, f"{self.peer.name}: {reply.text}")

    def _mail(self, parcel: Parcel) -> str:
        words = [f"MAIL FROM:<{parcel.sender or ''}>"]
        if self.peer.offers("SIZE"):
            words.append(f"SIZE={parcel.size}")
        if not all(piece.isascii() for piece in parcel.pieces) and self.peer.offers("8BITMIME"):
            words.append("BODY=8BITMIME")
        if not _ascii(parcel):
            words.append("SMTPUTF8")
        if self.peer.offers("DSN"):
            words += [f"RET={parcel.ret}"] if parcel.ret else []
            words += [f"ENVID={xtext(parcel.envid)}"] if parcel.envid else []
        return " ".join(words)

    def _rcpt(self, parcel: Parcel) -> str:
        words = [f"RCPT TO:<{parcel.recipient}>"]
        if self.peer.offers("DSN") and parcel.notify:
            words.append(f"NOTIFY={_notify(parcel.notify)}")
        if self.peer.offers("DSN") and parcel.orcpt:
            kind, _, address = parcel.orcpt.partition(";")
            words.append(f"ORCPT={kind};{xtext(address)}")
        return " ".join(words)


def stuffed(octets: bytes) -> bytes:
    """Octets as the DATA phase wants them: lines that begin with a dot have one more (RFC 5321 section 4.5.2)."""
    wire = octets.replace(b"\r\n.", b"\r\n..")
    if wire.startswith(b"."):
        wire = b"." + wire
    return wire if wire.endswith(b"\r\n") else wire + b"\r\n"


def xtext(value: str) -> str:
    """Text as a DSN parameter carries it (RFC 3461 section 4)."""
    plain = (c if "!" <= c <= "~" and c not in "+=" else "".join(f"+{o:02X}" for o in c.encode()) for c in value)
    return "".join(plain)


def _notify(words: frozenset[Notify]) -> str:
    return "NEVER" if Notify.NEVER in words else ",".join(word for word in Notify if word in words)


def _plain(address: str) -> bool:
    return bool(address) and not any(c in "<>\r\n\0" or c.isspace() for c in address)


def _ascii(parcel: Parcel) -> bool:
    return parcel.recipient.isascii() and (parcel.sender or "").isascii()
