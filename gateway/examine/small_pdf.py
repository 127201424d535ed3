"""A small PDF, by which a process learns all it needs for reading one.

Promises:  two lines of text on one page; the same octets every time.
"""

from __future__ import annotations

PDF_TEXT = b"BT /F 12 Tf 20 150 Td (So: 1/QD) Tj 0 -14 Td (a b) Tj ET"
PDF_OBJECTS = (
    b"<</Type/Catalog/Pages 2 0 R>>",
    b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
    b"<</Length %d>>stream\n%s\nendstream" % (len(PDF_TEXT), PDF_TEXT),
    b"<</Type/Font/Subtype/Type1/BaseFont/Times-Bold>>",
)


def pdf() -> bytes:
    """A page with two lines of text."""
    file = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(PDF_OBJECTS, 1):
        places.append(len(file))
        file += b"%d 0 obj%s endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 6\n0000000000 65535 f \n"
    return file + head + table + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(file)
