"""Changes: what applying sheets, or taking a change back, does to the directory.

Promises:  every change is about one key (a unit or mapping and its first day, a succession and its day): ``before`` is
           what stands under it, ``after`` what will; None is nothing. Each has its place and its sentence.
Never:     a change that changes nothing (``change_of`` gives None).
Fails:     never.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum

from mailmap.directory.address import Address, May
from mailmap.directory.answers import Sentence
from mailmap.directory.sheet import Mistake, Place, Remark
from mailmap.directory.succession import Succession
from mailmap.directory.unit import Unit, Way

Thing = Unit | Address | Succession
Key = tuple[str, date]


class Effect(StrEnum):
    """What applying a row does. MOVED: below another unit, in a new period or by correcting one.

    REMOVED: taken away as if it had never been told; only taking a change back does so.
    """

    ADDED = "added"
    CHANGED = "changed"
    ENDED = "ended"
    MOVED = "moved"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Change:
    """One effect: what was, what will be (both of one key), and why. ADDED has no before, REMOVED no after."""

    place: Place
    effect: Effect
    before: Thing | None
    after: Thing | None
    why: Sentence

    @property
    def thing(self) -> Thing:
        """What it is about: as it will be, else as it was."""
        return next(thing for thing in (self.after, self.before) if thing is not None)


@dataclass(frozen=True, slots=True)
class Diff:
    """What sheets would change; ``same`` counts the rows that change nothing.

    ``warnings`` are worth a look before applying; ``remarks`` are the rows that were taken for headings, not for units.
    """

    changes: tuple[Change, ...]
    mistakes: tuple[Mistake, ...]
    same: int
    warnings: tuple[Remark, ...] = ()
    remarks: tuple[Remark, ...] = ()

    def units(self) -> list[Unit]:
        """The units as they will be."""
        return [change.after for change in self.changes if isinstance(change.after, Unit)]

    def addresses(self) -> list[Address]:
        """The mappings as they will be."""
        return [change.after for change in self.changes if isinstance(change.after, Address)]

    def successions(self) -> list[Succession]:
        """The successions as they will be."""
        return [change.after for change in self.changes if isinstance(change.after, Succession)]

    def removed(self) -> list[Thing]:
        """Everything that will be gone."""
        return [change.before for change in self.changes if change.before is not None and change.after is None]


def key_of(thing: Thing) -> Key:
    """Under what it stands; unique among things of its table."""
    if isinstance(thing, Unit):
        return thing.id, thing.valid_from
    return (thing.address, thing.valid_from) if isinstance(thing, Address) else (thing.unit, thing.on)


def change_of(place: Place, before: Thing | None, after: Thing | None) -> Change | None:
    """The change of one key's thing; None when it stays the same."""
    if before == after:
        return None
    if before is None or after is None:
        effect = Effect.ADDED if before is None else Effect.REMOVED
        return Change(place, effect, before, after, Sentence.of(f"roster.{effect}"))
    effect = _effect(before, after)
    return Change(place, effect, before, after, Sentence.of(f"roster.{effect}", what=difference(before, after)))


def _effect(before: Thing, after: Thing) -> Effect:
    if isinstance(before, Succession) or isinstance(after, Succession):
        return Effect.CHANGED
    if after.valid_until is not None and after.valid_until != before.valid_until:
        return Effect.ENDED
    moved = isinstance(before, Unit) and isinstance(after, Unit) and before.parent != after.parent
    return Effect.MOVED if moved else Effect.CHANGED


def difference(before: Thing, after: Thing) -> str:
    """Every field that differs, as 'name: before → after'."""
    names = [field.name for field in fields(before) if getattr(before, field.name) != getattr(after, field.name)]
    return "; ".join(f"{name}: {shown(getattr(before, name))} → {shown(getattr(after, name))}" for name in names)


def shown(value: object) -> str:
    """A field as a sheet would show it; nothing is '…'."""
    if isinstance(value, frozenset):
        return " ".join(may.value for may in May if may in value)
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, date):
        return "…" if value == date.min else value.isoformat()
    if isinstance(value, tuple):
        return "; ".join(map(_item, value)) or "…"
    return str(value) if value else "…"


def _item(value: object) -> str:
    return f"{value.channel}:{value.to}" if isinstance(value, Way) else str(value)
