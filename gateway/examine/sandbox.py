"""The sandbox: hostile files are read in child processes that can do nothing but read and answer.

Promises:  every file ends in an answer or in ``Refused``, and the next file is untouched, whatever the file did to its
           reader: memory, time, crash, flood, forks. One warm nursery forks a child for each file; at most ``width``
           live at a time, the others wait their turn. Safe for use from many threads.
Never:     reads a file's octets in this process; takes code or objects from a child, only octets. What holds where:
           ``walls``. ``Sandbox.walls`` tells it of this machine.
Fails:     with SandboxDown when no nursery or child can be started: our own trouble, to be tried again.
"""

from __future__ import annotations

import array
import json
import os
import select
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Self

from gateway.examine.nursery import NOT_STARTED, OUT_OF_MEMORY
from gateway.examine.walls import Limits, Walls
from storage.trouble import Temporary

START_S = 60.0
GRACE_S = 5.0  # beyond a file's own deadline, before the nursery itself counts as hung
BOOT = "import sys; sys.path[:] = {path!r}; from gateway.examine.nursery import main; main()"
ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8",
    "ORT_DISABLE_TELEMETRY": "1",  # newer ones of onnxruntime would start a thread that reports home
}  # fmt: skip
XCPU, KILLED, XFSZ = -24, -9, -25


class SandboxDown(Temporary):
    """No process can be started to read files in; try again later."""


class Reason(StrEnum):
    """Why a file was not read; each is also a locale key below ``reading``."""

    SLOW = "too-slow"
    MEMORY = "too-big"
    FLOOD = "too-long"
    CRASH = "crashed"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a file was not read. ``detail`` is for the log of defects: an error's class or a signal, no content."""

    reason: Reason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a child wrote, as an open file in memory; close it."""

    file: BinaryIO

    def octets(self) -> bytes:
        """The whole answer."""
        self.file.seek(0)
        return self.file.read()


class Sandbox:
    """One nursery and its children; ``modules`` are imported in it, and only their functions can be tasks."""

    def __init__(self, modules: Sequence[str], *, width: int | None = None, limits: Limits | None = None) -> None:
        self._modules = tuple(modules)
        self._limits = limits or Limits()
        self._turns = threading.BoundedSemaphore(width or os.cpu_count() or 1)
        self._lock = threading.Lock()
        self._nursery: _Started | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def walls(self) -> Walls:
        """What holds on this machine; starts the nursery when there is none yet."""
        return self._living().walls

    @property
    def nursery(self) -> int:
        """The process id of the nursery, for those who watch processes."""
        return self._living().pid

    def run(
        self, task: str, content: bytes | Path | BinaryIO, *, limits: Limits | None = None, **params: object
    ) -> bytes | Refused:
        """The octets that ``module:function`` makes of a file; ``params`` are plain JSON values."""
        answer = self.keep(task, content, limits=limits, **params)
        if isinstance(answer, Refused):
            return answer
        with answer.file:
            return answer.octets()

    def keep(
        self, task: str, content: bytes | Path | BinaryIO, *, limits: Limits | None = None, **params: object
    ) -> Answer | Refused:
        """As ``run``, with the answer as a file that can be handed to the next child unread."""
        return self._place({"task": task, "params": params}, content, limits or self._limits)

    def program(
        self, argv: Sequence[str], content: bytes | BinaryIO, environment: Mapping[str, str], limits: Limits
    ) -> bytes | Refused:
        """What another program writes to its output, given the file as its input, behind the same walls."""
        request = {"argv": list(argv), "environment": {**ENVIRONMENT, **environment}}
        answer = self._place(request, content, limits)
        if isinstance(answer, Refused):
            return answer
        with answer.file:
            return answer.octets()

    def close(self) -> None:
        """End the nursery and all its children."""
        with self._lock:
            nursery, self._nursery = self._nursery, None
        if nursery:
            nursery.end()

    def _place(
        self, request: Mapping[str, object], content: bytes | Path | BinaryIO, limits: Limits
    ) -> Answer | Refused:
        """One child, in its turn. A nursery that died with it is replaced once; the second one dies of the file."""
        told = json.dumps({**request, "limits": asdict(limits)}).encode()
        with self._turns, _opened(content) as source, _ours():
            for _ in range(2):
                nursery = self._living()
                answer = os.fdopen(os.memfd_create("answer", os.MFD_CLOEXEC), "w+b", buffering=0)
                outcome = nursery.ask(told, source.fileno(), answer.fileno(), limits.wall_s + GRACE_S)
                if outcome is not None:
                    return _judged(outcome, answer)
                answer.close()
                self._give_up(nursery)
        return Refused(Reason.CRASH, "nursery")

    def _living(self) -> _Started:
        """The nursery; started at the first file, and again after it died."""
        with self._lock:
            if self._nursery is None or self._nursery.gone():
                self._nursery = _Started(self._modules)
            return self._nursery

    def _give_up(self, nursery: _Started) -> None:
        with self._lock:
            if self._nursery is nursery:
                self._nursery = None
        nursery.end()


class _Started:
    """A nursery's process, seen from outside."""

    def __init__(self, modules: Sequence[str]) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        boot = BOOT.format(path=[str(Path(entry or ".").absolute()) for entry in sys.path])
        argv = [sys.executable, "-I", "-c", boot, str(theirs.fileno()), *modules]
        with theirs, ExitStack() as unless_started:
            unless_started.callback(ours.close)
            self._process = subprocess.Popen(  # noqa: S603  our own interpreter and our own words
                argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=ENVIRONMENT, cwd="/",
                pass_fds=[theirs.fileno()], start_new_session=True,
            )  # fmt: skip
            unless_started.pop_all()
        self._socket = ours
        ours.settimeout(START_S)
        try:
            self.walls = Walls(**json.loads(ours.recv(4096)))
        except (OSError, ValueError) as error:
            self.end()
            raise SandboxDown(SandboxDown.__doc__) from error

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def gone(self) -> bool:
        """Whether the process has ended."""
        return self._process.poll() is not None

    def ask(self, request: bytes, content: int, answer: int, patience_s: float) -> str | None:
        """How the child ended; None when the nursery itself ended or hangs."""
        listening, telling = os.pipe()
        with os.fdopen(listening, "rb", buffering=0) as outcome:
            handed = array.array("i", [content, answer, telling])
            try:
                self._socket.sendmsg([request], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, handed)])
            except OSError:
                return None
            finally:
                os.close(telling)
            poll = select.poll()
            poll.register(outcome, select.POLLIN)
            told = b""
            while poll.poll(patience_s * 1000):
                if not (block := outcome.read(64)):
                    return told.decode() if told[-1:].isdigit() else None
                told += block
        return None

    def end(self) -> None:
        """Close its socket, which ends it and its children; kill it when it does not hear."""
        self._socket.close()
        try:
            self._process.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, 9)
            self._process.wait()


@contextmanager
def _ours() -> Iterator[None]:
    """What the system refuses here (processes, descriptors, memory) is no file's fault: it is tried again."""
    try:
        yield
    except OSError as error:
        raise SandboxDown(SandboxDown.__doc__) from error


def _opened(content: bytes | Path | BinaryIO) -> BinaryIO:
    """A descriptor that holds these octets; bytes go into memory that has no name."""
    if isinstance(content, Path):
        return content.open("rb", buffering=0)
    with _ours():
        if not isinstance(content, bytes):
            return os.fdopen(os.dup(content.fileno()), "rb", buffering=0)
        held = os.fdopen(os.memfd_create("content", os.MFD_CLOEXEC), "w+b", buffering=0)
        left = memoryview(content)
        while left:
            left = left[held.write(left) :]
        held.seek(0)
        return held


def _judged(outcome: str, answer: BinaryIO) -> Answer | Refused:
    """What a child's end means."""
    late, _, number = outcome.rpartition(" ")
    code = int(number)
    if code == 0 and not late:
        return Answer(answer)
    answer.seek(0)
    detail = answer.read(40).decode("ascii", "replace") if code > 0 else f"signal {-code}"
    answer.close()
    if late or code in (XCPU, KILLED):
        return Refused(Reason.SLOW, detail)
    known = {OUT_OF_MEMORY: Reason.MEMORY, XFSZ: Reason.FLOOD}
    if code == NOT_STARTED:
        raise SandboxDown(SandboxDown.__doc__)
    return Refused(known.get(code, Reason.UNREADABLE if code > 0 else Reason.CRASH), detail)
