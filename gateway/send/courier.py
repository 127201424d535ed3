"""The port by which mail leaves: parcels in, one outcome per recipient out, as values.

Promises:  ``send`` answers for every parcel, in their order; what a peer did is an outcome and never an exception.
Never:     tries again by itself after a peer has said anything about a parcel; when and whether is policy.
Fails:     only by a bug of ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from mailmap.mail.envelope import Notify, Return


@dataclass(frozen=True, slots=True)
class Parcel:
    """One mail to one recipient: a letter's id, its envelope (None is the null sender) and its octets (CRLF lines).

    The octets come in pieces, so that mails which carry one file share it until each is sent.
    ``notify``, ``envid``, ``orcpt`` (with its type) and ``ret`` are offered to peers that know DSN (RFC 3461).
    """

    letter: int
    sender: str | None
    recipient: str
    pieces: tuple[bytes, ...] = field(repr=False)
    notify: frozenset[Notify] = frozenset()
    envid: str = ""
    orcpt: str = ""
    ret: Return | None = None

    @property
    def size(self) -> int:
        """How many octets it has."""
        return sum(map(len, self.pieces))


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a parcel: an enhanced status d.d.d (RFC 3463) and the peer's own words, with its name."""

    letter: int
    status: str
    peer: str


@dataclass(frozen=True, slots=True)
class Relayed(Told):
    """The peer took it over; ``reports`` says that it was asked to tell of its success, and knows how (RFC 3461)."""

    reports: bool = False


@dataclass(frozen=True, slots=True)
class Delayed(Told):
    """Not now: the peer said 4yz, or was not there."""


@dataclass(frozen=True, slots=True)
class Failed(Told):
    """Never: the peer said 5yz, or there is nobody to ask."""


@dataclass(frozen=True, slots=True)
class Uncertain(Told):
    """The peer had every octet and fell silent: taken or not, nobody told us."""


Outcome = Relayed | Delayed | Failed | Uncertain


class Courier(Protocol):
    """Whatever can carry mail out."""

    def send(self, parcels: Sequence[Parcel]) -> Sequence[Outcome]:
        """Carry them; one outcome each, in their order. Blocks until all are known."""
