"""Runs the database server's programs as somebody who is not root.

Promises:  as root, programs run under the system user ``lienthong-db``, made when it is missing, and reach the
           given places also below directories closed to others (mode 0700); as anybody else, as oneself.
Never:     changes the mode or the access list of a directory that is not ours. Where the way is closed, the program
           gets one Linux capability (search and read; only if that is too little, override), inherited and
           bounded so that no other can be gained.
Fails:     ``CannotRun`` when no user can be made or no way leads to the places.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from storage.trouble import Permanent

ACCOUNT = "lienthong-db"
# Least first. The empty one means: the way is open, as in an ordinary installation.
CAPABILITIES = ("", "dac_read_search", "dac_override")


class CannotRun(Permanent):
    """The built-in database cannot run here as root; run as an ordinary user, or set database.url."""


@dataclass(frozen=True, slots=True)
class Runner:
    """How to start a program: the words before its own, and who owns what it writes (uid, gid)."""

    prefix: tuple[str, ...]
    owner: tuple[int, int]

    def run(self, command: Sequence[str | Path], timeout_s: float) -> subprocess.CompletedProcess[str]:
        """The finished program, whatever its exit status; TimeoutExpired after ``timeout_s`` seconds.

        Output goes through files, not pipes: a server that the program leaves behind would hold a pipe open.
        """
        return _captured([*self.prefix, *map(str, command)], timeout_s)

    def own(self, path: Path) -> None:
        """Give ``path`` to the user the programs run as."""
        if os.geteuid() == 0:
            os.chown(path, *self.owner)


def runner(program: Path, place: Path) -> Runner:
    """The least privileged way to run ``program`` on the existing directory ``place``; CannotRun if none."""
    if os.geteuid() != 0:
        return Runner((), (os.geteuid(), os.getegid()))
    owner = _account()
    for capability in CAPABILITIES:
        found = Runner(_prefix(owner, capability), owner)
        if _reaches(found, program, place):
            return found
    raise CannotRun(f"user {ACCOUNT} cannot reach {place} or {program}, not even with a capability")


def _reaches(by: Runner, program: Path, place: Path) -> bool:
    probe: list[str | Path] = ["/bin/sh", "-c", 'cd "$1" && exec "$2" --version', "probe", place, program]
    return by.run(probe, 30).returncode == 0


def _prefix(owner: tuple[int, int], capability: str) -> tuple[str, ...]:
    setpriv = _system_program("setpriv")
    kept = f"-all,+{capability}" if capability else "-all"
    sets = [f"--{name}={kept}" for name in ("inh-caps", "ambient-caps", "bounding-set")]
    if capability:
        # access(2), by which initdb looks for its fellows, leaves capabilities out of account without this bit.
        sets.append("--securebits=+no_setuid_fixup")
    return (setpriv, f"--reuid={owner[0]}", f"--regid={owner[1]}", "--clear-groups", *sets, "--")


def _account() -> tuple[int, int]:
    found = _entry()
    if found is None:
        made = _captured(
            [_system_program("useradd"), "--system", "--no-create-home", "--shell=/usr/sbin/nologin", ACCOUNT], 30
        )
        found = _entry()  # another process may have made it at the same moment
        if found is None:
            raise CannotRun(f"no user {ACCOUNT}, and it cannot be made: {made.stdout.strip()}")
    return found


def _system_program(name: str) -> str:
    """Where it lies; a PATH that was made for ordinary users, or emptied, does not lead to root's programs."""
    path = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"))
    found = shutil.which(name, path=path)
    if found is None:
        raise CannotRun(f"the program {name} is missing (Debian: util-linux, passwd)")
    return found


def _entry() -> tuple[int, int] | None:
    try:
        entry = pwd.getpwnam(ACCOUNT)
    except KeyError:
        return None
    return entry.pw_uid, entry.pw_gid


def _captured(command: list[str], timeout_s: float) -> subprocess.CompletedProcess[str]:
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(  # noqa: S603  the words are ours, never a peer's
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            timeout=timeout_s,
            check=False,
        )
        output.seek(0)
        return subprocess.CompletedProcess(done.args, done.returncode, output.read())
