"""The tracked official document and its fields, each with its source and confidence.

Promises:  a field says where it was read and how sure we are (0 to 1); what was not read is None, never invented.
Never:     a bare value without its source.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")


class Urgency(StrEnum):
    """Degrees of urgency (Nghị định 30/2020/NĐ-CP, Phụ lục I)."""

    NORMAL = "normal"
    URGENT = "khan"
    VERY_URGENT = "thuong-khan"
    EXPRESS = "hoa-toc"


class Secrecy(StrEnum):
    """Degrees of state secrecy; anything but NONE never travels through this gateway."""

    NONE = "none"
    CONFIDENTIAL = "mat"
    SECRET = "toi-mat"  # noqa: S105 a degree of secrecy, not a password
    TOP_SECRET = "tuyet-mat"  # noqa: S105 the same


class Standing(StrEnum):
    """Legal standing of a document that came by mail."""

    INFORMATION = "information"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Symbol:
    """Số and ký hiệu: number 45, suffix '' (or 'a'), notation 'UBND-VP'; written '45/UBND-VP' (ND30 Phụ lục I).

    The party's notations stand behind a dash and keep it: '-CV/TU' in '45-CV/TU' (Hướng dẫn 36-HD/VPTW).
    """

    number: int
    notation: str
    suffix: str = ""

    def __str__(self) -> str:
        """As written on paper: numbers below ten with a leading zero."""
        stroke = "" if self.notation.startswith("-") else "/"
        return f"{self.number:02d}{self.suffix}{stroke}{self.notation}"


@dataclass(frozen=True, slots=True)
class Seen(Generic[T]):
    """A value, how sure we are (0 to 1), and where it was read ('subject', 'filename', 'body', 'reply')."""

    value: T
    confidence: float
    source: str


@dataclass(frozen=True, slots=True)
class Fields:
    """What was understood of a document; None is 'not read'. ``kind`` is a code of ``kinds`` such as 'QĐ' or 'CV'.

    Fields of several lines (recipients, copies, answers, based_on) have one name or one symbol a line. ``authority`` is
    the prefix of a signature ('KT.'), ``circulation`` a mark such as 'XEM XONG TRẢ LẠI'.
    """

    symbol: Seen[Symbol] | None = None
    issued: Seen[date] | None = None
    kind: Seen[str] | None = None
    subject: Seen[str] | None = None
    issuer: Seen[str] | None = None
    signer: Seen[str] | None = None
    urgency: Seen[Urgency] | None = None
    secrecy: Seen[Secrecy] | None = None
    due: Seen[date] | None = None
    place: Seen[str] | None = None
    superior: Seen[str] | None = None
    authority: Seen[str] | None = None
    position: Seen[str] | None = None
    recipients: Seen[str] | None = None
    copies: Seen[str] | None = None
    circulation: Seen[str] | None = None
    answers: Seen[str] | None = None
    based_on: Seen[str] | None = None


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file of the document as the register keeps it: the octets lie in the blob store under ``sha256``."""

    name: str
    type: str
    size: int
    sha256: str
    role: str
