"""What clerks write in answers, as they write it, and what it means."""

from __future__ import annotations

import tomllib
import unicodedata
from datetime import date
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailmap.document.document import Symbol
from mailmap.document.spelling import plain
from mailmap.policy.commands import phrases_of, read_command
from mailmap.policy.phrases import STATUSES, Verb
from tests.mailmap.cases import PHRASES, TODAY

TABLE = tomllib.loads(Path("config/commands.toml").read_text(encoding="utf-8"))
SAYING = (*STATUSES, *(verb.value for verb in Verb))


def name(text: str) -> str | None:
    """The name of the command a text gives, or None."""
    command = read_command(text, PHRASES, TODAY)
    return command.name if command else None


@pytest.mark.parametrize(("status", "phrase"), [(status, phrase) for status in SAYING for phrase in TABLE[status]])
def test_every_phrase_of_the_table_works(status: str, phrase: str) -> None:
    """Each phrase gives its status or verb with marks, without marks, in capitals, and in NFD as phones type it."""
    for text in (phrase, plain(phrase), phrase.upper(), unicodedata.normalize("NFD", phrase), f"Dạ, {phrase} ạ."):
        assert name(text) == status


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Kính gửi UBND xã Hải Phúc,\n\nUBND huyện đã tiếp nhận văn bản của quý đơn vị.\n\nTrân trọng.", "accepted"),
        ("Đã nhận, sẽ xử lý xong trước ngày 20/10", "accepted"),
        ("Đã nhận nhưng chưa phân công", "accepted"),
        ("Đã hoàn thành việc tiếp nhận", "accepted"),
        ("Dạ em nhận rồi ạ", "accepted"),
        ("Đã nhận và đang xử lý", "in_work"),
        ("- Đang xử lý", "in_work"),
        ("Hòan thành", "completed"),
        ("Đã xử lí xong", "completed"),
        ("Trả lại văn bản do sai thẩm quyền", "refused"),
        ("Không thuộc thẩm quyền của huyện, xin từ chối.", "refused"),
        ("Không tiếp nhận, từ chối vì gửi nhầm", "refused"),
    ],
)
def test_ordinary_answers(text: str, status: str) -> None:
    """Sentences as clerks write them are read as they mean them."""
    assert name(text) == status


@pytest.mark.parametrize(
    "text",
    [
        "Chưa nhận được văn bản",
        "chua nhan duoc",
        "Không nhận",
        "Chúng tôi không tiếp nhận văn bản này",
        "Chưa thể tiếp nhận",
        "Đã nhận được chưa ạ?",
        "đã nhận chưa",
        "Quý cơ quan đã xử lý xong chưa?",
        "Chưa hoàn thành",
    ],
)
def test_denials_and_questions_are_no_status(text: str) -> None:
    """“Chưa nhận được” is not “đã nhận”, nor is the question whether it was."""
    assert name(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Đề nghị UBND xã, phường tiếp nhận",
        "Vui lòng phân công người xử lý",
        "Sau khi tiếp nhận chúng tôi sẽ báo lại",
        "Nếu hoàn thành xin báo cho biết",
        "Mong quý cơ quan hoàn thành",
        "Đã chuyển khoản",
        "Chúc anh hoàn thành nhiệm vụ",
        "Đã nhắn cho anh Nam",
        "Không mở được file, đề nghị gửi lại",
        "Gửi nhầm rồi ạ",
    ],
)
def test_false_friends_are_no_status(text: str) -> None:
    """Wishes, plans, conditions and look-alikes move nothing."""
    assert name(text) is None


def test_statuses_that_exclude_each_other_are_asked_about() -> None:
    """Accepted and refused in one answer is neither."""
    assert name("Đã nhận. Từ chối vì trùng.") is None


def test_only_the_head_of_an_answer_counts() -> None:
    """A status far down is a story, not an answer."""
    story = "\n".join(["Hôm nay trời mưa to."] * 6)
    assert name(f"{story}\nĐã nhận") is None
    assert name(f"Chào anh,\n\nĐã nhận\n{story}") == "accepted"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Từ chối vì gửi nhầm cơ quan.\nTrân trọng", "gửi nhầm cơ quan"),
        ("Từ chối tiếp nhận: văn bản thiếu chữ ký", "văn bản thiếu chữ ký"),
        ("Từ chối.\nLý do: văn bản thiếu chữ ký", "văn bản thiếu chữ ký"),
        ("Tu choi do trung", "trung"),
        ("Việc này thuộc Sở Nội vụ nên từ chối", "Việc này thuộc Sở Nội vụ nên"),
        ("Từ chối", ""),
        ("Xin từ chối ạ", ""),
        ("Phân công đ/c Nguyễn Văn Nam, phòng Nội vụ xử lý", "đ/c Nguyễn Văn Nam, phòng Nội vụ xử lý"),
        ("Đã chuyển phòng Tài chính", "phòng Tài chính"),
        ("Đã nhận 10h sáng nay", "Đã nhận 10h sáng nay"),
    ],
)
def test_reason_and_assignee_are_kept(text: str, words: str) -> None:
    """A refusal keeps its reason, an assignment its assignee, any other status its own words."""
    command = read_command(text, PHRASES, TODAY)
    assert command is not None
    assert command.words == words


def test_fields_are_told_as_the_receipt_asks_for_them() -> None:
    """One item a line, as our receipt shows it."""
    command = read_command("Số: 45/UBND-VP\nNgày: 15/10/2016\nTrích yếu: V/v họp\nLoại: Công văn", PHRASES, TODAY)
    assert command is not None
    assert command.fields is not None
    seen = command.fields
    told = [each.value for each in (seen.symbol, seen.issued, seen.kind) if each]
    assert told == [Symbol(45, "UBND-VP"), date(2016, 10, 15), "CV"]
    assert command.name == "fields"


def test_fields_in_a_sentence() -> None:
    """“số 45/UBND-VP ngày 15/10” is told with the year of the clock; a day alone is a date too."""
    command = read_command("Dạ số 45/UBND-VP ngày 15/10 ạ", PHRASES, TODAY)
    assert command is not None
    assert command.fields is not None
    assert command.fields.issued is not None
    assert command.fields.issued.value == date(2016, 10, 15)
    assert name("ngày 15/10") == "fields"


def test_a_status_may_name_its_document() -> None:
    """A status and the number it speaks of are both read."""
    command = read_command("Đã nhận công văn số 46/UBND-VP", PHRASES, TODAY)
    assert command is not None
    assert command.fields is not None
    assert command.fields.symbol is not None
    assert (command.name, command.fields.symbol.value) == ("accepted", Symbol(46, "UBND-VP"))


@pytest.mark.parametrize("text", ["Cảm ơn quý cơ quan", "cam on", "OK", "Vâng"])
def test_thanks_are_thanks(text: str) -> None:
    """Short thanks are no status and no riddle."""
    assert name(text) == "thanks"


@pytest.mark.parametrize(
    ("table", "word"),
    [
        ({"acepted": ["đã nhận"]}, "acepted"),
        ({"accepted": "đã nhận"}, "accepted"),
        ({"thanks": [""]}, "thanks"),
        ({"short": ["ko"]}, "short"),
        ({"choices": "đã nhận"}, "choices"),
    ],
)
def test_a_wrong_table_is_named(table: dict[str, object], word: str) -> None:
    """A list that is unknown, no list, or holds an empty phrase is told by its name."""
    with pytest.raises(ValueError, match=word):
        phrases_of(table)


WORDS = st.sampled_from(
    sorted({*chain.from_iterable(TABLE.values()), *TABLE["short"], "số 45/UBND-VP", "ngày 15/10", ".", "?", "\n", ","})
)


@given(st.one_of(st.text(), st.lists(WORDS, max_size=12).map(" ".join)))
def test_every_text_is_read(text: str) -> None:
    """Any text gives a command or none, never an error; words fit the national message."""
    command = read_command(text, PHRASES, TODAY)
    assert command is None or len(command.words) <= 1000
