"""Schools, hospitals, companies, unions, and offices of the party, for papers that tests make up."""

from __future__ import annotations

import random

from tests.papers.office import Office, Sort


def house(dice: random.Random) -> Office:
    """A school, a hospital, a company or a union."""
    return dice.choice(
        [
            Office(
                ("PHÒNG GD&ĐT HUYỆN HẢI HẬU", "TRƯỜNG TIỂU HỌC HẢI PHÚC"),
                ("Trường Tiểu học Hải Phúc", "Phòng GD&ĐT huyện Hải Hậu"),
                "THHP",
                ("VP",),
                "Hải Phúc",
                "HIỆU TRƯỞNG",
            ),
            Office(
                ("UBND XÃ HẢI HẬU", "TRƯỜNG MẦM NON HẢI LONG"),
                ("Trường Mầm non Hải Long", "Ủy ban nhân dân xã Hải Hậu"),
                "MNHL",
                ("HC",),
                "Hải Hậu",
                "HIỆU TRƯỞNG",
            ),
            Office(
                ("SỞ Y TẾ NINH BÌNH", "BỆNH VIỆN ĐA KHOA TỈNH"),
                ("Bệnh viện đa khoa tỉnh", "Sở Y tế Ninh Bình"),
                "BVĐK",
                ("KHTH", "TCHC"),
                "Ninh Bình",
                "GIÁM ĐỐC",
            ),
            Office(
                ("CÔNG TY CỔ PHẦN", "XÂY DỰNG SÔNG HỒNG"),
                ("Công ty cổ phần Xây dựng Sông Hồng", ""),
                "SH",
                ("KT", "HCNS"),
                "Hà Nội",
                "GIÁM ĐỐC",
            ),
            Office(
                ("CÔNG TY TNHH MTV", "KHAI THÁC CÔNG TRÌNH", "THỦY LỢI HẢI HẬU"),
                ("Công ty TNHH MTV Khai thác công trình thủy lợi Hải Hậu", ""),
                "KTCTTL",
                ("KH",),
                "Hải Hậu",
                "CHỦ TỊCH CÔNG TY",
            ),
            Office(
                ("TẬP ĐOÀN", "ĐIỆN LỰC VIỆT NAM"),
                ("Tập đoàn Điện lực Việt Nam", ""),
                "EVN",
                ("KH", "ĐT"),
                "Hà Nội",
                "TỔNG GIÁM ĐỐC",
            ),
            Office(
                ("LIÊN ĐOÀN LAO ĐỘNG", "TỈNH NAM ĐỊNH"),
                ("Liên đoàn Lao động tỉnh Nam Định", ""),
                "LĐLĐ",
                ("TC", "VP"),
                "Nam Định",
                "CHỦ TỊCH",
                "TM. BAN THƯỜNG VỤ",
            ),
            Office(
                ("HỘI LIÊN HIỆP PHỤ NỮ", "TỈNH NAM ĐỊNH"),
                ("Hội Liên hiệp phụ nữ tỉnh Nam Định", ""),
                "BTV",
                ("VP",),
                "Nam Định",
                "CHỦ TỊCH",
                "TM. BAN THƯỜNG VỤ",
            ),
        ]
    )


def party(dice: random.Random) -> Office:
    """An office of the party: its symbols join with a dash."""
    return dice.choice(
        [
            Office(
                ("TỈNH ỦY NAM ĐỊNH", "*"),
                ("Tỉnh ủy Nam Định", ""),
                "TU",
                (),
                "Nam Định",
                "BÍ THƯ",
                "T/M BAN THƯỜNG VỤ",
                Sort.PARTY,
            ),
            Office(
                ("TỈNH ỦY NINH BÌNH", "BAN TỔ CHỨC", "*"),
                ("Ban Tổ chức", "Tỉnh ủy Ninh Bình"),
                "BTCTU",
                (),
                "Ninh Bình",
                "TRƯỞNG BAN",
                "",
                Sort.PARTY,
            ),
            Office(
                ("ĐẢNG BỘ TỈNH NAM ĐỊNH", "HUYỆN ỦY HẢI HẬU", "*"),
                ("Huyện ủy Hải Hậu", "Đảng bộ tỉnh Nam Định"),
                "HU",
                (),
                "Hải Hậu",
                "BÍ THƯ",
                "T/M BAN THƯỜNG VỤ",
                Sort.PARTY,
            ),
            Office(
                ("BAN CHẤP HÀNH TRUNG ƯƠNG", "VĂN PHÒNG", "*"),
                ("Văn phòng", "Ban chấp hành Trung ương"),
                "VPTW",
                (),
                "Hà Nội",
                "CHÁNH VĂN PHÒNG",
                "",
                Sort.PARTY,
            ),
            Office(
                ("ĐẢNG ỦY UBND TỈNH NINH BÌNH", "CHI BỘ SỞ NỘI VỤ", "*"),
                ("Chi bộ Sở Nội vụ", "Đảng ủy Ủy ban nhân dân tỉnh Ninh Bình"),
                "CB",
                (),
                "Ninh Bình",
                "BÍ THƯ",
                "T/M CHI BỘ",
                Sort.PARTY,
            ),
        ]
    )
