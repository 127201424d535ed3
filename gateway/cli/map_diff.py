"""What a change of the directory would do, shown as an administrator reads it.

Promises:  every mistake, all at once, before anything else; then what is moved, ended, taken away and changed, before
           the long list of what is new; each with its line and its reason. The counts come last and are of everything.
Never:     judges; changes anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from itertools import islice
from typing import Any

from gateway.cli.desk import Desk
from gateway.cli.map_days import told
from mailmap.directory.address import Address, Form, May
from mailmap.directory.answers import Sentence
from mailmap.directory.changes import Change, Diff, Effect, Key, Thing
from mailmap.directory.proof import Proof
from mailmap.directory.sheet import Mistake, Place, Remark
from mailmap.directory.succession import Succession, Turn
from mailmap.directory.unit import Unit, UnitKind, Way

GRAVEST = (Effect.MOVED, Effect.ENDED, Effect.REMOVED, Effect.CHANGED, Effect.ADDED)
SHOWN, MOST = 40, 1000  # new rows, and all the graver ones, on a terminal; --json and --out have them all
CONFLICTS = frozenset(
    f"roster.{one}"
    for one in ("two-units", "overlap", "unit-overlap", "name-taken", "changed-later", "in-use", "has-children")
)
COLUMNS = ("effect", "place", "what", "why")


def show(desk: Desk, diff: Diff) -> None:
    """All of it with --json; on a terminal the new ones only as far as somebody reads."""
    whole = len(diff.mistakes) + len(diff.warnings) + len(diff.changes) + len(diff.remarks)
    plenty = sum(change.effect is Effect.ADDED for change in diff.changes) + len(diff.remarks)
    most = whole if desk.json else min(whole - plenty, MOST) + min(plenty, SHOWN)
    shown = [*islice(rows(desk, diff), most)]
    if shown and desk.read_by_a_person:  # the place below what stands there: a terminal is narrow
        desk.table(("effect", "what", "why"), (row | {"what": _below(row)} for row in shown))
    elif shown:
        desk.table(COLUMNS, shown)
    if most < whole:
        desk.say("map.more", count=whole - most)
    tally = counts(diff)
    said = [desk.words.say(f"count.{name}", count=count) for name, count in tally.items() if count]
    if said or desk.json:
        desk.answer({"counts": tally}, "map.counts", said=", ".join(said))


def _below(row: Mapping[str, object]) -> str:
    return "\n".join(str(row[name]) for name in ("what", "place") if row[name])


def table(desk: Desk, diff: Diff) -> Iterator[Sequence[str]]:
    """All of it as the rows of a sheet, for somebody who reads it elsewhere."""
    yield [desk.words.say(f"column.{name}") for name in COLUMNS]
    for row in rows(replace(desk, json=False), diff):
        yield [str(row[name]) for name in COLUMNS]


def counts(diff: Diff) -> dict[str, int]:
    """How many of each, in the order of telling; conflicts are mistakes that clash with what is known."""
    clashes = sum(mistake.why.key in CONFLICTS for mistake in diff.mistakes)
    found = {effect.value: sum(change.effect is effect for change in diff.changes) for effect in reversed(GRAVEST)}
    wrong = {"conflicts": clashes, "mistakes": len(diff.mistakes) - clashes, "warnings": len(diff.warnings)}
    return found | {"same": diff.same} | wrong | {"remarks": len(diff.remarks)}


def rows(desk: Desk, diff: Diff) -> Iterator[dict[str, object]]:
    """Everything there is to tell, the gravest first."""
    for mistake in diff.mistakes:
        conflict = mistake.why.key in CONFLICTS
        yield _told(desk, mistake, "conflict" if conflict else "mistake") | {"error": mistake.why.key}
    for warning in diff.warnings:
        yield _told(desk, warning, "warning") | {"warning": warning.why.key}
    names = _names(diff)
    steps = {(step.unit, step.on): step for step in diff.successions()}
    for effect in GRAVEST:
        for change in diff.changes:
            if change.effect is effect:
                row = _change(desk, change, names)
                yield row | {"why": f"{row['why']}{_follower(desk, change.after, steps, names)}"}
    yield from (_told(desk, remark, "remark") for remark in diff.remarks)


def _told(desk: Desk, one: Mistake | Remark, kind: str) -> dict[str, object]:
    return _head(desk, one.place, kind) | {"what": "", "why": worded(desk, one.why)}


def _change(desk: Desk, change: Change, names: Mapping[str, str]) -> dict[str, object]:
    record = _head(desk, change.place, change.effect.value) | {"what": name_of(desk, change.thing, names)}
    if not desk.json:
        return record | {"why": why_of(desk, change, names)}
    unit = change.thing.id if isinstance(change.thing, Unit) else change.thing.unit
    sides = {"before": plain(change.before), "after": plain(change.after)}
    return record | {"table": table_of(change.thing), "unit": unit, "why": desk.words.tell(change.why)} | sides


def _follower(desk: Desk, ended: Thing | None, steps: Mapping[Key, Succession], names: Mapping[str, str]) -> str:
    """Who follows a unit that ends, when the same diff says so."""
    if not isinstance(ended, Unit) or ended.valid_until is None or desk.json:
        return ""
    step = steps.get((ended.id, ended.valid_until))
    if step is None:
        return ""
    successor = names.get(step.successor, step.successor) if step.successor else desk.words.say("map.person-decides")
    return "\n" + desk.words.say("map.followed", turn=desk.words.say(f"turn.{step.turn}"), successor=successor)


def _names(diff: Diff) -> Mapping[str, str]:
    """What the units are called that the diff itself tells of."""
    return {change.thing.id: change.thing.name for change in diff.changes if isinstance(change.thing, Unit)}


def _head(desk: Desk, place: Place, kind: str) -> dict[str, object]:
    effect = kind if desk.json else desk.words.say(f"effect.{kind}")
    spot = f"{place.file}:{place.line}" if place.file else ""
    return {"effect": effect, "change": kind, "place": spot, "file": place.file, "line": place.line}


def name_of(desk: Desk, thing: Thing, names: Mapping[str, str]) -> str:
    """What a change is about, as a person knows it."""
    if isinstance(thing, Unit):
        return thing.name
    if isinstance(thing, Address):
        return thing.address
    return desk.words.say("map.succession", unit=names.get(thing.unit, thing.unit))


def table_of(thing: Thing) -> str:
    """The table it stands in."""
    if isinstance(thing, Unit):
        return "units"
    return "addresses" if isinstance(thing, Address) else "successions"


def why_of(desk: Desk, change: Change, names: Mapping[str, str]) -> str:
    """A line per field that differs; of a new thing, why it comes and what places it."""
    before, after = change.before, change.after
    if before is not None and after is not None:
        return "\n".join(_differences(desk, before, after))
    reason = "" if change.why.key == "roster.added" else worded(desk, change.why)
    placed = "" if after is None or change.why.key in _WHOLE else _placed(desk, after, names, reason)
    return "\n".join(filter(None, (reason, placed)))


def worded(desk: Desk, why: Sentence) -> str:
    """A sentence whose facts speak of fields and days as people do; as it is with --json."""
    if desk.json:
        return desk.words.tell(why)
    facts = {name: _FIELD.sub(lambda found: _field(desk, found), fact) for name, fact in why.facts}
    return _ISO.sub(r"\3/\2/\1", desk.words.say(why.key, **facts))


def _field(desk: Desk, found: re.Match[str]) -> str:
    known = f"sheet.{found['name']}"
    return f"{desk.words.say(known) if desk.words.knows(known) else found['name']}: "


def _placed(desk: Desk, thing: Thing, names: Mapping[str, str], reason: str) -> str:
    """What places a new thing, without what its reason has told already."""
    said = {name: word(desk, getattr(thing, name)) for name in _TELLING[table_of(thing)]}
    said |= {name: names.get(said[name], said[name]) for name in _UNITS & said.keys()}
    new = {name: text for name, text in said.items() if text and not _is_word(text, reason)}
    return ", ".join(f"{desk.words.say(f'sheet.{name}')} {text}" for name, text in new.items())


def _is_word(text: str, sentence: str) -> bool:
    return re.search(rf"(?<!\S){re.escape(text)}(?=[\s.,;]|$)", sentence) is not None


_TELLING: Mapping[str, Sequence[str]] = {
    "units": ("short", "parent", "contact", "valid_from", "valid_until"),
    "addresses": ("unit", "valid_from", "valid_until"),
    "successions": ("on", "turn", "successor", "basis"),
}
_WHOLE = frozenset({"roster.new-period", "roster.moved"})  # reasons that leave nothing to tell
_FIELD = re.compile(r"(?<![^\s;])(?P<name>[a-z_]+): ")
_ISO = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b", re.ASCII)
_UNITS = frozenset({"parent", "unit", "successor"})  # fields that hold the id of a unit


def _differences(desk: Desk, before: Thing, after: Thing) -> Iterator[str]:
    for field in fields(before):
        was, becomes = getattr(before, field.name), getattr(after, field.name)
        if was != becomes:
            name = desk.words.say(f"sheet.{field.name}")
            yield f"{name}: {word(desk, was) or '…'} → {word(desk, becomes) or '…'}"


_WORDS: Mapping[type, Callable[[Desk, Any], str]] = {
    frozenset: lambda desk, may: ", ".join(desk.words.say(f"may.{one}") for one in May if one in may),
    bool: lambda desk, flag: desk.yes(flag),
    date: told,
    tuple: lambda _, many: "; ".join(f"{one.channel}:{one.to}" if isinstance(one, Way) else one for one in many),
    Proof: lambda desk, proof: desk.words.say(f"needs.{proof.name.lower()}"),
    UnitKind: lambda desk, kind: desk.words.say(f"kind.{kind}"),
    Turn: lambda desk, turn: desk.words.say(f"turn.{turn}"),
    Form: lambda desk, form: desk.words.say(f"form.{form}"),
}


def word(desk: Desk, value: object) -> str:
    """A field in the person's words; '' for one that says nothing."""
    return _WORDS[type(value)](desk, value) if type(value) in _WORDS else str(value or "")


def plain(thing: Thing | None) -> Mapping[str, object] | None:
    """A thing for a program: its fields."""
    if thing is None:
        return None
    return {field.name: _json(getattr(thing, field.name)) for field in fields(thing)}


def _json(value: object) -> object:
    if isinstance(value, tuple):
        return [f"{one.channel}:{one.to}" if isinstance(one, Way) else one for one in value]
    if isinstance(value, Proof):
        return value.name.lower()
    if isinstance(value, date):
        return None if value == date.min else value
    return value
