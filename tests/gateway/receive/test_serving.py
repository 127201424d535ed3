"""Door processes: several on one port, stopped as an administrator stops them."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path

import pytest

from gateway.receive.intake import Intake
from gateway.receive.serving import Opened, run_door
from gateway.receive.smtp.crowd import Crowd
from gateway.receive.smtp.hall import Behind
from gateway.receive.smtp.settings import DoorSettings
from storage.spool import Reader, Spool
from tests.fakes.doorbook import PaperDoorbook
from tests.fakes.patience import eventually
from tests.fakes.raw_client import RawClient
from tests.fakes.running_door import KNOWN, MX, settings

SPAWN = multiprocessing.get_context("spawn")
WAIT = 30.0  # seconds


def serve(folder: Path, doors: DoorSettings, seat: int, on_open: Callable[[tuple[Opened, ...]], None]) -> None:
    """The life of a door process."""
    with closing(Spool(folder / "spool", f"door{seat}")) as spool:
        crowd = Crowd(seat, 2, folder / "crowd")
        parts = Behind(Intake(spool), PaperDoorbook(KNOWN, {"nam.test"}), "".__eq__, crowd)
        run_door(doors, lambda: parts, on_open)


@contextmanager
def process(folder: Path, doors: DoorSettings, seat: int = 0) -> Iterator[tuple[SpawnProcess, int]]:
    """A door process of its own, and its port."""
    told, tell = SPAWN.Pipe(duplex=False)
    running = SPAWN.Process(target=serve, args=(folder, doors, seat, partial(report, tell)))
    running.start()
    try:
        assert told.poll(WAIT), "the door did not open"
        yield running, told.recv()
    finally:
        running.kill()
        running.join(WAIT)
        told.close()
        tell.close()


def report(tell: Connection, opened: tuple[Opened, ...]) -> None:
    """Say which port was had."""
    tell.send(opened[0].port)


def stored(folder: Path) -> int:
    """How many mails are durable."""
    reader = Reader(folder / "spool")
    try:
        return len(reader.take(1000, 1 << 30).records)
    finally:
        reader.close()


def owners(folder: Path) -> set[str]:
    """Which doors have kept mail."""
    return {path.parent.name for path in (folder / "spool").rglob("*.seg") if path.stat().st_size > 1000}


def send(port: int) -> None:
    """One mail in one connection."""
    with RawClient(port) as client:
        client.begin()
        client.bring(b"x" * 1000 + b"\r\n")


def test_two_processes_share_a_port(tmp_path: Path) -> None:
    """The kernel shares the connections out (SO_REUSEPORT), and each process has its own part of the spool."""
    with ExitStack() as stack:
        _, port = stack.enter_context(process(tmp_path, settings()))
        stack.enter_context(process(tmp_path, settings(replace(MX, port=port)), 1))
        sent = 0
        while len(owners(tmp_path)) < 2 and sent < 200:
            send(port)
            sent += 1
        assert owners(tmp_path) == {"door0", "door1"}
        assert stored(tmp_path) == sent


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_mails_finish(tmp_path: Path, number: signal.Signals) -> None:
    """The idle hear 421, the port is closed, the mail on its way in is taken, the process ends well."""
    with ExitStack() as stack:
        running, port = stack.enter_context(process(tmp_path, settings()))
        busy, idle = stack.enter_context(RawClient(port)), stack.enter_context(RawClient(port))
        busy.begin()
        os.kill(running.pid or 0, number)
        idle.expect(421)
        idle.expect_closed()
        assert eventually(lambda: refused(port))
        busy.bring(b"last\r\n")
        busy.expect(421)
        running.join(WAIT)
        assert running.exitcode == 0
    assert stored(tmp_path) == 1


def test_large_mails_at_once_need_little_memory(tmp_path: Path) -> None:
    """Eight mails of 12 MiB come in together, and the process holds none of them whole."""
    body = b"x" * (12 << 20) + b"\r\n.\r\n"
    with process(tmp_path, settings()) as (running, port), ExitStack() as stack:
        clients = [stack.enter_context(RawClient(port)) for _ in range(8)]
        before = memory(running)
        for client in clients:
            client.begin()
            client.say("DATA", 354)
        with ThreadPoolExecutor(len(clients)) as senders:
            list(senders.map(lambda client: client.send(body), clients))
        for client in clients:
            client.expect(250)
        assert memory(running) - before < 32 << 20
    assert stored(tmp_path) == 8


def memory(running: SpawnProcess) -> int:
    """The most octets of memory the process ever held."""
    status = Path(f"/proc/{running.pid}/status").read_text()
    return 1024 * int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")))


def refused(port: int) -> bool:
    """Whether nobody listens any more."""
    try:
        RawClient(port, greeted=False).socket.close()
    except ConnectionRefusedError:
        return True
    return False


def test_a_port_in_use_is_told_before_anything_is_served(tmp_path: Path) -> None:
    """A door that cannot have its port raises and serves nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = replace(MX, port=server.getsockname()[1])
        with pytest.raises(OSError, match="address already in use"):
            serve(tmp_path, settings(taken), 0, lambda _opened: None)
