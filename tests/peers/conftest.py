"""Real servers for all tests of peers, each started once: a Postfix alone, and a little land around a real gateway.

    the clerks' server "town" ── wire ──► gateway ──► its smarthost "relay" ──► town, far
    (Postfix with Maildirs)         ▲                        (Postfix)               │
                                    └──────────── reports ─────────┴─────────────────┘

Promises:  every report about the gateway's letters comes back to its door, by way of real queues.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from gateway.send.sink import Sink
from gateway.send.world import World
from tests.peers.postfixes import Postfix, postfix
from tests.peers.site import CLERK, DISTRICT, FAR, Site, site
from tests.peers.wiretap import Wiretap, wiretap
from tests.ports import free_port

MOST = str(60 << 20)  # octets of a mail
BOXES = ("hoa@xa.example", "lan@xa.example", "bao@xa.example", "dao@xa.example", "cham@xa.example")
RETURN = "tra+1-x@gateway.example"
LIMIT = 1_000_000  # octets of a mail for the Postfix alone
LATER = "inline:{ {cham@xa.example = 450 4.2.0 Greylisted} }"


@pytest.fixture(scope="session")
def returned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sink]:
    """Where the Postfix alone sends its reports: a server of ours with one mailbox."""
    sink = Sink(World({RETURN: tmp_path_factory.mktemp("returned") / "box"}))
    sink.start()
    yield sink
    sink.stop()


@pytest.fixture(scope="session")
def alone(returned: Sink) -> Iterator[Postfix]:
    """A Postfix with a few mailboxes, one of which it greylists for ever."""
    more = {"smtpd_recipient_restrictions": f"check_recipient_access {LATER}", "message_size_limit": str(LIMIT)}
    with postfix(BOXES, returned.port, more=more) as running:
        yield running


@dataclass(frozen=True, slots=True)
class Land:
    """All of it: the gateway, the server of the units, the gateway's smarthost, the wire and the far mailbox."""

    site: Site
    town: Postfix
    relay: Postfix
    wire: Wiretap
    far: Sink


@pytest.fixture(scope="session")
def land(new_database: Callable[..., str], template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Land]:
    """The land, running."""
    root = tmp_path_factory.mktemp("land")
    mx, smarthost, town_port = free_port(), free_port(), free_port()
    far = Sink(World({FAR: root / "far"}, withheld=("DSN",)))
    far.start()
    roads = ", ".join(
        f"{{ {domain} = smtp:[127.0.0.1]:{port} }}"
        for domain, port in (("xa.example", town_port), ("huyen.example", town_port), ("an.example", town_port))
    )
    roads += f", {{ so.example = smtp:[127.0.0.1]:{far.port} }}"
    own = {"virtual_mailbox_domains": "xa.example huyen.example an.example", "message_size_limit": MOST}
    relaying = {"transport_maps": f"inline:{{ {roads} }}", "message_size_limit": MOST, "myhostname": "relay.example"}
    with (
        wiretap(mx) as wire,
        postfix([CLERK, DISTRICT], wire.port, more=own, port=town_port) as town,
        postfix([], mx, more=relaying | {"smtp_tls_security_level": "may"}, port=smarthost) as relay,
        site(root / "gateway", new_database(template), mx, smarthost) as gateway,
    ):
        yield Land(gateway, town, relay, wire, far)
    far.stop()
