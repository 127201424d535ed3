"""The registrar: facts, then the rules, then one transaction.

Promises:  commit point B: after ``conclude`` returns, each mail of the batch has its one outcome, and everything it
           entails (journal, books, deliveries, letters, jobs) is committed with it, or nothing is.
Never:     reads a mail's octets; guesses. Two mails that could disturb each other never share a transaction.
Fails:     the register's and database's exceptions, with the transaction undone: the mails still wait.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from gateway import maillog
from gateway.work.acts import Case, perform
from gateway.work.prepare import Prepared
from gateway.work.scribe import HANOI, Desk, Scribe
from mailmap.directory.answers import Directory, Where
from mailmap.document.events import MailConcluded
from mailmap.mail.envelope import ForwardPath
from mailmap.policy.commands import Phrases
from mailmap.policy.decide import decide, would_book
from mailmap.policy.decision import Decision, Earlier, Facts, Policy, Proof
from mailmap.policy.trust import prove
from storage import incoming, lookup, register
from storage.database import Database
from storage.failpoints import reach
from storage.incoming import Conclusion, Waiting
from storage.register import Series


@dataclass(frozen=True, slots=True)
class Registrar:
    """Concludes prepared mails. ``directory`` is one snapshot for the whole batch."""

    database: Database
    desk: Desk
    policy: Policy
    phrases: Phrases
    may_send_as: Callable[[str], Collection[str]]

    def conclude(self, batch: Sequence[Prepared], directory: Directory, now: datetime) -> None:
        """Give every mail its outcome: as few transactions as the mails' independence allows."""
        waiting = list(batch)
        while waiting:
            chosen = independent(waiting)
            with self.database.transaction() as tx:  # commit point B
                cases = self._judge(tx, chosen, directory, now)
                reach("register.before-commit")
            reach("register.after-commit")
            for case, decision in cases:
                maillog.concluded(case.mail.waiting.spool_id, decision.outcome, decision.rule)
            taken = {id(one) for one in chosen}
            waiting = [one for one in waiting if id(one) not in taken]

    def _judge(
        self, tx: Connection, batch: Sequence[Prepared], directory: Directory, now: datetime
    ) -> list[tuple[Case, Decision]]:
        incoming.lock(tx, [_lock_key(one) for one in batch])
        scribe = Scribe(tx, self.desk, now)
        judged, ends = [], []
        for mail in batch:
            case = Case(mail, self._facts(tx, mail, directory, now))
            decision = self._decide(case)
            ends.append(_carry_out(scribe, case, decision))
            judged.append((case, decision))
        scribe.write(actor="gateway")
        incoming.conclude(tx, ends, now)
        return judged

    def _decide(self, case: Case) -> Decision:
        waiting = case.mail.waiting
        return decide(
            case.mail.message, waiting.envelope, waiting.arrival, case.facts, self.policy, self.phrases
        )  # fmt: skip

    def _facts(self, tx: Connection, mail: Prepared, directory: Directory, now: datetime) -> Facts:
        waiting, today = mail.waiting, now.astimezone(HANOI).date()
        who = directory.who(mail.sender, today)
        where = tuple(directory.where(path.address, today) for path in waiting.envelope.recipients)
        facts = Facts(
            who=who,
            proof=Proof.PERSON if waiting.released_by else prove(waiting.arrival, mail.sender, self._names(waiting)),
            where=where,
            fields=mail.fields,
            enclosures=mail.enclosures,
            now=now,
            earlier=_earlier(tx, mail, directory, now),
            addressed=lookup.addressed(tx, directory, _letters(where), now),
            attempts=waiting.attempt,
            released_by=waiting.released_by,
            answer=mail.answer,
            report=mail.report,
            told=lookup.told(tx, mail.sender, now - lookup.DAY),
        )
        return replace(facts, holder=self._holder(tx, facts))

    def _names(self, waiting: Waiting) -> Collection[str]:
        return self.may_send_as(waiting.arrival.login) if waiting.arrival.login else ()

    def _holder(self, tx: Connection, facts: Facts) -> str | None:
        """The tracking code of the document that already has the number this mail would enter in its book."""
        wanted, unit = would_book(facts, self.policy, self.phrases), facts.who.unit
        if wanted is None or unit is None or not unit.book:
            return None
        symbol, issued = wanted
        series = Series(unit.id, "out", issued.year)
        return register.holder(tx, series, symbol.number, symbol.suffix, symbol.notation)


def _letters(where: Iterable[Where]) -> list[int]:
    """The letters that the keyed addresses among these point at."""
    return [one.letter for one in where if one.letter is not None]


def _earlier(tx: Connection, mail: Prepared, directory: Directory, now: datetime) -> Earlier | None:
    known = incoming.copies(tx, mail.message.digest, mail.sender)
    if known is None:
        return None
    today = now.astimezone(HANOI).date()
    answered = _letters(directory.where(recipient, today) for recipient in known.recipients)
    return Earlier(known.first, known.document, known.code, known.units, frozenset(answered))


def independent(batch: Iterable[Prepared]) -> list[Prepared]:
    """As many mails of the batch, in order, as share neither content, nor a keyed address, nor a number."""
    seen: set[str] = set()
    chosen = []
    for mail in batch:
        keys = _keys(mail)
        if seen.isdisjoint(keys):
            chosen.append(mail)
        seen |= keys
    return chosen


def _keys(mail: Prepared) -> set[str]:
    domain = mail.sender.rpartition("@")[2]
    keys = {mail.message.digest, *(path.address.casefold() for path in _keyed(mail))}
    if mail.fields.symbol:
        keys.add(f"{domain} {mail.fields.symbol.value}")
    return keys


def _keyed(mail: Prepared) -> list[ForwardPath]:
    return [path for path in mail.waiting.envelope.recipients if "+" in path.address]


def _lock_key(mail: Prepared) -> int:
    """A 63-bit key that copies of one mail share."""
    seed = f"{mail.message.digest} {mail.sender}".encode()
    return int.from_bytes(hashlib.blake2b(seed, digest_size=8).digest(), "big") >> 1


def _carry_out(scribe: Scribe, case: Case, decision: Decision) -> Conclusion:
    documents = [perform(scribe, case, act) for act in decision.acts]
    earlier = case.facts.earlier.document if case.facts.earlier else None  # a copy belongs where its first one went
    document = next((one for one in documents if one is not None), earlier)
    mail = case.mail
    spool_id, outcome = mail.waiting.spool_id, decision.outcome.value
    scribe.events.append(MailConcluded(spool_id, outcome, decision.rule, document))
    return Conclusion(
        mail.waiting.id, mail.sender, mail.message.digest, outcome, decision.rule, decision.sentence, document
    )  # fmt: skip
