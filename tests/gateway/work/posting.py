"""A dispatcher at work: the office of tests/offices, real sockets to a sink with Maildirs, and a clock one can turn.

Promises:  letters go through the real queue; ``sent`` seals, runs every "send" job that is due, and returns.
"""

from __future__ import annotations

import email
import email.policy
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage, Message
from pathlib import Path

import sqlalchemy as sa

from gateway.send.courier import Courier
from gateway.send.peer import Manner
from gateway.send.route import Host, Smarthost
from gateway.send.sink import Sink
from gateway.send.smtp import SmtpCourier
from gateway.send.world import World as Outside
from gateway.work.dispatcher import Dispatcher
from gateway.work.postroom import Postroom
from gateway.work.sealer import seal_once
from gateway.work.settling import Patience
from gateway.work.stationery import letterhead, templates
from mailmap.mail.envelope import Arrival, Door, Envelope, ForwardPath, Return, pack
from storage import arrivals
from storage.attempts import Ended
from storage.schema import letters
from storage.spool import Record
from tests.offices import CLERK, DOMAIN, UNITS, World
from tests.pdf_files import PDF

Row = sa.Row[tuple[object, ...]]
TO_DISTRICT = f"haihau@{DOMAIN}"
TO_HAI_AN = f"haian.haihau@{DOMAIN}"
HAI_AN = "vanthu.haian@haihau.namdinh.example"


def paper(number: int) -> bytes:
    """A clerk's mail with a công văn."""
    mail = EmailMessage()
    mail["From"] = f"Văn thư <{CLERK}>"
    mail["To"] = TO_DISTRICT
    mail["Subject"] = f"Công văn số {number}/UBND-VP ngày 15/10/2016 V/v báo cáo tình hình thu hoạch lúa mùa"
    mail["Message-ID"] = f"<{number}.{CLERK}>"
    mail.set_content("Kính gửi UBND huyện, xã gửi công văn kèm theo.\n")
    mail.add_attachment(PDF, maintype="application", subtype="pdf", filename=f"{number}-UBND-VP.pdf")
    return mail.as_bytes(policy=email.policy.SMTP)


def words(mail: EmailMessage) -> str:
    """The plain text of a mail, of a report too."""
    return str(next(part for part in mail.walk() if part.get_content_type() == "text/plain").get_content())


def told(mail: EmailMessage) -> tuple[Message, Message]:
    """What a report says to machines: of the mail, and of its one recipient."""
    status = next(part for part in mail.walk() if part.get_content_type() == "message/delivery-status")
    groups = status.get_payload()
    assert isinstance(groups, list)
    message, recipient = groups
    assert isinstance(message, Message)
    assert isinstance(recipient, Message)
    return message, recipient


@dataclass(slots=True)
class Clock:
    """Time that goes only when somebody turns it."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        """The time it is."""
        return self.now


class Post:
    """An office, a dispatcher, and the world outside, which answers at ``sink``."""

    def __init__(self, world: World, sink: Sink, courier: Courier) -> None:
        office = world.office
        self.world, self.sink, self.outside, self.clock = world, sink, sink.world, Clock()
        head = letterhead(office.settings, office.keys.token_key)
        room = Postroom(office.blobs, templates(), head)
        patience = Patience(warning=timedelta(hours=4))
        self.dispatcher = Dispatcher(
            office.database, office.desk, room, courier, office.directory, self.clock, patience
        )  # fmt: skip

    def with_courier(self, courier: Courier) -> Dispatcher:
        """The same dispatcher with another courier."""
        return replace(self.dispatcher, courier=courier)

    def sent(self, *, ahead: timedelta = timedelta(0)) -> list[Ended]:
        """Seal, then run every send job due within ``ahead``; the clock goes with it."""
        self.clock.now = max(self.clock.now, datetime.now(UTC)) + ahead
        while seal_once(self.world.office.database, self.world.office.jobs, self.clock()):
            continue
        turned = self.clock() - datetime.now(UTC)
        return self.world.office.jobs.run_until_empty(self.dispatcher.tasks(), ("send",), ahead=turned)

    def registered(self, number: int, *to: ForwardPath, ret: Return | None = None, envid: str | None = None) -> str:
        """A clerk's paper is registered, with what its envelope asked for; its tracking code."""
        raw, spool_id = paper(number), f"S-POST-{number}"
        envelope = Envelope(CLERK, to or (ForwardPath(TO_DISTRICT),), ret, envid)
        arrival = Arrival(Door.MX, datetime.now(UTC), "192.0.2.1", "mail.example", trusted=True)
        sha256 = hashlib.sha256(raw).hexdigest()
        self.world.office.blobs.put(raw, sha256)
        with self.world.office.database.transaction() as tx:
            fresh = arrivals.enter(tx, [Record(spool_id, len(raw), sha256, pack(envelope, arrival), raw)])
            self.world.office.jobs.defer(tx, "register", {"mails": [*fresh]})
        self.world.work()
        code = self.world.outcome(spool_id).code
        assert code is not None
        return code

    def letters(self, code: str | None) -> list[Row]:
        """The letters about a document, in order."""
        query = sa.select(letters).where(letters.c.spec["template"].astext != "", self._of(code))
        with self.world.office.database.transaction() as tx:
            return list(tx.execute(query.order_by(letters.c.id)).all())

    def delivery(self, code: str | None) -> Row:
        """The (first) delivery letter of a document."""
        return next(row for row in self.letters(code) if row.kind == "delivery")

    def mailbox(self, address: str) -> list[EmailMessage]:
        """The mails in a mailbox, oldest first."""
        paths = sorted((self.outside.mailboxes or {})[address].glob("new/*"))
        return [_parsed(path) for path in paths]

    def about(self, address: str, code: str | None) -> list[EmailMessage]:
        """The mails in a mailbox that speak of one document."""
        return [mail for mail in self.mailbox(address) if mail["X-Lienthong-Document"] == code]

    def _of(self, code: str | None) -> sa.ColumnElement[bool]:
        return letters.c.document == sa.text("(SELECT id FROM documents WHERE code = :code)").bindparams(code=code)


@contextmanager
def opened_post(world: World, root: Path, *, missing: Sequence[str] = (), more: Sequence[str] = ()) -> Iterator[Post]:
    """A post whose outside has a mailbox for every unit's contact but the missing ones, and for some more."""
    contacts = [*(contact for *_, contact in UNITS if contact not in missing), *more]
    outside = Outside({contact: root / contact for contact in contacts}, remembers=True)
    for maildir in outside.mailboxes or ():
        (root / maildir / "new").mkdir(parents=True)
    sink = Sink(outside)
    sink.start()
    manner = Manner(world.office.settings.gateway.name, connect_s=5, reply_s=10)
    courier = SmtpCourier(Smarthost(Host("127.0.0.1", sink.port)), manner)
    yield Post(world, sink, courier)
    courier.close()
    sink.stop()


def _parsed(path: Path) -> EmailMessage:
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    return mail
