"""The tests are sentences about the world, and each of them can fail."""

from __future__ import annotations

import ast

import pytest

from tests.house.sources import ROOT, Function, sources, written_tests

# A call whose name contains one of these is an expectation (pytest.raises, a dialogue's expect, hypothesis' checks).
EXPECTING = ("assert", "raises", "expect", "fail", "check", "prove", "agree")


def expects(function: ast.AST) -> bool:
    """Whether it asserts, itself or by a call that says so in its name."""
    return any(
        isinstance(node, ast.Assert)
        or (isinstance(node, ast.Call) and any(word in ast.unparse(node.func).lower() for word in EXPECTING))
        for node in ast.walk(function)
    )


def test_every_test_states_its_rule() -> None:
    """The docstring of a test is the rule it proves."""
    silent = [f"{source.at(test)} {test.name}" for source, test in written_tests() if not ast.get_docstring(test)]
    assert silent == []


def test_every_test_can_fail() -> None:
    """A test that expects nothing proves nothing."""
    assert [f"{source.at(test)} {test.name}" for source, test in written_tests() if not expects(test)] == []


def test_no_two_tests_share_a_name() -> None:
    """A test defined twice in a file runs once: the first is silently lost."""
    for source in sources():
        names = [node.name for node in source.tree.body if isinstance(node, Function)]
        twice = {name for name in names if name.startswith("test_") and names.count(name) > 1}
        assert not twice, f"{source.path} defines twice: {twice}"


def test_no_test_sleeps() -> None:
    """Tests wait for a condition with a deadline; a fixed sleep is both too long and too short.

    A pause inside a loop that looks again is such a wait, and allowed.
    """
    asleep = [
        source.at(node)
        for source in sources()
        if source.testing
        for node, looping in calls(source.tree, looping=False)
        if ast.unparse(node.func) in ("time.sleep", "sleep", "asyncio.sleep") and not looping
        if not (node.args and isinstance(node.args[0], ast.Constant) and node.args[0].value == 0)
    ]
    assert asleep == []


def calls(node: ast.AST, *, looping: bool) -> list[tuple[ast.Call, bool]]:
    """Every call below ``node``, with whether it stands in a loop."""
    found: list[tuple[ast.Call, bool]] = []
    for child in ast.iter_child_nodes(node):
        inside = (looping or isinstance(child, ast.While | ast.For)) and not isinstance(child, Function)
        if isinstance(child, ast.Call):
            found.append((child, inside))
        found += calls(child, looping=inside)
    return found


def test_no_mocks() -> None:
    """Fakes are real parts that we ship and prove; nothing is patched from outside, except what a person types."""
    mocked = [
        source.at(node)
        for source in sources()
        for node in ast.walk(source.tree)
        if (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("unittest"))
        or (isinstance(node, ast.Import) and any(name.name.startswith("unittest") for name in node.names))
        or (isinstance(node, ast.Call) and patches(node))
    ]
    assert mocked == []


def patches(call: ast.Call) -> bool:
    """Whether a call puts something else in the place of a name."""
    typed = [ast.unparse(argument) for argument in call.args[:2]] == ["sys", "'stdin'"]
    return ast.unparse(call.func) in ("monkeypatch.setattr", "monkeypatch.delattr") and not typed


@pytest.mark.parametrize("text", ["def test_a():\n    run()\n", "def test_b():\n    x = 1\n"])
def test_an_empty_test_is_seen(text: str) -> None:
    """The measure itself: a test without expectation is found out."""
    assert not expects(ast.parse(text))


def test_the_folders_are_known() -> None:
    """Tests stand in the rooms the house plan names, so that ``make test`` finds them all."""
    rooms = {source.path.parts[1] for source, _ in written_tests()}
    assert rooms <= {entry.name for entry in (ROOT / "tests").iterdir() if entry.is_dir()}
