"""The Makefile and the peers plugin do what their heads promise."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.sources import ROOT

TARGETS = ("demo", "serve", "test", "check", "crash", "fuzz", "bench", "docs", "lock", "ready")
CLEAN = {"PATH": os.defpath}

PROBE = """
import pytest
from tests.peering import PEERS

PEERS["moon"] = lambda: None
PEERS["earth"] = lambda: "here"

@pytest.mark.peer("moon")
def test_needs_the_moon():
    assert True

@pytest.mark.peer("earth")
def test_needs_the_earth():
    assert True

@pytest.mark.full
def test_takes_a_night():
    assert True
"""


def make(*words: str) -> subprocess.CompletedProcess[str]:
    """Run make with an empty environment."""
    return subprocess.run(["make", *words], cwd=ROOT, env=CLEAN, capture_output=True, text=True, check=False)


def probe(folder: Path, text: str, *words: str, ci: str = "") -> subprocess.CompletedProcess[str]:
    """Run these tests in a pytest of their own, with the peers plugin."""
    (folder / "test_probe.py").write_text(text)
    command = [sys.executable, "-m", "pytest", "-p", "tests.peering", "-p", "no:cacheprovider", str(folder), *words]
    options = ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(folder)]
    return subprocess.run(
        command + options, cwd=ROOT, env=CLEAN | {"CI": ci}, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_is_there_and_in_the_list(target: str) -> None:
    """What the pages promise can be made, and ``make`` alone tells of it."""
    assert make("--dry-run", target).returncode == 0
    assert f"make {target} " in make().stdout


def test_an_old_python_is_told_plainly(tmp_path: Path) -> None:
    """Where python3 is too old, make says so in both languages and stops; no traceback of a syntax error later."""
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.2" && exit 0\nexit 1\n')
    old.chmod(0o755)
    done = make("ready", f"PYTHON={old}", f"VENV={tmp_path}/venv")
    assert done.returncode != 0
    assert "Cần Python 3.11 trở lên; máy này có Python 3.9.2" in done.stderr
    assert "Python 3.11 or later is needed" in done.stderr


def test_no_python_is_told_plainly(tmp_path: Path) -> None:
    """Without python3 at all, the sentence is about python3 and not about make."""
    done = make("ready", f"PYTHON={tmp_path}/none", f"VENV={tmp_path}/venv")
    assert done.returncode != 0
    assert "python3 is missing" in done.stderr


def test_a_missing_peer_is_named(tmp_path: Path) -> None:
    """A test whose server is missing is reported by its own name as not run, and the others run."""
    told = probe(tmp_path, PROBE)
    assert told.returncode == 0, told.stdout
    assert "1 passed, 1 skipped, 1 deselected" in told.stdout
    assert "test_needs_the_moon - Skipped: not run: no moon on this machine" in told.stdout


def test_a_missing_peer_fails_in_ci(tmp_path: Path) -> None:
    """Where it is decided what is taken, a missing server is a failure."""
    told = probe(tmp_path, PROBE, ci="true")
    assert told.returncode == 1
    assert "1 passed, 1 deselected, 1 error" in told.stdout


def test_long_proofs_run_when_asked(tmp_path: Path) -> None:
    """--full runs what is otherwise left out."""
    assert "2 passed" in probe(tmp_path, PROBE, "--full").stdout


def test_a_peer_nobody_knows_is_a_mistake(tmp_path: Path) -> None:
    """A misspelt peer does not leave a test out for ever."""
    told = probe(tmp_path, "import pytest\n\n@pytest.mark.peer('postfixx')\ndef test_a():\n    assert True\n")
    assert told.returncode != 0
    assert "no peer is called postfixx" in told.stdout + told.stderr
