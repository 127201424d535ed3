"""Forms of documents by the thousand: made-up papers of every kind and office, typed, in Word, and scanned.

Promises:  a table for each of the three, then one JSON line; the same every run. Exits 1 when a number or a date would
           be registered wrong, or when a field of typed papers falls short.

Options:   ``--papers N`` of each sort (1,000).
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench.verdict import Verdict
from tests.papers.forms import made
from tests.papers.judged import Counts, judged
from tests.papers.noise import scanned
from tests.papers.paper import FIELDS
from tests.papers.typed import word_text

NEVER_WRONG = ("symbol", "issued")
LEAST = 0.93  # of every field of typed papers


def main() -> None:
    """Make, read and judge."""
    count = int(sys.argv[sys.argv.index("--papers") + 1]) if "--papers" in sys.argv else 1_000
    began = time.perf_counter()
    sorts = {
        "typed": judged(made(seed) for seed in range(count)),
        "word": judged(word_text(made(seed)) for seed in range(count)),
        "scanned": judged(scanned(made(seed), seed) for seed in range(count)),
    }
    for name, counts in sorts.items():
        table(name, counts)
    ratios = {f"typed_{field}": share(sorts["typed"], field) for field in FIELDS}
    wrong = sum(counts[field]["false"] for counts in sorts.values() for field in NEVER_WRONG)
    figures = {"wrong_and_sure": wrong, "papers": 3 * count, "seconds": round(time.perf_counter() - began)}
    Verdict("forms", "made", ratios, figures, least=dict.fromkeys(ratios, LEAST), most={"wrong_and_sure": 0}).tell()


def table(name: str, counts: Counts) -> None:
    """One line a field."""
    print(f"{name:<12}{'told':>7}{'right':>7}{'sure':>7}{'missed':>7}{'wrong':>7}{'and sure':>10}")
    for field in FIELDS:
        row = counts[field]
        cells = (row[each] for each in ("told", "right", "sure", "missed", "wrong"))
        print(f"{field:<12}" + "".join(f"{cell:>7}" for cell in cells) + f"{row['false']:>10}")


def share(counts: Counts, field: str) -> float:
    """How many of a field's values were read right."""
    return round(counts[field]["right"] / max(counts[field]["told"], 1), 3)


if __name__ == "__main__":
    main()
