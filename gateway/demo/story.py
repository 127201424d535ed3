"""The story: what happens in a district on an ordinary day, step by step.

Promises:  a step ends only when everything it tells was really observed: a mail in a Maildir, a row in the books.
Never:     writes into the gateway past its doors and commands.
Fails:     TimeoutError, Unseen or smtplib's exceptions; the story ends there.
"""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage

import sqlalchemy as sa

from gateway.demo.clerk import Clerk, Letter
from gateway.demo.paper import sheet
from gateway.demo.telling import Telling
from gateway.demo.town import DOMAIN, Town, open_mailbox
from gateway.demo.watch import wait
from mailmap.directory.unit import UnitKind
from mailmap.policy.lifecycle import Handling, Transport
from mailmap.writing.words import Words
from storage import directory, reading
from storage.reading import DeliveryRow, LetterRow, Tracked
from storage.schema import entries

COMMUNE, DISTRICT, NEIGHBOUR, BUSINESS = "haiphuc.haihau", "haihau", "haian.haihau", "muoithidu"
COMMUNE_BOX, DISTRICT_BOX = "vanthu.haiphuc@haihau.namdinh.example", "vanthu@haihau.namdinh.example"
NEIGHBOUR_BOX, BUSINESS_BOX = "vanthu.haian@haihau.namdinh.example", "vanthu@muoithidu.example"
STRANGER_BOX = "canbo.haian@thurieng.example"
LOGINS, MISSING = (COMMUNE_BOX, DISTRICT_BOX), (BUSINESS_BOX,)
OWN_NUMBER, ONWARD_NUMBER, STRANGERS_NUMBER = "45/UBND-VP", "112/UBND-VP", "17/UBND-VP"


class Unseen(Exception):
    """What the story tells did not happen so."""


@dataclass(slots=True)
class Scene:
    """Who plays, where, and what has come of it so far."""

    town: Town
    tell: Telling
    words: Words
    today: datetime
    commune: Clerk
    district: Clerk
    paper: bytes = b""
    arrived: Letter | None = None
    receipt: Letter | None = None
    codes: dict[str, str] = field(default_factory=dict)

    def tracked(self, code: str) -> Tracked:
        """What the register holds of a document now."""
        with self.town.office.database.transaction() as tx:
            return reading.track(tx, code)

    def delivery(self, code: str, unit: str) -> DeliveryRow | None:
        """One recipient of a document."""
        return next((row for row in self.tracked(code).deliveries if row.unit == unit), None)

    def letter(self, code: str, unit: str, kind: str) -> LetterRow | None:
        """The letter of that kind to a unit about a document."""
        return next((row for row in self.tracked(code).letters if (row.unit, row.kind) == (unit, kind)), None)

    def code_of(self, symbol: str) -> str | None:
        """The tracking code of the newest document with this number and notation."""
        with self.town.office.database.transaction() as tx:
            return next((row.code for row in reading.listed(tx) if row.symbol == symbol), None)

    def write(self, clerk: Clerk, to: Sequence[str], symbol: str, matter: str) -> EmailMessage:
        """A mail with a signed paper, as clerks write them; keeps the paper's octets."""
        day = f"{self.today:%d/%m/%Y}"
        facts = {"symbol": symbol, "day": day, "matter": self.words.say(f"demo.matter.{matter}"), "sender": clerk.name}
        self.paper = sheet(self.words.say(f"demo.paper.{matter}", **facts).splitlines())
        mail = clerk.compose(to, self.words.say("demo.subject", **facts), self.words.say("demo.body", **facts))
        name = symbol.replace("/", "-") + ".pdf"
        mail.add_attachment(self.paper, maintype="application", subtype="pdf", filename=name)
        return mail


def gate(unit: str) -> str:
    """The gateway's address of a unit."""
    return f"{unit}@{DOMAIN}"


def load_directory(scene: Scene) -> None:
    """The directory is there: counted in the tables."""
    with scene.town.office.database.transaction() as tx:
        kinds = Counter(unit.kind for unit in directory.all_units(tx))
    if (kinds[UnitKind.PROVINCE], kinds[UnitKind.DISTRICT], kinds[UnitKind.COMMUNE]) != (1, 10, 226):
        raise Unseen(str(kinds))
    scene.tell.seen("demo.directory.seen", **{kind.value: kinds[kind] for kind in UnitKind})


def hand_in(scene: Scene) -> None:
    """The commune's clerk mails a paper: taken when the gateway says 250."""
    to = [gate(DISTRICT)]
    mail = scene.write(scene.commune, to, OWN_NUMBER, "harvest")
    scene.tell.mail(Letter(scene.town.folder, mail), "demo.hand-in.mail")
    answer = scene.commune.send(scene.town.gate, mail, to)
    scene.tell.seen("demo.hand-in.seen", answer=answer)


def register(scene: Scene) -> None:
    """Booked under the commune's own number, delivered to the district, receipted to the clerk."""
    with scene.tell.waiting("demo.registered.wait"):
        code = scene.codes["own"] = wait(lambda: scene.code_of(OWN_NUMBER))
        wait(lambda: _booked(scene, COMMUNE, int(OWN_NUMBER.partition("/")[0])))
        scene.receipt = scene.commune.expect(lambda letter: code in letter.subject)
        scene.arrived = scene.district.expect(lambda letter: code in letter.subject)
    if scene.arrived.enclosure() != scene.paper:
        raise Unseen("the paper was changed on its way")
    scene.tell.seen("demo.registered.seen", code=code, symbol=OWN_NUMBER)
    scene.tell.mail(scene.arrived, "demo.registered.delivery")
    scene.tell.mail(scene.receipt, "demo.registered.receipt")


def accept(scene: Scene) -> None:
    """The district answers; it gets its number, and the commune is told."""
    arrived, receipt = scene.arrived, scene.receipt
    if arrived is None or receipt is None:
        raise Unseen("nothing has arrived that could be answered")
    code, answer = scene.codes["own"], scene.district.answer(arrived, "Đã nhận")
    scene.district.send(scene.town.gate, answer, [str(answer["To"])])
    with scene.tell.waiting("demo.accepted.wait"):
        row = wait(lambda: _handled(scene, code, DISTRICT, Handling.ACCEPTED))
        told = scene.commune.expect(lambda letter: code in letter.subject and letter.path != receipt.path)
    if row.number is None:
        raise Unseen("accepted without a number")
    scene.tell.seen("demo.accepted.seen", number=row.number, year=row.year)
    scene.tell.mail(told, "demo.accepted.told")


def send_on(scene: Scene) -> None:
    """The district writes to two communes and a business: one mail, three deliveries."""
    to = [gate(unit) for unit in (COMMUNE, NEIGHBOUR, BUSINESS)]
    mail = scene.write(scene.district, to, ONWARD_NUMBER, "storm")
    scene.district.send(scene.town.gate, mail, to)
    neighbour = scene.town.clerk("", NEIGHBOUR_BOX)
    with scene.tell.waiting("demo.onward.wait"):
        code = scene.codes["onward"] = wait(lambda: scene.code_of(ONWARD_NUMBER))
        for clerk in (scene.commune, neighbour):
            arrived = clerk.expect(lambda letter: code in letter.subject)
        scene.district.expect(lambda letter: code in letter.subject)
    if arrived.enclosure() != scene.paper or len(scene.tracked(code).deliveries) != len(to):
        raise Unseen("not all of it was delivered")
    scene.tell.seen("demo.onward.seen", code=code, symbol=ONWARD_NUMBER)
    scene.tell.mail(arrived, "demo.onward.delivery")


def miss(scene: Scene) -> None:
    """The business has no mailbox any more: the district is told plainly."""
    code = scene.codes["onward"]
    with scene.tell.waiting("demo.missing.wait"):
        wait(lambda: _travelled(scene, code, BUSINESS, Transport.FAILED))
        told = scene.district.expect(lambda letter: code in letter.subject and "550" in letter.text)
    scene.tell.seen("demo.missing.seen", address=BUSINESS_BOX)
    scene.tell.mail(told, "demo.missing.told")


def hold(scene: Scene) -> None:
    """A stranger's mail waits in the pen."""
    open_mailbox(scene.town, STRANGER_BOX)
    stranger, to = scene.town.clerk(scene.words.say("demo.held.name"), STRANGER_BOX), [gate(DISTRICT)]
    mail = scene.write(stranger, to, STRANGERS_NUMBER, "dike")
    answer = stranger.send(scene.town.gate, mail, to)
    spool_id = answer.rpartition(" ")[2]
    with scene.tell.waiting("demo.held.wait"):
        wait(lambda: _ended(scene, spool_id, "held"))
    scene.codes["mail"] = spool_id
    scene.tell.seen("demo.held.seen", mail=spool_id)
    _typed(scene, "held")


def release(scene: Scene) -> None:
    """The administrator maps the address; the mail goes on by itself."""
    _typed(scene, "map", "add", STRANGER_BOX, NEIGHBOUR, "--why", scene.words.say("demo.released.why"))
    stranger = scene.town.clerk("", STRANGER_BOX)
    with scene.tell.waiting("demo.released.wait"):
        wait(lambda: _ended(scene, scene.codes["mail"], "registered"))
        code = wait(lambda: scene.code_of(STRANGERS_NUMBER))
        arrived = scene.district.expect(lambda letter: code in letter.subject)
        receipt = stranger.expect(lambda letter: code in letter.subject)
    if arrived.enclosure() != scene.paper:
        raise Unseen("the paper was changed on its way")
    scene.tell.seen("demo.released.seen", code=code)
    scene.tell.mail(receipt, "demo.released.receipt")


def prove(scene: Scene) -> None:
    """The journal is whole, and the register can be made from it again."""
    _typed(scene, "verify")
    _typed(scene, "rebuild", "--compare")
    scene.tell.seen("demo.proved.seen")


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its words are ``demo.<name>.title`` and ``demo.<name>.before``."""

    name: str
    play: Callable[[Scene], None]


STORY = (
    Step("directory", load_directory),
    Step("hand-in", hand_in),
    Step("registered", register),
    Step("accepted", accept),
    Step("onward", send_on),
    Step("missing", miss),
    Step("held", hold),
    Step("released", release),
    Step("proved", prove),
)


def _typed(scene: Scene, *words: str) -> None:
    """Type a ``lienthong`` command and show its answer; Unseen when it does not end well."""
    with scene.tell.waiting("demo.wait"):
        done = scene.town.command(*words, columns=scene.tell.columns)
    if done.returncode != 0:
        raise Unseen(done.stdout + done.stderr)
    scene.tell.typed(shlex.join(("lienthong", *words)), done.stdout)


def _booked(scene: Scene, unit: str, number: int) -> bool | None:
    """True once the unit's book of outgoing documents has this number."""
    where = sa.and_(entries.c.unit == unit, entries.c.direction == "out", entries.c.number == number)
    with scene.town.office.database.transaction() as tx:
        return tx.execute(sa.select(entries.c.document).where(where)).first() is not None or None


def _handled(scene: Scene, code: str, unit: str, handling: Handling) -> DeliveryRow | None:
    row = scene.delivery(code, unit)
    return row if row and row.handling == handling.value else None


def _travelled(scene: Scene, code: str, unit: str, transport: Transport) -> LetterRow | None:
    row = scene.letter(code, unit, "delivery")
    return row if row and row.transport == transport.value else None


def _ended(scene: Scene, spool_id: str, outcome: str) -> bool | None:
    with scene.town.office.database.transaction() as tx:
        rows = reading.ended(tx, outcome=outcome)
    return any(row.spool_id == spool_id for row in rows) or None
