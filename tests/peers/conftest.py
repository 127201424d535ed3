"""A little land of real servers around a real gateway, started once for all tests of peers.

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
from tests.bench.receivers import free_port
from tests.peers.postfixes import Postfix, postfix
from tests.peers.site import CLERK, DISTRICT, FAR, Site, site
from tests.peers.wiretap import Wiretap, wiretap

MOST = str(60 << 20)  # octets of a mail


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
