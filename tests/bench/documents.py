"""Understanding documents: real files through the real readers, against what people read in them.

Promises:  a table of every field with precision and recall, of those that are sure too; then one JSON line. Exits 1
           when a bound is missed. LIENTHONG_SAMPLES names the folder; its ``documents/gold.jsonl`` tells what is right.
           A recognised page costs at most four seconds of one core, whatever else the machine does.
Never:     counts the seconds on the clock as a bound.
Fails:     tells that there are no samples, and exits 2.

Options:   ``--keep FOLDER`` keeps what was read of each file there, so that the next run does not recognise anew.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from gateway.examine.plain import Part, dumped, loaded
from gateway.examine.reader import Reader
from gateway.examine.sandbox import Refused
from mailmap.document.document import Fields, Seen
from mailmap.document.fields import read_fields
from mailmap.document.kinds import kind_of
from mailmap.document.layout import read_document
from mailmap.document.merging import merge
from mailmap.document.page import Origin, Reading
from mailmap.document.spelling import plain, tidy, words
from mailmap.policy.decision import Policy
from tests.bench.verdict import Verdict
from tests.samples import SAMPLES

SURE = Policy(own_names=frozenset()).register_confidence
FIELDS = ("symbol", "issued", "kind", "subject", "issuer", "signer", "recipients", "urgency")
GOLD = ("symbol", "date", "type", "subject", "issuer", "signer", "addressees", "urgency")
NEEDED = ("symbol", "issued", "subject")
NEVER_WRONG = ("symbol", "issued")
SUMMARY_ALIKE = 0.9  # token F1 from which a trích yếu counts as right
MOST = {"wrong_and_sure": 0, "core_seconds_a_page": 4.0}
LEAST = {"kind": 27.0, "number": 0.9, "date": 0.9, "subject_f1": 0.9, "issuer": 25.0, "registered": 20.0}


@dataclass(frozen=True, slots=True)
class Case:
    """One document: what is right, and what was read."""

    name: str
    gold: Mapping[str, object]
    fields: Fields

    @property
    def printed(self) -> bool:
        """Whether nobody marked its number or date as written by hand; where nobody looked it may be either."""
        return self.gold["number_or_date_handwritten"] is False

    def seen(self, field: str) -> Seen[object] | None:
        """One field as it was read."""
        found: Seen[object] | None = getattr(self.fields, field)
        return found

    def text(self, field: str) -> str:
        """What was read, '' for nothing."""
        seen = self.seen(field)
        return str(seen.value) if seen else ""

    def told(self, field: str) -> str | None:
        """The right value, None when nobody told."""
        right = self.gold.get(GOLD[FIELDS.index(field)])
        return "\n".join(right) if isinstance(right, list) else str(right) if right is not None else None

    def right(self, field: str) -> bool:
        """Whether what was read is what is right."""
        seen, told = self.seen(field), self.told(field)
        if seen is None or told is None:
            return False
        if field == "subject":
            return f1(str(seen.value), told) >= SUMMARY_ALIKE
        if field == "kind":
            kind = kind_of(str(seen.value))
            return kind is not None and kind.name == told
        if field in {"symbol", "issued"}:
            return str(seen.value) == told
        spoken = {"hoa-toc": "hoa toc", "thuong-khan": "thuong khan"}.get(str(seen.value), str(seen.value))
        return plain(tidy(spoken)).split() == plain(tidy(told)).split()

    def sure(self, field: str) -> bool:
        """Whether it would be registered unasked."""
        seen = self.seen(field)
        return seen is not None and seen.confidence >= SURE


def main() -> None:
    """Read every sample, print the table and the verdict."""
    folder = SAMPLES / "documents"
    if not (folder / "gold.jsonl").is_file():
        print(f"no samples in {folder}; LIENTHONG_SAMPLES names their folder", file=sys.stderr)
        sys.exit(2)
    keep = Path(sys.argv[sys.argv.index("--keep") + 1]) if "--keep" in sys.argv else None
    began, cost = time.perf_counter(), Cost()
    cases = list(measured(folder, keep, cost))
    table(cases)
    ratios = bounds(cases)
    figures = {
        "wrong_and_sure": wrong_and_sure(cases),
        "seconds": round(time.perf_counter() - began),
        "core_seconds_a_page": cost.a_page,
    }
    least = {name: bound for name, bound in LEAST.items() if len(cases) > bound or bound < 1}
    Verdict("documents", "people", ratios, figures, least=least, most=MOST).tell()


@dataclass(slots=True)
class Cost:
    """What recognition cost: seconds of one core, for so many pages."""

    seconds: float = 0.0
    pages: int = 0

    @property
    def a_page(self) -> float:
        """On average; 0 when nothing was recognised."""
        return round(self.seconds / self.pages, 2) if self.pages else 0.0


def spent(nursery: int) -> float:
    """Seconds of processor time that the sandbox's ended children took (proc(5): cutime and cstime)."""
    fields = Path(f"/proc/{nursery}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")


def measured(folder: Path, keep: Path | None, cost: Cost) -> Iterator[Case]:
    """Every sample with what was read of it on the day after the youngest one was issued."""
    rows = [json.loads(row) for row in (folder / "gold.jsonl").read_text("utf-8").splitlines()]
    today = max(date.fromisoformat(row["date"]) for row in rows if row.get("date"))
    with Reader(width=1) as reader:
        for row in rows:
            before = spent(reader.sandbox.nursery)
            reading = read(reader, folder / row["file"], keep)
            seconds = spent(reader.sandbox.nursery) - before
            if seconds and (seen := [page for page in reading.pages if page.origin is Origin.OCR]):
                cost.seconds += seconds
                cost.pages += len(seen)
            yield Case(row["file"], row, read_document(reading, today))


def read(reader: Reader, path: Path, keep: Path | None) -> Reading:
    """One file's pages; from what was kept, if anything was."""
    kept = keep / f"{path.name}.json" if keep else None
    if kept and kept.is_file():
        return loaded(kept.read_bytes()).reading
    told = reader.read(path)
    if isinstance(told, Refused):
        print(path.name, told, file=sys.stderr)
        return Reading((), 0)
    if kept:
        kept.write_bytes(dumped(Part("application/pdf", told)))
    return told


def f1(one: str, other: str) -> float:
    """How many words two summaries share, in capitals or not, without "Về việc" (harmonic mean of both shares)."""
    left, right = _tokens(one), _tokens(other)
    shared = sum((left & right).values())
    return 2 * shared / (left.total() + right.total()) if shared else 0.0


def _tokens(text: str) -> Counter[str]:
    told = [word.text.lower() for word in words(tidy(text))]
    return Counter(told[2:] if told[:2] == ["về", "việc"] else told)


def table(cases: Sequence[Case]) -> None:
    """Each field: told by people, read, right; precision, recall; and the same of those that are sure."""
    print(f"{'field':<12}{'told':>6}{'read':>6}{'right':>7}{'prec.':>7}{'recall':>8}", end="")
    print(f"   {'sure':>5}{'right':>7}{'prec.':>7}")
    for field in FIELDS:
        told = [case for case in cases if case.told(field) is not None]
        seen = [case for case in told if case.seen(field)]
        right = sum(case.right(field) for case in seen)
        sure = [case for case in seen if case.sure(field)]
        surely = sum(case.right(field) for case in sure)
        print(
            f"{field:<12}{len(told):>6}{len(seen):>6}{right:>7}{share(right, len(seen)):>7.2f}"
            f"{share(right, len(told)):>8.2f}   {len(sure):>5}{surely:>7}{share(surely, len(sure)):>7.2f}"
        )
    for case in cases:
        missed = [field for field in FIELDS if case.told(field) is not None and not case.right(field)]
        asked = [field for field in NEEDED if not case.sure(field)]
        hand = {True: "by hand", False: "", None: "unknown"}[case.gold["number_or_date_handwritten"]]  # type: ignore[index]  # true, false or null
        print(
            f"{case.name:<10}{hand:<9} not right: {', '.join(missed) or '-':<40} asked for: {', '.join(asked) or '-'}"
        )


def bounds(cases: Sequence[Case]) -> dict[str, float]:
    """What was promised, as figures."""
    printed = [case for case in cases if case.printed]
    summaries = [f1(case.text("subject"), case.told("subject") or "") for case in cases]
    return {
        "kind": sum(case.right("kind") for case in cases),
        "number": share(sum(case.right("symbol") for case in printed), len(printed)),
        "date": share(sum(case.right("issued") for case in printed), len(printed)),
        "subject_f1": share(sum(summaries), len(cases)),
        "issuer": sum(case.right("issuer") for case in cases),
        "registered": sum(all(case.sure(field) for field in NEEDED) for case in cases),
        "registered_with_mail": sum(all(with_mail(case).sure(field) for field in NEEDED) for case in cases),
    }


def wrong_and_sure(cases: Sequence[Case]) -> int:
    """How many numbers and dates would have gone into a book wrong."""
    return sum(case.sure(field) and not case.right(field) for case in cases for field in NEVER_WRONG)


def with_mail(case: Case) -> Case:
    """The same document in a mail whose subject names it as clerks do: what was misread must not dispute that."""
    issued = date.fromisoformat(str(case.gold["date"]))
    subject = f"{case.gold['type']} số {case.gold['symbol']} ngày {issued:%d/%m/%Y} V/v {case.gold['subject']}"
    return Case(case.name, case.gold, merge(read_fields(subject, [], "", issued), case.fields))


def share(part: float, whole: int) -> float:
    """A part of a whole, 0 when there is none."""
    return round(part / whole, 3) if whole else 0.0


if __name__ == "__main__":
    main()
