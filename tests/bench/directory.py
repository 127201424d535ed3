"""The directory at the size of the national registry: how long it takes to build, to open, to ask and to change.

Promises:  123,000 units and 500,000 addresses in a PostgreSQL of its own; one process writes the doorbook as the role
           "directory" does, another opens and asks it, as a door does. Prints a table, then one JSON line; exits 1
           when a figure is above its bound. The peer is PostgreSQL itself, asked the same question for each lookup.
Never:     counts the making of the directory; asks for what was asked a moment ago: addresses and names are drawn.
Fails:     TimeoutError when a process says nothing for a minute.

A change is made at its commit and visible when the other process answers it; the last ones while the whole doorbook is
made anew aside. Private memory is what no other process can share: the pages of the file are the system's to give back.
"""

from __future__ import annotations

import json
import os
import random
import select
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import psycopg

sys.path.insert(0, str(Path(__file__).parents[2]))

from gateway.roles.directory import PAUSE
from mailmap.directory.answers import Sentence
from mailmap.directory.changes import Change, Diff, Effect
from mailmap.directory.directory import OwnNames
from mailmap.directory.roster import propose
from mailmap.directory.sheet import Place, read
from mailmap.directory.unit import Unit, UnitKind
from storage import directory
from storage.database import Database
from storage.directory_history import Signature
from storage.doorbook_writer import DoorbookWriter
from storage.embedded import Embedded
from tests.bench import nation
from tests.bench.verdict import Verdict

OWN = OwnNames(frozenset({"gw.example"}))
READER = Path(__file__).with_name("directory_reader.py")
DRAWN, SMALL_CHANGES, ROWS = 4000, 4, 10_000
MOST = {
    "build s": 10, "open ms": 50, "change visible s": 2, "change visible meanwhile s": 2, "private MB": 50,
    "who µs": 20, "where ms": 2, "find ms": 2, "diff of 10,000 rows s": 5,
}  # fmt: skip
ASKED = (
    "SELECT u.*, a.* FROM addresses a JOIN units u ON u.id = a.unit"
    " WHERE a.address = ANY(%s) AND a.valid_from <= %s AND (a.valid_until IS NULL OR %s < a.valid_until)"
)


def main() -> None:
    """Measure, print, judge."""
    with tempfile.TemporaryDirectory(prefix="lienthong-bench-") as name:
        root = Path(name)
        os.chmod(root, 0o755)  # noqa: PTH101, S103  the built-in server runs as somebody else when we are root
        with Embedded(root / "postgresql", throwaway=True) as url, closing(Database(url)) as database:
            database.migrate()
            nation.load(database)
            figures, ratios = measured(database, root / "doorbook")
    for what, value in figures.items():
        sys.stdout.write(f"{what:<28} {value:>10}   at most {MOST[what]}\n")
    Verdict("directory", "PostgreSQL, one query each", ratios, figures, {"who": 1.0}, MOST).tell()


def measured(database: Database, path: Path) -> tuple[dict[str, float], dict[str, float]]:
    """Every figure, and how many times faster than the peer."""
    units = list(nation.units())
    drawn = draw(units)
    writer = DoorbookWriter(database, path, OWN)
    figures = {"build s": round(seconds(writer.tend), 2)}
    writer.close()
    with tending(database, path), asking(path, drawn) as reader:
        figures |= {name: round(value, 2) for name, value in json.loads(line(reader)).items()}
        figures["change visible s"] = visible(database, reader, "small")
        figures["diff of 10,000 rows s"] = many_rows(database, units)
        figures["change visible meanwhile s"] = visible(database, reader, "meanwhile")
    peer = asked_of_tables(database, drawn["addresses"])
    return {name: figures[name] for name in MOST}, {"who": peer / figures["who µs"]}


def draw(units: list[Unit]) -> dict[str, list[str]]:
    """What is asked: addresses, gateway addresses, and names that a clerk writes."""
    chance = random.Random(20)  # noqa: S311  the same each time is what is wanted
    every = chance.sample([mapping.address for mapping in nation.addresses()], DRAWN)
    communes = [unit for unit in units if unit.kind is UnitKind.COMMUNE]
    named = [f"{unit.name}\t{unit.parent}" for unit in chance.sample(communes, 300)]
    return {
        "addresses": every,
        "names": [f"{unit.short}@gw.example" for unit in chance.sample(units, DRAWN)],
        "find": named,
    }


def seconds(run: Callable[[], object]) -> float:
    """How long it takes."""
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


@contextmanager
def tending(database: Database, path: Path) -> Iterator[None]:
    """Another process that keeps the doorbook, as the role does."""
    url = database.url.render_as_string(hide_password=False)
    with subprocess.Popen([sys.executable, __file__, "tend", url, str(path)], stdin=subprocess.PIPE) as process:
        yield
        process.communicate()  # its standard input ends, and so does it


def tend(url: str, path: Path) -> None:
    """The loop of the role, until standard input ends."""
    with closing(Database(url)) as database, closing(DoorbookWriter(database, path, OWN)) as writer:
        while not select.select([sys.stdin], [], [], PAUSE)[0]:
            writer.tend()


@contextmanager
def asking(path: Path, drawn: dict[str, list[str]]) -> Iterator[subprocess.Popen[str]]:
    """Another process that opens and asks the doorbook, as a door does."""
    questions = path.with_name("questions.json")
    questions.write_text(json.dumps(drawn), "utf-8")
    words = [sys.executable, str(READER), str(path), str(questions)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.communicate()


def line(process: subprocess.Popen[str]) -> str:
    """The next line it says, within a minute."""
    if process.stdout is None or not select.select([process.stdout], [], [], 60)[0]:
        raise TimeoutError
    return process.stdout.readline()


def visible(database: Database, reader: subprocess.Popen[str], name: str) -> float:
    """The longest of a few times from a commit to the reader's answer, in seconds."""
    longest = 0.0
    for n in range(SMALL_CHANGES):
        unit = Unit(f"{name}{n}", "Phòng mới", UnitKind.DIVISION, f"{name}{n}", "t0", valid_from=nation.BEGAN)
        change = Change(Place("bench", n), Effect.ADDED, None, unit, Sentence.of("roster.added"))
        with database.transaction() as tx:
            directory.apply(tx, Diff((change,), (), 0), signed())
        began = time.time()
        print(f"{unit.short}@gw.example", file=reader.stdin, flush=True)
        longest = max(longest, float(line(reader)) - began)
    return round(longest, 2)


def many_rows(database: Database, units: list[Unit]) -> float:
    """How long it takes to say what a sheet of 10,000 rows changes, which is then applied."""
    changed = [replace(unit, contact=f"moi.{unit.contact}") for unit in units[:ROWS]]
    rows = (
        f"{unit.id},{unit.name},{unit.kind.value},{unit.short},{unit.parent or ''},{unit.contact}" for unit in changed
    )
    text = "\n".join(("id,name,kind,short,parent,contact", *rows))
    began = time.perf_counter()
    with database.transaction() as tx:
        directory.alone(tx)
        sheets = [read("bench.csv", text)]
        diff = propose(sheets, directory.around(tx, sheets), OWN)
        took = time.perf_counter() - began
        directory.apply(tx, diff, signed())
    assert (len(diff.changes) >= ROWS, diff.mistakes) == (True, ())
    return round(took, 2)


def signed() -> Signature:
    """Who changes it."""
    return Signature("bench", "measuring", datetime.now(UTC))


def asked_of_tables(database: Database, addresses: list[str]) -> float:
    """Microseconds of a lookup in PostgreSQL, over its socket, with a prepared statement."""
    today = datetime.now(UTC).date()
    with psycopg.connect(database.conninfo, autocommit=True) as connection:
        times = []
        for address in addresses:
            began = time.perf_counter()
            keys = [address, f"*@{address.rpartition('@')[2]}"]
            connection.execute(ASKED, (keys, today, today), prepare=True).fetchall()
            times.append(time.perf_counter() - began)
    return statistics.median(times) * 1e6


if __name__ == "__main__":
    if sys.argv[1:2] == ["tend"]:
        tend(sys.argv[2], Path(sys.argv[3]))
    else:
        main()
