"""Straight to the recipients' own servers: real DNS packets from a small server of ours."""

from __future__ import annotations

import random
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import dns.flags
import dns.message
import dns.rcode
import dns.resolver
import dns.rrset
import pytest

from gateway.send.courier import Delayed, Failed, Parcel, Relayed
from gateway.send.peer import Manner
from gateway.send.route import Exchangers, Host, NoRoute
from gateway.send.sink import Sink
from gateway.send.smtp import SmtpCourier
from gateway.send.world import World

ZONE: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "xa.example.": {"MX": ("20 hai.xa.example.", "10 mot.xa.example.")},
    "mot.xa.example.": {"A": ("127.0.0.1",)},
    "hai.xa.example.": {"A": ("127.0.0.2",)},
    "tran.example.": {"A": ("127.0.0.2",)},
    "khong.example.": {"MX": ("0 .",)},
    "ta.example.": {"MX": ("10 gateway.example.", "20 hai.xa.example.")},
    "tatruoc.example.": {"MX": ("10 mot.xa.example.", "20 gateway.example.")},
    "rong.example.": {"MX": ("10 vang.example.",)},
    "vang.example.": {"TXT": ('"x"',)},
    "sau.example.": {"A": ("127.0.0.1",), "AAAA": ("::1",)},
    "bang.example.": {"MX": ("5 mot.xa.example.", "5 hai.xa.example.")},
    "xn--vn-jla.example.": {"A": ("127.0.0.2",)},
}


def answered(packet: bytes) -> bytes:
    """The zone's answer to one query; ``hong.example`` is a broken server."""
    query = dns.message.from_wire(packet)
    question = query.question[0]
    name, kind = question.name.to_text().lower(), question.rdtype.name
    response = dns.message.make_response(query)
    response.flags |= dns.flags.AA | dns.flags.RA
    if name.startswith("hong."):
        response.set_rcode(dns.rcode.SERVFAIL)
    elif name not in ZONE:
        response.set_rcode(dns.rcode.NXDOMAIN)
    elif kind in ZONE[name]:
        response.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *ZONE[name][kind]))
    return response.to_wire()


@pytest.fixture(scope="module")
def resolver() -> Iterator[dns.resolver.Resolver]:
    """A resolver that asks our server only."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            packet, peer = server.recvfrom(4096)
            if not packet:
                return
            server.sendto(answered(packet), peer)

    thread = threading.Thread(target=serve)
    thread.start()
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = ["127.0.0.1"]
    resolver.port = server.getsockname()[1]
    resolver.lifetime = 2
    yield resolver
    server.sendto(b"", server.getsockname())
    thread.join(5)
    server.close()


@pytest.fixture
def routes(resolver: dns.resolver.Resolver) -> Exchangers:
    """Routes by that resolver, for a gateway called gateway.example."""
    return Exchangers(resolver, own=frozenset({"gateway.example"}), port=2525)


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("xa.example", [("mot.xa.example", "127.0.0.1"), ("hai.xa.example", "127.0.0.2")]),
        ("tran.example", [("tran.example", "127.0.0.2")]),
        ("TRAN.example.", [("tran.example", "127.0.0.2")]),
        ("sau.example", [("sau.example", "::1"), ("sau.example", "127.0.0.1")]),
        ("tatruoc.example", [("mot.xa.example", "127.0.0.1")]),
        ("văn.example", [("xn--vn-jla.example", "127.0.0.2")]),
        ("[127.0.0.2]", [("127.0.0.2", "127.0.0.2")]),
        ("[IPv6:::1]", [("::1", "::1")]),
    ],
)
def test_hosts_come_in_the_order_to_try_them(routes: Exchangers, domain: str, expected: list[tuple[str, str]]) -> None:
    """By preference, with all addresses; a domain without MX is its own host; those behind us are left out."""
    assert routes.to(domain) == tuple(Host(name, 2525, address) for name, address in expected)


@pytest.mark.parametrize(
    ("domain", "status"),
    [
        ("khong.example", "5.1.10"),
        ("vangmat.example", "5.1.2"),
        ("hong.example", "4.4.3"),
        ("ta.example", "5.4.6"),
        ("rong.example", "5.4.4"),
        ("vang.example", "5.4.4"),
        ("[a.b]", "5.1.3"),
        ("a..b", "5.1.2"),
    ],
)
def test_where_there_is_nobody_the_reason_is_told(routes: Exchangers, domain: str, status: str) -> None:
    """Null MX, no such domain, DNS in trouble, ourselves, no address, no domain at all."""
    with pytest.raises(NoRoute) as none:
        routes.to(domain)
    assert none.value.status == status
    assert str(none.value)


def test_equals_share_the_load(resolver: dns.resolver.Resolver) -> None:
    """Hosts of one preference are tried in an order left to chance (RFC 5321 section 5.1)."""
    routes = Exchangers(resolver, chance=random.Random(1))  # noqa: S311  the same order on every run
    firsts = {routes.to("bang.example")[0].name for _ in range(40)}
    assert firsts == {"mot.xa.example", "hai.xa.example"}


def test_mail_goes_to_the_second_host_when_the_first_is_gone(
    resolver: dns.resolver.Resolver, parcel: Callable[..., Parcel], tmp_path: Path
) -> None:
    """One batch, three domains: each recipient its own outcome, whatever becomes of the others."""
    sink = Sink(World({"hoa@xa.example": tmp_path / "hoa"}), host="127.0.0.2")
    sink.start()
    courier = SmtpCourier(Exchangers(resolver, port=sink.port), Manner("gateway.example", connect_s=2, reply_s=5))
    wanted = ["hoa@xa.example", "a@vangmat.example", "b@hong.example", "hoa@xa.example"]
    outcomes = courier.send([parcel(n, to=address) for n, address in enumerate(wanted)])
    courier.close()
    sink.stop()
    assert [type(each) for each in outcomes] == [Relayed, Failed, Delayed, Relayed]
    assert [each.status for each in outcomes] == ["2.0.0", "5.1.2", "4.4.3", "2.0.0"]
    assert sink.world.connections == 1
