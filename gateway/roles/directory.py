"""The role "directory": keeps the doorbook as the tables are, so that the doors need no database. One process.

Promises:  a change of the directory or of an account is in the doorbook within about ``PAUSE`` seconds.
Never:     changes the directory.
Fails:     Temporary while the database is away at its start; later it waits by itself, and the doorbook grows stale.
"""

from __future__ import annotations

import sys

from gateway import maillog
from gateway.app import office, own_names
from gateway.roles.stage import Seat, enter
from gateway.settings import Settings
from storage.doorkeeper import Doorkeeper
from storage.trouble import Temporary

PAUSE = 1.0


def play(settings: Settings, seat: Seat) -> None:
    """Tend the doorbook until told to stop."""
    with office(settings, migrate=True) as open_office:
        keeper = Doorkeeper(open_office.database, open_office.state.doorbook, own_names(settings))
        keeper.tend()
        seat.ready()
        while not seat.stop.wait(PAUSE):
            _tend(keeper)


def _tend(keeper: Doorkeeper) -> None:
    try:
        keeper.tend()
    except (Temporary, OSError) as trouble:
        maillog.doorbook_waits(trouble)


if __name__ == "__main__":
    sys.exit(enter(play))
