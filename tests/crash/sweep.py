"""Kills the gateway at every durable step while mail flows in from a real Postfix; then everything must be there once.

    python -m tests.crash.sweep [--kills N] [--seed N] [--keep]

Promises:  each kill is a SIGKILL to real role processes with the fail point armed for that life only; doors, forward,
           register, seal, send and directory die side by side. In the end the gateway is left in peace until all is
           quiet, and proof.py looks at everything. Prints a table and one line of totals.
Fails:     exit status 1 with every violation; also when a point of the plan was never reached.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gateway.stores import opened_database
from tests.crash.cast import playing
from tests.crash.office import OWN, Office
from tests.crash.plan import Blow, Strike, plan
from tests.crash.proof import Proof
from tests.crash.sender import sending
from tests.crash.storm import Storm
from tests.crash.traffic import Traffic, world
from tests.ports import lasting_port
from tests.waiting import TooLong


@dataclass(slots=True)
class Report:
    """What was killed, what there was of everything, what is wrong, and how long the storm and the peace took."""

    kills: Counter[str] = field(default_factory=Counter)
    figures: Mapping[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    retried: int = 0
    storm_s: float = 0.0
    peace_s: float = 0.0


def sweep(root: Path, planned: Sequence[Strike | Blow]) -> Report:
    """The whole story below ``root``."""
    report = Report()
    with world(root / "mailboxes") as sink, sending(lasting_port()) as sender:
        office = Office(root / "gateway", sender.relay, sink.port, OWN)
        office.settle()
        traffic = Traffic(sender, root / "mailboxes")
        with opened_database(office.settings) as database, playing(office) as cast:
            office.prepare()
            storm = Storm(office, database, sender, traffic, cast, planned)
            try:
                _weather(storm, report)
            except TooLong as late:
                report.wrong += [str(late), f"pending: {storm.pending()}, in Postfix: {sender.queued()}"]
            proof = Proof(office, database, sender, traffic)
            report.wrong += [*storm.wrong, *proof.violations()]
            report.retried = storm.retried
            report.kills, report.figures = storm.kills, proof.figures()
    return report


def _weather(storm: Storm, report: Report) -> None:
    begun = time.monotonic()
    storm.run()
    report.storm_s = time.monotonic() - begun
    storm.settle()
    report.peace_s = time.monotonic() - begun - report.storm_s


def main() -> int:
    """The command line; the exit status."""
    asked = argparse.ArgumentParser(prog="sweep")
    asked.add_argument("--kills", type=int, default=300)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--keep", action="store_true", help="leave all files lying, and say where")
    options = asked.parse_args()
    root = Path(tempfile.mkdtemp(prefix="crash-", dir="/var/tmp"))
    root.chmod(0o755)  # PostgreSQL runs as somebody else
    try:
        report = sweep(root, plan(options.kills, options.seed))
    finally:
        if options.keep:
            sys.stdout.write(f"left in {root}\n")
        else:
            shutil.rmtree(root)
    return tell(report)


def tell(report: Report) -> int:
    """Print the report; the exit status."""
    lines = [f"{many:6}  {place}" for place, many in sorted(report.kills.items())]
    figures = {**report.figures, "letters left to a person, who had them tried again": report.retried}
    lines += ["", *(f"{many:6}  {name}" for name, many in figures.items()), ""]
    lines += [f"WRONG: {sentence}" for sentence in report.wrong]
    times = f"in {report.storm_s:.0f} s, quiet after {report.peace_s:.0f} s more"
    lines += [f"{report.kills.total()} kills at {len(report.kills)} places {times}; {len(report.wrong)} violations"]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if report.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
