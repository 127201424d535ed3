"""What a dead writer left: made durable, its torn tail cut, the next segment begun.

Only the newest segment can be torn: a newer one is begun only after all in the older was synced. So recovery checks
one segment, however much waits. It runs under the owner's lock, in the door that comes back or else in the reader.

Promises:  every record that was answered stays. Afterwards the newest segment is empty and open to a writer, all
           others are closed, and own files that no record names are gone. Run twice it changes nothing more.
Never:     cuts below the gauge: what was once durable and cannot be read now is damage, not a torn tail.
Fails:     OSError as the disk tells it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from storage.failpoints import reach
from storage.files import Files, Gauge, OpenFile
from storage.spool.names import TAG_LENGTH, body_name, letters, spool_id, stamp_of
from storage.spool.record import HEADER_LENGTH, Entry, Gap, Header, entries, read_entry, read_header
from storage.spool.segment import Segment, create_segment
from storage.spool.yard import read_gauge, segment_numbers, segment_path, set_gauge


@dataclass(frozen=True, slots=True)
class Recovered:
    """The newest segment, empty now, and how many octets of a torn tail were cut from the one before it."""

    segment: Segment
    cut: int


@dataclass(frozen=True, slots=True)
class _Tail:
    """The newest segment as it was found: its whole records end at ``end``; ``floor`` is above their stamps."""

    header: Header
    end: int
    size: int
    floor: int


def recover(files: Files, directory: Path, gauge: Gauge) -> Recovered:
    """Mend an owner's directory; the caller holds its lock."""
    tail = _newest(files, directory)
    reach("spool.recovering")
    cut = _mend(files, directory, tail, read_gauge(gauge)) if tail else 0
    _drop_orphans(files, directory)
    segment = _begin(files, directory, tail)
    set_gauge(gauge, segment.number, segment.end)
    return Recovered(segment, cut)


def _newest(files: Files, directory: Path) -> _Tail | None:
    """The newest segment with a whole header; a younger one that is no longer than a header never held a record."""
    for number in reversed(segment_numbers(files, directory)):
        file = files.open(segment_path(directory, number))
        try:
            if header := read_header(file, number):
                return _measure(files, directory, file, header)
            half_made = file.size() <= HEADER_LENGTH
        finally:
            file.close()
        if half_made:
            files.unlink(segment_path(directory, number))
    return None


def _measure(files: Files, directory: Path, file: OpenFile, header: Header) -> _Tail:
    size, end, floor = file.size(), HEADER_LENGTH, header.floor
    while entry := read_entry(file, header.number, end, size):
        if not _whole(files, directory, file, header, entry):
            break
        end, floor = entry.end, max(floor, entry.stamp + 1)
    return _Tail(header, end, size, floor)


def _whole(files: Files, directory: Path, file: OpenFile, header: Header, entry: Entry) -> bool:
    """Own files were synced before the record was written: their length is proof enough."""
    if not entry.own_file:
        return sha256(file.read_at(entry.octets_at, entry.size)).digest() == entry.sha256
    return _size(files, directory / body_name(spool_id(entry.stamp, header.tag))) == entry.size


def _size(files: Files, path: Path) -> int:
    """The length of a file, -1 when it is not there."""
    try:
        file = files.open(path)
    except FileNotFoundError:
        return -1
    try:
        return file.size()
    finally:
        file.close()


def _mend(files: Files, directory: Path, tail: _Tail, durable: tuple[int, int]) -> int:
    """Cut what is not whole and sync the rest: after a kill it may lie in the page cache only."""
    if tail.header.number == durable[0] and tail.end < durable[1]:
        return 0  # damage below the gauge: the reader finds its way around it, and reports it
    file = files.open(segment_path(directory, tail.header.number))
    try:
        file.cut(tail.end)
        file.sync()
    finally:
        file.close()
    return tail.size - tail.end


def _drop_orphans(files: Files, directory: Path) -> None:
    """Own files of mails that were never recorded, or whose segment was released just before a crash."""
    bodies = {name for name in files.names(directory) if stamp_of(name) is not None}
    numbers = segment_numbers(files, directory) if bodies else []
    for number in numbers:
        named = _bodies_named_in(files, directory, number)
        if named is None:
            return  # a damaged segment may have named any of them
        bodies -= named
    if bodies:
        files.sync_directory(directory)  # the names of released segments must not come back without their files
    for name in bodies:
        files.unlink(directory / name)


def _bodies_named_in(files: Files, directory: Path, number: int) -> set[str] | None:
    """The own files that a segment's records name; None when it cannot be read whole."""
    try:
        file = files.open(segment_path(directory, number))
    except FileNotFoundError:
        return set()  # released this moment by the reader, which also takes its own files away
    try:
        header = read_header(file, number)
        found = list(entries(file, number, HEADER_LENGTH, file.size()))
    finally:
        file.close()
    if header is None or any(isinstance(entry, Gap) for entry in found):
        return None
    own = (entry.stamp for entry in found if isinstance(entry, Entry) and entry.own_file)
    return {body_name(spool_id(stamp, header.tag)) for stamp in own}


def _begin(files: Files, directory: Path, tail: _Tail | None) -> Segment:
    if tail and tail.end == tail.size == HEADER_LENGTH:
        return _take_up(files, directory, tail.header)
    number = max(segment_numbers(files, directory), default=0) + 1
    floor, tag = (tail.floor, tail.header.tag) if tail else (0, _new_tag())
    return create_segment(files, directory, Header(number, floor, tag))


def _take_up(files: Files, directory: Path, header: Header) -> Segment:
    """An empty segment whose maker may have died between writing and syncing it."""
    file = files.open(segment_path(directory, header.number))
    file.sync()
    files.sync_directory(directory)
    return Segment(file, header, HEADER_LENGTH)


def _new_tag() -> str:
    """Five letters by chance: owners on several machines may feed one database."""
    return letters(int.from_bytes(os.urandom(4), "big"), TAG_LENGTH)
