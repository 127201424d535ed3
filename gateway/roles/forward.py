"""The role "forward": carries mail from the spool to blobs, rows and jobs. One process.

Promises:  what was answered 250 leaves the spool only once it is in the database (commit point A′).
Never:     reads a mail.
Fails:     Temporary while the database is away at its start; later it waits by itself.
"""

from __future__ import annotations

import sys

from gateway.app import office
from gateway.receive.forward import Forward, Rows, run_forward
from gateway.roles.stage import Seat, enter
from gateway.settings import Settings
from storage.spool import Reader


def play(settings: Settings, seat: Seat) -> None:
    """Carry until told to stop."""
    with office(settings, migrate=True) as open_office:
        reader = Reader(open_office.state.spool)
        seat.ready()
        try:
            run_forward(Forward(reader, open_office.blobs, Rows(open_office.database, open_office.jobs)), seat.stop)
        finally:
            reader.close()


if __name__ == "__main__":
    sys.exit(enter(play))
