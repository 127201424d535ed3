"""The storm: strikes and blows fall while mail flows, until the plan is done; then peace until all is quiet.

Promises:  several actors are armed at a time, each with a strike of its own; who dies is raised at once. A blow from
           outside falls when as many kills went before it as the plan says. A strike that an actor did not come to, or
           that others forestalled, is tried again.
Fails:     TooLong when the gateway does not come to rest; what else is wrong stands in ``wrong``.
"""

from __future__ import annotations

import os
import signal
import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import sqlalchemy as sa

from gateway.roles.stage import WAITS
from gateway.state import State
from gateway.supervisor import Role
from storage import accounts
from storage.database import Database
from storage.doorbook import Account
from storage.jobs import Jobs
from storage.schema import awaiting_seal, letters, mails, unsealed
from storage.spool.record import HEADER_LENGTH
from storage.trouble import Temporary
from tests.crash.cast import Actor
from tests.crash.office import Office
from tests.crash.plan import Blow, Strike
from tests.crash.sender import Sender
from tests.crash.traffic import Traffic
from tests.waiting import until

PATIENCE_S = 30.0  # a point that is not reached by then is tried again later
TRIES = 3
NUDGE_S = 3.0
QUIET_S = 120.0
UNDER_WAY = 12  # mails that are not documents yet
LETTERS_UNDER_WAY = 80
LOOK_S = 0.25
READY_S = 60.0
DEAD = -signal.SIGKILL
ENDING = frozenset({"spool.before-rotate", "spool.after-rotate"})  # reached by a door that is asked to end


@dataclass(slots=True)
class Storm:
    """The killing, until the plan is done."""

    office: Office
    database: Database
    sender: Sender
    traffic: Traffic
    cast: Sequence[Actor]
    planned: Sequence[Strike | Blow]
    kills: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    chance: Random = field(default_factory=lambda: Random(7))  # noqa: S311  no secret
    _strikes: dict[Role, deque[Strike]] = field(init=False)
    _blows: deque[tuple[int, Blow]] = field(init=False)
    _tried: Counter[Strike] = field(default_factory=Counter)
    _looked_at: float = 0.0
    _room: int = UNDER_WAY
    _feeding: bool = True
    _cached: bool = True  # whether Postfix keeps its connections: in the first half of the storm
    retried: int = 0

    def __post_init__(self) -> None:
        self._strikes = {role: deque() for role in Role}
        self._blows = deque()
        for place, what in enumerate(self.planned):
            if isinstance(what, Strike):
                self._strikes[what.role].append(what)
            else:
                self._blows.append((place, what))

    @property
    def total(self) -> int:
        """Kills so far."""
        return self.kills.total()

    def run(self) -> None:
        """Kill all that is to be killed."""
        for actor in self.cast:
            self._raise(actor)
        until(self._turn, READY_S + 10 * len(self.planned), "the plan done", pause_s=0.02)

    def _turn(self) -> bool:
        """Look at everything once; True when all was killed that was to be."""
        self._feed()
        for actor in self.cast:
            self._look_at(actor)
        self._strike_blows()
        return not (self._blows or any(self._strikes.values()) or any(actor.strike for actor in self.cast))

    # --- the flow ---

    def _feed(self) -> None:
        if time.monotonic() - self._looked_at > LOOK_S:
            self._looked_at = time.monotonic()
            self.traffic.look_round()
            self._room = self._look_for_room() if self._feeding else 0
        if self._room > 0:
            self._room -= 1
            self.traffic.send(large=len(self.traffic.sent) % 2 == 0 and self._wants_large())

    def _wants_large(self) -> bool:
        return any("body" in actor.strike.point for actor in self.cast if actor.strike)

    def _look_for_room(self) -> int:
        """How many more mails may come in, so that the flow goes on and does not run away."""
        concluded = sa.select(sa.func.count(sa.distinct(mails.c.document)))
        waiting = sa.select(sa.func.count()).where(letters.c.transport.in_(("queued", "sending")))
        try:
            with self.database.transaction() as tx:
                done, under_way = tx.execute(concluded).scalar_one(), tx.execute(waiting).scalar_one()
        except Temporary:  # PostgreSQL is one of those we kill
            return self._room
        return 0 if under_way > LETTERS_UNDER_WAY else UNDER_WAY - (len(self.traffic.sent) - done)

    # --- the actors ---

    def _look_at(self, actor: Actor) -> None:
        ended = actor.died()
        if ended is not None:
            self._bury(actor, ended)
            self._raise(actor)
        elif actor.is_ready() and actor.strike and not actor.felled:
            self._press(actor, actor.strike)

    def _bury(self, actor: Actor, ended: int) -> None:
        strike = actor.strike
        if strike and not actor.felled and ended == DEAD:
            self.kills[f"{strike.role} at {strike.point}"] += 1
        elif strike and (not actor.felled or actor.given_up):
            self._again(strike)
        elif strike:  # others fell it: the strike is still to come
            self._strikes[strike.role].appendleft(strike)
        if ended not in {DEAD, 0, WAITS}:
            self.wrong.append(f"{actor.name} ended by itself with status {ended}")

    def _again(self, strike: Strike) -> None:
        self._tried[strike] += 1
        if self._tried[strike] < TRIES:
            self._strikes[strike.role].append(strike)
        else:
            self.wrong.append(f"{strike.role} never came to {strike.wish}")

    def _raise(self, actor: Actor) -> None:
        waiting = self._strikes[actor.role]
        strike = waiting.popleft() if waiting else None
        if strike and strike.point.startswith("doorbook."):
            self._lose_changes()
        actor.raise_again(strike)
        if actor.role is Role.DIRECTORY and strike:
            self._change_directory()

    def _press(self, actor: Actor, strike: Strike) -> None:
        """Bring about what does not come by itself, and lose patience in the end."""
        if strike.point in ENDING and not actor.asked and self._holds_mail(actor):
            actor.signal(signal.SIGTERM)
        if (
            actor.role is Role.FORWARD
            and strike.point.startswith("spool.")
            and not actor.nudged
            and actor.age_s > NUDGE_S
        ):
            actor.nudged = True
            self._doors()[0].signal(signal.SIGKILL)
        if actor.age_s > PATIENCE_S:
            actor.given_up = True
            actor.signal(signal.SIGKILL)

    def _holds_mail(self, door: Actor) -> bool:
        """Whether something was written since it began; an empty segment is not closed."""
        segments = (State.of(self.office.settings).spool / f"door-{door.part.number}").glob("*.seg")
        return max(segments).stat().st_size > HEADER_LENGTH

    def _doors(self) -> list[Actor]:
        doors = [actor for actor in self.cast if actor.role is Role.SMTP]
        return sorted(doors, key=lambda door: door.strike is not None)

    def _lose_changes(self) -> None:
        """Without its small file a doorbook is none: the whole of it must be written anew, and switched."""
        large = State.of(self.office.settings).doorbook
        for small in large.parent.glob(f"{large.name}.*.delta"):
            small.unlink()

    def _change_directory(self) -> None:
        """A new account: the doorbook must be written anew."""
        login = f"crash-{time.monotonic_ns()}@namdinh.example"
        try:
            with self.database.transaction() as tx:
                accounts.add(tx, Account(login, "$argon2id$none", frozenset(), locked=True), datetime.now(UTC))
        except Temporary:  # the strike will be tried again
            return

    # --- the blows ---

    def _strike_blows(self) -> None:
        if self._cached and self.total * 2 > len(self.planned):
            self._cached = False
            self.sender.configure(cached=False)
            self.sender.control("reload")
        while self._blows and self._blows[0][0] <= self.total and self._dealt(self._blows[0][1]):
            self.kills[self._blows.popleft()[1]] += 1

    def _dealt(self, blow: Blow) -> bool:
        """Strike; False when PostgreSQL is just down: its time will come."""
        victims = self._of_the_server(blow)
        if not victims and blow not in {Blow.ONE, Blow.ALL}:
            return False
        for pid in victims:
            os.kill(pid, signal.SIGKILL)
        if blow is Blow.ONE:
            self.chance.choice(self.cast).signal(signal.SIGKILL)
        if blow in {Blow.ALL, Blow.ALL_AND_SERVER}:
            for actor in self.cast:
                actor.signal(signal.SIGKILL)
        return True

    def _of_the_server(self, blow: Blow) -> list[int]:
        """The processes of PostgreSQL that this blow is for."""
        path = State.of(self.office.settings).postgres / "data" / "postmaster.pid"
        try:
            master = int(path.read_text().split("\n", 1)[0])
            serving = _serving(master)
        except (FileNotFoundError, ProcessLookupError):
            return []
        if blow is Blow.BACKEND:
            return self.chance.sample(serving, min(1, len(serving)))
        return [master] if blow in {Blow.SERVER, Blow.ALL_AND_SERVER} else []

    # --- the end ---

    def settle(self) -> None:
        """Leave everybody in peace until nothing moves any more."""
        self._feeding = False
        self.wait_until_quiet()
        self._retry_the_uncertain()
        for door in self._doors():
            door.signal(signal.SIGTERM)
        until(
            lambda: self._turn() and all(door.is_ready() and not door.asked for door in self._doors()), READY_S, "doors"
        )
        until(self._spool_is_empty, READY_S, "the spool empty")
        self.wait_until_quiet()

    def _retry_the_uncertain(self) -> None:
        """What a person does with letters that took their process down too often."""
        query = sa.select(letters.c.id).where(letters.c.transport == "uncertain")
        with self.database.transaction() as tx:
            uncertain = list(tx.execute(query).scalars())
        for letter in uncertain:
            self.office.command("retry", str(letter), "--by", "crash")
        self.retried += len(uncertain)

    def wait_until_quiet(self) -> None:
        """Postfix has nothing left, no mail and no letter waits, no job is due, every row is sealed."""
        until(lambda: self._turn() and self._quiet(), QUIET_S, "quiet", pause_s=0.1)

    def _quiet(self) -> bool:
        self.traffic.look_round()
        try:
            return not self.sender.queued() and not any(self.pending().values())
        except Temporary:  # PostgreSQL recovers from the last blow
            return False

    def pending(self) -> dict[str, int]:
        """What is still to be done in the database."""
        open_ = {
            "mails": sa.select(mails).where(mails.c.outcome.is_(None)),
            "letters": sa.select(letters).where(letters.c.transport.in_(("queued", "sending", "delayed"))),
            "rows to seal": sa.select(unsealed),
            "letters to free": sa.select(awaiting_seal),
        }
        with self.database.transaction() as tx:
            found = {name: len(tx.execute(query).all()) for name, query in open_.items()}
            return found | {"jobs": Jobs(self.database).waiting(tx)}

    def _spool_is_empty(self) -> bool:
        self._turn()
        doors = State.of(self.office.settings).spool.iterdir()
        return all([path.stat().st_size for path in door.iterdir() if path.suffix] == [HEADER_LENGTH] for door in doors)


def _serving(postmaster: int) -> list[int]:
    """The backends that serve one of ours."""
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    return [int(child) for child in children if b" lienthong lienthong " in Path(f"/proc/{child}/cmdline").read_bytes()]
