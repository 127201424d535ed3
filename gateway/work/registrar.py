"""The registrar: facts, then the rules, then one transaction.

Promises:  commit point B: after ``conclude`` returns, each mail of the batch has its one outcome, and everything it
           entails (journal, books, deliveries, letters, jobs) is committed with it, or nothing is.
Never:     reads a mail's octets; guesses. Two mails that could disturb each other never share a transaction.
Fails:     the register's and database's exceptions, with the transaction undone: the mails still wait.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from gateway import maillog
from gateway.work.acts import perform
from gateway.work.case import Case
from gateway.work.facts import Bench, gather
from gateway.work.prepare import Prepared
from gateway.work.scribe import Desk, Scribe
from mailmap.directory.answers import Directory
from mailmap.document.events import MailConcluded
from mailmap.mail.envelope import ForwardPath
from mailmap.policy.decide import decide
from mailmap.policy.decision import Decision, Lock
from storage import incoming
from storage.database import Database
from storage.failpoints import reach
from storage.incoming import Conclusion


@dataclass(frozen=True, slots=True)
class Registrar:
    """Concludes prepared mails. ``directory`` is one snapshot for the whole batch."""

    database: Database
    desk: Desk
    bench: Bench

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
        ours = incoming.unfinished(tx, [one.waiting.id for one in batch])
        batch = [one for one in batch if one.waiting.id in ours]  # others may have taken us for dead, and be done
        scribe = Scribe(tx, self.desk, now)
        judged, ends = [], []
        for mail, facts in zip(batch, gather(tx, batch, directory, now, self.bench), strict=True):
            case = Case(mail, facts, directory)
            decision = self._decide(case)
            ends.append(_carry_out(scribe, case, decision))
            judged.append((case, decision))
        scribe.write(actor="gateway")
        incoming.conclude(tx, ends, now)
        return judged

    def _decide(self, case: Case) -> Decision:
        message, waiting, bench = case.mail.message, case.mail.waiting, self.bench
        return decide(message, waiting.envelope, waiting.arrival, case.facts, bench.policy, bench.phrases)


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
    if any(isinstance(act, Lock) for act in decision.acts):
        scribe.events.append(MailConcluded(spool_id, outcome, decision.rule, None))
        return Conclusion(mail.waiting.id, None, None, outcome, decision.rule, decision.sentence, None)
    scribe.events.append(MailConcluded(spool_id, outcome, decision.rule, document))
    return Conclusion(
        mail.waiting.id, mail.sender, mail.message.digest, outcome, decision.rule, decision.sentence, document
    )  # fmt: skip
