"""The manner of the house: promises, names, comments that give reasons, and no error that vanishes."""

from __future__ import annotations

import ast
import re

import pytest

from tests.house.sources import Function, ours, sources

FORBIDDEN = ("util", "helper", "common", "misc", "base", "manager", "service", "processor", "data", "info")
GIVEN = {"data_received", "smtp_DATA", "_data"}  # asyncio and aiosmtpd look for the first two; DATA is a verb of SMTP
FORBIDDEN_NAME = re.compile(rf"(?:^|_)(?:{'|'.join(FORBIDDEN)})s?(?:$|_)")
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
NOQA = re.compile(r"#\s*noqa(?P<codes>:\s*[A-Z]+[0-9]+(?:,\s*[A-Z]+[0-9]+)*)?(?P<reason>.*)")
UNFINISHED = re.compile(r"#.*\b(?:TODO|FIXME|XXX|HACK)\b")


def forbidden(name: str) -> bool:
    """Whether a name is made of a word that says nothing."""
    return FORBIDDEN_NAME.search(CAMEL.sub("_", name).lower()) is not None


def test_every_module_opens_with_its_promise() -> None:
    """A module that does something says what it promises, in its first words."""
    silent = [
        str(source.path)
        for source in ours()
        if any(isinstance(node, Function | ast.ClassDef) for node in source.tree.body)
        and "Promises:" not in (ast.get_docstring(source.tree) or "")
        and "migrations" not in source.path.parts
    ]
    assert silent == []


def test_every_module_says_what_it_is() -> None:
    """Every Python file begins with a sentence."""
    assert [str(source.path) for source in sources() if not ast.get_docstring(source.tree)] == []


def test_names_say_something() -> None:
    """Modules, classes and functions bear none of the words that fit everything."""
    named = [(str(source.path), source.path.stem) for source in ours()] + [
        (source.at(node), node.name)
        for source in ours()
        for node in ast.walk(source.tree)
        if isinstance(node, Function | ast.ClassDef)
    ]
    assert [f"{where} {name}" for where, name in named if forbidden(name) and name not in GIVEN] == []


@pytest.mark.parametrize("name", ["utils", "DataBase", "base_courier", "CourierManager", "mail_info", "mail_data"])
def test_forbidden_names_are_seen(name: str) -> None:
    """The measure itself sees the words in snake case and in camel case."""
    assert forbidden(name)


@pytest.mark.parametrize("name", ["Database", "metadata", "information", "basement", "databases"])
def test_whole_words_only(name: str) -> None:
    """The measure itself leaves words alone that merely contain one."""
    assert not forbidden(name)


def test_no_error_vanishes() -> None:
    """An exception that is caught is answered: no bare except, no handler of nothing but ``pass``."""
    swallowed = [
        source.at(node)
        for source in sources()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or all(isinstance(step, ast.Pass) for step in node.body))
    ]
    assert swallowed == []


def test_nothing_is_suppressed_wholesale() -> None:
    """``suppress`` names the one error it expects, never Exception."""
    wide = [
        source.at(node)
        for source in sources()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).endswith("suppress")
        and any(ast.unparse(argument) in ("Exception", "BaseException") for argument in node.args)
    ]
    assert wide == []


def test_nothing_is_unfinished() -> None:
    """No stub, and no note of what is still to be done: it is done, or it is not there."""
    notes = [
        f"{source.path}:{number}"
        for source in sources()
        if source.path.parent.name != "house"
        for number, line in enumerate(source.text.splitlines(), 1)
        if UNFINISHED.search(line) or "raise NotImplementedError" in line
    ]
    assert notes == []


def test_every_exception_to_a_rule_has_a_reason() -> None:
    """``# noqa`` names its rule and says why."""
    bare = [
        f"{source.path}:{number}"
        for source in sources()
        if source.path.parent.name != "house"
        for number, line in enumerate(source.text.splitlines(), 1)
        if (found := NOQA.search(line)) and not (found["codes"] and len(found["reason"].strip(" -:#.")) > 3)
    ]
    assert bare == []
