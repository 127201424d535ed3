"""The role "smtp": one door process. It needs the spool's disk and the doorbook, and nothing else.

Promises:  starts and takes mail with PostgreSQL away. Each process has its own directory in the spool and its own seat
           in the crowd, named by its number: whoever takes the seat after it takes up what it left.
Never:     imports the database.
Fails:     SpoolBusy while a predecessor still holds the directory; NoKeys; OSError when a port cannot be had.
"""

from __future__ import annotations

import sys

from gateway import fitting, maillog
from gateway.certificate import own_certificate
from gateway.receive.intake import Intake
from gateway.receive.serving import run_door
from gateway.receive.smtp.crowd import Crowd
from gateway.receive.smtp.hall import Behind
from gateway.roles.stage import Seat, enter
from gateway.settings import Settings
from gateway.state import State
from mailmap.writing import tokens
from storage.doorbook import Doorbook
from storage.keys import Keys
from storage.spool import Limits, Spool


def play(settings: Settings, seat: Seat) -> None:
    """Serve until told to stop; then answer those whose mail is being written."""
    state = State.of(settings)
    keys = Keys.load(state.keys)
    certificate = fitting.named_certificate(settings) or own_certificate(state, settings.gateway.name)
    spool = Spool(state.spool, f"door-{seat.number}", limits=_limits(settings))
    if spool.cut:
        maillog.spool_cut(spool.cut)
    behind = Behind(
        Intake(spool),
        Doorbook(state.doorbook, max_age_s=60 * settings.spool.doorbook_max_age_min),
        lambda local_part: tokens.read(keys.token_key, local_part) is not None,
        Crowd(seat.number, seat.of, state.crowd),
    )
    try:
        run_door(fitting.doors(settings, certificate), lambda: behind, lambda _: seat.ready())
    finally:
        spool.close()


def _limits(settings: Settings) -> Limits:
    return Limits(keep_free_bytes=settings.spool.min_free_mib * fitting.MIB)


if __name__ == "__main__":
    sys.exit(enter(play))
