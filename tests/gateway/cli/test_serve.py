"""``lienthong serve`` as a service supervisor runs it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gateway.cli.desk import Exit
from storage.keys import Keys

ROOT = Path(__file__).resolve().parents[3]
WAIT_S = 60.0
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(database_url: str, tmp_path: Path) -> Iterator[Start]:
    """Starts ``lienthong serve --json`` with these words; whatever still runs at the end is stopped."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    path = tmp_path / "lienthong.toml"
    path.write_text(
        '[gateway]\ndomains = ["nd.example"]\nstate_directory = "state"\n'
        f'[database]\nurl = "{database_url}"\n'
        f'[smtp]\nmx = ["127.0.0.1:{port}"]\nsubmission = []\nsubmissions = []\nprocesses = 1\n'
    )
    (tmp_path / "state").mkdir()
    running: list[subprocess.Popen[str]] = []

    def begin(*words: str) -> subprocess.Popen[str]:
        environment = {"PATH": os.defpath, "LIENTHONG_CONFIG": str(path), "LANG": "en"}
        command = [sys.executable, "-m", "gateway.cli", "serve", "--json", *words]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        running.append(subprocess.Popen(command, cwd=ROOT, env=environment, text=True, **pipes))
        return running[-1]

    yield begin
    for process in running:
        if process.poll() is None:
            process.terminate()
            process.communicate(timeout=WAIT_S)


def test_it_says_when_it_is_ready_and_ends_when_asked(start: Start, tmp_path: Path) -> None:
    """Once every role is ready one line says so, the door answers, and SIGTERM ends it with exit status 0."""
    Keys.create(tmp_path / "state" / "keys.json")
    process = start("--roles", "smtp,directory")
    assert process.stdout is not None
    ready = json.loads(process.stdout.readline())
    assert ready["roles"] == ["smtp", "directory"]
    host, _, port = ready["mx"][0].rpartition(":")
    with socket.create_connection((host, int(port)), timeout=WAIT_S) as door:
        assert door.recv(512).startswith(b"220 nd.example")
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=WAIT_S)
    assert process.returncode == Exit.OK


def test_without_keys_nothing_starts(start: Start) -> None:
    """A gateway that could not read its own journal must not take mail; the way out is named."""
    process = start()
    _, told = process.communicate(timeout=WAIT_S)
    assert process.returncode == Exit.TROUBLE
    assert "lienthong keys init" in told


def test_a_role_nobody_knows_is_a_mistake(start: Start) -> None:
    """A misspelt role is told with the ones there are."""
    process = start("--roles", "smtp,register,sned")
    _, told = process.communicate(timeout=WAIT_S)
    assert process.returncode == Exit.MISTAKE
    assert json.loads(told)["sentence"].startswith("There is no role sned.")
