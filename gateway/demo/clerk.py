"""A clerk with an ordinary mail program: one mailbox, one login.

Promises:  mails go out over real SMTP (STARTTLS and AUTH, as Thunderbird does it) and are read from a real Maildir.
Never:     knows anything of the gateway but its host, ports and what its mails say.
Fails:     smtplib's exceptions when the gateway does not take a mail; TimeoutError for a letter that does not come.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP, default
from email.utils import format_datetime, make_msgid
from pathlib import Path

from gateway.demo.watch import now, wait

TALK_S = 30.0


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it lies in a Maildir."""

    path: Path
    mail: EmailMessage

    @property
    def subject(self) -> str:
        """What it is about."""
        return str(self.mail["Subject"] or "")

    @property
    def text(self) -> str:
        """Its plain text."""
        body = self.mail.get_body(("plain",))
        return str(body.get_content()).strip() if body else ""

    def enclosure(self) -> bytes | None:
        """The octets of its first attached file."""
        files = (part.get_content() for part in self.mail.iter_attachments() if part.get_filename())
        return next((octets for octets in files if isinstance(octets, bytes)), None)


@dataclass(frozen=True, slots=True)
class Gate:
    """Where the gateway takes mail of people who log in (``submission``) and of other servers (``mx``)."""

    host: str
    submission: int
    mx: int


@dataclass(frozen=True, slots=True)
class Clerk:
    """Who writes; without a password the mail comes from a server of the outside world, not from a login."""

    name: str
    address: str
    maildir: Path
    password: str = ""

    def compose(self, to: Sequence[str], subject: str, text: str) -> EmailMessage:
        """A mail as a mail program would write it."""
        mail = EmailMessage(policy=SMTP)
        mail["From"] = f'"{self.name}" <{self.address}>'
        mail["To"] = ", ".join(to)
        mail["Subject"] = subject
        mail["Date"] = format_datetime(now())
        mail["Message-ID"] = make_msgid(domain=self.address.rpartition("@")[2])
        mail["User-Agent"] = "Mozilla Thunderbird"
        mail.set_content(text, cte="8bit")
        return mail

    def answer(self, letter: Letter, text: str) -> EmailMessage:
        """A reply to where the letter wants it, with what it answers quoted below."""
        quoted = "\n".join(f"> {line}" for line in letter.text.splitlines())
        to = str(letter.mail["Reply-To"] or letter.mail["From"])
        mail = self.compose([to], f"Re: {letter.subject}", f"{text}\n\n{quoted}\n")
        mail["In-Reply-To"] = mail["References"] = str(letter.mail["Message-ID"])
        return mail

    def send(self, gate: Gate, mail: EmailMessage, to: Sequence[str]) -> str:
        """Hand it in; the gateway's answer to the last octet."""
        with smtplib.SMTP(gate.host, gate.submission if self.password else gate.mx, timeout=TALK_S) as talk:
            talk.ehlo(self.address.rpartition("@")[2])
            if self.password:
                talk.starttls(context=_trusting())
                talk.login(self.address, self.password)
            talk.mail(self.address)
            for address in to:
                _accepted(talk.rcpt(address))
            return _accepted(talk.data(mail.as_bytes()))

    def knock(self, gate: Gate) -> None:
        """Log in and go; smtplib's exceptions when that cannot be done."""
        with smtplib.SMTP(gate.host, gate.submission, timeout=TALK_S) as talk:
            talk.starttls(context=_trusting())
            talk.login(self.address, self.password)

    def letters(self) -> Iterator[Letter]:
        """What lies in the mailbox, oldest first."""
        for path in sorted((self.maildir / "new").glob("*")):
            mail = BytesParser(policy=default).parsebytes(path.read_bytes())
            yield Letter(path, mail)

    def expect(self, wanted: Callable[[Letter], bool]) -> Letter:
        """The first letter that is wanted; TimeoutError when it does not come in time."""
        return wait(lambda: next(filter(wanted, self.letters()), None))


def _accepted(reply: tuple[int, bytes]) -> str:
    code, words = reply
    if code != 250:  # noqa: PLR2004  RFC 5321: taken
        raise smtplib.SMTPResponseException(code, words)
    return f"{code} {words.decode(errors='replace')}"


def _trusting() -> ssl.SSLContext:
    """The demo's certificate is its own: encrypt, and believe it."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
