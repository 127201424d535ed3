"""The steps by which a unit leads to the one that stands for it now, in words.

Promises:  every step has its day, what happened, and its basis; names are those the units bore when it happened.
Never:     changes the directory.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from gateway.cli.desk import Desk
from gateway.cli.map_days import told
from mailmap.directory.answers import Directory
from mailmap.directory.succession import Succession, Turn

_EVE = timedelta(days=1)


def step_of(desk: Desk, there: Directory, step: Succession) -> dict[str, object]:
    """One step as a record; ``why`` is its sentence."""
    before = there.unit(step.unit, step.on - _EVE)
    after = there.unit(step.successor, step.on) if step.successor else None
    names = {
        "unit_name": before.name if before else step.unit,
        "successor_name": after.name if after else step.successor,
    }
    if before and after and before.name == after.name and before.id != after.id:  # many kept their name in 2025
        names = {"unit_name": f"{before.name} ({before.id})", "successor_name": f"{after.name} ({after.id})"}
    record = {"unit": step.unit, "on": told(desk, step.on), "turn": step.turn.value, "successor": step.successor}
    facts = {**record, **names, "basis": step.basis or desk.words.say("map.no-basis")}
    key = f"step.{step.turn}" if step.successor else "step.open"
    above = there.unit(after.parent, step.on) if after and after.parent else None
    if step.turn is Turn.MOVED and step.successor == step.unit and above:
        key, facts = "step.below", facts | {"parent_name": above.name}
    turn = desk.words.say(f"turn.{step.turn}")
    return {**record, **names, "basis": step.basis, "why": desk.words.say(key, **facts | {"turn": turn})}


def steps_of(desk: Desk, there: Directory, steps: Iterable[Succession]) -> list[dict[str, object]]:
    """All of them, in their order."""
    return [step_of(desk, there, step) for step in steps]


def say_steps(desk: Desk, steps: Iterable[dict[str, object]]) -> None:
    """Each step on a line of its own; nothing with --json, where they stand in the record."""
    for step in steps:
        desk.say("map.step", why=step["why"])
