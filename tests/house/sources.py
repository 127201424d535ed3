"""The checkout as the house tests read it.

Promises:  every file that git knows (every file, where there is no git), each read and parsed once.
Never:     looks at what a build, a test run or a person left lying about.
"""

from __future__ import annotations

import ast
import subprocess
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FLOORS = {"mailmap": 0, "storage": 1, "gateway": 2}  # house floor -> height; everyone looks down
LEFT_LYING = {".git", ".venv", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", "var", "build", "dist"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One Python file: where it is (from the root of the checkout) and what it says."""

    path: Path

    @property
    def testing(self) -> bool:
        """Whether it is a test or stands beside tests."""
        return self.path.parts[0] == "tests"

    @cached_property
    def text(self) -> str:
        """The file as it is."""
        return (ROOT / self.path).read_text("utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        """The file parsed."""
        return ast.parse(self.text, str(self.path))

    @property
    def module(self) -> str:
        """Its dotted name."""
        parts = self.path.with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    def functions(self) -> list[Function]:
        """Every function and method, inner ones too."""
        return [node for node in ast.walk(self.tree) if isinstance(node, Function)]

    def at(self, node: ast.AST) -> str:
        """A place a person can jump to."""
        return f"{self.path}:{getattr(node, 'lineno', 0)}"


@cache
def files() -> tuple[Path, ...]:
    """Every file of the checkout, from its root, sorted."""
    asked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if asked.returncode == 0:
        known = [Path(name) for name in asked.stdout.split("\0") if name]
        return tuple(sorted(path for path in known if (ROOT / path).is_file()))
    found = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    return tuple(sorted(path for path in found if not LEFT_LYING & set(path.parts)))


@cache
def sources() -> tuple[Source, ...]:
    """Every Python file."""
    return tuple(Source(path) for path in files() if path.suffix == ".py")


def ours() -> list[Source]:
    """The program without its tests."""
    return [source for source in sources() if source.path.parts[0] in FLOORS]


def written_tests() -> list[tuple[Source, Function]]:
    """Every test function."""
    return [
        (source, function)
        for source in sources()
        if source.testing and source.path.name.startswith("test_")
        for function in source.functions()
        if function.name.startswith("test_")
    ]
