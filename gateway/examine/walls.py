"""The walls around a process that reads hostile bytes: what it can no longer do, whatever it was tricked into.

Promises:  each wall stands alone and needs no root: Landlock (files), a seccomp filter (sockets, processes, signals,
           memory of others), rlimits. Root adds an empty network namespace and another user for each child.
           Where a kernel lacks one of them it is left out and told; the others hold.
Never:     takes a wall down again; the kernel does not allow it.
Fails:     with OSError when a wall the kernel knows cannot be built: then nothing hostile is read.

Sources: landlock(7), seccomp(2), prctl(2), setrlimit(2). Numbers of system calls: asm/unistd.h of each architecture.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import resource
import struct
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

STRANGER = 64_917  # a user nobody is (below systemd's own range): children of root become it
READABLE = ("/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/alternatives")
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
SIGKILL = 9
CLONE_NEWNET, CLONE_NEWUSER = 0x40000000, 0x10000000
LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 444, 445, 446
READ_AND_RUN, READ_ONLY = 0b1101, 0b0100

ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
# Sockets and shared memory; other processes and the kernel's side doors; rights of files, which Landlock leaves open.
DENIED = {
    "x86_64": (
        *(29, 41, 42, 43, 44, 46, 49, 50, 53, 64, 68, 240, 288),
        *(101, 129, 141, 297, 298, 310, 311, 161, 165, 166, 248, 249, 250, 272, 304, 308, 319, 321, 323),
        *(76, 90, 91, 92, 93, 94, 132, 188, 189, 190, 197, 198, 199, 235, 260, 268, 280),
    ),
    "aarch64": (
        *(180, 186, 190, 194, 198, 199, 200, 201, 202, 203, 206, 211, 242),
        *(117, 138, 140, 240, 241, 270, 271, 51, 40, 39, 217, 218, 219, 97, 265, 268, 279, 280, 282),
        *(45, 52, 53, 54, 55, 88, 5, 6, 7, 14, 15, 16),
    ),
}
DENIED_EVERYWHERE = (424, 425, 428, 429, 430, 431, 432, 434, 438, 440, 442, 452)
FORKING = {"x86_64": (56, 57, 58), "aarch64": (220,)}
STARTING = {"x86_64": (59, 322), "aarch64": (221, 281)}
SIGNALLING = {"x86_64": (62, 200, 234), "aarch64": (129, 130, 131)}
LIMITING = {"x86_64": 302, "aarch64": 261}
CLONE3 = 435
KILL, ALLOW, ERRNO = 0x80000000, 0x7FFF0000, 0x00050000
LOAD, EQUAL, AT_LEAST, GIVE = 0x20, 0x15, 0x35, 0x06  # BPF: ld abs, jeq, jge, ret
NUMBER, ARCHITECTURE, FIRST = 0, 4, 16  # offsets in struct seccomp_data
NOBODY = 0x7FFF_FFFF  # no process has this number
X32 = 0x40000000

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost. Memory in octets beyond what the reader starts with; ``answer`` in octets."""

    memory: int = 768 << 20
    cpu_s: int = 15
    wall_s: float = 20.0
    answer: int = 16 << 20
    files: int = 32


@dataclass(frozen=True, slots=True)
class Walls:
    """Which walls hold on this machine."""

    landlock: bool
    seccomp: bool
    network: bool
    stranger: bool


def around_nursery() -> Walls:
    """Close off network and files, once, for this process and all its children; say what holds."""
    network = _no_network()
    _prctl(PR_SET_NO_NEW_PRIVS, 1)
    _prctl(PR_SET_DUMPABLE, 0)
    if platform.machine() in ARCHITECTURES:
        _ = [_outline(starts=starts) for starts in (False, True)]
    return Walls(_landlock(), platform.machine() in ARCHITECTURES, network, os.geteuid() == 0)


def around_child(limits: Limits, began_with: int, *, starts: bool) -> None:
    """Close this process off for good; ``starts``: it will become one other program. ``began_with`` octets it has."""
    os.setsid()
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(STRANGER, STRANGER, STRANGER)
        os.setresuid(STRANGER, STRANGER, STRANGER)
    _prctl(PR_SET_PDEATHSIG, SIGKILL)
    _limit(limits, began_with)
    _prctl(PR_SET_NO_NEW_PRIVS, 1)
    if platform.machine() in ARCHITECTURES:
        _install(filter_for(os.getpid(), starts=starts))


def _limit(limits: Limits, began_with: int) -> None:
    """The rlimits, hard and soft alike; a process count of 0 stops forks where there is no seccomp."""
    for which, wanted in (
        (resource.RLIMIT_AS, limits.memory + began_with),
        (resource.RLIMIT_CPU, limits.cpu_s),
        (resource.RLIMIT_FSIZE, limits.answer),
        (resource.RLIMIT_NOFILE, limits.files),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_STACK, 16 << 20),
    ):
        hard = resource.getrlimit(which)[1]
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(which, (most, most))


def _no_network() -> bool:
    """An empty network namespace; ordinary users get one only where the system lets them."""
    flags = CLONE_NEWNET if os.geteuid() == 0 else CLONE_NEWNET | CLONE_NEWUSER
    return bool(_libc.unshare(flags) == 0)


def _landlock() -> bool:
    """Nothing may be opened but programs and libraries, to read; False where the kernel has no Landlock."""
    version = _libc.syscall(LANDLOCK_CREATE, None, 0, 1)
    if version < 1:
        return False
    files = (1 << (13 + (version >= 2) + (version >= 3) + (version >= 5))) - 1  # noqa: PLR2004  each version adds one
    fields = [files] + ([3] if version >= 4 else []) + ([3] if version >= 6 else [])  # noqa: PLR2004  the same
    rules = struct.pack(f"={len(fields)}Q", *fields)
    ruleset = _called(_libc.syscall(LANDLOCK_CREATE, rules, len(rules), 0))
    libraries = [sysconfig.get_path(kind) for kind in ("stdlib", "platstdlib", "purelib", "platlib")]
    for path in filter(os.path.exists, {*READABLE, *libraries}):
        _let_read(ruleset, path)
    _called(_libc.syscall(LANDLOCK_RESTRICT, ruleset, 0))
    os.close(ruleset)
    return True


def _let_read(ruleset: int, path: str) -> None:
    """Files below this path stay readable and may be run."""
    there = os.open(path, os.O_PATH | os.O_CLOEXEC)
    rights = READ_AND_RUN if Path(path).is_dir() else READ_ONLY
    _called(_libc.syscall(LANDLOCK_ADD, ruleset, 1, struct.pack("=Qi", rights, there), 0))
    os.close(there)


def filter_for(pid: int, *, starts: bool) -> bytes:
    """The filter of one process; all of them are alike but for its own number."""
    return _outline(starts=starts).replace(_step(EQUAL, NOBODY, 0, 1), _step(EQUAL, pid, 0, 1))


@cache
def _outline(*, starts: bool) -> bytes:
    """The filter of no process: made once, before the first fork."""
    return _program(platform.machine(), NOBODY, starts=starts)


def _program(machine: str, pid: int, *, starts: bool) -> bytes:
    """The filter: foreign system calls kill, denied ones fail, signals and limits reach only this process itself."""
    steps = [_step(LOAD, ARCHITECTURE), _step(EQUAL, ARCHITECTURES[machine], 1, 0), _step(GIVE, KILL)]
    steps += [_step(LOAD, NUMBER), _step(AT_LEAST, X32, 0, 1), _step(GIVE, KILL)]
    denied = DENIED[machine] + DENIED_EVERYWHERE + (() if starts else STARTING[machine])
    steps += (
        _failing(denied, errno.EPERM) + _failing(FORKING[machine], errno.EAGAIN) + _failing((CLONE3,), errno.ENOSYS)
    )
    for number in SIGNALLING[machine]:
        steps += _only(number, (pid,))
    steps += _only(LIMITING[machine], (0, pid))
    return b"".join([*steps, _step(GIVE, ALLOW)])


def _failing(numbers: Iterable[int], error: int) -> list[bytes]:
    """These calls answer with this error."""
    return [step for number in numbers for step in (_step(EQUAL, number, 0, 1), _step(GIVE, ERRNO | error))]


def _only(number: int, firsts: tuple[int, ...]) -> list[bytes]:
    """The call works only with one of these first arguments."""
    checks = [step for first in firsts for step in (_step(EQUAL, first, 0, 1), _step(GIVE, ALLOW))]
    body = [_step(LOAD, FIRST), *checks, _step(GIVE, ERRNO | errno.EPERM)]
    return [_step(EQUAL, number, 0, len(body)), *body]


def _step(code: int, value: int, if_so: int = 0, if_not: int = 0) -> bytes:
    """One struct sock_filter."""
    return struct.pack("=HBBI", code, if_so, if_not, value)


def _install(program: bytes) -> None:
    """Hand the filter to the kernel."""
    held = ctypes.create_string_buffer(program)
    described = ctypes.create_string_buffer(struct.pack("@HP", len(program) // 8, ctypes.addressof(held)))
    _prctl(PR_SET_SECCOMP, 2, ctypes.addressof(described))


def _prctl(option: int, *arguments: int) -> None:
    """prctl(2), with its zeros."""
    given = [ctypes.c_ulong(each) for each in (*arguments, 0, 0, 0, 0)[:4]]
    _called(_libc.prctl(option, *given))


def _called(result: int) -> int:
    """A system call's result; OSError when it says no."""
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result
