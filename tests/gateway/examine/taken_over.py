"""A reader of mails as hostile files would have it: it reads like the real one, until an attack stands in a file.

Promises:  ``BOMB``, ``HANG`` and ``CRASH`` in a paper, or in a header field, do in the child what their names say, as a
           file could that found a hole in a reader; everything else is read by the real reader.
"""

from __future__ import annotations

from collections.abc import Callable
from mmap import mmap

from gateway.examine import content as real
from gateway.examine import mail
from tests.gateway.examine import hostile

ATTACKS: dict[bytes, Callable[[bytes], bytes]] = {
    b"BOMB!": hostile.bomb,
    b"HANG!": hostile.hang_in_c,
    b"CRASH!": hostile.crash,
}


def look(content: bytes | mmap, *, papers: bool, first: int = 2, last: int = 1) -> bytes:
    """As ``mail.look``; an attack in the header works at once, one in a paper when papers are read."""
    octets = bytes(content)
    _attack(octets if papers else octets.partition(b"\r\n\r\n")[0])
    return mail.look(octets, papers=papers, first=first, last=last)


def look_many(content: bytes | mmap, *, lengths: list[int], papers: bool, first: int = 2, last: int = 1) -> bytes:
    """As ``mail.look_many``; an attack in any of the headers works, or in a paper when papers are read."""
    octets, start = bytes(content), 0
    for length in lengths:
        raw = octets[start : start + length]
        _attack(raw if papers else raw.partition(b"\r\n\r\n")[0])
        start += length
    return mail.look_many(octets, lengths=lengths, papers=papers, first=first, last=last)


def read_many(content: bytes | mmap, *, lengths: list[int], first: int, last: int) -> bytes:
    """As ``mail.read_many``; an attack in any of the files works."""
    _attack(bytes(content))
    return mail.read_many(content, lengths=lengths, first=first, last=last)


def kinds(content: bytes | mmap, *, lengths: list[int]) -> bytes:
    """As ``mail.kinds``."""
    return mail.kinds(content, lengths=lengths)


def read(content: bytes | mmap, *, first: int, last: int, most: int) -> bytes:
    """As ``content.read``."""
    _attack(bytes(content))
    return real.read(content, first=first, last=last, most=most)


def warm() -> None:
    """As ``mail.warm``."""
    mail.warm()


def _attack(octets: bytes) -> None:
    for sign, attack in ATTACKS.items():
        if sign in octets:
            attack(octets)
