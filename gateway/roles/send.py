"""The role "send": writes letters and hands them to the courier. As many processes as the settings say.

Promises:  see gateway/work/dispatcher.py; letters of processes that died are taken over by those that live.
Never:     registers anything.
Fails:     Temporary while the database is away at its start; later it waits by itself.
"""

from __future__ import annotations

import sys

from gateway import fitting
from gateway.app import office
from gateway.roles.stage import Seat, enter
from gateway.send.smtp import SmtpCourier
from gateway.settings import Settings
from gateway.work.dispatcher import QUEUE


def play(settings: Settings, seat: Seat) -> None:
    """Send until told to stop."""
    courier = SmtpCourier(fitting.routes(settings), fitting.manner(settings))
    with office(settings, migrate=True) as open_office:
        tasks = open_office.dispatcher(courier, seat.stop).tasks()
        seat.ready()
        open_office.jobs.run(tasks, [QUEUE], settings.send.concurrency, seat.stop)
    courier.close()


if __name__ == "__main__":
    sys.exit(enter(play))
