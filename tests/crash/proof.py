"""What must hold when all is quiet: what was answered 250 is one document, and nothing is lost, doubled or left over.

Promises:  every rule is looked at, whatever the others say; each sentence that comes back names one violation.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from gateway.state import State
from gateway.stores import opened_blobs
from storage import doorbook_writer
from storage.database import Database
from storage.doorbook import Book
from storage.keys import Keys
from storage.schema import deliveries, documents, entries, journal, letters, locked, mails
from storage.spool.record import HEADER_LENGTH
from storage.strongroom import HALF, Strongroom
from tests.crash.office import ORIGIN, Office
from tests.crash.sender import Sender
from tests.crash.traffic import SECRET, Traffic

CONCLUDED = {"registered", "reply", "duplicate"}


@dataclass(frozen=True, slots=True)
class Proof:
    """Looks at everything; the gateway runs and is quiet."""

    office: Office
    database: Database
    sender: Sender
    traffic: Traffic

    def violations(self) -> list[str]:
        """All that is wrong."""
        with self.database.transaction() as tx:
            found = [
                *self._answers(tx),
                *self._documents(tx),
                *self._deliveries(tx),
                *self._arrivals(tx),
                *self._letters(tx),
                *self._mails(tx),
                *self._strongroom(tx),
                *self._doorbook(tx),
            ]
        return [*found, *self._spool(), *self._commands()]

    def figures(self) -> Mapping[str, int]:
        """How much there was of everything."""
        with self.database.transaction() as tx:
            tables = {
                table.name: _count(tx, table)
                for table in (mails, documents, entries, deliveries, letters, locked, journal)
            }
            outcomes = Counter(tx.execute(sa.select(mails.c.outcome)).scalars())
        copies = self.traffic.copies()
        return {
            "mails through Postfix": self.traffic.marked
            + len(self.traffic.sent)
            + sum(map(len, self.traffic.answered.values())),
            "replies 250": sum(bool(answer.spool_id) for answer in self.sender.answers()),
            "taken again after a lost 250": outcomes["duplicate"],
            "letters sent more than once": sum(many > 1 for many in copies.values()),
            **{f"rows in {name}": many for name, many in tables.items()},
        }

    def _answers(self, tx: Connection) -> Iterator[str]:
        """Every 250 that Postfix heard names a mail that the gateway has, and Postfix has a 250 for everybody."""
        known = set(tx.execute(sa.select(mails.c.spool_id)).scalars())
        told = [answer for answer in self.sender.answers() if answer.status != "deferred"]
        for answer in told:
            if answer.spool_id not in known:
                yield f"Postfix was told {answer.words!r}, and the gateway knows of no such mail"
        twice = Counter((answer.queue_id, answer.recipient) for answer in told)
        yield from (f"Postfix had two final answers for {who}" for who, many in twice.items() if many > 1)
        wanted = sum(map(len, self.traffic.sent.values())) + self._sent() - len(self.traffic.sent)
        if len(twice) != wanted:
            yield f"Postfix took mail for {wanted} recipients and has answers for {len(twice)}"

    def _sent(self) -> int:
        """How many mails Postfix took."""
        answers = sum(map(len, self.traffic.answered.values()))
        return len(self.traffic.sent) + self.traffic.marked + answers

    def _documents(self, tx: Connection) -> Iterator[str]:
        """Each mail is one document under its own number, and there is no other document."""
        query = sa.select(entries.c.number, entries.c.document).where(entries.c.direction == "out")
        booked = tx.execute(query.where(entries.c.unit == ORIGIN)).all()
        held: dict[int, set[int]] = defaultdict(set)
        for number, document in booked:
            held[number].add(document)
        for number in self.traffic.sent:
            if len(held[number]) != 1:
                yield f"mail {number} is {len(held[number])} documents"
        if set(held) - set(self.traffic.sent):
            yield f"numbers nobody sent: {sorted(set(held) - set(self.traffic.sent))}"
        if _count(tx, documents) != len(self.traffic.sent):
            yield f"{_count(tx, documents)} documents of {len(self.traffic.sent)} mails"

    def _deliveries(self, tx: Connection) -> Iterator[str]:
        """One delivery for each unit that a mail named, and one letter for each delivery."""
        query = sa.select(entries.c.number, deliveries.c.unit, deliveries.c.id).select_from(
            deliveries.join(entries, (entries.c.document == deliveries.c.document) & (entries.c.direction == "out"))
        )
        reached: dict[int, list[str]] = defaultdict(list)
        for number, unit, _ in tx.execute(query):
            reached[number].append(unit)
        for number, units in self.traffic.sent.items():
            if sorted(reached[number]) != sorted(units):
                yield f"mail {number} went to {sorted(reached[number])}, not to {sorted(units)}"
        carried = Counter(tx.execute(sa.select(letters.c.delivery).where(letters.c.kind == "delivery")).scalars())
        opened = set(tx.execute(sa.select(deliveries.c.id)).scalars())
        yield from (f"delivery {id_} has {carried[id_]} letters" for id_ in opened if carried[id_] != 1)

    def _arrivals(self, tx: Connection) -> Iterator[str]:
        """Answered deliveries stand in the unit's book of arrivals, numbered from 1 without gaps."""
        query = sa.select(entries.c.unit, entries.c.number, letters.c.id).select_from(
            entries.join(letters, (letters.c.delivery == entries.c.delivery) & (letters.c.kind == "delivery"))
        )
        numbers: dict[str, list[int]] = defaultdict(list)
        booked: dict[str, set[int]] = defaultdict(set)
        for unit, number, letter in tx.execute(query.where(entries.c.direction == "in")):
            numbers[unit].append(number)
            booked[unit].add(letter)
        for unit in {*self.traffic.answered, *booked}:
            if sorted(numbers[unit]) != [*range(1, len(numbers[unit]) + 1)]:
                yield f"the arrivals of {unit} are not numbered without gaps: {sorted(numbers[unit])}"
            if odd := booked[unit] ^ self.traffic.answered[unit]:
                yield f"{unit} answered and was not booked, or the reverse, for the letters {sorted(odd)}"

    def _letters(self, tx: Connection) -> Iterator[str]:
        """Every letter was taken at least once, always the same octets; what came twice was tried twice."""
        rows = {row.id: row for row in tx.execute(sa.select(letters.c.id, letters.c.transport, letters.c.to))}
        tried = Counter(_bodies(tx, "LetterTried", "letter"))
        came: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
        for one in self.traffic.taken:
            came[one.letter].append((one.message_id, one.recipient, one.digest))
        yield from (f"the world took a letter nobody wrote: {id_}" for id_ in came.keys() - rows.keys())
        for id_, row in rows.items():
            if len(set(came[id_])) != 1:
                yield f"letter {id_} ({row.transport}) came {len(came[id_])} times in {len(set(came[id_]))} shapes"
            if tried[id_] < len(came[id_]):
                yield f"letter {id_} came {len(came[id_])} times, and the journal knows of {tried[id_]} attempts"
            if row.transport not in {"relayed", "delivered"}:
                yield f"letter {id_} is still {row.transport}"

    def _mails(self, tx: Connection) -> Iterator[str]:
        """Every mail has one outcome, in its row and in the journal, and it is one of those that fit this story."""
        concluded = Counter(_bodies(tx, "MailConcluded", "mail"))
        for spool_id, outcome, rule in tx.execute(sa.select(mails.c.spool_id, mails.c.outcome, mails.c.rule)):
            if outcome not in CONCLUDED and rule != "classified":
                yield f"mail {spool_id} ended as {outcome} by the rule {rule}"
            if concluded[spool_id] != 1:
                yield f"the journal concludes mail {spool_id} {concluded[spool_id]} times"

    def _strongroom(self, tx: Connection) -> Iterator[str]:
        """Every marked mail is under lock, whole, and nothing of it can be read anywhere else."""
        rows = tx.execute(sa.select(locked.c.id, locked.c.mail, locked.c.alike, locked.c.left)).all()
        if len({row.alike for row in rows}) != self.traffic.marked:
            yield f"{self.traffic.marked} marked mails, {len({row.alike for row in rows})} under lock"
        state = State.of(self.office.settings)
        room = Strongroom(Keys.load(state.keys), opened_blobs(self.office.settings))
        for row in rows:
            if SECRET not in room.open(tx, row.id).raw:
                yield f"the locked mail {row.id} is not what was sent"
        yield from (f"the locked mail {row.id} has readable blobs left" for row in rows if row.left is not None)
        files = [path for path in state.blobs.rglob("*") if path.is_file()]
        yield from (f"a blob can be read: {path.name}" for path in files if SECRET in path.read_bytes())
        names = set(tx.execute(sa.select(locked.c.name)).scalars())
        halves = {name[:HALF] for name in names}
        astray = [path.name for path in files if path.name[:HALF] in halves and path.name not in names]
        yield from (f"an attempt left a blob: {name}" for name in astray)

    def _doorbook(self, tx: Connection) -> Iterator[str]:
        """The doorbook is as the tables are."""
        if Book(State.of(self.office.settings).doorbook).head.state != doorbook_writer.state(tx):
            yield "the doorbook is not as the tables are"

    def _spool(self) -> Iterator[str]:
        """Of each door only the newest segment is left, without a record."""
        for door in State.of(self.office.settings).spool.iterdir():
            left = {path.name: path.stat().st_size for path in door.iterdir() if path.name not in {"gauge", "lock"}}
            if [*left.values()] != [HEADER_LENGTH]:
                yield f"left in the spool of {door.name}: {left}"

    def _commands(self) -> Iterator[str]:
        """The chain holds, and the register is what the journal makes of it."""
        for words in (("verify",), ("rebuild", "--compare")):
            try:
                self.office.command(*words)
            except RuntimeError as error:
                yield f"lienthong {' '.join(words)}: {error}"


def _count(tx: Connection, table: sa.Table) -> int:
    return int(tx.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def _bodies(tx: Connection, kind: str, name: str) -> list[Any]:
    """One open field of every event of a kind."""
    return [body[name] for body in tx.execute(sa.select(journal.c.body).where(journal.c.kind == kind)).scalars()]
