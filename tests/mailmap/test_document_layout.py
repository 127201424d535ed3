"""The fields of a document from its pages: what stands where, and how sure it is."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailmap.document.document import Secrecy, Symbol, Urgency
from mailmap.document.issuers import as_written
from mailmap.document.layout import read_document
from mailmap.document.page import Box, Line, Origin, Page, Reading
from tests.mailmap.typed_pages import ABOUT, DECISION, LEFT, LETTER, RIGHT, TODAY, at, head, read, typed

SURE = 0.8  # the registering confidence
DAY = date(2016, 10, 15)


def value(seen: object) -> object:
    """The value of a field, None when it was not read."""
    return getattr(seen, "value", None)


def test_a_letter() -> None:
    """Number, date, place, office, kind, trích yếu and recipient of a công văn, each surely and from page 1."""
    fields = read(head() + ABOUT + LETTER)
    assert value(fields.symbol) == Symbol(45, "UBND-VP")
    assert (value(fields.issued), value(fields.place)) == (DAY, "Hải Hậu")
    assert (value(fields.kind), value(fields.subject)) == ("CV", "báo cáo tình hình thiên tai")
    assert value(fields.issuer) == "Ủy ban nhân dân huyện Hải Hậu"
    assert value(fields.recipients) == "Ủy ban nhân dân tỉnh Nam Định"
    found = [fields.symbol, fields.issued, fields.kind, fields.subject, fields.issuer]
    assert all(seen and seen.confidence >= SURE and seen.source == "page 1" for seen in found)


def test_a_decision() -> None:
    """The name of the kind stands in the middle, its trích yếu under it; the office that decides is no part of that."""
    fields = read(head("Số: 12/QĐ-UBND") + DECISION)
    assert value(fields.kind) == "QĐ"
    assert value(fields.subject) == "Về việc thành lập Ban Chỉ huy phòng, chống thiên tai huyện Hải Hậu"


def test_parent_and_own_name() -> None:
    """The parent stands above, the issuing body below it; a name that was broken is put together."""
    lines = [
        at("UBND TỈNH NAM ĐỊNH", 50, LEFT),
        at("SỞ NÔNG NGHIỆP VÀ", 65, LEFT),
        at("PHÁT TRIỂN NÔNG THÔN", 80, LEFT),
    ]
    fields = read(lines + head("Số: 7/SNN-TL")[2:] + ABOUT + LETTER)
    assert value(fields.issuer) == "Sở Nông nghiệp và Phát triển nông thôn"
    assert value(fields.superior) == "Ủy ban nhân dân tỉnh Nam Định"


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI", "Sở Lao động - Thương binh và Xã hội"),
        ("ỦY BAN NHÂN DÂN TĨNH HÀ TĨNH", "Ủy ban nhân dân tỉnh Hà Tĩnh"),
        ("UBND TP NAM ĐỊNH", "Ủy ban nhân dân thành phố Nam Định"),
        ("UBND XÃ HẢI XÁ", "Ủy ban nhân dân xã Hải Xá"),
        ("HUYỆN ỦY HẢI HẬU", "Huyện ủy Hải Hậu"),
        ("VĂN PHÒNG QUỐC HỘI", "Văn phòng Quốc hội"),
    ],
)
def test_names_in_capitals(printed: str, meant: str) -> None:
    """A name in capitals becomes the name as sentences write it."""
    assert as_written(printed) == meant


def test_without_layout() -> None:
    """Word and plain text: the order of the lines is enough, also with both columns on one line."""
    told = ["ỦY BAN NHÂN DÂN\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "HUYỆN HẢI HẬU\tĐộc lập - Tự do - Hạnh phúc"]
    told += [
        "Số: 45/UBND-VP\tHải Hậu, ngày 15 tháng 10 năm 2016",
        "V/v báo cáo tình hình thiên tai",
        "Kính gửi: UBND tỉnh",
    ]
    fields = typed(*told)
    assert (str(value(fields.symbol)), value(fields.issued)) == ("45/UBND-VP", DAY)
    assert (value(fields.kind), value(fields.subject)) == ("CV", "báo cáo tình hình thiên tai")
    assert value(fields.issuer) == "Ủy ban nhân dân huyện Hải Hậu"


def test_numbers_of_a_basis_are_not_its_own() -> None:
    """A number in "Căn cứ", or at the start of a broken line, is another document's."""
    body = [
        at("số 12/QĐ-UBND ngày 01 tháng 3 năm 2016 của tỉnh về việc khác;", 215),
        at("Số 13/QĐ-UBND ngày 02/3/2016", 230),
    ]
    fields = read([line for line in head() if "Số" not in line.text] + ABOUT + LETTER + body)
    assert fields.symbol is None


def test_stamp_of_arrival() -> None:
    """The ĐẾN stamp of another office has a number and a day, neither is the document's."""
    stamp = [at("ĐẾN", 110, 90), at("Số: 1234", 125, 90), at("Ngày: 18/10/2016", 140, 90)]
    fields = read(head("Số:       /UBND-VP") + stamp + LETTER)
    assert (fields.symbol, value(fields.issued)) == (None, DAY)


@pytest.mark.parametrize("number", ["Số:      /UBND-VP", "Số: đ# /UBND-VP", "Số: 4 /UBND-VP", "Số: /ÿØ /2016/QĐ-UBND"])
def test_scrawled_numbers_stay_empty(number: str) -> None:
    """A number that was left blank, or written by hand so that no figures were recognised, is not invented."""
    fields = read(head(number, number=0.86) + ABOUT + LETTER, origin=Origin.OCR)
    assert fields.symbol is None


def test_a_scrawl_keeps_its_place() -> None:
    """Where the number cannot be read, office and kind still can; a stamp below is neither."""
    stamp = [at("VĂN PHÒNG CHÍNH PHỦ", 125, 110, sure=0.95), at("ĐẾN Ngày 18/10", 141, 110, sure=0.5)]
    fields = read([*head("Số: /ÿØ /2016/QĐ-UBND", number=0.77), *stamp, *DECISION], origin=Origin.OCR)
    unread = read([*head("CÁ. 120/-", number=0.0), *stamp, *DECISION], origin=Origin.OCR)
    assert [value(each.issuer) for each in (fields, unread)] == ["Ủy ban nhân dân huyện Hải Hậu"] * 2
    assert [value(each.kind) for each in (fields, unread)] == ["QĐ"] * 2


@pytest.mark.parametrize(
    ("number", "sure"), [("Số: 04 /UBND-VP", 0.95), ("Số: 83. /UBND-VP", 0.9), ("Số: 45/UBND-VP", 0.6)]
)
def test_handwriting_is_not_believed(number: str, sure: float) -> None:
    """Figures apart from the stroke, or recognised badly, are below the registering confidence."""
    fields = read(head(number, number=sure) + ABOUT + LETTER, origin=Origin.OCR)
    assert fields.symbol is None or fields.symbol.confidence < SURE


def test_printed_and_recognised() -> None:
    """Clear figures that agree with kind and office are believed."""
    fields = read(head("Số: 12/QĐ-UBND", number=0.93, day=0.95, rest=0.95) + DECISION, origin=Origin.OCR)
    assert fields.symbol
    assert (fields.symbol.value, fields.symbol.confidence >= SURE) == (Symbol(12, "QĐ-UBND"), True)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Số: 12/QD-UBND", "12/QĐ-UBND"),
        ("Số: 12/OĐ-UBND", "12/QĐ-UBND"),
        ("Số: l2/QĐ-UBND", "12/QĐ-UBND"),
        ("Số: 51/2016QĐ-TTg", "51/2016/QĐ-TTg"),
        ("Sô: 51/2O16/QĐ-TTg", "51/2016/QĐ-TTg"),
    ],
)
def test_lookalikes(written: str, meant: str) -> None:
    """A notation is set right by what the table allows; what had to be guessed at is not registered unasked."""
    fields = read(head(written, number=0.95) + DECISION, origin=Origin.OCR)
    assert str(value(fields.symbol)) == meant
    assert fields.symbol
    assert fields.symbol.confidence < SURE


def test_contradictions() -> None:
    """A number whose kind is not the one named, or whose year is not the date's, is asked for."""
    kind = read(head("Số: 12/KH-UBND") + DECISION)
    year = read(head("Số: 12/2015/QĐ-UBND") + DECISION)
    assert kind.symbol
    assert year.symbol
    assert max(kind.symbol.confidence, year.symbol.confidence) < SURE


@pytest.mark.parametrize("day", ["ngày    tháng 10 năm 2016", "ngày {5 tháng 10 năm 2016", "ngày 35 tháng 10 năm 2016"])
def test_days_that_cannot_be_read(day: str) -> None:
    """A day that is blank, scrawled or impossible stays empty; the place is read."""
    fields = read(head(dated=f"Hải Hậu, {day}", day=0.9) + ABOUT + LETTER)
    assert (fields.issued, value(fields.place)) == (None, "Hải Hậu")


def test_the_day_of_signing() -> None:
    """A repaired day is believed when the file was signed that day; one after the signing or to-morrow is not."""
    stamp = [at("Ký bởi: UBND huyện Hải Hậu", 5, 480), at("Giờ ký: 12/10/2016 16:46:18", 15, 480)]
    scan = head(dated="Hải Hậu, ngày I2 tháng 10 năm 2016", day=0.35) + ABOUT + LETTER
    alone, signed = read(scan, origin=Origin.OCR).issued, read(stamp + scan, origin=Origin.OCR).issued
    late = read(stamp + head() + LETTER).issued
    assert alone
    assert signed
    assert late
    assert (alone.value, signed.value) == (date(2016, 10, 12), date(2016, 10, 12))
    assert (alone.confidence < SURE, signed.confidence >= SURE, late.confidence < SURE) == (True, True, True)


def test_consolidated_text() -> None:
    """Its number, office and date stand on the last page; the history on the first is not its own."""
    first = [
        at("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 60),
        at("Độc lập - Tự do - Hạnh phúc", 76),
        at("NGHỊ ĐỊNH", 130, bold=True),
        at("Quy định chi tiết Luật Đê điều", 146, bold=True),
        at("Nghị định số 100/2014/NĐ-CP ngày 26 tháng 7 năm 2014 của Chính phủ", 200),
    ]
    last = [at("BỘ XÂY DỰNG", 360, LEFT), at("Số: 13 /VBHN-BXD", 380, LEFT), at("Nơi nhận:", 420, 110)]
    last += [at("- Văn phòng Chính phủ;", 436, 140), at("- Lưu: VT.", 452, 110)]
    last += [at("XÁC THỰC VĂN BẢN HỢP NHẤT", 360, RIGHT), at("Hà Nội, ngày 16 tháng 3 năm 2016", 380, RIGHT)]
    last += [at("KT. BỘ TRƯỞNG", 420, RIGHT), at("THỨ TRƯỞNG", 436, RIGHT), at("Nguyễn Văn Sinh", 520, RIGHT)]
    fields = read(first, last)
    assert (str(value(fields.symbol)), value(fields.issued)) == ("13/VBHN-BXD", date(2016, 3, 16))
    assert (value(fields.kind), value(fields.subject)) == ("NĐ", "Quy định chi tiết Luật Đê điều")
    assert (value(fields.issuer), value(fields.copies)) == ("Bộ Xây dựng", "Văn phòng Chính phủ")
    assert (value(fields.authority), value(fields.position)) == ("KT.", "THỨ TRƯỞNG")
    assert value(fields.signer) == "Nguyễn Văn Sinh"
    assert fields.symbol
    assert fields.symbol.source == "page 2"


def test_two_documents_in_one_file() -> None:
    """A second head that the first document does not speak of: which one was sent is asked."""
    first, second = head() + ABOUT + LETTER, head("Số: 99/KH-UBND") + DECISION
    quoting = [*first, at("gửi kèm Kế hoạch số 99/KH-UBND của huyện", 230)]
    alone, quoted = read(first, second).symbol, read(quoting, second).symbol
    assert alone
    assert quoted
    assert (alone.value, alone.confidence < SURE) == (Symbol(45, "UBND-VP"), True)
    assert quoted.confidence >= SURE


def test_annex_is_a_witness() -> None:
    """The number that an annex repeats lifts a doubtful one."""
    annex = [at("(Ban hành kèm theo Quyết định số 12/QĐ-UBND ngày 15 tháng 10 năm 2016)", 60)]
    scan = head("Số: 12/QĐ-UBND", number=0.6) + DECISION
    alone, seconded = read(scan, origin=Origin.OCR).symbol, read(scan, annex, origin=Origin.OCR).symbol
    assert alone
    assert seconded
    assert (alone.confidence < SURE, seconded.confidence >= SURE) == (True, True)


def test_a_number_set_upon_its_blank_place() -> None:
    """What the signing program stamped upon the scan fills the blank."""
    stamped = Line("50", Box(134, 96, 146, 108))
    fields = read([*head("Số:        /UBND-VP", number=0.8), stamped, *ABOUT, *LETTER], origin=Origin.OCR)
    assert value(fields.symbol) == Symbol(50, "UBND-VP")


def test_letters_that_a_scanner_recognised() -> None:
    """Stored text whose motto is spelt wrong was recognised by a machine: its figures are not believed."""
    lines = [Line(line.text.replace("NGHĨA", "NGHIA"), line.box, 1.0) for line in head()]
    fields = read(lines + ABOUT + LETTER)
    assert fields.symbol
    assert (fields.symbol.value, fields.symbol.confidence < SURE) == (Symbol(45, "UBND-VP"), True)


def test_marks() -> None:
    """Urgency, secrecy and circulation as marks alone on a line; in a sentence they are words."""
    marks = [at("HỎA TỐC", 140, LEFT), at("MẬT", 156, LEFT), at("XEM XONG TRẢ LẠI", 172, LEFT)]
    fields = read(head() + marks + LETTER)
    assert (value(fields.urgency), value(fields.secrecy)) == (Urgency.EXPRESS, Secrecy.CONFIDENTIAL)
    assert value(fields.circulation) == "XEM XONG TRẢ LẠI"
    spaced = read([*head(), *ABOUT, *LETTER, at("T Ố I M Ậ T", 140, LEFT)])
    assert value(spaced.secrecy) is Secrecy.SECRET
    plain = read([*head(), *ABOUT, *LETTER, at("tăng cường bảo vệ bí mật nhà nước, khẩn trương thực hiện", 230)])
    assert (plain.urgency, plain.secrecy) == (None, None)


def test_term_and_references() -> None:
    """The one term, what is answered and what it rests on."""
    body = [
        at("Trả lời Công văn số 202/SNN-TL ngày 01/10/2016 của Sở Nông nghiệp.", 230),
        at("Đề nghị báo cáo về huyện trước ngày 25/10/2016.", 246),
    ]
    fields = read(head() + ABOUT + LETTER + body)
    assert value(fields.due) == date(2016, 10, 25)
    assert (value(fields.answers), value(fields.based_on)) == ("202/SNN-TL", "12/QĐ-UBND")


coordinates = st.floats(-50, 900, allow_nan=False)
texts = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["Số: 45/UBND-VP", "QUYẾT ĐỊNH", "V/v", "Số:", "/", "ngày tháng năm", "Nơi nhận:", "KT.", "TM. UBND"]
    ),
)
boxes = st.one_of(st.none(), st.builds(Box, coordinates, coordinates, coordinates, coordinates))
lines = st.builds(Line, texts, boxes, st.floats(0, 1), st.sampled_from([None, True, False]))
pages = st.builds(
    Page,
    st.integers(1, 9),
    st.lists(lines, max_size=12).map(tuple),
    st.sampled_from([0.0, 595.0]),
    st.sampled_from([0.0, 842.0]),
    st.sampled_from(list(Origin)),
)


@given(st.lists(pages, max_size=3))
def test_any_pages_give_some_fields(made: list[Page]) -> None:
    """Reading never raises, and every confidence is one."""
    fields = read_document(Reading(tuple(made), len(made)), TODAY)
    seen = [getattr(fields, name) for name in ("symbol", "issued", "kind", "subject", "issuer", "due", "signer")]
    assert all(0 <= each.confidence <= 1 and each.source for each in seen if each)


def test_a_hostile_file_is_read_quickly() -> None:
    """Pages full of number lines cost no more than a clerk's patience; of a long file head and end are read."""
    full = [at("Số: 1/1/1/1/1/1/QĐ-UBND", top, LEFT) for top in range(0, 40_000, 100)]
    began = time.process_time()
    read(*[full] * 20, origin=Origin.OCR)
    assert time.process_time() - began < 5
    told = typed("Số: 45/UBND-VP", *["dòng"] * 5000, "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Nguyễn Văn An")
    assert (str(value(told.symbol)), value(told.signer)) == ("45/UBND-VP", "Nguyễn Văn An")
