"""Keyed addresses: nobody but us can make one, and none is lost on the way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailmap.writing.tokens import Purpose, Token, make, read

KEY = bytes(range(32))
LETTERS = st.integers(min_value=1, max_value=2**63 - 1)


@given(LETTERS, st.sampled_from(Purpose))
def test_a_token_comes_back_whole_whatever_happens_to_its_case(letter: int, purpose: Purpose) -> None:
    """Servers on the way may change the case of a local part; the token is still read."""
    local = make(KEY, purpose, letter)
    for spelling in (local, local.upper(), local.title()):
        assert read(KEY, spelling) == Token(purpose, letter)


@given(LETTERS, st.sampled_from(Purpose))
def test_a_token_is_a_plain_short_local_part(letter: int, purpose: Purpose) -> None:
    """A keyed local part needs no quoting and fits in 64 octets."""
    local = make(KEY, purpose, letter)
    assert len(local) <= 48
    assert set(local) <= set("abcdefghijklmnopqrstuvwxyz0123456789+-")


@given(LETTERS, LETTERS)
def test_knowing_one_token_does_not_give_another(letter: int, other: int) -> None:
    """Lesson 34: the number alone, another letter's key or another purpose opens nothing."""
    local = make(KEY, Purpose.REPLY, letter)
    mac = local.partition("-")[2]
    assert read(b"another key", local) is None
    assert read(KEY, f"tra+{letter}-{mac}") is None
    if other != letter:
        assert read(KEY, f"tl+{other}-{mac}") is None


@pytest.mark.parametrize("place", range(24))
def test_every_letter_of_the_code_counts(place: int) -> None:
    """One changed letter anywhere in the code makes it none of ours."""
    head, _, mac = make(KEY, Purpose.REPLY, 7).partition("-")
    changed = "a" if mac[place] != "a" else "b"
    assert read(KEY, f"{head}-{mac[:place]}{changed}{mac[place + 1 :]}") is None


@given(st.text())
def test_no_text_is_mistaken_for_a_token(text: str) -> None:
    """Any text at all is answered, and with None."""
    assert read(KEY, text) is None


@pytest.mark.parametrize("number", ["0", "07", "-7", "+7", "٧", "99999999999999999999", ""])
def test_a_letter_id_has_one_spelling(number: str) -> None:
    """Leading zeros, signs and foreign digits are no letter ids."""
    mac = make(KEY, Purpose.REPLY, 7).partition("-")[2]
    assert read(KEY, f"tl+{number}-{mac}") is None
