"""``lienthong verify|rebuild``: walk the chain; make the register once more from the journal.

Promises:  exit status 1 when the chain does not hold or register and journal differ, with the place; progress is shown.
Never:     changes anything unless ``rebuild`` is asked without --compare.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from gateway.app import office
from gateway.cli.desk import Desk, Exit
from storage import rebuild as rebuilding
from storage import seal

Compare = Annotated[bool, typer.Option("--compare")]


def verify(desk: Desk) -> Exit:
    """Walk the journal's chain from its first row to its last."""
    with office(desk.settings) as at, at.database.transaction() as tx:
        verdict = seal.verify(tx)
    record = {"rows": verdict.rows, "holds": verdict.holds, "broken_at": verdict.broken_at, "why": verdict.why}
    if verdict.holds:
        desk.answer(record, "truth.holds")
        return Exit.OK
    desk.answer(record, f"truth.{verdict.why}")
    return Exit.TROUBLE


def rebuild(desk: Desk, *, compare: Compare = False) -> Exit:
    """Replay the journal: compare with the living register, or put the replayed one in its place."""
    with office(desk.settings) as at, _progress(desk) as tell, at.database.transaction() as tx:
        if not compare:
            replayed = rebuilding.rebuild(tx, at.vault, tell)
            desk.answer({"events": replayed}, "truth.rebuilt")
            return Exit.OK
        found = rebuilding.compare(tx, at.vault, tell)
    desk.table(("table", "kind", "row"), ({"table": d.table, "kind": d.kind, "row": d.row} for d in found))
    if not desk.json:
        desk.say("truth.differs" if found else "truth.agrees", count=len(found))
    return Exit.TROUBLE if found else Exit.OK


@contextmanager
def _progress(desk: Desk) -> Iterator[Callable[[int], None]]:
    """A counter on standard error, so that answers stay clean."""
    columns = (TextColumn(desk.words.say("truth.replaying")), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None)
        yield lambda done: progress.update(task, completed=done)
