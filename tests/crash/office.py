"""The gateway that is killed: one district, three communes, two doors, and patience that fits a storm of deaths.

Promises:  the program and its settings are as ``lienthong serve`` has them, but for three numbers: jobs of the dead are
           taken over after two seconds, and neither a mail nor a job counts as deadly by itself where processes die
           on purpose.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from gateway.app import office, own_names
from gateway.state import State
from mailmap.directory.roster import propose
from mailmap.directory.sheet import read
from storage import directory
from storage.directory import Signature
from storage.keys import Keys
from tests.bench.papers import SENDER
from tests.bench.whole_gateway import DOMAIN, Gateway

_SETTINGS = """[gateway]
domains = ["{domain}"]
host_name = "gw.namdinh.example"
state_directory = "{state}"
[smtp]
mx = ["127.0.0.1:{mx}"]
submission = []
submissions = []
processes = 2
[spool]
min_free_mib = 64
[trust]
relay_networks = ["127.0.0.0/8"]
[send]
smarthost = "127.0.0.1:{smarthost}"
smarthost_tls = "none"
concurrency = 2
[work]
processes = 1
concurrency = 2
max_attempts = 100
takeover_s = 2
[log]
format = "json"
level = "info"
"""
# Unit, name, kind, short name, parent, mailbox.
_UNITS = (
    ("namdinh", "UBND tỉnh Nam Định", "tỉnh", "namdinh", "", "vanthu@namdinh.example"),
    ("haihau", "UBND huyện Hải Hậu", "huyện", "haihau", "namdinh", "vanthu@haihau.namdinh.example"),
    ("haiphuc.haihau", "UBND xã Hải Phúc", "xã", "haiphuc.haihau", "haihau", SENDER),
    ("haitrung.haihau", "UBND xã Hải Trung", "xã", "haitrung.haihau", "haihau", "vanthu@haitrung.namdinh.example"),
    ("hailoc.haihau", "UBND xã Hải Lộc", "xã", "hailoc.haihau", "haihau", "vanthu@hailoc.namdinh.example"),
)
ORIGIN = "haiphuc.haihau"
RECEIVERS = ("haihau", "haitrung.haihau", "hailoc.haihau")
CONTACTS: Mapping[str, str] = {unit: contact for unit, *_, contact in _UNITS}


def at_the_gateway(unit: str) -> str:
    """The address by which a unit is written to through the gateway."""
    return f"{unit}@{DOMAIN}"


class Office(Gateway):
    """The gateway of this story below ``root``."""

    def settle(self) -> None:
        """Write the settings and the keys: from now on ``settings`` and ``command`` work."""
        self.root.mkdir(parents=True, exist_ok=True)
        plan = self.plan
        facts = {"domain": DOMAIN, "state": self.root / "state", "mx": plan.mx, "smarthost": plan.smarthost}
        self.config.write_text(_SETTINGS.format(**facts), "utf-8")
        state = State.of(self.settings)
        state.root.mkdir()
        Keys.create(state.keys)

    def prepare(self) -> None:
        """Make the database and the directory."""
        tables: Mapping[str, Sequence[tuple[str, ...]]] = {
            "units.csv": [("mã", "tên đơn vị", "loại", "tên ngắn", "trực thuộc", "địa chỉ nhận"), *_UNITS],
            "addresses.csv": [("địa chỉ", "mã đơn vị"), *((contact, unit) for unit, contact in CONTACTS.items())],
        }
        sheets = [read(name, "\n".join(map(",".join, rows))) for name, rows in tables.items()]
        with office(self.settings, migrate=True) as at, at.database.transaction() as tx:
            diff = propose(sheets, directory.around(tx, sheets), own_names(self.settings))
            assert not diff.mistakes
            directory.apply(tx, diff, Signature("crash", "crash", datetime.now(UTC)))
