"""``lienthong map import|add``: changes of the directory, always shown before they are made.

Promises:  without ``--apply`` nothing changes; with it all changes are made in one transaction, with who and why, and
           mails that waited for a new address go on, documents that waited for a unit's first mailbox too.
Never:     applies anything while one row is wrong.
Fails:     exit status 2 and every mistake with its file and line.
"""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from gateway.app import Office, office, own_names
from gateway.cli.desk import Desk, Exit, Stop
from gateway.work.orders import Orders, send_unsent
from gateway.work.scribe import Scribe
from mailmap.directory import cells
from mailmap.directory.address import Address, fold
from mailmap.directory.answers import Sentence
from mailmap.directory.roster import Change, Diff, Effect, Thing, propose
from mailmap.directory.sheet import Mistake, Place, Row, Sheet, Table, decode, read
from mailmap.directory.unit import Unit
from storage import directory, incoming
from storage.directory import Signature

SHOWN = 40  # rows of a diff on a terminal; --json shows them all

Files = Annotated[list[Path], typer.Argument(metavar="FILE")]
Apply = Annotated[bool, typer.Option("--apply")]
By = Annotated[str, typer.Option("--by")]
Why = Annotated[str, typer.Option("--why")]
May = Annotated[str, typer.Option("--may")]

_CHANGES = ("place", "effect", "what", "why")


def import_(desk: Desk, files: Files, *, apply: Apply = False, by: By = "", why: Why = "") -> Exit:
    """Show what the sheets would change; with ``--apply``, change it."""
    sheets = [_sheet(path) for path in files]
    with office(desk.settings) as at:
        diff, number, sent = _propose(desk, at, sheets, _signed(by, why) if apply else None)
        _show(desk, diff)
        if diff.mistakes:
            return Exit.MISTAKE
        if number is None:
            desk.say("map.not-applied" if diff.changes else "map.nothing")
            return Exit.OK
        released = _let_go(at, diff, by)
    desk.answer({"change": number, "released": released, "sent": sent}, "map.applied", count=len(released))
    return Exit.OK


def add(desk: Desk, address: str, unit: str, *, may: May = "", by: By = "", why: Why = "") -> Exit:
    """Map one address to a unit, named by its id, short name or code."""
    with office(desk.settings) as at:
        sheet = _one_row(address, _unit(desk, at, unit).id, may)
        diff, number, _ = _propose(desk, at, [sheet], _signed(by, why))
        if diff.mistakes:
            raise Stop(Exit.MISTAKE, "map.refused", reason=desk.words.tell(diff.mistakes[0].why))
        released = _let_go(at, diff, by)
    record = {"address": fold(address), "unit": unit, "change": number, "released": released}
    desk.answer(record, "map.added" if number else "map.known", count=len(released))
    return Exit.OK


def _sheet(path: Path) -> Sheet:
    try:
        text = decode(path.read_bytes())
    except OSError as error:
        raise Stop(Exit.MISTAKE, "map.no-file", path=path, reason=error.strerror) from None
    if text is None:
        return Sheet(Table.UNITS, (), (Mistake(Place(path.name, 1), Sentence.of("roster.not-text")),))
    return read(path.name, text)


def _one_row(address: str, unit: str, may: str) -> Sheet:
    given = {"address": address, "unit": unit} | ({"may": may} if may else {})
    return Sheet(Table.ADDRESSES, (Row(Place("", 1), given),))


def _signed(by: str, why: str) -> Signature:
    return Signature(by or getpass.getuser(), why, datetime.now(UTC))


def _propose(desk: Desk, at: Office, sheets: Sequence[Sheet], signed: Signature | None) -> tuple[Diff, int | None, int]:
    """In one transaction: the diff against the tables as they are; if it was applied, its number and letters sent."""
    new = replace(cells.NEW, accepts_itself=desk.settings.books.automatic_acceptance)
    with at.database.transaction() as tx:
        if signed:
            directory.alone(tx)
        diff = propose(sheets, directory.around(tx, sheets), own_names(desk.settings), new)
        if signed is None or diff.mistakes:
            return diff, None, 0
        number = directory.apply(tx, diff, signed)
        return diff, number, send_unsent(Scribe(tx, at.desk, signed.at), diff.units(), signed.by)


def _let_go(at: Office, diff: Diff, by: str) -> list[str]:
    """Release the mails that were held because nobody had mapped their sender; their numbers."""
    mapped = [change.after.address for change in diff.changes if isinstance(change.after, Address)]
    with at.database.transaction() as tx:
        waiting = incoming.unmapped_among(tx, mapped)
    orders = Orders(at.database, at.desk, by or getpass.getuser(), datetime.now(UTC))
    return [mail for sender in waiting for mail in orders.release_from(sender)]


def _unit(desk: Desk, at: Office, name: str) -> Unit:
    today = datetime.now(desk.settings.gateway.time_zone).date()
    with at.database.transaction() as tx:
        there = at.directories.load(tx)
        found = there.unit(name, today) or there.named(name, today)
    if found is None:
        raise Stop(Exit.NOT_FOUND, "map.no-unit", unit=name)
    return found


def _show(desk: Desk, diff: Diff) -> None:
    gravest = sorted(diff.changes, key=lambda change: change.effect is Effect.ADDED)
    shown = diff.changes if desk.json else gravest[:SHOWN]
    desk.table(("place", "why"), (_mistake(desk, mistake) for mistake in diff.mistakes))
    desk.table(_CHANGES, (_change(desk, change) for change in shown))
    counts = {effect.value: sum(change.effect is effect for change in diff.changes) for effect in Effect}
    if len(shown) < len(diff.changes):
        desk.say("map.more", count=len(diff.changes) - len(shown))
    desk.say("map.counts", **counts, same=diff.same, mistakes=len(diff.mistakes))


def _mistake(desk: Desk, mistake: Mistake) -> dict[str, object]:
    return _place(mistake.place) | {"error": mistake.why.key, "why": desk.words.tell(mistake.why)}


def _change(desk: Desk, change: Change) -> dict[str, object]:
    thing = change.thing
    what = thing.name if isinstance(thing, Unit) else thing.address if isinstance(thing, Address) else thing.unit
    effect = change.effect.value if desk.json else desk.words.say(f"effect.{change.effect}")
    told = {"effect": effect, "what": what, "unit": _unit_id(thing), "why": desk.words.tell(change.why)}
    return _place(change.place) | told


def _place(place: Place) -> dict[str, object]:
    return {"place": f"{place.file}:{place.line}", "file": place.file, "line": place.line}


def _unit_id(thing: Thing) -> str:
    return thing.id if isinstance(thing, Unit) else thing.unit
