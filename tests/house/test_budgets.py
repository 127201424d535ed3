"""Small rooms: functions, files, nesting and parameters have their budgets."""

from __future__ import annotations

import ast

import pytest

from tests.house.sources import Function, Source, ours, sources

FUNCTION_LINES = 40
FILE_LINES = 300
TEST_FILE_LINES = 400
NESTING = 3
PARAMETERS = 6  # pyproject's ruff says the same; the aim is five
BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.Match)


def lines(function: Function) -> int:
    """How many lines a function takes, from its def to its end."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def depth(node: ast.AST) -> int:
    """How deep blocks lie in each other below ``node``; an elif is no deeper than its if."""
    deepest = 0
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function | ast.ClassDef | ast.Lambda):
            continue  # measured by itself
        chained = isinstance(node, ast.If) and isinstance(child, ast.If) and node.orelse == [child]
        deepest = max(deepest, depth(child) + (isinstance(child, BLOCKS) and not chained))
    return deepest


def test_functions_are_short() -> None:
    """A function aims at 8 lines and stays within 40."""
    long = [f"{s.at(f)} {f.name}: {lines(f)}" for s in ours() for f in s.functions() if lines(f) > FUNCTION_LINES]
    assert long == []


def test_half_of_the_functions_are_very_short() -> None:
    """The aim is 8 lines: at least half of all functions keep to it, comment and signature included."""
    all_lengths = sorted(lines(function) for source in ours() for function in source.functions())
    assert all_lengths[len(all_lengths) // 2] <= 8


def test_files_are_short() -> None:
    """A file stays under 300 lines, a test file under 400."""
    long = [
        f"{source.path}: {count}"
        for source in sources()
        if (count := source.text.count("\n")) > (TEST_FILE_LINES if source.testing else FILE_LINES)
    ]
    assert long == []


def test_nothing_lies_deep() -> None:
    """Blocks lie at most three deep in each other."""
    deep = [f"{s.at(f)} {f.name}: {depth(f)}" for s in ours() for f in s.functions() if depth(f) > NESTING]
    assert deep == []


def test_few_parameters() -> None:
    """A function takes at most six parameters, itself not counted."""

    def count(function: Function) -> int:
        given = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
        return sum(parameter.arg not in ("self", "cls") for parameter in given)

    many = [f"{s.at(f)} {f.name}: {count(f)}" for s in ours() for f in s.functions() if count(f) > PARAMETERS]
    assert many == []


@pytest.mark.parametrize(
    ("body", "deep"),
    [
        ("pass", 0),
        ("if a:\n  pass\n elif b:\n  pass\n else:\n  pass", 1),
        ("for a in b:\n  with c:\n   if d:\n    while e:\n     pass", 4),
        ("try:\n  pass\n except E:\n  if a:\n   pass", 2),
    ],
)
def test_depth_counts_blocks(body: str, deep: int) -> None:
    """The measure itself: an elif is not deeper, an except is as deep as its try."""
    assert depth(ast.parse(f"def f():\n {body}").body[0]) == deep


def test_a_long_function_is_seen() -> None:
    """The measure itself: 41 lines are 41."""
    tree = ast.parse("def f():\n" + "    a()\n" * 40)
    source = Source(ours()[0].path)
    source.__dict__["tree"] = tree
    assert [lines(function) for function in source.functions()] == [41]
