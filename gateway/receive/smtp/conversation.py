"""The course of one conversation: greeting, command after command, goodbye.

Promises:  every command gets exactly one reply, in order; a command is looked at only after the one before is answered.
Never:     tells a peer of our own trouble more than "later"; never lets a peer try for ever.
Fails:     with 451 and the end for every exception a verb lets out; the story goes to the log.
"""

from __future__ import annotations

from gateway import maillog, replies
from gateway.receive.smtp.hall import Hall
from gateway.receive.smtp.settings import Listener, Tls
from gateway.receive.smtp.transaction import Ip, Peer
from gateway.receive.smtp.welcome import BadHeader, announced, connected
from gateway.receive.smtp.wire import Wire
from gateway.replies import Reply
from mailmap.mail.envelope import Door

LONGEST_LINE = 12_288  # octets (RFC 4954 section 4; every other command is shorter)
LATER = 400  # the lowest code of a reply that is no consent
MAILING = frozenset({"MAIL", "RCPT", "DATA", "BDAT"})
BEFORE_TLS = frozenset({"EHLO", "HELO", "NOOP", "RSET", "HELP", "STARTTLS", "QUIT", "AUTH"})  # AUTH says what it needs
VERBS = (
    "EHLO",
    "HELO",
    "STARTTLS",
    "AUTH",
    "MAIL",
    "RCPT",
    "DATA",
    "BDAT",
    "RSET",
    "NOOP",
    "VRFY",
    "EXPN",
    "HELP",
    "QUIT",
)
_ATTRIBUTES = [*(f"smtp_{verb}" for verb in VERBS), "auth_LOGIN", "auth_PLAIN"]


class Conversation(Wire):
    """From the first octet to the last; the verbs are the doorkeeper's."""

    def __init__(self, hall: Hall, listener: Listener) -> None:
        super().__init__(hall, listener)
        self.submits = listener.door is Door.SUBMISSION  # people come here and log in
        self._skipping = False
        self._commands = self._errors = 0

    def __dir__(self) -> list[str]:
        """What aiosmtpd needs for its tables of verbs; to look through everything would take it half a millisecond."""
        return _ATTRIBUTES

    def say(self, reply: Reply, verb: str = "") -> None:
        """Answer; the octets go out with the next flush."""
        self.write(reply.wire)
        if reply.code >= LATER:
            maillog.refused(self.listener.door, self.peer.name, verb, reply.code, reply.status)
            self._errors += reply.refuses
            if self._errors > self.limits.errors:
                self.send_away(replies.TOO_MANY_ERRORS)

    def why_not(self, verb: str) -> Reply | None:
        """Why this verb is refused now, whatever its argument."""
        if self.submits and not self.encrypted and verb not in BEFORE_TLS:
            return replies.TLS_WANTED
        if verb not in MAILING:
            return None
        if not self.visit.host_name:
            return replies.HELLO_WANTED
        return replies.LOGIN_WANTED if self.submits and self.visit.account is None else None

    async def push(self, status: str | bytes) -> None:
        """What aiosmtpd says while it conducts AUTH: challenges as they are, everything else in our own words."""
        if isinstance(status, bytes):
            self.write(status + b"\r\n")
            self.flush()
            self.allow(self.limits.idle)
        else:
            self.say(replies.FROM_AIOSMTPD[status], "AUTH")

    async def _handle_client(self) -> None:
        try:
            await self._welcome()
            while (line := await self._next_line()) is not None:
                await self._obey_or_apologise(line)
        except (ConnectionError, BadHeader):  # the peer went while it was to read, or is none of our load balancers
            self.leave()
        finally:
            self._forget_mail()
            self.close()

    async def _welcome(self) -> None:
        """Learn who is there, let them in or not, greet them."""
        self.allow(self.limits.handshake)
        address = await self._address()
        if self.leaving:  # it was gone before anybody looked
            return
        self.peer = Peer(address, self.hall.trusts(address))
        refusal = self.hall.why_not_admit(self.peer)
        self.hall.crowd.enter(address)
        self.counted = True
        implicit = self.listener.tls is Tls.IMPLICIT
        if refusal is not None:
            self.leave() if implicit else self.send_away(refusal)  # a handshake is too dear for those we send away
            return
        if implicit:
            await self.encrypt(self.inbox.take())
        if not self.leaving:
            self.write(replies.greeting(self.hall.settings.hostname).wire)

    async def _address(self) -> Ip | None:
        transport = self.transport
        if transport is None:
            return None
        return await announced(self.inbox, transport) if self.listener.proxy else connected(transport)

    async def _next_line(self) -> str | None:
        """The next command; None when there will be none."""
        self.allow(self.limits.idle)
        while not self.leaving:
            line = self.inbox.line()
            if line is not None:
                text = self._text(line)
                if text is not None:
                    return text
            elif self.inbox.ended:
                return None
            else:
                self._skip_if_long()
                await self.more()
        return None

    def _text(self, line: bytes) -> str | None:
        """The command as text, or None when it was none and that was said."""
        if self._skipping or len(line) > LONGEST_LINE:
            self._skipping = False
            self.say(replies.LONG_COMMAND)
            return None
        try:
            text = line.removesuffix(b"\n").removesuffix(b"\r").decode()
        except UnicodeDecodeError:
            text = "\0"
        if text.isprintable():
            return text
        self.say(replies.MALFORMED_COMMAND)
        return None

    def _skip_if_long(self) -> None:
        if len(self.inbox) > LONGEST_LINE:
            self._skipping = True
            self.inbox.take()

    async def _obey_or_apologise(self, line: str) -> None:
        self._commands += 1
        if self._commands > self.limits.commands:
            self.send_away(replies.TOO_MANY_COMMANDS)
            return
        try:
            self.deadline = None
            await self._obey(line)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is our trouble and not the peer's
            maillog.door_failed(error)
            self.say(replies.TRY_LATER, line[:4])
            self.leave()  # who knows where we are
        if self.hall.stopping:
            self.please_leave()

    async def _obey(self, line: str) -> None:
        verb, _, argument = line.partition(" ")
        verb = verb.upper()
        act = self._smtp_methods.get(verb)
        if act is None:
            self.say(replies.UNKNOWN_COMMAND)
            return
        refusal = None if verb == "BDAT" else self.why_not(verb)  # the octets of a refused chunk still come
        if refusal is not None:
            self.say(refusal, verb)
        else:
            await act(argument.strip())

    def _forget_mail(self) -> None:
        """Nothing of a mail that was not stored stays."""
        if self.transaction.body is not None:
            self.transaction.body.discard()
        self.envelope = self._create_envelope()
