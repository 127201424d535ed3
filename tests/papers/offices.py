"""Offices of every sort that issue documents, as their heads are printed: for papers that tests make up.

Promises:  an office knows the lines over its number, what its symbols call it, and who signs how. Nothing here is a
           real document's: places are real, numbers and people are drawn.
"""

from __future__ import annotations

import random

from tests.papers.houses import house, party
from tests.papers.office import Office

PROVINCES = (
    "Ninh Bình",
    "Nam Định",
    "Quảng Ngãi",
    "Thừa Thiên Huế",
    "Đắk Lắk",
    "Bà Rịa - Vũng Tàu",
    "Lào Cai",
    "Hà Tĩnh",
)
CITIES = ("Hải Phòng", "Đà Nẵng", "Hồ Chí Minh", "Cần Thơ", "Hà Nội")
DISTRICTS = ("Hải Hậu", "Ý Yên", "Xuân Trường", "Đông Anh", "Đức Thọ", "Krông Pắc")
COMMUNES = ("Hải Phúc", "Xuân Trường", "Giao Hưng", "Ea Kly", "Đồng Thịnh", "Nghĩa Lâm")
WARDS = ("Nam Định", "Đông A", "Hoa Lư", "Thành Nam")


def drawn(dice: random.Random) -> Office:
    """Some office."""
    return dice.choice(_MAKERS)(dice)


def _province(dice: random.Random) -> Office:
    where = dice.choice(PROVINCES)
    head = dice.choice([("ỦY BAN NHÂN DÂN", f"TỈNH {where.upper()}"), (f"UBND TỈNH {where.upper()}",)])
    return Office(
        head,
        (f"Ủy ban nhân dân tỉnh {where}", ""),
        "UBND",
        ("VP", "KGVX", "NNTN", "TTHC", "VP5"),
        where,
        "CHỦ TỊCH",
        "TM. ỦY BAN NHÂN DÂN",
    )


def _city(dice: random.Random) -> Office:
    where = dice.choice(CITIES)
    head = ("ỦY BAN NHÂN DÂN", f"THÀNH PHỐ {where.upper()}")
    return Office(
        head,
        (f"Ủy ban nhân dân thành phố {where}", ""),
        "UBND",
        ("VP", "ĐT", "NCPC"),
        where,
        "CHỦ TỊCH",
        "TM. ỦY BAN NHÂN DÂN",
    )


def _district(dice: random.Random) -> Office:
    where = dice.choice(DISTRICTS)
    head = dice.choice([("ỦY BAN NHÂN DÂN", f"HUYỆN {where.upper()}"), (f"UBND HUYỆN {where.upper()}",)])
    return Office(
        head,
        (f"Ủy ban nhân dân huyện {where}", ""),
        "UBND",
        ("VP", "NN", "TCKH"),
        where,
        "CHỦ TỊCH",
        "TM. ỦY BAN NHÂN DÂN",
    )


def _commune(dice: random.Random) -> Office:
    level, where = dice.choice([*(("xã", each) for each in COMMUNES), *(("phường", each) for each in WARDS)])
    head = ("ỦY BAN NHÂN DÂN", f"{level.upper()} {where.upper()}")
    return Office(
        head,
        (f"Ủy ban nhân dân {level} {where}", ""),
        "UBND",
        ("VP", "VHXH", "KT", "ĐC"),
        where,
        "CHỦ TỊCH",
        "TM. ỦY BAN NHÂN DÂN",
    )


_DEPARTMENTS = (
    (("SỞ NÔNG NGHIỆP", "VÀ MÔI TRƯỜNG"), "Sở Nông nghiệp và Môi trường", "SNNMT", ("TL", "VP", "CCTL")),
    (("SỞ NỘI VỤ",), "Sở Nội vụ", "SNV", ("VP", "CCVC", "TCBC")),
    (("SỞ LAO ĐỘNG -", "THƯƠNG BINH VÀ XÃ HỘI"), "Sở Lao động - Thương binh và Xã hội", "SLĐTBXH", ("VP", "BTXH")),
    (("SỞ Y TẾ",), "Sở Y tế", "SYT", ("NVY", "VP")),
    (("SỞ GIÁO DỤC VÀ ĐÀO TẠO",), "Sở Giáo dục và Đào tạo", "SGDĐT", ("GDTrH", "VP", "TCCB")),
    (("SỞ KHOA HỌC VÀ CÔNG NGHỆ",), "Sở Khoa học và Công nghệ", "SKHCN", ("CĐS", "VP")),
    (("SỞ TÀI CHÍNH",), "Sở Tài chính", "STC", ("QLNS", "HCSN")),
    (("BAN QUẢN LÝ", "CÁC KHU CÔNG NGHIỆP"), "Ban quản lý các khu công nghiệp", "BQLKCN", ("QLĐT", "VP")),
    (("THANH TRA TỈNH",), "Thanh tra tỉnh", "TTT", ("VP", "NV1")),
)


def _department(dice: random.Random) -> Office:
    where = dice.choice(PROVINCES)
    lines, name, code, desks = dice.choice(_DEPARTMENTS)
    above = dice.choice([(f"UBND TỈNH {where.upper()}",), ("ỦY BAN NHÂN DÂN", f"TỈNH {where.upper()}")])
    leader = {"Ban": "TRƯỞNG BAN", "Tha": "CHÁNH THANH TRA"}.get(name[:3], "GIÁM ĐỐC")
    return Office((*above, *lines), (name, f"Ủy ban nhân dân tỉnh {where}"), code, desks, where, leader)


def _branch(dice: random.Random) -> Office:
    where = dice.choice(PROVINCES)
    lines, name, code, above, whole = dice.choice(
        [
            (
                ("CHI CỤC THỦY LỢI",),
                "Chi cục Thủy lợi",
                "CCTL",
                ("SỞ NÔNG NGHIỆP", "VÀ MÔI TRƯỜNG"),
                "Sở Nông nghiệp và Môi trường",
            ),
            (("CHI CỤC VĂN THƯ - LƯU TRỮ",), "Chi cục Văn thư - Lưu trữ", "CCVTLT", ("SỞ NỘI VỤ",), "Sở Nội vụ"),
            (("TRUNG TÂM", "KIỂM SOÁT BỆNH TẬT"), "Trung tâm Kiểm soát bệnh tật", "KSBT", ("SỞ Y TẾ",), "Sở Y tế"),
        ]
    )
    return Office(
        (*above, *lines),
        (name, whole),
        code,
        ("HC", "QLCT", "VP"),
        where,
        "CHI CỤC TRƯỞNG" if "CHI" in lines[0] else "GIÁM ĐỐC",
    )


_MINISTRIES = (
    ("BỘ TÀI CHÍNH", "Bộ Tài chính", "BTC", ("QLN", "VP")),
    ("BỘ NỘI VỤ", "Bộ Nội vụ", "BNV", ("VP", "CCVC")),
    ("BỘ XÂY DỰNG", "Bộ Xây dựng", "BXD", ("QLN", "KTXD")),
    ("BỘ Y TẾ", "Bộ Y tế", "BYT", ("KCB", "VPB")),
    ("BỘ NÔNG NGHIỆP|VÀ MÔI TRƯỜNG", "Bộ Nông nghiệp và Môi trường", "BNNMT", ("VP", "TCCB")),
    ("BỘ GIÁO DỤC VÀ ĐÀO TẠO", "Bộ Giáo dục và Đào tạo", "BGDĐT", ("GDTrH", "VP")),
    ("THANH TRA CHÍNH PHỦ", "Thanh tra Chính phủ", "TTCP", ("KHTH", "VP")),
    ("NGÂN HÀNG NHÀ NƯỚC|VIỆT NAM", "Ngân hàng Nhà nước Việt Nam", "NHNN", ("TT", "VP")),
)


def _ministry(dice: random.Random) -> Office:
    head, name, code, desks = dice.choice(_MINISTRIES)
    leader = {"TTCP": "TỔNG THANH TRA", "NHNN": "THỐNG ĐỐC"}.get(code, "BỘ TRƯỞNG")
    return Office(tuple(head.split("|")), (name, ""), code, desks, "Hà Nội", leader)


def _under_ministry(dice: random.Random) -> Office:
    head, names, code, leader = dice.choice(
        [
            (("BỘ TÀI CHÍNH", "CỤC THUẾ"), ("Cục Thuế", "Bộ Tài chính"), "CT", "CỤC TRƯỞNG"),
            (("BỘ CÔNG AN", "CÔNG AN TỈNH NINH BÌNH"), ("Công an tỉnh Ninh Bình", "Bộ Công an"), "CAT", "GIÁM ĐỐC"),
            (("BỘ TƯ PHÁP", "CỤC HÀNH CHÍNH TƯ PHÁP"), ("Cục Hành chính tư pháp", "Bộ Tư pháp"), "HCTP", "CỤC TRƯỞNG"),
            (
                ("BỘ GIÁO DỤC VÀ ĐÀO TẠO", "TRƯỜNG ĐẠI HỌC VINH"),
                ("Trường Đại học Vinh", "Bộ Giáo dục và Đào tạo"),
                "ĐHV",
                "HIỆU TRƯỞNG",
            ),
            (
                ("BẢO HIỂM XÃ HỘI VIỆT NAM", "BẢO HIỂM XÃ HỘI", "TỈNH NAM ĐỊNH"),
                ("Bảo hiểm xã hội tỉnh Nam Định", "Bảo hiểm xã hội Việt Nam"),
                "BHXH",
                "GIÁM ĐỐC",
            ),
        ]
    )
    return Office(head, names, code, ("VP", "CS", "TCHC"), dice.choice(["Hà Nội", "Ninh Bình"]), leader)


def _centre(dice: random.Random) -> Office:
    return dice.choice(
        [
            Office(("THỦ TƯỚNG CHÍNH PHỦ",), ("Thủ tướng Chính phủ", ""), "TTg", ("KTTH", "NN"), "Hà Nội", "THỦ TƯỚNG"),
            Office(
                ("VĂN PHÒNG CHÍNH PHỦ",),
                ("Văn phòng Chính phủ", ""),
                "VPCP",
                ("KSTT", "NN", "QHĐP"),
                "Hà Nội",
                "BỘ TRƯỞNG, CHỦ NHIỆM",
            ),
            Office(("VĂN PHÒNG QUỐC HỘI",), ("Văn phòng Quốc hội", ""), "VPQH", ("TH", "HC"), "Hà Nội", "CHỦ NHIỆM"),
            Office(
                ("TÒA ÁN NHÂN DÂN", "TỈNH NAM ĐỊNH"),
                ("Tòa án nhân dân tỉnh Nam Định", ""),
                "TAND",
                ("VP", "TCCB"),
                "Nam Định",
                "CHÁNH ÁN",
            ),
            Office(
                ("VIỆN KIỂM SÁT NHÂN DÂN", "TỐI CAO"),
                ("Viện kiểm sát nhân dân tối cao", ""),
                "VKSTC",
                ("VP", "V1"),
                "Hà Nội",
                "VIỆN TRƯỞNG",
            ),
        ]
    )


def _council(dice: random.Random) -> Office:
    level, where = dice.choice([("tỉnh", dice.choice(PROVINCES)), ("xã", dice.choice(COMMUNES))])
    head = ("HỘI ĐỒNG NHÂN DÂN", f"{level.upper()} {where.upper()}")
    name = f"Hội đồng nhân dân {level} {where}"
    return Office(
        head, (name, ""), "HĐND", ("TT", "VP", "KTNS"), where, "CHỦ TỊCH", dice.choice(["", "TM. HỘI ĐỒNG NHÂN DÂN"])
    )


def _state_powers(dice: random.Random) -> Office:
    return dice.choice(
        [
            Office(("CHÍNH PHỦ",), ("Chính phủ", ""), "CP", ("KTTH",), "Hà Nội", "THỦ TƯỚNG", "TM. CHÍNH PHỦ"),
            Office(("QUỐC HỘI",), ("Quốc hội", ""), "QH15", (), "Hà Nội", "CHỦ TỊCH QUỐC HỘI"),
            Office(
                ("ỦY BAN THƯỜNG VỤ QUỐC HỘI",),
                ("Ủy ban Thường vụ Quốc hội", ""),
                "UBTVQH15",
                (),
                "Hà Nội",
                "CHỦ TỊCH",
                "TM. ỦY BAN THƯỜNG VỤ QUỐC HỘI",
            ),
        ]
    )


def _joint(dice: random.Random) -> Office:
    """Two ministries together: one name over the other, or both in a row."""
    (one, first, code, _), (_, second, other, _) = dice.sample([each for each in _MINISTRIES if "|" not in each[0]], 2)
    below = second.upper()
    head = dice.choice([(f"{one} - {below}",), (f"{one} -", below), (one, "-", below)])
    return Office(head, (f"{first} - {second}", ""), f"{code}-{other}", (), "Hà Nội", "BỘ TRƯỞNG")


_MAKERS = (
    _state_powers,
    _joint,
    _province,
    _province,
    _city,
    _district,
    _commune,
    _department,
    _department,
    _branch,
    _ministry,
    _under_ministry,
    _centre,
    _council,
    house,
    house,
    party,
)
