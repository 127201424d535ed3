"""Reads the settings file, and finds every mistake in it at once.

Promises:  ``load`` returns whole Settings, or raises BadSettings with all mistakes in the order of the file.
Never:     reads the environment, except LIENTHONG_CONFIG, which only names the file.
Fails:     ``BadSettings``; a program that has it must not start.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import ValidationError

from gateway.mistakes import Mistake, explained, lines, syntax, unreadable
from gateway.settings import Section, Settings

VARIABLE = "LIENTHONG_CONFIG"
INSTALLED = Path("/etc/lienthong/lienthong.toml")


class BadSettings(ValueError):
    """The settings file has mistakes."""

    def __init__(self, path: Path, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__(f"{path}: {len(mistakes)} mistakes")
        self.path = path
        self.mistakes = mistakes


def place(environment: Mapping[str, str] = os.environ) -> Path:
    """The file that holds: the one LIENTHONG_CONFIG names, else the installed one."""
    return Path(environment.get(VARIABLE) or INSTALLED).expanduser().absolute()


def load(path: Path) -> Settings:
    """The settings in ``path``; BadSettings names every mistake at once."""
    try:
        text = path.read_text("utf-8")
        table = tomllib.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(path, (unreadable(error),)) from None
    except tomllib.TOMLDecodeError as error:
        raise BadSettings(path, (syntax(error),)) from None
    settings, found = _validated(table, text, path.absolute().parent)
    if settings is None or found:
        raise BadSettings(path, tuple(sorted(found, key=lambda mistake: mistake.order)))
    return settings


def _validated(table: Mapping[str, object], text: str, folder: Path) -> tuple[Settings | None, list[Mistake]]:
    """The settings, and what is wrong with them one by one and between them."""
    settings, found = None, []
    try:
        settings = Settings.model_validate(table, context={"folder": folder})
    except ValidationError as error:
        found = explained(error, text, Settings)
    told = {mistake.where for mistake in found}
    for name, section in _sections(table, told, folder):
        for conflict in section.conflicts():
            if (where := f"{name}.{conflict.at}") not in told:
                found.append(Mistake.of(where, lines(text), conflict.wrong, conflict.facts))
    return settings, found


def _sections(table: Mapping[str, object], told: set[str], folder: Path) -> Iterator[tuple[str, Section]]:
    """Each section without the settings already told to be wrong; those that cannot stand without them are left out."""
    for name, field in Settings.model_fields.items():
        given = table.get(name, {})
        kind = field.annotation
        if not isinstance(given, Mapping) or not isinstance(kind, type) or not issubclass(kind, Section):
            continue
        sound = {key: value for key, value in given.items() if f"{name}.{key}" not in told}
        try:
            yield name, kind.model_validate(sound, context={"folder": folder})
        except ValidationError:
            continue  # something it must have is missing, and that has been told
