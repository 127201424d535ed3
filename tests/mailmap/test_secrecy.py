"""Marks of state secrecy and words about secrecy: a table of both, as clerks write them."""

from __future__ import annotations

import time
import unicodedata

import pytest

from mailmap.document.document import Secrecy
from mailmap.document.secrecy import read_secrecy
from mailmap.document.spelling import tidy
from mailmap.writing.headers import without_marks

C, S, T = Secrecy.CONFIDENTIAL, Secrecy.SECRET, Secrecy.TOP_SECRET

# What bears a mark: in a subject.
SUBJECTS = {
    "MẬT": C, "[MẬT]": C, "(MẬT)": C, "(Mật)": C, "[mật]": C, "[ MẬT ]": C, "**MẬT**": C, "MẬT!": C, "“MẬT”": C,
    "MẬT - 12/BC-CA": C, "MẬT – Báo cáo tình hình": C, "Mật - 12/BC-CA": C, "Mật: kế hoạch diễn tập": C, "Mật": C,
    "[MẬT] Công văn số 45/UBND-VP": C, "Công văn số 45/UBND-VP [MẬT]": C, "Công văn 45/UBND-VP (Mật)": C,
    "Công văn 45/UBND-VP - MẬT": C, "Công văn 45/UBND-VP - Mật": C, "Báo cáo 12/BC-CA, Mật": C, "45/UBND-NC_MẬT": C,
    "Công văn mật số 12/UBND-VP": C, "Công văn MẬT số 12": C, "Báo cáo mật": C, "Báo cáo mật về an ninh quý III": C,
    "Kế hoạch mật số 3/KH-QS": C, "Kế hoạch MẬT số 3": C, "Gửi tài liệu mật": C, "Xã gửi công văn mật kèm theo": C,
    "Điện mật số 7": C, "Gửi kèm hồ sơ mật của ông A": C, "Kính gửi huyện: văn bản MẬT": C, "Phương án MẬT": C,
    "V/v gửi báo cáo mật quý III": C, "TL: [MẬT] phương án": C, "Hỏa tốc - MẬT - phương án A2": C, "KHẨN, MẬT": C,
    "HỎA TỐC/MẬT": C, "Độ mật: Mật": C, "Độ mật: Mật - báo cáo": C, "Mức độ mật: MẬT": C, "Độ mật: Tối mật": S,
    "Độ mật: tuyệt mật": T, "M Ậ T": C, "M Ậ T - 12/BC-CA": C, "[M Ậ T]": C, "M.Ậ.T": C, "T Ố I  M Ậ T": S,
    "T U Y Ệ T  M Ậ T": T, "TUYỆT  MẬT": T, "TUYỆT MẬT: kế hoạch": T, "Tuyệt mật - phương án": T, "TuyệtMật": T,
    "TỐI MẬT": S, "Tối mật": S, "Kế hoạch (tối mật)": S, "Kế hoạch tối mật": S, "Văn bản TỐI MẬT số 5": S,
    "TỐI MẬT - DANH SÁCH": S, "Phương án phòng thủ TUYỆT MẬT năm 2016": T, "Hướng dẫn MẬT số 12/HD-CA": C,
    "[MẬT] Hướng dẫn bảo vệ bí mật nhà nước": C, "MẬT: Quy định bảo vệ bí mật nhà nước": C, "Mật/12": C, "#MẬT": C,
    "Quyết định số 9 MẬT về nhân sự": C, "<MẬT> 12/BC": C, "{MẬT} 12/BC": C, "12/BC-CA (MẬT": C, "MẬT.": C,
    "Tối mật kế hoạch 12": S, "Tuyệt mật phương án A2": T, "MẬT 12/BC-CA": C, "Mật 12/BC-CA": C, "Mật công văn 12": C,
    "MẬT BÁO CÁO TÌNH HÌNH": C, "MẬT DANH SÁCH CÁN BỘ": C, "MẬT Thông báo số 7": C, "TỐI MẬT PHƯƠNG ÁN A2": S,
}  # fmt: skip
# The same without marks, as many type.
BARE = {
    "[MAT]": C, "(MAT)": C, "[Mat]": C, "MAT": C, "MAT - 12/BC-CA": C, "MAT: ke hoach": C, "12/BC-CA - MAT": C,
    "Cong van mat so 12/UBND-VP": C, "CONG VAN MAT SO 12": C, "Gui tai lieu mat": C, "Bao cao mat": C, "M A T": C,
    "TOI MAT": S, "[TOI MAT] bao cao": S, "Ke hoach toi mat": S, "Toi mat": S, "Do mat: Toi mat": S, "(Toi mat)": S,
    "TUYET MAT": T, "Phuong an tuyet mat nam 2016": T, "T U Y E T  M A T": T, "Do mat: mat": C, "KHAN - MAT": C,
    "TOI MAT ke hoach 12": S, "MAT 12/BC-CA cua Cong an": C, "MAT Bao cao 12": C,
}  # fmt: skip
# In the name of a file.
NAMES = {
    "12-BC_MAT.pdf": C, "MAT_12-UBND.pdf": C, "12-BC-MẬT.pdf": C, "MẬT.pdf": C, "mật.pdf": C, "Mat.docx": C,
    "12-BC (Mật).pdf": C, "12-UBND (TOI MAT).pdf": S, "Toi mat.docx": S, "toi_mat.pdf": S, "12-BC_toi-mat.pdf": S,
    "KeHoachToiMat.docx": S, "12BC_TuyetMat.pdf": T, "tuyet-mat-12.pdf": T, "TUYETMAT.pdf": T, "12_bc_mat.pdf": C,
    "45-ubnd-mat.signed.pdf": C, "[MAT] 12.pdf": C, "Công văn mật.pdf": C, "Cong van mat 12.pdf": C, "12.MAT.pdf": C,
    "CV_12_MAT(1).pdf": C, "BC MẬT thang 10.docx": C, "Kế hoạch A2 - Mật.doc": C, "KH_MẬT_2016.xlsx": C,
}  # fmt: skip
# On a line of the mail's text.
LINES = {
    "MẬT": C, "Mật": C, "mật": C, "TỐI MẬT": S, "[MẬT]": C, "(Mật)": C, "M Ậ T": C, "MAT": C, "TUYET MAT": T,
    "Độ mật: Mật": C, "Độ mật: Tuyệt mật": T, "- Độ mật: Tối mật": S, "Do mat: Toi mat": S, "MẬT - Số: 12/BC-CA": C,
    "Mật: đề nghị không sao chụp": C, "Xã gửi công văn mật số 12 kèm theo.": C, "Kính gửi đ/c tài liệu mật.": C,
    "Văn bản này là văn bản MẬT, đề nghị giữ kín.": C, "Đính kèm báo cáo tối mật tháng 10.": S, "* MẬT *": C,
    "Công văn MẬT số 12 gửi kèm.": C, "Đây là tài liệu tuyệt mật.": T, "Gửi anh file (MẬT) nhé.": C,
}  # fmt: skip

# What speaks of secrecy, or of something else, and bears no mark: wherever it stands.
WORDS = (
    "Báo cáo công tác bảo vệ bí mật nhà nước năm 2016", "BÁO CÁO CÔNG TÁC BẢO VỆ BÍ MẬT NHÀ NƯỚC",
    "HƯỚNG DẪN BẢO VỆ BÍ MẬT NHÀ NƯỚC", "V/v tăng cường công tác bảo vệ bí mật nhà nước trên không gian mạng",
    "Chỉ thị về tăng cường bảo mật thông tin", "Chỉ thị 02/CT-TTg về bảo mật", "Tập huấn bảo mật thông tin",
    "Danh mục bí mật nhà nước độ Tuyệt mật, Tối mật và Mật", "Quyết định ban hành danh mục bí mật nhà nước",
    "Danh mục bí mật nhà nước độ Mật của ngành Công an", "Luật Bảo vệ bí mật nhà nước số 29/2018/QH14",
    "Quy định về tài liệu tuyệt mật, tối mật, mật", "QUY ĐỊNH VỀ TÀI LIỆU TUYỆT MẬT, TỐI MẬT, MẬT",
    "Quản lý tài liệu mật", "V/v quản lý, sử dụng văn bản mật", "V/V TĂNG CƯỜNG QUẢN LÝ VĂN BẢN MẬT NĂM 2016",
    "Rà soát văn bản mật tại các xã", "Hướng dẫn xử lý tài liệu mật", "Tập huấn soạn thảo văn bản mật",
    "Xác định độ mật của văn bản", "V/v xác định ĐỘ MẬT của hồ sơ", "Các độ mật: tuyệt mật, tối mật và mật",
    "Đề nghị giải mật tài liệu", "GIẢI MẬT TÀI LIỆU NĂM 1975", "Thay đổi độ mật, giải mật", "Sổ đăng ký độ mật",
    "Hướng dẫn đóng dấu MẬT trên phong bì", "Quản lý con dấu MẬT", "V/v khắc dấu MẬT, TỐI MẬT, TUYỆT MẬT",
    "Cấm gửi văn bản mật qua thư điện tử", "Không được gửi tài liệu mật qua mạng Internet.",
    "Nghiêm cấm việc chuyển văn bản mật qua mạng", "Quy trình gửi, nhận văn bản mật", "Về gửi công văn mật",
    "Cán bộ cơ yếu, bảo mật", "Cam kết bảo mật, giữ bí mật", "Bí mật kinh doanh", "Bí mật đời tư, thư tín",
    "Khóa bí mật (private key) của chữ ký số", "Cấp lại khóa bí mật", "Đổi mật khẩu thư điện tử", "Mật khẩu: 123456",
    "Cấp mật khẩu, tài khoản", "Mật mã dân sự", "Ngành cơ yếu và mật mã", "Mật độ dân số", "MẬT ĐỘ DÂN SỐ",
    "Mật độ xây dựng, mật độ cây xanh", "mật ong rừng", "Mật ong, đường, sữa", "Nuôi ong lấy mật", "Viêm túi mật",
    "Sỏi mật", "Chi trả thẻ BHYT viêm đường mật, sỏi mật", "Tuần trăng mật", "Quan hệ mật thiết", "Mật vụ",
    "Mật thư của phong trào Cần Vương", "Mặt trận Tổ quốc", "ỦY BAN MẶT TRẬN TỔ QUỐC VIỆT NAM XÃ", "Mặt bằng, đường",
    "Vắng mặt có lý do", "Khám mắt cho học sinh", "MẮT HỘT", "Thông báo mất điện", "THÔNG BÁO MẤT NƯỚC",
    "Báo cáo mất rừng", "Tôi mất chứng minh thư", "Mát xa", "Rau mát", "Trang thiết bị bảo mật", "Thông tin cá nhân",
    "Thư này có thể chứa thông tin mật, chỉ dành cho người nhận.", "Phần mềm bảo mật Kaspersky", "Bảo mật: yêu cầu",
    "Công tác văn thư, lưu trữ và bảo vệ bí mật", "Kiểm tra công tác bảo mật, an toàn thông tin",
    "Tuyên truyền Luật Bảo vệ bí mật nhà nước", "Kế hoạch bảo vệ bí mật nhà nước", "Nội quy bảo vệ bí mật nhà nước",
    "Báo cáo tổng kết 5 năm thi hành Pháp lệnh Bảo vệ BMNN", "Phổ biến quy chế bảo mật", "Thân mật gặp gỡ",
    "Hội nghị gặp mặt thân mật", "cơ mật viện", "Viện Cơ mật", "Lớp màng mật", "Độ mật: Không", "Độ mật: Thường",
)  # fmt: skip
BARE_WORDS = (
    "Bao cao cong tac bao ve bi mat nha nuoc", "BAO VE BI MAT NHA NUOC", "Tang cuong bao mat", "BAO MAT THONG TIN",
    "Doi mat khau", "Mat khau wifi", "MAT TRAN TO QUOC", "Uy ban Mat tran To quoc", "mat bang", "Giai phong mat bang",
    "Thong bao mat dien", "THONG BAO MAT NUOC", "Bao cao mat rung", "Toi mat chung minh thu", "Vang mat co ly do",
    "Mat duong hu hong", "Kham mat hoc sinh", "Mat do dan so", "Danh sach co mat", "bi mat", "Quan ly van ban mat do",
)  # fmt: skip
FILES = (
    "MAT TRAN TO QUOC.pdf", "mat bang.pdf", "BaoVeBiMat.pdf", "bao-ve-bi-mat-nha-nuoc.pdf", "12-KH_BaoVeBiMat.pdf",
    "DanhSachVangMat.xlsx", "danh-sach-co-mat.docx", "MatDoDanSo.xlsx", "Giai phong mat bang.pdf", "so do mat bang.dwg",
    "huong dan doi mat khau.pdf", "anh_mat.jpg", "kham-mat-2016.xlsx", "Bảo vệ bí mật nhà nước.pdf", "mat-duong.jpg",
    "thong-bao-mat-dien.pdf", "CV 45 giai mat tai lieu.pdf", "45-UBND_bao mat.pdf", "Mặt bằng.pdf", "BM.pdf",
    "MATH.pdf",
)  # fmt: skip


def seen(subject: str = "", name: str = "", line: str = "") -> Secrecy | None:
    """The mark that is read there."""
    found = read_secrecy(tidy(subject), [name] if name else [], [tidy(line).strip()] if line else [])
    return found.value if found else None


@pytest.mark.parametrize(("text", "mark"), [*SUBJECTS.items(), *BARE.items()])
def test_a_mark_in_a_subject_is_seen(text: str, mark: Secrecy) -> None:
    """Whatever brackets, dashes, spaces and letters it is written with, composed or decomposed; also with a Re:."""
    assert seen(text) is mark
    assert seen(unicodedata.normalize("NFD", text)) is mark


@pytest.mark.parametrize(("name", "mark"), NAMES.items())
def test_a_mark_in_a_file_name_is_seen(name: str, mark: Secrecy) -> None:
    """Between hyphens, underscores, dots and humps, at either end."""
    assert seen(name=name) is mark
    assert seen(name=unicodedata.normalize("NFD", name)) is mark


@pytest.mark.parametrize(("line", "mark"), LINES.items())
def test_a_mark_in_the_text_is_seen(line: str, mark: Secrecy) -> None:
    """Alone on its line, behind "Độ mật:", in brackets, or as the name of what is sent."""
    assert seen(line=line) is mark


@pytest.mark.parametrize("text", [*WORDS, *BARE_WORDS])
def test_words_about_secrecy_are_no_mark(text: str) -> None:
    """Papers about the protection of secrets are frequent, and travel; so do honey, faces and lost keys."""
    assert (seen(text), seen(line=text), seen(line=f"{text}, đề nghị quý cơ quan quan tâm.")) == (None, None, None)


@pytest.mark.parametrize("text", WORDS)
def test_words_about_secrecy_without_their_marks_are_none_in_a_file_name(text: str) -> None:
    """Programs name files after their titles."""
    assert seen(name=f"{text.replace(':', '')}.pdf") is None


@pytest.mark.parametrize("name", FILES)
def test_names_of_other_things_are_no_mark(name: str) -> None:
    """Mặt trận, mặt bằng, mật khẩu, vắng mặt: as files are called."""
    assert seen(name=name) is None


@pytest.mark.parametrize("text", [text for text in WORDS if "ật" in text or "ẬT" in text])
def test_sentences_typed_without_marks_are_seldom_held(text: str) -> None:
    """Without its marks a sentence about secrecy passes too, but where it names a degree that can be nothing else."""
    named = "tuyet mat" in without_marks(text).lower()
    assert seen(without_marks(text)) in ({None, T} if named else {None})


def test_hostile_lengths_cost_little() -> None:
    """Every text is read once: a subject of nothing but marks and letters takes no second."""
    start = time.process_time()
    for text in ("mật " * 150, "M Ậ T " * 100, "gửi tài liệu " * 50, "[" * 600, "độ mật " * 100):
        read_secrecy(text, [text[:255]] * 100, [text] * 15)
    assert time.process_time() - start < 4.0
