"""config/lienthong.toml is the reference: it and the program know the same settings.

Promises:  read in both directions: names, order, defaults, and two sentences for each.
"""

from __future__ import annotations

import re
import tomllib

import pytest

from gateway.settings import Section, Settings
from gateway.settings_file import load
from tests.house.sources import ROOT, ours

REFERENCE = ROOT / "config" / "lienthong.toml"
REQUIRED = {"gateway": {"domains": ["lienthong.example"]}}
TABLE = tomllib.loads(REFERENCE.read_text("utf-8"))


def section(name: str) -> type[Section]:
    """The model of one section."""
    kind = Settings.model_fields[name].annotation
    assert isinstance(kind, type)
    assert issubclass(kind, Section)
    return kind


NAMES = [(name, setting) for name in Settings.model_fields for setting in section(name).model_fields]


def test_the_reference_has_every_section_in_order() -> None:
    """Sections stand in the file as in the program."""
    assert [*TABLE] == [*Settings.model_fields]


@pytest.mark.parametrize("name", [*Settings.model_fields])
def test_the_reference_has_every_setting_in_order(name: str) -> None:
    """The file names each setting of the section, and no other."""
    assert [*TABLE[name]] == [*section(name).model_fields]


def test_the_reference_shows_the_defaults() -> None:
    """Whoever starts from the file starts where the program starts."""
    assert load(REFERENCE) == Settings.model_validate(REQUIRED)


@pytest.mark.parametrize(("name", "setting"), NAMES)
def test_every_setting_has_its_sentences(name: str, setting: str) -> None:
    """Each setting follows one comment: a sentence in Vietnamese, and the same in English."""
    text = REFERENCE.read_text("utf-8")
    body = text[text.index(f"\n[{name}]\n") :]
    found = re.search(rf"\n\n((?:# .*\n)+){setting} = ", body)
    assert found, f"{name}.{setting} has no comment right above it"
    sentences = [line for line in found[1].splitlines() if line.endswith(".")]
    assert len(sentences) == 2, f"{name}.{setting} wants two sentences, each on its own line(s)"


@pytest.mark.parametrize(("name", "setting"), NAMES)
def test_every_setting_is_used(name: str, setting: str) -> None:
    """A setting that changes nothing is a lie: the program reads each somewhere beside its definition."""
    readers = [source for source in ours() if source.path.parts[0] == "gateway" and source.module != "gateway.settings"]
    assert any(re.search(rf"\.{setting}\b", source.text) for source in readers), f"nobody reads {name}.{setting}"


def test_only_one_variable_is_read() -> None:
    """Settings come from the file; the environment names the file, the language and where programs lie."""
    readers = {
        str(source.path)
        for source in ours()
        if "os.environ" in source.text or "getenv" in source.text
    }  # fmt: skip
    assert readers <= {"gateway/words.py", "gateway/settings_file.py"} | ALLOWED


# Failpoints are armed from outside in crash tests; PATH leads to the system's programs.
ALLOWED = {"storage/failpoints.py", "storage/unprivileged.py"}
