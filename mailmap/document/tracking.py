"""Tracking codes: what a clerk reads over the telephone to name a document, such as LT-7K3Q-9F2M-X.

Promises:  one code per document number and key, unique by construction (a keyed bijection of 40 bits, so nobody who
           lacks the key can tell the next one); every single wrong character and every swap of two neighbours is caught
           by the check character (a weighted sum over GF(32)); no character looks like another (Crockford's base 32).
Never:     guesses: a code whose check character is wrong is no code.
Fails:     ``code`` raises ValueError for a number outside 0 … 2**40 - 1.
"""

from __future__ import annotations

import hmac
import re
from functools import reduce

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PREFIX = "LT"
BITS = 40
_HALF = BITS // 2
_MASK = (1 << _HALF) - 1
_ROUNDS = 10  # the number that format-preserving Feistel ciphers settled on for small halves (NIST SP 800-38G)
_LENGTH = BITS // 5
_LOOK_ALIKES = str.maketrans("OIL", "011")

_GAP = r"[\s.\-‐‑–—]{0,3}"  # the dashes that mail clients make of '-'
_SHAPE = re.compile(
    rf"(?<![^\W_])LT{_GAP}([0-9A-Z]{{4}}){_GAP}([0-9A-Z]{{4}}){_GAP}([0-9A-Z])(?![^\W_])", re.IGNORECASE
)


def code(key: bytes, number: int) -> str:
    """The code of a document number, for example ``LT-7K3Q-9F2M-X``."""
    if not 0 <= number < 1 << BITS:
        raise ValueError(f"a document number has at most {BITS} bits: {number}")
    body = _letters(_scramble(key, number))
    return f"{PREFIX}-{body[:4]}-{body[4:]}-{_check(body)}"


def number(key: bytes, tracking: str) -> int | None:
    """The document number behind a code, or None when it is no code."""
    read_ = read(tracking)
    if read_ is None:
        return None
    body = read_.removeprefix(PREFIX).replace("-", "")[:_LENGTH]
    return _unscramble(key, reduce(lambda value, letter: value << 5 | ALPHABET.index(letter), body, 0))


def read(text: str) -> str | None:
    """The first true code in a text, in its written form; tolerant of case, gaps, O for 0, and I or L for 1."""
    for match in _SHAPE.finditer(text):
        first, second, check = (part.upper().translate(_LOOK_ALIKES) for part in match.groups())
        if set(first + second + check) <= set(ALPHABET) and _check(first + second) == check:
            return f"{PREFIX}-{first}-{second}-{check}"
    return None


def _letters(value: int) -> str:
    return "".join(ALPHABET[value >> shift & 31] for shift in range(BITS - 5, -1, -5))


def _round(key: bytes, turn: int, half: int) -> int:
    digest = hmac.digest(key, bytes([turn]) + half.to_bytes(4, "big"), "sha256")
    return int.from_bytes(digest[:4], "big") & _MASK


def _scramble(key: bytes, value: int) -> int:
    left, right = value >> _HALF, value & _MASK
    for turn in range(_ROUNDS):
        left, right = right, left ^ _round(key, turn, right)
    return left << _HALF | right


def _unscramble(key: bytes, value: int) -> int:
    left, right = value >> _HALF, value & _MASK
    for turn in reversed(range(_ROUNDS)):
        left, right = right ^ _round(key, turn, left), left
    return left << _HALF | right


def _double(element: int) -> int:
    """Times x in GF(32) with x^5 = x^2 + 1: places weigh 1, x, x^2 …, all different, so swaps change the sum."""
    return element << 1 if element < 16 else element << 1 & 31 ^ 5  # noqa: PLR2004 16 is the top bit of the field


def _check(body: str) -> str:
    total = reduce(lambda carried, letter: _double(carried ^ ALPHABET.index(letter)), body, 0)
    return ALPHABET[total]
