"""How the body of a mail is cut out of the stream of octets: by the final dot (DATA), or by counting (BDAT).

Promises:  only CRLF . CRLF ends DATA, and only the announced number of octets ends a chunk; stuffed dots are taken out
           (RFC 5321 section 4.5.2); what follows the end is given back untouched.
Never:     looks at single lines: whole blocks pass at the speed of memory, over every edge between two reads.
Fails:     cannot; a stream that stops early has simply not reached its end.

A frame gets blocks that begin with what it kept back (``carry``) of the block before.
"""

from __future__ import annotations

from typing import Protocol

DOT = b"\r\n."
END = b"\r\n.\r\n"
_MAY_BEGIN_END = (b"\r\n.\r", b"\r\n.", b"\r\n", b"\r")


class Sink(Protocol):
    """Where the octets of a body go."""

    def write(self, octets: memoryview) -> None:
        """Take the next octets of the body."""


class Waste:
    """Where a body goes that nobody wants; it is read all the same, so that the next command is found."""

    def write(self, octets: memoryview) -> None:
        """Let go."""


class Frame(Protocol):
    """A way of finding the end of a body."""

    carry: bytes

    def room(self, most: int) -> int:
        """How many octets may be read next without harm, out of ``most``."""

    def feed(self, block: bytes | bytearray, end: int) -> int:
        """Pass on the body within block[:end]; where what follows the body begins, or -1 while it goes on."""


class DotFrame:
    """A body that ends with a line holding one dot."""

    __slots__ = ("_sink", "_skip", "carry")

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._skip = 2  # the line end before the body is the one of the command; it is not of the body
        self.carry = b"\r\n"

    def room(self, most: int) -> int:
        """Any number: what lies behind the end is given back."""
        return most

    def feed(self, block: bytes | bytearray, end: int) -> int:
        """See Frame."""
        dot = self._first_dot(block, end)
        final = block.find(END, dot, end) if dot >= 0 else -1
        if final >= 0:
            self._pass_on(block, final + 2, dot)
            return final + len(END)
        kept = _kept_back(block, end)
        self._pass_on(block, end - kept, dot)
        self.carry = bytes(block[end - kept : end])
        return -1

    @staticmethod
    def _first_dot(block: bytes | bytearray, end: int) -> int:
        # One octet is sought fifty times faster than three, and base64 has no dots at all
        first = block.find(b".", 0, end)
        return block.find(DOT, max(0, first - 2), end) if first >= 0 else -1

    def _pass_on(self, block: bytes | bytearray, end: int, dot: int) -> None:
        start, self._skip = self._skip, 0
        if 0 <= dot < end - 2:
            whole = bytes(memoryview(block)[:end]).replace(DOT, b"\r\n")
            self._sink.write(memoryview(whole)[start:])
        elif start < end:
            self._sink.write(memoryview(block)[start:end])
        else:
            self._skip = start - end


class CountFrame:
    """A body of a number of octets known before."""

    __slots__ = ("_left", "_sink", "carry")

    def __init__(self, sink: Sink, octets: int) -> None:
        self._sink = sink
        self._left = octets
        self.carry = b""

    def room(self, most: int) -> int:
        """No more than the chunk holds."""
        return min(most, self._left)

    def feed(self, block: bytes | bytearray, end: int) -> int:
        """See Frame."""
        taken = min(end, self._left)
        self._sink.write(memoryview(block)[:taken])
        self._left -= taken
        return -1 if self._left else taken


def _kept_back(block: bytes | bytearray, end: int) -> int:
    """How many octets at the end might begin a final dot."""
    for start in _MAY_BEGIN_END:
        if block.endswith(start, 0, end):
            return len(start)
    return 0
