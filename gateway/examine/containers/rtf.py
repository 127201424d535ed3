"""Compressed RTF: the text of an Outlook mail when it kept no other ([MS-OXRTFCP]).

Promises:  the RTF as octets; a text that stops early is given as far as it goes.
Never:     gives more octets than ``MOST``.
Fails:     ``Broken`` when the header is none.
"""

from __future__ import annotations

import struct

from gateway.examine.containers.obstacles import Broken

COMPRESSED, PLAIN = b"LZFu", b"MELA"
HEADER = struct.Struct("<LL4sL")
MOST = 16 << 20
WINDOW = 4_096
INITIAL = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans Serif"
    rb"SymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)  # 2.1.2.1: what every window starts with


def decompressed(packed: bytes) -> bytes:
    """The RTF in a compressed one, or in one that is stored as it is."""
    if len(packed) < HEADER.size:
        raise Broken
    _, size, kind, _ = HEADER.unpack_from(packed)
    body = packed[HEADER.size :]
    if kind == PLAIN:
        return body[: min(size, MOST)]
    if kind != COMPRESSED:
        raise Broken
    return _expanded(body, min(size, MOST))


def _expanded(body: bytes, size: int) -> bytes:
    """Runs of eight tokens, each a letter or a place in the window with a length (3.1.3.2)."""
    out = bytearray(INITIAL)
    most = size + len(INITIAL)
    position = 0
    while position < len(body) and len(out) < most:
        control, position = body[position], position + 1
        for bit in range(8):
            if not control >> bit & 1:
                out += body[position : position + 1]
                position += 1
                continue
            token = int.from_bytes(body[position : position + 2], "big")
            position += 2
            if position > len(body) or (token >> 4) == len(out) % WINDOW:
                return bytes(out[len(INITIAL) : most])
            _copy(out, token >> 4, (token & 15) + 2)
    return bytes(out[len(INITIAL) : most])


def _copy(out: bytearray, place: int, length: int) -> None:
    """Octets from the window: the last time that place was written; what was never written is nothing."""
    start = place + (len(out) - 1 - place) // WINDOW * WINDOW
    if start < 0:
        return
    for at in range(start, start + length):
        out.append(out[at])
