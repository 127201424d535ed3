"""Content: what a file says, with its places, and in the order in which people read it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.examine.plain import NotPlain, Part, dumped, loaded
from gateway.examine.reader import Reader
from gateway.examine.sandbox import Reason, Refused
from gateway.examine.small import packed
from mailmap.document.page import Box, Line, Origin, Page, Reading
from tests.gateway.examine.made import WORDML, doc, docx, paragraph, pdf


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    """A reader without tesseract: these files have text of their own."""
    with Reader(tesseract="") as started:
        yield started


def read(reader: Reader, content: bytes) -> Reading:
    """The reading of a file that can be read."""
    found = reader.read(content)
    assert isinstance(found, Reading)
    return found


def texts(reading: Reading) -> list[str]:
    """The lines of its first page."""
    return [line.text for line in reading.pages[0].lines]


HEADER = [
    (40, 460, "UY BAN NHAN DAN"), (220, 460, "CONG HOA XA HOI"),
    (50, 440, "So:          /QD-UBND"), (220, 440, "Doc lap"),
    (40, 400, "Can cu Luat To chuc chinh quyen dia phuong ngay 16 thang 6"),
]  # fmt: skip
READ = ["UY BAN NHAN DAN", "So: 45 /QD-UBND", "CONG HOA XA HOI", "Doc lap", HEADER[-1][2]]


def test_columns_stay_apart(reader: Reader) -> None:
    """The left column of a header is read before the right one; a number that a signature filled in is in its place."""
    reading = read(reader, pdf(HEADER, stamp="45"))
    assert texts(reading) == READ
    first = reading.pages[0].lines[0]
    assert first.bold
    assert first.box is not None
    assert (round(first.box.left), round(first.box.bottom)) == (40, 43)
    assert (reading.total, reading.pages[0].width, reading.pages[0].origin) == (1, 400, Origin.TEXT)


def test_junk_before_the_header_is_passed_over(reader: Reader) -> None:
    """A PDF behind 21 octets of junk reads like the PDF itself (lesson 22)."""
    assert texts(read(reader, b"\r\n\r\n" + b"\x00junk of a bad mail" + pdf(HEADER, stamp="45"))) == READ


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("matrix", ["1 0 0 1", "0 1 -1 0", "-1 0 0 -1", "0 -1 1 0"])
def test_turned_pages_are_upright(reader: Reader, rotate: int, matrix: str) -> None:
    """However a page or the text on it is turned, its lines come in order, left to right and top to bottom."""
    steps = {"1 0 0 1": (0, -20), "0 1 -1 0": (20, 0), "-1 0 0 -1": (0, 20), "0 -1 1 0": (-20, 0)}[matrix]
    lines = [(200 + at * steps[0], 250 + at * steps[1], text) for at, text in enumerate(["dong mot", "dong hai"])]
    page = read(reader, pdf(lines, rotate=rotate, matrix=matrix)).pages[0]
    assert [line.text for line in page.lines] == ["dong mot", "dong hai"]
    box = page.lines[0].box
    assert box is not None
    assert box.right - box.left > box.bottom - box.top
    assert 0 < box.left < box.right < page.width
    assert 0 < box.top < box.bottom < page.height


def test_a_locked_pdf_is_told(reader: Reader) -> None:
    """A PDF that wants a password is no error: the reading says so."""
    assert read(reader, pdf(HEADER, key=b"secret")) == Reading((), 0, ("encrypted",))


def test_broken_files_are_refused(reader: Reader) -> None:
    """What claims a kind and is not of it ends in a value."""
    found = reader.read(b"%PDF-1.7\nnothing else %%EOF")
    assert isinstance(found, Refused)
    assert found.reason is Reason.UNREADABLE


def test_word_is_read_in_its_order(reader: Reader) -> None:
    """Header, table cells, text boxes once, breaks, and no deleted words."""
    box = f"<w:txbxContent>{paragraph('trong khung')}</w:txbxContent>"
    drawn = f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    cells = "".join(f"<w:tc>{paragraph(text)}</w:tc>" for text in ("ỦY BAN", "CỘNG HÒA"))
    gone = (
        "<w:p><w:del><w:r><w:delText>bỏ</w:delText></w:r></w:del><w:r><w:t>một</w:t><w:br/><w:t>hai</w:t></w:r></w:p>"
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>ẩn</w:t></w:r></w:p>"
    )
    content = docx(
        f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>{paragraph('QUYẾT ĐỊNH', bold=True)}<w:p><w:r>{drawn}</w:r></w:p>{gone}",
        header1=paragraph("đầu trang"),
    )
    reading = read(reader, content)
    assert texts(reading) == ["đầu trang", "ỦY BAN", "CỘNG HÒA", "QUYẾT ĐỊNH", "trong khung", "một", "hai"]
    assert [line.bold for line in reading.pages[0].lines][2:4] == [False, True]


def test_open_document_is_read(reader: Reader) -> None:
    """Headings, paragraphs with spans, tabs and spaces in elements, and NFC throughout."""
    names = {"office": "office", "text": "text"}
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"' for short, long in names.items()
    )
    body = (
        "<text:h>Quy\u0065\u0302\u0301t định</text:h>"
        '<text:p>Số:<text:s text:c="2"/>45<text:span>/QĐ</text:span>-UBND<text:line-break/>tiếp</text:p>'
    )
    text = f"<office:body><office:text>{body}</office:text></office:body>"
    whole = f"<office:document-content {spaces}>{text}</office:document-content>"
    odt = packed({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": whole})
    assert texts(read(reader, odt)) == ["Quyết định", "Số: 45/QĐ-UBND", "tiếp"]


def test_old_word_is_read_from_its_pieces(reader: Reader) -> None:
    """A .doc's pieces of 8 and of 16 bits are one text; codes of fields are not part of it; a locked one is told."""
    pieces = [("So: 45/QD-UBND\rNgay ", True), ("\x13 DATE \x1415 tháng 10\x15 năm 2025\rÔ một\x07Ô hai\x07", False)]
    assert texts(read(reader, doc(pieces))) == ["So: 45/QD-UBND", "Ngay 15 tháng 10 năm 2025", "Ô một", "Ô hai"]
    assert read(reader, doc(pieces, flags=0x0300)).defects == ("encrypted",)


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        (rb"{\rtf1\ansi\ansicpg1252 {\fonttbl{\f0 Times;}}S\u7889? 45\par th\'f4ng b\u225?o}", ["Số 45", "thông báo"]),
        (
            "<html><p>Kính gửi:</p><ul><li>Sở Nội vụ</li></ul><script>x</script></html>".encode(),
            ["Kính gửi:", "* Sở Nội vụ"],
        ),
        ("Số: 45/QĐ-UBND\r\n\r\n  ngày 15\t10 ".encode(), ["Số: 45/QĐ-UBND", "ngày 15 10"]),
        ("Thông báo: tiếp nhận văn bản số 45".encode("cp1258", "ignore"), None),
    ],
)
def test_marked_up_and_plain_texts(reader: Reader, content: bytes, lines: list[str] | None) -> None:
    """RTF, HTML and plain text give the lines their readers see."""
    found = texts(read(reader, content))
    assert found == lines if lines else "45" in found[0]


def test_a_kind_nobody_reads_is_told(reader: Reader) -> None:
    """Octets without text are no error."""
    assert read(reader, b"\x00\x01\x02" * 50).defects == ("no-text",)


def test_a_zip_bomb_ends_in_a_value(reader: Reader) -> None:
    """A Word text that grows a thousandfold is refused, and the next file is read."""
    found = reader.read(packed({"word/document.xml": f"<w:document {WORDML}>" + " " * (70 << 20)}))
    assert isinstance(found, Refused)
    assert texts(read(reader, b"sau")) == ["sau"]


def test_a_picture_without_tesseract_is_told(reader: Reader) -> None:
    """Where nothing can recognise a scan, the reading says so."""
    assert read(reader, pdf([])).defects == ("no-ocr",)


LINES = st.builds(
    Line,
    st.text(max_size=20),
    st.none() | st.builds(Box, *[st.integers(0, 900).map(float)] * 4),
    st.integers(0, 100).map(lambda hundredths: hundredths / 100),
    st.none() | st.booleans(),
)
PAGES = st.builds(Page, st.integers(1, 9), st.lists(LINES, max_size=3).map(tuple), st.just(595.0), st.just(842.0))


@settings(max_examples=50, deadline=None)
@given(st.lists(PAGES, max_size=3).map(tuple), st.integers(0, 99))
def test_readings_survive_their_way(pages: tuple[Page, ...], total: int) -> None:
    """What a child tells is what arrives."""
    part = Part("application/pdf", Reading(pages, total, ("too-long",)), (1, 2))
    assert loaded(dumped(part)) == part


@pytest.mark.parametrize(
    "octets",
    [b"", b"{}", b"[]", b'["a",-1,[],[],[]]', b'["a",1,[],[],[[1,1,1,"x",[]]]]', b'["a",1,["\xc3\xa1"],[],[]]',
     b'["a",1,[],[],[[1,NaN,1,"text",[]]]]', b'["a",1,[],[],[[1,1,1,"text",[[5,null,1,null]]]]]', b"[" * 100_000],
)  # fmt: skip
def test_a_child_that_lies_breaks_nothing(octets: bytes) -> None:
    """An answer of any other shape is not a reading."""
    with pytest.raises(NotPlain):
        loaded(octets)
