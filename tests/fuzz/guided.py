"""One harness under atheris: inputs that reach new lines of the program are kept and changed further.

Promises:  runs until its seconds are over, and says on standard error what libFuzzer says; a finding is written to the
           folder named, and the exit status is not 0.
Never:     runs inside the tests: libFuzzer ends its process.
Fails:     with ModuleNotFoundError where atheris is not installed; ``run`` asks first.
"""

from __future__ import annotations

import logging
import sys
from importlib import import_module
from pathlib import Path

MEMORY_MB = 1_024
HANG_S = 120  # what takes this long never ends; ``harnesses.Slow`` names what is merely slow
WATCHED = 4.0  # counting every branch makes Python this much slower


def entry(word: bytes) -> str:
    """A word as a line of libFuzzer's dictionary."""
    return '"' + "".join(rf"\x{octet:02x}" for octet in word) + '"'


def main(name: str, seconds: str, corpus: str, found: str) -> None:
    """Fuzz one harness: ``corpus`` holds its seeds and takes new ones, ``found`` takes findings."""
    atheris = import_module("atheris")
    atheris.enabled_hooks.add("str")  # its hook for regular expressions fails on ours
    with atheris.instrument_imports(include=["mailmap", "gateway"], enable_loader_override=False):
        harnesses = import_module("tests.fuzz.harnesses")
    logging.disable()  # a library that speaks of each broken archive
    harness = harnesses.HARNESSES[name]
    words = Path(corpus).with_suffix(".dict")
    words.write_text("\n".join(entry(word) for word in harness.words if word), "ascii")
    options = {
        "max_total_time": seconds,
        "max_len": harnesses.seeds.LARGEST,
        "rss_limit_mb": MEMORY_MB,
        "timeout": HANG_S,
        "dict": words,
        "artifact_prefix": f"{found}/",
        "print_final_stats": 1,
    }
    arguments = [sys.argv[0], *(f"-{key}={value}" for key, value in options.items()), corpus]

    def one(raw: bytes) -> None:
        harnesses.tried(harness, raw, WATCHED)

    atheris.Setup(arguments, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
