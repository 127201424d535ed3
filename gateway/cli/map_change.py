"""How the command line changes the directory: in whose name, within whose subtree, all in one transaction.

Promises:  nothing changes unless it was told to; then the whole diff and its row of history, with who and why, are one
           transaction, and mails that waited for a new address or a successor go on, documents that waited for a
           unit's first mailbox too. Whoever acts as an address changes only what lies below the unit it administers.
Never:     applies a diff with a mistake in it.
Fails:     Stop with exit status 2 when the address may not administer.
"""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection

from gateway.app import Office
from gateway.cli.desk import Desk, Exit, Stop
from gateway.cli.map_days import today
from gateway.cli.map_diff import show, table
from gateway.cli.map_sheets import written
from gateway.work.orders import Orders, send_unsent
from gateway.work.scribe import Scribe
from mailmap.directory.address import May, fold, keys_of
from mailmap.directory.changes import Diff
from mailmap.directory.unit import Unit
from storage import directory, strangers
from storage.directory_history import Signature

Apply = Annotated[bool, typer.Option("--apply")]
Out = Annotated[Path | None, typer.Option("--out", metavar="FILE")]


@dataclass(frozen=True, slots=True)
class Signing:
    """Who changes the directory, and why; ``acting`` is the address as which somebody acts, None the operator."""

    by: Annotated[str, typer.Option("--by")] = ""
    why: Annotated[str, typer.Option("--why")] = ""
    acting: Annotated[str | None, typer.Option("--as", metavar="ADDRESS")] = None


@dataclass(frozen=True, slots=True)
class Order:
    """A signature, and the unit below which alone it holds; None: everywhere."""

    signed: Signature
    within: Unit | None


@dataclass(frozen=True, slots=True)
class Applied:
    """What was changed: the number of the change (None: nothing), mails let go, letters sent that had waited."""

    change: int | None
    released: tuple[str, ...] = ()
    sent: int = 0


Proposing = Callable[[Connection, Unit | None], Diff]


def ordered(desk: Desk, at: Office, signing: Signing) -> Order:
    """The signature that was asked for, if this person may give it."""
    moment = datetime.now(UTC)
    if signing.acting is None:
        return Order(Signature(signing.by or getpass.getuser(), signing.why, moment), None)
    found = at.directory().who(signing.acting, today(desk))
    if found.unit is None:
        raise Stop(Exit.MISTAKE, "map.nobody", address=found.address, why=desk.words.tell(found.why))
    if May.ADMINISTER not in found.may:
        raise Stop(Exit.MISTAKE, "map.may-not", address=found.address, unit=found.unit.name)
    by = f"{found.address} ({signing.by})" if signing.by else found.address
    return Order(Signature(by, signing.why, moment), found.unit)


def changed(at: Office, order: Order, proposing: Proposing, *, apply: bool) -> tuple[Diff, Applied]:
    """The diff against the tables as they are in one transaction; applied in it, if told to and nothing is wrong."""
    with at.database.transaction() as tx:
        if apply:
            directory.alone(tx)
        diff = proposing(tx, order.within)
        if not apply or diff.mistakes:
            return diff, Applied(None)
        number = directory.apply(tx, diff, order.signed)
        sent = send_unsent(Scribe(tx, at.desk, order.signed.at), diff.units(), order.signed.by)
    released = let_go(at, (one.address for one in diff.addresses()), order.signed)
    return diff, Applied(number, (*released, *followed(at, diff, order.signed)), sent)


def let_go(at: Office, mapped: Iterable[str], signed: Signature) -> tuple[str, ...]:
    """Release the mails that were held because nobody had mapped their sender, its tag's mailbox, or its domain."""
    known = {fold(address) for address in mapped}
    with at.database.transaction() as tx:
        waiting = [sender for sender in strangers.waiting(tx) if known.intersection(keys_of(sender))]
    orders = Orders(at.database, at.desk, signed.by, signed.at)
    return tuple(mail for sender in waiting for mail in orders.release_from(sender))


def followed(at: Office, diff: Diff, signed: Signature) -> tuple[str, ...]:
    """Release the mails that waited for a successor who is named now; their numbers."""
    orders = Orders(at.database, at.desk, signed.by, signed.at)
    return (*orders.release_settled(at.directory()),) if diff.successions() else ()


def told(desk: Desk, diff: Diff, applied: Applied, *, apply: bool, out: Path | None = None) -> Exit:
    """Show the diff, then what was done with it, or how to do it, and how to take it back."""
    show(desk, diff)
    if out is not None:
        (where,) = written(out, {"diff": table(desk, diff)})
        desk.say("map.written", path=where)
    if diff.mistakes:
        desk.say("map.refused-all", count=len(diff.mistakes))
        return Exit.MISTAKE
    if applied.change is None:
        desk.say("map.nothing" if apply or not diff.changes else "map.not-applied")
        return Exit.OK
    record = {"change": applied.change, "released": list(applied.released), "sent": applied.sent}
    desk.answer(record, "map.applied")
    if applied.released:
        desk.say("map.released", count=len(applied.released))
    if applied.sent:
        desk.say("map.sent", count=applied.sent)
    return Exit.OK
