"""The spool's other side: durable records in order, from every owner, and their release once they are confirmed.

Promises:  ``take`` returns only records that were durable before, each verified against its CRC and SHA-256, and the
           same ones again until ``confirm``. A segment goes when it is closed and all of it is confirmed: its name
           first, synced, then the own files it names, so that no record ever points to a file that is gone.
           What a dead writer left is recovered here when no new writer comes (``adopt``).
Never:     changes what a living writer holds; lets one damaged record stop the next; releases a damaged segment.
Fails:     OSError as the disk tells it; nothing is lost by trying again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from storage.files import DISK, Files
from storage.spool.names import number_of
from storage.spool.recovery import recover
from storage.spool.shelf import Damaged, Found, Place, Record, Shelf


@dataclass(frozen=True, slots=True)
class Batch:
    """What ``take`` found, and how far it came with each owner; to be handed back to ``confirm``."""

    records: tuple[Record, ...]
    damaged: tuple[Damaged, ...]
    reached: Mapping[str, Place] = field(repr=False)

    def __bool__(self) -> bool:
        return bool(self.reached)


class Reader:
    """All owners below a root; used by one thread of one process."""

    def __init__(self, root: Path, *, files: Files = DISK) -> None:
        self._root = root
        self._files = files
        self._shelves: dict[str, Shelf] = {}
        self._find_owners()

    def take(self, most: int, most_octets: int) -> Batch:
        """Up to ``most`` records behind the confirmed ones; it ends early once they hold ``most_octets``."""
        records: list[Record] = []
        damaged: list[Damaged] = []
        reached: dict[str, Place] = {}
        for owner, found in self._all_found():
            reached[owner] = found.place
            if isinstance(found.what, Record):
                records.append(found.what)
                most_octets -= found.what.size
            elif found.what:
                damaged.append(found.what)
            if len(records) >= most or most_octets <= 0:
                break
        return Batch(tuple(records), tuple(damaged), reached)

    def confirm(self, batch: Batch) -> None:
        """The batch is safe elsewhere: go on behind it, and release what is closed and done."""
        for owner, place in batch.reached.items():
            self._shelves[owner].confirm(place)

    def adopt(self) -> int:
        """Find new owners, and recover those whose writer is dead; how many octets of torn tails were cut."""
        self._find_owners()
        return sum(map(self._adopt, self._shelves.values()))

    def close(self) -> None:
        """Let the gauges go."""
        for shelf in self._shelves.values():
            shelf.close()

    def _all_found(self) -> Iterator[tuple[str, Found]]:
        for owner, shelf in self._shelves.items():
            for found in shelf.walk():
                yield owner, found

    def _find_owners(self) -> None:
        for owner in self._files.names(self._root):
            directory = self._root / owner
            if owner not in self._shelves and any(map(number_of, self._files.names(directory))):
                self._shelves[owner] = Shelf(self._files, directory)

    def _adopt(self, shelf: Shelf) -> int:
        if shelf.adopted_at == shelf.gauge.read():
            return 0  # nothing became durable since we were here
        lock = self._files.lock(shelf.directory / "lock")
        if lock is None:
            return 0
        try:
            recovered = recover(self._files, shelf.directory, shelf.gauge)
            recovered.segment.close()
            shelf.adopted_at = shelf.gauge.read()
            return recovered.cut
        finally:
            lock.release()
