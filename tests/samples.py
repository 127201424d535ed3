"""Where the sample mails lie that are not part of this project, and what to say when they are absent.

Promises:  the folder named by LIENTHONG_SAMPLES, else ``shared/samples`` beside the checkout. Files are read in place.
Never:     copies one into the checkout.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

BESIDE = Path(__file__).parent.parent.parent / "shared" / "samples"
SAMPLES = Path(os.environ.get("LIENTHONG_SAMPLES") or BESIDE)


def folder(name: str) -> Path:
    """One folder of the samples; the test is reported as not run when it is missing."""
    found = SAMPLES / name
    if not found.is_dir():
        pytest.skip(f"not run: the samples in {name} are not on this machine (LIENTHONG_SAMPLES names their folder)")
    return found


def files(name: str, pattern: str) -> list[Path]:
    """The files of one folder for parametrisation; a single name that does not exist stands for a missing folder."""
    return sorted((SAMPLES / name).glob(pattern)) or [SAMPLES / name / "missing"]
