"""Files made for the tests: real ones, each with what its test is about and little else.

Promises:  the octets of whole files; nothing is written to disk.
"""

from __future__ import annotations

import hashlib
import io
import struct
from collections.abc import Sequence

from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4
from cryptography.hazmat.primitives.ciphers import Cipher
from PIL import Image, ImageDraw, ImageFont

from gateway.examine.small import packed
from tests.pdf_files import pdf_of, stream
from tests.peering import SERIF

PADDING = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
WORDML = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
COMPATIBLE = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'

Text = tuple[float, float, str]  # points from the left and from the bottom of the page


def pdf(
    texts: Sequence[Text],
    *,
    rotate: int = 0,
    matrix: str = "1 0 0 1",
    stamp: str = "",
    key: bytes = b"",
    font: str = "Times-Bold",
) -> bytes:
    """A page of 400 × 500 points with these texts; ``stamp`` is shown by a form on it; ``key`` locks it."""
    shown = "".join(f"BT /F 12 Tf {matrix} {x} {y} Tm ({text}) Tj ET\n" for x, y, text in texts).encode("latin-1")
    form = f"BT /F 12 Tf 0 0 Td ({stamp}) Tj ET".encode()
    fonts = b"/Resources<</Font<</F 5 0 R>>>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 500]/Contents 4 0 R/Rotate %d" % rotate
        + (b"/Annots[6 0 R]" if stamp else b"") + fonts + b">>",
        stream(b"", shown),
        b"<</Type/Font/Subtype/Type1/BaseFont/%s/Encoding/WinAnsiEncoding>>" % font.encode(),
        b"<</Type/Annot/Subtype/Widget/FT/Sig/F 132/Rect[74 440 104 455]/AP<</N 7 0 R>>>>",
        stream(b"/Type/XObject/Subtype/Form/BBox[0 0 30 15]" + fonts, form),
    ]  # fmt: skip
    locked = b"/Encrypt 8 0 R/ID[<%s><%s>]" % ((b"00" * 16,) * 2) if key else b""
    return pdf_of(objects + ([_lock(key)] if key else []), locked)


def _lock(key: bytes) -> bytes:
    """The standard handler, revision 2 (PDF 1.7, 7.6.3): whoever has no key cannot open it."""
    owner = _rc4(hashlib.md5(key.ljust(32, b"x")[:32], usedforsecurity=False).digest()[:5], PADDING)
    return b"<</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>>" % (owner.hex().encode(), b"ab" * 32)


def _rc4(key: bytes, octets: bytes) -> bytes:
    encryptor = Cipher(ARC4(key), mode=None).encryptor()
    return encryptor.update(octets)


def docx(body: str, **parts: str) -> bytes:
    """A Word text with this body; ``parts`` are further parts, as header1='<w:p>…'."""
    whole = f"<w:document {WORDML} {COMPATIBLE}><w:body>{body}</w:body></w:document>"
    more = {f"word/{name}.xml": f"<w:hdr {WORDML}>{text}</w:hdr>" for name, text in parts.items()}
    return packed({"word/document.xml": whole, **more})


def paragraph(text: str, *, bold: bool = False) -> str:
    """A paragraph of one run."""
    return f"<w:p><w:r>{'<w:rPr><w:b/></w:rPr>' * bold}<w:t>{text}</w:t></w:r></w:p>"


def doc(pieces: Sequence[tuple[str, bool]], *, flags: int = 0x0200) -> bytes:
    """A Word 97 text of these pieces, each stored in 8 bits or in 16; a compound file of 512-octet sectors."""
    start, ends, marks, text = 2048, [0], [], b""
    for piece, narrow in pieces:
        stored = piece.encode("cp1252") if narrow else piece.encode("utf-16-le")
        text += b"\0" * (len(text) % 2)
        place = start + len(text)
        marks.append(struct.pack("<HIH", 0, 0x40000000 | place * 2 if narrow else place, 0))
        ends.append(ends[-1] + len(piece))
        text += stored
    plc = struct.pack(f"<{len(ends)}I", *ends) + b"".join(marks)
    clx = b"\x01\x02\x00ab" + b"\x02" + struct.pack("<I", len(plc)) + plc
    fib = struct.pack("<H8xH", 0xA5EC, flags).ljust(0x01A2, b"\0") + struct.pack("<II", 0, len(clx))
    return compound({"WordDocument": fib.ljust(start, b"\0") + text, "1Table": clx})


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file ([MS-CFB]) of these streams, each at least 4,096 octets long, so that there are no small ones."""
    sectors, fat, entries = b"", [], [_entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1)]
    for at, (name, content) in enumerate(streams.items(), 1):
        whole = content.ljust(-(-max(len(content), 4096) // 512) * 512, b"\0")
        first = len(fat)
        fat += [*range(first + 1, first + len(whole) // 512), 0xFFFFFFFE]
        sectors += whole
        entries.append(_entry(name, 2, first, len(whole), right=at + 1 if at < len(streams) else 0xFFFFFFFF))
    directory = len(fat)
    fat += [0xFFFFFFFE, 0xFFFFFFFD]
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(512, b"\xff")
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, directory, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<I", directory + 1) + b"\xff" * 432
    return head + sectors + b"".join(entries).ljust(512, b"\0") + table


def _entry(name: str, kind: int, first: int, size: int, *, child: int = 0xFFFFFFFF, right: int = 0xFFFFFFFF) -> bytes:
    label = (name + "\0").encode("utf-16-le")
    links = struct.pack("<III", 0xFFFFFFFF, right, child)
    return (
        label.ljust(64, b"\0")
        + struct.pack("<HBB", len(label), kind, 1)
        + links
        + bytes(36)
        + struct.pack("<IQ", first, size)
    )


def scan(lines: Sequence[Text], *, size: int = 22) -> Image.Image:
    """A page of paper at 150 dots an inch with these lines; places in points from its upper left corner."""
    page = Image.new("RGB", (1240, 1754), "white")
    font = ImageFont.truetype(str(SERIF), size)
    for x, y, text in lines:
        ImageDraw.Draw(page).text((x * 150 / 72, y * 150 / 72), text, font=font, fill=(20, 20, 20))
    return page


def saved(picture: Image.Image, form: str = "PNG", **options: object) -> bytes:
    """The picture as a file of 150 dots an inch."""
    held = io.BytesIO()
    picture.save(held, form, **{"dpi": (150, 150), **options})
    return held.getvalue()
