"""From SMTP to registered, with the receipt and the delivery relayed: documents per second, against Roundup.

    python -m tests.bench.end_to_end [--rounds N] [--mails N]

Promises:  the gateway whole as ``lienthong serve`` runs it (fsync, PostgreSQL, journal, books, seal, evidence), 300 KiB
           mails each with its own PDF, fed over SMTP; the clock stops when every document is registered and both its
           delivery and its receipt have been taken by the sink. Roundup reads the same mails from an mbox, its best
           mode, in the same run, alternating. Doors run without mail-authentication checks, as Roundup does.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from gateway.stores import opened_database
from storage.database import Database
from storage.schema import documents, letters
from tests.bench.papers import paper
from tests.bench.roundup import Roundup
from tests.bench.verdict import Verdict
from tests.bench.whole_gateway import DISTRICT, cpu, measured
from tests.ports import free_port
from tests.whole_gateway import Gateway

SIZE = 300 << 10
SESSIONS = 4
LEAST = 2.0
PATIENCE_S = 300.0


def main() -> None:
    """Measure, and say what came out."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--mails", type=int, default=400)
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(dir="/var/tmp", prefix="bench-") as folder, _sink() as sink:
        root = Path(folder)
        gateway = measured(root / "gateway", free_port(), sink)
        peer = Roundup(root, sink)
        ours, theirs, spent = _rounds(gateway, peer, options.rounds, options.mails)
    ratio = statistics.median(ours) / statistics.median(theirs)
    figures = {
        "documents_per_second": [round(one, 1) for one in ours],
        "roundup_per_second": [round(one, 1) for one in theirs],
        "cpu_ms_per_document": {role: round(1000 * used, 2) for role, used in spent.most_common()},
    }
    Verdict("end-to-end", peer.name, {"300 KiB": ratio}, figures, least={"300 KiB": LEAST}).tell()


def _rounds(gateway: Gateway, peer: Roundup, rounds: int, mails: int) -> tuple[list[float], list[float], Counter[str]]:
    """Both, alternating; the processor time of ours per document."""
    ours, theirs, spent = [], [], Counter[str]()
    with gateway.serving() as running, opened_database(gateway.settings) as database:
        _measure(gateway, database, 32, 1, "warm")
        for number in range(rounds):
            before = cpu(running.pid)
            ours.append(_measure(gateway, database, mails, 1000 * (number + 1), f"r{number}"))
            used = cpu(running.pid)
            spent.update({role: (used[role] - before[role]) / (mails * rounds) for role in used})
            print(f"ours {ours[-1]:.1f}/s", file=sys.stderr)
            theirs.append(peer.read_mailbox(_mailbox(number, mails // 2)))
            print(f"Roundup {theirs[-1]:.1f}/s", file=sys.stderr)
    return ours, theirs, spent


def _measure(gateway: Gateway, database: Database, mails: int, first: int, run: str) -> float:
    """Feed so many mails, wait until all is done; documents per second."""
    goal = _done(database) + mails
    words = [str(x) for x in (gateway.mx, SESSIONS, mails, first, run, DISTRICT, SIZE)]
    feeding = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.feed", *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert feeding.stdout is not None
    feeding.stdout.readline()
    start = time.perf_counter()
    fed, _ = feeding.communicate("\n")
    while (done := _done(database)) < goal:
        if time.perf_counter() - start > PATIENCE_S:
            raise RuntimeError(f"{goal - done} of {mails} documents did not come to their end")
        time.sleep(0.02)
    seconds = time.perf_counter() - start
    print(f"fed in {fed.strip()} s, done after {seconds:.2f} s", file=sys.stderr)
    return mails / seconds


def _done(database: Database) -> int:
    """Documents whose delivery and receipt both were relayed."""
    relayed = sa.select(sa.func.count()).where(letters.c.transport == "relayed")
    query = sa.select(
        sa.func.least(
            sa.select(sa.func.count()).select_from(documents).scalar_subquery(),
            relayed.where(letters.c.kind == "delivery").scalar_subquery(),
            relayed.where(letters.c.kind == "receipt").scalar_subquery(),
        )
    )
    with database.transaction() as tx:
        return int(tx.execute(query).scalar_one())


def _mailbox(number: int, mails: int) -> list[bytes]:
    day = datetime.now(UTC).date()
    first = 1000 * (number + 1)
    recipient = "issue_tracker@tracker.example"
    return [paper(n, run=f"p{number}", recipient=recipient, size=SIZE, day=day) for n in range(first, first + mails)]


@contextmanager
def _sink() -> Iterator[int]:
    """A smarthost that takes everything and keeps nothing; its port."""
    port = free_port()
    words = [sys.executable, "-m", "gateway.send.sink", "unused", "--port", str(port)]
    running = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    try:
        yield port
    finally:
        running.terminate()
        running.wait()


if __name__ == "__main__":
    main()
