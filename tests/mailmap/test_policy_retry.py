"""When a letter is tried again, when its sender is warned, and how a sender is proven."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.words import Language, words
from mailmap.directory.proof import Proof
from mailmap.mail.envelope import Arrival, Door
from mailmap.policy.retry import USUAL, Waits, next_attempt, warns
from mailmap.policy.trust import prove, sentence

QUEUED = datetime(2016, 10, 17, 5, 0, tzinfo=UTC)
LIFE = timedelta(days=3)
MINUTE = timedelta(minutes=1)


def attempts(lifetime: timedelta) -> list[datetime]:
    """The moments of all attempts of a letter that never gets through, each failing at once."""
    moments = [QUEUED]
    while (moment := next_attempt(len(moments), moments[-1], QUEUED, lifetime)) is not None:
        moments.append(moment)
    return moments


def test_waits_grow_to_their_last_step() -> None:
    """A letter is tried after 1, 5, 15 … minutes, then every four hours."""
    moments = attempts(LIFE)
    waits = [later - sooner for sooner, later in pairwise(moments)]
    assert waits[: len(USUAL.steps)] == list(USUAL.steps)
    assert set(waits[len(USUAL.steps) : -1]) == {USUAL.steps[-1]}


def test_the_last_attempt_falls_on_the_end() -> None:
    """A letter is tried to the very end of its lifetime and never after it."""
    assert attempts(LIFE)[-1] == QUEUED + LIFE
    assert next_attempt(99, QUEUED + LIFE, QUEUED, LIFE) is None


@given(st.integers(1, 60), st.integers(0, 10_000))
def test_the_next_attempt_lies_ahead(attempt: int, minutes: int) -> None:
    """Every wait leads forward, and none beyond the lifetime."""
    now = QUEUED + minutes * MINUTE
    moment = next_attempt(attempt, now, QUEUED, LIFE)
    assert (moment is None) == (now >= QUEUED + LIFE)
    assert moment is None or now < moment <= QUEUED + LIFE


@given(st.integers(1, 72 * 60))
def test_a_delay_is_told_exactly_once(minutes: int) -> None:
    """Whenever the warning falls due, exactly one failed attempt finds it due."""
    moments = attempts(LIFE)
    previous = [None, *moments[:-1]]
    due = [warns(before, now, QUEUED, minutes * MINUTE) for before, now in zip(previous, moments, strict=True)]
    assert sum(due) == 1


@pytest.mark.parametrize("minutes", [(), (0,), (5, -1)])
def test_waits_must_be_waits(minutes: tuple[float, ...]) -> None:
    """No waits, or one that is no wait, is a mistake told at once."""
    with pytest.raises(ValueError, match="longer than nothing"):
        Waits.of_minutes(*minutes)


def arrival(login: str | None, *, trusted: bool) -> Arrival:
    """A mail as the door saw it."""
    return Arrival(Door.SUBMISSION, QUEUED, "192.0.2.1", "x", login=login, trusted=trusted)


MINE = frozenset({"vanthu@hp.example"})


@pytest.mark.parametrize(
    ("login", "trusted", "from_", "proof"),
    [
        ("vt", False, "vanthu@hp.example", Proof.LOGIN),
        ("vt", False, "VanThu@HP.example", Proof.LOGIN),
        ("vt", False, "chutich@hp.example", Proof.NONE),
        ("vt", True, "chutich@hp.example", Proof.NONE),
        ("vt", True, "", Proof.NONE),
        (None, True, "vanthu@hp.example", Proof.RELAY),
        (None, True, "", Proof.NONE),
        (None, False, "vanthu@hp.example", Proof.NONE),
    ],
)
def test_proof_comes_from_the_door(login: str | None, trusted: bool, from_: str, proof: Proof) -> None:  # noqa: FBT001 a fact of the table
    """A login proves the addresses it may send as and no other; a trusted relay any; a From nothing (lesson 34)."""
    assert prove(arrival(login, trusted=trusted), from_, MINE) is proof


def test_every_proof_has_its_words() -> None:
    """Each proof can be told in both languages."""
    told = {
        words(language).tell(sentence(proof, arrival("vt", trusted=True))) for proof in Proof for language in Language
    }
    assert len(told) == 2 * len(Proof)
