"""Keyed local parts: addresses of ours that nobody else can make.

Promises:  ``read`` gives back exactly what ``make`` was told, after any change of case too; a token made for
           one purpose is none for another; whoever lacks the key has one chance in 2**120 per guess.
Never:     tells by its timing how much of a wrong token was right.
Fails:     ``read`` answers None for every text that ``make`` did not write with this key.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from enum import StrEnum

MAC_OCTETS = 15  # 120 bits, and 24 letters of base32 without padding
_SHAPE = re.compile(r"(tl|tra)\+([1-9][0-9]{0,18})-([a-z2-7]{24})", re.ASCII)


class Purpose(StrEnum):
    """What a keyed address is for; the value is its prefix."""

    REPLY = "tl"
    RETURN = "tra"


@dataclass(frozen=True, slots=True)
class Token:
    """A purpose and the id of the letter it is tied to."""

    purpose: Purpose
    letter: int


def make(key: bytes, purpose: Purpose, letter: int) -> str:
    """The local part for a letter (positive id): at most 48 octets of ``[a-z0-9+-]`` (RFC 5321 allows 64)."""
    return f"{purpose.value}+{letter}-{_mac(key, purpose, letter)}"


def read(key: bytes, local_part: str) -> Token | None:
    """The token in that local part, or None when it is no token of ours (RFC 2104, constant-time comparison)."""
    found = _SHAPE.fullmatch(local_part.lower())
    if found is None:
        return None
    token = Token(Purpose(found[1]), int(found[2]))
    genuine = hmac.compare_digest(found[3], _mac(key, token.purpose, token.letter))
    return token if genuine else None


def _mac(key: bytes, purpose: Purpose, letter: int) -> str:
    bound = f"lienthong address {purpose.value} {letter}".encode("ascii")
    digest = hmac.digest(key, bound, hashlib.sha256)[:MAC_OCTETS]
    return base64.b32encode(digest).decode("ascii").lower()
