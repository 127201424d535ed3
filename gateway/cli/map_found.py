"""What names of recipients mean, as ``map where`` tells it: the certain, and the questions with their numbers.

Promises:  every name that was written gets its answer, in the order of writing: units that are certain, the numbered
           choices its sender would be asked about, or why it leads nowhere; each step of a succession with its day.
Never:     chooses.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from gateway.cli.desk import Desk, Exit
from gateway.cli.map_steps import say_steps, steps_of
from mailmap.directory.answers import Directory, Found
from mailmap.directory.unit import Unit

NO_DELIVERY = "find.no-delivery"
_FEW = 12  # units of a group on a terminal; --json has them all


def tell_found(desk: Desk, there: Directory, found: Sequence[Found], day: date) -> Exit:
    """All of them; NOT_FOUND when one leads nowhere, TROUBLE when one would be asked about."""
    for one in found:
        _tell(desk, there, one, day)
    lost = [one for one in found if not one.units and not one.choices and one.why.key != NO_DELIVERY]
    if lost or not found:
        return Exit.NOT_FOUND
    return Exit.TROUBLE if any(one.choices for one in found) else Exit.OK


def _tell(desk: Desk, there: Directory, one: Found, day: date) -> None:
    units = [_unit(there, unit, day) for unit in one.units]
    choices = [{"number": n, **_unit(there, unit, day)} for n, unit in enumerate(one.choices, 1)]
    steps = steps_of(desk, there, one.steps)
    found = "certain" if units else "asked" if choices else _nothing(one)
    record = {"mention": one.mention, "on": day, "found": found, "why": desk.words.tell(one.why)}
    desk.answer({**record, "units": units, "choices": choices, "steps": steps}, f"found.{found}")
    for unit in units[:_FEW]:
        desk.say("found.unit" if unit["contact"] else "found.mute", **unit)
    if len(units) > _FEW:
        desk.say("found.more", count=len(units) - _FEW)
    for choice in choices:
        desk.say("found.choice" if choice["parent_name"] else "found.choice-top", **choice)
    say_steps(desk, steps)


def _nothing(one: Found) -> str:
    return "no-delivery" if one.why.key == NO_DELIVERY else "unknown"


def _unit(there: Directory, unit: Unit, day: date) -> dict[str, object]:
    above = there.unit(unit.parent, day) if unit.parent else None
    return {
        "unit": unit.id,
        "unit_name": unit.name,
        "short": unit.short,
        "parent": unit.parent,
        "parent_name": above.name if above else "",
        "contact": unit.contact,
    }
