"""Outlook's .msg files: a mail with its recipients, its files and the mails inside it ([MS-OXMSG]).

Promises:  what the properties say, whatever order the streams have; a file or a recipient that cannot be read is left
           out and told by ``whole``.
Never:     goes deeper than ``DEEPEST`` mails; reads more than ``MOST`` recipients or files.
Fails:     ``Broken`` when it is no compound file with properties.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from itertools import islice

import olefile

from gateway.examine.containers.letter import MAIL, Carried, Written
from gateway.examine.containers.mapi import OBJECT, TEXT8, Properties, Tag
from gateway.examine.containers.obstacles import Broken
from gateway.examine.containers.tnef import Unwrapped

DEEPEST = 4
MOST = 1_000
PROPERTIES = "__properties_version1.0"
STREAM = re.compile(r"__substg1\.0_([0-9A-F]{4})([0-9A-F]{4})", re.IGNORECASE)
HEAD, HEAD_INSIDE, HEAD_OF_PART = 32, 24, 8  # octets before the properties, 2.4.1
LINE = 16
WIDTHS = {0x02: 2, 0x03: 4, 0x0B: 2, 0x40: 8, 0x05: 8, 0x14: 8}
SIGNED_WHOLE = "smime.multipartsigned"
EMBEDDED = 5  # attach method, [MS-OXCMSG] 2.2.2.9

Path = tuple[str, ...]


def read(octets: bytes) -> Unwrapped:
    """What a .msg says."""
    try:
        with olefile.OleFileIO(io.BytesIO(octets)) as file:
            return _Folder(file).mail((), HEAD, 0)
    except (OSError, ValueError, IndexError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Broken from error


class _Folder:
    """The compound file: its storages by path."""

    def __init__(self, file: olefile.OleFileIO) -> None:
        self._file = file
        self._streams: dict[Path, dict[str, Path]] = {}
        self._whole = not file.parsing_issues
        for path in map(tuple, file.listdir(streams=True, storages=True)):
            self._streams.setdefault(path[:-1], {})[path[-1].lower()] = path

    def mail(self, place: Path, head: int, depth: int) -> Unwrapped:
        """The mail in one storage."""
        properties = self._properties(place, head, 0)
        page = properties.number(Tag.CODE_PAGE) or properties.number(Tag.INTERNET_CODE_PAGE) or 0
        said = Properties(properties.values, page)
        if not said.values:
            raise Broken
        recipients = [self._properties(path, HEAD_OF_PART, page) for path in self._parts(place, "__recip_version1.0_")]
        files = [self._carried(path, page, depth) for path in self._parts(place, "__attach_version1.0_")]
        return Unwrapped(Written(said, recipients, [each for each in files if each]), self._whole)

    def _parts(self, place: Path, start: str) -> Sequence[Path]:
        found = sorted(name for name in self._streams.get(place, {}) if name.startswith(start))
        return [self._streams[place][name] for name in islice(found, MOST)]

    def _properties(self, place: Path, head: int, page: int) -> Properties:
        """The properties of one storage: short ones stand in a row, long ones in a stream each."""
        streams = self._streams.get(place, {})
        values: dict[int, tuple[int, bytes]] = {}
        row = self._read(streams.get(PROPERTIES))
        for at in range(head, len(row) - LINE + 1, LINE):
            kind, number = int.from_bytes(row[at : at + 2], "little"), int.from_bytes(row[at + 2 : at + 4], "little")
            if kind in WIDTHS:
                values[number] = (kind, row[at + 8 : at + 8 + WIDTHS[kind]])
        for name, path in streams.items():
            found = STREAM.fullmatch(name)
            if found and int(found[1], 16) in WANTED and self._file.get_type(path) != olefile.STGTY_STORAGE:
                values[int(found[1], 16)] = (int(found[2], 16), self._read(path))
        return Properties(values, page)

    def _carried(self, place: Path, page: int, depth: int) -> Carried | None:
        """An attachment as a file; a mail inside as a mail."""
        said = self._properties(place, HEAD_OF_PART, page)
        name = said.text(Tag.LONG_NAME) or said.text(Tag.SHORT_NAME) or said.text(Tag.DISPLAY_NAME)
        inner = (*place, f"__substg1.0_{Tag.ATTACHED:04X}{OBJECT:04X}")
        if said.number(Tag.ATTACH_METHOD) == EMBEDDED and inner in self._streams:
            return self._enclosed(inner, name, depth)
        content = said.octets(Tag.ATTACHED)
        if content is None or said.values[Tag.ATTACHED][0] == TEXT8:
            self._whole = self._whole and inner in self._streams  # an object of another program has no file
            return None
        return Carried(name or None, content, said.text(Tag.MIME_TYPE), said.text(Tag.CONTENT_ID))

    def _enclosed(self, place: Path, name: str, depth: int) -> Carried | None:
        if depth >= DEEPEST:
            self._whole = False
            return None
        mail = self.mail(place, HEAD_INSIDE, depth + 1).mail
        return Carried(f"{mail.subject or name or 'mail'}.eml".replace("/", "-"), mail.octets(), MAIL)

    def _read(self, path: Path | None) -> bytes:
        """A stream; what cannot be read is nothing, and the file is not whole."""
        if path is None:
            return b""
        try:
            with self._file.openstream(list(path)) as stream:
                return bytes(stream.read())
        except (OSError, ValueError, IndexError, TypeError):
            self._whole = False
            return b""


WANTED = frozenset(Tag)


def signed_whole(mail: Written) -> bytes | None:
    """The multipart/signed mail that Outlook keeps as one file of a signed mail, or None."""
    if not mail.properties.text(Tag.MESSAGE_CLASS).lower().endswith(SIGNED_WHOLE) or len(mail.files) != 1:
        return None
    return mail.files[0].content
