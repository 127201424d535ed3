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
from types import ModuleType

from gateway.examine.containers.kinds import PACKED
from gateway.examine.containers.naming import Place, is_noise, placed, read_path
from gateway.examine.containers.obstacles import Broken, Locked
from gateway.examine.containers.opened import Defect
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
REGULAR, TYPES = 0o100000, 0o170000
NAMED = 0x08  # of gzip, RFC 1952 section 2.3.1
EXTRA = 0x04


def take(content: bytes, kind: str, tray: Tray, library: ModuleType | None = LIBRARY) -> None:
    """Put every file of an archive into the tray; ``library`` is libarchive, None where there is none."""
    if library is None:
        tray.tell(Defect.UNKNOWN)
        return
    formats, packing = PACKED[kind]
    with _reader(library, content, formats, packing) as reader:
        try:
            for entry in _entries(library, reader):
                _take(library, reader, entry, content, tray)
        except ArchiveError as error:
            tray.tell(_defect(library, reader, error))
        if library.read_has_encrypted_entries(reader) == 1:
            tray.tell(Defect.ENCRYPTED)


@contextmanager
def _reader(library: ModuleType, content: bytes, formats: tuple[str, ...], packing: str) -> Iterator[int]:
    """One of libarchive's readers, for these formats only."""
    reader = library.read_new()
    try:
        for name in formats:
            library.get_read_format_function(name)(reader)
        if packing:
            library.get_read_filter_function(packing)(reader)
        yield _opened(library, reader, content)
    finally:
        library.read_free(reader)


def _opened(library: ModuleType, reader: int, content: bytes) -> int:
    """The reader, given the octets; they must outlive it."""
    try:
        library.read_open_memory(reader, content, len(content))
    except ArchiveError as error:
        raise Broken from error
    return reader


def _entries(library: ModuleType, reader: int) -> Iterator[int]:
    """One entry after the other, each valid until the next."""
    entry = library.entry_new()
    try:
        while library.read_next_header2(reader, entry) != library.ARCHIVE_EOF:
            yield entry
    finally:
        library.entry_free(entry)


def _take(library: ModuleType, reader: int, entry: int, content: bytes, tray: Tray) -> None:
    if library.entry_filetype(entry) & TYPES != REGULAR or library.entry_hardlink(entry):
        return
    place = _place(library, reader, entry, content)
    if place is not None:
        tray.put(place, _blocks(library, reader, entry))


def _place(library: ModuleType, reader: int, entry: int, content: bytes) -> Place | None:
    """Where an entry stood; None for what is not for people. What has no directory has at most a name of gzip's."""
    if library.format_name(reader) == b"raw":
        return placed(read_path(_gzip_name(content)))
    octets = library.entry_pathname(entry)
    path = read_path(octets) if octets is not None else library.entry_pathname_w(entry) or ""
    return None if is_noise(path) else placed(path)


def _gzip_name(content: bytes) -> bytes:
    if not content.startswith(b"\x1f\x8b") or not content[3] & NAMED or content[3] & EXTRA:
        return b""
    return content[10 : content.find(b"\0", 10, 1_000)] if b"\0" in content[10:1_000] else b""


def _blocks(library: ModuleType, reader: int, entry: int) -> Iterator[bytes]:
    """The content of an entry, piece by piece; holes are zeros."""
    if library.entry_is_data_encrypted(entry):
        raise Locked
    room = ctypes.create_string_buffer(BLOCK)
    try:
        while length := library.read_data(reader, room, BLOCK):
            if length < 0:
                raise Broken
            yield room.raw[:length] if length < BLOCK else room.raw
    except ArchiveError as error:
        if error.retcode == library.ARCHIVE_FATAL:
            raise
        raise (Locked if _speaks_of_locks(error) else Broken) from error


def _defect(library: ModuleType, reader: int, error: ArchiveError) -> Defect:
    """What libarchive's words mean."""
    words = str(error.msg or "").lower()
    if _speaks_of_locks(error) or library.read_has_encrypted_entries(reader) == 1:
        return Defect.ENCRYPTED
    if error.errno == errno.ENOMEM or "allocate" in words:
        return Defect.TOO_BIG
    return Defect.UNKNOWN if any(word in words for word in ("support", "unavailable")) else Defect.DAMAGED


def _speaks_of_locks(error: ArchiveError) -> bool:
    return any(word in str(error.msg or "").lower() for word in ("encrypt", "passphrase", "password"))
