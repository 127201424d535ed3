"""Fetches the words for people from config/locale, and knows which language a terminal reads.

Promises:  every language has the same keys (a test compares them); Vietnamese is the first language.
Never:     falls back from one language to the other in silence: a missing sentence is a defect of ours.
Fails:     OSError or tomllib.TOMLDecodeError when the files shipped with the program are gone or damaged.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path

from mailmap.writing.words import Words

CONFIG = Path(__file__).resolve().parents[1] / "config"
# The first of these that is set decides, as in every program (POSIX 8.2); the name then only has to begin with "en".
LANGUAGE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


class Language(StrEnum):
    """The languages this program speaks."""

    VIETNAMESE = "vi"
    ENGLISH = "en"


@cache
def words(language: Language) -> Words:
    """All sentences of ``language``."""
    with (CONFIG / "locale" / f"{language}.toml").open("rb") as file:
        return Words(language.value, dict(_flat(tomllib.load(file))))


def spoken(environment: Mapping[str, str] = os.environ) -> Language:
    """The language for this terminal: English when the locale says so, else Vietnamese."""
    chosen = next((environment[name] for name in LANGUAGE_VARIABLES if environment.get(name)), "")
    return Language.ENGLISH if chosen.lower().startswith("en") else Language.VIETNAMESE


def _flat(table: Mapping[str, object], above: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        key = f"{above}{name}"
        if isinstance(value, Mapping):
            yield from _flat(value, f"{key}.")
        else:
            yield key, str(value)
