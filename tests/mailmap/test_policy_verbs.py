"""Questions and orders as clerks write them, the traps beside them, and what a correction says."""

from __future__ import annotations

from datetime import date

import pytest

from mailmap.document.document import Symbol
from mailmap.document.spelling import plain
from mailmap.policy.commands import read_command
from mailmap.policy.fresh import read_fresh
from mailmap.policy.lifecycle import Handling
from mailmap.policy.phrases import Verb
from tests.mailmap.cases import PHRASES, TODAY


def name(text: str) -> str | None:
    """The name of the command a text gives, or None."""
    command = read_command(text, PHRASES, TODAY)
    return command.name if command else None


@pytest.mark.parametrize(
    "text",
    [
        "chưa nhận được văn bản",
        "Em ko nhận đc vb ạ",
        "đã nhận chưa?",
        "Đã nhận chưa, báo lại giúp em",
        "Nhận đc chưa ạ",
        "Đã nhận công văn 45 chưa thế",
        "sẽ xử lý sau khi đã nhận đủ",
        "Đã nhận nhưng thiếu trang 2",
        "Thu hồi được không?",
        "Nếu đồng ý xin trả lời",
        "Đề nghị quý cơ quan đồng ý cho thu hồi",
        "Đề nghị xác nhận giá trị",
        "Chữ ký số không hợp lệ",
        "Thu hồi đất của 5 hộ dân",
        "Đồng ý. Không đồng ý.",
        "Đính chính. Thu hồi.",
        "Không thuộc thẩm quyền",
        "Không trợ giúp",
    ],
)
def test_what_is_not_plain_is_no_command(text: str) -> None:
    """Denied, asked, wished, planned or contradictory: with and without marks, none of it moves anything."""
    assert name(text) is None
    assert name(plain(text)) is None


@pytest.mark.parametrize(
    ("text", "wanted", "words"),
    [
        ("không thuộc thẩm quyền nên trả lại", "refused", "không thuộc thẩm quyền"),
        ("Từ chối vì đã giải quyết xong", "refused", "đã giải quyết xong"),
        ("Không đồng ý: văn bản đã thực hiện", "disagree", "văn bản đã thực hiện"),
        ("Ko đồng ý thu hồi vì đã xử lý xong", "disagree", "đã xử lý xong"),
        ("Xin thu hồi công văn số 45/UBND-VP do gửi nhầm nơi nhận", "recall", "gửi nhầm nơi nhận"),
        ("Thu hồi văn bản.\nLý do: sai thể thức", "recall", "sai thể thức"),
        ("Đồng ý cho thu hồi, đã xóa văn bản", "agree", "Đồng ý cho thu hồi, đã xóa văn bản"),
        ("Đồng ý, đã nhận", "accepted", "Đồng ý, đã nhận"),
        ("Thu hồi và thay thế bằng văn bản kèm theo", "replace", "Thu hồi và thay thế bằng văn bản kèm theo"),
        ("Tra cứu giúp em 45/UBND-VP", "lookup", "em 45/UBND-VP"),
        ("Tra cứu 45/UBND-VP xem đã xử lý xong chưa?", "lookup", "45/UBND-VP xem đã xử lý xong chưa"),
        ("Văn bản 45/UBND-VP ai đang giữ?", "holder", "Văn bản 45/UBND-VP"),
        ("Đã xử lý xong việc thu hồi đất", "completed", "Đã xử lý xong việc thu hồi đất"),
        ("Đã chuyển đ/c Nam", "assigned", "đ/c Nam"),
        ("Đã nhận đc vb", "accepted", "Đã nhận đc vb"),
    ],
)
def test_each_says_what_it_means(text: str, wanted: str, words: str) -> None:
    """The reason, the assignee or what is asked about comes with it; a status in a reason is part of the reason."""
    command = read_command(text, PHRASES, TODAY)
    assert command is not None
    assert (command.name, command.words) == (wanted, words)


def test_a_confirmation_may_stand_beside_a_status() -> None:
    """“Đã nhận, đã đối chiếu bản gốc” takes the document and vouches for it."""
    command = read_command("Đã nhận, đã đối chiếu bản gốc", PHRASES, TODAY)
    assert command is not None
    assert (command.to, command.verb, command.name) == (Handling.ACCEPTED, Verb.CONFIRM, "accepted")


@pytest.mark.parametrize(
    ("text", "symbol", "issued", "about", "named"),
    [
        ("Số đúng là 45", Symbol(45, ""), None, None, None),
        ("so dung la 45", Symbol(45, ""), None, None, None),
        ("Số đúng là 45, không phải 54", Symbol(45, ""), None, None, None),
        ("Đính chính: số là 45 chứ không phải 54/UBND-VP", Symbol(45, ""), None, None, None),
        ("Đính chính số 54 thành 45", Symbol(45, ""), None, None, None),
        ("Số 45 mới đúng ạ", Symbol(45, ""), None, None, None),
        ("Đính chính: số 46/UBND-VP", Symbol(46, "UBND-VP"), None, None, None),
        ("Đính chính 54/UBND-VP: số đúng là 45/UBND-VP", Symbol(45, "UBND-VP"), None, None, Symbol(54, "UBND-VP")),
        ("Ngày đúng là 16/10/2016", None, date(2016, 10, 16), None, None),
        ("Đính chính ngày 15/10/2016 thành ngày 16/10/2016", None, date(2016, 10, 16), None, None),
        ("Số đúng là 46/UBND-VP, ngày đúng là 16/10/2016", Symbol(46, "UBND-VP"), date(2016, 10, 16), None, None),
        ("Trích yếu đúng là: V/v báo cáo lụt bão", None, None, "V/v báo cáo lụt bão", None),
        ("Đính chính", None, None, None, None),
    ],
)  # fmt: skip
def test_a_correction_tells_the_right_values(
    text: str, symbol: Symbol | None, issued: date | None, about: str | None, named: Symbol | None
) -> None:
    """The right value is told from the wrong one, and from the document that is named."""
    command = read_command(text, PHRASES, TODAY)
    assert command is not None
    assert (command.verb, command.named) == (Verb.CORRECT, named)
    told = command.fields
    seen = [
        each.value if each else None for each in ((told.symbol, told.issued, told.subject) if told else (None,) * 3)
    ]
    assert seen == [symbol, issued, about]


@pytest.mark.parametrize(
    ("subject", "text", "wanted", "words"),
    [
        ("tra cứu 45/UBND-VP", "", "lookup", "45/UBND-VP"),
        ("Tra cuu", "45/UBND-VP", "lookup", "45/UBND-VP"),
        ("Hỏi văn bản", "Kính gửi anh,\nXin tra cứu 45/UBND-VP", "lookup", "45/UBND-VP"),
        ("", "ai đang giữ 45/UBND-VP", "holder", "45/UBND-VP"),
        ("Công văn 45/UBND-VP đang ở đâu?", "", "holder", "Công văn 45/UBND-VP"),
        ("Trợ giúp", "Em chưa biết dùng.", "help", ""),
        ("Re: tra cứu 45/UBND-VP", "ok", "lookup", "45/UBND-VP"),
        ("Thu hồi văn bản số 45/UBND-VP", "do sai thể thức", "recall", "sai thể thức"),
    ],
)
def test_a_new_mail_may_ask_and_order(subject: str, text: str, wanted: str, words: str) -> None:
    """At the head of the subject or of a line, a question or an order counts in a mail that answers nothing."""
    command = read_fresh(subject, text, PHRASES, TODAY)
    assert command is not None
    assert command.name == wanted
    assert command.words.startswith(words)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Công văn 45/UBND-VP V/v tra cứu thông tin đất đai", "Kính gửi quý cơ quan."),
        ("Báo cáo tình hình xử lý văn bản tháng 10", ""),
        ("Quyết định 12/QĐ-UBND về việc thu hồi giấy phép", ""),
        ("Đã nhận công văn 45/UBND-VP", ""),
        ("", ""),
    ],
)
def test_a_new_mail_that_only_speaks_of_it_asks_nothing(subject: str, text: str) -> None:
    """What stands inside a subject is its matter; a status answers a letter and is none in a new mail."""
    assert read_fresh(subject, text, PHRASES, TODAY) is None
