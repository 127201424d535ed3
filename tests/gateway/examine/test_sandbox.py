"""The sandbox: whatever a file does to its reader, it ends in a value, and the next file is read as if nothing were."""

from __future__ import annotations

import os
import pwd
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gateway.examine.sandbox import ENVIRONMENT, Reason, Refused, Sandbox, SandboxDown
from gateway.examine.walls import Limits
from tests.gateway.examine import hostile
from tests.house.sources import ROOT

HOSTILE = hostile.__name__
LIMITS = Limits(memory=256 << 20, cpu_s=1, wall_s=2, answer=1 << 20)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """One sandbox for all of these files: each test is the next file after the last one's attack."""
    with Sandbox([HOSTILE], width=4, limits=LIMITS) as started:
        yield started


def children(sandbox: Sandbox) -> set[int]:
    """The processes the nursery has now."""
    told = subprocess.run(["ps", "-o", "pid=", "--ppid", str(sandbox.nursery)], capture_output=True, check=False)
    return {int(pid) for pid in told.stdout.split()}


def test_a_file_is_read(sandbox: Sandbox, tmp_path: Path) -> None:
    """Octets, a path and an empty file go in; octets come back, with the parameters as they were asked."""
    path = tmp_path / "file"
    path.write_bytes(b"tiep nhan")
    assert sandbox.run(f"{HOSTILE}:echo", b"tiep nhan") == b"tiep nhan"
    assert sandbox.run(f"{HOSTILE}:echo", path, page=2) == b"tiep nhan[('page', 2)]"
    assert sandbox.run(f"{HOSTILE}:echo", b"") == b""


@pytest.mark.parametrize(
    ("attack", "reason"),
    [
        ("bomb", Reason.MEMORY),
        ("hang_in_c", Reason.SLOW),
        ("sleep", Reason.SLOW),
        ("crash", Reason.CRASH),
        ("flood", Reason.FLOOD),
        ("raising", Reason.UNREADABLE),
    ],
)
def test_an_attack_ends_in_a_value(sandbox: Sandbox, attack: str, reason: Reason) -> None:
    """Memory bomb, hang in C, hang at no cost, crash, flood and error: refused by its reason, and the next is read."""
    found = sandbox.run(f"{HOSTILE}:{attack}", b"bi mat")
    assert isinstance(found, Refused)
    assert found.reason is reason
    assert "bi mat" not in found.detail
    assert sandbox.run(f"{HOSTILE}:echo", b"sau") == b"sau"


def test_nothing_multiplies(sandbox: Sandbox) -> None:
    """A reader cannot fork, by Python or by C, and leaves no process behind."""
    assert sandbox.run(f"{HOSTILE}:forks", b"") == b"0"
    assert children(sandbox) == set()


def test_there_is_no_way_out(sandbox: Sandbox) -> None:
    """No socket, no file, no signal, no program, no thread, no right of another file, no way back to root."""
    assert sandbox.walls.seccomp
    assert sandbox.run(f"{HOSTILE}:outside", b"") == b""


def test_a_reader_has_nothing_of_ours(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment holds no word of the gateway's, its descriptors are its file's, and it stands nowhere."""
    monkeypatch.setenv("LIENTHONG_SECRET", "x")
    environment, descriptors, anywhere = eval(sandbox.run(f"{HOSTILE}:surroundings", b"x"))  # type: ignore[arg-type]  # noqa: S307  our own words
    assert set(environment) <= {"LC_CTYPE", *ENVIRONMENT}
    assert descriptors in ([0, 1, 2], [0, 1, 2, 3])  # a mapped file keeps a descriptor of its own
    assert not anywhere


def test_attacks_do_not_disturb_each_other(sandbox: Sandbox) -> None:
    """Files are read side by side while others attack; each gets its own answer."""
    tasks = [("echo", str(at).encode()) for at in range(40)] + [("crash", b""), ("bomb", b""), ("sleep", b"")] * 2
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda task: sandbox.run(f"{HOSTILE}:{task[0]}", task[1]), tasks))
    assert found[:40] == [octets for _, octets in tasks[:40]]
    assert [each.reason for each in found[40:43] if isinstance(each, Refused)] == ["crashed", "too-big", "too-slow"]


def test_a_nursery_that_dies_is_replaced() -> None:
    """When the nursery itself is killed, the next file finds a new one."""
    with Sandbox([HOSTILE], limits=LIMITS) as fresh:
        assert fresh.run(f"{HOSTILE}:echo", b"a") == b"a"
        first = fresh.nursery
        os.kill(first, 9)
        assert fresh.run(f"{HOSTILE}:echo", b"b") == b"b"
        assert fresh.nursery != first


def test_everything_goes_with_the_gateway() -> None:
    """When the gateway is killed in the middle of a file, nursery and reader end too."""
    script = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); from gateway.examine.sandbox import Sandbox\n"
        f"s = Sandbox([{HOSTILE!r}]); s.walls; print(s.nursery, flush=True); s.run({HOSTILE + ':sleep'!r}, b'')"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as gateway:
        assert gateway.stdout is not None
        nursery = int(gateway.stdout.readline())
        gateway.kill()
    deadline = time.monotonic() + 10
    while Path(f"/proc/{nursery}").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not Path(f"/proc/{nursery}").exists()


def test_overhead_is_small(sandbox: Sandbox) -> None:
    """A file costs milliseconds, not the start of a Python: 50 of them take less than 2.5 s on a busy machine."""
    began = time.monotonic()
    assert {sandbox.run(f"{HOSTILE}:echo", b"x") for _ in range(50)} == {b"x"}
    assert time.monotonic() - began < 2.5


@pytest.mark.peer("root")
def test_an_ordinary_user_has_the_same_walls() -> None:
    """Without root the walls hold as well: the same attacks fail, whoever runs the gateway."""
    python = shutil.which("python3", path="/usr/bin:/usr/local/bin")
    if python is None or not os.access(ROOT, os.R_OK | os.X_OK):
        pytest.skip("not run: no interpreter that an ordinary user may start")
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); from gateway.examine.sandbox import Sandbox\n"
        f"from tests.gateway.examine import hostile\ns = Sandbox([{HOSTILE!r}])\n"
        f"print(s.run({HOSTILE + ':outside'!r}, b''), s.run({HOSTILE + ':forks'!r}, b''))"
    )
    nobody = pwd.getpwnam("nobody")
    told = subprocess.run(
        [python, "-B", "-c", script, str(ROOT)], user=nobody.pw_uid, group=nobody.pw_gid, extra_groups=[], cwd="/",
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.stdout == "b'' b'0'\n", told.stderr


def test_where_no_process_can_be_started_the_file_is_not_to_blame() -> None:
    """Whatever the system refuses is trouble of ours, to be tried again: the mail is neither held nor counted dead."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with Sandbox([HOSTILE]) as alone:
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))  # no further descriptor for this process
        try:
            with pytest.raises(SandboxDown):
                alone.run(f"{HOSTILE}:echo", b"x")
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        assert alone.run(f"{HOSTILE}:echo", b"x") == b"x"
