"""Blobs on a disk, durable before they have a name.

Promises:  a name below the root stands for octets that were synced before it was given; ``put_many`` returns when the
           names are durable too. A batch shares its syncs: all octets are on their way to disk before the first wait.
           When ``forget`` returns, that a name is gone is durable too.
Never:     overwrites; a file handed over by path is taken as it is (by a second name), for it was synced and is final.
Fails:     OSError as the disk tells it; what was staged by then is taken away, now or by a later start.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable
from itertools import count
from pathlib import Path
from secrets import token_hex

from storage.failpoints import reach
from storage.files import DISK, Files, OpenFile

_STALE_S = 86_400.0  # what was staged a day ago belongs to nobody
_NO_SECOND_NAME = {errno.EXDEV, errno.EPERM, errno.EMLINK, errno.EOPNOTSUPP}
_process = token_hex(8)  # a process number would come again
_numbers = count()


class DiskKeeper:
    """The writing side of blobs on a disk; safe to share between threads and processes."""

    def __init__(self, root: Path, *, files: Files = DISK) -> None:
        self._files = files
        self._root = root
        self._staging = root / "staging"
        self._ready: set[Path] = set()
        files.make_directory(self._staging)
        for name in files.names(self._staging):
            if files.age_s(self._staging / name) > _STALE_S:
                files.unlink(self._staging / name)

    def put_many(self, blobs: Iterable[tuple[bytes | Path, str]]) -> None:
        """Keep every blob; those that are there already cost a look and a share of a directory sync."""
        wanted = {sha256: octets for octets, sha256 in blobs}
        absent = {sha256: octets for sha256, octets in wanted.items() if not self._files.exists(self._path(sha256))}
        staged: dict[str, Path] = {}
        try:
            self._stage(absent, staged)
            reach("blobs.before-link")
            for sha256, source in staged.items():
                self._name(source, self._path(sha256))
            reach("blobs.after-link")
            for directory in sorted({self._path(sha256).parent for sha256 in wanted}):
                self._files.sync_directory(directory)
        finally:
            for path in staged.values():
                self._files.unlink(path)
        reach("blobs.after-sync")

    def forget(self, name: str) -> None:
        """Take a name away; the folder is synced also when it was gone: who took it may not have come so far."""
        path = self._path(name)
        self._files.unlink(path)
        reach("blobs.forgotten")
        self._files.sync_directory(path.parent)

    def like(self, beginning: str) -> list[str]:
        """The names that begin so."""
        return [name for name in self._files.names(self._root / beginning[:2]) if name.startswith(beginning)]

    def _path(self, sha256: str) -> Path:
        directory = self._root / sha256[:2]
        if directory not in self._ready:
            self._files.make_directory(directory)
            self._ready.add(directory)
        return directory / sha256

    def _stage(self, blobs: dict[str, bytes | Path], staged: dict[str, Path]) -> None:
        """Every blob that has no name yet as a synced file; ``staged`` says where, also when this fails."""
        waiting: list[OpenFile] = []
        try:
            for sha256, octets in blobs.items():
                if isinstance(octets, Path) and self._linked(octets, self._path(sha256)):
                    continue
                staged[sha256] = self._staging / f"{_process}-{next(_numbers)}"
                waiting.append(self._files.create(staged[sha256]))
                self._write(waiting[-1], octets)
            reach("blobs.before-sync")
            for file in waiting:
                file.sync()
        finally:
            for file in waiting:
                file.close()

    def _linked(self, source: Path, target: Path) -> bool:
        """Whether a finished file could simply be given a second name; not from another disk."""
        try:
            self._name(source, target)
        except OSError as error:
            if error.errno in _NO_SECOND_NAME:
                return False
            raise
        return True

    def _name(self, source: Path, target: Path) -> None:
        try:
            self._files.link(source, target)
        except FileExistsError:
            return  # another put the same octets meanwhile; they were synced before they got this name

    def _write(self, file: OpenFile, octets: bytes | Path) -> None:
        block = self._read(octets) if isinstance(octets, Path) else octets
        file.write_at(0, [block])
        file.write_back(0, len(block))

    def _read(self, path: Path) -> bytes:
        file = self._files.open(path)
        try:
            return file.read_at(0, file.size())
        finally:
            file.close()
