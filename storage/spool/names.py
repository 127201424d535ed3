"""Spool ids and the names of files in an owner's directory.

Promises:  a stamp is given once in an owner's life: the clock may stand or step back, stamps only rise. An id is a
           stamp and the owner's tag, so ids sort by time; it has 14 letters or digits, none of them I, L, O or U, and
           can be read out on the phone.
Never:     asks the disk; the floor under the stamps comes from recovery.
Fails:     ``stamp_of`` and ``number_of`` return None for a name that is not one of ours.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from threading import Lock

from storage.trouble import Temporary

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32
_VALUE = {letter: value for value, letter in enumerate(_LETTERS)}
_STAMP_LENGTH = 9
TAG_LENGTH = 5
_PER_SECOND = 1 << 14  # more than one process can accept; 45 bits of them last until 2093
_EPOCH = 1_735_689_600  # 2025-01-01T00:00:00Z, in Unix seconds
_SEGMENT = re.compile(r"(\d{9})\.seg")
_BODY = re.compile(rf"S-([{_LETTERS}]{{4}})-([{_LETTERS}]{{5}})-([{_LETTERS}]{{5}})\.mail")


class SpoolFull(Temporary):
    """The disk of the spool has less room than it must keep free."""


class Stamps:
    """Ever rising numbers that follow the clock in steps of 1/16384 s. Safe between threads."""

    __slots__ = ("_clock", "_last", "_turn")

    def __init__(self, clock: Callable[[], float], floor: int) -> None:
        self._clock = clock
        self._last = floor - 1
        self._turn = Lock()

    def next(self) -> int:
        """A stamp above all given before, and not below the floor."""
        with self._turn:
            self._last = max(self._last + 1, stamp_at(self._clock()))
            return self._last


def stamp_at(seconds: float) -> int:
    """The stamp of a Unix time; 0 before 2025."""
    return max(0, int((seconds - _EPOCH) * _PER_SECOND))


def letters(value: int, length: int) -> str:
    """``value`` in base 32, with leading zeros."""
    return "".join(_LETTERS[(value >> 5 * place) & 31] for place in range(length - 1, -1, -1))


def spool_id(stamp: int, tag: str) -> str:
    """For example ``S-0A3K-9ZQ2T-1F7C3``: nine letters of time, five of the owner."""
    time = letters(stamp, _STAMP_LENGTH)
    return f"S-{time[:4]}-{time[4:]}-{tag}"


def body_name(spool_id: str) -> str:
    """The file that holds the octets of one large mail."""
    return f"{spool_id}.mail"


def stamp_of(name: str) -> int | None:
    """The stamp in the name of a body file."""
    if not (match := _BODY.fullmatch(name)):
        return None
    stamp = 0
    for letter in match[1] + match[2]:
        stamp = stamp << 5 | _VALUE[letter]
    return stamp


def segment_name(number: int) -> str:
    """The file name of a segment."""
    return f"{number:09}.seg"


def number_of(name: str) -> int | None:
    """The number in the name of a segment."""
    match = _SEGMENT.fullmatch(name)
    return int(match[1]) if match else None
