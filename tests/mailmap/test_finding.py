"""Finding: what the recipients that a clerk wrote mean, in the real province."""

from __future__ import annotations

import pytest

from mailmap.directory.unit import UnitKind
from tests.mailmap.realm import LATER, NEW, OLD, asked, told, unit, units

COMMUNE, DISTRICT, PROVINCE, DIVISION, DEPARTMENT = (
    "haiphuc.haihau", "haihau", "namdinh", "phongnoivu.haihau", "sonoivu.namdinh"
)  # fmt: skip

# Who writes what in 2016, and the ids of the units that are certain.
CERTAIN = [
    (COMMUNE, "UBND huyện Hải Hậu; Phòng Tài chính - Kế hoạch; UBND các xã Hải An, Hải Phong",
     ["haihau", "phongtckh.haihau", "haian.haihau", "haiphong.haihau"]),
    (COMMUNE, "UBND huyện; UBND tỉnh; Phòng TC-KH; Sở TN&MT", ["haihau", "namdinh", "phongtckh.haihau",
     "sotnmt.namdinh"]),
    (COMMUNE, "Phòng GD&ĐT huyện; VP HĐND&UBND huyện; Thanh tra huyện; Thanh tra tỉnh",
     ["phonggddt.haihau", "vanphong.haihau", "thanhtra.haihau", "thanhtra.namdinh"]),
    (COMMUNE, "xã Hải An, Hải Phong, thị trấn Cồn và TT Thịnh Long",
     ["haian.haihau", "haiphong.haihau", "con.haihau", "thinhlong.haihau"]),
    (COMMUNE, "UBND các xã: Hải An, Hải Phong, huyện Hải Hậu", ["haian.haihau", "haiphong.haihau"]),
    (COMMUNE, "UBND 03 xã: Hải An, Hải Phong, Hải Hà", ["haian.haihau", "haiphong.haihau", "haiha.haihau"]),
    (COMMUNE, "Phòng Nội vụ, Tư pháp, Văn hóa và Thông tin",
     ["phongnoivu.haihau", "phongtuphap.haihau", "phongvhtt.haihau"]),
    (COMMUNE, "Hải Phong - Hải Hậu; Hải Phong (Hải Hậu)", ["haiphong.haihau", "haiphong.haihau"]),
    (COMMUNE, "xã Hồng Quang, huyện Nam Trực, tỉnh Nam Định", ["hongquang.namtruc"]),
    (COMMUNE, "Phòng Nội vụ huyện Giao Thủy; Phòng TCKH Giao Thuỷ", ["phongnoivu.giaothuy", "phongtckh.giaothuy"]),
    (COMMUNE, "Chủ tịch UBND huyện Hải Hậu; Trưởng phòng TC-KH; Giám đốc Sở Nội vụ",
     ["haihau", "phongtckh.haihau", "sonoivu.namdinh"]),
    (COMMUNE, "HĐND, UBND xã Hải An; HĐND và UBND xã Hải Hà", ["haian.haihau", "haiha.haihau"]),
    (COMMUNE, "ubnd xa hai an; PHÒNG NỘI VỤ; so noi vu", ["haian.haihau", "phongnoivu.haihau", "sonoivu.namdinh"]),
    (COMMUNE, "UBND thành phố Nam Định; TP Nam Định; UBND TP. Nam Định", ["tpnamdinh"] * 3),
    ("quangtrung.vuban", "phường Quang Trung", ["quangtrung.tpnamdinh"]),
    ("minhtan.vuban", "Quang Trung; xã Quang Trung", ["quangtrung.vuban"] * 2),
    ("halong.tpnamdinh", "UBND phường Bà Triệu, Nguyễn Du; P. Năng Tĩnh; P. Kinh tế; UBND TP",
     ["batrieu.tpnamdinh", "nguyendu.tpnamdinh", "nangtinh.tpnamdinh", "phongkinhte.tpnamdinh", "tpnamdinh"]),
    (DEPARTMENT, "Các Sở: Tài chính, Kế hoạch và Đầu tư, Văn hóa, Thể thao và Du lịch, Công an tỉnh",
     ["sotaichinh.namdinh", "sokhdt.namdinh", "sovhttdl.namdinh", "congan.namdinh"]),
    (DEPARTMENT, "UBND các huyện Hải Hậu, Giao Thủy và thành phố Nam Định", ["haihau", "giaothuy", "tpnamdinh"]),
    (DEPARTMENT, "Sở NN và PTNT; VP Đoàn ĐBQH và HĐND tỉnh; VP UBND tỉnh; Bộ CHQS tỉnh; Kho bạc Nhà nước tỉnh",
     ["sonnptnt.namdinh", "vanphonghdnd.namdinh", "vanphong.namdinh", "bchqs.namdinh", "khobac.namdinh"]),
    (None, "UBND huyện Hải Hậu; Phòng Nội vụ huyện Hải Hậu; UBND xã Hải Phong, huyện Hải Hậu",
     ["haihau", "phongnoivu.haihau", "haiphong.haihau"]),
]  # fmt: skip

# Groups: how many units, and one that is among them.
GROUPS = [
    (DISTRICT, "UBND các xã, thị trấn", 34, "con.haihau"),
    (COMMUNE, "UBND các xã, thị trấn", 33, "haian.haihau"),
    (COMMUNE, "UBND các xã", 30, "haian.haihau"),
    (DIVISION, "UBND các xã, thị trấn trong huyện", 34, "haian.haihau"),
    (DIVISION, "UBND các xã, TT trên địa bàn huyện (để thực hiện)", 34, "haian.haihau"),
    (COMMUNE, "UBND các xã, thị trấn thuộc huyện Giao Thủy", 22, "giaoan.giaothuy"),
    (COMMUNE, "UBND các xã (trừ xã Hải An, Hải Bắc)", 28, "haiha.haihau"),
    (DISTRICT, "UBND các xã, thị trấn, trừ thị trấn Cồn", 33, "haiha.haihau"),
    (DISTRICT, "Chủ tịch UBND các xã, thị trấn", 34, "haiha.haihau"),
    (DISTRICT, "UBND 34 xã, thị trấn", 34, "haiha.haihau"),
    (DISTRICT, "các phòng, ban của huyện", 12, "phongtckh.haihau"),
    (DISTRICT, "Các phòng, ban, ngành, đoàn thể huyện", 12, "thanhtra.haihau"),
    (DIVISION, "các phòng, ban chuyên môn thuộc UBND huyện", 11, "phongtckh.haihau"),
    (COMMUNE, "Các phòng chuyên môn thuộc UBND huyện Hải Hậu", 12, "phongtckh.haihau"),
    (PROVINCE, "các sở, ban, ngành", 25, "congan.namdinh"),
    (COMMUNE, "Các sở, ban, ngành của tỉnh", 25, "congan.namdinh"),
    (DEPARTMENT, "Các sở", 14, "sotaichinh.namdinh"),
    (DEPARTMENT, "UBND các huyện, thành phố", 10, "tpnamdinh"),
    (DEPARTMENT, "Phòng Nội vụ các huyện, thành phố", 10, "phongnoivu.tpnamdinh"),
    (PROVINCE, "UBND các xã, phường, thị trấn", 226, "halong.tpnamdinh"),
    ("halong.tpnamdinh", "UBND các phường, xã", 24, "nguyendu.tpnamdinh"),
]  # fmt: skip

# What is asked: the reason, and the choices in their order.
ASKED = [
    (DISTRICT, "xa Truc Hung", "unclear", ["truchungf.trucninh", "truchuwng.trucninh"]),
    (COMMUNE, "Nam Định", "unclear", ["tpnamdinh", "namdinh"]),
    (COMMUNE, "UBND xã Hải Phuk", "misspelt", ["haiphu.haihau", "haiphuc.haihau"]),
    (COMMUNE, "UBND huyện Hải Hâu", "misspelt", ["haihau"]),
    (COMMUNE, "UBND các xã Hải An, Hải Phongg", "misspelt", ["haiphong.haihau", "haiphuong.haihau"]),
    (COMMUNE, "Phòng Tài chính", "misspelt", ["phongtckh.haihau"]),
    (COMMUNE, "UBND xã Hải An, huyện Giao Thủy", "not-there", ["haian.haihau"]),
    (COMMUNE, "HĐND xã Hải An", "council", ["haian.haihau"]),
    (COMMUNE, "Hạt Kiểm lâm huyện", "no-part", ["haihau"]),
    (COMMUNE, "UBND tỉnh (qua Sở Nội vụ)", "through", ["sonoivu.namdinh", "namdinh"]),
    ("halong.tpnamdinh", "UBND huyện", "no-own", ["tpnamdinh"]),
    (None, "Hải Phúc", "unclear", ["haiphuc.haihau"]),
    (None, "Sở Nội vụ", "unclear", ["sonoivu.namdinh"]),
    (None, "UBND huyện", "no-own", []),
    (COMMUNE, "Các doanh nghiệp trên địa bàn", "group-unknown", []),
    (COMMUNE, "các cơ quan, đơn vị liên quan", "group-unknown", []),
    (COMMUNE, "UBND 5 xã", "group-unknown", []),
    (DISTRICT, "UBND các phường", "group-empty", []),
    (COMMUNE, "UBND các xã (trừ xã Không Có)", "exception", []),
    (COMMUNE, "UBND các xã (danh sách kèm theo)", "elsewhere", []),
    (COMMUNE, "Như Điều 3", "elsewhere", []),
    (COMMUNE, "Nơi nhận: Như trên", "nothing-above", []),
    (COMMUNE, "Ông Nguyễn Văn A", "person", []),
    (COMMUNE, "Công ty TNHH Không Có Thật", "unknown", []),
]  # fmt: skip


@pytest.mark.parametrize(("sender", "text", "wanted"), CERTAIN)
def test_certain_names(sender: str | None, text: str, wanted: list[str]) -> None:
    """Names, lists and parts of offices mean the units near to the sender, one answer for each that was written."""
    found = asked(text, sender)
    assert [u.id for f in found for u in f.units] == wanted, told(text, sender)
    assert all(len(f.units) == 1 and not f.choices for f in found)


@pytest.mark.parametrize(("sender", "text", "count", "among"), GROUPS)
def test_groups(sender: str, text: str, count: int, among: str) -> None:
    """A group means what lives in the sender's place, of the named tiers, without the sender."""
    (found,) = asked(text, sender)
    ids = [u.id for u in found.units]
    assert (len(ids), len(set(ids))) == (count, count), found.why
    assert among in ids
    assert sender not in ids


@pytest.mark.parametrize(("sender", "text", "why", "choices"), ASKED)
def test_what_is_not_certain_is_asked(sender: str | None, text: str, why: str, choices: list[str]) -> None:
    """Nothing is guessed: the reason is said, and the choices come the likeliest first."""
    assert told(text, sender)[-1] == (why, [], choices)


@pytest.mark.parametrize(
    "text",
    ["Kính gửi: UBND tỉnh\nNơi nhận:\n- Như trên;\n- Chủ tịch, các PCT UBND huyện;\n- Lãnh đạo;\n- CPVP;\n- Lưu: VT.",
     "Kính gửi: UBND tỉnh\nNơi nhận: Như Kính gửi; Bà Trần Thị B; đ/c Chủ tịch; Lưu VT"],
)  # fmt: skip
def test_what_needs_no_delivery(text: str) -> None:
    """What stands above, what is kept, and persons of the sender's own office get nothing of their own."""
    first, *rest = told(text, DISTRICT)
    assert first == ("own", ["namdinh"], [])
    assert rest == [("no-delivery", [], [])] * len(rest)


def test_a_person_of_another_office_is_reached_through_it() -> None:
    """Copies for the district's head come to the district's records office when a division writes them."""
    assert told("Nơi nhận:\n- Các PCT UBND huyện (để b/c);\n- Lưu: VT", DIVISION)[0] == ("of-person", ["haihau"], [])
    assert told("Kính gửi: Đồng chí Chủ tịch UBND huyện", COMMUNE) == [("of-person", ["haihau"], [])]


def test_nobody_writes_to_himself_in_silence() -> None:
    """Its own name alone needs no delivery; when another unit bears it too, the sender surely means that one."""
    assert told("UBND xã Hải Phúc", COMMUNE) == [("no-delivery", [], [])]
    assert told("UBND xã Hồng Quang", "hongquang.yyen", LATER) == [
        ("unclear", [], ["hongquang.namtruc", "hongquang.yyen"])
    ]


def test_homonyms_are_decided_by_the_senders_place() -> None:
    """Xã Hồng Quang of Ý Yên and of Nam Trực: each district means its own, all others are asked."""
    for sender, wanted in (("yyen", "hongquang.yyen"), ("namtruc", "hongquang.namtruc"),
                           ("phongnoivu.yyen", "hongquang.yyen")):  # fmt: skip
        assert told("UBND xã Hồng Quang", sender, LATER) == [("nearest", [wanted], [])]
    both = ["hongquang.namtruc", "hongquang.yyen"]
    assert told("UBND xã Hồng Quang", "haihau", LATER) == [("unclear", [], both)]
    assert told("UBND xã Hồng Quang", "namdinh", LATER) == [("unclear", [], both)]
    assert told("UBND xã Hồng Quang, huyện Ý Yên", "haihau", LATER) == [("certain", ["hongquang.yyen"], [])]
    assert told("UBND xã Hồng Quang", "haihau", OLD) == [("certain", ["hongquang.namtruc"], [])]


def test_old_names_reach_the_heir_with_the_steps() -> None:
    """After a merger the old name leads on, in as many steps as there were; before it, to the old unit."""
    text = "UBND xã Hải Phúc, huyện Hải Hậu"
    assert told(text, DISTRICT, OLD) == [("certain", ["haiphuc.haihau"], [])]
    (found,) = asked(text, "haihau.ninhbinh", NEW)
    assert [u.id for u in found.units] == ["haihung.ninhbinh"]
    assert found.why.key == "find.followed"
    assert [step.successor for step in found.steps][-1] == "haihung.ninhbinh"
    assert dict(found.why.facts)["since"] == "01/07/2025"
    (found,) = asked("Sở Nội vụ tỉnh Nam Định", "haihau.ninhbinh", NEW)
    assert [u.id for u in found.units] == ["sonoivu.ninhbinh"]


def test_an_old_district_and_a_new_commune() -> None:
    """The day decides what "Nam Trực" is; a district that ended is asked about, its namesake first."""
    assert told("Nam Trực", "haihau", LATER) == [("certain", ["namtruc"], [])]
    assert told("Nam Trực; xã Nam Trực", "haihau.ninhbinh", NEW) == [("certain", ["namtruc.ninhbinh"], [])] * 2
    (found,) = asked("UBND huyện Nam Trực", "haihau.ninhbinh", NEW)
    assert (found.why.key, found.units, found.choices[0].id) == ("find.open", (), "namtruc.ninhbinh")
    assert found.steps
    assert told("UBND xã Nam Trực", "haihau", LATER) == [("not-yet", [], [])]
    assert told("Phòng Nội vụ huyện Hải Hậu", "haihau.ninhbinh", NEW) == [("open", [], [])]
    assert told("UBND huyện", "haihau.ninhbinh", NEW) == [("no-own", [], [])]


def test_groups_after_the_reform() -> None:
    """Communes stand right below the province: a group means them all, of the tiers that are named."""
    (found,) = asked("UBND các xã, phường", "haihau.ninhbinh", NEW)
    living = {u.id for u in units() if u.kind is UnitKind.COMMUNE and u.lives_on(NEW)}
    assert {u.id for u in found.units} == living - {"haihau.ninhbinh"}
    assert told("UBND các huyện, thành phố", "ninhbinh", NEW) == [("group-empty", [], [])]
    (found,) = asked("UBND các xã thuộc huyện Hải Hậu", "ninhbinh", NEW)
    assert found.why.key == "find.open"
    assert "haihau.ninhbinh" in {u.id for u in found.choices}


def test_mentions_are_told_back_as_written() -> None:
    """Each answer names its piece of the text, in order; notes in brackets are no part of it."""
    text = "Kính gửi: UBND huyện Hải Hậu (để b/c); UBND các xã Hải An, Hải Phong"
    assert [f.mention for f in asked(text, COMMUNE)] == ["UBND huyện Hải Hậu", "UBND các xã Hải An", "Hải Phong"]
    assert unit("haihau").name == "UBND huyện Hải Hậu"
