"""What follows from the outcome of an attempt: events, another attempt, and a plain word to the sender.

Promises:  each outcome becomes one event; a delay becomes another attempt until the lifetime is over, then a failure;
           the sender of the document is told of a failure, once of a delay, and of success where that was asked for
           and no report of the peer will tell of it (RFC 3461); an outcome that a later attempt or a report has
           overtaken is recorded and moves nothing.
Never:     sends an uncertain letter again by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.send.courier import Delayed, Failed, Outcome, Relayed, Uncertain
from gateway.work.postroom import Claimed
from gateway.work.scribe import Scribe
from gateway.work.telling import News, tell
from mailmap.directory.answers import Directory
from mailmap.document.events import LetterDelayed, LetterFailed, LetterRelayed, LetterTold, LetterUncertain
from mailmap.mail.report import Action
from mailmap.policy.lifecycle import TRANSPORT, Transport
from mailmap.policy.retry import USUAL, Waits, next_attempt, warns
from storage.letters import Row

EXPIRED = "5.4.7"  # RFC 3463: delivery time expired
_EVENTS: Mapping[type[Outcome], type[LetterTold]] = {
    Relayed: LetterRelayed,
    Delayed: LetterDelayed,
    Failed: LetterFailed,
    Uncertain: LetterUncertain,
}


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait between attempts, and after how long the sender is warned (None: never)."""

    waits: Waits = USUAL
    warning: timedelta | None = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Settled:
    """Which letters are tried again, and when."""

    again: Mapping[datetime, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Settling:
    """Settles the outcomes of one batch into a scribe."""

    scribe: Scribe
    directory: Directory
    patience: Patience

    def settle(self, ended: Sequence[tuple[Claimed, Outcome]], current: Mapping[int, Row]) -> Settled:
        """Write what follows; ``current`` are the rows as they are now, locked."""
        again: dict[datetime, list[int]] = {}
        for claimed, outcome in ended:
            at = self._one(claimed, outcome, current[claimed.row.id])
            if at is not None:
                again.setdefault(at, []).append(claimed.row.id)
        return Settled(again)

    def _one(self, claimed: Claimed, outcome: Outcome, now: Row) -> datetime | None:
        if self._overtaken(claimed, outcome, now):
            self._note(claimed, outcome)
            return None
        if not isinstance(outcome, Delayed):
            self._note(claimed, outcome)
            self._tell(claimed, outcome)
            return None
        at = self._next(claimed)
        if at is None:
            return self._one(claimed, Failed(outcome.letter, EXPIRED, outcome.peer), now)
        self._note(claimed, outcome)
        if self._warns(claimed):
            self._report(claimed, outcome, Action.DELAYED)
        return at

    def _overtaken(self, claimed: Claimed, outcome: Outcome, now: Row) -> bool:
        moves = _EVENTS[type(outcome)].__name__ in TRANSPORT[Transport(now.transport)]
        return now.attempts != claimed.attempt or not moves

    def _note(self, claimed: Claimed, outcome: Outcome) -> None:
        row = claimed.row
        happened = _EVENTS[type(outcome)]
        self.scribe.events.append(
            happened(row.document, row.id, claimed.attempt, self.scribe.stamp, outcome.status, outcome.peer)
        )

    def _tell(self, claimed: Claimed, outcome: Outcome) -> None:
        if isinstance(outcome, Failed):
            self._report(claimed, outcome, Action.FAILED)
        elif isinstance(outcome, Relayed) and not outcome.reports:
            self._report(claimed, outcome, Action.RELAYED)

    def _next(self, claimed: Claimed) -> datetime | None:
        row = claimed.row
        lifetime = row.expires_at - row.queued_at
        return next_attempt(claimed.attempt, self.scribe.now, row.queued_at, lifetime, self.patience.waits)

    def _warns(self, claimed: Claimed) -> bool:
        after = self.patience.warning
        return after is not None and warns(claimed.row.told_at, self.scribe.now, claimed.row.queued_at, after)

    def _report(self, claimed: Claimed, outcome: Outcome, action: Action) -> None:
        row = claimed.row
        until = row.expires_at.isoformat() if action is Action.DELAYED else ""
        news = News(action, outcome.status, outcome.peer, until)
        tell(self.scribe, row, claimed.matter, self.directory, news)
