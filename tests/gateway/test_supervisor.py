"""The supervisor keeps processes running, whatever kills them, and leaves none behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gateway.roles import stage
from gateway.supervisor import Part, Supervisor
from tests.waiting import until

DEADLINE_S = 20.0

# Each program notes its process number in the folder it is given, then behaves as its name says.
NOTE = "import os, signal, sys, threading, time; open(f'{sys.argv[1]}/{os.getpid()}', 'w').close(); "
GOOD = NOTE + "signal.signal(15, lambda *_: sys.exit(0)); os.write(1, b'ready\\n'); time.sleep(600)"
DEAF = NOTE + "signal.signal(15, signal.SIG_IGN); os.write(1, b'ready\\n'); time.sleep(600)"
SICKLY = NOTE + "sys.exit(75)"
# A supervisor in a process of its own, with one real stage below it.
SUPERVISOR = """
import sys, threading
from gateway import maillog
from gateway.supervisor import Part, Supervisor
maillog.open_log()
command = [sys.executable, "-c", sys.argv[1], sys.argv[2], "0", "1"]
Supervisor([Part("good", 0, command)], on_ready=lambda: print("ready", flush=True)).run(threading.Event())
"""
STAGED = """
import sys
from gateway.roles import stage
def play(settings, seat):
    open(f"{settings.gateway.state_directory}/{__import__('os').getpid()}", "w").close()
    seat.ready()
    seat.stop.wait()
sys.exit(stage.enter(play))
"""


def part(program: str, folder: Path, number: int = 0) -> Part:
    """A process that runs this program."""
    return Part("test", number, (sys.executable, "-c", program, str(folder)))


def pids(folder: Path) -> list[int]:
    """Who has ever run, in the order of their start."""
    return [int(path.name) for path in sorted(folder.iterdir(), key=lambda path: path.stat().st_ctime_ns)]


def lives(pid: int) -> bool:
    """Whether the process runs; a zombie does not."""
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


@contextmanager
def supervised(*cast: Part, stopping_s: float = 10.0) -> Iterator[threading.Event]:
    """A running supervisor; the event it is stopped with. Yields once all are ready, if they ever are."""
    stop, ready = threading.Event(), threading.Event()
    supervisor = Supervisor(cast, stopping_s=stopping_s, on_ready=ready.set)
    thread = threading.Thread(target=supervisor.run, args=(stop,))
    thread.start()
    try:
        if SICKLY not in (word for one in cast for word in one.command):
            assert ready.wait(DEADLINE_S)
        yield stop
    finally:
        stop.set()
        thread.join(DEADLINE_S)
        assert not thread.is_alive()


def test_all_are_started_and_all_are_stopped(tmp_path: Path) -> None:
    """Every process of the cast runs, and none is left when the supervisor has stopped."""
    with supervised(part(GOOD, tmp_path), part(GOOD, tmp_path, 1)):
        assert len(pids(tmp_path)) == 2
        assert all(map(lives, pids(tmp_path)))
    assert not any(map(lives, pids(tmp_path)))


def test_a_killed_process_is_started_again_at_once(tmp_path: Path) -> None:
    """kill -9 of a role costs a moment, not the role."""
    with supervised(part(GOOD, tmp_path)):
        os.kill(pids(tmp_path)[0], signal.SIGKILL)
        until(lambda: len(pids(tmp_path)) == 2)
        assert lives(pids(tmp_path)[1])


def test_what_dies_again_and_again_is_started_more_and_more_rarely(tmp_path: Path) -> None:
    """A role that cannot begin does not eat the machine: after half a dozen deaths it waits for seconds."""
    started = time.monotonic()
    with supervised(part(SICKLY, tmp_path)):
        until(lambda: len(pids(tmp_path)) == 4)
    assert time.monotonic() - started > 0.5 + 1.0


def test_whoever_does_not_stop_is_killed(tmp_path: Path) -> None:
    """A process that does not hear SIGTERM has its time, and then ends all the same."""
    with supervised(part(DEAF, tmp_path), stopping_s=0.3):
        (pid,) = pids(tmp_path)
    assert not lives(pid)


def test_processes_leave_when_their_supervisor_is_killed(tmp_path: Path) -> None:
    """kill -9 of the supervisor leaves no process behind that would hold ports and directories."""
    config = tmp_path / "lienthong.toml"
    state = tmp_path / "state"
    state.mkdir()
    config.write_text(f'[gateway]\ndomains = ["lienthong.example"]\nstate_directory = "{state}"\n')
    words = [sys.executable, "-c", SUPERVISOR, STAGED, str(config)]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as supervisor:
        assert supervisor.stdout
        assert supervisor.stdout.readline() == b"ready\n"
        (pid,) = pids(state)
        supervisor.kill()
    until(lambda: not lives(pid))
    assert pids(state) == [pid]


@pytest.mark.parametrize(
    ("raised", "status"),
    [
        ("storage.trouble.Temporary('away')", stage.WAITS),
        ("storage.trouble.Permanent('wrong')", stage.REFUSES),
        ("ZeroDivisionError()", stage.DEFECT),
    ],
)
def test_a_role_tells_by_its_status_why_it_ended(tmp_path: Path, raised: str, status: int) -> None:
    """Trouble that passes, trouble for a person and a defect are told apart, and the story is in the log."""
    program = f"import sys, storage.trouble\nfrom gateway.roles import stage\ndef play(*_): raise {raised}\n"
    config = tmp_path / "lienthong.toml"
    config.write_text('[gateway]\ndomains = ["lienthong.example"]\n')
    words = [sys.executable, "-c", program + "sys.exit(stage.enter(play))", str(config), "0", "1"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as role:
        assert role.stderr
        log = role.stderr.read()  # its input stays open meanwhile: an end would mean that its supervisor is gone
    assert role.returncode == status
    assert raised.partition("(")[0].rpartition(".")[2] in log
