"""MIME parts from octets, in one go: attachments, texts, and what holds them together.

Promises:  7-bit octets with CRLF line ends and lines of at most 76 octets, whatever goes in; the same input gives the
           same octets; an attachment is encoded once and shared by every mail that carries it.
Never:     looks for a boundary in what cannot hold it: base64 has no underscore.
"""

from __future__ import annotations

import binascii
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from mailmap.writing import headers

LINE = 76
_BLOCK = 57 * 8192  # octets encoded at a time: whole lines of base64, and little memory beside the result


@dataclass(frozen=True, slots=True)
class Encoded:
    """Octets in base64 with line ends, named by the hex SHA-256 of what was encoded."""

    sha256: str
    base64: bytes = field(repr=False)


Piece = bytes | Encoded


def encode(octets: bytes, sha256: str) -> Encoded:
    """The octets in base64 (RFC 2045 section 6.8); about 170 MB/s."""
    return Encoded(sha256, base64(octets))


def base64(octets: bytes) -> bytes:
    """Lines of 76 letters, each ended by CRLF."""
    blocks = []
    for start in range(0, len(octets), _BLOCK):
        text = binascii.b2a_base64(octets[start : start + _BLOCK], newline=False)
        blocks += [text[at : at + LINE] for at in range(0, len(text), LINE)]
    return b"\r\n".join([*blocks, b""])


def text(content_type: str, content: str) -> bytes:
    """A text part: as it stands where it is short ASCII lines, else in base64."""
    octets = content.replace("\r\n", "\n").replace("\n", "\r\n").encode("utf-8", "replace")
    as_it_stands = octets.isascii() and b"=_" not in octets and all(len(x) <= LINE for x in octets.split(b"\r\n"))
    head = headers.field("Content-Type", [f"{content_type};", "charset=utf-8"])
    if as_it_stands:
        return head + b"Content-Transfer-Encoding: 7bit\r\n\r\n" + octets
    return head + b"Content-Transfer-Encoding: base64\r\n\r\n" + base64(octets)


def attachment(name: str, content_type: str, content: Encoded) -> tuple[Piece, ...]:
    """A file under its name; the name stands in both places where mail programs look for it."""
    plain = headers.parameter("name", headers.without_marks(name))
    disposition = ["attachment;", *_separated(headers.parameter("filename", name))]
    head = (
        headers.field("Content-Type", [f"{content_type};", *plain])
        + headers.field("Content-Disposition", disposition)
        + b"Content-Transfer-Encoding: base64\r\n\r\n"
    )
    return head, content


def multipart(kind: str, boundary: str, parts: Iterable[Sequence[Piece]]) -> tuple[Piece, ...]:
    """Parts under one boundary; ``kind`` may carry parameters ("report; report-type=delivery-status")."""
    subtype, *more = kind.split("; ")
    words = [f"multipart/{subtype};", *(f"{parameter};" for parameter in more), f'boundary="{boundary}"']
    pieces: list[Piece] = [headers.field("Content-Type", words), b"\r\n"]
    for part in parts:
        pieces += [f"--{boundary}\r\n".encode("ascii"), *part, b"\r\n"]
    pieces.append(f"--{boundary}--\r\n".encode("ascii"))
    return tuple(pieces)


def _separated(words: Sequence[str]) -> list[str]:
    return [*(f"{word};" for word in words[:-1]), words[-1]]
