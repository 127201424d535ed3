"""Which real servers this machine has, and what becomes of the tests that need one it has not.

A test says what it talks to: ``@pytest.mark.peer("postfix", "root")``. The names are those of PEERS below.

Promises:  a test whose peer is missing is reported by its own name as not run; with CI=true it fails instead.
           ``--full`` runs the long proofs (``@pytest.mark.full``), which are otherwise left out without a word.
Never:     installs or starts anything; .ci/peers installs, the fixtures beside the tests start.
Fails:     UsageError for a peer nobody has heard of.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from ctypes.util import find_library
from functools import cache
from pathlib import Path

import pytest

SERIF = Path("/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf")
SYSTEM_PATH = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/local/sbin", "/usr/sbin", "/sbin"))


def program(name: str) -> Callable[[], str | None]:
    """A look for a program, also where only root's PATH leads."""
    return lambda: shutil.which(name, path=SYSTEM_PATH)


def postgresql() -> str | None:
    """The newest Debian server binary, or None."""
    return max(map(str, Path("/usr/lib/postgresql").glob("*/bin/postgres")), default=None)


@cache
def swaks() -> str | None:
    """The program, with the Perl library without which it speaks no TLS."""
    found = program("swaks")()
    speaks = found and subprocess.run(["perl", "-MNet::SSLeay", "-e", "1"], capture_output=True, check=False)
    return found if speaks and speaks.returncode == 0 else None


@cache
def tesseract() -> str | None:
    """The program, with Vietnamese, and a font in which tests write what it is to recognise."""
    found = program("tesseract")()
    known = found and subprocess.run([found, "--list-langs"], capture_output=True, check=False).stdout.split()
    return found if known and b"vie" in known and SERIF.exists() else None


def root() -> str | None:
    """Not a server, but some servers start for nobody else."""
    return "uid 0" if os.geteuid() == 0 else None


PEERS: dict[str, Callable[[], str | None]] = {
    "postfix": program("postconf"),
    "dovecot": program("dovecot"),
    "postgresql": postgresql,
    "swaks": swaks,
    "strace": program("strace"),
    "libmagic": lambda: find_library("magic"),
    "tesseract": tesseract,
    "libarchive": lambda: find_library("archive"),
    "7z": program("7z"),
    "root": root,
}


def required() -> bool:
    """Whether a missing peer is a failure: on the machine that decides what is taken."""
    return os.environ.get("CI", "").lower() not in ("", "0", "false")


def missing(item: pytest.Item) -> list[str]:
    """The peers this test needs and this machine has not, sorted."""
    needed = {name for mark in item.iter_markers("peer") for name in mark.args}
    if unknown := needed - PEERS.keys():
        raise pytest.UsageError(f"{item.nodeid}: no peer is called {', '.join(sorted(unknown))}")
    return sorted(name for name in needed if PEERS[name]() is None)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer --full."""
    parser.addoption("--full", action="store_true", help="run the long proofs too (make crash, make fuzz)")


def pytest_configure(config: pytest.Config) -> None:
    """Tell pytest the two marks."""
    config.addinivalue_line("markers", "peer(*names): needs these real servers; see tests/peering.py")
    config.addinivalue_line("markers", "full: a long proof, only with --full")


def pytest_report_header() -> str:
    """One line on what this machine has."""
    found = {name: look() for name, look in PEERS.items()}
    return "peers: " + ", ".join(f"{name} {where or 'MISSING'}" for name, where in found.items())


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long proofs out unless they were asked for."""
    if config.getoption("--full"):
        return
    long = [item for item in items if item.get_closest_marker("full")]
    items[:] = [item for item in items if not item.get_closest_marker("full")]
    config.hook.pytest_deselected(items=long)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Stop a test that has nobody to talk to, before any fixture tries."""
    if not (absent := missing(item)):
        return
    reason = f"not run: no {', '.join(absent)} on this machine (as root, make test installs what Debian has)"
    if required():
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what ran, room by room."""
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    rooms = Counter(str(Path(report.nodeid.partition("::")[0]).parent) for report in reports)
    for room, count in sorted(rooms.items()):
        terminalreporter.write_line(f"ran {count:5} in {room}")
