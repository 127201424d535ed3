"""Durable acceptance: our doors against Postfix, the same generator, the same machine, taking turns.

    python tests/bench/accept.py [--rounds N] [--only NAME]

A mail counts when its 250 was heard, and both say 250 when the mail is on disk. Both keep their connections for the
whole round and are sent three commands in one write. Both write their log to nobody.

Promises:  median of the rounds; ends with one JSON line; status 1 when a ratio or the memory falls short.
"""

from __future__ import annotations

import argparse
import base64
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.bench.receivers import RECIPIENT, Receiver, our_doors, postfix, postfix_version
from tests.bench.verdict import Verdict

SENDER = Path(__file__).with_name("sender.py")
KIB, MIB = 1 << 10, 1 << 20
MEMORY_BOUND_MIB = 250


@dataclass(frozen=True)
class Case:
    """One comparison: the size of a mail, sessions at a time, mails a round, and the ratio to reach."""

    name: str
    size: int
    sessions: int
    mails: int
    least: float


CASES = (
    Case("10KiB-10", 10 * KIB, 10, 3000, 1.5),
    Case("10KiB-50", 10 * KIB, 50, 3000, 2.0),
    Case("300KiB-10", 300 * KIB, 10, 700, 2.0),
    Case("300KiB-50", 300 * KIB, 50, 700, 2.0),
    Case("5MiB-10", 5 * MIB, 10, 80, 1.5),
    Case("25MiB-10", 25 * MIB, 10, 30, 1.5),
)
MEMORY = Case("25MiB-50", 25 * MIB, 50, 50, 0.0)


def write_mail(path: Path, size: int) -> None:
    """A mail with an attachment in base64, as it goes over the wire, final dot included."""
    head = f"From: a@else.test\r\nTo: {RECIPIENT}\r\nSubject: bench\r\nMIME-Version: 1.0\r\n".encode()
    head += b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    noise = random.Random(size).randbytes((size - len(head)) * 57 // 78)  # noqa: S311 the same mail every time
    lines = base64.encodebytes(noise).split()
    path.write_bytes(head + b"\r\n".join(lines) + b"\r\n.\r\n")


def send(port: int, case: Case, mail: Path) -> float:
    """One round; the seconds it took."""
    numbers = (str(port), str(case.sessions), str(case.mails), RECIPIENT)
    run = subprocess.run(
        [sys.executable, str(SENDER), *numbers, str(mail)], capture_output=True, text=True, check=False
    )
    if run.returncode:
        raise SystemExit(f"{case.name}: {run.stderr}")
    return float(run.stdout)


class Peak(threading.Thread):
    """The most memory some processes hold together while the block runs, in MiB: shared pages counted once (PSS)."""

    def __init__(self, receiver: Receiver) -> None:
        super().__init__(daemon=True)
        self._receiver = receiver
        self._done = threading.Event()
        self.mib = 0.0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self.join()

    def run(self) -> None:
        """Look twenty times a second."""
        while not self._done.wait(0.05):
            self.mib = max(self.mib, sum(map(pss, self._receiver.processes())) / MIB)


def pss(process: int) -> int:
    """Octets of memory of one process, its share of shared ones; 0 when it has gone."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next(int(line.split()[1]) * KIB for line in lines if line.startswith("Pss:"))


def compare(case: Case, mail: Path, ours: Receiver, theirs: Receiver, rounds: int) -> tuple[float, float]:
    """Mails a second of both, medians; they take turns in going first."""
    rates: dict[Receiver, list[float]] = {ours: [], theirs: []}
    for turn in range(rounds):
        for receiver in (ours, theirs) if turn % 2 else (theirs, ours):
            os.sync()
            rates[receiver].append(case.mails / send(receiver.port, case, mail))
            receiver.empty()
    return statistics.median(rates[ours]), statistics.median(rates[theirs])


def peak(receiver: Receiver, mail: Path) -> float:
    """MiB at most while fifty large mails come in at once."""
    with Peak(receiver) as memory:
        send(receiver.port, MEMORY, mail)
    receiver.empty()
    return round(memory.mib, 1)


def main() -> None:
    """See above."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--rounds", type=int, default=4)
    asked.add_argument("--only", default="")
    options = asked.parse_args()
    if os.geteuid() != 0 or not shutil.which("postfix"):
        raise SystemExit("this bench starts a Postfix of its own: it needs root and the Debian package postfix")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that both receivers are stopped
    cases = [case for case in CASES if options.only in case.name]
    with tempfile.TemporaryDirectory(prefix="lienthong-bench-", dir="/var/tmp", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        run(cases, Path(name), options.rounds)


def run(cases: list[Case], folder: Path, rounds: int) -> None:
    """Both receivers, all cases, the memory, the verdict."""
    ratios: dict[str, float] = {}
    figures: dict[str, object] = {}
    mail = folder / "mail"
    with our_doors(folder / "ours") as ours, postfix(folder / "postfix") as theirs:
        for case in cases:
            write_mail(mail, case.size)
            mine, other = compare(case, mail, ours, theirs, rounds)
            ratios[case.name] = mine / other
            figures[case.name] = {"ours_per_s": round(mine, 1), "postfix_per_s": round(other, 1)}
            print(f"{case.name:10} ours {mine:8.1f}/s   Postfix {other:8.1f}/s   ratio {mine / other:.2f}", flush=True)
        write_mail(mail, MEMORY.size)
        figures["peak_mib"] = peak(ours, mail)
        figures["postfix_peak_mib"] = peak(theirs, mail)
    print(f"peak memory with 50 sessions of 25 MiB: ours {figures['peak_mib']} MiB, all door processes")
    least = {case.name: case.least for case in cases}
    Verdict("accept", postfix_version(), ratios, figures, least, {"peak_mib": MEMORY_BOUND_MIB}).tell()


if __name__ == "__main__":
    main()
