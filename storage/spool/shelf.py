"""One owner's segments as a reader sees them.

Promises:  ``walk`` goes no further than the gauge; ``confirm`` releases closed segments only, names before own files.
Never:     holds a file open between two calls.
Fails:     OSError as the disk tells it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from storage.failpoints import reach
from storage.files import Files, OpenFile
from storage.spool.names import body_name, spool_id
from storage.spool.record import HEADER_LENGTH, Entry, Gap, Header, entries, read_header
from storage.spool.yard import read_gauge, segment_numbers, segment_path

_STRETCH = 1 << 20


@dataclass(frozen=True, slots=True)
class Record:
    """One durable mail: its octets, or the path of the file that holds nothing else; the envelope as it was packed."""

    spool_id: str
    size: int
    sha256: str
    envelope: bytes
    octets: bytes | Path


@dataclass(frozen=True, slots=True)
class Damaged:
    """A stretch of a segment that is no longer what was written; a person must look."""

    segment: Path
    offset: int
    end: int


@dataclass(frozen=True, slots=True)
class Place:
    """Everything before this offset of this segment, and all segments before it, was walked over."""

    number: int
    offset: int


@dataclass(frozen=True, slots=True)
class Found:
    """What lies before ``place``: a record, damage, or the turn to the next segment (None)."""

    what: Record | Damaged | None
    place: Place


class Shelf:
    """The segments of one owner, and how far they are confirmed."""

    def __init__(self, files: Files, directory: Path) -> None:
        self.directory = directory
        self.gauge = files.gauge(directory / "gauge")
        self.adopted_at: int | None = None  # what the gauge showed when we last mended what a dead writer left
        self._files = files
        self._place = Place(0, HEADER_LENGTH)
        self._bodies: dict[int, set[Path]] = {}
        self._spoiled: set[int] = set()

    def walk(self) -> Iterator[Found]:
        """Everything durable behind the confirmed place, in the order of writing."""
        newest, end = read_gauge(self.gauge)
        if self._place == Place(newest, end):
            return
        for number in segment_numbers(self._files, self.directory):
            if self._place.number <= number <= newest:
                yield from self._walk_through(number, end if number == newest else None)

    def confirm(self, place: Place) -> None:
        """Go on at ``place`` from now on, and release the segments before it."""
        self._place = place
        for number in segment_numbers(self._files, self.directory):
            if number < place.number and number not in self._spoiled:
                self._release(number)

    def close(self) -> None:
        """Let the gauge go."""
        self.gauge.close()

    def _walk_through(self, number: int, end: int | None) -> Iterator[Found]:
        start = HEADER_LENGTH
        if self._place.number == number:
            start = self._place.offset
        else:
            yield Found(None, Place(number, start))
        file = self._files.open(segment_path(self.directory, number))
        try:
            yield from self._records(file, number, start, file.size() if end is None else end)
        finally:
            file.close()

    def _records(self, file: OpenFile, number: int, start: int, end: int) -> Iterator[Found]:
        header = read_header(file, number)
        if header is None:
            yield self._damage(number, 0, end)
            return
        for found in entries(file, number, start, end):
            record = None if isinstance(found, Gap) else self._record(file, header, found)
            if record:
                yield Found(record, Place(number, found.end))
            else:
                yield self._damage(number, found.offset, found.end)

    def _damage(self, number: int, offset: int, end: int) -> Found:
        self._spoiled.add(number)
        return Found(Damaged(segment_path(self.directory, number), offset, end), Place(number, end))

    def _record(self, file: OpenFile, header: Header, entry: Entry) -> Record | None:
        name = spool_id(entry.stamp, header.tag)
        octets: bytes | Path
        if entry.own_file:
            octets = self.directory / body_name(name)
            self._bodies.setdefault(header.number, set()).add(octets)
            digest = _digest_of(self._files, octets)
        else:
            octets = file.read_at(entry.octets_at, entry.size)
            digest = sha256(octets).digest()
        if digest != entry.sha256:
            return None
        return Record(name, entry.size, entry.sha256.hex(), entry.envelope, octets)

    def _release(self, number: int) -> None:
        reach("spool.before-release")
        self._files.unlink(segment_path(self.directory, number))
        self._files.sync_directory(self.directory)
        reach("spool.between-releases")
        for body in self._bodies.pop(number, ()):
            self._files.unlink(body)


def _digest_of(files: Files, path: Path) -> bytes:
    """SHA-256 of a whole file; empty when it is not there."""
    try:
        file = files.open(path)
    except FileNotFoundError:
        return b""
    digest, offset = sha256(), 0
    try:
        while block := file.read_at(offset, _STRETCH):
            digest.update(block)
            offset += len(block)
    finally:
        file.close()
    return digest.digest()
