"""The role "register": reads mails and has them concluded. As many processes as the settings say.

Promises:  see gateway/work/worker.py; jobs of processes that died are taken over by those that live, and what lost its
           job gets another (gateway/work/rounds.py).
Never:     sends anything.
Fails:     Temporary while the database is away at its start; later it waits by itself.
"""

from __future__ import annotations

import sys
from threading import Thread

from gateway.app import office
from gateway.roles.stage import Seat, enter
from gateway.settings import Settings
from gateway.work.rounds import run_rounds
from gateway.work.worker import SCANS
from storage.jobs import QUEUE


def play(settings: Settings, seat: Seat) -> None:
    """Work until told to stop."""
    with office(settings, migrate=True) as open_office:
        worker = open_office.worker()
        worker.understander.start()
        tasks = worker.tasks()
        look = (open_office.database, open_office.jobs, seat.stop)
        Thread(target=run_rounds, args=look, name="rounds", daemon=True).start()
        reading = (tasks, [SCANS], settings.work.scans, seat.stop)
        scans = Thread(target=open_office.jobs.run, args=reading, name="scans", daemon=True)
        scans.start()
        seat.ready()
        open_office.jobs.run(tasks, [QUEUE], settings.work.concurrency, seat.stop)
        scans.join()


if __name__ == "__main__":
    sys.exit(enter(play))
