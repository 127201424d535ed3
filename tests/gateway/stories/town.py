"""A whole gateway for stories: every role a process of its own, a PostgreSQL that can be stopped, and a world outside.

Promises:  senders speak SMTP over sockets, units have Maildirs; what stories ask of the register is read from it.
Never:     reaches into a role: stories send, read, and type commands.
"""

from __future__ import annotations

import email
import email.policy
import smtplib
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import sqlalchemy as sa

from gateway.send.sink import Sink
from gateway.send.world import World as Outside
from gateway.settings_file import load
from gateway.supervisor import Part, Role, Supervisor, parts
from mailmap.directory.unit import Unit, UnitKind
from storage import accounts, reading
from storage.database import Database
from storage.embedded import Embedded
from storage.reading import LetterRow, MailRow
from storage.schema import mails
from tests.offices import CLERK, DOMAIN, ODD, UNITS, enter, mapped, province
from tests.pdf_files import PDF
from tests.ports import free_port
from tests.whole_gateway import Gateway, Sections, account

WAIT_S = 60.0
PASSWORD = "mot hai ba bon nam"
TO_DISTRICT, TO_HAI_AN = f"haihau@{DOMAIN}", f"haian.haihau@{DOMAIN}"
HAI_AN = "vanthu.haian@haihau.namdinh.example"
MUTE = "mute"  # a unit without a mailbox
QUIET = 'level = "error"\n'

_OWN: Sections = {
    "smtp": {"max_mail_mib": 1, "max_recipients": 3, "block_s": 1},
    "spool": {"min_free_mib": 1},
    "send": {"connect_s": 2},
    "work": {"takeover_s": 3},
}


def until(true: Callable[[], object]) -> None:
    """Wait for a condition, with a deadline."""
    pause, deadline = threading.Event(), datetime.now(UTC).timestamp() + WAIT_S
    while not true():
        assert datetime.now(UTC).timestamp() < deadline
        pause.wait(0.02)


def paper(number: int, text: str = "Kính gửi quý cơ quan.\n") -> bytes:
    """A clerk's mail with a công văn."""
    mail = EmailMessage()
    mail["From"] = f"Văn thư <{CLERK}>"
    mail["Subject"] = f"Công văn số {number}/UBND-VP ngày 30/10/2026 V/v báo cáo tình hình thu hoạch lúa mùa"
    mail["Message-ID"] = f"<{number}.{CLERK}>"
    mail.set_content(text)
    mail.add_attachment(PDF + b"%%%d" % number, maintype="application", subtype="pdf", filename=f"{number}.pdf")
    return mail.as_bytes(policy=email.policy.SMTP)


@dataclass(slots=True)
class Town:
    """A running gateway, its database server, its clerks' mailboxes."""

    config: Path
    mx: int
    submissions: int
    server: Embedded
    database: Database
    boxes: dict[str, Path]
    outside: Sink
    cast: Sequence[Part] = ()
    _way_out: int = 0

    # --- sending ---

    @contextmanager
    def peer(self) -> Iterator[smtplib.SMTP]:
        """A connection of the trusted relay."""
        with smtplib.SMTP("127.0.0.1", self.mx, timeout=WAIT_S) as peer:
            peer.ehlo("relay.example")
            yield peer

    @contextmanager
    def clerk(self) -> Iterator[smtplib.SMTP]:
        """A connection of a mail program that is to log in."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # it is our own certificate
        with smtplib.SMTP_SSL("127.0.0.1", self.submissions, timeout=WAIT_S, context=context) as program:
            program.ehlo("may-van-thu")
            yield program

    def send(self, raw: bytes, *to: str, sender: str = CLERK) -> str:
        """Hand a mail over by the relay; its number. SMTPException when it is not taken."""
        with self.peer() as peer:
            peer.mail(sender)
            for each in to or (TO_DISTRICT,):
                code, said = peer.rcpt(each)
                assert code == 250, said
            code, said = peer.data(raw)
            assert code == 250, said
        return said.decode().split()[-1]

    def stop_smarthost(self) -> None:
        """The way out is gone."""
        self._way_out = self.outside.port
        self.outside.stop()

    def start_smarthost(self) -> None:
        """It is back, at the same place, with the same mailboxes."""
        self.outside = Sink(Outside(self.boxes, remembers=True), port=self._way_out)
        self.outside.start()

    # --- looking ---

    def ended(self, number: str) -> MailRow | None:
        """How that mail ended; None as long as it has not."""
        with self.database.transaction() as tx:
            rows = [row for row in reading.ended(tx, most=1000) if row.spool_id == number]
        return rows[0] if rows and rows[0].outcome else None

    def outcome(self, number: str) -> MailRow:
        """How that mail ends."""
        until(lambda: self.ended(number))
        row = self.ended(number)
        assert row is not None
        return row

    def concluded(self, raw: bytes, *to: str, sender: str = CLERK) -> MailRow:
        """Send it; how it ends."""
        return self.outcome(self.send(raw, *to, sender=sender))

    def taken(self) -> int:
        """How many mails have been accepted, ever."""
        with self.database.transaction() as tx:
            return int(tx.execute(sa.select(sa.func.count()).select_from(mails)).scalar_one())

    def letters(self, code: str | None, kind: str = "delivery") -> list[LetterRow]:
        """The letters about a document."""
        assert code is not None
        with self.database.transaction() as tx:
            return [one for one in reading.track(tx, code).letters if one.kind == kind]

    def states(self, code: str | None) -> set[str]:
        """How far its deliveries have travelled."""
        return {one.transport for one in self.letters(code)}

    def mailbox(self, address: str, code: str | None = None) -> list[EmailMessage]:
        """The mails in a mailbox, oldest first; those about one document, if a code is given."""
        paths = sorted(self.boxes[address].glob("new/*"))
        found = [_parsed(path) for path in paths]
        return [mail for mail in found if code is None or mail["X-Lienthong-Document"] == code]

    def told(self, address: str, code: str | None, words: str) -> EmailMessage:
        """The mail about that document, in that mailbox, that says these words; it may still be on its way."""
        until(lambda: [mail for mail in self.mailbox(address, code) if words in spoken(mail)])
        return next(mail for mail in self.mailbox(address, code) if words in spoken(mail))


def spoken(mail: EmailMessage) -> str:
    """The plain text of a mail, of a report too."""
    return str(next(part for part in mail.walk() if part.get_content_type() == "text/plain").get_content())


@contextmanager
def opened_town(root: Path, *mailboxes: str, bare: bool = False, more: str = "") -> Iterator[Town]:
    """The town, awake: every role says that it is ready. These mailboxes stand outside beside its units' own.

    ``bare`` leaves its directory empty, for a story that begins with an import; ``more`` ends the settings.
    """
    server = Embedded(root / "postgres", throwaway=True)
    database = Database(server.start())
    boxes = {contact: root / "boxes" / contact for contact in (*(unit[-1] for unit in UNITS), *mailboxes)}
    outside = Sink(Outside(boxes, remembers=True))
    outside.start()
    mx, submissions = free_port(), free_port()
    gateway = Gateway(root, mx, outside.port, _own(database, submissions))
    gateway.settle("[log]\n" + (more or QUIET))
    database.migrate()
    _settle(database, bare=bare)
    town = Town(gateway.config, mx, submissions, server, database, boxes, outside)
    with _supervised(town):
        yield town
    town.outside.stop()
    database.close()
    server.stop()


def _own(database: Database, submissions: int) -> Sections:
    """What the town wants otherwise: small limits, short times, its own database, a door for people."""
    door = {"submissions": [f"127.0.0.1:{submissions}"], **_OWN["smtp"]}
    return {**_OWN, "database": {"url": database.url.render_as_string(hide_password=False)}, "smtp": door}


@contextmanager
def _supervised(town: Town) -> Iterator[None]:
    town.cast = tuple(parts(load(town.config), town.config, Role))
    stop, ready = threading.Event(), threading.Event()
    thread = threading.Thread(target=Supervisor(town.cast, stopping_s=WAIT_S, on_ready=ready.set).run, args=(stop,))
    thread.start()
    try:
        assert ready.wait(WAIT_S)
        yield
    finally:
        stop.set()
        thread.join(WAIT_S)
        assert not thread.is_alive()


def _settle(database: Database, *, bare: bool) -> None:
    """The little province of tests/offices, a unit without a mailbox, and an account for the clerk."""
    mute = Unit(MUTE, "Công ty Mới", UnitKind.BUSINESS, MUTE, valid_from=ODD)
    with database.transaction() as tx:
        if not bare:
            enter(tx, [*province(), mute], mapped(*province()))
        accounts.add(tx, account(CLERK, PASSWORD, CLERK), datetime.now(UTC))


def _parsed(path: Path) -> EmailMessage:
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    return mail
