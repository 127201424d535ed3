"""7z, RAR, tar, cab, lha, and what is packed without a directory (gz, bz2, xz, zst): read by libarchive.

Promises:  every plain file of the archive, as far as it can be read; what is locked or broken is told, and the entries
           around it are still read where the format lets them. Without libarchive on the machine that is told too.
Never:     writes to a disk; follows a link; starts the programs libarchive knows for rare formats.
Fails:     never with ArchiveError: each is a defect.
"""

from __future__ import annotations

import ctypes
import errno
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, repeat
from types import ModuleType

from gateway.examine.containers.kinds import PACKED
from gateway.examine.containers.naming import Place, is_noise, placed, read_path
from gateway.examine.containers.obstacles import Broken, Locked, Strange
from gateway.examine.containers.opened import Defect
from gateway.examine.containers.rar import locks
from gateway.examine.containers.tray import Tray

LIBRARY: ModuleType | None
try:
    from libarchive import ffi
    from libarchive.exception import ArchiveError

    LIBRARY = ffi
    for _name in ("entry_is_data_encrypted", "read_has_encrypted_entries"):
        ffi.ffi(_name, [ctypes.c_void_p], ctypes.c_int)
except (OSError, AttributeError, TypeError):  # the package is there, the machine's library is not
    LIBRARY = None

BLOCK = 1 << 20
RAW = "raw"
REGULAR, TYPES = 0o100000, 0o170000
NAMED, EXTRA = 0x08, 0x04  # flags of gzip


def take(content: bytes, kind: str, tray: Tray, library: ModuleType | None = LIBRARY) -> None:
    """Put every file of an archive into the tray; ``library`` is libarchive, None where there is none."""
    if library is None:
        tray.tell(Defect.UNKNOWN)
        return
    formats, packing = PACKED[kind]
    if not _emptied(library, content, formats, packing, tray) and RAW in formats:
        _emptied(library, content, (RAW,), packing, tray)  # zeros alone look like an empty tar


def _emptied(library: ModuleType, content: bytes, formats: tuple[str, ...], packing: str, tray: Tray) -> bool:
    """Whether there was anything in an archive, which is now in the tray."""
    with _reader(library, content, formats, packing) as reader:
        try:
            for entry, locked in zip(reader.entries(), chain(locks(content), repeat(False)), strict=False):
                _take(reader, entry, tray, locked=locked)
        except ArchiveError as error:
            tray.tell(reader.defect(error))
            return True
        if reader.has_locks():
            tray.tell(Defect.ENCRYPTED)
        return reader.begun


def _take(reader: _Reader, entry: int, tray: Tray, *, locked: bool) -> None:
    """Put one entry into the tray, when it is a file for people."""
    place = reader.place(entry)
    if place is not None:
        tray.put(place, reader.blocks(entry, locked=locked))


@contextmanager
def _reader(library: ModuleType, content: bytes, formats: tuple[str, ...], packing: str) -> Iterator[_Reader]:
    """One of libarchive's readers, for these formats only."""
    handle = library.read_new()
    try:
        for name in formats:
            library.get_read_format_function(name)(handle)
        if packing:
            library.get_read_filter_function(packing)(handle)
        yield _Reader(library, handle, content)
    finally:
        library.read_free(handle)


class _Reader:
    """One archive as libarchive sees it; ``content`` must outlive it."""

    def __init__(self, library: ModuleType, handle: int, content: bytes) -> None:
        self._library = library
        self._handle = handle
        self._content = content
        self.begun = False  # before the first entry libarchive crashes when it is asked about locks

    def entries(self) -> Iterator[int]:
        """One entry after the other, each valid until the next."""
        self._library.read_open_memory(self._handle, self._content, len(self._content))
        entry = self._library.entry_new()
        try:
            while self._library.read_next_header2(self._handle, entry) != self._library.ARCHIVE_EOF:
                self.begun = True
                yield entry
        finally:
            self._library.entry_free(entry)

    def place(self, entry: int) -> Place | None:
        """Where a file stood; None for what is none. What has no directory has at most a name of gzip's."""
        if self._library.entry_filetype(entry) & TYPES != REGULAR or self._library.entry_hardlink(entry):
            return None
        if self._library.format_name(self._handle) == RAW.encode():
            if self._library.filter_name(self._handle, 0) in (None, b"none"):
                raise Broken  # nothing was unpacked: these are the same octets
            return placed(read_path(_gzip_name(self._content)))
        octets = self._library.entry_pathname(entry)
        path = read_path(octets) if octets is not None else self._library.entry_pathname_w(entry) or ""
        return None if is_noise(path) else placed(path)

    def blocks(self, entry: int, *, locked: bool) -> Iterator[bytes]:
        """The content of an entry, piece by piece; holes are zeros."""
        if locked or self._library.entry_is_data_encrypted(entry):
            raise Locked
        room = ctypes.create_string_buffer(BLOCK)
        try:
            while length := self._library.read_data(self._handle, room, BLOCK):
                if length < 0:  # a warning: the checksum is wrong
                    raise Broken
                yield ctypes.string_at(room, length)
        except ArchiveError as error:
            if error.retcode == self._library.ARCHIVE_FATAL:
                raise
            obstacles = {Defect.ENCRYPTED: Locked, Defect.UNKNOWN: Strange}
            raise obstacles.get(self.defect(error), Broken) from error

    def has_locks(self) -> bool:
        """Whether libarchive met an entry that is locked."""
        return self.begun and bool(self._library.read_has_encrypted_entries(self._handle) == 1)

    def defect(self, error: ArchiveError) -> Defect:
        """What libarchive's words mean."""
        words = str(error.msg or "").lower()
        if _speaks_of_locks(error) or self.has_locks():
            return Defect.ENCRYPTED
        if error.errno == errno.ENOMEM or "allocate" in words:
            return Defect.TOO_BIG
        return Defect.UNKNOWN if any(word in words for word in ("support", "unavailable")) else Defect.DAMAGED


def _gzip_name(content: bytes) -> bytes:
    """The name a gzip file may keep, RFC 1952 section 2.3.1."""
    if not content.startswith(b"\x1f\x8b") or not content[3:4] or content[3] & (NAMED | EXTRA) != NAMED:
        return b""
    return content[10:1_000].partition(b"\0")[0]


def _speaks_of_locks(error: ArchiveError) -> bool:
    return any(word in str(error.msg or "").lower() for word in ("encrypt", "passphrase", "password"))
