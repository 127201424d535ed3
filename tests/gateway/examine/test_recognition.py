"""Recognition: scans and photos become lines with places, upright and level, and coloured ink does not disturb."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw

from gateway.examine.letters import rubbish
from gateway.examine.picture import Scan, ready, slope
from gateway.examine.reader import Choice, Reader
from gateway.examine.recognised import Table, read_table
from mailmap.document.page import Origin, Reading
from tests.gateway.examine.made import saved, scan

pytestmark = pytest.mark.peer("tesseract")

BODY = [
    (90, 240 + 18 * at, "Ủy ban nhân dân tỉnh yêu cầu các sở, ngành và địa phương báo cáo") for at in range(6)
]  # fmt: skip
LETTER = [
    (60, 60, "ỦY BAN NHÂN DÂN"), (290, 60, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    (70, 80, "TỈNH NINH BÌNH"), (360, 80, "Độc lập - Tự do - Hạnh phúc"),
    (70, 110, "Số: 45/QĐ-UBND"), (330, 110, "Ninh Bình, ngày 15 tháng 10 năm 2025"),
    (250, 170, "QUYẾT ĐỊNH"), *BODY,
]  # fmt: skip


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    """One reader for all scans."""
    with Reader(dpi=200) as started:
        yield started


def lines(reader: Reader, content: bytes) -> list[str]:
    """The lines of the first page of a file that can be read."""
    found = reader.read(content, Choice(1, 0))
    assert isinstance(found, Reading)
    assert found.defects == ()
    assert found.pages[0].origin is Origin.OCR
    return [line.text for line in found.pages[0].lines]


def expect_letter(found: list[str]) -> None:
    """The header's columns are apart and in order, and number, date and kind are right."""
    assert found[:3] == ["ỦY BAN NHÂN DÂN", "TỈNH NINH BÌNH", "Số: 45/QĐ-UBND"]
    assert re.fullmatch(r"C.NG H.A X. H.I CH. NGH.A VI.T NAM", found[3])
    assert found[5] == "Ninh Bình, ngày 15 tháng 10 năm 2025"
    assert found[6].startswith("QUY")
    assert len(found) == len(LETTER)


@pytest.mark.parametrize(("form", "options"), [("PNG", {}), ("PDF", {"resolution": 150})])
def test_a_scan_is_read(reader: Reader, form: str, options: dict[str, object]) -> None:
    """The same page as PNG and scanned PDF gives the same letter."""
    expect_letter(lines(reader, saved(scan(LETTER), form, **options)))


def test_a_photo_is_read(reader: Reader) -> None:
    """A JPEG whose camera says that it lies on its side, without a resolution, is read upright."""
    turned = scan(LETTER).transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6
    expect_letter(lines(reader, saved(turned, "JPEG", quality=90, exif=exif.tobytes(), dpi=(0, 0))))


@pytest.mark.parametrize("turn", [Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270])
def test_a_page_on_its_side_or_head_is_turned(reader: Reader, turn: Image.Transpose) -> None:
    """A page that lies on its side or stands on its head is recognised as if it lay right."""
    more = [
        (90, 400 + 18 * at, "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025") for at in range(8)
    ]
    found = lines(reader, saved(scan([*LETTER, *more]).transpose(turn)))
    assert found[:3] == ["ỦY BAN NHÂN DÂN", "TỈNH NINH BÌNH", "Số: 45/QĐ-UBND"]


@pytest.mark.parametrize("degrees", [-4.0, -1.0, 0.0, 2.5])
def test_a_skewed_page_is_levelled(degrees: float) -> None:
    """The measured slope is the turn that was made, and afterwards the page is level."""
    skewed = scan(LETTER).rotate(degrees, Image.Resampling.BICUBIC, fillcolor="white")
    level = ready(Scan(skewed, 150))
    assert level.skew == pytest.approx(-degrees, abs=0.3)
    assert slope(level.picture) == pytest.approx(0, abs=0.3)


def test_a_seal_over_the_header_disappears(reader: Reader) -> None:
    """A red seal and a blue stamp over the print leave the print readable."""
    ink = Image.new("RGB", (1240, 1754), "white")
    drawing = ImageDraw.Draw(ink)
    for ring in range(4):
        edge = 14 * ring
        drawing.ellipse((130 + edge, 90 + edge, 420 - edge, 290 - edge), outline=(225, 40, 50), width=4)
    for at in range(90, 290, 40):
        drawing.text((160, at), "DEN: 99 Ngay 01/01/2020", font_size=30, fill=(70, 90, 235))
    page = ImageChops.multiply(scan(LETTER), ink)
    expect_letter(lines(reader, saved(page)))


def test_first_pages_and_the_last(reader: Reader) -> None:
    """Of a long scan the first pages and the last are recognised; all are counted."""
    pages = [scan([(90, 90, f"Trang số {number}")]).crop((0, 0, 700, 400)) for number in range(1, 6)]
    found = reader.read(saved(pages[0], "TIFF", save_all=True, append_images=pages[1:]), Choice(1, 1))
    assert isinstance(found, Reading)
    assert [(page.number, page.lines[0].text) for page in found.pages] == [(1, "Trang số 1"), (5, "Trang số 5")]
    assert found.total == 5


def test_a_blank_page_has_no_lines(reader: Reader) -> None:
    """Paper without print is a page without lines, and no defect."""
    assert lines(reader, saved(scan([]))) == []


def test_a_page_takes_seconds(reader: Reader) -> None:
    """A page of ordinary length is recognised well within its limits, on a busy machine too."""
    began = time.monotonic()
    full = [
        (60, 60 + 16 * at, "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;") for at in range(44)
    ]
    assert len(lines(reader, saved(scan(full)))) == 44
    assert time.monotonic() - began < 20


@pytest.mark.parametrize(
    ("text", "scanned", "poor"),
    [
        ("", False, True),
        ("Ủy ban nhân dân tỉnh yêu cầu các sở, ngành", True, False),
        ("Nguoi dugc Nhir nu6c giao d6t, cho thu6 d5t d6 sri dung viro muc dich phi", True, True),
        ("The Committee requests all departments to report", False, False),
        ("\ufffd\ufffd\ue000\ue001abc", False, True),
    ],
)
def test_rubbish_is_told_from_text(text: str, scanned: bool, poor: bool) -> None:  # noqa: FBT001  what is told apart
    """A layer that a scanner misread is not text; text without marks in a file that is no scan is."""
    assert rubbish(text, scanned=scanned) is poor


@given(
    st.binary(max_size=300)
    | st.lists(st.text("0123456789\t-.5a|", max_size=60)).map(lambda rows: "\n".join(rows).encode())
)
def test_any_table_gives_lines(table: bytes) -> None:
    """Whatever a taken-over tesseract writes becomes some lines, at worst none."""
    found = read_table(Table(b"head\n" + table, 250), Table(b"head\n" + table, 300, 99))
    assert all(line.box is not None and 0 <= line.sure <= 1 for line in found.lines)
