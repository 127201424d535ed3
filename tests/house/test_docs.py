"""The pages agree with the program and with each other."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from gateway.cli.pages import cli_page, states_page
from gateway.cli.table import COMMANDS
from tests.house.sources import ROOT, files

PAGES = [path for path in files() if path.suffix == ".md"]
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s#]+)(?:#[^)]*)?\)|!\[[^\]]*\]\(([^)\s]+)\)")
DECISIONS = [path for path in PAGES if path.parts[:2] == ("docs", "decisions") and path.name[0].isdigit()]


def read(path: Path | str) -> str:
    """A page of the checkout."""
    return (ROOT / path).read_text("utf-8")


def test_the_command_page_is_current() -> None:
    """docs/cli.md is what ``make docs`` would write now."""
    assert read("docs/cli.md") == cli_page()


def test_the_states_page_is_current() -> None:
    """docs/states.md draws the transition tables as they are now."""
    assert read("docs/states.md") == states_page()


@pytest.mark.parametrize("name", [command.name for command in COMMANDS])
def test_every_command_is_on_its_page(name: str) -> None:
    """What can be typed can be read up."""
    assert f"## lienthong {name}\n" in read("docs/cli.md")


def test_the_flow_fits_one_page() -> None:
    """docs/flow.md is one page: sixty lines at most."""
    assert read("docs/flow.md").count("\n") <= 60


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_links_lead_somewhere(page: Path) -> None:
    """Every link to a file of the checkout leads to one."""
    targets = [first or second for first, second in LINK.findall(read(page))]
    local = [target for target in targets if "://" not in target and not target.startswith("mailto:")]
    assert [target for target in local if not (ROOT / page.parent / target).exists()] == []


TYPED = re.compile(r"(?:^|[`$/ ])lienthong ((?:[a-z][a-z-]*)(?: [a-z][a-z-]*)?)")
CODE = re.compile(r"```.*?```|`[^`]+`", re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_pages_name_only_commands_that_exist(page: Path) -> None:
    """Whatever a page tells to type can be typed."""
    known = {command.name for command in COMMANDS}
    typed = {words for code in CODE.findall(read(page)) for words in TYPED.findall(code)}
    assert {words for words in typed if not {words, words.partition(" ")[0]} & known} == set()


@pytest.mark.parametrize("page", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_says_why(page: Path) -> None:
    """Each decision has its date, its context, what was decided, and what else was thought of."""
    text = read(page)
    assert re.match(rf"# {int(page.name[:4])}\. \S", text)
    assert re.search(r"^Date: \d{4}-\d\d-\d\d$", text, re.MULTILINE)
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert headings == ["Context", "Decision", "Alternatives", "Consequences"]


def test_the_clerks_page_names_words_that_are_understood() -> None:
    """What the clerk is told to write is what the gateway understands."""
    told = [
        row.partition(":")[0] for row in re.findall(r"^\| \*\*(.+?)\*\* \|", read("docs/vi/van-thu.md"), re.MULTILINE)
    ]
    understood = tomllib.loads(read("config/commands.toml"))
    known = {
        phrase for name in ("accepted", "refused", "assigned", "in_work", "completed") for phrase in understood[name]
    }
    assert len(told) == 5
    assert set(told) <= known


def test_decisions_are_numbered_without_gaps() -> None:
    """A decision is never taken away, only followed by another."""
    assert [int(page.name[:4]) for page in sorted(DECISIONS)] == [*range(1, len(DECISIONS) + 1)]


def test_the_readme_names_what_make_can_do() -> None:
    """Every make target the README names exists, and the two that matter are named."""
    targets = set(re.findall(r"^([a-z][a-z-]*):", read("Makefile"), re.MULTILINE))
    named = set(re.findall(r"make ([a-z-]+)", read("README.md")))
    assert {"demo", "test"} <= named
    assert {name for name in named if not name.startswith("bench-")} <= targets
