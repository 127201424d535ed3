"""The role "register": reads mails and has them concluded. As many processes as the settings say.

Promises:  see gateway/work/worker.py; jobs of processes that died are taken over by those that live.
Never:     sends anything.
Fails:     Temporary while the database is away at its start; later it waits by itself.
"""

from __future__ import annotations

import sys

from gateway.app import office
from gateway.roles.stage import Seat, enter
from gateway.settings import Settings
from storage.jobs import QUEUE


def play(settings: Settings, seat: Seat) -> None:
    """Work until told to stop."""
    with office(settings, migrate=True) as open_office:
        tasks = open_office.worker().tasks()
        seat.ready()
        open_office.jobs.run(tasks, [QUEUE], settings.work.concurrency, seat.stop)


if __name__ == "__main__":
    sys.exit(enter(play))
