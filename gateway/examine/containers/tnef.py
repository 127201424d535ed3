"""TNEF, the winmail.dat of Outlook and Exchange: the files inside it and what its mail says.

Promises:  every attachment with its long name in its code page; mails inside become mails; what is read before the
           octets break off is kept. Checksums are not asked for: too many programs write wrong ones.
Never:     believes a length beyond the octets that are there; goes deeper than ``DEEPEST`` mails.
Fails:     ``Broken`` when it is no TNEF.

Source: [MS-OXTNEF] 2.1.3 (attributes), 2.1.3.4 (properties), [MS-OXCMSG] 2.2.2.9 (attach methods).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from gateway.examine.containers.letter import MAIL, Carried, Written
from gateway.examine.containers.mapi import BINARY, TEXT8, Properties, Tag
from gateway.examine.containers.obstacles import Broken

SIGNATURE = b"\x78\x9f\x3e\x22"
DEEPEST = 4
MOST = 10_000  # attributes, properties, values
TITLE, CONTENT, RENDERING = 0x8010, 0x800F, 0x9002
SUBJECT, BODY = 0x8004, 0x800C
CODE_PAGE, PROPERTIES, RECIPIENTS, ATTACHMENT = 0x9007, 0x9003, 0x9004, 0x9005
FIXED = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
VARIABLE = frozenset({0x0D, 0x1E, 0x1F, 0x102})
NAMED, MULTIPLE, IDENTIFIER = 0x8000, 0x1000, 16
EMBEDDED_MAIL = bytes.fromhex("0703020000000000c000000000000046")  # IID_IMessage


@dataclass(slots=True)
class _Draft:
    """One attachment while its attributes come."""

    title: bytes = b""
    content: bytes | None = None
    said: Properties = field(default_factory=lambda: Properties({}))


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """A mail with its files, and whether the octets held to the end."""

    mail: Written
    whole: bool


def read(octets: bytes, depth: int = 0) -> Unwrapped:
    """What a winmail.dat says."""
    if not octets.startswith(SIGNATURE):
        raise Broken
    drafts: list[_Draft] = []
    old: dict[int, tuple[int, bytes]] = {}
    code_page, properties, recipients, whole = 0, Properties({}), [Properties({})][:0], False
    for number, value in _attributes(octets):
        if number == CODE_PAGE:
            code_page = int.from_bytes(value[:4], "little")
        elif number == RENDERING:
            drafts.append(_Draft())
        elif number in (TITLE, CONTENT, ATTACHMENT):
            _fill(drafts, number, value, code_page)
        elif number in (SUBJECT, BODY):
            old[Tag.SUBJECT if number == SUBJECT else Tag.BODY] = (TEXT8, value)
        elif number == PROPERTIES:
            properties = Properties(dict(_properties(value, 0)[0]), code_page)
        elif number == RECIPIENTS:
            recipients = list(_rows(value, code_page))
        whole = whole or number == 0
    files = [carried for draft in drafts if (carried := _carried(draft, depth))]
    said = Properties({**old, **properties.values}, _code_page(properties, code_page))
    return Unwrapped(Written(said, recipients, files), whole)


def _attributes(octets: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and value of each attribute; at the very end 0, when nothing was cut."""
    position = 6
    for _ in range(MOST):
        if position + 9 > len(octets):
            break
        level, number, length = struct.unpack_from("<BLL", octets, position)
        if level not in (1, 2) or position + 9 + length > len(octets):
            return
        yield number & 0xFFFF, octets[position + 9 : position + 9 + length]
        position += 9 + length + 2
    yield 0, b""


def _fill(drafts: list[_Draft], number: int, value: bytes, code_page: int) -> None:
    """One attribute of the attachment that was begun last; some programs begin none."""
    if not drafts:
        drafts.append(_Draft())
    draft = drafts[-1]
    if number == TITLE:
        draft.title = value
    elif number == CONTENT:
        draft.content = value
    else:
        found = dict(_properties(value, 0)[0])
        draft.said = Properties({**draft.said.values, **found}, code_page)


def _carried(draft: _Draft, depth: int) -> Carried | None:
    """An attachment as a file; a mail inside as a mail."""
    said = draft.said
    titled = Properties({Tag.SHORT_NAME: (TEXT8, draft.title)}, said.code_page).text(Tag.SHORT_NAME)
    name = said.text(Tag.LONG_NAME) or titled or said.text(Tag.SHORT_NAME) or said.text(Tag.DISPLAY_NAME)
    content = said.octets(Tag.ATTACHED) if draft.content is None or Tag.ATTACHED in said.values else draft.content
    if content is None:
        return None
    if content.startswith(EMBEDDED_MAIL) and depth < DEEPEST:
        inner = read(content[IDENTIFIER:], depth + 1).mail
        return Carried(f"{inner.subject or name or 'mail'}.eml".replace("/", "-"), inner.octets(), MAIL)
    object_ = said.values.get(Tag.ATTACHED, (BINARY, b""))[0] != BINARY
    return Carried(name, content[IDENTIFIER:] if object_ else content, said.text(Tag.MIME_TYPE))


def _code_page(properties: Properties, told: int) -> int:
    return told or properties.number(Tag.CODE_PAGE) or properties.number(Tag.INTERNET_CODE_PAGE) or 0


def _rows(value: bytes, code_page: int) -> Iterator[Properties]:
    """The recipients: one list of properties each."""
    count, position = int.from_bytes(value[:4], "little"), 4
    for _ in range(min(count, MOST)):
        if position + 4 > len(value):
            return
        found, position = _properties(value, position)
        yield Properties(dict(found), code_page)


def _properties(value: bytes, position: int) -> tuple[list[tuple[int, tuple[int, bytes]]], int]:
    """The properties from there on, and where they end; the first value of those that have several."""
    found: list[tuple[int, tuple[int, bytes]]] = []
    try:
        (count,) = struct.unpack_from("<L", value, position)
        position += 4
        for _ in range(min(count, MOST)):
            kind, number = struct.unpack_from("<HH", value, position)
            position += 4
            if number >= NAMED:
                position = _behind_name(value, position)
            values, position = _values(value, position, kind)
            if values and number < NAMED:
                found.append((number, (kind & ~MULTIPLE, values[0])))
    except struct.error:
        return found, len(value)
    return found, position


def _behind_name(value: bytes, position: int) -> int:
    """Named properties carry a GUID and a number or a name."""
    by_name, length = struct.unpack_from("<LL", value, position + 16)
    return position + 24 + (_padded(length) if by_name else 0)


def _values(value: bytes, position: int, kind: int) -> tuple[list[bytes], int]:
    """The values of one property."""
    single = kind & ~MULTIPLE
    count = 1
    if kind & MULTIPLE or single in VARIABLE:
        (count,) = struct.unpack_from("<L", value, position)
        position += 4
    found = []
    for _ in range(min(count, MOST)):
        length = FIXED.get(single, 4)
        if single in VARIABLE:
            (length,) = struct.unpack_from("<L", value, position)
            position += 4
        if position + length > len(value):
            raise struct.error
        found.append(value[position : position + length])
        position += _padded(length)
    return found, position


def _padded(length: int) -> int:
    return length + -length % 4
