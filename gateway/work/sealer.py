"""The sealer's loop: chain what was committed, hand over the letters that waited for it.

Promises:  a committed event is sealed within about ``PAUSE`` seconds while this role runs anywhere; the seal and the
           job that sends the freed letters commit together.
Never:     runs twice at once: the database lets one sealer work, the others find nothing to do.
Fails:     Temporary errors are logged and tried again after a pause; anything else ends the role and wakes its keeper.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

from gateway import maillog
from mailmap.document.events import JSON
from storage import seal
from storage.database import Database
from storage.failpoints import reach
from storage.jobs import Jobs
from storage.trouble import Temporary

PAUSE = 0.1
TROUBLED_PAUSE = 2.0
LETTERS_A_JOB = 16


def run_sealer(database: Database, jobs: Jobs, clock: Callable[[], datetime], stop: threading.Event) -> None:
    """Seal until told to stop."""
    while not stop.is_set():
        try:
            rows = seal_once(database, jobs, clock())
        except Temporary as trouble:
            maillog.seal_waits(trouble)
            stop.wait(TROUBLED_PAUSE)
            continue
        if not rows:
            stop.wait(PAUSE)


def seal_once(database: Database, jobs: Jobs, now: datetime) -> int:
    """One round; how many rows were chained."""
    with database.transaction() as tx:
        sealed = seal.seal(tx, now)
        for start in range(0, len(sealed.letters), LETTERS_A_JOB):
            letters: list[JSON] = [*sealed.letters[start : start + LETTERS_A_JOB]]
            jobs.defer(tx, "send", {"letters": letters}, queue="send")
        if sealed.rows:
            reach("seal.before-commit")
    if sealed.rows:
        reach("seal.after-commit")
    return sealed.rows
