"""Listings: units, mappings and successions as the cells of a sheet, under the names of their fields.

Promises:  ``cells`` reads back what stands here: a sheet of these cells proposes no change to what it was made from.
Never:     loses a field; words of a language (the caller may put its own for kinds, turns and rights).
Fails:     never.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from mailmap.directory.address import Address, May
from mailmap.directory.succession import Succession
from mailmap.directory.unit import Unit


def unit_cells(unit: Unit) -> Mapping[str, str]:
    """One unit in one period."""
    return {
        "id": unit.id,
        "name": unit.name,
        "kind": unit.kind.value,
        "short": unit.short,
        "parent": unit.parent or "",
        "contact": unit.contact,
        "channel": unit.channel.value,
        "fallback": "; ".join(f"{way.channel}:{way.to}" for way in unit.fallback),
        "book": _flag(unit.book),
        "accepts_itself": _flag(unit.accepts_itself),
        "valid_from": _day(unit.valid_from),
        "valid_until": _day(unit.valid_until),
        "organ_id": unit.organ_id,
        "qcvn_id": unit.qcvn_id,
        "tax_code": unit.tax_code,
        "other_names": "; ".join(unit.other_names),
        "basis": unit.basis,
    }


def address_cells(mapping: Address) -> Mapping[str, str]:
    """One mapping of an address."""
    return {
        "address": mapping.address,
        "unit": mapping.unit,
        "may": ", ".join(may.value for may in May if may in mapping.may),
        "role": mapping.role,
        "form": mapping.form.value,
        "needs": mapping.needs.name.lower(),
        "valid_from": _day(mapping.valid_from),
        "valid_until": _day(mapping.valid_until),
    }


def succession_cells(step: Succession) -> Mapping[str, str]:
    """What became of one unit on one day."""
    return {
        "unit": step.unit,
        "on": _day(step.on),
        "turn": step.turn.value,
        "successor": step.successor or "",
        "basis": step.basis,
    }


def _flag(value: bool) -> str:  # noqa: FBT001  a fact to be told, not a switch of behaviour
    return "1" if value else "0"


def _day(day: date | None) -> str:
    return "" if day is None or day == date.min else day.isoformat()
