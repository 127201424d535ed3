"""A short slice of fuzzing on every run: the seeds, what was ever found, and some mutants of each harness."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.harnesses import HARNESSES, Harness, tried
from tests.fuzz.mutants import mutants
from tests.fuzz.run import ABSENT, FOUND, Outcome, throw
from tests.fuzz.seeds import LARGEST

SLICE = 0.7  # seconds of mutants for each harness
FINDINGS = sorted(path for path in FOUND.glob("*/*") if path.is_file())


@pytest.mark.parametrize("name", HARNESSES)
def test_seeds_and_a_slice_of_mutants_are_answered(name: str) -> None:
    """Every seed, and the same mutants first on every run: no exception, no second of work, clean words."""
    harness = HARNESSES[name]
    for raw in harness.seeds():
        assert len(raw) <= LARGEST
        tried(harness, raw)
    count, story = throw(harness, FOUND / name, SLICE, seed=1)
    assert story == ""
    assert count > 3


@pytest.mark.parametrize("finding", FINDINGS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_was_found_once_is_not_found_again(finding: Path) -> None:
    """Each file in tests/fuzz/found made its harness fail one day; it stays mended."""
    harness = HARNESSES[finding.parent.name]
    assert tried(harness, finding.read_bytes()) < harness.allowed


def test_mutants_can_be_thrown_again() -> None:
    """The same chance throws the same octets, none longer than a seed may be."""
    one, other = (mutants(HARNESSES["command"], 7) for _ in range(2))
    for _ in range(50):
        raw = next(one)
        assert raw == next(other)
        assert len(raw) <= LARGEST


def refuse(raw: bytes) -> None:
    """A reader with a fault."""
    if len(raw) != 3:
        raise ValueError("three octets only")


def test_a_finding_is_a_file_that_its_story_names(tmp_path: Path) -> None:
    """Whoever reads the line of a finding finds the octets, and the line is not called clean."""
    count, story = throw(Harness(refuse, lambda: [b"abc"]), tmp_path / "refuse", 5.0, seed=3)
    (kept,) = (tmp_path / "refuse").iterdir()
    assert len(kept.read_bytes()) != 3
    assert story == f"ValueError: three octets only; {kept}"
    assert story in str(Outcome("refuse", count, story=story))
    assert "clean" in str(Outcome("refuse", 1))


def test_a_missing_fuzzer_is_said_plainly() -> None:
    """Where atheris cannot be had, the run says what is missing and what it does instead."""
    assert "atheris" in ABSENT
    assert "mutants alone" in ABSENT
