"""One door process as the gateway runs it, for the benches: a real doorbook, a real spool, no trust checks.

    python our_door.py PORT SEAT SEATS FOLDER

Promises:  says "open" on stdout when it takes connections; ends on SIGTERM.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from gateway import maillog
from gateway.receive.intake import Intake
from gateway.receive.serving import run_door
from gateway.receive.smtp.crowd import Crowd
from gateway.receive.smtp.hall import Behind
from gateway.receive.smtp.settings import MIB, DoorSettings, Limits, Listener, Tls
from mailmap.directory.directory import OwnNames
from mailmap.directory.unit import Unit, UnitKind
from mailmap.mail.envelope import Door
from storage import doorbook_writer
from storage.doorbook import Doorbook, Head
from storage.doorbook_content import in_memory
from storage.spool import Spool

LIMITS = Limits(size=100 * MIB, connections_per_address=1000, commands=1_000_000)


def write_doorbook(path: Path) -> None:
    """A directory of three hundred units."""
    units = [Unit(f"unit-{n}", f"Đơn vị {n}", UnitKind.COMMUNE, f"xa-{n}") for n in range(300)]
    doorbook_writer.write(path, Head(OwnNames(frozenset({"nam.test"})), "bench"), in_memory(units))


@contextmanager
def behind(seat: int, seats: int, folder: Path) -> Iterator[Behind]:
    """What stands behind the door."""
    book = folder / f"doorbook-{seat}"
    write_doorbook(book)
    doorbook = Doorbook(book, max_age_s=timedelta(days=1).total_seconds())
    spool = Spool(folder / "spool", f"door-{seat}")
    try:
        yield Behind(Intake(spool), doorbook, lambda _: False, Crowd(seat, seats, folder / "crowd"))
    finally:
        spool.close()


def main(port: int, seat: int, seats: int, folder: Path) -> None:
    """Serve until told to stop."""
    settings = DoorSettings("gw.nam.test", (Listener(Door.MX, "127.0.0.1", port, Tls.NONE),), limits=LIMITS)
    with Path(os.devnull).open("w", encoding="utf-8") as nobody, behind(seat, seats, folder) as parts:
        maillog.open_log(nobody)  # written, and read by nobody, as Postfix' is
        run_door(settings, lambda: parts, lambda _: print("open", flush=True))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
