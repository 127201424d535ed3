"""The segment that grows: its creation, and appending to it.

Promises:  a created segment is durable, name and header, before the first record; ``append`` returns when the records
           are. ``end`` is always the durable end.
Never:     leaves octets behind the durable end when it reports failure and ``restore`` succeeds.
Fails:     OSError; after one, ``restore`` must succeed before the next ``append``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from storage.failpoints import reach
from storage.files import Files, Octets, OpenFile
from storage.spool.record import HEADER_LENGTH, Header, pack_header
from storage.spool.yard import segment_path


class Segment:
    """The newest segment of an owner, open for its one writer."""

    __slots__ = ("_file", "end", "header")

    def __init__(self, file: OpenFile, header: Header, end: int) -> None:
        self._file = file
        self.header = header
        self.end = end

    @property
    def number(self) -> int:
        """Its place among the owner's segments."""
        return self.header.number

    def append(self, blocks: Sequence[Octets]) -> None:
        """Write the blocks behind the end and sync them; this is where mails become durable."""
        reach("spool.before-write")
        self._file.write_at(self.end, blocks)
        reach("spool.before-sync")
        self._file.sync()
        reach("spool.after-sync")
        self.end += sum(map(len, blocks))

    def restore(self) -> None:
        """Cut away what a failed append may have left."""
        self._file.cut(self.end)
        self._file.sync()

    def close(self) -> None:
        """Let the descriptor go; the file stays as it is."""
        self._file.close()


def create_segment(files: Files, directory: Path, header: Header) -> Segment:
    """A new, empty, durable segment. OSError may leave a part of it."""
    file = files.create(segment_path(directory, header.number))
    try:
        file.write_at(0, [pack_header(header)])
        file.sync()
        files.sync_directory(directory)
    except OSError:
        file.close()
        raise
    return Segment(file, header, HEADER_LENGTH)
