"""Naming: one key for every spelling of a name, and the marks that were typed beside it."""

from __future__ import annotations

import unicodedata
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailmap.directory.naming import agree, key, keys, read
from tests.mailmap.realm import units

NAMES = sorted({unit.name for unit in units()})

SAME = [
    ("UBND xã Hải Phúc", ["Ủy ban nhân dân xã Hải Phúc", "Uỷ ban nhân dân xã Hải Phúc", "UBND X. HẢI PHÚC",
     "xa Hai Phuc"]),
    ("UBND huyện Hải Hậu", ["UBND H. Hải Hậu", "huyện hải hậu", "UBND H.Hải Hậu", "UB huyện Hải Hậu"]),
    ("UBND thành phố Nam Định", ["UBND TP Nam Định", "UBND TP. Nam Định", "Thành phố Nam Định", "ubnd tp.nam định"]),
    ("UBND thị trấn Cồn", ["UBND TT Cồn", "TT. Cồn", "thị trấn Cồn"]),
    ("UBND thị xã Duy Tiên", ["TX Duy Tiên", "UBND TX. Duy Tiên"]),
    ("UBND phường Hạ Long", ["P. Hạ Long", "UBND P Hạ Long", "phường Hạ Long"]),
    ("UBND phường 5", ["Phường 05", "P5", "P. 5"]),
    ("UBND xã Hòa Hậu", ["xã Hoà Hậu", "xã Hòa Hậu"]),
    ("UBND huyện Giao Thủy", ["huyện Giao Thuỷ"]),
    ("UBND huyện Mỹ Lộc", ["huyện Mĩ Lộc"]),
    ("UBND thị trấn Quỹ Nhất", ["TT Quĩ Nhất"]),
    ("UBND xã Hải Đường", ["xã Hải Ðường", "xã Hải Ɖường"]),
    ("Trung tâm Y tế huyện Hải Hậu", ["TT Y tế huyện Hải Hậu", "TTYT huyện Hải Hậu", "Trung tâm y tế h. Hải Hậu"]),
    ("Phòng Tài chính - Kế hoạch", ["Phòng TC-KH", "P.TCKH", "P. TC-KH", "PTCKH", "Phòng Tài chính – Kế hoạch",
                                    "Phòng Tài chính và Kế hoạch", "Phòng TC&KH", "PHÒNG TÀI CHÍNH KẾ HOẠCH"]),
    ("Phòng Giáo dục và Đào tạo", ["PGD&ĐT", "Phòng GDĐT", "Phòng GD&ĐT", "Phòng GD-ĐT", "Phòng GD và ĐT", "P. GD&ĐT"]),
    ("Phòng Lao động - Thương binh và Xã hội", ["Phòng LĐTB&XH", "Phòng LĐ-TBXH", "Phòng LĐTBXH", "PLĐTBXH"]),
    ("Phòng Nông nghiệp và Phát triển nông thôn", ["Phòng NN&PTNT", "Phòng NN và PTNT", "Phòng Nông nghiệp & PTNT"]),
    ("Phòng Văn hóa và Thông tin", ["Phòng VH-TT", "Phòng VHTT", "Phòng VH&TT", "Phòng Văn hoá - Thông tin"]),
    ("Phòng Nội vụ", ["P. Nội vụ", "Phòng NV", "PNV"]),
    ("Phòng Tư pháp", ["Phòng TP", "P. Tư pháp"]),
    ("Sở Văn hóa, Thể thao và Du lịch", ["Sở VHTTDL", "Sở VH,TT&DL", "Sở VH-TT&DL", "Sở VH, TT và DL"]),
    ("Sở Thông tin và Truyền thông", ["Sở TT&TT", "Sở TTTT", "STTTT"]),
    ("Sở Giáo dục và Đào tạo", ["Sở GD&ĐT", "SGD&ĐT", "Sở GDĐT"]),
    ("Sở Tài nguyên và Môi trường", ["Sở TN&MT", "Sở TNMT", "STNMT"]),
    ("Sở Kế hoạch và Đầu tư", ["Sở KH&ĐT", "Sở KHĐT", "Sở KH-ĐT"]),
    ("Sở Nông nghiệp và Môi trường", ["Sở NN&MT", "Sở NNMT"]),
    ("Sở Tư pháp", ["Sở TP", "STP"]),
    ("Văn phòng HĐND và UBND huyện Hải Hậu", ["VP HĐND&UBND huyện Hải Hậu", "VP HĐND - UBND huyện Hải Hậu",
                                              "Văn phòng UBND huyện Hải Hậu"]),
    ("Văn phòng UBND tỉnh Nam Định", ["VP UBND tỉnh Nam Định", "VPUBND tỉnh Nam Định"]),
    ("Bộ Chỉ huy Quân sự tỉnh Nam Định", ["Bộ CHQS tỉnh Nam Định", "BCH Quân sự tỉnh Nam Định"]),
    ("Bảo hiểm xã hội tỉnh Nam Định", ["BHXH tỉnh Nam Định"]),
    ("Phòng Nội vụ huyện Hải Hậu", ["Phòng Nội vụ thuộc UBND huyện Hải Hậu", "Phòng Nội vụ - UBND huyện Hải Hậu",
                                    "Phòng Nội vụ của huyện Hải Hậu", "Phòng NV H. Hải Hậu"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "written"), [(name, one) for name, others in SAME for one in others])
def test_one_key_however_it_is_written(name: str, written: str) -> None:
    """Abbreviations, signs, case, Đ, the place of the tone, i and y, the authority in front: one key."""
    assert key(written) == key(name)
    assert key(unicodedata.normalize("NFD", written)) == key(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("xã Hải An", "xã Hải Anh"), ("xã Hải An", "thị trấn Hải An"), ("Phòng Nội vụ", "Sở Nội vụ"),
        ("Văn phòng UBND tỉnh Nam Định", "Văn phòng Đoàn ĐBQH và HĐND tỉnh Nam Định"), ("HĐND xã Hải An",
         "UBND xã Hải An"),
        ("Phòng TP", "TP"), ("TT Y tế", "TT Y Yên"), ("Phòng Y tế", "Phường Y tế"),
    ],
)  # fmt: skip
def test_different_names_have_different_keys(one: str, other: str) -> None:
    """Folding goes no further than people do."""
    assert key(one) != key(other)


def test_a_unit_is_found_by_its_whole_name_and_without_its_tier_or_place() -> None:
    """The whole name comes first; a commune is also called without its tier, a division without its office."""
    assert keys("UBND xã Hải Phúc") == ("xa hai phuc", "hai phuc")
    assert keys("Phòng Nội vụ huyện Hải Hậu") == ("phong noi vu huyen hai hau", "phong noi vu")
    assert keys("Phòng Văn hóa - Xã hội xã Hải Hậu")[1] == "phong van hoa xa hoi"
    assert keys("UBND xã Hải Phương") == ("xa hai phuong", "hai phuong")


@pytest.mark.parametrize(
    ("written", "official", "may_be"),
    [
        ("xã Trực Hưng", "UBND xã Trực Hưng", True), ("xã Trực Hưng", "UBND xã Trực Hùng", False),
        ("xa Truc Hung", "UBND xã Trực Hùng", True), ("xã Truc Hung", "UBND xã Trực Hùng", True),
        ("Trực Hùng", "UBND xã Trực Hùng", True), ("xã Hoà Hậu", "UBND xã Hòa Hậu", True),
        ("Phòng TC-KH", "Phòng Tài chính - Kế hoạch huyện Hải Hậu", True), ("xã Hải Phức", "UBND xã Hải Phúc", False),
        ("xã Hải Phúc", "UBND xa Hai Phuc", True),
    ],
)  # fmt: skip
def test_marks_that_were_typed_decide(written: str, official: str, may_be: bool) -> None:  # noqa: FBT001 - a column
    """Marks count as soon as one was typed in the name itself; the word for the tier says nothing of it."""
    assert agree(read(written), read(official)) is may_be


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_key_is_stable(form: Literal["NFC", "NFD"]) -> None:
    """Every real name has one key in every form and case, and it is the first of its keys."""
    for name in NAMES:
        assert key(unicodedata.normalize(form, name)) == key(name.upper()) == keys(name)[0] == read(name).key, name


@given(text=st.text(max_size=60))
def test_any_text_has_a_key(text: str) -> None:
    """No text is an error; a key is plain words with single spaces, and read agrees with it."""
    told = key(text)
    assert told == " ".join(told.split()) == read(text).key
    assert all(each == " ".join(each.split()) and each for each in keys(text))


def test_names_with_one_key_are_few() -> None:
    """In the real directory only names that differ in their marks share the key of another."""
    found: dict[str, set[str]] = {}
    for name in NAMES:
        found.setdefault(key(name), set()).add(name)
    shared = {frozenset(names) for names in found.values() if len(names) > 1}
    assert frozenset({"UBND xã Trực Hùng", "UBND xã Trực Hưng"}) in shared
    assert all(len({read(name).sounds for name in names}) == len(names) for names in shared)
