"""Answers: the new words, without the quoted mail, the signature and the prefixes of the subject."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailmap.mail.reply import Kind, bare_subject, read_reply

QUOTES = {
    "Gmail": "Vào Th 2, 5 thg 8, 2024 vào lúc 14:05 Nguyễn Văn A <a@b.vn>\nđã viết:\n\n> Kính gửi\n> x\n",
    "Gmail in English": "On Mon, Aug 5, 2024 at 2:05 PM A <a@b.vn> wrote:\n\n> Kính gửi\n",
    "Apple": "Vào 14:05, 5 thg 8, 2024, A <a@b.vn> đã viết:\n\n> x\n",
    "Thunderbird": "On 05/08/2024 14:05, Nguyễn Văn A wrote:\n> x\n> y\n",
    "Thunderbird in Vietnamese": "Vào 05/08/2024 14:05, Nguyễn Văn A đã viết:\n> x\n",
    "Outlook": "Từ: VP UBND <a@b.vn>\nĐã gửi: 5 Tháng Tám 2024 2:05 CH\nTới: c@d.vn\nChủ đề: Công văn 12\n\nKính gửi\n",
    "Outlook in English": "_" * 32 + "\nFrom: A\nSent: Monday, August 5, 2024 2:05 PM\nTo: x\nSubject: y\n\nold\n",
    "Outlook's rule": "-----Thư gốc-----\nTừ: A\nĐến: B\nTiêu đề: x\n\nabc\n",
    "the English rule": "-----Original Message-----\nFrom: A\nold\n",
    "Zimbra": '----- Thư gốc -----\nTừ: "A" <a@b.vn>\nĐến: "C" <c@d.vn>\nĐã gửi: Thứ Hai, 5 Tháng 8, 2024\n\nold\n',
    "a forward": "---------- Forwarded message ---------\nTừ: A <a@b.vn>\nDate: x\n\nold\n",
    "a phone": "On Aug 5, 2024, at 14:05, A <a@b.vn> wrote:\nold without a mark\nmore of it\n",
    "a German": "Am 05.08.2024 um 14:05 schrieb A:\n> alt\n",
    "bold labels": "*From:* A <a@b.vn>\n*Sent:* x\n*To:* y\n*Subject:* z\n\nold\n",
}


@pytest.mark.parametrize("program", QUOTES)
def test_the_quoted_mail_is_left_out(program: str) -> None:
    """Whatever program quotes, the new words stand alone and the old ones are kept apart."""
    reply = read_reply(f"Đã nhận văn bản.\n\n{QUOTES[program]}", "Re: x")
    assert reply.text == "Đã nhận văn bản."
    assert reply.quoted.splitlines()[0] == QUOTES[program].splitlines()[0]
    assert reply.signature == ""


def test_words_between_and_below_the_quoted_lines_are_new() -> None:
    """People answer point by point; each answer counts."""
    reply = read_reply("Chào anh,\n\n> hỏi 1\nTrả lời 1\n\n> hỏi 2\n>> cũ hơn\nTrả lời 2\n", "Re: x")
    assert reply.text == "Chào anh,\n\nTrả lời 1\n\nTrả lời 2"
    assert reply.quoted == "> hỏi 1\n> hỏi 2\n>> cũ hơn"


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nNguyễn Văn A",
        "Trân trọng,\nNguyễn Văn A\nChánh Văn phòng\nĐT: 0912 345 678",
        "Trân trọng cảm ơn./.",
        "Best regards,\nA",
        "Sent from my iPhone",
        "Đã gửi từ iPhone của tôi",
        "Tải Outlook cho iOS",
    ],
)
def test_the_signature_is_left_out(signature: str) -> None:
    """A signature says who wrote, not what."""
    reply = read_reply(f"Đồng ý tiếp nhận.\n\n{signature}\n", "Re: x")
    assert (reply.text, reply.signature) == ("Đồng ý tiếp nhận.", signature.replace("-- ", "--"))


@pytest.mark.parametrize(
    "below",
    ["P/S: số đúng là 45/UBND-VP", "Lưu ý thêm: gửi cả phụ lục", "đề nghị anh gửi lại tệp đính kèm cho tôi"],
)
def test_a_sentence_below_the_signature_is_new(below: str) -> None:
    """People remember something after they signed: a postscript or a sentence below the name is not lost."""
    signed = f"Tôi đồng ý.\n\nTrân trọng,\nNguyễn Văn A\nVăn thư\n\n{below}"
    assert read_reply(signed, "x").text == f"Tôi đồng ý.\n\n{below}"


@pytest.mark.parametrize(
    "text",
    [
        "Lịch họp\nTừ: 8h00\nĐến: 11h30\nNgày: 5/8/2024\nChủ đề: tiếp dân",
        "Kết quả như sau:\n- Đã nhận 5 văn bản\n- Còn 2 văn bản",
        "On Thursday:\n\nwe meet",
        "Ngày 5/8/2024 UBND xã đã nhận:\n1. Công văn 12",
        "Sent from my desk, is much easier then my mobile phone.",
        "Ông A viết:\nđồng ý",
        "Vào ngày 15/10 Chủ tịch đã viết thư:\nKính gửi các đồng chí",
        "Vào ngày 15/10/2026 Chủ tịch đã viết:\n\nđề nghị khẩn trương.\n\nTôi đồng ý.",
        "Vào hồi 14h05 ngày 15/10/2026, ông Nguyễn Văn A đã gửi:\n- Công văn 12",
        "Ngày 15/10/2026 UBND đã viết:\n\nđề nghị khẩn trương.",
        "Từ: Phòng Nội vụ\nĐến: UBND các xã\nNgày: 15/10/2026\nChủ đề: báo cáo\n\nĐề nghị gửi báo cáo.",
        "Người liên hệ: A <a@b.vn>\nThời gian: 8:00 ngày 5/8/2024\nĐịa điểm: Hội trường",
        "Gửi từ ngày 15/10 đến nay chưa nhận được",
        "Chuyển cho:\n\n-Phòng Nội Vụ",
        "Số liệu:\n------------\n1. Đạt 5\n2. Không đạt 3",
        "Chúng tôi nhận được email này do nhầm lẫn, đề nghị gửi lại đúng nơi.",
        "Đồng ý\n\n----- Nội dung -----\nxử lý tiếp",
        "Lịch:\n8:00 15/10/2026 Hội trường: họp giao ban\n14:00 15/10/2026 Phòng khách: tiếp dân",
        "Sent by courier yesterday",
        "Belge gönderildi",
        "--- Chuyển tiếp anh Bình ---\nxử lý trước 15/10",
        "Visit us\n>>> >>>  http://www.domain.com <<<\nby the link above",
    ],
)
def test_ordinary_words_are_not_taken_for_quotes(text: str) -> None:
    """Timetables, lists and sentences that look a little like a quote stay text."""
    assert read_reply(text, "x").text == text


@pytest.mark.parametrize(
    ("written", "bare", "kind"),
    [
        ("Công văn số 12", "Công văn số 12", Kind.NEW),
        ("Re: Công văn", "Công văn", Kind.ANSWER),
        ("RE[2]: Công văn", "Công văn", Kind.ANSWER),
        ("RE : TR: x", "x", Kind.ANSWER),
        ("TL: Công văn", "Công văn", Kind.ANSWER),
        ("Trả lời: Công văn", "Công văn", Kind.ANSWER),
        ("Fwd: x", "x", Kind.FORWARD),
        ("FW: RE: x", "x", Kind.FORWARD),
        ("CT: x", "x", Kind.FORWARD),
        ("Chuyển tiếp: x", "x", Kind.FORWARD),
        ("WG: AW: x", "x", Kind.FORWARD),
        ("Re: FW: x", "x", Kind.ANSWER),
        ("Recall: x", "Recall: x", Kind.NEW),
        ("V/v: báo cáo tháng 8", "V/v: báo cáo tháng 8", Kind.NEW),
        ("TL: V/v báo cáo", "V/v báo cáo", Kind.ANSWER),
        ("Tra loi: x", "x", Kind.ANSWER),
        ("Tra\u0309 lo\u031b\u0300i: x", "x", Kind.ANSWER),
        ("CHUYỂN TIẾP: TL: x", "x", Kind.FORWARD),
        ("RE[12]: Fwd(2): x", "x", Kind.ANSWER),
        ("[External] Re: [EXT] x", "x", Kind.ANSWER),
        ("Re： x", "x", Kind.ANSWER),
        ("Phúc đáp: x", "x", Kind.ANSWER),
        ("Antw: Ynt: Odp: SV: Отв: 回复：x", "x", Kind.ANSWER),
        ("Res: ENC: x", "x", Kind.ANSWER),
        ("转发: x", "x", Kind.FORWARD),
        ("I: mục lục", "I: mục lục", Kind.NEW),
        ("CT xã: x", "CT xã: x", Kind.NEW),
        ("", "", Kind.NEW),
    ],
)
def test_subject_prefixes_tell_answers_from_forwards(written: str, bare: str, kind: Kind) -> None:
    """lesson 35: TL and Trả lời answer, CT, Chuyển tiếp, FW and WG forward; the outermost prefix decides."""
    assert bare_subject(written) == (bare, kind)


@given(
    st.lists(
        st.sampled_from(["", "> a", "On 5/8/2024 A wrote:", "From: a@b", "Subject: x", "--", "a", "Từ: b"]), max_size=20
    )
)
@settings(deadline=None)
def test_no_line_is_lost(lines: list[str]) -> None:
    """Every line with words is in the text, the quote or the signature."""
    reply = read_reply("\n".join(lines), "x")
    kept = f"{reply.text}\n{reply.quoted}\n{reply.signature}".split("\n")
    assert sorted(line for line in kept if line) == sorted(line for line in lines if line)
