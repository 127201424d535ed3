"""Elements: the XML of workbooks, read as a stream.

Promises:  ``scan`` tells every element when it opens (its name without prefix, its attributes) and when it closes (with
           the text since the last element opened), holding nothing of what went before.
Never:     a document type declaration: without one there are no entities to expand and nothing to fetch.
Fails:     Unreadable; what the listener raises passes through.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Protocol
from xml.parsers import expat

from gateway.sheets.limits import Unreadable

_BLOCK = 1 << 16


class Listener(Protocol):
    """Who is told."""

    def opened(self, name: str, given: Mapping[str, str], /) -> None:
        """An element begins."""

    def closed(self, name: str, text: str, /) -> None:
        """An element ends; ``text`` is whole for elements that hold only text."""


class _Teller:
    """Gives expat's events to a listener, under local names."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._text: list[str] = []

    def opened(self, name: str, given: Mapping[str, str]) -> None:
        self._text.clear()
        self._listener.opened(name.rpartition(":")[2], given)

    def closed(self, name: str) -> None:
        text = "".join(self._text)
        self._text.clear()
        self._listener.closed(name.rpartition(":")[2], text)

    def said(self, text: str) -> None:
        self._text.append(text)


def scan(stream: IO[bytes], listener: Listener) -> None:
    """Read the whole stream."""
    parser = expat.ParserCreate()
    teller = _Teller(listener)
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = teller.opened
    parser.EndElementHandler = teller.closed
    parser.CharacterDataHandler = teller.said
    while block := stream.read(_BLOCK):
        parser.Parse(block, False)
    parser.Parse(b"", True)


def _refuse(*_: object) -> None:
    raise Unreadable("sheets.document-type")
