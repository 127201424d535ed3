"""``make fuzz``: every harness for its share of the time, some at once; figures for each; findings as files.

Promises:  half of a harness's time is mutants of its seeds, the other half inputs that atheris guides into new lines of
           the program; where atheris is not installed, that is said, and mutants have the whole time. A finding lies in
           tests/fuzz/found/NAME/, whose files every ``make test`` tries again, and the exit status is 1.
Never:     ends at the first finding: the other harnesses go on.
"""

from __future__ import annotations

import argparse
import logging
import os
import re
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from tests.fuzz.harnesses import HARNESSES, Harness, tried
from tests.fuzz.mutants import mutants

FOUND = Path(__file__).parent / "found"
GRACE = 300  # seconds beyond its time after which a child is ended: on a busy machine one input may take long
LAST = re.compile(r"cov: (\d+) ft: (\d+)")
RUNS = re.compile(r"stat::number_of_executed_units: *(\d+)")
RAISED = re.compile(r"([\w.]+\.)?\w+(Error|Slow|Exception)\b|==\d+== ERROR")
ABSENT = "atheris is not installed (it is made for Linux on x86-64): mutants alone, nothing guides them"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one harness: inputs tried, branches and features reached (0 when nobody counted), what was said."""

    name: str
    mutants: int = 0
    guided: int = 0
    branches: int = 0
    features: int = 0
    story: str = ""

    def __str__(self) -> str:
        """One line of the table."""
        return (
            f"{self.name:<12}{self.mutants:>10}{self.guided:>10}{self.branches:>10}{self.features:>10}  {self.verdict}"
        )

    @property
    def verdict(self) -> str:
        """Clean, or what went wrong."""
        return self.story or "clean"


def throw(harness: Harness, place: Path, seconds: float, seed: int) -> tuple[int, str]:
    """Mutants until the time is over: how many, and the finding's story or ''; the finding is kept in ``place``."""
    end = time.monotonic() + seconds
    for count, raw in enumerate(mutants(harness, seed), 1):
        try:
            tried(harness, raw)
        except Exception as error:  # noqa: BLE001  whatever it is, it is the finding
            return count, f"{type(error).__name__}: {str(error)[:200]}; {kept(place, raw)}"
        if time.monotonic() > end:
            return count, ""
    return 0, "no mutants"


def kept(place: Path, raw: bytes) -> Path:
    """The file the finding lies in."""
    place.mkdir(parents=True, exist_ok=True)
    file = place / f"mutant-{sha256(raw).hexdigest()[:12]}"
    file.write_bytes(raw)
    return file


def guide(name: str, seconds: float) -> tuple[tuple[int, int, int], str]:
    """A child with atheris: inputs, branches and features, and the finding's story or ''."""
    found = FOUND / name
    found.mkdir(parents=True, exist_ok=True)
    before = set(found.iterdir())
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        for number, seed in enumerate(HARNESSES[name].seeds()):
            (corpus / str(number)).write_bytes(seed)
        command = [sys.executable, "-m", "tests.fuzz.guided", name, str(int(seconds)), str(corpus), str(found)]
        status, told = _ended(command, seconds + GRACE)
    new = sorted(set(found.iterdir()) - before)
    if not any(found.iterdir()):
        found.rmdir()
    reached = LAST.findall(told)
    runs = RUNS.search(told)
    figures = (int(runs[1]) if runs else 0, *map(int, reached[-1] if reached else (0, 0)))
    return figures, "" if status == 0 else f"{_error(told)}; {', '.join(map(str, new)) or 'no file'}"


def _ended(command: list[str], seconds: float) -> tuple[int, str]:
    """A child's exit status and what it said; one that does not end is ended."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        try:
            told, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            told, _ = process.communicate()
            told += b"\nTimeoutError: did not end\n"
        return process.returncode, told.decode("utf-8", "replace")


def _error(told: str) -> str:
    """The line that names what was raised, else the last one."""
    lines = [line for line in told.splitlines() if line.strip()] or ["nothing was said"]
    return next(filter(RAISED.match, lines), lines[-1])[:200]


def outcome(name: str, seconds: float, seed: int, *, guided: bool) -> Outcome:
    """One harness for its time."""
    logging.disable()  # a library that speaks of each broken archive
    count, story = throw(HARNESSES[name], FOUND / name, seconds / 2 if guided else seconds, seed)
    if not guided:
        return Outcome(name, count, story=story)
    (runs, branches, features), second = guide(name, seconds / 2)
    return Outcome(name, count, runs, branches, features, " / ".join(filter(None, (story, second))))


def main() -> int:
    """Fuzz, print, judge."""
    options = argparse.ArgumentParser(prog="make fuzz", description="fuzz every harness for its share of the time")
    options.add_argument("names", nargs="*", metavar="HARNESS", help=", ".join(HARNESSES))
    options.add_argument("--seconds", type=float, default=float(os.environ.get("FUZZ_SECONDS", "600")))
    options.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000, help="of the mutants")
    options.add_argument("--at-once", type=int, default=os.cpu_count() or 1)
    chosen = options.parse_args()
    names = chosen.names or list(HARNESSES)
    guided = find_spec("atheris") is not None
    if not guided:
        sys.stdout.write(f"{ABSENT}\n")
    share = chosen.seconds * chosen.at_once / len(names)
    sys.stdout.write(
        f"{len(names)} harnesses, {share:.0f} s each, {chosen.at_once} at once, mutants of seed {chosen.seed}\n"
    )
    sys.stdout.write(f"{'':<12}{'mutants':>10}{'guided':>10}{'branches':>10}{'features':>10}\n")
    return _all(names, share, chosen.seed, chosen.at_once, guided=guided)


def _all(names: list[str], share: float, seed: int, at_once: int, *, guided: bool) -> int:
    """Every harness, in children of this process; 1 when one of them found something."""
    failed = 0
    with ProcessPoolExecutor(at_once) as pool:
        for done in pool.map(partial(outcome, seconds=share, seed=seed, guided=guided), names):
            sys.stdout.write(f"{done}\n")
            sys.stdout.flush()
            failed |= bool(done.story)
    sys.stdout.write("a finding is a file: mend the reader, and leave the file to the tests\n" if failed else "")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
