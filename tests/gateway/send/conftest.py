"""Couriers and the world they send to, over real sockets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gateway.send.courier import Parcel
from gateway.send.peer import Manner
from gateway.send.route import Host, Smarthost
from gateway.send.sink import Sink
from gateway.send.smtp import SmtpCourier
from gateway.send.world import World

OCTETS = b"Subject: thu\r\n\r\n.dot\r\n..two\r\n.\r\nend\r\n"


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A world with one mailbox, hoa@xa.example."""
    return World({"hoa@xa.example": tmp_path / "hoa"}, remembers=True)


@pytest.fixture
def sink(world: World) -> Iterator[Sink]:
    """That world, listening."""
    sink = Sink(world)
    sink.start()
    yield sink
    sink.stop()


@pytest.fixture
def courier_of(sink: Sink) -> Iterator[Callable[[Manner], SmtpCourier]]:
    """Makes couriers that send to the sink; closes them."""
    made: list[SmtpCourier] = []

    def make(manner: Manner) -> SmtpCourier:
        made.append(SmtpCourier(Smarthost(Host("localhost", sink.port, "127.0.0.1")), manner))
        return made[-1]

    yield make
    for courier in made:
        courier.close()


@pytest.fixture
def courier(courier_of: Callable[[Manner], SmtpCourier]) -> SmtpCourier:
    """A courier in the usual manner, but less patient."""
    return courier_of(Manner("gateway.example", connect_s=5, reply_s=10))


@pytest.fixture
def parcel() -> Callable[..., Parcel]:
    """Makes parcels to hoa@xa.example."""

    def make(letter: int = 1, to: str = "hoa@xa.example", octets: bytes = OCTETS) -> Parcel:
        return Parcel(letter, "tra+1-x@gateway.example", to, (octets,))

    return make
