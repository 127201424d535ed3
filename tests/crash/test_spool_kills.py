"""A door killed with SIGKILL at every durable step of the spool, and a traced one that shows its syncs."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import pytest

from storage.failpoints import POINTS
from storage.spool import Limits, Reader, Spool

LIMITS = "Limits(own_file_over=4096, segment_bytes=8192, keep_free_bytes=1)"
# Sends small and large mails, one by one and together, and says each answer on one line, by the octets' own digest.
DOOR = f"""
import os, sys
from hashlib import sha256
from pathlib import Path
from storage.spool import Limits, Spool
spool = Spool(Path(sys.argv[1]), "door", limits={LIMITS})
def send(number, size):
    draft = spool.draft()
    draft.write((b"%d." % number * size)[:size])
    return spool.commit(draft, b"{{}}")
for number, sizes in enumerate([(700,), (9000,), (100, 5000, 3000), (3900, 3800, 3700), (10,)] * 3):
    for stored in [one.result() for one in [send(number, size) for size in sizes]]:
        os.write(1, f"answered {{stored.spool_id}} {{stored.sha256}}\\n".encode())
spool.close()
os.write(1, b"closed\\n")
"""
ANSWERED = re.compile(r"^answered (\S+) (\S+)$", re.MULTILINE)


def run_door(root: Path, *before: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """The door above in a process of its own, to its end or its death."""
    place = os.pathsep.join(path for path in sys.path if path)
    command = [*before, sys.executable, "-c", DOOR, str(root)]
    environment = {**os.environ, "PYTHONPATH": place, **variables}
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, check=False)


def left(root: Path) -> dict[str, str]:
    """What a reader finds when no door comes back: digests by spool id, each checked against the octets."""
    reader = Reader(root)
    reader.adopt()
    batch = reader.take(999, 1 << 30)
    assert not batch.damaged
    found: dict[str, str] = {}
    for record in batch.records:
        octets = record.octets.read_bytes() if isinstance(record.octets, Path) else record.octets
        assert record.spool_id not in found
        found[record.spool_id] = sha256(octets).hexdigest()
    reader.confirm(batch)
    return found


IN_THE_DOOR = sorted(
    name for name in POINTS if name.startswith("spool.") and not name.endswith(("release", "releases", "recovering"))
)


@pytest.mark.parametrize("nth", [1, 4])
@pytest.mark.parametrize("point", IN_THE_DOOR)
def test_a_killed_door_loses_nothing_it_answered(tmp_path: Path, point: str, nth: int) -> None:
    """SIGKILL at this point: what was answered is read once, exact; at most one batch more; the next door goes on."""
    died = run_door(tmp_path, LIENTHONG_FAILPOINT=f"{point}:{nth}")
    assert died.returncode == -signal.SIGKILL, died.stderr
    answered = dict(ANSWERED.findall(died.stdout))
    found = left(tmp_path)
    assert answered.items() <= found.items()
    assert len(found) - len(answered) <= 3
    lived = run_door(tmp_path)
    assert lived.stdout.endswith("closed\n"), lived.stderr
    assert left(tmp_path) == dict(ANSWERED.findall(lived.stdout))


def test_a_door_killed_while_it_recovers_can_recover_again(tmp_path: Path) -> None:
    """Recovery may die too; the next one finds everything."""
    died = run_door(tmp_path, LIENTHONG_FAILPOINT="spool.after-sync:3")
    again = run_door(tmp_path, LIENTHONG_FAILPOINT="spool.recovering")
    assert (died.returncode, again.returncode) == (-signal.SIGKILL, -signal.SIGKILL)
    assert dict(ANSWERED.findall(died.stdout)).items() <= left(tmp_path).items()


@pytest.mark.parametrize("point", ["spool.before-release", "spool.between-releases"])
def test_a_reader_killed_while_it_releases(tmp_path: Path, point: str) -> None:
    """Confirmed mails may come again, whole, never as damage; in the end nothing is left behind."""
    assert run_door(tmp_path).returncode == 0
    script = "import sys; from pathlib import Path; from storage.spool import Reader; r = Reader(Path(sys.argv[1]))"
    command = [sys.executable, "-c", f"{script}; r.confirm(r.take(999, 1 << 30))", str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    died = subprocess.run(command, env={**environment, "LIENTHONG_FAILPOINT": f"{point}:2"}, timeout=60, check=False)
    assert died.returncode == -signal.SIGKILL
    left(tmp_path)
    Spool(tmp_path, "door", limits=Limits(keep_free_bytes=1)).close()
    assert sorted(path.suffix or path.name for path in (tmp_path / "door").iterdir()) == [".seg", "gauge", "lock"]


TRACED = re.compile(r"^\d+ +(?P<call>\w+)\((?P<fd>\d+)<(?P<path>[^>]*)>(?P<rest>.*)$")


def calls(trace: Sequence[str]) -> list[tuple[str, str, str]]:
    """Finished system calls in the order of their ends: name, path, arguments and result."""
    begun: dict[str, str] = {}
    found: list[tuple[str, str, str]] = []
    for line in trace:
        thread = line.split(maxsplit=1)[0]
        if "<unfinished ...>" in line:
            begun[thread] = line.replace("<unfinished ...>", "")
            continue
        whole = begun.pop(thread) + line if " resumed>" in line else line
        if match := TRACED.match(whole):
            found.append((match["call"], match["path"], match["rest"]))
    return found


@pytest.mark.peer("strace")
def test_every_answer_follows_its_syncs(tmp_path: Path) -> None:
    """Seen from the kernel: own file, its directory and the segment are synced, and only then is it answered."""
    log = tmp_path / "trace"
    root = tmp_path / "spool"
    follow = ("strace", "-f", "-y", "-s", "200", "-e", "trace=pwritev,fdatasync,fsync,write", "-o", str(log))
    run = run_door(root, *follow)
    assert run.stdout.endswith("closed\n"), run.stderr
    dirty: set[str] = set()
    unnamed: set[str] = set()
    answers = 0
    for call, path, rest in calls(log.read_text().splitlines()):
        if call == "pwritev" and path.startswith(str(root)):
            dirty.add(path)
            unnamed |= {path} if path.endswith(".mail") else set()
        elif call in {"fdatasync", "fsync"}:
            dirty.discard(path)
            unnamed = {name for name in unnamed if str(Path(name).parent) != path}
        elif call == "write" and "answered S-" in rest:
            own_file = f"{root}/door/{rest.split('answered ')[1].split()[0]}.mail"
            assert not {name for name in dirty if name.endswith(".seg")}, "an answer before the sync of its segment"
            assert own_file not in dirty | unnamed, "an answer before its own file and its name were synced"
            answers += 1
    assert answers == 27
