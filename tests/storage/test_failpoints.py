"""Fail points: named once, reached somewhere, deadly only when asked."""

from __future__ import annotations

import ast
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from storage.failpoints import POINTS, reach

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("gateway", "storage")
SCRIPT = "from storage.failpoints import reach; [reach('spool.before-sync') for _ in range(3)]; print('alive')"


def names_in_the_code() -> list[str]:
    """The argument of every call of ``reach``."""
    return [
        ast.literal_eval(node.args[0])
        for floor in FLOORS
        for path in (ROOT / floor).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "reach"
    ]


def run(**variables: str) -> subprocess.CompletedProcess[str]:
    """Three times past one point."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **variables}
    return subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_every_name_is_a_place_in_the_code() -> None:
    """No name without a place, no place without a name: a kill test can trust the list."""
    assert set(names_in_the_code()) == POINTS


def test_nothing_happens_unless_it_was_asked_for() -> None:
    """A process that was not told to die goes on."""
    for name in POINTS:
        reach(name)
    assert run().stdout == "alive\n"


@pytest.mark.parametrize("wish", ["spool.before-sync", "spool.before-sync:1", "spool.before-sync:3"])
def test_the_named_point_kills(wish: str) -> None:
    """SIGKILL, at the first time or the n-th."""
    assert run(LIENTHONG_FAILPOINT=wish).returncode == -signal.SIGKILL


@pytest.mark.parametrize("wish", ["spool.after-sync", "spool.before-sync:4"])
def test_other_points_do_not_kill(wish: str) -> None:
    """Another name, or a count that is not reached."""
    assert run(LIENTHONG_FAILPOINT=wish).stdout == "alive\n"


def test_once_is_once_over_all_processes(tmp_path: Path) -> None:
    """With a file to remember it, the second process lives."""
    once = {"LIENTHONG_FAILPOINT": "spool.before-sync", "LIENTHONG_FAILPOINT_ONCE": str(tmp_path / "died")}
    assert run(**once).returncode == -signal.SIGKILL
    assert run(**once).stdout == "alive\n"


def test_a_misspelt_name_is_told() -> None:
    """A test that names no point would prove nothing."""
    wrong = run(LIENTHONG_FAILPOINT="spool.befor-sync")
    assert wrong.returncode == 1
    assert "no fail point is called" in wrong.stderr
