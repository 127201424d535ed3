"""The rounds: somebody looks, now and then, for what waits and was forgotten, and gives it a job.

Promises:  a mail without an outcome, or a letter that has not left, of which no job speaks any more (its job was buried
           after too many failures, or taken out by hand) is tried again within about ``PAUSE_S`` seconds.
Never:     touches what has a job; looks while another process does.
Fails:     Temporary errors are logged, and the next round comes. Whatever else it meets is logged as a defect, and the
           next round comes all the same.
"""

from __future__ import annotations

import threading

from gateway import maillog
from gateway.work import dispatcher, worker
from storage import strays
from storage.database import Database
from storage.jobs import Jobs
from storage.trouble import Temporary

PAUSE_S = 60.0
MOST = 20_000  # waiting things looked at in one round; the oldest come first
LETTERS_A_JOB = 16


def run_rounds(database: Database, jobs: Jobs, stop: threading.Event) -> None:
    """Go round until told to stop."""
    while not stop.wait(PAUSE_S):
        try:
            go_round(database, jobs)
        except Temporary as trouble:
            maillog.rounds_wait(trouble)
        except Exception as error:  # noqa: BLE001  a thread that ends in silence is missed by nobody
            maillog.rounds_failed(error)


def go_round(database: Database, jobs: Jobs) -> tuple[int, int]:
    """One round; how many mails and how many letters got a job: a mail each its own, letters by the handful."""
    with database.transaction() as tx:
        if not strays.alone(tx):
            return 0, 0
        mails = jobs.unspoken(tx, worker.TASK, "mails", strays.mails_waiting(tx, MOST))
        for mail in mails:
            jobs.defer(tx, worker.TASK, {"mails": [mail]}, lock=f"mail/{mail}")
        letters = jobs.unspoken(tx, dispatcher.TASK, "letters", strays.letters_waiting(tx, MOST))
        for start in range(0, len(letters), LETTERS_A_JOB):
            handful = letters[start : start + LETTERS_A_JOB]
            jobs.defer(tx, dispatcher.TASK, {"letters": handful}, queue=dispatcher.QUEUE)
    if mails or letters:
        maillog.strays_found(len(mails), len(letters))
    return len(mails), len(letters)
