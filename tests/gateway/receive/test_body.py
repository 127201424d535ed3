"""Bodies are cut out of the stream octet by octet right, wherever the edges between two reads fall."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gateway.receive.smtp.body import CountFrame, DotFrame, Frame

LINES = st.lists(
    st.sampled_from([b"", b".", b"..", b".x", b"x", b"\r", b"x.", b"\n.", b"\r.", b"long" * 9]), max_size=12
)
CUTS = st.lists(st.integers(0, 200), max_size=8)


class Pail:
    """Where the octets go."""

    def __init__(self) -> None:
        self.held = b""

    def write(self, octets: memoryview) -> None:
        """Keep them."""
        self.held += octets


def stuffed(lines: list[bytes]) -> bytes:
    """The lines as they go over the wire, final dot and all, done the slow and obvious way."""
    return b"".join(b"." * line.startswith(b".") + line + b"\r\n" for line in lines) + b".\r\n"


def pour(frame: Frame, stream: bytes, cuts: list[int]) -> bytes | None:
    """Give the stream to the frame in pieces, as a socket would; what followed the body, or None while it goes on."""
    edges = sorted({0, len(stream), *(cut for cut in cuts if cut < len(stream))})
    for start, end in pairwise(edges):
        block = frame.carry + stream[start:end]
        rest = frame.feed(bytearray(block), len(block))
        if rest >= 0:
            return block[rest:] + stream[end:]
    return None


@given(LINES, CUTS, st.sampled_from([b"", b"QUIT\r\n", b".\r\n", b"\r\n.\r\n"]))
@example([b"", b"."], [1, 2, 3, 4, 5, 6], b"x")
def test_a_body_ends_at_its_dot_wherever_it_is_cut(lines: list[bytes], cuts: list[int], rest: bytes) -> None:
    """The lines come out as they were, and what follows the final dot is given back whole."""
    pail = Pail()
    assert pour(DotFrame(pail), stuffed(lines) + rest, cuts) == rest
    assert pail.held == b"".join(line + b"\r\n" for line in lines)


@given(st.binary(min_size=1, max_size=200), CUTS)
def test_without_a_dot_there_is_no_end(octets: bytes, cuts: list[int]) -> None:
    """What holds no CRLF . CRLF does not end, and not an octet is lost or made up."""
    octets = octets.replace(b".", b"-")
    pail = Pail()
    frame = DotFrame(pail)
    assert pour(frame, octets, cuts) is None
    assert pail.held + frame.carry == octets


@given(st.binary(min_size=1, max_size=200), CUTS, st.binary(max_size=20))
def test_a_chunk_ends_at_its_count(octets: bytes, cuts: list[int], rest: bytes) -> None:
    """Exactly the announced octets are the chunk, whatever they are."""
    pail = Pail()
    assert pour(CountFrame(pail, len(octets)), octets + rest, cuts) == rest
    assert pail.held == octets


@pytest.mark.parametrize("size", [100_000, 262_140, 262_144, 600_000])
def test_long_bodies_with_and_without_dots(size: int) -> None:
    """Blocks without dots pass by another way than blocks with dots; both are exact."""
    for line in (b"x" * 76, b"." * 76, b"x." * 38):
        lines = [line] * (size // 78)
        pail = Pail()
        assert pour(DotFrame(pail), stuffed(lines), list(range(0, size, 65_537))) == b""
        assert pail.held == b"".join(line + b"\r\n" for line in lines)
