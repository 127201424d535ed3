"""A document's fields from the subject, the names of files and the first lines: what agrees, and what does not."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailmap.document.document import Fields, Secrecy, Symbol, Urgency
from mailmap.document.fields import read_fields
from mailmap.document.filename import read_name

TODAY = date(2016, 10, 17)
DAY = date(2016, 10, 15)
SURE = 0.8  # the registering confidence


def read(subject: str = "", *names: str, body: str = "") -> Fields:
    """The fields of a mail that came on 17 October 2016."""
    return read_fields(subject, names, body, TODAY)


def sure(fields: Fields) -> dict[str, object]:
    """The values we are sure enough of to register."""
    seen = {name: getattr(fields, name) for name in ("symbol", "issued", "kind", "subject")}
    return {name: each.value for name, each in seen.items() if each and each.confidence >= SURE}


WHOLE = {"symbol": Symbol(45, "UBND-VP"), "issued": DAY, "kind": "CV", "subject": "báo cáo tình hình thiên tai"}


@pytest.mark.parametrize(
    "subject",
    [
        "Công văn số 45/UBND-VP ngày 15/10/2016 V/v báo cáo tình hình thiên tai",
        "45/UBND-VP (15/10/2016) v/v báo cáo tình hình thiên tai",
        "UBND xã Hải Phúc gửi CV 45/UBND-VP ngày 15 tháng 10 năm 2016: báo cáo tình hình thiên tai",
        "CV số: 45 / UBND - VP, ngày 15-10-2016, về việc báo cáo tình hình thiên tai.",
        "Công văn ngày 15/10/2016 số 45/UBND-VP Về việc: báo cáo tình hình thiên tai",
        "[KHẨN] Công văn số 45/UBND-VP ngày 15/10 V/v báo cáo tình hình thiên tai",
        "V/v báo cáo tình hình thiên tai - số 45/UBND-VP ngày 15/10/2016",
    ],
)
def test_subjects_as_clerks_write_them(subject: str) -> None:
    """Number, date, kind and trích yếu from one subject with one file that agrees, in NFC and NFD."""
    for form in ("NFC", "NFD"):
        fields = read(unicodedata.normalize(form, subject), "45-UBND-VP_2016-10-15.pdf")
        assert sure(fields) == WHOLE


@pytest.mark.parametrize(
    ("name", "symbol", "day"),
    [
        ("45-UBND-VP.pdf", Symbol(45, "UBND-VP"), None),
        ("45_UBND-VP_2016-10-15.signed.pdf", Symbol(45, "UBND-VP"), DAY),
        ("CV 45 UBND-VP.pdf", Symbol(45, "UBND-VP"), None),
        ("15-QD-UBND (1).PDF", Symbol(15, "QĐ-UBND"), None),
        ("Công văn số 45-UBND-VP ngày 15.10.2016.docx", Symbol(45, "UBND-VP"), DAY),
        ("C:\\Users\\vt\\45a-UBND-VP_signed.pdf", Symbol(45, "UBND-VP", "a"), None),
        ("05.TTr-UBND.pdf", Symbol(5, "TTr-UBND"), None),
        ("20161015_45-UBND-VP.pdf", Symbol(45, "UBND-VP"), DAY),
    ],
)
def test_plain_names_of_files_are_enough(name: str, symbol: Symbol, day: date | None) -> None:
    """A name that can be read in one way only fills the register by itself."""
    for form in ("NFC", "NFD"):
        fields = read("", unicodedata.normalize(form, name))
        assert sure(fields).get("symbol") == symbol
        assert sure(fields).get("issued") == day


@pytest.mark.parametrize(
    "name",
    [
        "So 45 UBND VP ngay 15.10.2016.pdf",
        "45_UBND_VP.pdf",
        "45-ubnd-vp.pdf",
        "BC 45 UBND.pdf",
        "2016-UBND-VP.pdf",
        "10-2016-BC-UBND.pdf",
        "45-UBND-VP-BAO-CAO-THANG.pdf",
        "Bao cao theo CV 12-SNV-VP.pdf",
        "CV 45.pdf",
        "45-UBND.pdf",
        "12-DANH-SACH.pdf",
        "45-UBND-BAO-CAO.pdf",
    ],
)
def test_ambiguous_names_are_asked_about(name: str) -> None:
    """A name that can be read in two ways is seen but not registered (house rule: never guess in silence)."""
    assert "symbol" not in sure(read("", name))


@pytest.mark.parametrize(
    "name",
    [
        "scan0001.pdf",
        "IMG_2016.jpg",
        "20161015123000.pdf",
        "Bao cao thang 10.pdf",
        "danh sach 45 ho dan.xlsx",
        "",
        ".pdf",
        "mau so 2.docx",
        "12 MAU BIEU.pdf",
        "12 BAO CAO UBND.pdf",
    ],
)
def test_names_without_a_number(name: str) -> None:
    """Scans, photos, months and lists are no document numbers."""
    assert read_name(name, TODAY).symbol is None or not read_name(name, TODAY).symbol.notation  # type: ignore[union-attr]
    assert read("", name).symbol is None


def test_agreement_raises_and_two_unsure_places_register() -> None:
    """Subject and file name that say the same are surer than each alone."""
    alone, other = read("Gửi 45/UBND-VP").symbol, read("", "So 45 UBND VP.pdf").symbol
    both = read("Gửi 45/UBND-VP", "So 45 UBND VP.pdf").symbol
    assert alone is not None
    assert other is not None
    assert both is not None
    assert both.confidence > max(alone.confidence, other.confidence)
    assert both.source == "subject+filename"


@pytest.mark.parametrize(
    ("subject", "names", "body"),
    [
        ("Công văn số 45/UBND-VP", ("54-UBND-VP.pdf",), ""),
        ("Công văn số 45/UBND-VP", ("45-UBND-KT.pdf",), ""),
        ("Công văn số 45/UBND-VP", ("CV so 54.pdf",), ""),
        ("Công văn số 45/UBND-VP", (), "Số: 46/UBND-VP"),
        ("", ("45-UBND-VP.pdf", "46-UBND-VP.pdf"), ""),
        ("Công văn số 54 họp", ("45-UBND-VP.pdf", "45-UBND-VT.pdf"), ""),
    ],
)
def test_disagreement_is_asked_about(subject: str, names: tuple[str, ...], body: str) -> None:
    """Two places that say different numbers register neither."""
    assert "symbol" not in sure(read(subject, *names, body=body))


def test_a_second_file_is_an_annex() -> None:
    """Where subject and one file agree, another file with another number does not disturb them."""
    fields = read("Công văn số 45/UBND-VP ngày 15/10/2016", "45-UBND-VP.pdf", "12-SNV-VP.pdf")
    assert sure(fields)["symbol"] == Symbol(45, "UBND-VP")


def test_dates_that_disagree_are_asked_about() -> None:
    """A date in the subject and another in the file name register neither; the number stays."""
    told = sure(read("Công văn số 45/UBND-VP ngày 15/10/2016", "45_UBND-VP_2016-10-14.pdf"))
    assert "issued" not in told
    assert "symbol" in told


@pytest.mark.parametrize(
    "subject",
    [
        "45/UBND-VP V/v mời họp ngày 20/10/2016",
        "Số 45/UBND-VP ngày 20/11/2016",
        "Số 45/UBND-VP ngày 15/10/2006",
        "Họp ngày 15/10/2016",
    ],
)
def test_dates_of_meetings_futures_and_slips_are_not_registered(subject: str) -> None:
    """A meeting's date, one in the future, one ten years back, and one without a number are not the document's."""
    assert "issued" not in sure(read(subject))


def test_a_date_without_a_year_says_so() -> None:
    """The source of a field tells that its year came from the clock."""
    issued = read("Công văn 45/UBND-VP ngày 15/10").issued
    assert issued is not None
    assert (issued.value, issued.source) == (DAY, "subject, year by the clock")


def test_quoted_numbers_are_not_our_own() -> None:
    """“V/v trả lời công văn số 12” names another's number, also when that document is attached again."""
    subject = "V/v trả lời Công văn số 12/SNV-VP của Sở Nội vụ"
    assert read(subject).symbol is None
    assert "symbol" not in sure(read(subject, "12-SNV-VP.pdf"))
    assert sure(read(subject, "12-SNV-VP.pdf", "45-UBND-VP.pdf"))["symbol"] == Symbol(45, "UBND-VP")


@pytest.mark.parametrize(
    "prefix", ["Re:", "RE[2]:", "TL:", "Trả lời:", "tra loi :", "Fwd:", "FW:", "CT:", "Chuyển tiếp:", "WG:"]
)
def test_the_subject_of_another_mail_registers_nothing(prefix: str) -> None:
    """An answered or forwarded subject may be another unit's document, whatever its file is called (lesson 35)."""
    told = sure(read(f"{prefix} Công văn số 45/UBND-VP ngày 15/10/2016 V/v họp giao ban", "45-UBND-VP.pdf"))
    assert "symbol" not in told


def test_a_new_paper_in_an_answer_is_its_own() -> None:
    """An answer that carries its own numbered paper has that number."""
    assert sure(read("TL: Công văn số 12/UBND-VP", "45-UBND-VP.pdf"))["symbol"] == Symbol(45, "UBND-VP")


def test_the_body_fills_what_subject_and_names_leave_out() -> None:
    """The number line, the place line and the V/v line of the text are read; sentences that quote are not."""
    body = "UBND XÃ HẢI PHÚC\nSố: 45/UBND-VP\nV/v báo cáo tình hình thiên tai\nHải Phúc, ngày 15 tháng 10 năm 2016\n"
    assert sure(read("", "scan.pdf", body=body)) == WHOLE
    assert read("", body="Căn cứ Công văn số 12/SNV-VP ngày 01/10/2016, UBND xã báo cáo.").symbol is None
    assert read("", body="Hôm qua có xem công văn số 12/SNV-VP rồi.").symbol is None
    sent = read("", body="Xin gửi công văn số 45/UBND-VP ngày 15/10/2016 V/v báo cáo tình hình thiên tai")
    assert sure(sent) == WHOLE


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        ("Quyết định số 15/QĐ-UBND", "QĐ"),
        ("Công văn số 15/QĐ-UBND", "QĐ"),
        ("Công văn số 1234/CT-TTHT", "CV"),
        ("Chỉ thị 07/CT-UBND", "CT"),
        ("Tờ trình số 5/TTr-UBND", "TTr"),
        ("Giấy mời họp", "GM"),
        ("giay moi hop giao ban", "GM"),
        ("Báo cáo số 12/BC-UBND", "BC"),
        ("Thông báo kết luận", "TB"),
        ("Luật số 59/2020/QH14", None),
        ("Xin chào", None),
    ],
)
def test_the_kind_comes_from_symbol_and_name(subject: str, kind: str | None) -> None:
    """The notation tells the kind; people call everything a công văn; a colliding agency needs the name."""
    assert sure(read(subject)).get("kind") == kind


def test_hd_without_marks_could_be_two_kinds() -> None:
    """HD in a subject typed without marks is hướng dẫn or hợp đồng: not sure."""
    assert "kind" not in sure(read("So 12/HD-UBND ve viec bau cu"))
    assert sure(read("Số 12/HD-UBND về việc bầu cử"))["kind"] == "HD"


@pytest.mark.parametrize(
    ("subject", "summary"),
    [
        ("V/v mời họp giao ban", "mời họp giao ban"),
        ("Về việc: mời họp giao ban./.", "mời họp giao ban"),
        ("Quyết định số 15/QĐ-UBND của UBND xã về khen thưởng", "về khen thưởng"),
        ("Báo cáo công tác tháng 10", "Báo cáo công tác tháng 10"),
        ("Công văn số 45/UBND-VP", None),
        ("Gửi văn bản", None),
        ("Họp", None),
        ("", None),
    ],
)
def test_the_summary_is_what_it_is_about(subject: str, summary: str | None) -> None:
    """Trích yếu is without kind, number, date and "V/v"; hollow subjects give none."""
    assert sure(read(subject)).get("subject") == summary


@pytest.mark.parametrize(
    ("subject", "urgency"),
    [
        ("HỎA TỐC: Công điện số 05/CĐ-UBND", Urgency.EXPRESS),
        ("(Hoả tốc) phòng chống bão", Urgency.EXPRESS),
        ("[HOA TOC] bao so 7", Urgency.EXPRESS),
        ("THƯỢNG KHẨN - họp", Urgency.VERY_URGENT),
        ("KHẨN Công văn số 45", Urgency.URGENT),
        ("Fwd: [Khẩn] mời họp", Urgency.URGENT),
        ("Công văn khẩn số 45/UBND-VP", Urgency.URGENT),
        ("V/v khẩn trương khắc phục", None),
        ("Tình trạng khẩn cấp", None),
        ("KHẨN TRƯƠNG THỰC HIỆN", None),
        ("KHAN HIEM NUOC SACH", None),
        ("Khẩn cầu giúp đỡ", None),
    ],
)
def test_urgency_is_a_mark(subject: str, urgency: Urgency | None) -> None:
    """KHẨN, THƯỢNG KHẨN and HOẢ TỐC as marks, in both spellings, and not inside words (ND30 Phụ lục I)."""
    seen = read(subject).urgency
    assert (seen.value if seen else None) == urgency


@pytest.mark.parametrize(
    ("subject", "name", "body", "secrecy"),
    [
        ("[MẬT] số 12/UBND", "a.pdf", "", Secrecy.CONFIDENTIAL),
        ("MẬT", "a.pdf", "", Secrecy.CONFIDENTIAL),
        ("Công văn mật số 12/UBND-VP", "a.pdf", "", Secrecy.CONFIDENTIAL),
        ("Gửi tài liệu mật", "a.pdf", "", Secrecy.CONFIDENTIAL),
        ("Kế hoạch MẬT số 3", "a.pdf", "", Secrecy.CONFIDENTIAL),
        ("Kế hoạch (tối mật)", "a.pdf", "", Secrecy.SECRET),
        ("TUYỆT MẬT: kế hoạch", "a.pdf", "", Secrecy.TOP_SECRET),
        ("Kế hoạch", "MAT_12-UBND.pdf", "", Secrecy.CONFIDENTIAL),
        ("Kế hoạch", "12-UBND (TOI MAT).pdf", "", Secrecy.SECRET),
        ("Kế hoạch", "a.pdf", "UBND XÃ\nTỐI MẬT\nSố: 1", Secrecy.SECRET),
        ("Kế hoạch", "a.pdf", "Độ mật: Tuyệt mật", Secrecy.TOP_SECRET),
        ("Tập huấn bảo mật thông tin", "a.pdf", "", None),
        ("Bảo vệ bí mật kinh doanh", "a.pdf", "", None),
        ("HƯỚNG DẪN BẢO VỆ BÍ MẬT NHÀ NƯỚC", "a.pdf", "", None),
        ("Quản lý tài liệu mật", "a.pdf", "", None),
        ("MẬT ĐỘ DÂN SỐ", "MAT TRAN TO QUOC.pdf", "", None),
        ("Đổi mật khẩu", "mat bang.pdf", "mật ong rừng", None),
        ("Mặt trận Tổ quốc", "12-MAT-TRAN-TO-QUOC.pdf", "", None),
    ],
)
def test_secrecy_is_a_mark(subject: str, name: str, body: str, secrecy: Secrecy | None) -> None:
    """MẬT, TỐI MẬT, TUYỆT MẬT as marks in subject, file name or on a line, not inside a sentence about secrecy."""
    for form in ("NFC", "NFD"):
        seen = read(unicodedata.normalize(form, subject), unicodedata.normalize(form, name), body=body).secrecy
        assert (seen.value if seen else None) == secrecy


PIECES = st.sampled_from(
    [
        "Số",
        "45/UBND-VP",
        "ngày",
        "15/10",
        "V/v",
        "Re:",
        "[MẬT]",
        "KHẨN",
        "CV",
        "-",
        "/",
        ".",
        "(",
        "2016",
        "về việc",
        "họp",
    ]
)
TEXTS = st.lists(PIECES, max_size=10).map(" ".join) | st.text(max_size=60)


@given(TEXTS, st.lists(TEXTS, max_size=3), TEXTS, st.dates(date(1999, 1, 1), date(2100, 1, 1)))
def test_everything_is_read(subject: str, names: list[str], body: str, today: date) -> None:
    """No subject, file name or text is an error, and no confidence leaves its range."""
    fields = read_fields(subject, names, body, today)
    seen = [fields.symbol, fields.issued, fields.kind, fields.subject, fields.urgency, fields.secrecy]
    assert all(0 < each.confidence <= 1 and each.source for each in seen if each)
