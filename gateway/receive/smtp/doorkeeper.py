"""The verbs of SMTP: RFC 5321, with STARTTLS (3207), AUTH (4954), DSN (3461) and SMTPUTF8 (6531).

Promises:  each verb is answered once; nobody sends as somebody else, and nobody logs in over a plain connection.
Never:     decides what a mail means.
Fails:     see Conversation.
"""

# ruff: noqa: N802 - aiosmtpd finds the verbs by these names

from __future__ import annotations

import re

from gateway import maillog, replies
from gateway.receive.smtp.custody import Custody
from gateway.receive.smtp.hall import Hall
from gateway.receive.smtp.paths import ReversePath, forward_path, reverse_path
from gateway.receive.smtp.settings import Listener, Tls
from gateway.replies import Reply

MECHANISMS = ("PLAIN", "LOGIN")
_HOST = re.compile(r"[A-Za-z0-9._:\[\]\-]{1,255}")


class Doorkeeper(Custody):
    """The verbs; each answers exactly once."""

    AuthLoginUsernameChallenge = "Username:"
    AuthLoginPasswordChallenge = "Password:"

    def __init__(self, hall: Hall, listener: Listener) -> None:
        super().__init__(hall, listener)
        self._wrong_passwords = 0

    # Who are you? -----------------------------------------------------------------------------------------------------

    async def smtp_HELO(self, argument: str) -> None:
        """Begin without extensions."""
        self._greet(argument, extended=False)

    async def smtp_EHLO(self, argument: str) -> None:
        """Begin, and name the extensions."""
        self._greet(argument, extended=True)

    async def smtp_STARTTLS(self, argument: str) -> None:
        """Encrypt; then everything begins anew."""
        refusal = self._why_no_tls(argument)
        if refusal is not None:
            self.say(refusal, "STARTTLS")
            return
        self._forget_mail()
        self.say(replies.TLS_READY)
        self.inbox.take()  # commands in plain text behind STARTTLS may be somebody else's
        await self.encrypt()

    async def smtp_AUTH(self, argument: str) -> None:
        """Log in: aiosmtpd conducts the exchange, the password is checked in a thread."""
        mechanism, _, response = argument.partition(" ")
        refusal = self._why_no_login(mechanism.upper())
        if refusal is not None:
            self.say(refusal, "AUTH")
            return
        self.noted_login = None
        await super().smtp_AUTH(f"{mechanism.upper()} {response}".strip())
        if self.noted_login is not None:
            await self._judge_login()

    # A mail -----------------------------------------------------------------------------------------------------------

    async def smtp_MAIL(self, argument: str) -> None:
        """Begin a mail: the reverse path."""
        self.say(self._begin(argument), "MAIL")

    async def smtp_RCPT(self, argument: str) -> None:
        """One more recipient: a forward path."""
        self.say(self._add(argument), "RCPT")

    async def smtp_RSET(self, argument: str) -> None:
        """Give the mail up."""
        if argument:
            self.say(replies.NO_ARGUMENT, "RSET")
            return
        self._forget_mail()
        self.say(replies.RESET)

    # The rest ---------------------------------------------------------------------------------------------------------

    async def smtp_NOOP(self, argument: str) -> None:
        """Nothing."""
        del argument
        self.say(replies.ALIVE)

    async def smtp_VRFY(self, argument: str) -> None:
        """Not told."""
        del argument
        self.say(replies.NO_WORD_ON_ADDRESSES)

    async def smtp_EXPN(self, argument: str) -> None:
        """Not told either."""
        del argument
        self.say(replies.NO_LISTS, "EXPN")

    async def smtp_HELP(self, argument: str) -> None:
        """The verbs."""
        del argument
        self.say(replies.HELP)

    async def smtp_QUIT(self, argument: str) -> None:
        """Goodbye."""
        if argument:
            self.say(replies.NO_ARGUMENT, "QUIT")
            return
        self.say(replies.BYE)
        self.leave()

    def _greet(self, name: str, *, extended: bool) -> None:
        if not name:
            self.say(replies.HELLO_WHO, "EHLO" if extended else "HELO")
            return
        self._forget_mail()
        self.visit.host_name = name if _HOST.fullmatch(name) else "unknown"
        self.visit.extended_smtp = extended
        self.say(replies.hello(self.hall.settings.hostname, self._extensions() if extended else ()))

    def _extensions(self) -> list[str]:
        offered = [
            "PIPELINING",
            f"SIZE {self.limits.size}",
            "8BITMIME",
            "SMTPUTF8",
            "ENHANCEDSTATUSCODES",
            "DSN",
            "CHUNKING",
        ]
        if self.listener.tls is Tls.STARTTLS and not self.encrypted:
            offered.append("STARTTLS")
        if self.submits and self.encrypted and self.visit.account is None:
            offered.append(f"AUTH {' '.join(MECHANISMS)}")
        return offered

    def _why_no_tls(self, argument: str) -> Reply | None:
        if argument:
            return replies.NO_ARGUMENT
        if self.encrypted:
            return replies.TLS_ALREADY
        return None if self.listener.tls is Tls.STARTTLS else replies.TLS_UNAVAILABLE

    def _why_no_login(self, mechanism: str) -> Reply | None:
        troubles = (
            (not self.submits, replies.LOGIN_UNAVAILABLE),
            (not self.encrypted, replies.LOGIN_NEEDS_TLS),
            (not self.visit.extended_smtp, replies.HELLO_WANTED),
            (self.visit.account is not None, replies.LOGIN_ALREADY),
            (not mechanism, replies.LOGIN_SYNTAX),
            (mechanism not in MECHANISMS, replies.LOGIN_MECHANISM),
        )
        return next((reply for true, reply in troubles if true), None)

    async def _judge_login(self) -> None:
        if self.noted_login is None:
            return
        found = await self.hall.logins.check(self.noted_login)
        self.noted_login = None
        if isinstance(found, Reply):
            maillog.login_failed(self.listener.door, self.peer.name, found.status)
            self.say(found, "AUTH")
            self._wrong_passwords += found.refuses
            if self._wrong_passwords >= self.limits.wrong_passwords:
                self.send_away(replies.TOO_MANY_LOGINS)
        else:
            maillog.logged_in(self.listener.door, self.peer.name)
            self.visit.account, self.visit.authenticated = found, True
            self.say(replies.LOGIN_OK)

    def _begin(self, argument: str) -> Reply:
        if self.transaction.reverse is not None:
            return replies.SECOND_SENDER
        if self.visit.account is not None:
            self.visit.account = self.hall.reception.still(self.visit.account)
            self.visit.authenticated = self.visit.account is not None
            if not self.visit.authenticated:
                return replies.LOGIN_WANTED
        path = reverse_path(argument, extended=self.visit.extended_smtp)
        if isinstance(path, Reply):
            return path
        refusal = self._why_no_mail(path)
        if refusal is None:
            self.transaction.begin(path)
        return refusal or replies.SENDER_OK

    def _why_no_mail(self, path: ReversePath) -> Reply | None:
        if path.size > self.limits.size:
            return replies.DECLARED_TOO_BIG
        refusal = self.hall.reception.sender(path, self.visit.account)
        if refusal is None and not self.hall.has_room(path.size):
            return replies.DISK_LOW
        return refusal

    def _add(self, argument: str) -> Reply:
        transaction = self.transaction
        if transaction.reverse is None:
            return replies.SENDER_WANTED
        if transaction.body is not None:
            return replies.NOT_AFTER_CHUNKS
        path = forward_path(argument, extended=self.visit.extended_smtp, smtputf8=transaction.reverse.smtputf8)
        if isinstance(path, Reply):
            return path
        if len(transaction.forward) >= self.limits.recipients:
            return replies.TOO_MANY_RECIPIENTS
        accepted = self.hall.reception.recipient(path, self.visit.account)
        if isinstance(accepted, Reply):
            return accepted
        transaction.add(accepted)
        return replies.RECIPIENT_OK
