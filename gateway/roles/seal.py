"""The role "seal": chains the journal and frees the letters that wait for their seal. One process; more do no harm.

Promises:  see gateway/work/sealer.py.
Never:     changes what it chains.
Fails:     Temporary while the database is away at its start; later it waits by itself.
"""

from __future__ import annotations

import sys

from gateway.app import now, office
from gateway.roles.stage import Seat, enter
from gateway.settings import Settings
from gateway.work.sealer import run_sealer


def play(settings: Settings, seat: Seat) -> None:
    """Seal until told to stop."""
    with office(settings, migrate=True) as open_office:
        seat.ready()
        run_sealer(open_office.database, open_office.jobs, now, seat.stop)


if __name__ == "__main__":
    sys.exit(enter(play))
