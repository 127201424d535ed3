"""``lienthong serve``: the gateway itself, until it is told to stop.

Promises:  nothing is started when the settings have mistakes or the keys are missing; SIGTERM and Ctrl-C end it in good
           order, with exit status 0, and mail on its way in may still come to its end.
Never:     does the work itself; the supervisor's processes do.
Fails:     exit status 2 for settings or roles that cannot be, 1 without keys.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from gateway.cli.desk import Desk, Exit, Stop
from gateway.roles.stage import open_log
from gateway.settings_file import place
from gateway.state import State
from gateway.supervisor import Role, Supervisor, parts
from storage.keys import Keys

LAST_WRITES_S = 10  # after mail on its way in has had its time


def serve(desk: Desk, roles: Annotated[str, typer.Option("--roles")] = "") -> Exit:
    """Run these roles, or all; return when asked to stop."""
    settings = desk.settings
    played = _roles(roles)
    Keys.load(State.of(settings).keys)
    open_log(settings)
    cast = parts(settings, desk.config or place(), played)
    patience = settings.smtp.stopping_s + LAST_WRITES_S
    with _asked_to_stop() as stop:
        Supervisor(cast, stopping_s=patience, on_ready=lambda: _ready(desk, played)).run(stop)
    desk.say("serve.stopped")
    return Exit.OK


def _ready(desk: Desk, played: tuple[Role, ...]) -> None:
    places = [str(at) for at in desk.settings.smtp.mx] if Role.SMTP in played else []
    record = {"ready": True, "roles": list(played), "mx": places}
    desk.answer(record, "serve.ready", shown=", ".join(played))


def _roles(asked: str) -> tuple[Role, ...]:
    """The roles of a comma-separated list; all when it is empty."""
    words = [word.strip() for word in asked.split(",") if word.strip()]
    known = {role.value: role for role in Role}
    if strange := [word for word in words if word not in known]:
        raise Stop(Exit.MISTAKE, "serve.no-role", role=strange[0], known=", ".join(known))
    return tuple(dict.fromkeys(known[word] for word in words)) or tuple(Role)


@contextmanager
def _asked_to_stop() -> Iterator[threading.Event]:
    """An event that SIGTERM and Ctrl-C set; afterwards the signals do what they did."""
    stop = threading.Event()
    asked = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, lambda *_: stop.set()) for number in asked]
    try:
        yield stop
    finally:
        for number, handler in zip(asked, before, strict=True):
            signal.signal(number, handler)
