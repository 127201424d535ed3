"""What is killed, where, and in which order.

Promises:  every fail point the program has stands in REACHED under each role that reaches it (a test compares); a plan
           strikes each pair again in every round, at later and later occurrences. The same seed gives the same plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, count, cycle, islice
from random import Random

from gateway.supervisor import Role

BLOBS = ("blobs.before-sync", "blobs.before-link", "blobs.after-link", "blobs.after-sync")
JOBS = ("jobs.claimed", "jobs.done")
STRONGROOM = ("strongroom.laid", "strongroom.before-forget", "blobs.forgotten", "strongroom.forgotten")
REACHED: Mapping[Role, tuple[str, ...]] = {
    Role.SMTP: (
        "spool.recovering", "spool.before-body-sync", "spool.after-body-sync", "spool.before-write",
        "spool.before-sync", "spool.after-sync", "spool.before-answer", "smtp.before-reply", "smtp.after-reply",
        "spool.before-rotate", "spool.after-rotate",
    ),
    Role.FORWARD: (
        "forward.before-blobs", *BLOBS, "forward.after-insert", "forward.before-commit", "forward.after-commit",
        "spool.before-release", "spool.between-releases", "spool.recovering",
    ),
    Role.REGISTER: (
        *JOBS, "register.before-claim", "register.claimed", *BLOBS, "register.before-commit", "register.after-commit",
        *STRONGROOM,
    ),
    Role.SEAL: ("seal.before-commit", "seal.after-commit"),
    Role.SEND: (
        *JOBS, "send.before-claim", "send.claimed", "send.before-keep", "send.kept", "send.carried",
        "send.before-commit", "send.after-commit",
    ),
    Role.DIRECTORY: (
        "constfile.before-sync", "constfile.before-rename", "constfile.after-rename", "doorbook.before-switch",
        "doorbook.after-switch",
    ),
}  # fmt: skip
# These are rare: in one life of a process they come once, or as often as there are large or marked mails, or closed
# segments.
RARE = frozenset(
    {"spool.recovering", "spool.before-rotate", "spool.after-rotate", *STRONGROOM, *REACHED[Role.DIRECTORY]}
)
SELDOM = frozenset(
    {"spool.before-body-sync", "spool.after-body-sync", "spool.before-release", "spool.between-releases"}
)
LATEST = 4


class Blow(StrEnum):
    """What comes from outside, at any moment."""

    ONE = "one process, at any moment"
    ALL = "every process at once"
    ALL_AND_SERVER = "every process and PostgreSQL at once"
    SERVER = "PostgreSQL's postmaster"
    BACKEND = "a backend of PostgreSQL"


@dataclass(frozen=True, slots=True)
class Strike:
    """A role is killed at a point, when it comes there for the n-th time."""

    role: Role
    point: str
    nth: int = 1

    @property
    def wish(self) -> str:
        """As LIENTHONG_FAILPOINT says it."""
        return f"{self.point}:{self.nth}"


PAIRS = tuple((role, point) for role, points in REACHED.items() for point in points)
SHORT: tuple[Strike | Blow, ...] = (
    Strike(Role.SMTP, "spool.after-sync", 2),
    Strike(Role.FORWARD, "forward.before-commit"),
    Strike(Role.REGISTER, "register.before-commit"),
    Strike(Role.SEND, "send.carried"),
    Strike(Role.SEAL, "seal.before-commit", 2),
    Strike(Role.DIRECTORY, "constfile.before-rename"),
    Strike(Role.SMTP, "smtp.before-reply", 2),
    Blow.ALL,
    Strike(Role.SMTP, "smtp.after-reply"),
    Strike(Role.FORWARD, "spool.between-releases"),
    Strike(Role.REGISTER, "register.after-commit", 2),
    Strike(Role.SEND, "send.before-commit", 2),
    Strike(Role.SMTP, "spool.after-body-sync"),
    Blow.BACKEND,
    Strike(Role.FORWARD, "forward.after-commit"),
    Strike(Role.REGISTER, "strongroom.laid"),
    Strike(Role.SEND, "send.kept"),
    Strike(Role.REGISTER, "blobs.forgotten"),
)


def plan(kills: int, seed: int) -> list[Strike | Blow]:
    """So many strikes and blows, round after round, each round in another order."""
    chance = Random(seed)  # noqa: S311  the same every time
    return list(islice(chain.from_iterable(_round(number, chance) for number in count()), kills))


def _round(number: int, chance: Random) -> Iterator[Strike | Blow]:
    told: list[Strike | Blow] = [Strike(role, point, _nth(point, number, chance)) for role, point in PAIRS]
    blows = cycle([Blow.SERVER, Blow.BACKEND])
    told += [Blow.ONE, Blow.ONE, Blow.ONE, (Blow.ALL, Blow.ALL_AND_SERVER)[number % 2]]
    told += islice(blows, number % 2, number % 2 + 1)
    chance.shuffle(told)
    return iter(told)


def _nth(point: str, number: int, chance: Random) -> int:
    if point in RARE:
        return 1
    return 1 + (number + chance.randrange(2)) % (2 if point in SELDOM else LATEST)
