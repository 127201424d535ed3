"""The desk at which a command meets a person: what it may know, and how it answers.

Promises:  an answer is a sentence or a table in the person's language, or with --json one JSON object a line;
           what went wrong goes to standard error. Control characters in facts never reach the terminal.
Never:     decides the exit status from what was printed: a command returns or raises it.
Fails:     ``Stop`` ends a command with a sentence and an exit status.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from functools import cached_property
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from gateway.settings import Settings
from gateway.settings_file import load, place
from gateway.terminal import escaped, shown
from mailmap.writing.words import Words

PIPED = 1000  # letters in a line that no person reads on a screen
COPIED = frozenset({"code", "mail", "letter", "address", "change"})  # columns


class Exit(IntEnum):
    """How a command ended; each has a sentence ``exit.<value>``."""

    OK = 0
    TROUBLE = 1
    MISTAKE = 2
    NOT_FOUND = 3
    NOT_NOW = 4
    DEFECT = 70


class Stop(Exception):
    """A command cannot go on."""

    def __init__(self, status: Exit, key: str, /, **facts: object) -> None:
        super().__init__(key)
        self.status = status
        self.key = key
        self.facts = facts


@dataclass(frozen=True)
class Desk:
    """The words, whether answers are JSON, and the settings file named on the command line."""

    words: Words
    json: bool = False
    config: Path | None = None

    @cached_property
    def settings(self) -> Settings:
        """The settings that hold; BadSettings with all mistakes."""
        return load(self.config or place())

    def say(self, key: str, /, **facts: object) -> None:
        """A sentence for the person; nothing with --json."""
        if not self.json:
            self._out.print(Text(shown(self.words.say(key, **facts))), soft_wrap=True)

    def answer(self, record: Mapping[str, object], key: str, /, **facts: object) -> None:
        """One thing: ``record`` as a line of JSON, or the sentence ``key``, whose facts are the record's and these."""
        if self.json:
            self._line(record)
        else:
            self.say(key, **record, **facts)

    def table(self, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> None:
        """Many things: each row as a line of JSON, or a table with the headings ``column.<name>``."""
        if self.json:
            for row in rows:
                self._line(row)
            return
        grid = Table(box=None, pad_edge=False)
        for name in columns:  # what a person copies into the next command is never cut short
            grid.add_column(self.words.say(f"column.{name}"), no_wrap=name in COPIED, overflow="fold")
        for row in rows:
            grid.add_row(*(_cell(row.get(name), folded=self.read_by_a_person) for name in columns))
        self._out.print(grid)

    def page(self, lines: Mapping[str, object]) -> None:
        """One thing in many lines: what has a value, each behind its label ``label.<name>``; nothing with --json."""
        grid = Table(box=None, pad_edge=True, show_header=False)
        grid.add_column(no_wrap=True)
        grid.add_column(overflow="fold")
        for name, value in lines.items():
            if value not in ("", [], (), None):
                grid.add_row(self.words.say(f"label.{name}"), _cell(value, folded=self.read_by_a_person))
        if not self.json:
            self._out.print(grid)

    def when(self, at: datetime) -> str:
        """A time as people here read it, to the minute, in the time zone of the settings."""
        return at.astimezone(self.settings.gateway.time_zone).strftime("%d/%m/%Y %H:%M")

    def yes(self, what: bool) -> str:  # noqa: FBT001  a fact to be told, not a switch of behaviour
        """Yes or no, in the person's language."""
        return self.words.say("cli.yes" if what else "cli.no")

    def complain(self, key: str, /, **facts: object) -> None:
        """A sentence about what went wrong, on standard error; as a JSON object with --json."""
        sentence = shown(self.words.say(key, **facts))
        sys.stderr.write(
            (json.dumps({"error": key, "sentence": sentence}, ensure_ascii=False) if self.json else sentence) + "\n"
        )

    @property
    def read_by_a_person(self) -> bool:
        """Whether somebody sits at a terminal, and no program reads the answer."""
        return sys.stdout.isatty() and not self.json

    @cached_property
    def _out(self) -> Console:
        return Console(highlight=False, width=None if self.read_by_a_person else PIPED)  # a row is one line for grep

    def _line(self, record: Mapping[str, object]) -> None:
        sys.stdout.write(escaped(json.dumps(record, ensure_ascii=False, default=_plain)) + "\n")
        sys.stdout.flush()  # whoever reads along acts on the line, not on the end


def _cell(value: object, *, folded: bool) -> Text:
    told = "" if value is None else ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return Text(shown(told if folded else told.replace("\n", "; ")))


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, frozenset | set):
        return sorted(value)
    return str(value)
