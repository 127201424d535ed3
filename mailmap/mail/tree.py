"""The MIME tree of a mail, as spans of its octets (RFC 2045, RFC 2046).

Promises:  every mail has a tree with at most ``MAX_PARTS`` leaves and ``MAX_DEPTH`` levels; what lies beyond is one
           leaf, not lost. Parts are found by searching for boundaries; nothing is copied and no body is parsed.
Never:     looks into a message/rfc822 part: that is an attachment.
Fails:     never; broken structure is named in ``defects``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mailmap.mail.header import Header, read_header
from mailmap.mail.parameters import file_name, read_parameters
from mailmap.mail.transfer import decode, encoding_of
from mailmap.mail.words import raw_text, readable

OPENING = 2_048  # octets in which a PDF behind junk is to be seen
MAX_DEPTH = 50
MAX_PARTS = 1_000
MAX_FALSE = 10_000  # lines that only look like a boundary
MAX_HEADERS = 1_048_576  # octets of all part headers together

MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*")
DELIMITER = re.compile(rb"(--)?[ \t]*(?:\r?\n|\r|\Z)")
FIRST_LINE = re.compile(rb"(?:\A|\n)--([^\s-][^\r\n]{3,199}?|-+[^\s-][^\r\n]{3,190}?)[ \t]*\r?\n")


@dataclass(frozen=True, slots=True)
class Part:
    """One node: its media type as declared ('' when missing or unreadable), its header, its body's end, its parts."""

    declared: str
    parameters: Mapping[str, str]
    disposition: str
    name: str | None
    header: Header
    end: int
    encoding: str
    children: tuple[Part, ...] = ()

    @property
    def start(self) -> int:
        """Where the body starts in the raw octets."""
        return self.header.body

    @property
    def type(self) -> str:
        """The media type to go by: RFC 2045 section 5.2 says text/plain when none is declared."""
        return self.declared or ("application/octet-stream" if self.name else "text/plain")

    @property
    def content_id(self) -> str | None:
        """The Content-ID without its brackets, or None."""
        value = self.header.first("content-id")
        return readable(value, []).strip("<> ") or None if value else None

    def content(self, raw: bytes, defects: list[str]) -> bytes:
        """The body with its transfer encoding undone."""
        return decode(raw, self.start, self.end, self.encoding, defects)

    def opening(self, raw: bytes) -> bytes:
        """The first octets of the content: enough to see that a part is no text, whatever it says it is."""
        return decode(raw, self.start, min(self.end, self.start + 3 * OPENING), self.encoding, [])[:OPENING]

    def leaves(self) -> Iterator[Part]:
        """The parts without children, from the left."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()


def read_tree(raw: bytes, header: Header, defects: list[str]) -> Part:
    """The tree below a message's own header."""
    return _Walk(raw, defects).part(header, len(raw), "text/plain", 0)


class _Walk:
    """One walk over one mail, with what it may still spend."""

    def __init__(self, raw: bytes, defects: list[str]) -> None:
        self._raw = raw
        self._defects = defects
        self._parts = MAX_PARTS
        self._headers = MAX_HEADERS
        self._false = MAX_FALSE

    def part(self, header: Header, end: int, default: str, depth: int) -> Part:
        """The part whose header this is and whose body reaches to ``end``."""
        kind = read_parameters(_content_type(header, self._defects), self._defects)
        disposition = read_parameters(header.first("content-disposition"), self._defects)
        declared = kind.value if MEDIA_TYPE.fullmatch(kind.value) else ""
        if header.first("content-type") is None:
            declared = "" if default == "text/plain" else default
        elif not declared:
            self._defects.append("unreadable content type")
        children: tuple[Part, ...] = ()
        if declared.startswith("multipart/"):
            children = self._children(header.body, end, declared, kind.parameters.get("boundary", ""), depth)
        name = self._name(header, kind.parameters, disposition.parameters)
        encoding = encoding_of(raw_text(header.first("content-transfer-encoding") or b"", [])[:200])
        return Part(declared, kind.parameters, disposition.value, name, header, end, encoding, children)

    def _children(self, start: int, end: int, declared: str, boundary: str, depth: int) -> tuple[Part, ...]:
        """The parts between the boundaries; none when there are none to be found."""
        if depth >= MAX_DEPTH:
            self._defects.append(f"parts nested deeper than {MAX_DEPTH} levels")
            return ()
        spans = list(self._spans(start, end, boundary.encode("utf-8", "replace"))) if boundary else []
        if not spans:
            spans = self._guessed(start, end)
        default = "message/rfc822" if declared == "multipart/digest" else "text/plain"
        return tuple(self._child(a, b, default, depth) for a, b in spans)

    def _child(self, start: int, end: int, default: str, depth: int) -> Part:
        header = read_header(self._raw, start, end, []) if self._headers > 0 else Header((), start, start)
        self._headers -= header.body - header.start
        if self._headers <= 0:
            self._defects.append(f"more than {MAX_HEADERS} octets of part headers")
        return self.part(header, end, default, depth + 1)

    def _guessed(self, start: int, end: int) -> list[tuple[int, int]]:
        """The parts by the first line that looks like a boundary, when the declared one is missing or never occurs."""
        first = FIRST_LINE.search(self._raw, max(start - 1, 0), min(end, start + 65_536))
        spans = list(self._spans(start, end, first[1])) if first else []
        known = "a boundary that is not the declared one" if spans else "a multipart without its boundary"
        self._defects.append(known)
        return spans

    def _spans(self, start: int, end: int, boundary: bytes) -> Iterator[tuple[int, int]]:
        """Start and end of each part; text before the first and after the last boundary belongs to no part.

        A closing boundary that others follow closes a multipart inside, which has the same one: nothing is lost there.
        """
        opened = closed = None
        for at, behind, closing in self._delimiters(start, end, boundary):
            if opened is not None:
                yield opened, max(opened, at)
            opened, closed = (None, behind) if closing else (behind, None)
            self._parts -= not closing
            if self._parts <= 0:
                self._defects.append(f"more than {MAX_PARTS} parts, the rest is kept as one")
                break
        if closed is not None:
            self._epilogue(closed, end)
        if opened is not None:
            self._defects.append("the last boundary is missing")
            yield opened, end

    def _delimiters(self, start: int, end: int, boundary: bytes) -> Iterator[tuple[int, int, bool]]:
        """Where the line end before a boundary stands, where the next line starts, and whether it closes."""
        line = b"--" + boundary
        at = start if self._raw.startswith(line, start, end) else self._raw.find(b"\n" + line, max(start - 1, 0), end)
        while at >= 0:
            text = at + len(line) + (self._raw[at] == ord("\n"))
            match = DELIMITER.match(self._raw, text, end)
            if match:
                yield (
                    max(start, at - (at > 0 and self._raw[at - 1 : at + 1] == b"\r\n")),
                    match.end(),
                    match[1] is not None,
                )
            else:
                self._false -= 1
            if self._false <= 0:
                self._defects.append("too many lines that look like boundaries")
                return
            at = self._raw.find(b"\n" + line, match.end() - 1 if match else text, end)

    def _epilogue(self, start: int, end: int) -> None:
        if self._raw[start : start + 100_000 if end - start > 100_000 else end].strip():  # noqa: PLR2004  a look is enough
            self._defects.append("text behind the last boundary")

    def _name(self, header: Header, kind: Mapping[str, str], disposition: Mapping[str, str]) -> str | None:
        """The file name: of the disposition, else of the type, else of the location."""
        written = disposition.get("filename") or kind.get("name") or kind.get("filename")
        if not written and (location := header.first("content-location")):
            place = readable(location, [])
            written = place if re.fullmatch(r"[^/:?]+\.\w{1,5}", place) else None
        return file_name(written, self._defects) if written else None


def _content_type(header: Header, defects: list[str]) -> bytes | None:
    """The Content-Type; of several, a multipart with a boundary, else the first."""
    values = header.every("content-type")
    if len(values) > 1:
        defects.append("more than one Content-Type field")
        return next((value for value in values if b"boundary" in value.lower()), values[0])
    return values[0] if values else None
