"""Only the tables move a status."""

from __future__ import annotations

from itertools import product

import pytest

from mailmap.document.events import KINDS
from mailmap.policy.lifecycle import (
    EVENT_OF,
    HANDLING,
    LIFE,
    TAKE_BACK,
    TRANSPORT,
    Handling,
    IllegalTransition,
    Life,
    TakeBack,
    Transport,
    move,
    steps,
)

NAMES = sorted(KINDS)


@pytest.mark.parametrize("state", Transport)
@pytest.mark.parametrize("event", NAMES)
def test_a_letter_moves_by_the_table_alone(state: Transport, event: str) -> None:
    """Every event a state lists leads where the table says; every other is refused by name."""
    agrees(TRANSPORT, state, event)


@pytest.mark.parametrize("state", Handling)
@pytest.mark.parametrize("event", NAMES)
def test_a_delivery_moves_by_the_table_alone(state: Handling, event: str) -> None:
    """Every event a state lists leads where the table says; every other is refused by name."""
    agrees(HANDLING, state, event)


@pytest.mark.parametrize("state", [*TakeBack, *Life])
@pytest.mark.parametrize("event", NAMES)
def test_what_comes_later_moves_by_the_table_alone(state: TakeBack | Life, event: str) -> None:
    """The same for taking back (13, 15, 16) and for the life of a document."""
    agrees(TAKE_BACK if isinstance(state, TakeBack) else LIFE, state, event)


def agrees(table: object, state: object, event: str) -> None:
    """Assert that ``move`` does exactly what the table lists."""
    listed = table[state]  # type: ignore[index]
    if event in listed:
        assert move(table, state, event) is listed[event]  # type: ignore[type-var, arg-type]
        return
    with pytest.raises(IllegalTransition, match=f"{event} while {state.value}"):  # type: ignore[attr-defined]
        move(table, state, event)  # type: ignore[type-var, arg-type]


def test_every_state_has_its_row() -> None:
    """No state is forgotten, and no table names an event that cannot happen."""
    assert set(TRANSPORT) == set(Transport)
    assert set(HANDLING) == set(Handling)
    assert (set(TAKE_BACK), set(LIFE)) == (set(TakeBack), set(Life))
    assert {
        event for table in (TRANSPORT, HANDLING, TAKE_BACK, LIFE) for row in table.values() for event in row
    } <= KINDS.keys()


def test_every_state_can_be_reached() -> None:
    """From the first state a walk leads to every other."""
    assert reached(TRANSPORT, Transport.QUEUED) == set(Transport)
    assert reached(HANDLING, Handling.NONE) == set(Handling)
    assert reached(TAKE_BACK, TakeBack.NONE) == set(TakeBack)
    assert reached(LIFE, Life.REGISTERED) == set(Life)


def reached(table: object, start: object) -> set[object]:
    """Every state a walk from ``start`` meets."""
    met, edge = {start}, [start]
    while edge:
        for state in table[edge.pop()].values():  # type: ignore[index]
            if state not in met:
                met.add(state)
                edge.append(state)
    return met


def test_what_is_done_stays_done() -> None:
    """A completed document, and a letter that somebody opened, never go back."""
    assert HANDLING[Handling.COMPLETED] == {}
    assert set(TRANSPORT[Transport.DISPLAYED].values()) == {Transport.DISPLAYED}


@pytest.mark.parametrize(("state", "to"), list(product(Handling, Handling)))
def test_steps_walk_the_table(state: Handling, to: Handling) -> None:
    """The way to a status is a legal walk that ends there; booking is made up for, no refusal undone."""
    way, here = steps(state, to), state
    for each in way:
        here = move(HANDLING, here, EVENT_OF[each])
    assert here is (to if way else state)
    assert not (state is Handling.REFUSED and len(way) > 1)
