"""``lienthong classified list|show|hand-over|purge``: mails under lock, for the officers charged with them.

Promises:  what is shown is a number, times, a degree and a rounded size; a mail leaves only as a file of one's own
           (mode 0600, never over another), and the journal names the officer before it is written; so it does its end,
           with the order.
Never:     shows a sender, a recipient, a subject or a word of a mail, or writes one to the terminal.
Fails:     Stop with exit status 3 for a number nobody was given, and 1 for what was destroyed, or a file that is there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from gateway.app import Office, office
from gateway.cli.desk import Desk, Exit, Stop
from gateway.work.classified import Officer
from storage import reading, strongroom
from storage.strongroom import Destroyed, Locked, UnknownLocked

Most = Annotated[int, typer.Option("--most", min=1, max=100_000)]
By = Annotated[str, typer.Option("--by")]
Order = Annotated[str, typer.Option("--order")]
To = Annotated[Path, typer.Option("--to")]

_COLUMNS = ("box", "received_at", "degree", "size", "state")


def every(desk: Desk, most: Most = 50) -> Exit:
    """What is and was under lock, the newest first."""
    with office(desk.settings) as at, at.database.transaction() as tx:
        rows = strongroom.listed(tx, most)
    desk.table(_COLUMNS, (_record(desk, row) for row in rows))
    if not rows:
        desk.say("classified.none")
    return Exit.OK


def show(desk: Desk, number: int) -> Exit:
    """All that may be known of one, who took it out, and how it ended."""
    with _room(desk, number) as at, at.database.transaction() as tx:
        row = strongroom.shown(tx, number)
        taken = [(_time(desk, when), who) for when, who in reading.taken_out(tx, row.mail)]
    record = _record(desk, row) | {"mail": row.mail, "locked_at": _time(desk, row.locked_at), "copies": row.copies}
    ended: dict[str, object] = {"destroyed_by": row.destroyed_by, "destroyed_on": row.destroyed_on}
    ended |= {"destroyed_at": _time(desk, row.destroyed_at)}
    if desk.json:
        desk.answer(record | ended | {"taken_out": [{"at": when, "by": who} for when, who in taken]}, "classified.one")
        return Exit.OK
    desk.say("classified.one", **record)
    for when, who in taken:
        desk.say("classified.taken", at=when, by=who)
    if row.destroyed_at:
        desk.say("classified.ended", **ended)
    return Exit.OK


def hand_over(desk: Desk, number: int, to: To, by: By) -> Exit:
    """Write the mail as it came into a file for this officer, and its envelope into a second one beside it."""
    beside = to.with_name(f"{to.name}.envelope.json")
    with _room(desk, number) as at, _new(to) as mail, _new(beside) as envelope:
        content = Officer(at.database, at.desk, by, at.clock()).take_out(number)
        for file, octets in ((mail, content.raw), (envelope, content.envelope)):
            with os.fdopen(os.dup(file), "wb") as out:
                out.write(octets)
                out.flush()
                os.fsync(file)
    desk.answer({"box": number, "path": str(to), "envelope": str(beside), "by": by}, "classified.handed")
    return Exit.OK


def purge(desk: Desk, number: int, by: By, order: Order) -> Exit:
    """Destroy the mail's key and octets, and those of every copy of it."""
    with _room(desk, number) as at:
        gone = Officer(at.database, at.desk, by, at.clock()).purge(number, order)
    numbers = [one for one, _ in gone.locked]
    desk.answer({"boxes": numbers, "by": by, "order": order}, "classified.purged")
    return Exit.OK


@contextmanager
def _room(desk: Desk, number: int) -> Iterator[Office]:
    """The office; what does not fit becomes a sentence."""
    with office(desk.settings) as at:
        try:
            yield at
        except UnknownLocked:
            raise Stop(Exit.NOT_FOUND, "classified.no-such", box=number) from None
        except Destroyed:
            raise Stop(Exit.TROUBLE, "classified.gone", box=number) from None


@contextmanager
def _new(path: Path) -> Iterator[int]:
    """A new file for its owner's eyes only; it goes again when the block does not come to its end."""
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise Stop(Exit.TROUBLE, "classified.no-file", path=path, reason=error.strerror) from None
    try:
        yield file
    except BaseException:
        path.unlink()
        raise
    finally:
        os.close(file)


def _record(desk: Desk, row: Locked) -> dict[str, object]:
    state = "destroyed" if row.destroyed_at else "clearing" if row.waits else "held"
    return {
        "box": row.id,
        "received_at": _time(desk, row.received_at),
        "degree": row.degree if desk.json else desk.words.say(f"degree.{row.degree}"),
        "size": row.size,
        "state": state if desk.json else desk.words.say(f"locked.{state}"),
    }


def _time(desk: Desk, moment: datetime | None) -> object:
    return moment if moment is None or desk.json else desk.when(moment)
