"""The nursery: one process that has everything imported and forks a short-lived child for each hostile file.

Promises:  a child gets the file and a place for its answer, both as open descriptors, and nothing else; the nursery
           itself never looks at either. It ends a child at its deadline and tells how each ended. When the gateway goes
           away, it and all its children go.
Never:     opens a file or a connection after its start (see ``walls``); runs a function of a module it was not
           started with.
Fails:     by ending; ``sandbox`` then starts another one.
"""

from __future__ import annotations

import array
import gc
import importlib
import json
import mmap
import os
import selectors
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from gateway.examine.walls import Limits, around_child, around_nursery

REQUEST = 1 << 16
DESCRIPTORS = 3  # the file, the place for the answer, the pipe for the outcome
OUT_OF_MEMORY, UNREADABLE, NOT_STARTED = 101, 102, 103
FOR_GOOD = 1e6  # seconds; a killed child needs no second deadline
PAGE = os.sysconf("SC_PAGE_SIZE")


class Nursery:
    """The children that live, each with its deadline and the pipe on which its end is told."""

    def __init__(self, control: socket.socket, modules: list[str]) -> None:
        self._control = control
        self._modules = {name: importlib.import_module(name) for name in modules}
        for module in self._modules.values():
            getattr(module, "warm", _nothing)()
        self._null = os.open(os.devnull, os.O_RDWR)
        _stand_nowhere()
        gc.collect()
        gc.freeze()  # what is here now is never collected, so its pages stay shared with the children
        self._began_with = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * PAGE
        self._watch = selectors.DefaultSelector()
        self._watch.register(control, selectors.EVENT_READ)
        self._living: dict[int, tuple[int, float, int]] = {}  # pidfd -> pid, deadline, pipe

    def run(self) -> None:
        """Tell which walls hold, then take requests until the gateway closes its end."""
        walls = around_nursery()
        self._control.send(json.dumps({name: getattr(walls, name) for name in walls.__slots__}).encode())
        while True:
            for key, _ in self._watch.select(self._patience()):
                if key.fileobj is not self._control:
                    self._bury(key.fd)
                elif not self._admit():
                    return self._end_all()
            self._end_late()

    def _patience(self) -> float | None:
        """Seconds until the next deadline."""
        deadlines = [deadline for _, deadline, _ in self._living.values()]
        return max(0.0, min(deadlines) - time.monotonic()) if deadlines else None

    def _admit(self) -> bool:
        """Take one request and fork its child; False when the gateway is gone."""
        packet, ancillary, _, _ = self._control.recvmsg(REQUEST, socket.CMSG_SPACE(DESCRIPTORS * 4))
        if not packet:
            return False
        received = array.array("i", b"".join(octets for _, _, octets in ancillary)[: DESCRIPTORS * 4])
        content, answer, outcome = received
        request = json.loads(packet)
        limits = Limits(**request["limits"])
        pid = os.fork()
        if not pid:
            self._grow_up(request, limits, content, answer)
        os.close(content)
        os.close(answer)
        watched = os.pidfd_open(pid)
        self._living[watched] = (pid, time.monotonic() + limits.wall_s, outcome)
        self._watch.register(watched, selectors.EVENT_READ)
        return True

    def _grow_up(self, request: Mapping[str, Any], limits: Limits, content: int, answer: int) -> NoReturn:
        """In the child: build the walls, then read the file. Nothing returns from here."""
        code = NOT_STARTED
        try:
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
            _keep(content, answer, self._null)
            argv = request.get("argv")
            around_child(limits, 0 if argv else self._began_with, starts=bool(argv))
            code = UNREADABLE
            if argv:
                os.execve(argv[0], argv, request["environment"])  # noqa: S606  the one program, named by the gateway
            _answer(self._task(request["task"]), request["params"])
            code = 0
        except MemoryError:
            code = OUT_OF_MEMORY
        except BaseException as error:  # noqa: BLE001  whatever a reader raises is an outcome of the file
            os.write(1, type(error).__name__.encode())
        finally:
            os._exit(code)

    def _task(self, name: str) -> Callable[..., bytes]:
        """A function of a module the nursery was started with."""
        module, _, function = name.partition(":")
        task: Callable[..., bytes] = getattr(self._modules[module], function)
        return task

    def _end_late(self) -> None:
        """End children whose time is up; their end is told by ``_bury``."""
        for watched, (pid, deadline, outcome) in self._living.items():
            if deadline <= time.monotonic():
                with suppress(ProcessLookupError):
                    os.killpg(pid, signal.SIGKILL)
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                with suppress(BrokenPipeError):
                    os.write(outcome, b"late ")
                self._living[watched] = (pid, deadline + FOR_GOOD, outcome)

    def _bury(self, watched: int) -> None:
        """Tell how a child ended: its exit code, or minus its signal."""
        pid, _, outcome = self._living.pop(watched)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        with suppress(BrokenPipeError):
            os.write(outcome, str(status).encode())
        self._watch.unregister(watched)
        os.close(watched)
        os.close(outcome)

    def _end_all(self) -> None:
        """The gateway is gone: nobody waits for these answers."""
        for pid, _, _ in self._living.values():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _nothing() -> None:
    """What a module without ``warm`` does before the walls are built."""


def _stand_nowhere() -> None:
    """Work in a directory that is gone: it is empty, and nothing can ever be created in it."""
    place = tempfile.mkdtemp(prefix="lienthong-")
    os.chdir(place)
    Path(place).rmdir()


def _keep(content: int, answer: int, null: int) -> None:
    """Leave exactly these open: the file at 0, the answer at 1, nothing at 2."""
    os.dup2(content, 0)
    os.dup2(answer, 1)
    os.dup2(null, 2)
    os.closerange(3, min(REQUEST, os.sysconf("SC_OPEN_MAX")))


def _answer(task: Callable[..., bytes], params: Mapping[str, Any]) -> None:
    """Read the file at 0 with the task and write what it found to 1."""
    size = os.fstat(0).st_size
    content = mmap.mmap(0, size, access=mmap.ACCESS_READ) if size else b""
    found = memoryview(task(content, **params))
    while found:
        found = found[os.write(1, found) :]


def main() -> None:
    """Started by ``sandbox``: the control socket's descriptor, then the modules to import."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the gateway; it closes our socket when it goes
    Nursery(socket.socket(fileno=int(sys.argv[1])), sys.argv[2:]).run()
