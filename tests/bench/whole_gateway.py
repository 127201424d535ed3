"""The gateway that is measured: built-in PostgreSQL, one process of each role, one commune and one district.

Promises:  ``cpu`` tells what each role has used so far.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

from tests.bench.papers import SENDER
from tests.whole_gateway import DOMAIN, Gateway, Sections

DISTRICT = f"haihau@{DOMAIN}"
_TICKS = os.sysconf("SC_CLK_TCK")
_OWN: Sections = {
    "gateway": {"host_name": "gw.namdinh.example"},
    "smtp": {"max_connections_per_address": 1000},
    "send": {"concurrency": 2},
    "work": {"processes": 1, "concurrency": 2},
    "log": {"level": "warning"},
}
UNITS = (
    ("namdinh", "UBND tỉnh Nam Định", "tỉnh", "namdinh", "", "vanthu@namdinh.example"),
    ("haihau", "UBND huyện Hải Hậu", "huyện", "haihau", "namdinh", "vanthu@haihau.namdinh.example"),
    ("haiphuc.haihau", "UBND xã Hải Phúc", "xã", "haiphuc.haihau", "haihau", SENDER),
)


def measured(root: Path, mx: int, smarthost: int) -> Gateway:
    """The gateway below ``root``, ready to be started."""
    gateway = Gateway(root, mx, smarthost, _OWN)
    gateway.settle()
    gateway.enter(UNITS)
    return gateway


def cpu(supervisor: int) -> Counter[str]:
    """Seconds of processor time used so far, by role; PostgreSQL's processes together."""
    used: Counter[str] = Counter()
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
            status = (folder / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has just ended
        role = _role(words)
        if role and (role == "postgresql" or int(status[1]) == supervisor):
            used[role] += (int(status[11]) + int(status[12])) / _TICKS
    return used


def _role(words: list[bytes]) -> str:
    if words[0].startswith(b"postgres:") or words[0].endswith(b"/postgres"):
        return "postgresql"
    return next((word.decode().rpartition(".")[2] for word in words if word.startswith(b"gateway.roles.")), "")
