"""Templates, the code that asks for them, and the reader of the answers they invite: all three agree."""

from __future__ import annotations

import ast
import re
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from gateway.words import CONFIG
from gateway.work.stationery import templates
from mailmap.directory.unit import Unit, UnitKind
from mailmap.document.fields import told_fields
from mailmap.policy.choosing import by_number
from mailmap.policy.commands import first_lines, phrases_of, read_command
from mailmap.policy.hearing import OFFERING, numbered
from mailmap.policy.lifecycle import Handling
from mailmap.policy.phrases import Verb
from mailmap.writing.blocks import Shape, shape
from mailmap.writing.compose import Answers
from tests.mailmap.writing_samples import HEAD, QUESTION, TEMPLATES, letter

ROOT = Path(__file__).resolve().parents[3]
PHRASES = phrases_of(tomllib.loads((CONFIG / "commands.toml").read_text("utf-8")))
TODAY = date(2016, 10, 16)
ASKS = {"refuses", "tells", "notice", "_asks"}
MEANT = {
    "Đã nhận": Handling.ACCEPTED,
    "Từ chối:": Handling.REFUSED,
    "Đang xử lý": Handling.IN_WORK,
    "Hoàn thành": Handling.COMPLETED,
    "1 – Đã nhận": Handling.ACCEPTED,
    "2 – Từ chối:": Handling.REFUSED,
    "3 – Đã phân công:": Handling.ASSIGNED,
    "4 – Đang xử lý": Handling.IN_WORK,
    "5 – Hoàn thành": Handling.COMPLETED,
    "6 – Đồng ý thu hồi": Verb.AGREE,
    "7 – Không đồng ý thu hồi:": Verb.DISAGREE,
    "Không đồng ý thu hồi:": Verb.DISAGREE,
}
NONE = {"không phải nơi nào ở trên", "none of these"}


def texts() -> list[ast.Constant]:
    """Every text that stands in the code of the rules and the hands."""
    paths = [*(ROOT / "mailmap" / "policy").glob("*.py"), *(ROOT / "gateway" / "work").glob("*.py")]
    nodes = (node for path in paths for node in ast.walk(ast.parse(path.read_text("utf-8"))))
    return [node for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def asked_for() -> set[str]:
    """The templates that the rules' verdicts and the queued letters name."""
    paths = [*(ROOT / "mailmap" / "policy").glob("*.py"), *(ROOT / "gateway" / "work").glob("*.py")]
    return {name for path in paths for node in ast.walk(ast.parse(path.read_text("utf-8"))) for name in _named(node)}


def _named(node: ast.AST) -> list[str]:
    wanted: list[ast.expr | None] = []
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ASKS:
        wanted = [*node.args]
    elif isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        wanted = [value for key, value in pairs if isinstance(key, ast.Constant) and key.value == "template"]
    return [each.value for each in wanted if isinstance(each, ast.Constant) and isinstance(each.value, str)]


def test_every_letter_that_is_asked_for_can_be_written() -> None:
    """No rule names a template that nobody wrote, and none was written for nobody."""
    assert len(asked_for()) > 10
    assert asked_for() - templates().names() == set()
    reports = {f"delivery-{action}" for action in ("failed", "delayed", "delivered", "relayed")}
    assert templates().names() - {str(each.value) for each in texts()} - reports == set()


@pytest.mark.parametrize("name", sorted(TEMPLATES.names()))
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_button_is_understood(name: str, language: str) -> None:
    """A click writes an answer that the reader takes for what the button says, whatever the state of things."""
    for status, back in (("01", "00"), ("03", "00"), ("05", "13")):
        one = (
            letter(name, language, status=status, taken_back=back)
            if name not in {"delivery-failed", "delivery-delayed"}
            else letter(name, language)
        )
        answers = Answers(one, "tl+1201-x@namdinh.example")
        text = TEMPLATES.write(one, HEAD, answers).text
        for label in (line for block in shape(text) if block.shape is Shape.ANSWERS for line in block.lines):
            link = urlsplit(answers(label))
            assert unquote(link.path) == "tl+1201-x@namdinh.example"
            said = parse_qs(link.query)
            promised = MEANT.get(label.partition(" (")[0]) or label.partition(" – ")[2]
            assert means(name, f"{said['body'][0]}\n") == (None if promised in NONE else promised)
            assert "ND-7K3M-Q2" in said["subject"][0]


def means(name: str, body: str) -> Handling | str | None:
    """What an answer to the sample letter is taken for: a status or verb, the title of a chosen unit, or nobody."""
    if name in OFFERING:
        body = numbered(body, PHRASES)
    titles = {each.number: Unit(each.unit, each.title, UnitKind.OTHER, each.unit) for each in QUESTION.choices}
    picked = by_number(first_lines(body, PHRASES), QUESTION, titles, PHRASES)
    if picked is not None:
        return picked.units[0].name if picked.units else None
    command = read_command(body, PHRASES, TODAY)
    assert command is not None
    return command.to or command.verb


@pytest.mark.parametrize("name", ["registered", "answer-unclear-fields"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_example_is_understood(name: str, language: str) -> None:
    """Whoever copies the example lines of a receipt is read as told."""
    one = letter(name, language)
    assert one.about is not None
    about = replace(one.about, missing=("symbol", "issued", "subject"))
    text = TEMPLATES.write(replace(one, about=about), HEAD, str).text
    (quote,) = (block for block in shape(text) if block.shape is Shape.QUOTE)
    told = told_fields("\n".join(quote.lines), TODAY)
    assert told is not None
    assert str(told.symbol.value if told.symbol else None) == "45/UBND-VP"
    assert (told.issued.value if told.issued else None) == date(2016, 10, 15)
    assert told.subject is not None


def test_every_letter_is_on_its_page() -> None:
    """docs/letters.md names every template, and no other."""
    page = (ROOT / "docs" / "letters.md").read_text("utf-8")
    table = page.partition("| template |")[2]
    named = {name for line in table.splitlines()[2:] for name in re.findall(r"`([a-z-]+)`", line.split("|")[1])}
    assert named == templates().names()
