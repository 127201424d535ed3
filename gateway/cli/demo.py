"""``lienthong demo``: the story of gateway/demo, then a running gateway to try by hand.

Promises:  exit status 0 only when every step was really observed; whatever happens, all of it is stopped and removed.
Never:     needs settings, root, or a server of this machine; listens to other machines.
Fails:     exit status 1 with what was not observed and the end of the gateway's log.
"""

from __future__ import annotations

import signal
import smtplib
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.desk import Desk, Exit
from gateway.demo import town as building
from gateway.demo.paper import sheet
from gateway.demo.story import COMMUNE_BOX, DISTRICT, DISTRICT_BOX, LOGINS, MISSING, STORY, Scene, Unseen, gate
from gateway.demo.telling import Telling
from gateway.demo.town import Town
from gateway.demo.watch import now

SAMPLE = "46-UBND-VP.pdf"


def demo(desk: Desk, *, once: Annotated[bool, typer.Option("--once")] = False) -> Exit:
    """Play the story; unless ``--once``, stay up until interrupted."""
    tell = Telling(desk.words, silent=desk.json)
    folder = Path(tempfile.mkdtemp(prefix="lienthong-demo-"))
    with _answering(), ExitStack() as ends:
        ends.callback(building.removed, folder)
        tell.say("demo.title")
        with tell.waiting("demo.starting"):
            town = ends.enter_context(building.built(folder, desk.words.language, LOGINS, MISSING))
        if not _play(desk, tell, town):
            return Exit.TROUBLE
        if not once:
            _stay(desk, tell, town)
    return Exit.OK


def _play(desk: Desk, tell: Telling, town: Town) -> bool:
    """Every step in order; whether all were observed."""
    scene = _scene(desk, tell, town)
    for number, step in enumerate(STORY, 1):
        tell.heading(number, len(STORY), f"demo.{step.name}.title")
        tell.say(f"demo.{step.name}.before")
        began = time.monotonic()
        try:
            step.play(scene)
        except (Unseen, TimeoutError, smtplib.SMTPException, OSError) as trouble:
            desk.complain("demo.failed", step=step.name, reason=f"{type(trouble).__name__}: {trouble}")
            desk.complain("demo.log", log=town.last_words())
            return False
        record = {"step": step.name, "observed": True, "seconds": round(time.monotonic() - began, 2)}
        if desk.json:
            desk.answer(record, "demo.title")
    tell.say("demo.end")
    return True


def _scene(desk: Desk, tell: Telling, town: Town) -> Scene:
    commune = town.clerk(desk.words.say("demo.commune"), COMMUNE_BOX, logs_in=True)
    district = town.clerk(desk.words.say("demo.district"), DISTRICT_BOX, logs_in=True)
    return Scene(town, tell, desk.words, now().astimezone(town.settings.gateway.time_zone), commune, district)


def _stay(desk: Desk, tell: Telling, town: Town) -> None:
    """Tell how to go on by hand, and wait for Ctrl-C."""
    sample = town.folder / SAMPLE
    sample.write_bytes(sheet(desk.words.say("demo.sample").splitlines()))
    facts = {
        "host": town.gate.host,
        "submission": town.gate.submission,
        "mx": town.gate.mx,
        "login": COMMUNE_BOX,
        "password": town.password,
        "to": gate(DISTRICT),
        "file": sample,
        "mail": town.mail,
        "config": town.config,
    }
    desk.answer({name: str(fact) for name, fact in facts.items()} | {"ready": True}, "demo.swaks")
    for key in ("demo.thunderbird", "demo.mailboxes", "demo.commands", "demo.leave"):
        tell.say(key, **facts)
    with suppress(KeyboardInterrupt):
        threading.Event().wait()


@contextmanager
def _answering() -> Iterator[None]:
    """Every polite way to end us ends the story in good order, as Ctrl-C does."""
    numbers = (signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, signal.default_int_handler) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
