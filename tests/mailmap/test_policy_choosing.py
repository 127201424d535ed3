"""The answer to the question which units are meant: what a clerk writes, and what it is taken for."""

from __future__ import annotations

import pytest

from mailmap.directory.answers import Found, Sentence
from mailmap.directory.unit import Unit
from mailmap.policy.choosing import Picked, both, by_name, by_number, names_in
from mailmap.policy.commands import first_lines
from mailmap.policy.question import Choice, Question, Wording, of_wire, question_of, to_wire
from tests.mailmap.cases import HAI_HAU, HAI_LONG, HAI_PHUC, PHRASES

FOUR = tuple(Unit(f"u{n}", f"UBND xã số {n}", HAI_LONG.kind, f"u{n}") for n in range(1, 5))
ONE = Question((Choice(1, "Hồng Quang", "u1", "UBND xã Hồng Quang (Ý Yên)"), Choice(2, "Hồng Quang", "u2", "Xã khác")))
TWO = Question((*ONE.choices, Choice(3, "Nam Điền", "u3", "Xã 3"), Choice(4, "Nam Điền", "u4", "Xã 4")), ("Hải Phog",))
NOBODY = Question(unknown=("Hải Phog",))
OFFERED = dict(enumerate(FOUR, 1))


def read(text: str, question: Question = TWO) -> Picked | None:
    """What an answer chooses by number."""
    return by_number(first_lines(text, PHRASES), question, OFFERED, PHRASES)


def numbers(picked: Picked | None) -> list[str] | None:
    """The units it chooses."""
    return None if picked is None else [unit.id for unit in picked.units]


@pytest.mark.parametrize(
    "text",
    ["2", "2.", "số 2", "Số: 2", "chọn 2", "(2)", "2 ạ", "2ạ", "Dạ, em chọn số 2 ạ.", "02", "Chọn nơi số 2 nhé", "so 2",
     "Kính gửi anh chị\n2\nCảm ơn.", "Option 2, please", "Xin chọn 2. Cảm ơn", "2 - Xã khác", "2 – Xã khác", "Xã khác",
     "2\n\nNguyễn Thị Hoa\nĐT 0228 3 877 123, ngày 1 tháng 2 năm 2026"],
)  # fmt: skip
def test_a_number_is_understood_as_clerks_write_it(text: str) -> None:
    """The number alone, with words of choosing, with thanks, copied with its line, above a signature."""
    picked = read(text, ONE)
    assert numbers(picked) == ["u2"], text
    assert picked == Picked((FOUR[1],))


@pytest.mark.parametrize(
    "text",
    ["", "không phải 2", "2?", "2 hay 1?", "1, 2", "1-2", "9", "2\nÀ nhầm, 1", "Gọi 2 lần không được", "2, 0",
     "Cảm ơn anh", "Mai họp lúc 2h", "ngày 2/1", "hai", "2 bản", "Nam Điền: 2", "-", "2\n1"],
)  # fmt: skip
def test_what_is_not_plain_is_no_choice(text: str) -> None:
    """Out of range, two for one name, a denial, a question, a correction, a number in a sentence: asked again."""
    assert read(text, ONE) is None


@pytest.mark.parametrize(
    ("text", "chosen", "left"),
    [
        ("2, 3", ["u2", "u3"], ("Hải Phog",)),
        ("3; 1", ["u3", "u1"], ("Hải Phog",)),
        ("2\n4", ["u2", "u4"], ("Hải Phog",)),
        ("Hồng Quang: 2\nNam Điền: 3", ["u2", "u3"], ("Hải Phog",)),
        ("số 4", ["u4"], ("Hồng Quang", "Hải Phog")),
        ("2, 0", ["u2"], ()),
        ("Hồng Quang: 0", [], ("Nam Điền", "Hải Phog")),
        ("0", [], ()),
    ],
)  # fmt: skip
def test_several_names_are_answered_together_or_one_by_one(text: str, chosen: list[str], left: tuple[str, ...]) -> None:
    """One number for each name; what nothing was said about stays open under its own numbers; 0 is none of the rest."""
    picked = read(text)
    assert numbers(picked) == chosen
    assert picked is not None
    assert (picked.left.mentions if picked.left else ()) == left


def test_a_letter_without_choices_knows_only_nobody() -> None:
    """When nobody bears the name, 0 says that it need not be sent; another number means nothing."""
    assert read("0", NOBODY) == Picked()
    assert read("1", NOBODY) is None


def test_who_has_no_heir_cannot_be_chosen() -> None:
    """A unit that ended meanwhile without a successor is not offered any more: asked again, not sent nowhere."""
    assert by_number(["2"], ONE, {1: FOUR[0]}, PHRASES) is None


def found(name: str, *units: Unit, choices: tuple[Unit, ...] = (), key: str = "find.certain") -> Found:
    """What a written name means."""
    return Found(name, units, choices, Sentence.of(key, name=name))


def named(*told: Found, question: Question = ONE) -> Picked | None:
    """What an answer of the commune chooses by names."""
    return by_name(told, HAI_PHUC.id, question, Wording())


def test_a_name_is_an_answer_too() -> None:
    """A unit's name chooses it; below it may stand a signature, with the name of the unit that answers."""
    assert named(found("Hải Long", HAI_LONG)) == Picked((HAI_LONG,))
    signed = (found("Hải Long", HAI_LONG), found("Nguyễn Thị Hoa"), found("UBND xã Hải Phúc", HAI_PHUC))
    assert named(*signed) == Picked((HAI_LONG,))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Dạ gửi UBND xã Hải An nhé\nNguyễn Thị Hoa", "UBND xã Hải An;\nNguyễn Thị Hoa"),
        ("UBND xã Hồng Quang (huyện Ý Yên)", "UBND xã Hồng Quang (huyện Ý Yên)"),
        ("Xin chọn ạ\n2, 3", ""),
    ],
)
def test_names_are_looked_up_without_words_of_choosing(text: str, name: str) -> None:
    """A line is one name, whatever politeness stands around it."""
    assert names_in(first_lines(text, PHRASES), PHRASES) == name


def test_a_text_that_only_speaks_of_a_unit_is_no_answer() -> None:
    """What begins with something else, or goes on to another unit behind it, chooses nobody."""
    assert named(found("Anh ơi mai họp không?")) is None
    assert named(found("UBND xã Hải Phúc", HAI_PHUC)) is None
    assert named(found("Không gửi"), found("Hải Long", HAI_LONG)) is None
    assert named(found("Hải Long", HAI_LONG), found("đừng gửi"), found("Hải Hậu", HAI_HAU)) is None


def test_numbers_and_names_may_stand_together() -> None:
    """A number for what had numbers, a name below it for what had none; a signature is no name."""
    numbered = read("2, 3")
    assert numbered is not None
    told = (found("Hải Long", HAI_LONG), found("Nguyễn Thị Hoa"))
    assert both(numbered, told, HAI_PHUC.id, Wording()) == Picked((FOUR[1], FOUR[2], HAI_LONG))
    signed = (found("UBND xã Hải Phúc", HAI_PHUC), found("UBND huyện", HAI_HAU))
    assert both(numbered, signed, HAI_PHUC.id, Wording()) == numbered
    settled = read("2", ONE)
    assert settled is not None
    assert both(settled, told, HAI_PHUC.id, Wording()) == settled


def test_a_name_that_is_not_plain_either_is_asked_about() -> None:
    """Its choices are numbered anew; what else is certain is chosen at once."""
    picked = named(found("Hồng Quang", choices=FOUR[:2], key="find.unclear"), found("Hải Long", HAI_LONG))
    assert picked is not None
    assert picked.unclear
    assert picked.units == (HAI_LONG,)
    assert picked.left is not None
    assert [choice.number for choice in picked.left.choices] == [1, 2]


def test_a_name_settles_the_question_it_answers() -> None:
    """One unit named for one open name: settled; one of several: the others stay open."""
    assert named(found("Xã 3", FOUR[2]), question=TWO) == Picked((FOUR[2],), Question(ONE.choices, ("Hải Phog",)))
    everybody = [found(unit.name, unit) for unit in (*FOUR[:1], FOUR[2], HAI_LONG)]
    assert named(*everybody, question=TWO) == Picked((FOUR[0], FOUR[2], HAI_LONG))


def test_one_question_for_all_names() -> None:
    """Numbers are counted through, a name written twice is asked once, "Lưu: VT" not at all; JSON keeps it."""
    question = question_of(
        (
            found("xã Hồng Quang", choices=FOUR[:2], key="find.unclear"),
            found("Hải Long", HAI_LONG),
            found("Xã Hồng Quang", choices=FOUR[:2], key="find.unclear"),
            found("Lưu: VT", key="find.no-delivery"),
            found("Sở Xây nhà", key="find.unknown"),
            found("Nam Điền", choices=FOUR[2:], key="find.unclear"),
        ),
        Wording({"u1": "UBND xã Hồng Quang (UBND huyện Ý Yên)"}, {"Nam Điền": "Nhiều.", "Hải Long": "Một."}),
    )
    assert question is not None
    assert [(each.number, each.unit) for each in question.choices] == [(1, "u1"), (2, "u2"), (3, "u3"), (4, "u4")]
    assert question.choices[0].title == "UBND xã Hồng Quang (UBND huyện Ý Yên)"
    assert question.mentions == ("Xã Hồng Quang", "Nam Điền", "Sở Xây nhà")
    assert question.reasons == {"Nam Điền": "Nhiều."}
    assert of_wire(to_wire(question)) == question
