"""Documents of every kind and office, made up by the hundred; rules of reading them, each with its trap."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailmap.document.document import Fields, Secrecy, Seen, Symbol
from mailmap.document.fields import read_fields
from mailmap.document.layout import read_document
from mailmap.document.merging import merge
from mailmap.document.page import Line, Origin, Page, Reading
from mailmap.document.symbol import find_symbols
from tests.mailmap.typed_pages import ABOUT, DECISION, LEFT, LETTER, RIGHT, at, head, read, typed
from tests.papers.forms import made
from tests.papers.judged import judged
from tests.papers.noise import scanned
from tests.papers.paper import FIELDS, Paper
from tests.papers.typed import word_text

SURE = 0.8  # the registering confidence
NEVER_WRONG = ("symbol", "issued")
OFFICE = [at("BỘ TÀI CHÍNH", 50, LEFT, bold=True), at("BỘ NỘI VỤ", 66, LEFT, bold=True)]


def shown(seen: Seen[object] | None) -> tuple[str, bool] | None:
    """A field's value as text, and whether it would be registered."""
    return (str(seen.value), seen.confidence >= SURE) if seen else None


@pytest.mark.parametrize("make", [made, lambda seed: word_text(made(seed))], ids=["typed", "word"])
def test_typed_papers(make: Callable[[int], Paper]) -> None:
    """Of papers as people type them every field is read as it stands, and no number or date wrongly."""
    counts = judged(make(seed) for seed in range(80))
    short = {field: dict(row) for field in FIELDS if (row := counts[field])["right"] < 0.93 * row["told"]}
    assert short == {}
    assert [counts[field]["false"] for field in NEVER_WRONG] == [0, 0]


def test_scanned_papers() -> None:
    """Of scans in which every third number is spoilt, none is registered wrong; what is printed clearly is read."""
    counts = judged(scanned(made(seed), seed) for seed in range(80))
    assert [counts[field]["false"] for field in NEVER_WRONG] == [0, 0]
    for field, least in {"symbol": 0.45, "issued": 0.7, "kind": 0.95, "subject": 0.95, "issuer": 0.95}.items():
        assert counts[field]["sure"] >= least * counts[field]["told"], field


@pytest.mark.parametrize("number", ["Số 45-CV/TU", "Số: 45 - CV/TU", "Số45-CV/TU"])
def test_a_number_of_the_party(number: str) -> None:
    """The party joins number and notation with a dash; it is written back so, and quoted so."""
    lines = [at("TỈNH ỦY NAM ĐỊNH", 50, LEFT), at("*", 66, LEFT), at(number, 84, LEFT), *ABOUT]
    lines += [at("ĐẢNG CỘNG SẢN VIỆT NAM", 50, RIGHT), at("Nam Định, ngày 15 tháng 10 năm 2016", 84, RIGHT), *LETTER]
    fields = read(lines)
    assert (shown(fields.symbol), shown(fields.kind)) == (("45-CV/TU", True), ("CV", True))
    assert shown(fields.issuer) == ("Tỉnh ủy Nam Định", True)
    assert str(find_symbols("theo Công văn số 978-CV/VPTW ngày 16/3/2026")[0].symbol) == "978-CV/VPTW"
    assert find_symbols("giai đoạn 2021-2025/CP, tỷ lệ 5-CAO/thấp") == ()


def test_a_file_named_by_a_number_of_the_party() -> None:
    """A file's name has no stroke: 12-CV-TU.pdf bears out 12-CV/TU of the subject, another number does not."""
    subject = "Công văn số 12-CV/TU ngày 15/10/2016 V/v họp giao ban quý"
    same, other = (
        shown(read_fields(subject, [name], "", date(2016, 10, 20)).symbol) for name in ("12-CV-TU.pdf", "13-CV-TU.pdf")
    )
    assert (same, other) == (("12-CV/TU", True), ("12-CV/TU", False))


def test_a_blank_number_of_the_party() -> None:
    """A draft has no number yet: none is invented, and its line is no office."""
    lines = [at("TỈNH ỦY NAM ĐỊNH", 50, LEFT), at("Số      -CV/TU", 84, LEFT), *LETTER]
    fields = read(lines)
    assert (fields.symbol, shown(fields.issuer)) == (None, ("Tỉnh ủy Nam Định", True))


def test_two_issuers() -> None:
    """A joint circular is of both ministries; of a department and its ministry only the lower one issues."""
    joint = read([*OFFICE, *head("Số: 12/2016/TTLT-BTC-BNV")[2:], at("THÔNG TƯ LIÊN TỊCH", 140, bold=True)])
    lone = read([*OFFICE, *head("Số: 12/QĐ-BNV")[2:], *DECISION])
    assert (shown(joint.issuer), joint.superior) == (("Bộ Tài chính - Bộ Nội vụ", True), None)
    assert (shown(lone.issuer), shown(lone.superior)) == (("Bộ Nội vụ", True), ("Bộ Tài chính", True))


def test_a_speck_is_no_figure() -> None:
    """A figure that recognition saw upon a printed number is dirt; only a signing program fills a blank."""
    speck = Line("1", at("1", 96, 190).box, 0.9)
    scan = head("Số: 34 /UBND-VP", number=0.9)
    spoilt = read([*scan, speck, *ABOUT, *LETTER], origin=Origin.OCR)
    blank = read([*head("Số:        /UBND-VP", number=0.9), speck, *ABOUT, *LETTER], origin=Origin.OCR)
    assert (shown(spoilt.symbol), blank.symbol) == (("34/UBND-VP", False), None)


@pytest.mark.parametrize(
    ("number", "heading", "meant"),
    [
        ("12/DA-UBND", "ĐỀ ÁN", "12/ĐA-UBND"),
        ("12/HD-UBND", "HƯỚNG DẪN", "12/HD-UBND"),
        ("12/HD-HĐND", "", "12/HD-HĐND"),
    ],
)
def test_a_stroke_that_was_lost(number: str, heading: str, meant: str) -> None:
    """Đ recognised as D is set right by the name of the kind, never by what another kind might be."""
    lines = [*head(f"Số: {number}", number=0.95, rest=0.95), at(heading or "HƯỚNG DẪN", 140, sure=0.95)]
    told = shown(read(lines, origin=Origin.OCR).symbol)
    assert told
    assert (told[0], told[1] and number != meant) == (meant, False)


def test_an_annex_bears_witness() -> None:
    """An annex names a number that nobody could read, to be confirmed; one that contradicts it lowers it."""
    annex = [at("(Kèm theo Quyết định số 12/QĐ-UBND ngày 15 tháng 10 năm 2016)", 60)]
    unread = read([*head("Số: đ# /QĐ-UBND", number=0.6), *DECISION], annex, origin=Origin.OCR)
    other = read([*head("Số: 72/QĐ-UBND", number=0.95), *DECISION], annex, origin=Origin.OCR)
    assert (shown(unread.symbol), other.symbol and other.symbol.confidence < SURE) == (("12/QĐ-UBND", False), True)


def test_who_signed_a_second_document_did_not_sign_the_first() -> None:
    """In a file of two documents signer and copies are the first one's, also where its own were not read."""
    close = [at("CHỦ TỊCH", 300, RIGHT), at("Nguyễn Văn An", 360, RIGHT), at("Nơi nhận:", 300, 110)]
    second = [*head("Số: 99/KH-UBND"), at("PHÓ CHỦ TỊCH", 300, RIGHT), at("Lê Văn Bình", 360, RIGHT)]
    both, cut = read(head() + ABOUT + LETTER + close, second), read(head() + ABOUT + LETTER, second)
    assert (shown(both.signer), cut.signer, cut.position) == (("Nguyễn Văn An", True), None, None)


SPOILT = [
    at("QUYẾT ĐỊNH", 140, sure=0.9),
    at("an hành Quy. chế tiếp nhận, xử lý phản ánh P c NT", 156, sure=0.6),
    at("kiến nghị về văn bản quy phạm pháp luật", 172, sure=0.9),
    at("Căn cứ Luật Tổ chức chính quyền địa phương;", 230, sure=0.95),
]
ARTICLE = "Điều 1. Ban hành kèm theo Quyết định này {}."


def test_the_first_article_is_a_witness() -> None:
    """A heading that a stamp spoilt is read in the first article; an article about something else is none."""
    own = "Quy chế tiếp nhận, xử lý phản ánh, kiến nghị về văn bản quy phạm pháp luật"
    other = "Quy chế làm việc, chế độ tiếp khách và quản lý tài sản của cơ quan"
    scan = head("Số: 12/QĐ-UBND", number=0.9, rest=0.95) + SPOILT
    right, wrong = (
        shown(read([*scan, at(ARTICLE.format(told), 260, sure=0.96)], origin=Origin.OCR).subject)
        for told in (own, other)
    )
    assert right == (f"Ban hành {own}", True)
    assert wrong
    assert (wrong[1], "làm việc" in wrong[0]) == (False, False)


def test_a_heading_goes_on_in_its_next_line() -> None:
    """What ends in "theo" or in the first year of a span is one heading with the next line; a mark is no part of it."""
    rows = [
        "QUYẾT ĐỊNH",
        "Về việc rà soát công tác văn thư theo",
        "Nghị định số 30/2020/NĐ-CP giai đoạn 2021",
        "- 2025",
    ]
    lines = [at(text, 140 + 16 * row, bold=True) for row, text in enumerate(rows)]
    subject = shown(read([*head("Số: 12/QĐ-UBND"), *lines]).subject)
    assert subject == (" ".join(rows[1:]), True)
    marked = read([*head(), *ABOUT, at("XEM XONG TRẢ LẠI", 144, LEFT, bold=True), *LETTER])
    assert shown(marked.subject) == ("báo cáo tình hình thiên tai", True)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Báo cáo gửi về Sở chậm nhất 16h00 ngày 25/10/2016.", date(2016, 10, 25)),
        ("Hạn cuối nhận hồ sơ là hết ngày 25/10/2016.", date(2016, 10, 25)),
        ("Yêu cầu các đơn vị hoàn thành trong tháng 10.", date(2016, 10, 31)),
        ("Hoàn thành trong tháng 02 năm 2017.", date(2017, 2, 28)),
        ("Đề nghị gửi ý kiến trước ngày 25/10.", date(2016, 10, 25)),
        ("Hợp đồng đã được ký kết trước ngày 25/11/2016.", None),
        ("Đề nghị báo cáo số liệu trước ngày 01/7/2015.", None),
        ("Đề nghị gửi trước ngày 25/10/2016. Kết quả gửi trước ngày 30/10/2016.", None),
        ("Hội nghị tổ chức vào ngày 25/10/2016.", None),
    ],
)
def test_terms(text: str, meant: date | None) -> None:
    """A term is asked for, is after the day of issue, and the only one; a past condition or a meeting is none."""
    due = read(head() + ABOUT + LETTER + [at(text, 230)]).due
    assert (due.value if due else None) == meant
    assert due is None or due.confidence >= SURE


@pytest.mark.parametrize("name", ["TS. Nguyễn Văn An", "Đại tá Nguyễn Văn An", "Nguyễn Văn An"])
def test_a_signer_without_rank(name: str) -> None:
    """Degree and rank are no part of a name; T/M and K/T are the party's TM. and KT."""
    fields = typed("Số: 45-CV/TU", "T/M BAN THƯỜNG VỤ", "K/T BÍ THƯ", "PHÓ BÍ THƯ", name)
    assert shown(fields.signer) == ("Nguyễn Văn An", True)
    assert (shown(fields.authority), shown(fields.position)) == (("TM. KT.", True), ("PHÓ BÍ THƯ", True))


@pytest.mark.parametrize("origin", list(Origin))
@pytest.mark.parametrize(
    "text", ["Số: 12/QĐ-UBND", "V/v " * 60, "ngày tháng năm " * 20, "ban hành Quyết định về " * 16, "a 1"]
)
def test_five_thousand_lines_of_junk(text: str, origin: Origin) -> None:
    """A page of thousands of lines costs no more than a second."""
    lines = tuple(at(text, 14.0 * row, sure=0.9) for row in range(5_000))
    began = time.process_time()
    read_document(Reading((Page(1, lines, 595.0, 842.0, origin),), 1), date(2016, 10, 20))
    assert time.process_time() - began < 1


confidences = st.floats(0, 1, allow_nan=False)
symbols = st.builds(Symbol, st.integers(1, 99), st.sampled_from(["UBND-VP", "QĐ-UBND", "-CV/TU", "2016/QĐ-UBND"]))
days = st.dates(date(2016, 1, 1), date(2016, 1, 9))


def seen_as(values: st.SearchStrategy[object], *sources: str) -> st.SearchStrategy[object]:
    """Some sighting of a value, or none."""
    return st.none() | st.builds(Seen, values, confidences, st.sampled_from(sources))


def all_fields(source: str) -> st.SearchStrategy[Fields]:
    """Some fields, all seen in one place."""
    return st.builds(
        Fields,
        symbol=seen_as(symbols, source),
        issued=seen_as(days, source),
        secrecy=seen_as(st.sampled_from(list(Secrecy)), source),
    )


@given(all_fields("subject"), all_fields("page 1"))
def test_laws_of_merging(mail: Fields, document: Fields) -> None:
    """Nothing is invented, no field is lost, what is told otherwise is never sure, and no secrecy is lowered."""
    merged = merge(mail, document)
    assert (merge(Fields(), document), merge(mail, Fields())) == (document, mail)
    for name in ("symbol", "issued", "secrecy"):
        one, other, both = getattr(mail, name), getattr(document, name), getattr(merged, name)
        assert (both is None) == (one is None and other is None)
        assert both is None or both.value in {each.value for each in (one, other) if each}
    one, other = mail.issued, document.issued
    if one and other and one.value != other.value and min(one.confidence, other.confidence) >= 0.5:
        assert merged.issued
        assert merged.issued.confidence < SURE
    ranks = list(Secrecy)
    told = [ranks.index(each.value) for each in (mail.secrecy, document.secrecy) if each]
    assert merged.secrecy is None or ranks.index(merged.secrecy.value) == max(told)
