"""What made-up papers speak of: summaries, recipients, people, sentences, and the quotations that are traps."""

from __future__ import annotations

import random

_DOING = (
    "báo cáo tình hình",
    "triển khai thực hiện",
    "tăng cường công tác",
    "góp ý dự thảo Đề án",
    "đôn đốc giải ngân",
    "phối hợp cung cấp số liệu",
    "rà soát, thống kê",
    "cử cán bộ tham gia tập huấn",
    "đề nghị thẩm định",
    "kiểm tra, xử lý",
    "hướng dẫn nghiệp vụ",
    "thành lập Tổ công tác về",
    "phê duyệt Kế hoạch",
)
_MATTER = (
    "phòng, chống thiên tai và tìm kiếm cứu nạn",
    "thu hoạch lúa mùa",
    "chuyển đổi số",
    "an toàn thực phẩm",
    "công tác văn thư, lưu trữ",
    "giải quyết thủ tục hành chính",
    "xây dựng nông thôn mới",
    "quản lý đất đai",
    "khám bệnh, chữa bệnh bảo hiểm y tế",
    "thi đua, khen thưởng",
    "cải cách hành chính và Đề án 06",
    "đầu tư công trung hạn",
    "bảo vệ môi trường làng nghề",
    "tuyển sinh vào lớp 10",
)
_TAIL = (
    "",
    "",
    "",
    " năm 2025",
    " giai đoạn 2021 - 2025",
    " trên địa bàn tỉnh",
    " quý III/2025",
    " theo Nghị định số 30/2020/NĐ-CP",
    " tại Công văn số 1234/BNV-VP",
    " 6 tháng đầu năm, nhiệm vụ trọng tâm 6 tháng cuối năm 2025",
    " (lần 2)",
    " của các cơ quan, đơn vị sự nghiệp công lập",
)
_FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Y", "H’", "Giàng A", "Lò Thị")
_MIDDLE = ("Văn", "Thị", "Minh", "Quang", "Đức", "Hồng", "Thị Quỳnh")
_GIVEN = ("An", "Bình", "Chính", "Dũng", "Hà", "Long", "Nguyên", "Thái", "Vân", "Xuyên")
TO = (
    "Ủy ban nhân dân tỉnh Nam Định",
    "Sở Nội vụ",
    "Các sở, ban, ngành",
    "UBND các xã, phường",
    "Văn phòng Chính phủ",
    "Sở Nông nghiệp và Môi trường",
    "Hội đồng nhân dân tỉnh",
    "Bộ Tài chính",
    "Ban Tổ chức Tỉnh ủy",
    "Công an tỉnh",
    "Các phòng, ban, đơn vị trực thuộc",
    "Bảo hiểm xã hội tỉnh",
)
COPIES = (
    "Như trên",
    "Như Điều 3",
    "Chủ tịch, các PCT UBND tỉnh",
    "Thường trực Tỉnh ủy",
    "VPUB: CVP, PCVP",
    "Cục Kiểm tra văn bản và QLXLVPHC, Bộ Tư pháp",
    "Trung tâm Công báo - Tin học",
    "Website cơ quan",
    "Các Ban của HĐND tỉnh",
    "Sở Tài chính (để biết)",
)
PROSE = (
    "Thời gian qua, các cơ quan, đơn vị đã tích cực tổ chức thực hiện nhiệm vụ được giao và đạt kết quả",
    "quan trọng. Tuy nhiên vẫn còn một số tồn tại, hạn chế cần khẩn trương khắc phục, nhất là công tác bảo vệ bí mật",
    "nhà nước, bảo mật thông tin và hỏa tốc xử lý các tình huống phát sinh; quản lý tài liệu mật đúng quy định.",
    "Yêu cầu thủ trưởng các cơ quan nghiêm túc thực hiện, kịp thời báo cáo những khó khăn, vướng mắc.",
    "Ông Nguyễn Văn Bình, Chủ tịch Hội đồng, thay mặt đơn vị ký kết và chịu trách nhiệm trước pháp luật.",
)


def summary(dice: random.Random) -> str:
    """What a paper is about."""
    return f"{dice.choice(_DOING)} {dice.choice(_MATTER)}{dice.choice(_TAIL)}"


def person(dice: random.Random) -> str:
    """A name."""
    return f"{dice.choice(_FAMILY)} {dice.choice(_MIDDLE)} {dice.choice(_GIVEN)}".replace("’ ", "’")


def quoted(dice: random.Random) -> str:
    """A symbol of some other paper."""
    return dice.choice(
        [
            f"{dice.randint(10, 2999)}/QĐ-UBND",
            f"{dice.randint(10, 99)}/2024/NĐ-CP",
            f"{dice.randint(10, 999)}/SNV-CCVC",
            f"{dice.randint(10, 99)}/2023/TT-BTC",
            f"{dice.randint(10, 999)}/KH-UBND",
        ]
    )
