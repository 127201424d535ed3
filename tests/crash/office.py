"""The gateway that is killed: one district, three communes, two doors, and patience that fits a storm of deaths.

Promises:  the program and its settings are as ``lienthong serve`` has them, but for three numbers: jobs of the dead are
           taken over after two seconds, and neither a mail nor a job counts as deadly by itself where processes die
           on purpose.
"""

from __future__ import annotations

from collections.abc import Mapping

from tests.bench.whole_gateway import UNITS
from tests.whole_gateway import DOMAIN, Gateway, Sections

OWN: Sections = {
    "gateway": {"host_name": "gw.namdinh.example"},
    "smtp": {"processes": 2},
    "send": {"concurrency": 2},
    "work": {"processes": 1, "concurrency": 2, "max_attempts": 100, "takeover_s": 2},
    "log": {"format": "json", "level": "info"},
}
_UNITS = (
    *UNITS,
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
    """The gateway of this story below its root."""

    def prepare(self) -> None:
        """Make the database and the directory."""
        self.enter(_UNITS)
