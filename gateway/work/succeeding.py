"""What letters say of a recipient that was written to under the name of a unit that ended.

Promises:  who was written to, who took its place, since when and by which decision; or that a person must choose.
Never:     says anything of recipients that were reached under their own name; a sentence of its own (templates do).
"""

from __future__ import annotations

from collections.abc import Sequence

from mailmap.directory.answers import Found, Leads, Where
from mailmap.directory.unit import Unit
from mailmap.document.events import JSON
from mailmap.policy.decision import Facts

_SAID = ("before", "unit", "since", "basis")


def successions(facts: Facts, units: Sequence[Unit]) -> dict[str, JSON]:
    """What a receipt says of recipients that were reached, or wait, because the unit written to ended.

    Lists side by side: who was written to, who took its place, since when, by which decision (the last two '' where a
    person chose it); ``waiting`` are those for which a person must choose. Empty when there is nothing to say.
    """
    reached = {unit.id for unit in units}
    led = [dict(one.why.facts) for one in facts.where if _led(one) and one.unit and one.unit.id in reached]
    led += [
        _named(one) for one in facts.found if one.steps and {unit.id for unit in one.units} <= reached and one.units
    ]
    waiting: list[JSON] = [one.unit.name for one in facts.where if one.leads is Leads.UNSETTLED and one.unit]
    if not led and not waiting:
        return {}
    before, after, since, basis = ([*(one.get(name, "") for one in led)] for name in _SAID)
    return {"before": [*before], "after": [*after], "since": [*since], "basis": [*basis], "waiting": waiting}


def _led(where: Where) -> bool:
    return where.leads is Leads.UNIT and bool(where.steps)


def _named(found: Found) -> dict[str, str]:
    """The name as it was written in the text, and who answers to it now."""
    step = found.steps[-1]
    names = ", ".join(unit.name for unit in found.units)
    return {"before": found.mention, "unit": names, "since": f"{step.on:%d/%m/%Y}", "basis": step.basis}
