"""What hostile files do to their readers, done on purpose: each function stands for one attack.

Promises:  each tries its attack for real, with the means a reader has after it was taken over.
"""

from __future__ import annotations

import ctypes
import os
import re
import socket
import tempfile
from pathlib import Path


def echo(content: bytes, **params: object) -> bytes:
    """Answer with the file itself and what was asked."""
    return bytes(content) + repr(sorted(params.items())).encode() * bool(params)


def bomb(content: bytes) -> bytes:
    """Take memory until there is none."""
    held = []
    while True:
        held.append(bytearray(len(content) + (64 << 20)))


def hang_in_c(content: bytes) -> bytes:
    """Backtrack for ever inside one call that never looks at signals of Python's."""
    return repr(re.match(rb"(a|a)*b", b"a" * 60 + content[:0])).encode()


def sleep(_: bytes) -> bytes:
    """Wait for what never comes, at no cost."""
    ctypes.CDLL(None).sleep(1000)
    return b""


def crash(_: bytes) -> bytes:
    """Read where nothing is."""
    return ctypes.string_at(8)


def flood(_: bytes) -> bytes:
    """Write without end."""
    while True:
        os.write(1, b"x" * (1 << 20))


def raising(content: bytes) -> bytes:
    """Fail with words of the file in the error."""
    raise LookupError(bytes(content).decode())


def forks(_: bytes) -> bytes:
    """Fork for ever; answer with how many it got, and by C's own fork too."""
    grown = 0
    for fork in (os.fork, ctypes.CDLL(None).fork):
        try:
            while (pid := fork()) > 0:
                grown += 1
        except OSError:
            continue
        if pid == 0:
            os.kill(os.getppid(), 9)
    return str(grown).encode()


def outside(_: bytes) -> bytes:
    """Try every way out and name those that were open."""
    open_ways = {
        "internet socket": lambda: socket.socket(socket.AF_INET),
        "unix socket": lambda: socket.socket(socket.AF_UNIX),
        "passwords": lambda: Path("/etc/passwd").read_text("utf-8"),
        "own source": lambda: Path(__file__).read_text("utf-8"),
        "write here": lambda: Path("left-behind").write_text("x", "utf-8"),
        "write in tmp": lambda: Path(tempfile.gettempdir(), "left-behind").write_text("x", "utf-8"),
        "signal to the nursery": lambda: os.kill(os.getppid(), 0),
        "signal to all": lambda: os.kill(-1, 0),
        "program": lambda: os.execv("/bin/true", ["/bin/true"]),  # noqa: S606  must fail
        "memory of the nursery": lambda: Path(f"/proc/{os.getppid()}/mem").open("rb"),  # noqa: SIM115  must fail
        "other files' rights": lambda: os.chmod(Path(__file__), 0o644),  # noqa: PTH101  must fail
        "root": lambda: os.setuid(0),
        "memory without a name": lambda: os.memfd_create("x"),
        "a thread": lambda: __import__("_thread").start_new_thread(print, ()),
    }
    found = [name for name, way in open_ways.items() if _works(way)]
    return ",".join(found).encode()


def _works(way: object) -> bool:
    try:
        way()  # type: ignore[operator]  # each is a function
    except (OSError, RuntimeError):
        return False
    return True


def surroundings(_: bytes) -> bytes:
    """What is around the reader: environment, descriptors that answer, working directory."""
    alive = [number for number in range(64) if _works(lambda number=number: os.fstat(number))]
    return repr((sorted(os.environ), alive, _works(os.getcwd))).encode()
