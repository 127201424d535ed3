"""The role "directory": keeps the doorbook as the tables are, so that the doors need no database. One process.

Promises:  a change of the directory or of an account is in the doorbook within about ``PAUSE`` seconds.
Never:     changes the directory.
Fails:     Temporary while the database is away at its start; later it waits by itself, and the doorbook grows stale.
"""

from __future__ import annotations

import sys
from contextlib import closing

from gateway import maillog
from gateway.app import office, own_names
from gateway.roles.stage import Seat, enter
from gateway.settings import Settings
from storage.doorbook_writer import DoorbookWriter
from storage.trouble import Temporary

PAUSE = 0.5


def play(settings: Settings, seat: Seat) -> None:
    """Tend the doorbook until told to stop."""
    with office(settings, migrate=True) as open_office:
        writer = DoorbookWriter(open_office.database, open_office.state.doorbook, own_names(settings))
        with closing(writer):
            writer.tend()
            seat.ready()
            while not seat.stop.wait(PAUSE):
                _tend(writer)


def _tend(writer: DoorbookWriter) -> None:
    try:
        writer.tend()
    except (Temporary, OSError) as trouble:
        maillog.doorbook_waits(trouble)


if __name__ == "__main__":
    sys.exit(enter(play))
