"""The words for people: both languages say the same, nothing is said that is not written, nothing written unsaid."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

from gateway.cli.desk import Exit
from gateway.cli.frame import program
from gateway.cli.pages import parameters
from gateway.mistakes import Wrong
from gateway.words import Language, words
from tests.house.sources import ROOT, files, ours

VIETNAMESE = words(Language.VIETNAMESE).table
ENGLISH = words(Language.ENGLISH).table
SECTIONS = {key.partition(".")[0] for key in VIETNAMESE}
KEY = re.compile(r"[a-z_]+(?:\.[a-z0-9_-]+)+")
FILES = (".md", ".toml", ".json", ".txt", ".html", ".css", ".eml", ".pem", ".sql", ".conf")  # names of files, not keys
VOWELS_OF_OURS = re.compile("[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE)


def fields(sentence: str) -> list[str]:
    """The facts a sentence names, sorted."""
    return sorted({name for _, name, _, _ in Formatter().parse(sentence) if name is not None})


def said() -> tuple[set[str], set[str]]:
    """The keys that the program spells out, and the beginnings of those it puts together."""
    whole, begun = set(), set()
    for source in ours():
        if source.module == "storage.failpoints":
            continue  # it lists their names
        points = {call.args[0] for call in failpoints(source.tree)}
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Constant) and node not in points and is_key(node.value):
                whole.add(str(node.value))
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                begun.add(str(node.values[0].value))
            if isinstance(node, ast.Call):  # say(f"{group}.{value}") is told its group by a call: said(…, "outcome", …)
                begun |= {f"{text}." for text in map(literal, node.args) if text in SECTIONS}
    return whole, {start for start in begun if re.fullmatch(r"[a-z_]+\.(?:[a-z0-9_-]+\.)*", start)}


def literal(node: ast.AST) -> str:
    """A text that is spelled out, else nothing."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def is_key(value: object) -> bool:
    """Whether a text has the shape of a key."""
    return isinstance(value, str) and KEY.fullmatch(value) is not None and not value.endswith(FILES)


def failpoints(tree: ast.Module) -> list[ast.Call]:
    """The calls that name a failpoint, whose names look like keys."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    return [call for call in calls if ast.unparse(call.func).rpartition(".")[2] == "reach"]


def test_both_languages_have_the_same_keys() -> None:
    """A sentence exists in both languages or in none."""
    assert VIETNAMESE.keys() == ENGLISH.keys()


@pytest.mark.parametrize("key", sorted(VIETNAMESE.keys() & ENGLISH.keys()))
def test_both_languages_name_the_same_facts(key: str) -> None:
    """No language leaves a fact out, and no field is without a name."""
    assert fields(VIETNAMESE[key]) == fields(ENGLISH[key])
    assert all(name.isidentifier() for name in fields(ENGLISH[key]))


def test_every_key_said_is_written() -> None:
    """What the program says stands in config/locale."""
    whole, begun = said()
    keys = {key for key in whole if key.partition(".")[0] in SECTIONS}
    assert sorted(keys - VIETNAMESE.keys()) == []
    hollow = {start for start in begun if start.partition(".")[0] in SECTIONS}
    assert [start for start in sorted(hollow) if not any(key.startswith(start) for key in VIETNAMESE)] == []


def test_every_key_written_is_said() -> None:
    """A sentence nobody says any more is taken out."""
    whole, begun = said()
    unsaid = [key for key in VIETNAMESE if key not in whole and not key.startswith(tuple(begun))]
    assert unsaid == []


def test_every_command_and_parameter_has_its_help_and_no_other() -> None:
    """``cli.<command>.<parameter>`` stands for what can be typed, and for nothing else."""
    group = program(words(Language.ENGLISH))
    wanted = {f"cli.{path}.help" for path, _ in parameters(group)}
    wanted |= {f"cli.{path}.{name}" for path, names in parameters(group) for name in names}
    written = {
        key for key in ENGLISH if key.startswith("cli.") and key.count(".") > 1 and not key.startswith("cli.any.")
    }
    assert written == wanted


def test_every_mistake_and_exit_status_has_its_sentence() -> None:
    """Whatever can be wrong with a setting, and however a command can end, can be said."""
    wanted = {f"mistake.{wrong}" for wrong in Wrong} | {f"exit.{status.value}" for status in Exit}
    assert wanted <= ENGLISH.keys()


def test_vietnamese_is_written_with_its_marks() -> None:
    """The Vietnamese sentences are Vietnamese; a longer one without a single mark has been forgotten."""
    bare = [key for key, text in VIETNAMESE.items() if len(re.sub(r"\{\w+\}|\W", "", text)) > 20]
    assert [key for key in bare if not VOWELS_OF_OURS.search(VIETNAMESE[key])] == []


def test_every_template_speaks_both_languages() -> None:
    """config/templates holds each mail in Vietnamese and in English."""
    found = [path.relative_to("config/templates") for path in files() if path.parts[:2] == ("config", "templates")]
    told = {
        language.value: {re.sub(r"\b(vi|en)\b", "*", str(path)) for path in found if speaks(str(path), language)}
        for language in Language
    }
    assert told["vi"] == told["en"]
    assert told["vi"], "no templates found"


def speaks(path: str, language: Language) -> bool:
    """Whether a template's path names this language."""
    return re.search(rf"\b{language}\b", path) is not None


def test_no_words_for_people_in_the_program() -> None:
    """Vietnamese sentences stand in config, not in Python."""
    found = [
        f"{source.at(node)} {node.value!r}"
        for source in ours()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if len(VOWELS_OF_OURS.findall(node.value)) > 3 and not is_docstring(source.tree, node) and " " in node.value
        if not re.search(r"[\\|\[]", node.value)  # a pattern that reads Vietnamese is not a sentence
        if not (reads(source.path) and node in tabled(source.tree))
    ]
    assert found == []


READERS = {("gateway", "examine"), *(("mailmap", room) for room in ("directory", "document", "lettering", "mail"))}


def reads(path: Path) -> bool:
    """Whether this room reads what people wrote, by tables of the words they use."""
    return path.parts[:2] in READERS


def tabled(tree: ast.Module) -> set[ast.AST]:
    """The terms in tables of terms: by them Vietnamese is read, and none of them says anything to anybody."""
    tables = [each.value for each in tree.body if isinstance(each, ast.Assign | ast.AnnAssign) and each.value]
    inner = [node for table in tables for node in ast.walk(table) if isinstance(node, ast.Tuple | ast.Dict | ast.Call)]
    terms = [each for node in inner for each in ast.walk(node) if isinstance(each, ast.Constant)]
    return {term for term in terms if isinstance(term.value, str) and not re.search(r"[.!?:;{]", term.value)}


def is_docstring(tree: ast.Module, constant: ast.Constant) -> bool:
    """Whether the text is one that stands alone as a statement."""
    return any(isinstance(node, ast.Expr) and node.value is constant for node in ast.walk(tree))


def test_the_shipped_locale_is_found_from_anywhere() -> None:
    """The words are found beside the program, wherever it is started."""
    assert (ROOT / "config" / "locale" / "vi.toml").is_file()
    assert words(Language.VIETNAMESE).say("exit.0")
