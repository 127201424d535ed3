"""CMS and PKCS #7 (.p7m, .p7s): what is signed, without asking whether the signature is good.

Promises:  the content of opaque signed data, of data, and of compressed data, in DER, BER of indefinite length, PEM and
           bare base64 alike; what is encrypted is told as locked. A signature that stands apart holds nothing.
Never:     verifies; reads certificates; recurses deeper than ``DEEPEST``; takes more than linear time.
Fails:     ``Broken`` when octets are missing or are no CMS; ``Locked``.

Source: RFC 5652 sections 3 to 8, RFC 3274 (compressed data), X.690 section 8.1 (BER).
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass

from gateway.examine.containers.obstacles import Broken, Locked

DEEPEST = 16
FED = 57 * 1_024
PEM = re.compile(rb"-----BEGIN (?:PKCS ?#?7(?: SIGNED DATA)?|CMS)-----")
END = b"-----END "
BARE = re.compile(rb"MI[A-Za-z0-9+/=\s]{60}")
SEQUENCE, OCTETS, CONTENT, OID, FINAL = 0x30, 0x04, 0xA0, 0x06, 0x00
CONSTRUCTED, MULTIPLE, INDEFINITE = 0x20, 0x1F, 0x80
PKCS7 = bytes.fromhex("2a864886f70d0107")
COMPRESSED, AUTHENTICATED_LOCKED = (bytes.fromhex(f"2a864886f70d01091001{last}") for last in ("09", "17"))
DATA, SIGNED = PKCS7 + b"\x01", PKCS7 + b"\x02"
LOCKS = frozenset({PKCS7 + b"\x03", PKCS7 + b"\x04", PKCS7 + b"\x06", AUTHENTICATED_LOCKED})
KNOWN = frozenset({SIGNED, COMPRESSED, *LOCKS})
ENOUGH = 65_536  # octets in which a signature's own head ends


@dataclass(frozen=True, slots=True)
class Element:
    """One element: its tag octet, where its content starts and ends; ``end`` None is of indefinite length."""

    tag: int
    start: int
    end: int | None


def kind(content: bytes) -> str | None:
    """The media type of CMS, None for anything else; a signature that stands apart has one of its own."""
    try:
        octets = plain(content[:ENOUGH])
        what, position = _head(octets)
        if what not in KNOWN:
            return None
        apart = what == SIGNED and _enclosed(octets, position) is None
    except Broken:
        return None
    return "application/pkcs7-signature" if apart else "application/pkcs7-mime"


def plain(content: bytes) -> bytes:
    """BER, whatever it was armoured with."""
    found = PEM.search(content[:1_024])
    if found is None and not BARE.match(content):
        return content
    text = content if found is None else content[found.end() :].partition(END)[0]
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", text)
    return binascii.a2b_base64(letters[: len(letters) // 4 * 4] + _rest(letters))


def content_of(content: bytes) -> tuple[Iterator[bytes], bool] | None:
    """What is wrapped, piece by piece, and whether it is deflated; None when nothing is."""
    octets = plain(content)
    what, position = _head(octets)
    if what in LOCKS:
        raise Locked
    if what == DATA:
        return _pieces(octets, position, 0), False
    if what not in {SIGNED, COMPRESSED}:
        raise Broken
    inner = _enclosed(octets, position)
    return None if inner is None else (_pieces(octets, inner, 0), what == COMPRESSED)


def _rest(letters: bytes) -> bytes:
    rest = letters[len(letters) // 4 * 4 :]
    return rest + b"=" * (4 - len(rest)) if len(rest) > 1 else b""


def _head(octets: bytes) -> tuple[bytes, int]:
    """The type of a ContentInfo (RFC 5652 section 3) and where its content starts."""
    outer = _element(octets, 0)
    if outer.tag != SEQUENCE:
        raise Broken
    what = _element(octets, outer.start)
    if what.tag != OID or what.end is None:
        raise Broken
    wrapper = _element(octets, what.end)
    return octets[what.start : what.end], wrapper.start


def _enclosed(octets: bytes, position: int) -> int | None:
    """Where the eContent of signed or compressed data starts; None when there is none."""
    inner = _element(octets, position)
    position = inner.start
    for _ in range(2):  # the version and the algorithms
        position = _behind(octets, position, 0)
    content = _element(octets, position)
    what = _element(octets, content.start)
    if content.tag != SEQUENCE or what.tag != OID or what.end is None:
        raise Broken
    if content.end is not None and what.end >= content.end:
        return None
    wrapper = _element(octets, what.end)
    return wrapper.start if wrapper.tag == CONTENT else None


def _pieces(octets: bytes, position: int, depth: int) -> Iterator[bytes]:
    """The octets of an OCTET STRING, in one piece or in many (X.690 section 8.7)."""
    element = _element(octets, position)
    if depth > DEEPEST or element.tag & ~CONSTRUCTED != OCTETS:
        raise Broken
    if not element.tag & CONSTRUCTED:
        if element.end is None or element.end > len(octets):
            raise Broken
        for start in range(element.start, element.end, FED):
            yield octets[start : min(start + FED, element.end)]
        return
    position = element.start
    while (position < element.end) if element.end is not None else octets[position : position + 2] != b"\0\0":
        yield from _pieces(octets, position, depth + 1)
        position = _behind(octets, position, depth + 1)


def _behind(octets: bytes, position: int, depth: int) -> int:
    """Where the next element starts."""
    element = _element(octets, position)
    if element.end is not None:
        return element.end
    if depth > DEEPEST:
        raise Broken
    position = element.start
    while octets[position : position + 2] != b"\0\0":
        position = _behind(octets, position, depth + 1)
    return position + 2


def _element(octets: bytes, position: int) -> Element:
    """The element that starts there."""
    if position + 2 > len(octets) or octets[position] & MULTIPLE == MULTIPLE:
        raise Broken
    tag, length = octets[position], octets[position + 1]
    if length < INDEFINITE:
        return Element(tag, position + 2, position + 2 + length)
    if length == INDEFINITE:
        return Element(tag, position + 2, None)
    start = position + 2 + (length & 0x7F)
    if length & 0x7F > 8:  # noqa: PLR2004  no file is longer
        raise Broken
    return Element(tag, start, start + int.from_bytes(octets[position + 2 : start], "big"))
