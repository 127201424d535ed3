"""Mentions: the "Kính gửi:" and "Nơi nhận:" blocks, as they are really written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailmap.directory.mentions import blocks, items

LETTER = """ỦY BAN NHÂN DÂN                 CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
HUYỆN HẢI HẬU                      Độc lập - Tự do - Hạnh phúc
Số: 45/UBND-TCKH                   Hải Hậu, ngày 05 tháng 10 năm 2016
V/v lập dự toán năm 2017

                    Kính gửi:
                         - Các phòng, ban, ngành, đoàn thể huyện;
                         - UBND các xã, thị trấn.

      Thực hiện Công văn số 123/STC-NS của Sở Tài chính, UBND huyện yêu cầu:
      - UBND các xã, thị trấn lập dự toán gửi về Phòng Tài chính - Kế hoạch;
      Trân trọng./.

Nơi nhận:                                   TM. ỦY BAN NHÂN DÂN
- Như trên;                                       KT. CHỦ TỊCH
- Sở Tài chính (để b/c);                         PHÓ CHỦ TỊCH
- TT Huyện ủy, TT HĐND huyện;
- Chủ tịch, các PCT UBND huyện;                     (Đã ký)
- Lưu: VT, TCKH.
                                                 Nguyễn Văn A
Phụ lục kèm theo
- UBND xã Hải An: 12 triệu
"""

DECISION = """Điều 3. Chánh Văn phòng, Trưởng phòng Nội vụ chịu trách nhiệm thi hành./.
Nơi nhận:
- Như Điều 3;
- UBND tỉnh;
- Lưu VT, NV.
TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH"""

# The mail, and the recipients in it; what stands under "Nơi nhận" with a + in front.
WRITTEN = [
    ("Kính gửi: UBND huyện Hải Hậu", ["UBND huyện Hải Hậu"]),
    ("KÍNH GỬI: UBND HUYỆN HẢI HẬU.", ["UBND HUYỆN HẢI HẬU"]),
    ("Kính gửi : UBND huyện; Phòng Nội vụ;\nUBND các xã Hải An, Hải Phong.\n\nThực hiện …",
     ["UBND huyện", "Phòng Nội vụ", "UBND các xã Hải An, Hải Phong"]),
    ("Kính gửi:\n- UBND huyện;\n- Phòng Nội vụ.\n\nUBND xã báo cáo:\n- Một;", ["UBND huyện", "Phòng Nội vụ"]),
    ("Kính gửi:\n+ UBND huyện\n+ Phòng Nội vụ\n", ["UBND huyện", "Phòng Nội vụ"]),
    ("Kính gửi:\n* UBND huyện\n• Phòng Nội vụ\n● Sở Y tế\n\uf02d Sở Tài chính",
     ["UBND huyện", "Phòng Nội vụ", "Sở Y tế", "Sở Tài chính"]),
    ("Kính gửi:\n1. UBND huyện\n2. Phòng Nội vụ\n3) Sở Y tế\n(4) Sở Xây dựng",
     ["UBND huyện", "Phòng Nội vụ", "Sở Y tế", "Sở Xây dựng"]),
    ("Kính gửi:\n\n– UBND huyện;\n\n– Phòng Nội vụ.\n\nEm gửi file.", ["UBND huyện", "Phòng Nội vụ"]),
    ("Kính gửi: - UBND huyện;\n          - Phòng Nội vụ.", ["UBND huyện", "Phòng Nội vụ"]),
    ("Kính gửi: - UBND huyện Hải Hậu - Phòng Tài chính - Kế hoạch",
     ["UBND huyện Hải Hậu", "Phòng Tài chính - Kế hoạch"]),
    ("Kính gửi: Ủy ban nhân dân\nhuyện Hải Hậu\nEm gửi báo cáo", ["Ủy ban nhân dân huyện Hải Hậu"]),
    ("Kính gửi: Phòng Tài chính - Kế hoạch và\nPhòng Nội vụ\n", ["Phòng Tài chính - Kế hoạch và Phòng Nội vụ"]),
    ("Kính gửi:\nUBND huyện Hải Hậu\nPhòng Nội vụ\n\nUBND xã xin báo cáo", ["UBND huyện Hải Hậu", "Phòng Nội vụ"]),
    ("Kính gửi: UBND huyện Hải Hậu\nUBND xã Hải Phúc báo cáo số liệu tháng 10", ["UBND huyện Hải Hậu"]),
    ("Kính gửi: UBND huyện Hải Hậu. UBND xã Hải Phúc gửi báo cáo ạ.", ["UBND huyện Hải Hậu"]),
    ("Kính gửi: UBND TP. Nam Định; UBND TT. Cồn", ["UBND TP. Nam Định", "UBND TT. Cồn"]),
    ("Kính gửi UBND huyện Hải Hậu,\n\nUBND xã gửi báo cáo.", ["UBND huyện Hải Hậu"]),
    ("Kinh gui: UBND huyen Hai Hau\nUBND xa gui bao cao", ["UBND huyen Hai Hau"]),
    ("Kính gởi: UBND huyện", ["UBND huyện"]),
    ("Đồng kính gửi: Sở Y tế", ["Sở Y tế"]),
    ("Ki\u0301nh gu\u031b\u0309i: UBND huye\u0323\u0302n", ["UBND huyện"]),
    ("Nơi nhận: Như trên; Lưu: VT.", ["+Như trên", "+Lưu: VT"]),
    ("Nơi nhận:\n- Như Điều 3;\n- Lưu: VT; TCKH.\nCHỦ TỊCH", ["+Như Điều 3", "+Lưu: VT; TCKH"]),
    ("NƠI NHẬN\n- UBND xã Hải An\n- Lưu", ["+UBND xã Hải An", "+Lưu"]),
    ("Kính gửi: UBND huyện\nNơi nhận:\n- Như trên\n- Lưu VT", ["UBND huyện", "+Như trên", "+Lưu VT"]),
    ("Kính gửi:\n- UBND các xã: Hải An,\nHải Phong;\n- Sở Y tế", ["UBND các xã: Hải An, Hải Phong", "Sở Y tế"]),
]  # fmt: skip


def told(text: str) -> list[str]:
    """The recipients of the blocks of a text."""
    return [f"+{item.text}" if item.copied else item.text for item in items("\n".join(blocks(text)))]


@pytest.mark.parametrize(("text", "wanted"), WRITTEN)
def test_blocks_as_people_write_them(text: str, wanted: list[str]) -> None:
    """Every bullet, one name a line or several, wrapped lines, double spacing; the first sentence is no name."""
    assert told(text) == wanted


def test_a_letter_in_two_columns() -> None:
    """The signature beside "Nơi nhận" is left out, and so is what follows "Lưu"."""
    assert told(LETTER) == [
        "Các phòng, ban, ngành, đoàn thể huyện", "UBND các xã, thị trấn",
        "+Như trên", "+Sở Tài chính (để b/c)", "+TT Huyện ủy, TT HĐND huyện", "+Chủ tịch, các PCT UBND huyện",
        "+Lưu: VT, TCKH",
    ]  # fmt: skip


def test_a_decision_has_only_its_copies() -> None:
    """A decision names its recipients at its end."""
    assert told(DECISION) == ["+Như Điều 3", "+UBND tỉnh", "+Lưu VT, NV"]


@pytest.mark.parametrize(
    "text",
    [
        "", "UBND huyện Hải Hậu", "Kính gửi anh Nam,\nem gửi báo cáo", "Kính gửi các bác", "Trân trọng kính gửi./.",
        "UBND xã Hải Phúc kính gửi UBND huyện báo cáo tháng 10", "> Kính gửi: UBND huyện Hải Hậu",
        "Kính gửi:\n\nThực hiện Công văn số 12",
    ],
)  # fmt: skip
def test_what_is_no_block(text: str) -> None:
    """A greeting, a sentence with "kính gửi", a quoted line and an empty heading name nobody."""
    assert told("\n".join(blocks(text)) or "\n") == []


def test_a_list_needs_no_heading() -> None:
    """What a clerk answers ("UBND xã Hải An; Phòng Nội vụ") is itself a list."""
    assert [item.text for item in items("UBND xã Hải An; Phòng Nội vụ\n- Sở Y tế.")] == [
        "UBND xã Hải An", "Phòng Nội vụ", "Sở Y tế",
    ]  # fmt: skip


PIECES = st.sampled_from(
    ["Kính gửi:", "Nơi nhận:", "UBND huyện", "- ", "; ", ", ", "\n", "\n\n", "Lưu: VT", "Phòng Nội vụ", "   ",
     "(để b/c)",
     ".", "Thực hiện", "\t", "1. ", "Hải An", "CHỦ TỊCH", "và ", "như trên", ":", "(", ")"]
)  # fmt: skip


@given(text=st.lists(PIECES | st.text(max_size=8), max_size=25).map("".join))
def test_any_text_is_read(text: str) -> None:
    """No text is an error; the blocks of the blocks are the blocks; no recipient is empty or holds a line break."""
    found = blocks(text)
    assert blocks("\n".join(found)) == found
    assert all(item.text.strip() and "\n" not in item.text for item in items(text))


def test_a_long_text_costs_no_more() -> None:
    """A hostile text is read only so far."""
    assert len(items("Kính gửi:\n" + "- UBND xã Hải An;\n" * 10_000)) < 2_000
    assert len(told("Kính gửi: " + "x" * 1_000_000)) == 1
    assert told("Căn cứ Luật;\n" * 5_000 + "Nơi nhận:\n- UBND huyện;\n- Lưu: VT.") == ["+UBND huyện", "+Lưu: VT"]
