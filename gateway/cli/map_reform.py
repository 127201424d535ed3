"""``lienthong map merge``: what was decided about units, from a day on: merged, split, abolished, renamed, moved.

Promises:  shows every row first: who ends, who begins or changes, who follows whom, what becomes of the units below;
           ``--apply`` makes it one change that can be taken back. Addresses stay with their units, and follow them.
Never:     chooses between several successors: a split leaves it to a person, each time.
Fails:     exit status 3 for a unit that is not there, 2 for a decision that does not fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

import typer

from gateway.app import office
from gateway.cli.desk import Desk, Exit, Stop
from gateway.cli.map import unit_named
from gateway.cli.map_change import Apply, Signing, changed, ordered, told
from gateway.cli.map_days import day_of
from gateway.cli.map_days import told as told_day
from gateway.cli.roster import proposing_of
from mailmap.directory.address import fold
from mailmap.directory.directory import Snapshot
from mailmap.directory.restructuring import Decision, restructured
from mailmap.directory.sheet import Sheet
from mailmap.directory.succession import Turn
from mailmap.directory.unit import Unit, UnitKind
from storage import dossier

Units = Annotated[list[str], typer.Argument(metavar="UNIT")]


@dataclass(frozen=True, slots=True)
class Decided:
    """The day, the decision, and what it does."""

    on: Annotated[str, typer.Option("--on", metavar="YYYY-MM-DD")]
    basis: Annotated[str, typer.Option("--basis")]
    turn: Annotated[Turn, typer.Option("--turn")] = Turn.MERGED


@dataclass(frozen=True, slots=True)
class Successor:
    """The unit that follows, and what it is called and where it stands from that day on."""

    into: Annotated[str | None, typer.Option("--into", metavar="UNIT")] = None
    name: Annotated[str | None, typer.Option("--name")] = None
    kind: Annotated[UnitKind | None, typer.Option("--kind")] = None
    parent: Annotated[str | None, typer.Option("--parent", metavar="UNIT")] = None
    short: Annotated[str | None, typer.Option("--short")] = None
    contact: Annotated[str | None, typer.Option("--contact", metavar="ADDRESS")] = None


def merge(
    desk: Desk, units: Units, decided: Decided, successor: Successor, signing: Signing, *, apply: Apply = False
) -> Exit:
    """Show what the decision does; with ``--apply``, do it."""
    decision = Decision(decided.turn, day_of(desk, decided.on), decided.basis)
    with office(desk.settings) as at:
        order = ordered(desk, at, replace(signing, why=signing.why or decided.basis))
        with at.database.transaction() as tx:
            there = at.directories.load(tx)
            some = [_alive(desk, there, name, decision) for name in units]
            sheets = _sheets(there, decision, some, successor)
        diff, applied = changed(at, order, proposing_of(desk, sheets), apply=apply)
        followed = {step.unit for step in diff.successions() if step.successor not in {None, step.unit}}
        with at.database.transaction() as tx:
            kept = sum(len(dossier.mailboxes(tx, unit_id)) for unit_id in followed)
    done = told(desk, diff, applied, apply=apply)
    if kept and not diff.mistakes:
        desk.say("map.addresses-kept", count=kept)
    return done


def _alive(desk: Desk, there: Snapshot, name: str, decision: Decision) -> Unit:
    """The unit as it is on the eve of the day."""
    found = unit_named(there, name, decision.eve)
    if found is None:
        raise Stop(Exit.NOT_FOUND, "map.no-unit", unit=name)
    if not found.lives_on(decision.eve):
        raise Stop(Exit.MISTAKE, "map.not-alive", unit=found.name, on=told_day(desk, decision.eve))
    return found


def _sheets(there: Snapshot, decision: Decision, units: Sequence[Unit], successor: Successor) -> list[Sheet]:
    """The rows that carry it out; a decision that does not fit is a mistake."""
    if decision.turn in {Turn.RENAMED, Turn.MOVED}:
        if successor.into or not _given(there, decision, successor):
            raise Stop(Exit.MISTAKE, f"reform.{decision.turn}")
        becoming = [(unit, replace(unit, **_given(there, decision, successor))) for unit in units]
        return [sheet for was, unit in becoming for sheet in restructured(decision, [was], unit, there.index)]
    if (successor.into is None) is (decision.turn is Turn.MERGED) or (successor.into and decision.turn is Turn.SPLIT):
        raise Stop(Exit.MISTAKE, f"reform.{decision.turn}")
    into = _into(there, decision, units, successor) if successor.into else None
    return [*restructured(decision, units, into, there.index)]


def _into(there: Snapshot, decision: Decision, units: Sequence[Unit], successor: Successor) -> Unit:
    """The successor as it is to be: one that is there, with what changes, or a new one."""
    name = fold(successor.into or "")
    known = unit_named(there, name, decision.on)
    given = _given(there, decision, successor)
    if known is None:
        if not successor.name:
            raise Stop(Exit.MISTAKE, "reform.new", unit=name)
        first = units[0]
        begun = Unit(name, successor.name, first.kind, name, first.parent, valid_from=decision.on, basis=decision.basis)
        return replace(begun, **given)
    if not known.lives_on(decision.on):
        raise Stop(Exit.MISTAKE, "reform.ended", unit=known.name)
    return replace(known, **given)


def _given(there: Snapshot, decision: Decision, successor: Successor) -> dict[str, Any]:
    """What the person said about the unit as it is to be."""
    told_of = {name: getattr(successor, name) for name in ("name", "kind", "short", "contact")}
    given = {name: value for name, value in told_of.items() if value is not None}
    if successor.parent is None:
        return given
    above = unit_named(there, successor.parent, decision.on) if successor.parent else None
    if successor.parent and above is None:
        raise Stop(Exit.NOT_FOUND, "map.no-unit", unit=successor.parent)
    return given | {"parent": above.id if above else None}
