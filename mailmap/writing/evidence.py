"""What is kept of a composed mail: a frame from which its exact octets can be made again.

A frame holds everything but the attached files; those lie in the blob store already, and a document that goes to two
hundred units is not kept two hundred times.

Promises:  ``thaw(freeze(pieces), encoded)`` gives the pieces back, whatever octets they hold.
Never:     leaves anything to a template, a setting or a clock that may have changed meanwhile.
Fails:     ``thaw`` raises NoFrame for octets that ``freeze`` did not write.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from mailmap.writing.parts import Encoded, Piece

MAGIC = b"lienthong frame 1\n"
_HEAD = re.compile(rb"(?:text (\d{1,12})|file ([0-9a-f]{64}))\n")


class NoFrame(ValueError):
    """Not the frame of a mail we composed."""


def freeze(pieces: Sequence[Piece]) -> bytes:
    """The frame: texts as they are, files by their SHA-256."""
    return MAGIC + b"".join(_frozen(piece) for piece in pieces)


def thaw(frame: bytes, encoded: Callable[[str], Encoded]) -> tuple[Piece, ...]:
    """The pieces again; ``encoded`` finds a file by its SHA-256."""
    if not frame.startswith(MAGIC):
        raise NoFrame("no frame begins so")
    return tuple(_thawed(frame, encoded))


def files(frame: bytes) -> tuple[str, ...]:
    """The SHA-256 of every file the mail carries, in order."""
    return tuple(
        piece.sha256 for piece in thaw(frame, lambda sha256: Encoded(sha256, b"")) if isinstance(piece, Encoded)
    )


def _frozen(piece: Piece) -> bytes:
    if isinstance(piece, Encoded):
        return f"file {piece.sha256}\n".encode("ascii")
    return f"text {len(piece)}\n".encode("ascii") + piece


def _thawed(frame: bytes, encoded: Callable[[str], Encoded]) -> Iterator[Piece]:
    at = len(MAGIC)
    while at < len(frame):
        head = _HEAD.match(frame, at)
        if head is None:
            raise NoFrame(f"no piece begins at octet {at}")
        at = head.end() + int(head[1] or 0)
        if at > len(frame):
            raise NoFrame("the frame was cut")
        yield frame[head.end() : at] if head[1] else encoded(head[2].decode("ascii"))
