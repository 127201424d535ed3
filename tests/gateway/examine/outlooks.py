"""Outlook's mails made for the tests, by hand: .msg files and winmail.dat.

Promises:  the octets of whole files, after the published formats: [MS-CFB], [MS-OXMSG], [MS-OXTNEF]. Nothing is written
           to disk.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Any

SECTOR, MINI, CUTOFF = 512, 64, 4_096
END, FREE, FAT, NONE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF
OUTLOOK_CLASS = bytes.fromhex("0b0d020000000000c000000000000046")
MAIL_INSIDE = bytes.fromhex("0703020000000000c000000000000046")

Tree = Mapping[str, "bytes | Tree"]
Said = Mapping[int, Any]  # number of a property: str, bytes, int, or the storage of a mail inside


def msg(texts: Said, *, recipients: Sequence[Said] = (), files: Sequence[Said] = (), code_page: int = 0) -> bytes:
    """A .msg with these properties; 8-bit texts where a code page is given, whose octets are then bytes."""
    return compound(storage(texts, recipients=recipients, files=files, code_page=code_page), OUTLOOK_CLASS)


def storage(
    texts: Said, *, recipients: Sequence[Said] = (), files: Sequence[Said] = (), code_page: int = 0, head: int = 32
) -> Tree:
    """The storage of one mail; ``head`` octets stand before its properties: 24 for a mail inside another."""
    said = {**texts, **({0x3FFD: code_page} if code_page else {})}
    tree: dict[str, bytes | Tree] = {"__nameid_version1.0": {}, **_streams(said, head, eight=bool(code_page))}
    for kind, parts in (("__recip_version1.0_", recipients), ("__attach_version1.0_", files)):
        for number, part in enumerate(parts):
            tree[f"{kind}#{number:08X}"] = _streams(part, 8, eight=bool(code_page))
    return tree


BINARIES = frozenset({0x1009, 0x1013, 0x3701})


def _streams(said: Said, head: int, *, eight: bool) -> dict[str, bytes | Tree]:
    row = bytearray(head)
    found: dict[str, bytes | Tree] = {}
    for number, value in said.items():
        if isinstance(value, int):
            kind = 0x40 if value > 0xFFFFFFFF else 0x03
            row += struct.pack("<HHLQ", kind, number, 6, value)
            continue
        kind = (
            0x0D
            if isinstance(value, Mapping)
            else 0x1F
            if isinstance(value, str)
            else 0x1E
            if eight and number not in BINARIES
            else 0x102
        )
        octets = value.encode("utf-16-le") if isinstance(value, str) else value
        found[f"__substg1.0_{number:04X}{kind:04X}"] = octets
        row += struct.pack("<HHLLL", kind, number, 6, 0 if isinstance(octets, Mapping) else len(octets), 0)
    return {"__properties_version1.0": bytes(row), **found}


def compound(tree: Tree, identity: bytes = bytes(16)) -> bytes:
    """A compound file ([MS-CFB], version 3) of these storages and streams."""
    listed: list[list[object]] = []
    _list("Root Entry", tree, 5, listed)
    sectors: list[bytes] = []
    chain: list[int] = []
    small, small_chain = bytearray(), list[int]()
    for entry in listed[1:]:
        content = entry[5]
        if isinstance(content, bytes) and content:
            large = len(content) >= CUTOFF
            entry[4] = _put(content, sectors, chain) if large else len(small) // MINI
            if not large:
                count = -(-len(content) // MINI)
                small_chain += [*range(len(small_chain) + 1, len(small_chain) + count), END]
                small += content.ljust(count * MINI, b"\0")
    listed[0][4], listed[0][5] = (_put(bytes(small), sectors, chain), bytes(small)) if small else (END, b"")
    table = struct.pack(f"<{len(small_chain)}L", *small_chain)
    first_small = _put(table.ljust(-(-len(table) // SECTOR) * SECTOR, b"\xff"), sectors, chain) if table else END
    directory = b"".join(_entry(entry, identity if place == 0 else bytes(16)) for place, entry in enumerate(listed))
    first = _put(directory.ljust(-(-len(directory) // SECTOR) * SECTOR, b"\0"), sectors, chain)
    count = next(n for n in range(1, 110) if n * 128 >= len(sectors) + n)
    fat = [len(sectors) + n for n in range(count)]
    chain += [FAT] * count
    chain += [FREE] * (count * 128 - len(chain))
    places = (0, count, first, 0, CUTOFF, first_small, -(-len(table) // SECTOR), END, 0, fat[0])
    head = struct.pack("<8s16s5H6x10L", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, *places)
    head += struct.pack(f"<{len(fat) - 1}L", *fat[1:])
    return head.ljust(SECTOR, b"\xff") + b"".join(sectors) + struct.pack(f"<{len(chain)}L", *chain)


def _list(name: str, node: bytes | Tree, kind: int, listed: list[list[object]]) -> int:
    """One entry and all below it: name, kind, next sibling, child, start, content."""
    place = len(listed)
    entry: list[object] = [name, kind, NONE, NONE, 0 if kind == 1 else END, node if isinstance(node, bytes) else b""]
    listed.append(entry)
    before: list[object] | None = None
    for inner, value in (
        sorted(node.items(), key=lambda each: (len(each[0]), each[0])) if isinstance(node, Mapping) else ()
    ):
        at = _list(inner, value, 2 if isinstance(value, bytes) else 1, listed)
        if before is None:
            entry[3] = at
        else:
            before[2] = at
        before = listed[at]
    return place


def _put(content: bytes, sectors: list[bytes], chain: list[int]) -> int:
    first = len(sectors)
    pieces = [content[at : at + SECTOR].ljust(SECTOR, b"\0") for at in range(0, len(content), SECTOR)]
    sectors += pieces
    chain += [*range(first + 1, first + len(pieces)), END]
    return first


def _entry(entry: list[object], identity: bytes) -> bytes:
    name, kind, sibling, child, start, content = entry
    octets = str(name).encode("utf-16-le") + b"\0\0"
    fixed = struct.pack("<HBB3L16s", len(octets), kind, 1, NONE, sibling, child, identity)
    return (
        octets.ljust(64, b"\0")
        + fixed
        + bytes(20)
        + struct.pack("<LQ", start, len(content) if isinstance(content, bytes) else 0)
    )


def tnef(
    properties: Said, files: Sequence[Said] = (), *, code_page: int = 0, old: Sequence[tuple[int, bytes]] = ()
) -> bytes:
    """A winmail.dat: the mail's properties, then each file's; ``old`` attributes stand before them."""
    out = b"\x78\x9f\x3e\x22\x01\x00" + _attribute(1, 0x00089006, b"\0\0\1\0")
    if code_page:
        out += _attribute(1, 0x00069007, struct.pack("<LL", code_page, 0))
    for number, value in old:
        out += _attribute(1, 0x00010000 | number, value)
    out += _attribute(1, 0x00069003, _properties(properties))
    for said in files:
        out += _attribute(2, 0x00069002, bytes(14))
        title = said.get(0x3704, b"A~1.PDF")
        out += _attribute(2, 0x00018010, title if isinstance(title, bytes) else str(title).encode("ascii", "replace"))
        out += (
            _attribute(2, 0x0006800F, bytes(said[0x3701])) if not bytes(said[0x3701]).startswith(MAIL_INSIDE) else b""
        )
        rest = {n: v for n, v in said.items() if n != 0x3701 or bytes(v).startswith(MAIL_INSIDE)}
        out += _attribute(2, 0x00069005, _properties(rest))
    return out


def _attribute(level: int, number: int, value: bytes) -> bytes:
    return struct.pack("<BLL", level, number, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)


def _properties(said: Said) -> bytes:
    out = struct.pack("<L", len(said))
    for number, value in said.items():
        if isinstance(value, int):
            out += (
                struct.pack("<HHQ", 0x40, number, value)
                if value > 0xFFFFFFFF
                else struct.pack("<HHL", 3, number, value)
            )
            continue
        inside = isinstance(value, bytes) and value.startswith(MAIL_INSIDE)
        kind = 0x0D if inside else 0x1F if isinstance(value, str) else 0x102 if number in BINARIES else 0x1E
        octets = value.encode("utf-16-le") + b"\0\0" if isinstance(value, str) else value
        out += struct.pack("<HHLL", kind, number, 1, len(octets)) + octets + bytes(-len(octets) % 4)
    return out
