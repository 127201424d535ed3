"""The tray: where a child puts what it takes out of a container, piece by piece, and how the parent reads it.

Promises:  what is put in is counted while it comes: files, octets of one, octets of all, whatever the container
           declares; a file that breaks off leaves nothing behind. ``loaded`` believes nothing: names are made clean
           again and lengths must add up, so a child that was taken over can lie about a file but break nothing.
Never:     holds octets twice; unpickles anything.
Fails:     Enough (child) when the budget is spent; NotATray (parent) for an answer of another shape.
"""

from __future__ import annotations

import json
import struct
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

from gateway.examine.containers.naming import Place, placed
from gateway.examine.containers.obstacles import SAID, Broken, Enough, Locked, Strange, TooBig
from gateway.examine.containers.opened import Budget, Defect, Enclosed, Opened
from gateway.examine.filetype import sniff

LENGTH = struct.Struct(">Q")
MOST_TOLD = 32 << 20  # octets of the list of names
MOST_KIND = 120


class NotATray(Exception):
    """A child's answer is not what came out of a container."""


class Tray:
    """What was taken out so far."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._over = Defect.BOMB if budget.tight else Defect.TOO_BIG
        self._octets = bytearray()
        self._spent = 0
        self._files: list[tuple[str | None, str, int, str]] = []
        self._mail: int | None = None
        self._defects: dict[str, None] = {}

    def put(self, place: Place, blocks: Iterable[bytes]) -> None:
        """One file; one that is too big by itself, locked or broken is told and left out."""
        if len(self._files) >= self._budget.files:
            raise Enough(Defect.TOO_MANY)
        content = self._taken(blocks)
        if content is not None and (content or place.name):  # of what is cut, salvage finds empty shells
            self._files.append((place.name, place.folder, len(content), sniff(content)))

    def put_mail(self, octets: bytes) -> None:
        """The one mail; it stands before all files."""
        content = self._taken([octets])
        self._mail = None if content is None else len(content)

    def tell(self, defect: Defect) -> None:
        """Something stood in the way."""
        self._defects[defect.value] = None

    def _taken(self, blocks: Iterable[bytes]) -> bytes | None:
        """The octets as they lie in the tray, None when they do not."""
        start = len(self._octets)
        try:
            for block in self.counted(blocks):
                self._octets += block
        except (TooBig, Locked, Broken, Strange) as error:
            self.tell(SAID[type(error)])
        except BaseException:
            del self._octets[start:]
            raise
        else:
            return bytes(memoryview(self._octets)[start:])
        del self._octets[start:]
        return None

    def counted(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """The blocks of one file, counted while they come."""
        size = 0
        for block in blocks:
            size += len(block)
            self._spent += len(block)
            if self._spent > self._budget.total:
                raise Enough(self._over)
            if size > self._budget.single:
                raise TooBig
            yield block

    def answer(self) -> bytearray:
        """All of it: the contents, then who they are, then how long that is."""
        told = json.dumps([self._mail, self._spent, list(self._defects), self._files]).encode()
        self._octets += told + LENGTH.pack(len(told))
        return self._octets


@dataclass(frozen=True, slots=True)
class Taken:
    """What a child found: ``kinds`` are those of the files, ``spent`` the octets that came out to find it."""

    opened: Opened
    kinds: tuple[str, ...]
    spent: int


def loaded(file: BinaryIO) -> Taken:
    """A child's answer, read from its file piece by piece."""
    try:
        size = file.seek(0, 2)
        file.seek(size - LENGTH.size)
        (length,) = LENGTH.unpack(file.read(LENGTH.size))
        file.seek(size - LENGTH.size - min(length, MOST_TOLD))
        mail, spent, defects, files = json.loads(file.read(length))
        file.seek(0)
        return _taken(file, size - LENGTH.size - length, (mail, spent, defects, files))
    except (ValueError, TypeError, OSError, struct.error, RecursionError) as error:
        raise NotATray(NotATray.__doc__) from error


def _taken(file: BinaryIO, size: int, told: tuple[Any, Any, Any, Any]) -> Taken:
    mail, spent, defects, files = told
    lengths = [_length(length, size) for _, _, length, _ in files] + ([] if mail is None else [_length(mail, size)])
    if sum(lengths) != size:
        raise ValueError
    letter = None if mail is None else file.read(mail)
    found = distinct(_enclosed(file, *each) for each in files)
    kinds = tuple(_kind(kind) for _, _, _, kind in files)
    return Taken(Opened(found, letter, tuple(Defect(each).value for each in defects)), kinds, max(0, int(spent)))


def _enclosed(file: BinaryIO, name: object, folder: object, length: int, _: object) -> Enclosed:
    if not isinstance(folder, str) or not (name is None or isinstance(name, str)):
        raise TypeError
    place = placed(f"{folder}/{name or ''}")
    return Enclosed(place.name, file.read(length), place.folder)


def distinct(files: Iterable[Enclosed]) -> tuple[Enclosed, ...]:
    """The same files; names that stand twice in one folder are counted: "a.pdf", "a (2).pdf"."""
    seen: Counter[tuple[str, str]] = Counter()
    found: list[Enclosed] = []
    for file in files:
        place = (file.folder, (file.name or "").lower())
        seen[place] += 1
        again = file.name and seen[place] > 1
        found.append(replace(file, name=_counted(file.name or "", seen[place])) if again else file)
    return tuple(found)


def _counted(name: str, number: int) -> str:
    stem, dot, ending = name.rpartition(".")
    return f"{stem} ({number}){dot}{ending}" if stem else f"{name} ({number})"


def _length(length: object, most: int) -> int:
    if not isinstance(length, int) or not 0 <= length <= most:
        raise ValueError
    return length


def _kind(kind: object) -> str:
    if not isinstance(kind, str) or len(kind) > MOST_KIND or not kind.isascii() or not kind.isprintable():
        raise ValueError
    return kind
