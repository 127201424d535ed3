"""How every role process begins and ends.

Promises:  the process stops in good order on SIGTERM and SIGINT, and when the supervisor that started it is gone (its
           standard input ends). Once the role says ``ready`` the supervisor is told, in one line on standard output.
Never:     restarts anything; knows what the role does.
Fails:     with an exit status the supervisor understands: 75 for trouble that passes, 78 for what only a person can
           mend, 70 for a defect of ours. The story is in the log.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gateway import maillog
from gateway.settings import LogFormat, Settings
from gateway.settings_file import BadSettings, load
from storage.trouble import Permanent, Temporary

READY = b"ready\n"
WAITS, REFUSES, DEFECT = 75, 78, 70  # sysexits: EX_TEMPFAIL, EX_CONFIG, EX_SOFTWARE


@dataclass(frozen=True, slots=True)
class Seat:
    """One process among those of its role: ``number`` counts from 0 to ``of``; work goes on until ``stop`` is set."""

    number: int
    of: int
    stop: threading.Event

    def ready(self) -> None:
        """Tell the supervisor that the role does its work from now on."""
        os.write(sys.stdout.fileno(), READY)


Play = Callable[[Settings, Seat], None]


def enter(play: Play, arguments: Sequence[str] | None = None) -> int:
    """Play the role to its end; the exit status."""
    path, number, of = sys.argv[1:] if arguments is None else arguments
    stop = threading.Event()
    for asked in (signal.SIGTERM, signal.SIGINT):
        signal.signal(asked, lambda *_: stop.set())
    threading.Thread(target=_leave_with_supervisor, daemon=True).start()
    try:
        settings = load(Path(path))
        open_log(settings)
        play(settings, Seat(int(number), int(of), stop))
    except Temporary as trouble:
        maillog.role_waits(trouble)
        return WAITS
    except (Permanent, BadSettings) as trouble:
        maillog.role_refuses(trouble)
        return REFUSES
    except Exception as error:  # noqa: BLE001  the last place where its story can be told
        maillog.role_failed(error)
        return DEFECT
    return 0


def open_log(settings: Settings) -> None:
    """The log as the settings want it."""
    least = logging.getLevelNamesMapping()[settings.log.level.upper()]
    maillog.open_log(as_json=settings.log.format is LogFormat.JSON, least=least)


def _leave_with_supervisor() -> None:
    """Nobody writes to our standard input: it ends when the only one who holds the other end is gone."""
    while os.read(sys.stdin.fileno(), 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
