"""Mistakes in a settings file, each told so that its reader can mend it.

Promises:  one Mistake per error, with the setting's name, its line when it stands in the file, and a sentence key
           under ``mistake.`` in config/locale that says what is wrong and what to do.
Never:     repeats a value: it may be a password.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from mailmap.writing.words import Words

_SECTION = re.compile(r"\s*\[\s*([A-Za-z0-9_]+)\s*\]")
_SETTING = re.compile(r"\s*([A-Za-z0-9_.-]+)\s*=")
_AT_LINE = re.compile(r" \(at line (\d+), column (\d+)\)|\(at end of document\)")


class Wrong(StrEnum):
    """The ways a setting can be wrong; each has a sentence ``mistake.<value>``."""

    UNREADABLE = "unreadable"
    SYNTAX = "syntax"
    UNKNOWN = "unknown"
    UNKNOWN_LIKE = "unknown_like"
    UNKNOWN_SECTION = "unknown_section"
    MISSING = "missing"
    MISSING_SECTION = "missing_section"
    SECTION = "section"
    NUMBER = "number"
    LEAST = "least"
    MOST = "most"
    FLAG = "flag"
    TEXT = "text"
    LIST = "list"
    EMPTY = "empty"
    CHOICE = "choice"
    ENDPOINT = "endpoint"
    OWN_ADDRESS = "own_address"
    NETWORK = "network"
    DOMAIN = "domain"
    LOCAL_PART = "local_part"
    MAILBOX = "mailbox"
    TIME_ZONE = "time_zone"
    PATH = "path"
    FILE = "file"
    PAIR = "pair"
    TWICE = "twice"
    RESERVED = "reserved"
    TOO_LATE = "too_late"
    DATABASE_URL = "database_url"
    BLOBS_URL = "blobs_url"
    OTHER = "other"


# pydantic's own error types, in our words; our validators use our words already.
_PYDANTIC = {
    "missing": Wrong.MISSING,
    "model_type": Wrong.SECTION,
    "int_type": Wrong.NUMBER,
    "int_from_float": Wrong.NUMBER,
    "float_type": Wrong.NUMBER,
    "greater_than_equal": Wrong.LEAST,
    "less_than_equal": Wrong.MOST,
    "bool_type": Wrong.FLAG,
    "string_type": Wrong.TEXT,
    "tuple_type": Wrong.LIST,
    "too_short": Wrong.EMPTY,
    "enum": Wrong.CHOICE,
}
_OURS = {wrong.value: wrong for wrong in Wrong}


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake: the setting (``section.name``, '' for the whole file), its line or None, and what is wrong."""

    where: str
    line: int | None
    wrong: Wrong
    facts: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, where: str, lines: Mapping[str, int], wrong: str, facts: Iterable[tuple[str, object]]) -> Mistake:
        """A mistake at ``where``, with the line on which that stands."""
        told = tuple(sorted((name, str(fact)) for name, fact in facts))
        return cls(where, lines.get(where), _OURS.get(wrong, Wrong.OTHER), told)

    @property
    def order(self) -> tuple[bool, int, str, str]:
        """The order of the file; what is missing comes last."""
        return self.line is None, self.line or 0, self.where, self.wrong

    def sentence(self, words: Words) -> str:
        """What is wrong and what to do, in the language of ``words``."""
        return words.say(f"mistake.{self.wrong}", **dict(self.facts))


def unreadable(error: OSError | UnicodeDecodeError) -> Mistake:
    """The file cannot be read, or is not UTF-8."""
    reason = (error.strerror or "?") if isinstance(error, OSError) else "not UTF-8"
    return Mistake("", None, Wrong.UNREADABLE, (("reason", reason),))


def syntax(error: tomllib.TOMLDecodeError) -> Mistake:
    """The file is not TOML; the parser's own words, without its place, which we show ourselves."""
    found = _AT_LINE.search(str(error))
    line = int(found[1]) if found and found[1] else None
    return Mistake("", line, Wrong.SYNTAX, (("reason", _AT_LINE.sub("", str(error)).strip()),))


def explained(error: ValidationError, text: str, settings: type[BaseModel]) -> list[Mistake]:
    """Every error as a Mistake; the same mistake of two items in one list is told once."""
    places = lines(text)
    details = error.errors(include_url=False, include_input=False)
    return list(dict.fromkeys(_mistake(detail, places, settings) for detail in details))


def lines(text: str) -> dict[str, int]:
    """``section`` and ``section.name`` -> line, from 1."""
    return dict(_places(text))


def _mistake(detail: ErrorDetails, lines: Mapping[str, int], settings: type[BaseModel]) -> Mistake:
    names = [str(step) for step in detail["loc"] if isinstance(step, str)][:2]
    facts: dict[str, Any] = dict(detail.get("ctx", {}))
    wrong = _wrong(detail["type"], names)
    if wrong is Wrong.UNKNOWN:
        wrong, facts = _unknown(names, settings)
    if wrong is Wrong.CHOICE:
        facts = {"expected": facts["expected"].replace(" or ", ", ").replace("'", '"')}
    if wrong is Wrong.OTHER:
        facts = {"reason": detail["msg"]}
    return Mistake.of(".".join(names), lines, wrong, facts.items())


def _wrong(kind: str, names: list[str]) -> Wrong:
    if kind == "extra_forbidden":
        return Wrong.UNKNOWN
    if kind == "missing" and len(names) == 1:
        return Wrong.MISSING_SECTION
    return _PYDANTIC.get(kind) or _OURS.get(kind, Wrong.OTHER)


def _unknown(names: list[str], settings: type[BaseModel]) -> tuple[Wrong, dict[str, Any]]:
    """An unknown name, with the known one it most resembles."""
    if len(names) == 1:
        return Wrong.UNKNOWN_SECTION, {"known": ", ".join(settings.model_fields)}
    section = settings.model_fields[names[0]].annotation
    known = list(section.model_fields) if isinstance(section, type) and issubclass(section, BaseModel) else []
    near = get_close_matches(names[1], known, n=1)
    return (Wrong.UNKNOWN_LIKE, {"near": near[0]}) if near else (Wrong.UNKNOWN, {"known": ", ".join(known)})


def _places(text: str) -> Iterator[tuple[str, int]]:
    section = ""
    for number, line in enumerate(text.splitlines(), 1):
        if opened := _SECTION.match(line):
            section = opened[1]
            yield section, number
        elif named := _SETTING.match(line):
            yield f"{section}.{named[1]}" if section else named[1], number
