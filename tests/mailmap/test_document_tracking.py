"""Tracking codes: unique, unguessable, and safe over the telephone."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailmap.document.tracking import ALPHABET, BITS, code, number, read

KEY = b"k" * 32
NUMBERS = st.integers(0, 2**BITS - 1)


@given(NUMBERS)
def test_a_code_belongs_to_one_number(document: int) -> None:
    """The number comes back from its code, so no two numbers share one."""
    assert number(KEY, code(KEY, document)) == document


def test_codes_of_neighbours_tell_nothing() -> None:
    """The codes of 20,000 successive documents are all different, and their letters spread evenly over all places."""
    codes = [code(KEY, document) for document in range(20_000)]
    assert len(set(codes)) == len(codes)
    for place in (3, 4, 5, 6, 8, 9, 10, 11, 13):
        counts = [sum(each[place] == letter for each in codes) for letter in ALPHABET]
        assert max(counts) < 800, "each letter is expected 625 times in a place"
        assert min(counts) > 470


def test_another_key_gives_another_code() -> None:
    """Who lacks the key cannot tell the code of a number."""
    assert code(KEY, 1) != code(b"other" * 8, 1)


@given(NUMBERS)
def test_a_code_is_easy_to_say(document: int) -> None:
    """LT-XXXX-XXXX-X without letters that look like figures."""
    assert re.fullmatch(r"LT-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]", code(KEY, document))


@given(NUMBERS)
def test_every_wrong_character_is_caught(document: int) -> None:
    """No single wrong character makes another true code."""
    good = code(KEY, document)
    for place in (3, 4, 5, 6, 8, 9, 10, 11, 13):
        wrong = [good[:place] + letter + good[place + 1 :] for letter in ALPHABET if letter != good[place]]
        assert [each for each in wrong if read(each)] == []


@given(NUMBERS)
def test_every_swap_of_neighbours_is_caught(document: int) -> None:
    """Two neighbouring characters that changed places, also across a dash, make no true code."""
    body = code(KEY, document).replace("-", "")[2:]
    for place in range(len(body) - 1):
        swapped = body[:place] + body[place + 1] + body[place] + body[place + 2 :]
        assert swapped == body or read(f"LT{swapped}") is None


@pytest.mark.parametrize("shape", ["{}", "mã {} ạ", "({})", "Xin hỏi văn bản {}.", "\n{}\n", "{}, cảm ơn"])
@pytest.mark.parametrize("gap", ["-", "", " ", " - ", "–", "."])
@pytest.mark.parametrize("figures", ["01", "OI", "ol"])
def test_a_code_is_found_as_people_write_it(shape: str, gap: str, figures: str) -> None:
    """Case, gaps, long dashes, and o, l, i for figures do not matter; the sentence around it neither."""
    for document in (0, 1, 77, 4_711):
        good = code(KEY, document)
        typed = good.replace("0", figures[0]).replace("1", figures[1]).replace("-", gap)
        assert read(shape.format(typed)) == good
        assert read(shape.format(typed.lower())) == good


@pytest.mark.parametrize(
    "text", ["", "LT", "LT-7K3Q-9F2M", "Xin chào LT, hẹn gặp", "ALT-0000-0000-0", "LT-UUUU-UUUU-U"]
)
def test_what_is_no_code_is_none(text: str) -> None:
    """Nothing is guessed from half a code, or from words."""
    assert read(text) is None
    assert number(KEY, text) is None


def test_a_wrong_code_does_not_hide_a_true_one() -> None:
    """The first true code of a text is found behind a mistyped one."""
    good = code(KEY, 5)
    wrong = good[:-1] + ("0" if good[-1] != "0" else "1")
    assert read(f"không phải {wrong} mà là {good}") == good


@pytest.mark.parametrize("document", [-1, 2**BITS])
def test_numbers_beyond_the_range_are_refused(document: int) -> None:
    """A number that has no code is an error of ours, told at once."""
    with pytest.raises(ValueError, match="40 bits"):
        code(KEY, document)
