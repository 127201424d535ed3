"""A disk of paper: a file layer that remembers every step, so that the plug can be pulled after any of them.

It is as unkind as POSIX allows. Octets survive a cut when their file was synced afterwards, names when their directory
was; neither stands for the other. What was not synced survives as the chosen loss says: not at all, wholly, in part
(any of its 512-octet sectors, names one by one), or with its last block torn and garbage behind. A gauge shows
anything it ever showed, or nothing.

Promises:  ``left(loss, chance)`` is the disk that a machine might find which lost power at this moment, or on which
           only the processes died.
Never:     touches a real disk.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from random import Random
from threading import RLock

from storage.files import Octets

SECTOR = 512


class Loss(StrEnum):
    """What becomes of that which was never synced. KILLED: only the processes died, it is still on its way."""

    KILLED = "killed"
    ALL = "all"
    NOTHING = "nothing"
    SECTORS = "sectors"
    TORN = "torn"


@dataclass(slots=True)
class Node:
    """A file: what it holds now, what of it is durable, and the writes since."""

    held: bytearray = field(default_factory=bytearray)
    durable: bytes = b""
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)  # None cuts the file off there

    def write(self, offset: int, block: bytes | None) -> None:
        """Octets at an offset, or None to cut the file off there."""
        _apply(self.held, offset, block)
        self.pending.append((offset, block))

    def sync(self) -> None:
        """Everything held is durable."""
        self.durable = bytes(self.held)
        self.pending.clear()

    def left(self, loss: Loss, chance: Random) -> bytes:
        """The octets a power cut leaves."""
        if loss is Loss.ALL:
            return self.durable
        if loss is Loss.NOTHING:
            return bytes(self.held)
        left = bytearray(self.durable)
        writes = _torn(self.pending, chance) if loss is Loss.TORN else _sectors(self.pending, chance)
        for offset, block in writes:
            _apply(left, offset, block)
        return bytes(left)


@dataclass(slots=True)
class Folder:
    """A directory: its names now, the durable ones, and the changes since."""

    names: dict[str, Node] = field(default_factory=dict)
    durable: dict[str, Node] = field(default_factory=dict)
    pending: list[tuple[str, Node | None]] = field(default_factory=list)

    def change(self, name: str, node: Node | None) -> None:
        """A name given, or taken away (None)."""
        _rename(self.names, name, node)
        self.pending.append((name, node))

    def sync(self) -> None:
        """Every name is durable as it is now."""
        self.durable = dict(self.names)
        self.pending.clear()

    def copied(self, copy: Callable[[Node | None], Node | None]) -> Folder:
        """The same names, and the same changes under way, of other files."""
        now, durable = ({name: copy(node) for name, node in names.items()} for names in (self.names, self.durable))
        return Folder(now, durable, [(name, copy(node)) for name, node in self.pending])

    def left(self, loss: Loss, chance: Random) -> dict[str, Node]:
        """The names a power cut leaves."""
        left = dict(self.durable)
        for name, node in self.pending:
            if loss is Loss.NOTHING or (loss is not Loss.ALL and chance.random() < 0.5):
                _rename(left, name, node)
        return left


def _apply(octets: bytearray, offset: int, block: bytes | None) -> None:
    if block is None:
        del octets[offset:]
        octets.extend(bytes(offset - len(octets)))
        return
    octets.extend(bytes(max(0, offset - len(octets))))
    octets[offset : offset + len(block)] = block


def _rename(names: dict[str, Node], name: str, node: Node | None) -> None:
    if node is None:
        names.pop(name, None)
    else:
        names[name] = node


def _sectors(pending: list[tuple[int, bytes | None]], chance: Random) -> Iterator[tuple[int, bytes | None]]:
    """Any of the sectors written, in any order; what was not written reads as nothing."""
    for offset, block in pending:
        if block is None:
            if chance.random() < 0.5:
                yield offset, None
            continue
        for start in range(0, len(block), SECTOR):
            if chance.random() < 0.5:
                yield offset + start, block[start : start + SECTOR]


def _torn(pending: list[tuple[int, bytes | None]], chance: Random) -> Iterator[tuple[int, bytes | None]]:
    """The first writes whole, the next one up to some octet with garbage behind, the rest not at all."""
    if not pending:
        return
    whole = chance.randrange(len(pending))
    yield from pending[:whole]
    offset, block = pending[whole]
    if block:
        upto = chance.randrange(len(block))
        rubbish = chance.choice((b"", bytes(SECTOR), chance.randbytes(SECTOR), block[: SECTOR * 2]))
        yield offset, (block[:upto] + rubbish)[: len(block)]  # a file is never longer than what was written to it


class PaperDisk:
    """storage.files.Files, kept in memory; ``before_step`` is called whenever a power cut would make a difference."""

    def __init__(self, folders: dict[Path, Folder] | None = None) -> None:
        self.folders = folders or {}
        self.gauges: dict[Path, list[int]] = {}
        self.room = 1 << 40
        self.before_step: Callable[[], None] = lambda: None
        self._locks: set[Path] = set()
        self._turn = RLock()

    # --- what a test does with it ---

    def left(self, loss: Loss, chance: Random) -> PaperDisk:
        """The disk that is found if the power goes now."""
        with self._turn:
            if loss is Loss.KILLED:
                return self._unlocked()
            nodes: dict[int, Node] = {}
            left = PaperDisk(
                {path: self._folder_left(folder, loss, chance, nodes) for path, folder in self.folders.items()}
            )
            left.gauges = {path: [chance.choice(shown)] for path, shown in self.gauges.items()}
            return left

    def _unlocked(self) -> PaperDisk:
        copies: dict[int, Node] = {}

        def copied(node: Node | None) -> Node | None:
            if node is None:
                return None
            return copies.setdefault(id(node), Node(bytearray(node.held), node.durable, list(node.pending)))

        left = PaperDisk({path: folder.copied(copied) for path, folder in self.folders.items()})
        left.gauges = {path: shown[-1:] for path, shown in self.gauges.items()}
        return left

    @staticmethod
    def _folder_left(folder: Folder, loss: Loss, chance: Random, nodes: dict[int, Node]) -> Folder:
        names = {}
        for name, node in folder.left(loss, chance).items():
            if id(node) not in nodes:
                octets = node.left(loss, chance)
                nodes[id(node)] = Node(bytearray(octets), octets)
            names[name] = nodes[id(node)]
        return Folder(names, dict(names))

    def octets(self, path: Path) -> bytes:
        """What a file holds now."""
        return bytes(self._node(path).held)

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Other threads take no step meanwhile."""
        with self._turn:
            yield

    @contextmanager
    def stepping(self) -> Iterator[None]:
        """One thing a power cut can fall before."""
        with self._turn:
            self.before_step()
            yield

    def _node(self, path: Path) -> Node:
        try:
            return self.folders[path.parent].names[path.name]
        except KeyError:
            raise FileNotFoundError(errno.ENOENT, "no such file", str(path)) from None

    # --- storage.files.Files ---

    def create(self, path: Path) -> PaperFile:
        """See Files."""
        with self.stepping():
            if path.name in self.folders[path.parent].names:
                raise FileExistsError(errno.EEXIST, "exists", str(path))
            node = Node()
            self.folders[path.parent].change(path.name, node)
            return PaperFile(self, node)

    def open(self, path: Path) -> PaperFile:
        """See Files."""
        with self._turn:
            return PaperFile(self, self._node(path))

    def names(self, directory: Path) -> list[str]:
        """See Files."""
        with self._turn:
            below = {path.name for path in self.folders if path.parent == directory}
            return sorted(below | set(self.folders.get(directory, Folder()).names))

    def exists(self, path: Path) -> bool:
        """See Files."""
        return path.name in self.folders[path.parent].names

    def age_s(self, path: Path) -> float:
        """See Files."""
        return 1e9 if self._node(path) else 0.0

    def make_directory(self, path: Path) -> None:
        """See Files; here it is durable at once, for the real one syncs before it returns."""
        with self.stepping():
            for part in (*reversed(path.parents), path):
                self.folders.setdefault(part, Folder())

    def sync_directory(self, directory: Path) -> None:
        """See Files."""
        with self.stepping():
            self.folders[directory].sync()

    def link(self, source: Path, target: Path) -> None:
        """See Files."""
        with self.stepping():
            if target.name in self.folders[target.parent].names:
                raise FileExistsError(errno.EEXIST, "exists", str(target))
            self.folders[target.parent].change(target.name, self._node(source))

    def unlink(self, path: Path) -> None:
        """See Files."""
        with self.stepping():
            if path.name in self.folders[path.parent].names:
                self.folders[path.parent].change(path.name, None)

    def lock(self, path: Path) -> PaperLock | None:
        """See Files."""
        with self._turn:
            if path in self._locks:
                return None
            self._locks.add(path)
            return PaperLock(self._locks, path)

    def gauge(self, path: Path) -> PaperGauge:
        """See Files."""
        return PaperGauge(self.gauges.setdefault(path, [0]))

    def free_bytes(self, directory: Path) -> int:
        """See Files."""
        del directory
        return self.room


class PaperFile:
    """storage.files.OpenFile."""

    def __init__(self, disk: PaperDisk, node: Node) -> None:
        self._disk = disk
        self._node = node

    def write_at(self, offset: int, blocks: Sequence[Octets]) -> None:
        """See OpenFile; one step for each block, for a cut can fall between them."""
        for block in blocks:
            with self._disk.stepping():
                if self._disk.room < len(block):
                    raise OSError(errno.ENOSPC, "full")
                self._node.write(offset, bytes(block))
                offset += len(block)

    def read_at(self, offset: int, length: int) -> bytes:
        """See OpenFile."""
        return bytes(self._node.held[offset : offset + length])

    def size(self) -> int:
        """See OpenFile."""
        return len(self._node.held)

    def cut(self, size: int) -> None:
        """See OpenFile."""
        with self._disk.stepping():
            self._node.write(size, None)

    def write_back(self, offset: int, length: int) -> None:
        """See OpenFile: only a hint, nothing becomes durable."""

    def sync(self) -> None:
        """See OpenFile."""
        with self._disk.stepping():
            self._node.sync()

    def close(self) -> None:
        """See OpenFile."""


class PaperLock:
    """storage.files.Lock."""

    def __init__(self, locks: set[Path], path: Path) -> None:
        self._locks = locks
        self._path = path

    def release(self) -> None:
        """See Lock."""
        self._locks.discard(self._path)


class PaperGauge:
    """storage.files.Gauge."""

    def __init__(self, shown: list[int]) -> None:
        self._shown = shown

    def read(self) -> int:
        """See Gauge."""
        return self._shown[-1]

    def write(self, value: int) -> None:
        """See Gauge."""
        self._shown.append(value)

    def close(self) -> None:
        """See Gauge."""
