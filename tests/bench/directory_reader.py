"""One process that asks a doorbook as a door does, for the bench of the directory.

    python directory_reader.py DOORBOOK QUESTIONS

Promises:  says its figures as one JSON line; then, for each address it reads on standard input, the time (seconds since
           1970) at which the doorbook first knew it. It imports what a door needs to ask, and nothing of the bench.
Fails:     TimeoutError when an address is not known within a minute.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from storage.book import Book
from storage.doorbook import Doorbook, Standing

ROUNDS = 15
PATIENCE_S = 60.0


def each(ask: Callable[[str], object], questions: Sequence[str]) -> float:
    """The processor's time of one question, in seconds: the least disturbed of some rounds over all of them."""
    times = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for question in questions:
            ask(question)
        times.append((time.process_time() - began) / len(questions))
    return min(times)  # whatever else the machine does can only add to it


def private_megabytes() -> float:
    """The memory that is this process's alone."""
    lines = (line.split() for line in Path("/proc/self/smaps_rollup").read_text("utf-8").splitlines()[1:])
    sizes = {words[0]: int(words[1]) for words in lines}
    return sizes["Private_Dirty:"] / 1024


def figures(path: Path, drawn: dict[str, list[str]]) -> dict[str, float]:
    """Opening, asking, and what it takes of memory."""
    began = time.perf_counter()
    Book(path)
    opened = time.perf_counter() - began
    book, today = Doorbook(path, max_age_s=3600), datetime.now(UTC).date()

    def find(question: str) -> object:
        name, _, parent = question.partition("\t")
        return directory.find(name, directory.unit(parent, today), today)

    directory = book.directory()
    return {
        "open ms": opened * 1e3,
        "who µs": each(lambda address: book.directory().who(address, today), drawn["addresses"]) * 1e6,
        "where ms": each(lambda address: book.directory().where(address, today), drawn["names"]) * 1e3,
        "find ms": each(find, drawn["find"]) * 1e3,
        "private MB": private_megabytes(),
    }


def known_at(book: Doorbook, address: str) -> float:
    """The time when the doorbook knows that address."""
    deadline = time.monotonic() + PATIENCE_S
    while book.standing(address) is not Standing.KNOWN:
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.005)
    return time.time()


def main(path: Path, questions: Path) -> None:
    """Tell the figures, then follow the changes."""
    print(json.dumps(figures(path, json.loads(questions.read_text("utf-8")))), flush=True)
    book = Doorbook(path, max_age_s=3600)
    for line in sys.stdin:
        print(known_at(book, line.strip()), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
