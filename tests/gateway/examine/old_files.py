r"""Files of old offices, made for tests: .doc with fonts, .rtf, .docx with styles, workbooks, in any old alphabet.

Promises:  the octets of whole files, each run in the font that is named for it.
"""

from __future__ import annotations

import html
import io
import struct
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.styles import Font

from gateway.examine.lettered import as_windows
from gateway.examine.small import packed
from tests.gateway.examine.made import WORDML, compound

Written = tuple[str, bytes]  # a font's name, '' where none is named, and octets as an old program typed them


def rtf(paragraphs: Sequence[Written], *, unicode: bool = False) -> bytes:
    r"""An RTF text; ``unicode`` writes each letter as newer programs do, \u225\'e1."""
    names = sorted({font for font, _ in paragraphs if font})
    table = "".join(rf"{{\f{at}\fnil\fcharset0{{\*\panose 0205}}{name};}}" for at, name in enumerate(names, 1))
    said = "".join(
        "{" + (rf"\f{names.index(font) + 1} " if font else "") + _escaped(octets, unicode=unicode) + r"\par}"
        for font, octets in paragraphs
    )
    return rf"{{\rtf1\ansi\ansicpg1252\deff0{{\fonttbl{{\f0\froman Times New Roman;}}{table}}}{said}}}".encode("ascii")


def _escaped(octets: bytes, *, unicode: bool) -> str:
    told = []
    for octet in octets:
        plain = 31 < octet < 127 and chr(octet) not in "\\{}"
        number = rf"\u{octet}" if unicode and not plain else ""
        told.append(chr(octet) if plain else rf"{number}\'{octet:02x}")
    return "".join(told)


def doc(paragraphs: Sequence[Written], *, narrow: bool = True) -> bytes:
    """A Word 97 text; ``narrow`` stores letters in 8 bits. Fonts stand in character properties, as Word writes them."""
    start = 2048
    stored = [as_windows(octets) + "\r" for _, octets in paragraphs]
    text = b"".join(_octets(one, octets, narrow=narrow) for one, (_, octets) in zip(stored, paragraphs, strict=True))
    ends = [start]
    for one in stored:
        ends.append(ends[-1] + len(one) * (1 if narrow else 2))
    names = sorted({font for font, _ in paragraphs if font})
    page = _properties(ends, [names.index(font) if font else None for font, _ in paragraphs])
    place = start + -(-len(text) // 512) * 512
    fonts = struct.pack("<HH", len(names), 0) + b"".join(map(_font, names))
    plc = struct.pack("<III", ends[0], ends[-1], place // 512)
    piece = struct.pack("<II", 0, sum(map(len, stored)))
    piece += struct.pack("<HIH", 0, 0x40000000 | start * 2 if narrow else start, 0)
    clx = b"\x02" + struct.pack("<I", len(piece)) + piece
    fib = bytearray(struct.pack("<H8xH", 0xA5EC, 0x0200).ljust(start, b"\0"))
    for at, where, size in (
        (0x1A2, 0, len(clx)), (0xFA, len(clx), len(plc)), (0x112, len(clx) + len(plc), len(fonts)),
    ):  # fmt: skip
        struct.pack_into("<II", fib, at, where, size)
    document = bytes(fib) + text.ljust(place - start, b"\0") + page
    return compound({"WordDocument": document, "1Table": clx + plc + fonts})


def _octets(shown: str, octets: bytes, *, narrow: bool) -> bytes:
    return octets + b"\r" if narrow else shown.encode("utf-16-le")


def _font(name: str) -> bytes:
    """One FFN."""
    told = bytes(39) + name.encode("utf-16-le") + b"\0\0"
    return bytes([len(told)]) + told


def _properties(ends: Sequence[int], fonts: Sequence[int | None]) -> bytes:
    """A page of character properties: where runs start, and each one's font (sprmCRgFtc0)."""
    count = len(fonts)
    page = bytearray(512)
    struct.pack_into(f"<{count + 1}I", page, 0, *ends)
    place = 500
    for number, font in enumerate(fonts):
        if font is not None:
            place -= 8
            struct.pack_into("<BHBHH", page, place, 7, 0x0835, 1, 0x4A4F, font)  # bold before it: one octet of operand
            page[4 * (count + 1) + number] = place // 2
    page[511] = count
    return bytes(page)


def docx(paragraphs: Sequence[Written], *, plain: str = "", styled: str = "") -> bytes:
    """A Word text; ``plain`` is the font of its defaults, ``styled`` that of the style of runs without a font."""
    body = "".join(_paragraph(font, octets, styled=bool(styled)) for font, octets in paragraphs)
    style = f'<w:style w:type="paragraph" w:styleId="Q"><w:rPr>{_fonts(styled)}</w:rPr></w:style>' if styled else ""
    child = '<w:style w:type="paragraph" w:styleId="H"><w:basedOn w:val="Q"/></w:style>' if styled else ""
    default = f"<w:docDefaults><w:rPrDefault><w:rPr>{_fonts(plain)}</w:rPr></w:rPrDefault></w:docDefaults>"
    return packed(
        {
            "word/document.xml": f"<w:document {WORDML}><w:body>{body}</w:body></w:document>",
            "word/styles.xml": f"<w:styles {WORDML}>{default if plain else ''}{style}{child}</w:styles>",
        }
    )


def _paragraph(font: str, octets: bytes, *, styled: bool) -> str:
    """One paragraph, cut into runs in the middle of its words as Word does."""
    text = as_windows(octets)
    cuts = [text[at : at + 5] for at in range(0, len(text), 5)]
    properties = f"<w:rPr>{_fonts(font)}</w:rPr>" if font else ""
    runs = (f'<w:r>{properties}<w:t xml:space="preserve">{html.escape(cut)}</w:t></w:r>' for cut in cuts)
    style = '<w:pPr><w:pStyle w:val="H"/></w:pPr>' if styled and not font else ""
    return f"<w:p>{style}{''.join(runs)}</w:p>"


def _fonts(name: str) -> str:
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}"/>' if name else ""


def xlsx(rows: Sequence[Written]) -> bytes:
    """A workbook of one column."""
    book = Workbook()
    for at, (font, octets) in enumerate(rows, 1):
        cell = book.active.cell(at, 1, as_windows(octets))
        if font:
            cell.font = Font(name=font)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def page(paragraphs: Sequence[Written], *, entities: bool = False) -> bytes:
    """A web page as Word saved it."""
    told = "".join(f"<p>{_span(font, as_windows(octets), entities=entities)}\n" for font, octets in paragraphs)
    return f"<html><head><title>x</title></head><body>{told}</body></html>".encode("cp1252", "xmlcharrefreplace")


def _span(font: str, text: str, *, entities: bool) -> str:
    said = html.escape(text)
    said = "".join(one if one.isascii() else f"&#{ord(one)};" for one in said) if entities else said
    return f"<span style='font-size:13pt;font-family:\"{font}\"'>{said}</span>" if font else said
