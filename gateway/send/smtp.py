"""The courier that speaks SMTP: many mails on few connections.

Promises:  one outcome per parcel; a connection serves all parcels for its hosts and is kept for the next batch; a kept
           connection that went stale is replaced before anybody calls it a delay. Safe to share between threads.
Never:     sends content twice: once an octet of it has left, the parcel has its outcome. Waits for a dead host once per
           batch, not once per parcel.
Fails:     never by a peer; every trouble of a peer is an outcome.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from gateway.send.courier import Delayed, Failed, Outcome, Parcel
from gateway.send.peer import Manner, NoEncryption, Peer, Protection, Unfit
from gateway.send.reply import Lost
from gateway.send.route import Host, NoRoute, Routes
from gateway.send.talk import Talk

LOSSES = 3  # in a row, and a host counts as down for the rest of a batch
KEPT_S = 20.0  # idle connections are a burden on the peer; servers give up on them after minutes


class SmtpCourier:
    """Carries parcels along ``routes`` in the given manner."""

    def __init__(self, routes: Routes, manner: Manner) -> None:
        self._routes = routes
        self._manner = manner
        self._kept: dict[Host, list[tuple[float, Talk]]] = defaultdict(list)
        self._lock = threading.Lock()

    def send(self, parcels: Sequence[Parcel]) -> Sequence[Outcome]:
        """Carry them; blocks until every outcome is known."""
        together: dict[tuple[Host, ...] | NoRoute, list[int]] = defaultdict(list)
        known: dict[str, tuple[Host, ...] | NoRoute] = {}
        for place, parcel in enumerate(parcels):
            domain = parcel.recipient.rpartition("@")[2].lower()
            if domain not in known:
                known[domain] = self._hosts(domain)
            together[known[domain]].append(place)
        outcomes: dict[int, Outcome] = {}
        for hosts, places in together.items():
            group = [parcels[place] for place in places]
            outcomes.update(zip(places, self._carry(hosts, group), strict=True))
        return [outcomes[place] for place in range(len(parcels))]

    def close(self) -> None:
        """Say goodbye to every kept peer."""
        with self._lock:
            kept = [talk for talks in self._kept.values() for _, talk in talks]
            self._kept.clear()
        for talk in kept:
            talk.peer.close()

    def _hosts(self, domain: str) -> tuple[Host, ...] | NoRoute:
        try:
            return self._routes.to(domain)
        except NoRoute as none:
            return none

    def _carry(self, hosts: tuple[Host, ...] | NoRoute, group: Sequence[Parcel]) -> Iterator[Outcome]:
        if isinstance(hosts, NoRoute):
            kind = Failed if hosts.status.startswith("5") else Delayed
            yield from (kind(parcel.letter, hosts.status, str(hosts)) for parcel in group)
            return
        run = _Run(self, hosts)
        for parcel in group:
            yield run.carry(parcel)
        run.end()

    # --- connections ---

    def take(self, hosts: Sequence[Host]) -> tuple[Host, Talk]:
        """A kept connection to one of these hosts, or a fresh one; Lost or Unfit when none of them is there."""
        for host in hosts:
            talk = self._kept_talk(host)
            if talk is not None:
                return host, talk
        return self.fresh(hosts)

    def fresh(self, hosts: Sequence[Host]) -> tuple[Host, Talk]:
        """A new connection to the first of these hosts that is there; the last one's trouble when none is."""
        trouble: Lost | Unfit = Lost("no host")
        for host in hosts:
            try:
                return host, Talk(self._open(host))
            except (Lost, Unfit) as loss:
                trouble = loss
        raise trouble

    def keep(self, host: Host, talk: Talk) -> None:
        """Give a connection back."""
        with self._lock:
            self._kept[host].append((time.monotonic(), talk))

    def _kept_talk(self, host: Host) -> Talk | None:
        stale = []
        with self._lock:
            kept = self._kept[host]
            found = None
            while kept and found is None:
                since, talk = kept.pop()
                if time.monotonic() - since < KEPT_S:
                    found = talk
                else:
                    stale.append(talk)
        for talk in stale:
            talk.peer.close()
        return found

    def _open(self, host: Host) -> Peer:
        try:
            return Peer.open(host.name, host.port, self._manner, host.address)
        except NoEncryption:
            if self._manner.protection is not Protection.OPPORTUNISTIC or self._manner.login:
                raise
            bare = replace(self._manner, protection=Protection.NONE)  # RFC 7435: better in the clear than not at all
            return Peer.open(host.name, host.port, bare, host.address)


class _Run:
    """The parcels of one batch for one set of hosts."""

    def __init__(self, courier: SmtpCourier, hosts: Sequence[Host]) -> None:
        self._courier = courier
        self._hosts = hosts
        self._at: tuple[Host, Talk] | None = None
        self._losses = 0
        self._down: Lost | Unfit | None = None

    def carry(self, parcel: Parcel) -> Outcome:
        if self._at is None and self._down is None:
            self._connect(fresh=False)
        if self._down is not None:
            status = "4.7.0" if isinstance(self._down, Unfit) else "4.4.1"
            return Delayed(parcel.letter, status, str(self._down))
        try:
            outcome = self._handed_over(parcel)
        except Lost as loss:
            return self._lost(parcel, loss)
        self._losses = 0
        return outcome

    def end(self) -> None:
        if self._at is not None:
            self._courier.keep(*self._at)
            self._at = None

    def _connect(self, *, fresh: bool) -> None:
        try:
            self._at = self._courier.fresh(self._hosts) if fresh else self._courier.take(self._hosts)
        except (Lost, Unfit) as trouble:
            self._down = trouble

    def _handed_over(self, parcel: Parcel) -> Outcome:
        while self._at is not None:
            host, talk = self._at
            self._at = None
            try:
                outcome = talk.hand_over(parcel)
            except Lost:
                talk.peer.close()
                if not talk.mails:
                    raise
                self._connect(fresh=True)  # it had served us before and went stale meanwhile
                continue
            if talk.peer.alive:
                self._at = (host, talk)
            else:
                talk.peer.close()
            return outcome
        raise Lost(str(self._down))

    def _lost(self, parcel: Parcel, loss: Lost) -> Delayed:
        """One mail that ends a connection must not hold up the others; a host that ends every one is down."""
        self._losses += 1
        if self._losses >= LOSSES and self._down is None:
            self._down = loss
        return Delayed(parcel.letter, "4.4.2", str(loss))
