"""What was found in a container, as values.

Promises:  names are NFC, without folders and control characters; ``defects`` are those of ``Defect``, each with a
           sentence below ``container`` in config/locale that says what to do next.
Never:     holds a link, a device, or a place outside the container.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Self

FLOOR = 16 << 20  # octets that may come out of anything, however small: a blank scan packs a thousand to one


class Defect(StrEnum):
    """What stood in the way; each is also a locale key below ``container``."""

    ENCRYPTED = "encrypted"
    TOO_MANY = "too-many"
    TOO_BIG = "too-big"
    BOMB = "bomb"
    DAMAGED = "damaged"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Enclosed:
    """One file out of a container; ``name`` is None where the container keeps none, ``folder`` is for people."""

    name: str | None
    content: bytes = field(repr=False)
    folder: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """The files of an archive; or the mail (RFC 5322 octets) that was wrapped; or both: what a winmail.dat says."""

    files: tuple[Enclosed, ...]
    mail: bytes | None = field(default=None, repr=False)
    defects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Budget:
    """What may come out of one container, over all its levels together; sizes in octets, ``depth`` in levels.

    ``tight``: the ratio binds the total, so what spends it is a bomb.
    """

    files: int = 500
    total: int = 100 << 20
    single: int = 64 << 20
    ratio: int = 200
    depth: int = 4
    tight: bool = False

    def within(self, size: int) -> Self:
        """The budget of a container of so many octets: its total is also bound by the ratio."""
        most = max(FLOOR, self.ratio * size)
        return replace(self, total=min(self.total, most), tight=most < self.total)

    def less(self, opened: Opened) -> Self:
        """What is left after this was taken out; never less than nothing."""
        taken = sum(len(file.content) for file in opened.files) + len(opened.mail or b"")
        return self.without(len(opened.files), taken)

    def without(self, files: int, octets: int) -> Self:
        """The same with so many files and octets fewer."""
        return replace(self, files=max(0, self.files - files), total=max(0, self.total - octets))


def key(defect: str) -> str:
    """The locale key of a defect's sentence."""
    return f"container.{Defect(defect)}"
