"""Who is in: how many connections there are, in all and from each address, over all door processes.

Promises:  every door process counts only itself, in its own row of a shared file, and adds up all rows to see the
           whole: no locks, and a process that died is forgotten when its successor takes its seat. An address may be
           counted too high (two tables, the lower count is taken), never too low.
Never:     survives a restart of the machine; nobody needs it to.
Fails:     OSError when the file cannot be opened.
"""

from __future__ import annotations

import mmap
import os
from hashlib import blake2b
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

from gateway.receive.smtp.transaction import Ip

_COLUMNS = 4096
_ROW = 1 + 2 * _COLUMNS  # the total, then two tables of counts by address


class Crowd:
    """The counts of all processes, seen from one seat; ``seats`` is how many processes there are."""

    def __init__(self, seat: int = 0, seats: int = 1, path: Path | None = None) -> None:
        size = 4 * _ROW * seats
        self._counts = memoryview(_shared(path, size)).cast("I")
        self._own = seat * _ROW
        self._starts = range(0, seats * _ROW, _ROW)
        self._counts[self._own : self._own + _ROW] = memoryview(bytes(4 * _ROW)).cast("I")

    def enter(self, address: Ip | None) -> None:
        """One more connection."""
        self._change(address, 1)

    def leave(self, address: Ip | None) -> None:
        """One less."""
        self._change(address, -1)

    def in_all(self) -> int:
        """Connections now."""
        return self._sum(0)

    def of(self, address: Ip | None) -> int:
        """Connections now from that IPv4 address or that IPv6 /64; 0 for None."""
        return min((self._sum(column) for column in _columns(address)), default=0)

    def _change(self, address: Ip | None, by: int) -> None:
        for column in (0, *_columns(address)):
            self._counts[self._own + column] += by

    def _sum(self, column: int) -> int:
        return sum(self._counts[start + column] for start in self._starts)


def _columns(address: Ip | None) -> tuple[int, ...]:
    if address is None:
        return ()
    digest = blake2b(_network(address), digest_size=8).digest()
    first, second = int.from_bytes(digest[:4], "big"), int.from_bytes(digest[4:], "big")
    return 1 + first % _COLUMNS, 1 + _COLUMNS + second % _COLUMNS


def _network(address: Ip) -> bytes:
    if isinstance(address, IPv6Address):
        return address.packed[:8]  # who has one IPv6 address has the /64
    return address.packed


def unmapped(address: Ip) -> Ip:
    """The IPv4 address that a dual-stack socket shows as ::ffff:192.0.2.1."""
    mapped: IPv4Address | None = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _shared(path: Path | None, size: int) -> mmap.mmap:
    if path is None:
        return mmap.mmap(-1, size)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if os.fstat(descriptor).st_size < size:
            os.ftruncate(descriptor, size)
        return mmap.mmap(descriptor, size)
    finally:
        os.close(descriptor)
