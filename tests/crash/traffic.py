"""The mail that flows meanwhile: clerks' mails through Postfix, a world that takes letters, and units that answer.

Promises:  what Postfix said 250 to stands in ``sent``, with everybody it is for; one delivery in three is answered "đã
           nhận" by the unit's own mailbox, through Postfix, to its Reply-To, once; every mail the world took is kept.
           Of every three mails one is followed by another that bears a mark of secrecy.
"""

from __future__ import annotations

import re
import smtplib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

from gateway.send.sink import Sink
from gateway.send.world import World
from tests.bench.papers import SENDER, paper
from tests.crash.office import CONTACTS, RECEIVERS, at_the_gateway
from tests.crash.sender import Sender

SMALL, LARGE = 8 << 10, 1400 << 10  # a large one gets a file of its own in the spool
LARGE_EVERY = 12
ANSWERED_OF = 3
MARKED_EVERY = 3
SECRET = b"quytnuqcaopb"  # stands in every mail with a mark of secrecy, and nowhere else
_ID = re.compile(rb"^Message-ID: (<lt\d+\.(\d+)@[^>]+>)", re.MULTILINE)
_REPLY_TO = re.compile(rb"^Reply-To:[^<]*<([^>]+)>", re.MULTILINE)
_ANSWER = """From: <{sender}>\r
To: <{to}>\r
Subject: Re: {about}\r
Message-ID: <{number}.answer@{domain}>\r
In-Reply-To: {about}\r
MIME-Version: 1.0\r
Content-Type: text/plain; charset=utf-8\r
Content-Transfer-Encoding: 8bit\r
\r
Đã nhận.\r
"""
_MARKED = """From: <{sender}>\r
To: <{to}>\r
Subject: =?utf-8?b?W03huqxUXQ==?= {secret} {number}\r
Message-ID: <{number}.{secret}@{domain}>\r
\r
{secret} {number}\r
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """One mail in the world: to whom it came, its letter and Message-ID, and a digest of its octets."""

    recipient: str
    letter: int
    message_id: str
    digest: str


@dataclass(slots=True)
class Traffic:
    """What was sent, and what came of it in the world."""

    sender: Sender
    mailboxes: Path
    sent: dict[int, Sequence[str]] = field(default_factory=dict)
    marked: int = 0
    answered: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    taken: list[Taken] = field(default_factory=list)

    def send(self, *, large: bool = False) -> None:
        """The next mail of the commune: to one unit, or every third time to all of them."""
        number = len(self.sent) + 1
        units = RECEIVERS if number % 3 == 0 else (RECEIVERS[number % len(RECEIVERS)],)
        size = LARGE if large or number % LARGE_EVERY == 0 else SMALL
        day = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date()
        octets = paper(number, run="crash", recipient=at_the_gateway(units[0]), size=size, day=day)
        self._post(SENDER, [at_the_gateway(unit) for unit in units], octets)
        self.sent[number] = units
        if number % MARKED_EVERY == 0:
            self._send_marked(number, at_the_gateway(units[0]))

    def _send_marked(self, number: int, to: str) -> None:
        """A mail that nobody may pass on."""
        facts = {"sender": SENDER, "to": to, "number": number, "secret": SECRET.decode("ascii")}
        self._post(SENDER, [to], _MARKED.format(**facts, domain=SENDER.partition("@")[2]).encode())
        self.marked += 1

    def look_round(self) -> None:
        """Note what came into the mailboxes, and answer what is to be answered."""
        for unit, contact in CONTACTS.items():
            for path in sorted((self.mailboxes / contact / "new").glob("*")):
                self._note(unit, contact, path.read_bytes())
                path.rename(self.mailboxes / contact / "cur" / path.name)

    def copies(self) -> Counter[str]:
        """How often the world took each Message-ID."""
        return Counter(one.message_id for one in self.taken)

    def _note(self, unit: str, contact: str, octets: bytes) -> None:
        found = _ID.search(octets)
        assert found, "the world took a mail that is no letter of ours"
        letter = int(found[2])
        content = octets.split(b"\n", 2)[2]  # without the two trace fields of the mailbox
        self.taken.append(Taken(contact, letter, found[1].decode(), sha256(content).hexdigest()))
        delivery = b"multipart/mixed" in octets
        if delivery and letter % ANSWERED_OF == 0 and letter not in self.answered[unit]:
            self._answer(contact, letter, octets)
            self.answered[unit].add(letter)

    def _answer(self, contact: str, letter: int, octets: bytes) -> None:
        to, about = _REPLY_TO.search(octets), _ID.search(octets)
        assert to
        assert about
        facts = {"sender": contact, "to": to[1].decode(), "about": about[1].decode(), "number": letter}
        answer = _ANSWER.format(**facts, domain=contact.partition("@")[2])
        self._post(contact, [facts["to"]], answer.encode())

    def _post(self, sender: str, recipients: Sequence[object], octets: bytes) -> None:
        with smtplib.SMTP("127.0.0.1", self.sender.port, timeout=30) as postfix:
            refused = postfix.sendmail(sender, [str(each) for each in recipients], octets)
            assert not refused


@contextmanager
def world(mailboxes: Path) -> Iterator[Sink]:
    """A smarthost with the mailbox of every unit, for the block."""
    boxes = {contact.casefold(): mailboxes / contact for contact in CONTACTS.values()}
    sink = Sink(World(boxes))
    sink.start()
    try:
        yield sink
    finally:
        sink.stop()
