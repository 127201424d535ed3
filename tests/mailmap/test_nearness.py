"""Nearness: what a misspelt name probably meant."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailmap.directory.nearness import distance, nearest, pieces_of, plain

NAMES = ["haihau", "haiphuc.haihau", "haiphu.haihau", "haian.haihau", "truongthi.tpnamdinh", "sonoivu.namdinh"]
LETTERS = st.text("abc", max_size=7)


class Listed:
    """The pieces of a few names."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names

    def holders(self, piece: str) -> Sequence[int]:
        """Found by looking at all of them."""
        return [n for n, name in enumerate(self._names) if piece in pieces_of(name)]

    def name(self, number: int) -> str:
        """Its place in the list."""
        return self._names[number]


@pytest.mark.parametrize(
    ("wanted", "first"),
    [
        ("haiphuc.haikau", "haiphuc.haihau"),
        ("haihpuc.haihau", "haiphuc.haihau"),
        ("haiphuc.haiha", "haiphuc.haihau"),
        ("hai.phuc.haihau", "haiphuc.haihau"),
        ("Hải.Hậu", "haihau"),
        ("trườngthi.tpnamđịnh", "truongthi.tpnamdinh"),
        ("sonoivu.namdin", "sonoivu.namdinh"),
    ],
)
def test_the_nearest_comes_first(wanted: str, first: str) -> None:
    """One letter wrong, swapped, missing or too many, or written with its marks: the name is found."""
    assert nearest(wanted, Listed(NAMES), 3)[0] == first


@pytest.mark.parametrize("wanted", ["ketoan", "x", "", "zzzzzzzzzzzzz", "haiphuchaihaunamdinhvietnam"])
def test_what_is_far_from_everything_finds_nothing(wanted: str) -> None:
    """A suggestion that differs in more than a third of its letters would only confuse."""
    assert nearest(wanted, Listed(NAMES), 3) == ()


def test_no_more_than_asked_for() -> None:
    """The limit holds, and near names come in the order of their nearness."""
    assert nearest("haiphu.haihau", Listed(NAMES), 2) == ("haiphu.haihau", "haiphuc.haihau")
    assert nearest("haiphu.haihau", Listed(NAMES), 0) == ()


@pytest.mark.parametrize(
    ("a", "b", "steps"),
    [("", "", 0), ("hau", "hau", 0), ("hau", "hua", 1), ("hau", "ha", 1), ("hau", "hauu", 1), ("hau", "hai", 1),
     ("hau", "", 3), ("haiphuc", "hiapcuh", 3)],
)  # fmt: skip
def test_distance_counts_steps(a: str, b: str, steps: int) -> None:
    """Adding, leaving out, changing one letter, or swapping two neighbours, is one step."""
    assert distance(a, b) == steps


@given(a=LETTERS, b=LETTERS)
def test_distance_is_a_measure(a: str, b: str) -> None:
    """It is 0 only for equal words, the same both ways, and within the difference and the length of the longer."""
    assert (distance(a, b) == 0) == (a == b)
    assert distance(a, b) == distance(b, a)
    assert abs(len(a) - len(b)) <= distance(a, b) <= max(len(a), len(b))


@pytest.mark.parametrize("written", ["Hải Hậu", "HẢI HẬU", "Ha\u0309i Ha\u0323\u0302u", "hai hau"])
def test_plain_takes_the_marks_away(written: str) -> None:
    """Marks, their composition and case do not count."""
    assert plain(written) == "hai hau"


def test_plain_knows_both_forms_of_d() -> None:
    """Đ (U+0110) and the Icelandic letter that old encodings put in its place (U+00D0) are both d."""
    assert plain("Đại Ðồng") == "dai dong"
