"""PDF files of the tests, made of their objects: whole ones, that open in every reader.

Promises:  the same arguments give the same octets. ``PDF`` is one page that says nothing a register would write down.
"""

from __future__ import annotations

from collections.abc import Sequence

_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Times-Bold>>"
_PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 500]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>%s>>"


def pdf_of(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """A file of these objects, numbered from 1, the first of them its catalog (PDF 1.7, 7.5)."""
    parts, places = [b"%PDF-1.4\n"], []
    at = len(parts[0])
    for number, content in enumerate(objects, 1):
        places.append(at)
        parts.append(b"%d 0 obj%s endobj\n" % (number, content))
        at += len(parts[-1])
    size = len(objects) + 1
    parts.append(
        b"xref\n0 %d\n0000000000 65535 f \n" % size + b"".join(b"%010d 00000 n \n" % place for place in places)
    )
    parts.append(b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, at))
    return b"".join(parts)


def stream(head: bytes, content: bytes) -> bytes:
    """A stream object; ``head`` is the rest of its dictionary."""
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (head, len(content), content)


def page(*lines: str, private: bytes | None = None) -> bytes:
    """One page with these lines of ASCII; ``private`` are octets some program keeps with it (PDF 1.7, 14.5)."""
    shown = " ".join(f"({line}) Tj 0 -14 Td" for line in lines).encode()
    kept = b"" if private is None else b"/PieceInfo<</Scan<</Private 6 0 R>>>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        _PAGE % kept,
        stream(b"", b"BT /F 12 Tf 40 440 Td %s ET" % shown),
        _FONT,
    ]
    return pdf_of(objects if private is None else [*objects, stream(b"", private)])


PDF = page("Kinh gui")
