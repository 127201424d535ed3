"""The floors: gateway, storage, mailmap; everyone looks down.

Promises:  import-linter's contracts (make check) and these tests say the same thing twice, by different means.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.house.sources import FLOORS, ROOT, Function, Source, ours

# What a window is: a clock, a disk, a network, chance, a log. (``datetime`` and ``re`` are values, not windows.)
WINDOWS = frozenset(
    {"asyncio", "glob", "http", "io", "logging", "multiprocessing", "os", "pathlib", "psycopg", "random", "secrets",
     "shutil", "socket", "sqlalchemy", "sqlite3", "ssl", "structlog", "subprocess", "tempfile", "threading", "time",
     "urllib.request", "uuid"},
)  # fmt: skip


def imports(source: Source) -> Iterator[tuple[ast.AST, str]]:
    """Each import statement with the module it names."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from ((node, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node, node.module or "."
            yield from ((node, f"{node.module}.{name.name}") for name in node.names)


def test_everyone_looks_down() -> None:
    """A lower floor imports nothing from a higher one."""
    upward = [
        f"{source.at(node)} imports {name}"
        for source in ours()
        for node, name in imports(source)
        if FLOORS.get(name.partition(".")[0], -1) > FLOORS[source.path.parts[0]]
    ]
    assert upward == []


def test_the_map_room_has_no_windows() -> None:
    """Time, chance, disk, network and log come into mailmap as arguments, never by import."""
    found = [
        f"{source.at(node)} imports {name}"
        for source in ours()
        if source.path.parts[0] == "mailmap"
        for node, name in imports(source)
        if name in WINDOWS or name.partition(".")[0] in WINDOWS
    ]
    assert found == []


def test_the_map_room_does_not_ask_the_clock() -> None:
    """``datetime.now`` and its kin are windows too."""
    clocks = {"now", "utcnow", "today"}
    found = [
        source.at(node)
        for source in ours()
        if source.path.parts[0] == "mailmap"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in clocks
    ]
    assert found == []


def test_no_import_inside_a_function() -> None:
    """What a module needs stands at its head."""
    found = [
        source.at(inner)
        for source in ours()
        for function in source.functions()
        for inner in ast.walk(function)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert found == []


def test_no_circle() -> None:
    """No module needs itself to be imported first."""
    names = {source.module for source in ours()}
    graph = {
        source.module: {name for _, name in imports(source) if name in names - {source.module}} for source in ours()
    }
    try:
        order = [*TopologicalSorter(graph).static_order()]
    except CycleError as circle:
        pytest.fail(f"a circle of imports: {' -> '.join(circle.args[1])}")
    assert set(order) == names


def test_import_linter_keeps_the_same_floors() -> None:
    """The contract that ``make check`` runs names the floors in this order."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    assert layers == sorted(FLOORS, key=lambda floor: -FLOORS[floor])


def test_these_tests_can_fail() -> None:
    """An upward import, and one inside a function, are seen."""
    source = Source(ROOT / "mailmap/made_up.py")
    source.__dict__["tree"] = ast.parse("def f():\n    from gateway.settings import Settings\n")
    assert [name for _, name in imports(source)] == ["gateway.settings", "gateway.settings.Settings"]
    assert isinstance(source.tree.body[0], Function)
