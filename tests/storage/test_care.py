"""The care lists, the neighbours of a stranger and the units in use, asked of a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
import sqlalchemy as sa

from mailmap.directory.address import ORDINARY, Address, Form, May
from mailmap.directory.unit import Channel, Unit, UnitKind, Way
from storage import care, directory, schema, strangers
from storage.care import Bouncing, Scope, Shared, Silent, Unheard, Wayless
from storage.database import Database
from storage.strangers import Stranger

NOW = datetime(2025, 8, 1, 3, 0, tzinfo=UTC)
DAY = date(2025, 8, 1)
BEGAN = date(2000, 1, 1)
PROVINCE = Unit("nb", "UBND tỉnh Ninh Bình", UnitKind.PROVINCE, "nb", None, "vt@nb.example", valid_from=BEGAN)
COMMUNE = Unit("hp", "UBND xã Hải Phúc", UnitKind.COMMUNE, "hp", "nb", "vt@hp.example", valid_from=BEGAN)
OFFICE = Unit("hp.vp", "Văn phòng", UnitKind.DIVISION, "hp.vp", "hp", valid_from=BEGAN)
OLD = Unit("old", "UBND xã Cũ", UnitKind.COMMUNE, "old", "nb", valid_from=BEGAN, valid_until=date(2024, 9, 1))
ALL, BELOW = Scope(DAY), Scope(DAY, "hp")
NUMBERS = count(1)


@pytest.fixture
def tx(database: Database) -> Iterator[sa.Connection]:
    """A transaction over an empty directory and register; nothing of it stays."""
    with database.engine.connect() as connection:
        begun = connection.begin()
        directory.put(connection, [PROVINCE, COMMUNE, OFFICE, OLD])
        yield connection
        begun.rollback()


def came(tx: sa.Connection, sender: str, outcome: str, *, days_ago: float = 0, rule: str = "correspondence") -> None:
    """A mail of that sender that ended so."""
    number = f"S-{next(NUMBERS)}"
    at = NOW - timedelta(days=days_ago)
    row = {"spool_id": number, "blob": number, "size": 1, "envelope": {}, "received_at": at, "sender": sender}
    tx.execute(sa.insert(schema.mails).values(row | {"outcome": outcome, "rule": rule}))


def went(tx: sa.Connection, to: str, unit: str, transport: str, hours_ago: float, peer: str = "") -> None:
    """A letter that ended so."""
    at = NOW - timedelta(hours=hours_ago)
    row = {"id": next(NUMBERS), "kind": "delivery", "unit": unit, "to": to, "spec": {}, "transport": transport}
    tx.execute(sa.insert(schema.letters).values(row | {"queued_at": at, "expires_at": at, "told_at": at, "peer": peer}))


def test_units_without_any_way_in_are_listed(tx: sa.Connection) -> None:
    """A mail or link unit without a mailbox and without another way; not one that ended, or whose way is edXML."""
    by_packet = Unit("p", "Sở", UnitKind.DEPARTMENT, "p", "nb", channel=Channel.EDOC, valid_from=BEGAN)
    by_link = Unit("l", "Sở", UnitKind.DEPARTMENT, "l", "nb", fallback=(Way(Channel.LINK, "a@b"),), valid_from=BEGAN)
    empty = Unit("e", "Ấp", UnitKind.OTHER, "e", "nb", fallback=(Way(Channel.MAIL, ""),), valid_from=BEGAN)
    directory.put(tx, [by_packet, by_link, empty])
    assert care.wayless(tx, ALL) == [Wayless("hp.vp", "Văn phòng", "hp"), Wayless("e", "Ấp", "nb")]
    assert care.wayless(tx, BELOW) == [Wayless("hp.vp", "Văn phòng", "hp")]
    assert [one.unit for one in care.wayless(tx, Scope(date(2010, 1, 1)))] == ["old", "hp.vp", "e"]
    assert care.wayless(tx, Scope(DAY, "nobody")) == []


def test_addresses_that_bounce_are_listed(tx: sa.Connection) -> None:
    """Those whose letters fail since the last that got through, with the server's last words."""
    went(tx, "vt@hp.example", "hp", "failed", 50, "550 old story")
    went(tx, "vt@hp.example", "hp", "relayed", 40)
    went(tx, "vt@hp.example", "hp", "failed", 30, "452 full")
    went(tx, "vt@hp.example", "hp", "failed", 20, "550 5.1.1 no such user")
    went(tx, "vt@nb.example", "nb", "failed", 20, "550")
    went(tx, "vt@nb.example", "nb", "delivered", 10)
    went(tx, "former@hp.example", "hp", "failed", 5, "550 not in use any more")
    last = Bouncing("vt@hp.example", "hp", COMMUNE.name, 2, NOW - timedelta(hours=30), "550 5.1.1 no such user")
    assert care.bouncing(tx, ALL) == [last]
    assert care.bouncing(tx, BELOW) == [last]
    assert care.bouncing(tx, Scope(DAY, "hp.vp")) == []


def test_a_mapped_address_bounces_for_its_unit(tx: sa.Connection) -> None:
    """A notice to a person's address counts for the unit the address is mapped to."""
    directory.put(tx, mappings=[Address("ct@hp.example", "hp", valid_from=BEGAN)])
    went(tx, "ct@hp.example", "", "failed", 5, "550")
    assert [(one.address, one.unit, one.times) for one in care.bouncing(tx, BELOW)] == [("ct@hp.example", "hp", 1)]


def test_addresses_never_heard_from_are_listed(tx: sa.Connection) -> None:
    """Those that may send and never did: by themselves, by a tag, or anybody of their domain."""
    told = [
        ("a@hp.example", Form.EXACT, ORDINARY),
        ("b@hp.example", Form.EXACT, ORDINARY),
        ("*@hp.example", Form.DOMAIN, ORDINARY),
        ("*@quiet.example", Form.DOMAIN, ORDINARY),
        ("c@hp.example", Form.EXACT, frozenset({May.RECEIVE})),
        ("d@hp.example", Form.EXACT, ORDINARY),
    ]
    directory.put(tx, mappings=[Address(a, "hp", may, "văn thư", BEGAN, form=form) for a, form, may in told])
    came(tx, "a@hp.example", "registered")
    came(tx, "b+khan@hp.example", "reply")
    came(tx, "d@hp.example", "held", rule="unproven-sender")
    assert care.unheard(tx, BELOW) == [
        Unheard("*@quiet.example", "hp", COMMUNE.name, "văn thư", BEGAN),
        Unheard("d@hp.example", "hp", COMMUNE.name, "văn thư", BEGAN),
    ]
    assert care.unheard(tx, Scope(DAY, most=1)) == care.unheard(tx, BELOW)[:1]


def test_silent_units_are_listed(tx: sa.Connection) -> None:
    """Units that were heard from any of their addresses, but not within so many days."""
    mappings = [("a@hp.example", "hp"), ("b@hp.example", "hp"), ("a@nb.example", "nb"), ("a@vp.example", "hp.vp")]
    directory.put(tx, mappings=[Address(address, unit, valid_from=BEGAN) for address, unit in mappings])
    came(tx, "a@hp.example", "registered", days_ago=30)
    came(tx, "b@hp.example", "registered", days_ago=12)
    came(tx, "a@nb.example", "registered", days_ago=3)
    assert care.silent(tx, ALL, 9, NOW) == [Silent("hp", COMMUNE.name, NOW - timedelta(days=12))]
    assert [one.unit for one in care.silent(tx, ALL, 2, NOW)] == ["hp", "nb"]
    assert care.silent(tx, BELOW, 13, NOW) == []


def test_names_of_several_units_are_listed(tx: sa.Connection) -> None:
    """A key that two living units answer to; one that ended does not count, nor the same unit in two periods."""
    other = Unit("hp2", "UBND phường Hải Phúc", UnitKind.COMMUNE, "hp2", "nb", valid_from=BEGAN)
    later = Unit("hp", "UBND xã Hải Phúc", UnitKind.COMMUNE, "hp", "nb", valid_from=date(2030, 1, 1))
    directory.put(tx, [other, later])
    bearers = (("hp", COMMUNE.name), ("hp2", other.name))
    assert Shared("hai phuc", 2, bearers) in care.shared(tx, ALL)
    assert care.shared(tx, BELOW) == []


def test_the_neighbours_of_a_stranger(tx: sa.Connection) -> None:
    """Other unmapped senders of the domain whose mail is held, those with most mails first."""
    for sender, outcome, rule in (
        ("vt@moi.example", "held", "unmapped-sender"),
        ("a@moi.example", "held", "unmapped-sender"),
        ("b@moi.example", "held", "unmapped-sender"),
        ("b@moi.example", "held", "unmapped-sender"),
        ("c@moi.example", "held", "secret"),
        ("d@moi.example", "refused", "person"),
        ("e@mmoi.example", "held", "unmapped-sender"),
        ("x@gmail.com", "held", "unmapped-sender"),
        ("y@gmail.com", "held", "unmapped-sender"),
    ):
        came(tx, sender, outcome, rule=rule)
    assert strangers.neighbours(tx, "VT@moi.example") == [
        Stranger("b@moi.example", 2, NOW),
        Stranger("a@moi.example", 1, NOW),
    ]
    assert strangers.neighbours(tx, "x@gmail.com") == []
    assert strangers.neighbours(tx, "nobody") == []


def test_units_in_use_are_known(tx: sa.Connection) -> None:
    """A unit that a document came from, that got one, or that has a book must stay; a fresh one need not."""
    assert directory.in_use(tx, ["nb", "hp", "hp.vp"]) == set()
    tx.execute(sa.insert(schema.books).values(unit="nb", direction="in", year=2025, series="", next=1))
    row = {"id": 1, "document": 1, "unit": "hp", "channel": "mail", "handling": "01", "opened_at": NOW}
    tx.execute(sa.insert(schema.deliveries).values(row))
    assert directory.in_use(tx, ["nb", "hp", "hp.vp"]) == {"nb", "hp"}
    assert directory.in_use(tx, []) == set()
